"""From a query string to knobs and back: dotted keys, strict values, refusals that say what is allowed."""

import difflib
import re
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any, TypeVar, get_args
from urllib.parse import quote, unquote_plus

from annotated_types import Ge, Le
from pydantic import ValidationError
from pydantic.fields import FieldInfo
from starlette.requests import Request

from app.knobs import Knobs, Refused, Scalar, declared, flatten, variants

K = TypeVar("K", bound=Knobs)

LONGEST_QUERY = 4_000  # characters: some ten times the fullest query of a lab
MOST_KEYS = 96
_UNPRINTABLE = re.compile(r"[^\x20-\x7e\xa0-\ud7ff\ue000-\ufffd]")


def raw_query(request: Request) -> str:
    """The query as it was sent: Starlette's own `request.url` fails on bytes that are not UTF-8."""
    return str(request.scope["query_string"], "latin-1")


def pairs(query: str) -> dict[str, str]:
    """The keys and values of a query string, each key once."""
    if len(query) > LONGEST_QUERY:
        raise Refused(("", f"the query has {len(query)} characters; at most {LONGEST_QUERY} are read"))
    pieces = [piece.partition("=") for piece in query.split("&") if piece]
    if len(pieces) > MOST_KEYS:
        raise Refused(("", f"the query has more than {MOST_KEYS} keys"))
    try:
        keys = [_unquoted(key) for key, _, _ in pieces]
        found = dict(zip(keys, [_unquoted(value) for _, _, value in pieces], strict=True))
    except UnicodeDecodeError:
        raise Refused(("", "the query is not UTF-8")) from None
    if len(found) < len(keys):
        twice = sorted(key for key in found if keys.count(key) > 1)
        raise Refused(*((shown(key), "is given more than once; give it once") for key in twice))
    return found


def _unquoted(written: str) -> str:
    """As forms write it; most keys and values are plain."""
    return unquote_plus(written, errors="strict") if "%" in written or "+" in written else written


def parse(model: type[K], given: Mapping[str, str]) -> K:
    """The knobs that dotted keys describe; what is not given has its default.

    Raises:
        Refused: for every key that is unknown, out of bounds or of another type, with what is allowed.
    """
    try:
        return model.model_validate(_nested(model, given))
    except ValidationError as error:
        raise Refused(*(_explained(model, one) for one in error.errors(include_url=False)[:20])) from None


def canonical(knobs: Knobs, only: Iterable[str] = ()) -> str:
    """The one query string of these knobs: every key once, sorted, defaults included."""
    keep = tuple(only)
    return written({key: value for key, value in flatten(knobs).items() if not keep or key.split(".", 1)[0] in keep})


def written(flat: Mapping[str, Scalar]) -> str:
    """Dotted keys and values as a query string: sorted, without those that are not given."""
    pieces = [f"{key}={_safe(value)}" for key, value in flat.items() if value is not None]
    pieces.sort()
    return "&".join(pieces)


def _safe(value: Scalar) -> str:
    """Only a text can need quoting, and few do."""
    if isinstance(value, str):
        return value if value.isidentifier() else quote(value, safe=",")
    return text(value)


