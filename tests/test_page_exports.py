"""Taking the picture elsewhere, and bringing data of one's own."""

import ast
import csv
import io
import json
import re
import struct
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit
from xml.etree import ElementTree

import pytest

from app.labs import LABS
from tests.pages import DESKTOP, LabPage, desk, listen, on

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Download

__all__ = ["desk", "on"]  # fixtures

pytestmark = pytest.mark.browser
LAB = "/labs/tangency?regularizer.kind=l2&radius=0.4"


def exported(lab: LabPage, way: str, of: str = "") -> None:
    """From the menu of the page, or from that of one figure."""
    menu = lab.page.locator(f'[data-panel="{of}"] .menu' if of else "#export")
    menu.locator("summary").click()
    menu.locator(f'[data-export="{way}"]').click()


def downloaded(lab: LabPage, way: str, folder: Path, of: str = "") -> Path:
    with lab.page.expect_download() as started:
        exported(lab, way, of)
    place = folder / started.value.suggested_filename
    started.value.save_as(place)
    assert lab.page.locator("#trouble").is_hidden()
    return place


def dialog_text(lab: LabPage, way: str) -> str:
    exported(lab, way)
    text: str = lab.page.locator("dialog[open] pre").text_content() or ""
    return text


def test_images_are_real(desk: LabPage, tmp_path: Path) -> None:
    lab = desk.open(LAB)
    png = downloaded(lab, "png", tmp_path)
    content = png.read_bytes()
    assert png.name == "tangency.png"
    assert content.startswith(b"\x89PNG\r\n\x1a\n")
    width, height = struct.unpack(">II", content[16:24])
    assert width == 2 * (800 + 48)
    assert height > 1800  # the figure, its words and its legend
    assert len(content) > 20_000
    svg = downloaded(lab, "svg", tmp_path)
    root = ElementTree.fromstring(svg.read_bytes())  # noqa: S314 (our own export)
    paths = [one for one in root.iter("{http://www.w3.org/2000/svg}path") if one.get("d")]
    assert svg.name == "tangency.svg"
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    assert len(paths) > len(lab.drawn)
    words = " ".join("".join(root.itertext()).split())
    legend = lab.page.locator("#legend-plane button").all_inner_texts()
    assert len(legend) > 8
    told = ["w₁", "Two weights", lab.page.locator(".objective").inner_text(), *legend]
    assert [one for one in told if one.replace(" ", "") not in words.replace(" ", "")] == []
    own = downloaded(lab, "svg", tmp_path, of="plane")
    assert own.name == "tangency-plane.svg"
    assert ElementTree.fromstring(own.read_bytes()).get("width") == "848"  # noqa: S314 (our own export)


def test_json_is_the_apis_own_answer(desk: LabPage) -> None:
    lab = desk.open(LAB)
    arrived: list[Download] = []

    def keep(download: "Download") -> None:
        arrived.append(download)

    lab.page.on("download", keep)
    exported(lab, "json")
    parts = list(LABS["tangency"].parts)
    for _ in range(100):
        if len(arrived) == len(parts):
            break
        lab.page.wait_for_timeout(20)
    lab.page.remove_listener("download", keep)
    found = {one.suggested_filename: json.loads(one.path().read_text()) for one in arrived}
    query = {"solution": "radius=0.4&regularizer.kind=l2", "path": "regularizer.kind=l2", "contour": ""}
    asked = {part: lab.page.request.get(f"/api/v1/labs/tangency/{part}?{query[part]}").json() for part in parts}
    assert found == {f"tangency-{part}.json": answer for part, answer in asked.items()}


def test_the_weights_of_a_network_are_numbers(desk: LabPage, tmp_path: Path) -> None:
    lab = desk.open("/labs/network?steps=60&moment=100")
    found = json.loads(downloaded(lab, "weights", tmp_path).read_text())
    assert found["step"] == 60
    assert [(len(one["weights"][0]), len(one["biases"])) for one in found["layers"]] == [(2, 6), (6, 4), (4, 1)]


