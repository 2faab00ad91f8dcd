"""Bytes to a response: compressed for those who take it, 304 for those who have it."""

from starlette.requests import Request
from starlette.responses import Response

from app.web.store import Encoded

FOREVER = "public, max-age=31536000, immutable"
ALWAYS_ASK = "public, no-cache"  # keep it, but ask whether it still holds: a strong ETag answers without computing


def respond(request: Request, encoded: Encoded, cache: str, media_type: str, status: int = 200) -> Response:
    """The encoded body in the encoding that the client takes."""
    zipped = encoded.worth_compressing and "gzip" in request.headers.get("accept-encoding", "")
    etag = f'"{encoded.etag}-gz"' if zipped else f'"{encoded.etag}"'
    headers = {"ETag": etag, "Cache-Control": cache, "Vary": "Accept-Encoding"}
    if status == 200 and held(request, encoded.etag):
        return Response(status_code=304, headers=headers)
    if zipped:
        headers["Content-Encoding"] = "gzip"
    return Response(encoded.compressed if zipped else encoded.body, status, headers, media_type)


def held(request: Request, etag: str) -> bool:
    """Whether the client already has this body, in either encoding (RFC 9110 §13.1.2)."""
    given = request.headers.get("if-none-match")
    if given is None:
        return False
    tags = {tag.strip().removeprefix("W/").strip('"') for tag in given.split(",")}
    return bool(tags & {etag, f"{etag}-gz", "*"})
