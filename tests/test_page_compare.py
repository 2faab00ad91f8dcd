"""Two to four settings side by side: one address, the same axes and levels, and each knob turned where it is meant."""

import csv
import io
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from app.labs import LABS
from tests.conftest import Server
from tests.page_scripts import CUT, WIDER
from tests.pages import LabPage, anywhere, calm, centre, desk, on, phone
from tests.test_page import audited
from tests.test_page_exports import downloaded

__all__ = ["anywhere", "calm", "desk", "on", "phone"]  # fixtures

pytestmark = pytest.mark.browser
LAB, PLAYS = "/labs/tangency", "/labs/playground"
TWO = f"{LAB}?radius=0.4&b.radius=0.7"

SHARED = """
() => [...document.querySelectorAll('.drawn > .plot')].map(({ _fullLayout: { xaxis, yaxis }, data }) =>
  JSON.stringify([xaxis?.range, yaxis?.range, data.filter((one) => one.contours).map((one) => one.contours)]))
"""


@pytest.fixture(scope="session")
def server(serve: Callable[..., Server]) -> Server:
    """The labs, and one that plays."""
    return serve("tests.playground")


def compare(lab: LabPage) -> None:
    lab.page.get_by_role("button", name="Compare", exact=True).click()
    lab.rest()
    lab.page.wait_for_function("() => !document.querySelector('.figure:not(.drawn, .empty)')")
    lab.rest()


def tab(lab: LabPage, name: str) -> None:
    lab.page.get_by_role("tab", name=f"Setting {name}").click()
    lab.rest()


def columns(lab: LabPage, readout: str) -> list[str]:
    """A readout of every setting."""
    found: list[str] = lab.page.locator(f'[data-readout="{readout}"] dd').all_text_contents()
    return found


def differs(lab: LabPage) -> list[str]:
    return lab.page.locator(".differs span").all_inner_texts()


def marks(lab: LabPage, i: int) -> list[Any]:
    found: list[Any] = lab.page.evaluate(
        "(i) => document.querySelectorAll('.plot')[i].layout.shapes.map((one) => one.path)", i
    )
    return found


def test_compare_adds_a_copy_that_is_then_turned_by_itself(desk: LabPage) -> None:
    lab = desk.open(f"{LAB}?radius=0.4")
    compare(lab)
    assert lab.query == {"radius": "0.4", "b.radius": "0.4"}
    assert columns(lab, "t") == ["1.2", "1.2"]
    assert differs(lab)[1] == "the same as A. Turn a knob: it changes B alone"
    before = marks(lab, 0)
    lab.press(lab.slider("radius"), *["ArrowRight"] * 10)
    lab.gesture()
    assert lab.query == {"radius": "0.4", "b.radius": "0.5"}
    assert columns(lab, "t") == ["1.2", "1.5"]
    assert marks(lab, 0) == before
    assert differs(lab) == ["Radius 0.4", "Radius 0.5"]


def test_tabs_choose_what_is_turned_and_the_first_setting_is_common(desk: LabPage) -> None:
    lab = desk.open(TWO)
    tab(lab, "B")
    assert lab.row("radius").locator(".number").input_value() == "0.7"
    lab.choose("regularizer.kind", "l2")
    assert columns(lab, "t") == ["1.2", "1.5652"]
    tab(lab, "A")
    assert lab.row("radius").locator(".number").input_value() == "0.4"
    lab.choose("shortcut", "project")
    assert len(columns(lab, "shortcut_cost")) == 2
    assert "—" not in columns(lab, "shortcut_cost")
    lab.gesture()
    assert lab.query == {"radius": "0.4", "shortcut": "project", "b.radius": "0.7", "b.regularizer.kind": "l2"}
    lab.page.keyboard.press("Tab")
    lab.page.get_by_role("tab", name="Setting A").focus()
    lab.page.keyboard.press("ArrowRight")
    assert lab.page.get_by_role("tab", name="Setting B").get_attribute("aria-selected") == "true"


def test_of_a_linked_pair_each_setting_has_its_own(desk: LabPage) -> None:
    lab = desk.open(f"{LAB}?radius=0.4&b.strength=0.2")
    tab(lab, "B")
    assert "follows" in (lab.row("radius").get_attribute("class") or "")
    assert columns(lab, "strength")[1] == "0.2"
    lab.press(lab.slider("radius"), "ArrowRight")
    lab.gesture()
    assert "b.strength" not in lab.query
    assert "b.radius" in lab.query
    assert lab.query["radius"] == "0.4"


def test_four_at_most_remove_and_undo(desk: LabPage) -> None:
    lab, page = desk.open(f"{LAB}?radius=0.4"), desk.page
    for i in range(3):
        compare(lab)
        lab.press(lab.slider("radius"), *["ArrowRight"] * (i + 1))
        lab.gesture()
    assert page.locator(".column").count() == 4
    assert page.get_by_role("button", name="Compare", exact=True).is_disabled()
    assert columns(lab, "t") == ["1.2", "1.23", "1.29", "1.38"]
    page.get_by_role("button", name="Remove setting B").click()
    lab.gesture()
    assert columns(lab, "t") == ["1.2", "1.29", "1.38"]
    lab.travel(page.get_by_role("button", name="Undo").click)
    assert columns(lab, "t") == ["1.2", "1.23", "1.29", "1.38"]
    page.get_by_role("button", name="Remove setting A").click()
    lab.gesture()
    assert columns(lab, "t") == ["1.23", "1.29", "1.38"]
    page.get_by_role("button", name="Reset").click()
    lab.gesture()
    assert page.locator(".column").count() == 1
    assert lab.query == {}
    assert page.get_by_role("tab").count() == 0


