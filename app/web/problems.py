"""The one shape of every refusal and failure: RFC 9457 problem details with ``errors: [{knob, message}]``."""

import logging
from collections.abc import Callable, Coroutine, Sequence
from http import HTTPStatus
from typing import Any

import orjson
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from app.knobs import Refused

log = logging.getLogger("normball")

ERRORS_SHOWN = 20

Handler = Callable[[Request, Any], Coroutine[Any, Any, Response]]


class Busy(Exception):
    """More long computations wait than may wait; come back in a moment."""


class OutOfTime(Exception):
    """A computation was given up at its deadline."""


def problem(
    status: int, detail: str, errors: Sequence[tuple[str, str]] = (), headers: dict[str, str] | None = None
) -> Response:
    """A problem document; ``errors`` pairs the knob (or a place in a file) with a sentence."""
    body = {
        "type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "detail": detail,
        "errors": [{"knob": knob, "message": message} for knob, message in errors[:ERRORS_SHOWN]],
    }  # fmt: skip
    return Response(
        orjson.dumps(body),
        status,
        {"Cache-Control": "no-store", **(headers or {})},
        "application/problem+json",
    )


def refused(error: Refused) -> Response:
    """422: knobs that cannot be answered."""
    said = [f"{knob} {message}" if knob and message.startswith("'") else message for knob, message in error.errors]
    return problem(422, "; ".join(said[:3]), error.errors)


def told(error: Exception) -> Response:
    """Any failure of ours; of one that nobody foresaw nothing is told but that it is logged."""
    if isinstance(error, Refused):
        return refused(error)
    if isinstance(error, Busy):
        return problem(503, "many long computations are waiting; try again in a moment", headers={"Retry-After": "2"})
    if isinstance(error, OutOfTime):
        return problem(503, "this computation took too long and was given up; choose a smaller problem")
    return problem(500, "something went wrong here, not with your request; it has been logged")


def handlers(
    page: Callable[[Request, int, str], Response],
) -> dict[int | type[Exception], Handler]:
    """By exception, how an app answers every failure in this shape; a browser gets a wrong turn as a page."""

    async def known(_: Request, error: Exception) -> Response:
        return told(error)

    async def invalid(_: Request, error: RequestValidationError) -> Response:
        found = [(".".join(map(str, one["loc"][1:])), str(one["msg"])) for one in error.errors()[:ERRORS_SHOWN]]
        return problem(422, "the request is not valid", found)

    async def http(request: Request, error: HTTPException) -> Response:
        if "text/html" in request.headers.get("accept", "") and not request.scope["path"].startswith("/api/"):
            return page(request, error.status_code, str(error.detail))
        return problem(error.status_code, str(error.detail), headers=dict(error.headers or {}))

    async def bug(request: Request, error: Exception) -> Response:
        log.error("failed: %s?%s", request.scope["path"], request.scope["query_string"], exc_info=error)
        return told(error)

    return {
        Refused: known,
        Busy: known,
        OutOfTime: known,
        RequestValidationError: invalid,
        HTTPException: http,
        Exception: bug,
    }
