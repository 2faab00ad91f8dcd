"""Every knob of every lab acts: turned from some state, it changes a picture or a readout of a part.

The pages draw what the parts answer, so that this is asked here, without a browser; that every control of a page turns
its knob is asked there.
"""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, get_args

import pytest
from pydantic.fields import FieldInfo

from app.data import Impossible, Library, Uploads
from app.knobs import Knobs, Refused, Scalar, control, flatten, variants
from app.labs import LABS
from app.labs.film import Film
from app.labs.lab import Lab, Part
from app.web.queries import parse, text
from app.web.questions import encode
from tests.test_labs import numbers

LIBRARY = Library(Uploads(None))
# Where a knob acts that does nothing where its lab begins, nor in a preset.
MORE: dict[str, list[dict[str, Scalar]]] = {
    "descent": [
        {"walker_1.update": "projection", "problem.kind": "regression"},
        {"walker_1.batch": 16, "problem.kind": "regression"},
    ],
    "network": [{"hidden.kind": "6", "l2": 0.01}],
    "landscape": [{"fineness": "101"}],
}
SAME = {("ball.kind", "squared_l2")}  # the ball of ½‖w‖² is that of ‖w‖
NOTHING = "has nothing to choose"


@dataclass(frozen=True)
class Leaf:
    """A knob with a value of its own, and the kinds that must be chosen for it to exist."""

    key: str
    kinds: Mapping[str, str]
    field: FieldInfo

    @property
    def name(self) -> str:
        return " ".join([self.key, *(f"{union}={kind}" for union, kind in self.kinds.items())])

    @property
    def forced(self) -> bool:
        """The bundled tables have one column of classes each: there is nothing else to choose."""
        group, _, name = self.key.rpartition(".")
        return name == "target" and self.kinds.get(f"{group}.kind") == "classification"

    def within(self, state: Mapping[str, Scalar]) -> dict[str, Scalar]:
        """A state with its kinds; what belongs to another kind is left out."""
        other = tuple(one.removesuffix("kind") for one, kind in self.kinds.items() if state.get(one, kind) != kind)
        return {**{key: one for key, one in state.items() if not key.startswith(other)}, **self.kinds}


def leaves(model: type[Knobs], prefix: str = "", kinds: Mapping[str, str] | None = None) -> Iterator[Leaf]:
    """The knobs of a model in every variant of every union in it."""
    kinds = kinds or {}
    for name, field in model.model_fields.items():
        key, nested = prefix + name, variants(field)
        if not nested and name != "kind":
            yield Leaf(key, kinds, field)
        for kind, variant in nested.items():
            yield from leaves(variant, f"{key}.", {**kinds, f"{key}.kind": kind} if kind else kinds)


def bounds(field: FieldInfo) -> tuple[float, float]:
    """What is accepted, or the ends of the slider where they are narrower."""
    low, high = control(field).get("soft") or (*bounds_of(field, "ge"), *bounds_of(field, "le"))
    return low, high


def stepped(field: FieldInfo, value: float) -> list[Scalar]:
    """Three presses of an arrow key down, and three up, as far as the slider goes."""
    said, (low, high) = control(field), bounds(field)
    step = said.get("step") or 1
    if said.get("scale") == "log":
        both = [max(value, low) * 10 ** (sign * 3 * step) for sign in (-1, 1)]
    else:
        both = [value + sign * 3 * step for sign in (-1, 1)]
    found = [min(max(one, low), high) for one in both]
    whole = field.annotation is int or any(one is int for one in get_args(field.annotation))
    return [other for one in found if (other := round(one) if whole else float(f"{one:.6g}")) != value]


def tabled(field: FieldInfo, leaf: Leaf, flat: Mapping[str, Scalar]) -> list[Scalar]:
    """What a select finds on the shelf."""
    group, _, name = leaf.key.rpartition(".")
    if control(field)["source"] == "datasets":
        return [one.id for one in LIBRARY.bundled]
    table = LIBRARY.table(str(flat[f"{group}.dataset"]))
    if control(field)["source"] == "classes":
        return list(table.levels(str(flat.get(f"{group}.target") or table.target)))
    if leaf.forced:
        return []
    used = {flat.get(f"{group}.{one}") for one in ("first", "second", "target") if one != name}
    return [one for one in table.numbers if one not in used and one != table.target]


def others(leaf: Leaf, flat: Mapping[str, Scalar], lab: Lab) -> list[Scalar]:
    """Values to turn a knob to, from where it stands."""
    now, field = flat[leaf.key], leaf.field
    source = control(field).get("source")
    if source == "changes":
        live = next(one for one in leaves(lab.knobs) if control(one.field).get("live") and not one.kinds)
        return [f"50:{live.key}={text(one)}" for one in stepped(live.field, float(flat[live.key] or 0))]
    if source:
        return [one for one in tabled(field, leaf, flat) if one != now]
    if isinstance(now, bool):
        return [not now]
    if isinstance(now, str):
        return [one for one in get_args(field.annotation) if one != now]
    low, high = bounds(field)
    return stepped(field, now if now is not None else 0.5 * (low + high))


