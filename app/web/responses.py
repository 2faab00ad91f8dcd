"""Bytes to a response: compressed for those who take it, 304 for those who have it."""

from starlette.requests import Request
from starlette.responses import Response

from app.web.store import Encoded

FOREVER = "public, max-age=31536000, immutable"
ALWAYS_ASK = "public, no-cache"  # keep it, but ask whether it still holds: a strong ETag answers without computing


def respond(request: Request, encoded: Encoded, cache: str, media_type: str, status: int = 200) -> Response:
    """The encoded body in the encoding that the client takes."""
    tag = held(request, encoded.etag) if status == 200 else None
    if tag is not None:
        return Response(
            status_code=304, headers={"ETag": f'"{tag}"', "Cache-Control": cache, "Vary": "Accept-Encoding"}
        )
    zipped = encoded.worth_compressing and "gzip" in request.headers.get("accept-encoding", "")
    headers = {"ETag": f'"{encoded.etag}-gz"' if zipped else f'"{encoded.etag}"', "Cache-Control": cache}
    headers["Vary"] = "Accept-Encoding"
    if zipped:
        headers["Content-Encoding"] = "gzip"
    return Response(encoded.compressed if zipped else encoded.body, status, headers, media_type)


def held(request: Request, etag: str) -> str | None:
    """The tag by which the client already has this body, in either encoding (RFC 9110 §13.1.2); None if it has not."""
    given = request.headers.get("if-none-match")
    if given is None:
        return None
    tags = {tag.strip().removeprefix("W/").strip('"') for tag in given.split(",")}
    return next((tag for tag in (etag, f"{etag}-gz") if tag in tags or "*" in tags), None)
