"""What holds of every lab: at its defaults and in each of its presets, through the parts as the API computes them."""

import json
import math
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

import plotly.graph_objects as go
import pytest

from app.figures.roles import ROLES
from app.knobs import control, flatten, positions
from app.labs import LABS
from app.labs.lab import Answer
from app.web.queries import text
from app.web.questions import computed, fitted, question
from tests.views import LIBRARY, answers, each_view, turned

each_lab = pytest.mark.parametrize("slug", LABS)


def numbers(value: Any) -> Iterator[float]:
    if isinstance(value, dict):
        for one in value.values():
            yield from numbers(one)
    elif isinstance(value, list | tuple) or type(value).__name__ == "ndarray":
        for one in value:
            yield from numbers(one)
    elif isinstance(value, float):
        yield value


@each_view
def test_a_view_is_drawn_on_the_figures_of_its_lab(slug: str, view: str) -> None:
    lab = LABS[slug]
    found = answers(slug, view)
    panels = {panel.name for panel in lab.figures}
    for name, answer in found.items():
        assert answer.figures.keys() <= panels, name
        assert answer.objective, name
        assert answer.outcome.sentence.rstrip().endswith((".", "?", "!", "…")), (name, answer.outcome.sentence)
        for figure in answer.figures.values():
            go.Figure(figure)
            drawn = [one["meta"]["role"] for one in figure["data"]]
            drawn += [one["name"] for one in figure["layout"].get("shapes", ())]
            assert set(drawn) <= ROLES.keys(), name
            assert all(math.isfinite(number) for number in numbers(figure)), name
        values = [one.value for one in answer.readouts.values()]
        assert all(math.isfinite(value) for value in values if isinstance(value, float)), name
    covered = {panel for answer in found.values() for panel in answer.figures}
    assert panels == covered or view, f"nothing is drawn on {panels - covered}"


ASCII_NUMBER = re.compile(r"\d[eE][-+]?\d|(?<![\w\d)])-\d|:\.\d[eg]\}")  # 1e-05, -2, or a format that says so


def said(answer: Answer) -> Iterator[str]:
    """All that an answer says, in sentences, readouts, words at places, and where it is pointed at."""
    yield from (answer.objective, answer.outcome.sentence)
    for one in answer.readouts.values():
        yield from (str(one.help), one.value if isinstance(one.value, str) else "")
    for figure in answer.figures.values():
        yield from (one.get("text", "") for one in figure["layout"].get("annotations", ()))
        for trace in figure["data"]:
            given = (trace.get(key) for key in ("name", "hovertemplate", "text", "customdata"))
            yield from (text for one in given for text in (one if isinstance(one, list | tuple) else (one,)) if text)


@each_view
def test_numbers_are_written_as_people_write_them(slug: str, view: str) -> None:
    all_said = [text for answer in answers(slug, view).values() for text in said(answer) if isinstance(text, str)]
    assert [text for text in all_said if ASCII_NUMBER.search(text)] == []


@each_view
def test_a_readout_has_one_meaning_in_a_lab(slug: str, view: str) -> None:
    names = Counter(name for answer in answers(slug, view).values() for name in answer.readouts)
    assert [name for name, count in names.items() if count > 1] == []


@each_view
def test_the_follower_of_a_linked_pair_is_read_off_the_answer(slug: str, view: str) -> None:
    read = {name for answer in answers(slug, view).values() for name in answer.readouts}
    assert set(LABS[slug].knobs.linked()) <= read


@each_view
def test_a_frame_is_small_and_what_moves_is_no_trace(slug: str, view: str) -> None:
    """Traces are redrawn, shapes are moved: what can be swept answers with shapes; what trains may redraw."""
    lab = LABS[slug]
    for part in (one for one in lab.parts.values() if one.sweeps):
        drawn = answers(slug, view)[part.name].figures.values()
        assert part.streams or not any(figure["data"] for figure in drawn)
        for sweep in part.sweeps:
            assert sweep in part.knobs
            assert 2 <= len(positions(lab.knobs, sweep)) <= 401


