"""The OpenAPI document: every dotted key of every part with its bounds, read off the same models that validate it."""

from collections.abc import Iterator
from typing import Any, get_args

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from app.geometry.outcomes import Kind
from app.knobs import Knobs, schema, variants
from app.labs import LABS
from app.labs.lab import Lab, Part

NUMBER_OR_WORD = {"anyOf": [{"type": "number"}, {"type": "string"}, {"type": "boolean"}, {"type": "null"}]}

ANSWER: dict[str, Any] = {
    "type": "object",
    "required": ["lab", "part", "knobs", "objective", "figures", "readouts", "outcome"],
    "properties": {
        "lab": {"type": "string"},
        "part": {"type": "string"},
        "knobs": {"type": "object", "additionalProperties": NUMBER_OR_WORD},
        "objective": {"type": "string", "description": "What was solved, in words and symbols."},
        "figures": {
            "type": "object",
            "description": "Plotly figures by name.",
            "additionalProperties": {
                "type": "object",
                "required": ["data", "layout"],
                "properties": {"data": {"type": "array", "items": {"type": "object"}}, "layout": {"type": "object"}},
            },
        },
        "readouts": {
            "type": "object",
            "additionalProperties": {
                "type": "object",
                "required": ["value", "label", "unit", "help", "group"],
                "properties": {
                    "value": NUMBER_OR_WORD,
                    "label": {"type": "string"},
                    "unit": {"type": ["string", "null"]},
                    "help": {"type": "string"},
                    "group": {"type": "string", "description": "The fold that a page puts it into; empty for none."},
                },
            },
        },
        "outcome": {
            "type": "object",
            "required": ["kind", "sentence"],
            "properties": {"kind": {"type": "string", "enum": list(get_args(Kind))}, "sentence": {"type": "string"}},
        },
        "numbers": {"type": "object", "description": "What no picture shows: what a network has learnt, for one."},
    },
}

SWEEP: dict[str, Any] = {
    "type": "object",
    "required": ["lab", "part", "sweep", "knobs", "values", "frames"],
    "properties": {
        "sweep": {"type": "string"},
        "values": {"type": "array", "items": {"type": "number"}},
        "frames": {"type": "array", "items": {"type": "object"}},
    },
}

PROBLEM: dict[str, Any] = {
    "type": "object",
    "required": ["type", "title", "status", "detail", "errors"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["knob", "message"],
                "properties": {"knob": {"type": "string"}, "message": {"type": "string"}},
            },
        },
    },
}


STREAM = (
    "Server-Sent Events, each with JSON. `progress`: {share, step, steps}. With `sweep`: first `answer`, in full at "
    "the first moment, then a `frame` {value, frame} for each moment in order, as the sweep has it; without: one "
    "`answer`. Last `end` {kind, sentence}, how the training ended, or `trouble`, a Problem."
)


EVENT: dict[str, Any] = {
    "type": "object",
    "required": ["event", "data"],
    "properties": {
        "event": {"type": "string", "enum": ["progress", "answer", "frame", "end", "trouble"]},
        "data": {"type": "string", "contentMediaType": "application/json"},
    },
}


def refs(name: str) -> dict[str, str]:
    """A reference to one of the schemas above."""
    return {"$ref": f"#/components/schemas/{name}"}


def problem_response(words: str) -> dict[str, Any]:
    """A documented failure."""
    return {"description": words, "content": {"application/problem+json": {"schema": refs("Problem")}}}


def _fields(lab: Lab) -> dict[str, list[tuple[str, dict[str, Any]]]]:
    """The JSON Schema of each dotted key, once for each kind that has it."""
    found: dict[str, list[tuple[str, dict[str, Any]]]] = {}
    for key, kind, properties in _documented(lab.knobs):
        found.setdefault(key, []).append((kind, properties))
    return found


def _documented(model: type[Knobs], prefix: str = "", kind: str = "") -> Iterator[tuple[str, str, dict[str, Any]]]:
    own = schema(model)["properties"]
    for name, field in model.model_fields.items():
        nested = variants(field)
        if not nested:
            yield prefix + name, kind, own[name]
        for inner, variant in nested.items():
            yield from _documented(variant, f"{prefix}{name}.", inner)


