"""The API's contract: one answer shape, one error shape, caching that can be trusted, nothing computed twice.

An error is always ``application/problem+json`` with ``{type, title, status, detail, errors: [{knob, message}]}``;
neither the input nor anything of the inside is echoed beyond forty characters of what was given.
"""

import gzip
import json
import math
from typing import TYPE_CHECKING, Any

import plotly.graph_objects as go
import pytest

from app.labs import LABS
from app.web.queries import LONGEST_QUERY

if TYPE_CHECKING:
    from starlette.testclient import TestClient

PARTS = [(lab.slug, part) for lab in LABS.values() for part in lab.parts]
SOLUTION = "/api/v1/labs/tangency/solution"


def numbers_of(value: Any) -> list[float]:
    if isinstance(value, dict):
        return [number for one in value.values() for number in numbers_of(one)]
    if isinstance(value, list):
        return [number for one in value for number in numbers_of(one)]
    return [value] if isinstance(value, float) else []


def roles_of(figure: dict[str, Any]) -> list[str]:
    return [trace["meta"]["role"] for trace in figure["data"]] + [s["name"] for s in figure["layout"].get("shapes", [])]


@pytest.mark.parametrize(("lab", "part"), PARTS)
def test_a_part_answers_in_the_one_shape_with_finite_numbers_and_valid_plotly(
    client: "TestClient", lab: str, part: str
) -> None:
    answer = client.get(f"/api/v1/labs/{lab}/{part}")
    assert answer.status_code == 200
    body = answer.json()
    assert set(body) - {"numbers"} == {"lab", "part", "knobs", "objective", "figures", "readouts", "outcome"}
    assert ("numbers" in body) != LABS[lab].parts[part].shown
    assert (body["lab"], body["part"]) == (lab, part)
    assert {key.split(".", 1)[0] for key in body["knobs"]} == set(LABS[lab].parts[part].knobs)
    assert body["objective"]
    assert set(body["outcome"]) == {"kind", "sentence"}
    assert all(set(one) == {"value", "label", "unit", "help", "group"} for one in body["readouts"].values())
    assert all(math.isfinite(number) for number in numbers_of(body))
    for figure in body["figures"].values():
        go.Figure(figure)
        assert all(roles_of(figure))


def test_a_lab_describes_itself(client: "TestClient") -> None:
    listed = client.get("/api/v1/labs").json()["labs"]
    assert [one["slug"] for one in listed] == list(LABS)
    lab = client.get("/api/v1/labs/tangency").json()
    assert set(lab) == {"slug", "title", "question", "knobs", "figures", "parts", "presets"}
    assert lab["parts"]["contour"]["sweeps"] == []
    assert lab["parts"]["solution"]["sweeps"] == ["radius", "strength"]
    assert "problem.kind" in lab["parts"]["contour"]["knobs"]
    assert "radius" not in lab["parts"]["contour"]["knobs"]
    assert all(set(preset) == {"id", "sentence", "knobs", "shows"} for preset in lab["presets"])


@pytest.mark.parametrize(
    "query",
    [
        "radius=nan", "radius=NaN", "radius=Infinity", "radius=-inf", "radius=1e999", "radius=1_0", "radius=１",
        "radius=-1", "radius=11", "radius=", "radius=%00", "radius=0x1", "radius=true", "radius[]=1", "radius.x=1",
        "unknown=1", "problem=bowl", "problem.kind=", "problem.kind=bowl%0a", "problem.noise=1", "sweep=shortcut",
        "radius=0.1&radius=0.2", "radius=0.1&strength=0.1", "%ff=1", "x" * (LONGEST_QUERY + 1),
        "sweep=radius&sweep=strength",
        "regularizer.kind=lp&regularizer.p=1.02", "problem.kind=regression&problem.dataset=csv-0000000000000000",
        "problem.kind=regression&problem.first=bmi&problem.second=bmi", "problem.kind=regression&problem.first=nothing",
        "problem.kind=regression&problem.dataset=../../etc/passwd",
    ],
)  # fmt: skip
def test_what_cannot_be_answered_is_refused_in_the_one_shape(client: "TestClient", query: str) -> None:
    answer = client.get(f"{SOLUTION}?{query}")
    assert answer.status_code == 422, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    body = answer.json()
    assert set(body) == {"type", "title", "status", "detail", "errors"}
    assert body["errors"]
    assert all(set(one) == {"knob", "message"} for one in body["errors"])
    assert all(one["message"] for one in body["errors"])
    assert len(answer.content) < 3000
    assert "Traceback" not in answer.text
    assert "no-store" in answer.headers["cache-control"]


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/api/v1/labs/nothing", 404), ("GET", "/api/v1/labs/tangency/nothing", 404), ("GET", "/nothing", 404),
        ("GET", "/static/x/nothing.js", 404), ("GET", "/static/x/../../pyproject.toml", 404),
        ("GET", "/api/v1/datasets/nothing", 404), ("GET", "/api/v1/labs/", 404), ("POST", SOLUTION, 405),
        ("DELETE", "/api/v1/datasets/diabetes", 404), ("PUT", "/api/v1/datasets", 405),
    ],
)  # fmt: skip
def test_a_wrong_turn_is_answered_in_the_same_shape(client: "TestClient", method: str, path: str, status: int) -> None:
    answer = client.request(method, path)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["status"] == status


def test_a_compressed_request_body_is_refused(client: "TestClient") -> None:
    answer = client.post("/api/v1/datasets", content=gzip.compress(b"a,b\n"), headers={"Content-Encoding": "gzip"})
    assert answer.status_code == 415


def test_the_host_header_is_never_reflected(client: "TestClient") -> None:
    answer = client.get("/labs/tangency/", headers={"Host": "evil.example"}, follow_redirects=False)
    assert answer.status_code == 404
    assert "evil" not in answer.text + str(answer.headers)


