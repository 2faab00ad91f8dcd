"""A CSV of one's own over HTTP: its link works until it is dropped, refusals say where, nothing in it is trusted."""

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from app.main import create_app
from app.settings import Settings

if TYPE_CHECKING:
    from starlette.testclient import TestClient

API = "/api/v1/datasets"
CSV = b"x,y,word,price\n1,2,a,3.5\n2,1,b,5\n3,7,c,1\n4,4,d,4\n5,0,e,2.25\n"
PARTS = ("contour", "solution", "path")


def link(name: str, part: str, **more: str) -> str:
    turned = {"problem.kind": "regression", "problem.dataset": name, **more}
    return f"/api/v1/labs/tangency/{part}?" + "&".join(f"{key}={one}" for key, one in turned.items())


def refusal(client: "TestClient", content: bytes, status: int = 422) -> str:
    answer = client.post(API, content=content)
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    body = answer.json()
    assert set(body) == {"type", "title", "status", "detail", "errors"}
    assert len(answer.content) < 8000
    return " ".join([body["detail"], *(f"{one['knob']}: {one['message']}" for one in body["errors"])])


@pytest.fixture
def uploaded(client: "TestClient") -> Iterator[dict[str, Any]]:
    answer = client.post(API, content=CSV, headers={"Content-Type": "text/csv"})
    assert answer.status_code == 201
    yield answer.json()
    client.delete(f"{API}/{answer.json()['id']}")


def test_an_upload_describes_itself_and_is_found_by_its_link(client: "TestClient", uploaded: dict[str, Any]) -> None:
    assert (uploaded["rows"], uploaded["columns"], uploaded["left_out"]) == (5, ["x", "y", "price"], ["word"])
    assert (uploaded["target"], uploaded["suggested"], uploaded["task"]) == ("price", ["x", "y"], "regression")
    assert "data folder" in uploaded["kept"]
    found = client.get(f"{API}/{uploaded['id']}")
    assert found.status_code == 200
    assert found.json() == {key: one for key, one in uploaded.items() if key != "kept"}


def test_an_upload_is_named_by_its_content(client: "TestClient", uploaded: dict[str, Any]) -> None:
    assert uploaded["id"] == f"csv-{hashlib.sha256(CSV).hexdigest()[:16]}"
    again = client.post(API, content=CSV)
    assert again.json()["id"] == uploaded["id"]
    assert again.headers["location"] == f"{API}/{uploaded['id']}"
    assert client.post(API, content=CSV + b"9,9,f,9\n").json()["id"] != uploaded["id"]


def test_an_upload_is_not_listed_for_others(client: "TestClient", uploaded: dict[str, Any]) -> None:
    assert uploaded["id"] not in client.get(API).text


@pytest.mark.parametrize("part", PARTS)
def test_its_link_works_in_every_part(client: "TestClient", uploaded: dict[str, Any], part: str) -> None:
    answer = client.get(link(uploaded["id"], part))
    assert answer.status_code == 200, answer.text
    assert answer.json()["knobs"]["problem.dataset"] == uploaded["id"]
    chosen = client.get(link(uploaded["id"], part, **{"problem.target": "x", "problem.first": "price"}))
    assert chosen.status_code == 200
    left_out = client.get(link(uploaded["id"], part, **{"problem.first": "word"}))
    assert left_out.status_code == 422
    assert "'word' is text and was left out" in left_out.text


def test_a_dropped_data_set_is_gone_everywhere_even_from_memory(client: "TestClient", uploaded: dict[str, Any]) -> None:
    """Spelled in another way, or asked for before: nothing that was in the file is answered any more."""
    name = uploaded["id"]
    links = [link(one, part) for part in PARTS for one in (name, name.replace("-", "%2D"))]
    assert {client.get(one).status_code for one in links} == {200}
    assert client.delete(f"{API}/{name}").status_code == 204
    for one in (*links, f"{link(name, 'solution')}&sweep=radius", link(name, "python")):
        answer = client.get(one)
        assert answer.status_code == 422, one
        assert "this data set is not here any more: drop the file again" in answer.text
    assert client.get(f"{API}/{name}").status_code == 404
    assert client.delete(f"{API}/{name}").status_code == 404
    assert client.post(API, content=CSV).json()["id"] == name
    assert {client.get(one).status_code for one in links} == {200}


