"""What is turned while a training runs: written in the URL as "40:rate=0.3,60:l2=0.01", each from a moment on."""

import re
from typing import NamedTuple

from pydantic import ValidationError

from app.knobs import Knobs, Refused, ascii_real, control
from app.labs.film import MOMENTS

MOST_CHANGES = 16
_CHANGE = re.compile(r"(\d{1,3}):(\w{1,40})=([0-9.eE+-]{1,24})", re.ASCII)


class Change(NamedTuple):
    """From a moment on a knob has another value."""

    moment: int
    name: str
    value: float


def live(model: type[Knobs]) -> tuple[str, ...]:
    """The knobs that may be turned while the training runs."""
    return tuple(name for name, field in model.model_fields.items() if control(field).get("live"))


def changes_of(text: str, model: type[Knobs]) -> tuple[Change, ...]:
    """The changes in the order of their moments; of two of one knob at one moment the later written holds.

    Raises:
        Refused: for what cannot be read, a knob that cannot be turned on the way, a moment or a value out of bounds.
    """
    written = text.split(",") if text else []
    if len(written) > MOST_CHANGES:
        raise Refused(("changes", f"has {len(written)} changes; at most {MOST_CHANGES} are possible"))
    found = {(one.moment, one.name): one for one in (_read(part, model) for part in written)}
    return tuple(sorted(found.values(), key=lambda one: one.moment))


def held(changes: tuple[Change, ...]) -> list[tuple[int, dict[str, float]]]:
    """Each moment of a change, with all values that hold from there on."""
    moments = sorted({one.moment for one in changes})
    return [(at, {one.name: one.value for one in changes if one.moment <= at}) for at in moments]


def _read(part: str, model: type[Knobs]) -> Change:
    match = _CHANGE.fullmatch(part.strip())
    if match is None:
        raise Refused(
            ("changes", f"'{part[:40]}' is not understood: write a moment, a knob and a value, as 40:rate=0.3")
        )
    moment, name, value = int(match[1]), match[2], match[3]
    if not 0 < moment < MOMENTS:
        raise Refused(("changes", f"moment {moment} of '{part[:40]}' is not between the start 0 and the end {MOMENTS}"))
    if name not in live(model):
        choice = ", ".join(live(model))
        raise Refused(("changes", f"'{name}' cannot be turned while it runs; what can be turned: {choice}"))
    try:
        number = float(str(ascii_real(value)))
        model.model_validate({name: number})
    except ValidationError as error:
        raise Refused(("changes", f"{name} at moment {moment}: {error.errors()[0]['msg']}")) from None
    except ValueError:
        raise Refused(("changes", f"'{value}' is not a number")) from None
    return Change(moment, name, number)