def test_csv_has_every_point_that_is_drawn(desk: LabPage, tmp_path: Path) -> None:
    lab = desk.open(LAB)
    place = downloaded(lab, "csv", tmp_path)
    header, *rows = csv.reader(io.StringIO(place.read_text()))
    assert header == ["setting", "figure", "role", "item", "x", "y", "z"]
    assert {(row[0], row[1]) for row in rows} == {("A", "plane")}
    assert {"contour", "path", "ball", "optimum", "free_optimum"} <= {row[2] for row in rows}
    assert all(float(cell) is not None for row in rows for cell in row[3:] if cell)
    assert all(len(row) == 7 for row in rows)
    ball = [(float(x), float(y)) for _, _, role, _, x, y, _ in rows if role == "ball"]
    assert len(ball) > 20
    assert all(x * x + y * y == pytest.approx(0.8, rel=2e-3) for x, y in ball)  # t = 0.4·‖(2, 1)‖


def test_python_curl_and_link_are_text_to_copy(desk: LabPage) -> None:
    lab = desk.open(LAB)
    lab.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    python = dialog_text(lab, "python")
    assert len(ast.parse(python).body) > 5
    assert "cvxpy" in python
    lab.page.keyboard.press("Escape")
    curl = dialog_text(lab, "curl")
    addresses = re.findall(r"^curl '([^']+)'$", curl, flags=re.MULTILINE)
    answers = [lab.page.request.get(one).json() for one in addresses]
    assert [one["part"] for one in answers] == list(LABS["tangency"].parts)
    assert answers[-1]["knobs"]["radius"] == 0.4
    lab.page.keyboard.press("Escape")
    assert dialog_text(lab, "link") == lab.page.url
    lab.page.get_by_role("button", name="Copy").click()
    lab.page.get_by_text("Copied.").wait_for()
    assert lab.page.evaluate("navigator.clipboard.readText()") == lab.page.url
    lab.page.get_by_role("button", name="Close").click()
    assert lab.page.locator("dialog[open]").count() == 0


def test_the_web_page_draws_without_any_network(desk: LabPage, browser: "Browser", tmp_path: Path) -> None:
    lab = desk.open(LAB)
    marks = len(lab.drawn)
    place = downloaded(lab, "html", tmp_path)
    context = browser.new_context(offline=True, viewport=DESKTOP)
    heard = listen(context, "file://")
    page = context.new_page()
    page.goto(place.as_uri())
    page.locator("#figure-0 .shapelayer path").first.wait_for()
    assert page.locator("#figure-0 .shapelayer path").count() == marks
    assert page.locator("#figure-0 .contourlayer path").count() > 5
    assert [one.strip() for one in page.locator("li").all_inner_texts()] == lab.page.locator(
        "#legend-plane button"
    ).all_inner_texts()
    assert lab.page.locator(".objective").inner_text() in page.locator("main").inner_text()
    assert page.locator("h1").inner_text() == LABS["tangency"].title
    assert page.locator("a").first.get_attribute("href") == lab.page.url
    assert heard == []
    context.close()


GOOD = "height;weight;name;age\n" + "".join(
    f"{150 + 3 * i};{50 + (i * 7) % 23};n{i};{20 + (i * 5) % 31}\n" for i in range(12)
)
BAD = "a,b\n1,2\n3,oops\n"


@pytest.fixture
def dropping(desk: LabPage) -> LabPage:
    lab = desk.open("/labs/tangency")
    lab.page.locator("#upload > summary").click()
    lab.page.locator("#csv-file").wait_for()
    return lab


def test_a_csv_from_the_file_input_is_fitted_and_its_link_works(dropping: LabPage, tmp_path: Path) -> None:
    lab, page = dropping, dropping.page
    before = lab.picture
    (tmp_path / "people.csv").write_text(GOOD)
    page.locator("#csv-file").set_input_files(tmp_path / "people.csv")
    page.get_by_text("people.csv: 12 rows, 3 columns.").wait_for()
    lab.rest()
    said = page.locator(".said").inner_text()
    assert "name" in said.split("Left out", 1)[1]
    assert "kept" in said.lower() or "data" in said.lower()
    assert lab.query["problem.dataset"].startswith("csv-")
    assert lab.readouts["rows"] == "12"
    assert lab.picture != before
    offered = lab.row("problem.first").locator("option").all_inner_texts()
    assert {"height", "weight", "age"} <= set(offered)
    address, fitted = page.url, lab.view
    assert lab.open(address).view == fitted
    lab.choose("problem.first", "weight" if "weight" not in lab.page.locator(".xtitle").text_content() else "age")
    assert lab.view != fitted