@pytest.mark.parametrize("part", [*PARTS, "python"])
def test_a_data_set_that_never_was_is_refused_with_what_there_is(client: "TestClient", part: str) -> None:
    answer = client.get(link("nothing", part))
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["knob"] == "problem.dataset"
    assert "'diabetes'" in answer.text


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "file: is empty"),
        (b" \n\n", "file: is empty"),
        (b"a,b,c\n", "nothing under its header"),
        (b"a,b,c\n1,2,3\n1,2\n", "row 3: has 2 cells, the header has 3"),
        (b"a,b,c\n1,2,\x00\n", "row 2, column 3: has a NUL byte"),
        (b"PK\x03\x04" + bytes(40), "export the table"),
        (b"\x89PNG\r\n\x1a\n" + bytes(40), "row 1, column 1: has the byte 0x89, which is not UTF-8"),
        ("größe,b,c\n1,2,3\n".encode("latin-1"), "row 1, column 1: has the byte 0xF6, which is not UTF-8"),
        ("a,b,c\n1,2,3\n".encode("utf-16"), "UTF-16"),
        (b'a,b,c\n"3,5",2,3\n1,2,3\n2,2,3\n', "row 2, column a: '3,5' has a decimal comma"),
        (b"a,b,c\n=cmd(),2,3\n1,2,3\n2,2,3\n", "row 2, column a: '=cmd()' is a formula, and formulas are never"),
        ("a,b,c\n１,2,3\n1,2,3\n2,2,3\n".encode(), "row 2, column a: '１' is not a number"),
        (b"a,b,c\n1e999,2,3\n1,2,3\n2,2,3\n", "row 2, column a: '1e999' is too large"),
        (b"a,b,c\nnan,2,3\n1,2,3\n2,2,3\n", "row 2, column a: the number is missing"),
        (b"a,b,c\ninf,2,3\n1,2,3\n2,2,3\n", "row 2, column a: 'inf' is not a number"),
        (b"a,a,c\n1,2,3\n", "has the name 'a' again"),
        (b"a,,c\n1,2,3\n", "has no name"),
        (b"a;b\n1;2\n", "needs three columns of numbers"),
        (b"a,b,label\n1,2,yes\n3,4,no\n", "words cannot be fitted: write classes as 0, 1, 2"),
    ],
)  # fmt: skip
def test_what_is_no_table_is_refused_with_its_place(client: "TestClient", content: bytes, words: str) -> None:
    assert words in refusal(client, content)


def test_a_decimal_comma_between_semicolons_is_a_number(client: "TestClient") -> None:
    answer = client.post(API, content=b"a;b;c\n1,5;2;3\n2,5;1;4\n3;3;3\n")
    assert answer.status_code == 201
    client.delete(f"{API}/{answer.json()['id']}")


@pytest.mark.parametrize("length", ["1000001", "9" * 5000, "-1", "1e3", "²", ""])
def test_a_file_that_says_it_is_too_large_is_not_read(client: "TestClient", length: str) -> None:
    def never() -> Iterator[bytes]:
        yield CSV

    answer = client.post(API, content=never(), headers=[(b"content-length", length.encode("latin-1"))])
    assert answer.status_code == 413, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert "1 MB" in answer.json()["detail"]


def test_a_chunked_body_is_cut_off_where_it_gets_too_large(client: "TestClient") -> None:
    def chunks() -> Iterator[bytes]:
        yield b"a,b,c\n"
        for _ in range(30):
            yield b"1,2,3\n" * 10_000

    answer = client.post(API, content=chunks())
    assert answer.status_code == 413
    assert answer.headers["content-type"] == "application/problem+json"


def test_a_script_as_a_column_name_is_drawn_as_text(client: "TestClient") -> None:
    """Plotly's titles are a kind of HTML: what is drawn is escaped, what is data stays as it was."""
    content = b"<script>alert(1)</script>,<b>a</b>&amp;,<a href='javascript:x'>t\n1,2,3\n2,1,5\n3,7,1\n4,4,4\n"
    uploaded = client.post(API, content=content).json()
    assert uploaded["columns"][0] == "<script>alert(1)</script>"
    layout = client.get(link(uploaded["id"], "contour")).json()["figures"]["plane"]["layout"]
    assert layout["xaxis"]["title"]["text"] == "w₁: &lt;script&gt;alert(1)&lt;/script&gt;"
    assert layout["yaxis"]["title"]["text"] == "w₂: &lt;b&gt;a&lt;/b&gt;&amp;amp;"
    for part in PARTS:
        figures = str(client.get(link(uploaded["id"], part)).json()["figures"])
        assert "<script" not in figures
        assert "javascript:" not in figures
    page = client.get(f"/labs/tangency?problem.kind=regression&problem.dataset={uploaded['id']}")
    assert page.status_code == 200
    assert "<script>alert" not in page.text
    assert "<b>a</b>" not in page.text
    client.delete(f"{API}/{uploaded['id']}")


@pytest.mark.parametrize("name", ["diabetes", "iris", "csv-0000000000000000", "..%2F..%2Fetc%2Fpasswd", "csv-", "%00"])
def test_only_uploads_can_be_dropped(client: "TestClient", name: str) -> None:
    assert client.delete(f"{API}/{name}").status_code == 404
    assert client.get(f"{API}/diabetes").status_code == 200


@pytest.mark.parametrize("writable", [True, False])
def test_without_a_folder_memory_will_do(tmp_path: Path, writable: bool) -> None:
    from starlette.testclient import TestClient

    (tmp_path / "file").write_bytes(b"")
    folder = None if writable else tmp_path / "file" / "below"
    with TestClient(create_app(Settings(data=folder, workers=1)), base_url="http://127.0.0.1") as client:
        assert "memory until the server stops" in client.get(API).json()["kept"]
        uploaded = client.post(API, content=CSV).json()
        assert "memory until the server stops" in uploaded["kept"]
        assert client.get(link(uploaded["id"], "solution")).status_code == 200
        assert client.delete(f"{API}/{uploaded['id']}").status_code == 204
        assert client.get(link(uploaded["id"], "solution")).status_code == 422