SWEEPS = [
    (slug, part.name, sweep) for slug, lab in LABS.items() for part in lab.parts.values() for sweep in part.sweeps
]


@pytest.mark.parametrize(("slug", "part", "sweep"), SWEEPS, ids=map("-".join, SWEEPS))
def test_a_frame_is_the_answer_at_its_position(slug: str, part: str, sweep: str) -> None:
    lab = LABS[slug]
    swept = json.loads(computed(question(lab, lab.parts[part], {"sweep": sweep}), LIBRARY))
    assert len(swept["values"]) == len(swept["frames"]) > 0
    for i in (0, len(swept["values"]) // 3, -1):
        single = question(lab, lab.parts[part], {sweep: text(swept["values"][i])})
        answer = json.loads(computed(single, LIBRARY))
        frame = swept["frames"][i]
        assert {name: one["value"] for name, one in answer["readouts"].items()} == frame["readouts"]
        assert (answer["objective"], answer["outcome"]) == (frame["objective"], frame["outcome"])
        for name, figure in answer["figures"].items():
            moved = frame["figures"][name]["layout"].get("shapes", [])
            still = figure["layout"].get("shapes", [])
            assert [{**one, **moving} for one, moving in zip(still, moved, strict=True)] == still


@each_lab
def test_what_plays_can_be_swept(slug: str) -> None:
    lab = LABS[slug]
    for name, field in lab.knobs.model_fields.items():
        if control(field).get("play"):
            assert any(name in part.sweeps for part in lab.parts.values()), name


@each_lab
def test_every_part_depends_on_knobs_that_exist_and_every_knob_turns_a_part(slug: str) -> None:
    lab = LABS[slug]
    known = set(lab.knobs.model_fields)
    used = {name for part in lab.parts.values() for name in part.knobs}
    assert used <= known
    script = set(lab.script.__code__.co_varnames[: lab.script.__code__.co_argcount]) - {"library"}
    assert script <= known
    assert known <= used | script, f"nothing depends on {sorted(known - used)}"


@each_view
def test_a_view_costs_what_it_says_and_no_more_than_an_answer_may(slug: str, view: str) -> None:
    lab = LABS[slug]
    knobs = turned(lab, view)
    for _, asked in fitted(knobs):
        LIBRARY.made(asked)
    for part in lab.parts.values():
        assert 0 < part.cost(**lab.given(part, knobs, LIBRARY)) <= 5_000, part.name


@each_lab
def test_presets_are_sentences_that_turn_something(slug: str) -> None:
    lab = LABS[slug]
    assert 3 <= len(lab.presets) <= 5
    assert len({one.id for one in lab.presets}) == len(lab.presets)
    plain = flatten(lab.knobs())
    for preset in lab.presets:
        assert preset.sentence.endswith((".", "?"))
        assert flatten(turned(lab, preset.id)) != plain, preset.id


@each_lab
def test_what_a_preset_shows_is_there_to_be_seen(slug: str) -> None:
    lab = LABS[slug]
    panels = {panel.name for panel in lab.figures}
    for preset in lab.presets:
        read = {name for answer in answers(slug, preset.id).values() for name in answer.readouts}
        assert set(preset.shows) <= panels | read, preset.id
        assert len(lab.figures) == 1 or len(panels & {*preset.shows}) == 1, f"{preset.id}: which figure is it about?"


@each_view
def test_a_view_can_be_had_as_python(slug: str, view: str) -> None:
    lab = LABS[slug]
    source = lab.python(turned(lab, view), LIBRARY)
    compile(source, f"{slug}.py", "exec")
    assert "app." not in source
    assert "normball" not in source.lower().replace("# normball", "")


def test_every_part_is_documented(client: Any) -> None:
    paths = client.get("/openapi.json").json()["paths"]
    for slug, lab in LABS.items():
        assert {f"/api/v1/labs/{slug}/{part}" for part in lab.parts} <= paths.keys()
