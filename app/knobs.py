"""How a number declares the control that will turn it.

A knob is a field of a frozen model. It says once what it is called, what it means, where it may go and how it is
turned; validation, JSON Schema, OpenAPI, the control panel and every error message are read off that declaration.
Nested models are written as dotted keys: ``problem.kind=bowl&problem.angle=30&radius=0.5``.
"""

import math
import re
import types
from collections.abc import Collection, Iterator, Mapping
from functools import cache
from types import MappingProxyType
from typing import Annotated, Any, Literal, Self, Union, get_args, get_origin

from annotated_types import Ge, Le
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, model_validator
from pydantic.fields import FieldInfo
from pydantic_core import PydanticCustomError

_REAL = re.compile(r"[+-]?(\d{1,40}(\.\d{0,40})?|\.\d{1,40})([eE][+-]?\d{1,4})?", re.ASCII)
_WHOLE = re.compile(r"[+-]?\d{1,15}", re.ASCII)


def ascii_real(given: object) -> object:
    """A float from plain ASCII digits: ``float()`` alone would take ``nan``, ``1_000`` and full-width digits."""
    if isinstance(given, str):
        if not _REAL.fullmatch(given):
            raise ValueError("is not a number")
        return float(given)
    if isinstance(given, bool):
        raise ValueError("is not a number")
    return given


def _ascii_whole(given: object) -> object:
    if isinstance(given, str):
        if not _WHOLE.fullmatch(given):
            raise ValueError("is not a whole number")
        return int(given)
    if isinstance(given, bool):
        raise ValueError("is not a whole number")
    return given


def _on_or_off(given: object) -> object:
    if isinstance(given, str):
        if given not in ("true", "false"):
            raise ValueError("is neither true nor false")
        return given == "true"
    return given


def _printable(given: object) -> object:
    if isinstance(given, str) and not given.isprintable():
        raise ValueError("has characters that cannot be printed")
    return given


Real = Annotated[float, BeforeValidator(ascii_real)]
Whole = Annotated[int, BeforeValidator(_ascii_whole)]
Switch = Annotated[bool, BeforeValidator(_on_or_off)]
Text = Annotated[str, BeforeValidator(_printable), StringConstraints(max_length=64)]
LongText = Annotated[str, BeforeValidator(_printable), StringConstraints(max_length=400)]

Scale = Literal["linear", "log"]
Scalar = float | int | bool | str | None


class Refused(Exception):
    """Knobs that cannot be answered, each with the reason: a mistake of the asker, never of the numbers.

    ``errors`` pairs a dotted key with a sentence that says what was given and what to give instead.
    """

    def __init__(self, *errors: tuple[str, str]) -> None:
        super().__init__("; ".join(f"{knob}: {message}" for knob, message in errors))
        self.errors = errors

    def __reduce__(self) -> tuple[type["Refused"], tuple[tuple[str, str], ...]]:
        return type(self), self.errors  # so that it survives the way back from a worker process


def knob(
    default: Any,
    *,
    label: str,
    help: str,  # noqa: A002 (the word of the control panel)
    symbol: str = "",
    unit: str | None = None,
    ge: float | None = None,
    le: float | None = None,
    step: float | None = None,
    scale: Scale = "linear",
    soft: tuple[float, float] | None = None,
    linked: str | None = None,
    choices: Mapping[str, str] | None = None,
    source: str | None = None,
    play: float | None = None,
    live: bool | None = None,
    discriminator: str | None = None,
) -> Any:
    """Declare a knob: a pydantic field that also knows its control.

    Args:
        default: the value of a knob that is not given.
        label: what the control is called.
        help: one sentence on what turning it does.
        symbol: its symbol in formulas and labels, in Unicode.
        unit: the unit of the number; None for a pure number.
        ge: the smallest value that is accepted.
        le: the largest value that is accepted.
        step: one press of an arrow key; on a log scale, in decades.
        scale: how the slider's track is divided.
        soft: the ends of the slider where they are narrower than what is accepted; a log slider needs its lower one.
        linked: the knob that says the same thing in another way: of the two exactly one is given.
        choices: what the values of a select are called.
        source: where a select finds its values when the model cannot know them ("datasets", "columns", "targets",
            "classes"); "changes" for the list of what was turned while a training ran.
        play: the seconds in which the page plays it from its lowest to its highest position; None where nothing moves.
        live: whether it may be turned while a training runs, from that moment on.
        discriminator: the field that names the variant of a union.
    """
    control = {
        "symbol": symbol, "unit": unit, "step": step, "scale": scale, "soft": soft,
        "linked": linked, "choices": dict(choices) if choices else None, "source": source, "play": play, "live": live,
    }  # fmt: skip
    extra: dict[str, Any] = {"x-knob": {name: value for name, value in control.items() if value is not None}}
    return Field(
        default,
        title=label,
        description=help,
        ge=ge,
        le=le,
        discriminator=discriminator,
        json_schema_extra=extra,
    )