def test_every_answer_says_what_it_may_do(client: "TestClient") -> None:
    for path in ("/", "/labs/tangency", "/docs", "/nothing", SOLUTION, "/healthz"):
        answer = client.get(path, headers={"Accept": "text/html"})
        assert answer.headers["x-content-type-options"] == "nosniff", path
        if answer.headers["content-type"].startswith("text/html"):
            assert "script-src 'self'" in answer.headers["content-security-policy"], path
            assert "frame-ancestors 'none'" in answer.headers["content-security-policy"], path


def test_every_spelling_of_a_url_is_one_answer(client: "TestClient") -> None:
    tags = {
        client.get(f"{SOLUTION}?{query}").headers["etag"]
        for query in ("radius=0.5", "radius=.50", "", "problem.kind=bowl&radius=5e-1", "radius=0.5&shortcut=none")
    }
    assert len(tags) == 1


def test_an_answer_may_be_kept_for_ever_only_under_the_current_build(client: "TestClient") -> None:
    build = client.get("/readyz").json()["build"]
    assert "immutable" in client.get(f"{SOLUTION}?v={build}").headers["cache-control"]
    for query in ("", "?v=older"):
        assert client.get(SOLUTION + query).headers["cache-control"] == "public, no-cache"


def test_a_conditional_request_computes_nothing(client: "TestClient", monkeypatch: pytest.MonkeyPatch) -> None:
    first = client.get(f"{SOLUTION}?radius=0.31")
    etag = first.headers["etag"]
    client.app.state.answers.store.__init__(64)  # forgets everything

    def never(*_: object) -> bytes:
        raise AssertionError("computed again")

    monkeypatch.setattr("app.web.answering.computed", never)
    again = client.get(f"{SOLUTION}?radius=0.31", headers={"If-None-Match": etag})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == etag


def test_a_repeated_url_is_served_from_memory(client: "TestClient", monkeypatch: pytest.MonkeyPatch) -> None:
    first = client.get(f"{SOLUTION}?radius=0.32")
    monkeypatch.setattr("app.web.answering.computed", None)
    assert client.get(f"{SOLUTION}?radius=0.32").content == first.content
    assert client.get(f"{SOLUTION}?radius=.32").content == first.content


def test_head_answers_the_headers_alone(client: "TestClient") -> None:
    full = client.get(SOLUTION)
    head = client.head(SOLUTION)
    assert head.status_code == 200
    assert head.headers["etag"] == full.headers["etag"]
    assert all(client.head(page).status_code == 200 for page in ("/", "/labs/tangency", "/docs"))


def test_an_answer_is_compressed_for_those_who_take_it(client: "TestClient") -> None:
    path = "/api/v1/labs/tangency/contour"
    plain = client.get(path, headers={"Accept-Encoding": "identity"})
    zipped = client.get(path, headers={"Accept-Encoding": "gzip"})
    assert "content-encoding" not in plain.headers
    assert zipped.headers["content-encoding"] == "gzip"
    assert plain.headers["etag"] != zipped.headers["etag"]
    assert plain.json() == zipped.json()
    assert int(zipped.headers["content-length"]) <= 40_000


def test_each_frame_of_a_sweep_is_the_answer_at_its_value(client: "TestClient") -> None:
    sweep = client.get(f"{SOLUTION}?sweep=radius&problem.angle=30").json()
    assert set(sweep) == {"lab", "part", "sweep", "knobs", "values", "frames"}
    assert len(sweep["values"]) == len(sweep["frames"]) == 151
    for i in (0, 37, 150):
        single = client.get(f"{SOLUTION}?problem.angle=30&radius={sweep['values'][i]}").json()
        frame = sweep["frames"][i]
        assert frame["objective"] == single["objective"]
        assert frame["outcome"] == single["outcome"]
        assert frame["readouts"] == {name: one["value"] for name, one in single["readouts"].items()}
        shapes = single["figures"]["plane"]["layout"].get("shapes", [])
        drawn = frame["figures"]["plane"]["layout"]["shapes"]
        assert [(one["name"], one["path"]) for one in drawn] == [(one["name"], one["path"]) for one in shapes]


def test_the_schema_documents_every_key_with_its_bounds(client: "TestClient") -> None:
    document = client.get("/openapi.json").json()
    parameters = {one["name"]: one for one in document["paths"][SOLUTION]["get"]["parameters"]}
    own = client.get("/api/v1/labs/tangency").json()["parts"]["solution"]["knobs"]
    assert set(parameters) == {*own, "sweep"}
    assert parameters["radius"]["schema"] == {"type": "number", "minimum": 0, "maximum": 10}
    assert set(parameters["problem.kind"]["schema"]["enum"]) >= {"bowl", "regression", "classification"}
    for one in parameters.values():
        kinds = one["schema"].get("anyOf", [one["schema"]])
        assert all("maximum" in kind for kind in kinds if kind.get("type") in ("number", "integer")), one


def test_docs_need_no_other_origin(client: "TestClient") -> None:
    page = client.get("/docs")
    assert page.status_code == 200
    assert "http://" not in page.text
    assert "https://" not in page.text


def test_the_knobs_of_a_page_are_the_knobs_of_the_api(client: "TestClient") -> None:
    """The page's query string is the API's: replace the path, keep the rest."""
    query = "problem.kind=regression&regularizer.kind=l2&radius=0.4"
    page = client.get(f"/labs/tangency?{query}")
    assert page.status_code == 200
    text = page.text.split('id="lab">', 1)[1].split("</script>", 1)[0]
    embedded = json.loads(text)["answers"]["solution"]
    assert embedded == client.get(f"{SOLUTION}?{query}").json()