def picture(lab: Lab, part: Part, knobs: Knobs) -> bytes:
    """What a part draws and reveals."""
    answer = part.compute(**lab.given(part, knobs, LIBRARY))
    return encode([answer.figures, [[name, one.value] for name, one in answer.readouts.items()]])


def looker(lab: Lab) -> Any:
    """`picture`, computed once for each state."""
    return cache(lambda part, knobs: picture(lab, lab.parts[part], knobs))


def acts(lab: Lab, seen: Any, key: str, before: Knobs, after: Knobs) -> bool:
    """Whether any part shows that a knob was turned, the cheapest first."""
    owners = [part for part in lab.parts.values() if part.owns(key)]
    owners.sort(key=lambda part: part.cost(**lab.given(part, before, LIBRARY)))
    return any(seen(part.name, before) != picture(lab, part, after) for part in owners)


def states(lab: Lab) -> list[Mapping[str, Scalar]]:
    """Where a knob is turned; what trains is looked at early first, for that is soon reached."""
    more = [early(lab) | one for one in ({}, *MORE.get(lab.slug, []))]
    return [*more, {}, *(one.knobs for one in lab.presets)]


def early(lab: Lab) -> dict[str, Scalar]:
    return {part.compute.along: 5 for part in lab.parts.values() if isinstance(part.compute, Film)}


def read(lab: Lab, given: Mapping[str, Scalar]) -> Knobs:
    return parse(lab.knobs, {key: text(one) for key, one in given.items() if one is not None})


def trouble(lab: Lab, seen: Any, leaf: Leaf) -> str:
    """Why turning a knob does nothing in any state; nothing if it does."""
    partner, why = lab.knobs.linked().get(leaf.key), "does not exist"
    for state in states(lab):
        given = leaf.within(state)
        try:
            before = read(lab, given)
            values = others(leaf, flatten(before), lab)
        except (Refused, Impossible):
            continue
        why = "nothing changed" if values else NOTHING
        kept = {key: one for key, one in given.items() if key != partner}
        for one in values:
            try:
                if acts(lab, seen, leaf.key, before, read(lab, {**kept, leaf.key: one})):
                    return ""
            except (Refused, Impossible) as refused:
                why = str(refused)
    return "" if leaf.forced and why == NOTHING else why


@pytest.mark.parametrize("slug", LABS)
def test_every_knob_acts(slug: str) -> None:
    lab, found = LABS[slug], list(leaves(LABS[slug].knobs))
    seen = looker(lab)
    assert len(found) >= len(lab.knobs.model_fields)
    assert {leaf.name: why for leaf in found if (why := trouble(lab, seen, leaf))} == {}


@pytest.mark.parametrize("slug", LABS)
def test_every_kind_acts(slug: str) -> None:
    """To choose another variant of a union changes a picture or a readout."""
    lab = LABS[slug]
    seen, usual = looker(lab), flatten(lab.knobs())
    chosen = {one for leaf in leaves(lab.knobs) for one in leaf.kinds.items() if one not in SAME}
    kinds = [(union, kind) for union, kind in sorted(chosen) if usual.get(union, kind) != kind]
    assert [one for one in kinds if not any(kind_acts(lab, seen, one, state) for state in states(lab))] == []


def kind_acts(lab: Lab, seen: Any, chosen: tuple[str, str], state: Mapping[str, Scalar]) -> bool:
    union, kind = chosen
    kept = {key: one for key, one in state.items() if not key.startswith(union.removesuffix("kind"))}
    return acts(lab, seen, union, read(lab, state), read(lab, {**kept, union: kind}))


DEAR = 50.0  # milliseconds


@pytest.mark.parametrize("slug", LABS)
def test_every_knob_may_stand_at_its_ends(slug: str) -> None:
    """There a part answers in finite numbers, or refuses."""
    lab, found = LABS[slug], 0
    for leaf in leaves(lab.knobs):
        ends = [one for name in ("ge", "le") for one in bounds_of(leaf.field, name)]
        for end in ends:
            knobs = read(lab, {**leaf.within(early(lab)), leaf.key: end})
            found += sum(answered(lab, part, knobs) for part in lab.parts.values() if part.owns(leaf.key))
    assert found


def bounds_of(field: FieldInfo, name: str) -> list[Any]:
    """The smallest (ge) or the largest (le) value that is accepted, if there is one."""
    return [getattr(one, name) for one in field.metadata if getattr(one, name, None) is not None]


def answered(lab: Lab, part: Part, knobs: Knobs) -> bool:
    """Whether a part that is not too dear answered."""
    given = lab.given(part, knobs, LIBRARY)
    try:
        if part.cost(**given) > DEAR:
            return False
        answer = part.compute(**given)
    except (Refused, Impossible):
        return False
    values = [one.value for one in answer.readouts.values()]
    assert all(math.isfinite(one) for one in values if isinstance(one, float)), (part.name, knobs)
    assert all(math.isfinite(one) for one in numbers(answer.figures)), (part.name, knobs)
    return True