def drop(lab: LabPage, name: str, content: str) -> None:
    make = """([name, content]) => {
      const dropped = new DataTransfer();
      dropped.items.add(new File([content], name, { type: "text/csv" }));
      return dropped;
    }"""
    lab.page.locator(".drop").dispatch_event("drop", {"dataTransfer": lab.page.evaluate_handle(make, [name, content])})


def test_a_dropped_csv_is_fitted_until_it_is_removed(dropping: LabPage) -> None:
    lab = dropping
    default = lab.readouts
    drop(lab, "people.csv", GOOD.replace(";", ","))
    lab.page.get_by_text("people.csv: 12 rows, 3 columns.").wait_for()
    lab.rest()
    assert lab.readouts["rows"] == "12"
    dataset = lab.query["problem.dataset"]
    lab.page.get_by_role("button", name="Remove it").click()
    lab.page.get_by_text("Removed.").wait_for()
    lab.rest()
    lab.has(without=("problem.dataset",))
    assert lab.page.request.get(f"/api/v1/datasets/{dataset}").status == 404
    assert lab.readouts["rows"] not in {"12", default["rows"]}


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (BAD, ["row 3", "column", "b"]),
        ("a,b\n1,2\n3\n", ["row 3"]),
        ("", ["empty"]),
        ("a,<script>alert(1)</script>\n1,x\n2,3\n", ["row 2", "<script>"]),
    ],
)
def test_a_bad_csv_shows_which_row_and_column(dropping: LabPage, content: str, words: list[str]) -> None:
    lab = dropping
    before = lab.view
    drop(lab, "bad.csv", content)
    said = lab.page.locator(".said li, .said p:not(:has-text('Reading'))").first
    said.wait_for()
    text = lab.page.locator(".said").inner_text()
    assert [word for word in words if word.lower() not in text.lower()] == []
    assert lab.view == before
    assert urlsplit(lab.page.url).query == ""
    lab.excuse("422")


def test_a_table_of_ones_own_has_its_name_and_comes_back_with_the_next_kind(dropping: LabPage) -> None:
    lab = dropping
    drop(lab, "people.csv", GOOD)
    lab.page.get_by_text("people.csv: 12 rows").wait_for()
    lab.rest()
    dataset = lab.query["problem.dataset"]
    chosen = lab.row("problem.dataset").locator("option:checked")
    assert chosen.inner_text() == "people.csv, your table of 12 rows"
    lab.choose("problem.kind", "bowl")
    lab.gesture()
    assert "problem.dataset" not in lab.query
    lab.choose("problem.kind", "regression")
    lab.gesture()
    assert lab.query["problem.dataset"] == dataset
    assert lab.readouts["rows"] == "12"
    lab.open(lab.page.url)
    chosen.wait_for(state="attached")
    assert chosen.inner_text().startswith("people.csv")
    lab.choose("problem.dataset", "diabetes")
    lab.choose("problem.kind", "bowl")
    lab.choose("problem.kind", "regression")
    lab.gesture()
    assert lab.query.get("problem.dataset", "diabetes") == "diabetes"


def test_undo_after_a_table_was_removed_says_what_to_do(dropping: LabPage) -> None:
    lab = dropping
    drop(lab, "people.csv", GOOD.replace("150", "151"))
    lab.page.get_by_text("people.csv: 12 rows").wait_for()
    lab.rest()
    lab.gesture()
    lab.page.get_by_role("button", name="Remove it").click()
    lab.page.get_by_text("Removed.").wait_for()
    lab.gesture()
    good = lab.view
    lab.page.get_by_role("button", name="Undo").click()
    lab.page.locator("#trouble").wait_for()
    words = lab.page.locator("#trouble-words").inner_text()
    assert "a table that you removed" in words
    assert "Choose another data set" in words
    lab.travel(lab.page.get_by_role("button", name="Redo").click)
    assert lab.page.locator("#trouble").is_hidden()
    assert lab.view == good
