"""Data sets: the bundled ones, and the user's own CSV, content-addressed so that its link works for the class."""

import re
from typing import Any

from fastapi import APIRouter
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from app.data.csv_table import CsvRefused, read_csv
from app.data.csv_text import MOST_BYTES
from app.data.library import Library
from app.data.problems import Impossible
from app.data.tables import Table
from app.web.answering import Answers
from app.web.openapi import problem_response
from app.web.problems import problem
from app.web.questions import encode

router = APIRouter(prefix="/api/v1/datasets", tags=["datasets"])


def description(table: Table) -> dict[str, Any]:
    """A table as a client needs it to choose a target and features."""
    return {
        "id": table.id, "title": table.title, "source": table.source, "task": table.task, "rows": table.rows,
        "columns": table.columns, "numbers": table.numbers, "target": table.target, "suggested": table.suggested,
        "classes": {name: list(table.levels(name)) for name in table.columns}, "left_out": table.left_out,
    }  # fmt: skip


def _library(request: Request) -> Library:
    answers: Answers = request.app.state.answers
    return answers.library


def _found(request: Request, name: str) -> Table:
    try:
        return _library(request).table(name)
    except Impossible as error:
        raise HTTPException(404, error.message) from None


@router.get("", summary="The bundled data sets, and where an upload is kept")
async def datasets(request: Request) -> Response:
    """Uploads are not listed: whoever has the link has the data."""
    library = _library(request)
    body = {"datasets": [description(table) for table in library.bundled], "kept": library.kept}
    return Response(encode(body), media_type="application/json")


_UNKNOWN: dict[int | str, dict[str, Any]] = {404: problem_response("there is no data set of that id")}


@router.get("/{name}", summary="One data set: its columns, target and classes", responses=_UNKNOWN)
async def dataset(request: Request, name: str) -> Response:
    """A bundled data set or an upload, by its id."""
    return Response(encode(description(_found(request, name))), media_type="application/json")


_BODY = {"text/csv": {"schema": {"type": "string", "description": f"at most {MOST_BYTES:,} bytes"}}}
_UPLOADED = {"requestBody": {"required": True, "content": _BODY}}


@router.post(
    "", status_code=201, summary="Upload a CSV", openapi_extra=_UPLOADED,
    responses={413: problem_response("larger than 1 MB"), 422: problem_response("not a table of numbers")},
)  # fmt: skip
async def upload(request: Request) -> Response:
    """UTF-8, a header line, comma or semicolon, at most 1 MB, 5,000 rows and 50 numeric columns."""
    content = await _bounded(request)
    if content is None:
        return problem(413, f"the file is larger than {MOST_BYTES:,} bytes; at most 1 MB is accepted")
    answers: Answers = request.app.state.answers
    try:
        table = answers.library.add(content, await answers.workers.run(read_csv, content))
    except CsvRefused as error:
        return problem(422, "this file is not a table of numbers", error.errors)
    return Response(
        encode({**description(table), "kept": answers.library.kept}), 201,
        {"Location": f"/api/v1/datasets/{table.id}"}, "application/json",
    )  # fmt: skip


async def _bounded(request: Request) -> bytes | None:
    """The body, or None as soon as it is known to be too large."""
    length = request.headers.get("content-length", "0")
    if not re.fullmatch("[0-9]{1,12}", length) or int(length) > MOST_BYTES:
        return None
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MOST_BYTES:
            return None
    return bytes(body)


@router.delete("/{name}", status_code=204, summary="Forget an upload", responses=_UNKNOWN)
async def drop(request: Request, name: str) -> Response:
    """A bundled data set cannot be dropped."""
    if not _library(request).drop(name):
        raise HTTPException(404, "there is no uploaded data set of that id")
    answers: Answers = request.app.state.answers
    answers.store.forget(name)  # its answers go with it: they hold what was in the file
    return Response(status_code=204)
