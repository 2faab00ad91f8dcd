"""The REST API: labs, their parts, and one part's answer. Its hot path is one function that returns bytes."""

from collections.abc import Awaitable, Callable
from functools import cache
from typing import Any

from fastapi import APIRouter
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from app.knobs import declared, schema
from app.labs import LABS
from app.labs.lab import Lab, Part
from app.web import hiding
from app.web.answering import Answers
from app.web.openapi import problem_response
from app.web.queries import pairs, parse, raw_query
from app.web.questions import Question, encode, question
from app.web.responses import ALWAYS_ASK, FOREVER, held, respond
from app.web.store import Encoded, fingerprint


def dotted(lab: Lab, part: Part) -> list[str]:
    """The dotted keys that a part depends on."""
    keys = [key for key, _, _ in declared(lab.knobs) if part.owns(key)]
    return list(dict.fromkeys(keys))


@cache
def description(lab: Lab) -> dict[str, Any]:
    """How a lab describes itself."""
    return {
        "slug": lab.slug, "title": lab.title, "question": lab.question, "knobs": schema(lab.knobs),
        "figures": [one._asdict() for one in lab.figures],
        "parts": {
            part.name: {
                "knobs": dotted(lab, part), "streams": part.streams, "sweeps": list(part.sweeps), "shown": part.shown,
            }
            for part in lab.parts.values()
        },
        "presets": [
            {"id": one.id, "sentence": one.sentence, "knobs": dict(one.knobs), "shows": list(one.shows)}
            for one in lab.presets
        ],
    }  # fmt: skip


def found(slug: str) -> Lab:
    """The lab of that slug, or 404."""
    if slug not in LABS:
        raise HTTPException(404, f"there is no lab '{slug[:40]}'; the labs are {', '.join(LABS)}")
    return LABS[slug]


def part_of(lab: Lab, name: str) -> Part:
    """The part of that name, or 404."""
    if name not in lab.parts:
        raise HTTPException(404, f"'{lab.slug}' has no part '{name[:40]}'; its parts are {', '.join(lab.parts)}")
    return lab.parts[name]


async def answer(request: Request) -> Response:
    """One part of a lab."""
    answers: Answers = request.app.state.answers
    raw = raw_query(request)
    address = f"{request.scope['path']}?{raw}"
    cache = FOREVER if f"v={answers.build}" in raw else ALWAYS_ASK
    kept = answers.store.known(address) or await _new(request, answers, raw, address)
    return kept if isinstance(kept, Response) else respond(request, kept, cache, "application/json")


async def _new(request: Request, answers: Answers, raw: str, address: str) -> Encoded | Response:
    lab = found(request.path_params["lab"])
    part = part_of(lab, request.path_params["part"])
    asked: Question = question(lab, part, asked_of(raw))
    if request.headers.get("if-none-match") and held(request, answers.etag(asked)):
        answers.tables(asked.knobs)  # a data set that was dropped has no answers any more
        return respond(request, Encoded(b"", answers.etag(asked)), ALWAYS_ASK, "application/json")
    found_or_made = await answers.find(asked)
    answers.store.alias(address, asked.key)
    return found_or_made


def asked_of(raw: str) -> dict[str, str]:
    """The keys of a query without what pages alone know: `v`, the build for which an answer may be kept for ever, and
    which controls are hidden."""
    return {key: value for key, value in pairs(raw).items() if key not in ("v", hiding.KEY)}


async def script(request: Request) -> Response:
    """A lab's knobs as a Python script that gives the same numbers without this project."""
    answers: Answers = request.app.state.answers
    lab = found(request.path_params["lab"])
    knobs = parse(lab.knobs, asked_of(raw_query(request)))
    await answers.made(knobs)
    return PlainTextResponse(lab.python(knobs, answers.library), headers={"Cache-Control": ALWAYS_ASK})


class Get:
    """What a GET or HEAD answers, as a plain ASGI app: a route that adds nothing to it.

    Raises:
        HTTPException: 405 for every other method.
    """

    def __init__(self, answer: Callable[[Request], Awaitable[ASGIApp]]) -> None:
        self._answer = answer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["method"] not in ("GET", "HEAD"):
            raise HTTPException(405, headers={"Allow": "GET, HEAD"})
        response = await self._answer(Request(scope, receive))
        await response(scope, receive, send)


# Beside the FastAPI app, not in it: what that adds to a request (telemetry, exit stacks, its own validation) is here
# done once, by models that know dotted keys, and would cost as much as an answer from memory.
DIRECT = [
    Route("/api/v1/labs/{lab}/python", Get(script)),
    Route("/api/v1/labs/{lab}/{part}", Get(answer)),
]

router = APIRouter(prefix="/api/v1")


@router.get("/labs", summary="The labs, in teaching order")
async def labs(request: Request) -> Response:
    """Slug, title, question and parts of every lab."""
    short = [{key: description(lab)[key] for key in ("slug", "title", "question", "parts")} for lab in LABS.values()]
    return _described(request, {"labs": short})


@router.get(
    "/labs/{lab}", summary="One lab: its knobs as JSON Schema, its parts, its presets",
    responses={404: problem_response("there is no such lab")},
)  # fmt: skip
async def one_lab(request: Request, lab: str) -> Response:
    """Everything a page or a client needs to ask for its parts."""
    return _described(request, description(found(lab)))


def _described(request: Request, value: object) -> Response:
    body = encode(value)
    return respond(request, Encoded(body, fingerprint(body)), ALWAYS_ASK, "application/json")