class Knobs(BaseModel):
    """A frozen set of knobs; a subclass with a ``kind`` is one variant of a union."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False, validate_default=False)

    @model_validator(mode="before")
    @classmethod
    def _one_of_each_linked_pair(cls, given: Any) -> Any:
        links = cls.linked()
        if not links or not isinstance(given, dict):
            return given
        turned = {name: other for name, other in links.items() if given.get(name) is not None}
        for name, other in turned.items():
            if other in turned:
                said = "'{knob}' and '{other}' say the same thing: give one of them, not both"
                raise PydanticCustomError("linked", said, {"knob": name, "other": other})
        return {**given, **dict.fromkeys(turned.values())}

    @classmethod
    def linked(cls) -> Mapping[str, str]:
        """Each linked knob of this model and its partner."""
        return _linked(cls)

    def changed(self, **values: Any) -> Self:
        """The same knobs with some turned, validated again; a knob that is turned takes the place of its partner."""
        replaced = {other for name, other in self.linked().items() if values.get(name) is not None}
        kept = {name: getattr(self, name) for name in self.model_fields_set - replaced}
        return type(self).model_validate({**kept, **values})


@cache
def _linked(model: type[Knobs]) -> Mapping[str, str]:
    """Read off the declarations once: every validation asks."""
    pairs = {name: control(field).get("linked") for name, field in model.model_fields.items()}
    return MappingProxyType({name: other for name, other in pairs.items() if other})


def control(field: FieldInfo) -> dict[str, Any]:
    """What the declaration of a knob says of its control."""
    extra = field.json_schema_extra
    found = extra.get("x-knob", {}) if isinstance(extra, dict) else {}
    return found if isinstance(found, dict) else {}


def variants(field: FieldInfo) -> dict[str, type[Knobs]]:
    """The models behind a knob, by kind: several for a union, one under "" for a nested model, none for a number."""
    union = get_origin(field.annotation) in (Union, types.UnionType)
    found = [
        one
        for one in (get_args(field.annotation) if union else (field.annotation,))
        if isinstance(one, type) and issubclass(one, Knobs)
    ]
    return {str(one.model_fields["kind"].default) if "kind" in one.model_fields else "": one for one in found}


def declared(model: type[Knobs], prefix: str = "") -> Iterator[tuple[str, str, FieldInfo]]:
    """Every knob of a model and of all its variants: its dotted key, the kind it belongs to ("" for any), its field."""
    for name, field in model.model_fields.items():
        key = prefix + name
        nested = variants(field)
        if not nested:
            yield key, "", field
        for kind, variant in nested.items():
            for inner, deeper, inner_field in declared(variant, f"{key}."):
                yield inner, deeper or kind, inner_field


def flatten(knobs: Knobs, prefix: str = "", *, only: Collection[str] | None = None) -> dict[str, Scalar]:
    """Dotted keys and values of all knobs, or of those named, defaults included, in the order of their declaration."""
    flat: dict[str, Scalar] = {}
    for name, value in vars(knobs).items():  # a model keeps its fields there, in their order
        if only is None or name in only:
            if type(value) in _SCALARS:
                flat[prefix + name] = value
            else:
                flat.update(flatten(value, f"{prefix}{name}."))
    return flat


_SCALARS = frozenset({float, int, bool, str, type(None)})  # looked up: what is an instance of a model is dear to ask


def schema(model: type[Knobs]) -> dict[str, Any]:
    """The JSON Schema (2020-12) of a set of knobs, each with its control under ``x-knob``."""
    found = model.model_json_schema()
    for part in (found, *found.get("$defs", {}).values()):
        for field in part.get("properties", {}).values():
            kinds = field.get("anyOf", ())
            if {"type": "null"} in kinds:  # pydantic leaves the bounds of an optional number under foreign names
                for kind in kinds:
                    bounds = {"ge": "minimum", "le": "maximum"}
                    kind |= {word: kind.pop(name) for name, word in bounds.items() if name in kind}
    return found


def positions(model: type[Knobs], name: str) -> list[float]:
    """Every position of a knob's slider, from its left end to its right: what a sweep along it holds.

    A log scale divides decades, and its left end is 0 itself where 0 is allowed. Whole numbers stay whole.
    """
    field = model.model_fields[name]
    turned = control(field)
    least: list[Any] = [one.ge for one in field.metadata if isinstance(one, Ge)]
    most: list[Any] = [one.le for one in field.metadata if isinstance(one, Le)]
    low, high = turned.get("soft") or (least[0], most[0])
    step = turned["step"]
    if turned["scale"] == "linear":
        return [round(low + i * step, 12) for i in range(round((high - low) / step) + 1)]
    decades = math.log10(high / low)
    stops = [float(f"{low * 10 ** (i * step):.6g}") for i in range(round(decades / step) + 1)]
    return [0.0, *stops] if least == [0] else stops
