"""What every response says about safety, and what no request may bring; outermost, so that errors carry it too."""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.web.problems import problem


def policy(frame_ancestors: str) -> str:
    """The Content-Security-Policy: everything from this origin alone; Plotly sets style attributes by script."""
    return (
        "default-src 'none'; script-src 'self'; style-src 'self'; style-src-attr 'unsafe-inline'; "
        "img-src 'self' data: blob:; connect-src 'self'; font-src 'self'; base-uri 'none'; object-src 'none'; "
        f"form-action 'self'; frame-ancestors {frame_ancestors}"
    )


class SafeHeaders:
    """Pure ASGI: adds headers to the first message and touches nothing else."""

    def __init__(self, app: ASGIApp, frame_ancestors: str) -> None:
        self._app = app
        self._always = [(b"x-content-type-options", b"nosniff")]
        # Only a document runs scripts; on the scripts and answers themselves these would be half a kilobyte each.
        self._documents = [
            *self._always,
            (b"content-security-policy", policy(frame_ancestors).encode()),
            (b"referrer-policy", b"no-referrer"),
            (b"cross-origin-opener-policy", b"same-origin"),
            (b"permissions-policy", b"camera=(), geolocation=(), microphone=()"),
        ]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request with the headers added; a compressed request body is refused (a bomb costs nothing here)."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def safely(message: Message) -> None:
            if message["type"] == "http.response.start":
                html = dict(message["headers"]).get(b"content-type", b"").startswith(b"text/html")
                message["headers"] = [*message["headers"], *(self._documents if html else self._always)]
            await send(message)

        if b"content-encoding" in dict(scope["headers"]):
            refusal = problem(415, "send the body as it is, without Content-Encoding")
            await refusal(scope, receive, safely)
            return
        await self._app(scope, receive, safely)
