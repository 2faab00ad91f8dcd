"""Which controls a page leaves out: `hide=problem.kind,regularizer,compare` in its query.

A knob keeps its value whether or not its control is there, so the API knows nothing of this.
"""

import difflib
from collections.abc import Mapping
from functools import cache

from app.knobs import Knobs, Refused, declared
from app.web.queries import listed, shown

KEY = "hide"
TOOLS = ("compare", "export", "presets", "upload")
MOST = 128  # names: more than the fullest lab has controls


def taken(model: type[Knobs], given: Mapping[str, str]) -> tuple[dict[str, str], tuple[str, ...]]:
    """The knobs of a page's query, and the names of what it hides: knobs, groups of knobs, tools; each once.

    Raises:
        Refused: for every name that is none of them, with what could be meant; for too many.
    """
    knobs = dict(given)
    names = [one.strip() for one in knobs.pop(KEY, "").split(",")]
    if len(names) > MOST:
        raise Refused((KEY, f"has {len(names)} names; at most {MOST} are read"))
    hidden = tuple(dict.fromkeys(filter(None, names)))
    wrong = [name for name in hidden if name not in hideable(model)]
    if wrong:
        raise Refused(*((KEY, _unknown(name, hideable(model))) for name in wrong[:20]))
    return knobs, hidden


@cache
def hideable(model: type[Knobs]) -> tuple[str, ...]:
    """All names that may be hidden: the tools, and each knob after the groups around it."""
    keys = [key.split(".") for key, _, _ in declared(model)]
    around = (".".join(key[: depth + 1]) for key in keys for depth in range(len(key)))
    return (*TOOLS, *dict.fromkeys(around))


def _unknown(name: str, names: tuple[str, ...]) -> str:
    """What else could be meant: the nearest of all names, and those of the same group."""
    close = difflib.get_close_matches(name[:80], names, n=1)
    hint = f" Did you mean '{close[0]}'?" if close else ""
    group = name.rpartition(".")[0]
    beside = [one for one in names if one.rpartition(".")[0] == group]
    choice = listed(beside or _outermost(names))
    return f"'{shown(name)}' is no control here.{hint} Give one or more, with commas between: {choice}"


def _outermost(names: tuple[str, ...]) -> list[str]:
    return [one for one in names if "." not in one]