def test_one_address_is_the_same_view(desk: LabPage) -> None:
    lab = desk.open(f"{LAB}?problem.kind=regression&radius=0.4")
    compare(lab)
    lab.choose("regularizer.kind", "linf")
    compare(lab)
    lab.choose("problem.kind", "bowl")
    lab.gesture()
    view = lab.view
    assert lab.open(lab.page.url).view == view


def test_the_axes_and_the_levels_are_the_same(desk: LabPage) -> None:
    lab = desk.open(f"{LAB}?b.problem.kind=regression&c.problem.kind=bowl&c.problem.curvature_1=9")
    shared = lab.page.evaluate(SHARED)
    assert len(shared) == 3
    assert len(set(shared)) == 1
    alone = desk.open(LAB).page.evaluate(SHARED)
    assert alone[0] != shared[0]


def test_a_setting_is_turned_in_its_own_figure(desk: LabPage) -> None:
    lab = desk.open(f"{LAB}?b.shortcut=project")
    grip = lab.page.locator('.column:nth-child(2) [data-handle="free_optimum"]')
    x, y = centre(grip)
    lab.drag((x, y), (x - 80, y - 30))
    lab.gesture()
    assert {"b.problem.minimiser_1", "b.problem.minimiser_2"} <= lab.query.keys()
    assert not {"problem.minimiser_1", "problem.minimiser_2"} & lab.query.keys()
    assert lab.page.get_by_role("tab", name="Setting B").get_attribute("aria-selected") == "true"


def test_a_preset_is_for_the_chosen_setting(desk: LabPage) -> None:
    lab = desk.open(TWO)
    tab(lab, "B")
    lab.page.locator('[data-preset="decay"]').click()
    lab.rest()
    assert columns(lab, "t") == ["1.2", "1.3017"]
    lab.gesture()
    assert lab.query["radius"] == "0.4"


def test_what_plays_moves_all_settings_together(desk: LabPage) -> None:
    lab, page = desk.open(f"{PLAYS}?step=50&b.rate=0.3&b.step=5"), desk.page
    page.get_by_role("button", name="One step forward").click()
    lab.rest()
    assert columns(lab, "at") == ["51", "51"]
    page.get_by_role("button", name="Play", exact=True).click()
    page.wait_for_function("() => document.querySelector('[data-readout=\"at\"] dd:last-child').textContent === '60'")
    lab.gesture()
    assert columns(lab, "at") == ["60", "60"]
    assert lab.query == {"step": "60", "b.rate": "0.3"}


def test_what_is_refused_says_for_which_setting(desk: LabPage) -> None:
    lab = desk.open(f"{LAB}?radius=0.4&b.radius=99")
    assert "b.radius" in lab.page.locator("#trouble-words").inner_text()
    lab.excuse("422")
    lab.open(TWO)
    tab(lab, "B")
    lab.type("radius", "99")
    assert lab.row("radius").locator("input[type=range]").get_attribute("aria-invalid") == "true"
    tab(lab, "A")
    assert lab.row("radius").locator("input[type=range]").get_attribute("aria-invalid") == "false"
    lab.excuse("422")


def test_exports_take_all_settings(desk: LabPage, tmp_path: Path) -> None:
    lab = desk.open(TWO)
    png = downloaded(lab, "png", tmp_path)
    assert struct.unpack(">I", png.read_bytes()[16:20])[0] == 2 * (2 * 800 + 3 * 24)
    rows = list(csv.reader(io.StringIO(downloaded(lab, "csv", tmp_path).read_text())))
    assert {row[0] for row in rows[1:]} == {"A", "B"}
    lab.page.locator("#export > summary").click()
    lab.page.locator('[data-export="curl"]').click()
    text = lab.page.locator("dialog[open] pre").inner_text()
    assert "radius=0.4" in text
    assert "radius=0.7" in text
    lab.page.keyboard.press("Escape")


@pytest.mark.parametrize("slug", LABS)
def test_every_lab_can_be_compared_with_itself(calm: LabPage, slug: str) -> None:
    lab = calm.open(f"/labs/{slug}")
    alone = lab.readouts
    compare(lab)
    assert lab.page.locator(".column").count() == 2
    assert {name: columns(lab, name) for name in alone} == {name: [value] * 2 for name, value in alone.items()}
    assert lab.page.locator("#trouble").is_hidden()
    assert differs(lab)[1] == "the same as A. Turn a knob: it changes B alone"
    half = lab.page.evaluate(SHARED)
    assert half[: len(half) // 2] == half[len(half) // 2 :]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_it_fits_and_an_audit_finds_nothing(anywhere: LabPage, theme: Any) -> None:
    anywhere.page.emulate_media(color_scheme=theme)
    lab = anywhere.open(f"{LAB}?radius=0.4&b.radius=0.7&c.regularizer.kind=l2&d.problem.kind=regression")
    assert [*lab.page.evaluate(WIDER), *lab.page.evaluate(CUT)] == []
    assert audited(lab) == []