def text(value: Scalar) -> str:
    """A knob's value as the query writes it."""
    if isinstance(value, float):
        return repr(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    return str(value).lower() if isinstance(value, bool) else str(value)


@cache
def _unions(model: type[Knobs]) -> dict[str, tuple[Any, dict[str, type[Knobs]]]]:
    """The default of each union of a model and its variants, by the union's name: read off the declarations once."""
    found = {name: (field.default, variants(field)) for name, field in model.model_fields.items()}
    return {name: (default, kinds) for name, (default, kinds) in found.items() if set(kinds) - {""}}


def _nested(model: type[Knobs], given: Mapping[str, str]) -> dict[str, Any]:
    nested: dict[str, Any] = {}
    for key, value in given.items():
        *outer, name = key.split(".")
        inside = nested
        for step in outer:
            inside = inside.setdefault(step, {})
            if not isinstance(inside, dict):
                raise Refused((shown(key), f"'{shown(step)}' is given both as a value and as a group of knobs"))
        if isinstance(inside.get(name), dict):
            raise Refused((shown(key), "is given both as a value and as a group of knobs"))
        inside[name] = value
    return _completed(model, nested, None)


def _completed(model: type[Knobs], given: dict[str, Any], preset: Knobs | None) -> dict[str, Any]:
    """What is given, with what the default of its union says beside it: omitted is not turned, however deep."""
    whole = given if preset is None else {name: getattr(preset, name) for name in preset.model_fields_set} | given
    for name, (default, kinds) in _unions(model).items():
        inner = whole.get(name)
        if isinstance(inner, dict):
            usual = default if preset is None else getattr(preset, name)
            kind = inner.setdefault("kind", usual.kind)
            if isinstance(kind, str) and kind in kinds:
                whole[name] = _completed(kinds[kind], inner, usual if kind == usual.kind else None)
    return whole


def _explained(model: type[Knobs], error: Any) -> tuple[str, str]:
    key, field, owner = _located(model, error["loc"])
    reason = str(error["ctx"]["error"]) if error["type"] == "value_error" else ""
    given = shown(error["input"]) if isinstance(error["input"], str | int | float) else None
    if error["type"] == "extra_forbidden":
        return key, _unknown(model, key, owner)
    if error["type"] == "union_tag_invalid" and field is not None:
        return f"{key}.kind", f"'{shown(error['ctx']['tag'])}' is not one of its kinds; give {allowed(field)}"
    if error["type"] == "linked":
        return ".".join(filter(None, [key, error["ctx"]["knob"]])), error["msg"]
    if field is None:
        return "" if key.endswith("kind") else key, reason or error["msg"]
    what = "" if given is None else f"'{given}' "
    return key, f"{what}{reason or 'is not allowed'}; give {allowed(field)}"


def _located(model: type[Knobs], loc: tuple[int | str, ...]) -> tuple[str, FieldInfo | None, type[Knobs]]:
    """The dotted key, field and owning model of pydantic's location, which names the variant after its union."""
    key: list[str] = []
    field, owner = None, model
    steps = list(map(str, loc))
    while steps:
        name = steps.pop(0)
        key.append(name)
        field = owner.model_fields.get(name)
        nested = variants(field) if field else {}
        if not nested or not steps:
            break
        owner = nested[steps.pop(0)] if set(nested) - {""} else nested[""]
    return ".".join(shown(step) for step in key), field, owner


def allowed(field: FieldInfo) -> str:
    """What a knob accepts, in words."""
    if nested := variants(field):
        return f"one of {listed(nested)}"
    values = get_args(field.annotation)
    if values and all(isinstance(one, str) for one in values):
        return f"one of {listed(values)}"
    least = [one.ge for one in field.metadata if isinstance(one, Ge)]
    most = [one.le for one in field.metadata if isinstance(one, Le)]
    names = str(field.annotation)
    if "bool" in names:
        return "true or false"
    if "str" in names:
        return "a text of at most 64 printable characters"
    bounds = f" from {least[0]} to {most[0]}" if least and most else ""
    return ("a whole number" if "int" in names else "a number") + bounds


def _unknown(model: type[Knobs], key: str, owner: type[Knobs]) -> str:
    name = key.rsplit(".", 1)[-1]
    elsewhere = sorted({kind for other, kind, _ in declared(model) if other == key and kind})
    if elsewhere:
        union = key.rsplit(".", 1)[0]
        return f"belongs to {union}.kind={' or '.join(elsewhere)}; choose that kind or leave '{key}' out"
    close = difflib.get_close_matches(name, owner.model_fields, n=1)
    hint = f" Did you mean '{close[0]}'?" if close else ""
    return f"there is no such knob here.{hint} The knobs are {listed(owner.model_fields)}"


def listed(names: Iterable[object]) -> str:
    """Names as a message lists them."""
    return ", ".join(f"'{name}'" for name in names)


def shown(given: object) -> str:
    """What was given, short enough and printable, to be repeated in a message."""
    printable = _UNPRINTABLE.sub("�", str(given))
    return printable if len(printable) <= 40 else f"{printable[:40]}…"
