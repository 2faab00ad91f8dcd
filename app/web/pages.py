"""The pages: server-rendered, so that the story, the formulas and the first numbers are there before any script."""

import asyncio
from collections.abc import Collection
from functools import cache
from typing import Any
from urllib.parse import urlencode

import orjson
from fastapi import APIRouter
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape
from math_core import LatexToMathML
from starlette.requests import Request
from starlette.responses import Response

from app.knobs import Refused
from app.labs import LABS
from app.labs.lab import Lab
from app.web.answering import Answers
from app.web.api import description, found
from app.web.assets import ROOT, Assets
from app.web.compared import checked, split
from app.web.hiding import taken
from app.web.palettes import described, palette
from app.web.problems import Busy, OutOfTime
from app.web.queries import pairs, parse, raw_query, text
from app.web.questions import Question, cost
from app.web.responses import ALWAYS_ASK, respond
from app.web.store import Encoded, compress, fingerprint

router = APIRouter(include_in_schema=False)

READ = ["GET", "HEAD"]
_UNDRAWN = {"description", "additionalProperties"}
SHORT = 500.0  # milliseconds of computing that a film may be estimated to need in order to travel in the page
PATIENCE = 2.0  # seconds that a page waits for it


@cache
def mathml(tex: str, *, display: bool = False) -> Markup:
    """LaTeX as MathML; a mistake in a template's formula raises when the page is rendered, which a test does."""
    return Markup(LatexToMathML().convert_with_local_state(tex, displaystyle=display))  # noqa: S704 (our own templates)


def displayed(tex: str) -> Markup:
    """A formula on lines of its own: where a page is narrow, it is broken at its wide spaces."""
    return Markup(" ").join(mathml(part, display=True) for part in tex.split("\\qquad"))


def environment(assets: Assets) -> Environment:
    """Templates with formulas and versioned URLs."""
    made = Environment(
        loader=FileSystemLoader(ROOT / "templates"), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True, auto_reload=False,
    )  # fmt: skip
    made.filters["math"] = mathml
    made.filters["display_math"] = displayed
    made.filters["json"] = embedded
    made.globals.update(static=assets.url, plotly_url=assets.url("plotly.js"), build=assets.build, labs=_listed())
    return made


def embedded(value: object) -> Markup:
    """JSON for a script element: nothing in it can end the element."""
    encoded = orjson.dumps(value, option=orjson.OPT_SERIALIZE_NUMPY).decode()
    for character in "<>&":
        encoded = encoded.replace(character, f"\\u{ord(character):04x}")
    return Markup(encoded)  # noqa: S704 (escaped just above)


def _listed() -> list[dict[str, str]]:
    return [{"slug": lab.slug, "title": lab.title, "question": lab.question} for lab in LABS.values()]


def _presets(lab: Lab) -> list[dict[str, str]]:
    return [
        {
            "id": one.id,
            "sentence": one.sentence,
            "href": "?" + urlencode(sorted((key, text(value)) for key, value in one.knobs.items()), safe=","),
        }
        for one in lab.presets
    ]


@router.api_route("/", methods=READ)
async def home(request: Request) -> Response:
    """The labs that exist, in teaching order."""
    return _page(request, "home.html", {})


@router.api_route("/docs", methods=READ)
async def docs(request: Request) -> Response:
    """The API, to read and to try; its scripts are served from here, so that it works offline."""
    return _page(request, "docs.html", {})


@router.api_route("/labs/{slug}", methods=READ)
async def lab_page(request: Request, slug: str) -> Response:
    """One lab at the state that its query describes; a refused query shows why, and the lab at its defaults."""
    lab = found(slug)
    refusal: list[dict[str, str]] = []
    hidden: tuple[str, ...] = ()
    try:
        knobs, hidden = taken(lab.knobs, pairs(raw_query(request)))
        first, others = split(knobs)
        checked(lab.knobs, first, others)
        answers = await _first_answers(request, lab, first)
    except Refused as error:
        refusal, hidden = [{"knob": knob, "message": message} for knob, message in error.errors], ()
        answers = await _first_answers(request, lab, {})
    page = {
        **description(lab), **_parts(lab), "knobs": _controls(lab), "build": request.app.state.assets.build,
        "answers": answers, "refused": refusal,
        "roles": described(palette(lab)),
    }  # fmt: skip
    context = {"lab": lab, "answers": answers, "presets": _presets(lab), "page_json": embedded(page)}
    return _page(request, "lab.html", {**context, "refused": refusal, "hidden": hidden}, 422 if refusal else 200)


def _parts(lab: Lab) -> dict[str, Any]:
    """The parts that the page draws, and those that it only hands on."""
    listed: dict[str, Any] = description(lab)["parts"]
    told = {name: {key: said for key, said in one.items() if key != "shown"} for name, one in listed.items()}
    extras = {name: one for name, one in told.items() if not lab.parts[name].shown}
    shown = {name: one for name, one in told.items() if name not in extras}
    return {"parts": shown, **({"extras": extras} if extras else {})}


def _controls(lab: Lab) -> dict[str, Any]:
    """The schema of the knobs without what is said of whole models: a page draws controls alone."""
    schema = description(lab)["knobs"]
    defs = {name: _drawn(one, _UNDRAWN) for name, one in schema.get("$defs", {}).items()}
    return {**_drawn(schema), "$defs": defs}


def _drawn(model: dict[str, Any], without: Collection[str] = ()) -> dict[str, Any]:
    """A model's schema; of a kind its name alone, and unions by their variants alone."""
    fields = {
        name: {"const": one["const"]} if "const" in one else {k: v for k, v in one.items() if k != "discriminator"}
        for name, one in model["properties"].items()
    }
    return {**{key: said for key, said in model.items() if key not in without}, "properties": fields}


async def _first_answers(request: Request, lab: Lab, given: dict[str, str]) -> dict[str, Any]:
    """The parts that can be swept are the light ones, as are short films: their first answer travels in the page."""
    answers: Answers = request.app.state.answers
    swept = [part for part in lab.parts.values() if part.sweeps and part.shown]
    knobs = parse(lab.knobs, given)
    found = await asyncio.gather(*(_first(answers, Question(lab, part, knobs, None)) for part in swept))
    return {part.name: orjson.loads(one.body) for part, one in zip(swept, found, strict=True) if one is not None}


async def _first(answers: Answers, asked: Question) -> Encoded | None:
    """An answer; of a film None where it would take too long or too many others are before it: the page streams it."""
    if not asked.part.streams:
        return await answers.find(asked)
    try:
        async with asyncio.timeout(PATIENCE):
            await answers.made(asked.knobs)
            known = answers.store.find(asked.key)
            short = cost(asked, answers.library) <= SHORT
            return known or (await answers.find(asked) if short else None)
    except (Busy, OutOfTime, TimeoutError):
        return None


def _page(request: Request, template: str, context: dict[str, Any], status: int = 200) -> Response:
    templates: Environment = request.app.state.templates
    body = templates.get_template(template).render(context).encode()
    return respond(
        request, Encoded(body, fingerprint(body), compress(body)), ALWAYS_ASK, "text/html; charset=utf-8", status
    )


def error_page(request: Request, status: int, sentence: str) -> Response:
    """A page for a person who took a wrong turn."""
    return _page(request, "error.html", {"status": status, "sentence": escape(sentence)}, status)
