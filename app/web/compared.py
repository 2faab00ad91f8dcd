"""Two to four settings of a lab in one URL: a plain key belongs to the first, `b.radius=0.7` turns a knob of another.

The API knows nothing of this: each setting asks for its parts by its own knobs.
"""

from collections.abc import Mapping

from app.knobs import Knobs, Refused
from app.web.queries import parse

SETTINGS = ("b", "c", "d")


def split(given: Mapping[str, str]) -> tuple[dict[str, str], dict[str, dict[str, str]]]:
    """The keys of the first setting, and what each other one turns, by its letter."""
    others: dict[str, dict[str, str]] = {}
    first: dict[str, str] = {}
    for key, value in given.items():
        letter, _, rest = key.partition(".")
        if letter in SETTINGS:
            others.setdefault(letter, {})[rest] = value
        else:
            first[key] = value
    return first, others


def overlaid(model: type[Knobs], first: Mapping[str, str], turned: Mapping[str, str]) -> dict[str, str]:
    """The first setting with some knobs turned: another kind drops the knobs of the old one, a knob its partner."""
    linked = model.linked()
    replaced = {linked[key] for key in turned if key in linked}
    kinds = tuple(key.removesuffix("kind") for key in turned if key.endswith(".kind") and turned[key] != first.get(key))
    return {key: value for key, value in first.items() if key not in replaced and not key.startswith(kinds)} | {
        **turned
    }


def checked(model: type[Knobs], first: Mapping[str, str], others: Mapping[str, Mapping[str, str]]) -> None:
    """Whether every other setting can be. Raises Refused, each knob under its letter."""
    errors: list[tuple[str, str]] = []
    for letter, turned in others.items():
        try:
            parse(model, overlaid(model, first, turned))
        except Refused as refused:
            errors += [(f"{letter}.{key}", message) for key, message in refused.errors]
    if errors:
        raise Refused(*errors)