def _parameter(key: str, uses: list[tuple[str, dict[str, Any]]]) -> dict[str, Any]:
    shapes: list[dict[str, Any]] = []
    for _, field in uses:
        kinds = field.get("anyOf", [field])
        bare = [
            {word: one[word] for word in ("type", "enum", "const", "minimum", "maximum", "maxLength") if word in one}
            for one in kinds
            if one.get("type") != "null"
        ]
        shapes += [one for one in bare if one not in shapes]
    consts = [one["const"] for one in shapes if "const" in one]
    merged = {"type": "string", "enum": consts} if consts else shapes[0] if len(shapes) == 1 else {"anyOf": shapes}
    words = " ".join(dict.fromkeys(field.get("description", "") for _, field in uses)).strip()
    only = ", ".join(kind for kind, _ in uses if kind) if not consts else ""
    said = f"{words} (only with {key.split('.', 1)[0]}.kind = {only})" if only else words
    return {"name": key, "in": "query", "required": False, "schema": merged, "description": said}


def _path(lab: Lab, part: Part) -> dict[str, Any]:
    own = [_parameter(key, uses) for key, uses in _fields(lab).items() if part.owns(key)]
    if part.sweeps:
        words = "Answer for every position of this knob's slider at once."
        own.append(
            {"name": "sweep", "in": "query", "required": False, "description": words,
             "schema": {"type": "string", "enum": list(part.sweeps)}}
        )  # fmt: skip
    body = {"anyOf": [refs("Answer"), refs("Sweep")]} if part.sweeps else refs("Answer")
    return {
        "get": {
            "tags": [lab.slug],
            "operationId": f"{lab.slug}_{part.name}".replace("-", "_"),
            "summary": f"{lab.title}: {part.name}",
            "description": (part.compute.__doc__ or "").split("\n\n")[0],
            "parameters": own,
            "responses": {
                "200": {"description": "The answer", "content": {"application/json": {"schema": body}}},
                "304": {"description": "The client has it already"},
                "422": problem_response("A knob is unknown, out of bounds, or a combination does not exist"),
                "503": problem_response("Too much is being computed; try again"),
            },
        }
    }


def _stream_path(lab: Lab, part: Part) -> dict[str, Any]:
    """The same question, told while it trains."""
    asked = _path(lab, part)["get"]
    told = {
        "description": STREAM,
        "content": {"text/event-stream": {"schema": EVENT}},
    }
    responses = {code: one for code, one in asked["responses"].items() if code != "304"} | {"200": told}
    return {
        "get": {
            **asked,
            "operationId": f"{asked['operationId']}_stream",
            "summary": f"{lab.title}: {part.name}, while it trains",
            "responses": responses,
        }
    }


def _script_path(lab: Lab) -> dict[str, Any]:
    """The knobs of all parts, for a script says everything that the page shows."""
    responses: dict[str, Any] = {
        "200": {"description": "Python source", "content": {"text/plain": {"schema": {"type": "string"}}}},
        "422": problem_response("A knob is unknown, out of bounds, or a combination does not exist"),
        "503": problem_response("Too much is being computed; try again"),
    }
    return {
        "get": {
            "tags": [lab.slug],
            "operationId": f"{lab.slug}_python".replace("-", "_"),
            "summary": f"{lab.title}: the same in Python",
            "description": "A script for public libraries that gives the same numbers.",
            "parameters": [_parameter(key, uses) for key, uses in _fields(lab).items()],
            "responses": responses,
        }
    }


def document(app: FastAPI) -> dict[str, Any]:
    """The whole document, made once."""
    if app.openapi_schema is None:
        made = get_openapi(title=app.title, version=app.version, summary=app.summary, routes=app.routes)
        for lab in LABS.values():
            made["paths"][f"/api/v1/labs/{lab.slug}/python"] = _script_path(lab)
            for part in lab.parts.values():
                made["paths"][f"/api/v1/labs/{lab.slug}/{part.name}"] = _path(lab, part)
                if part.streams:
                    made["paths"][f"/api/v1/labs/{lab.slug}/{part.name}/stream"] = _stream_path(lab, part)
        shapes = {"Answer": ANSWER, "Sweep": SWEEP, "Problem": PROBLEM}
        made.setdefault("components", {}).setdefault("schemas", {}).update(shapes)
        app.openapi_schema = made
    return app.openapi_schema
