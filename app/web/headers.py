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
        self._added = {
            "Content-Security-Policy": policy(frame_ancestors),
            "X-Content-Type-Options": "nosniff",
            "Referrer-Policy": "no-referrer",
            "Cross-Origin-Opener-Policy": "same-origin",
            "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
        }
        self._raw = [(name.lower().encode(), value.encode()) for name, value in self._added.items()]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request with the headers added; a compressed request body is refused (a bomb costs nothing here)."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def safely(message: Message) -> None:
            if message["type"] == "http.response.start":
                present = {name for name, _ in message["headers"]}
                message["headers"] = [
                    *message["headers"], *(pair for pair in self._raw if pair[0] not in present)
                ]  # fmt: skip
            await send(message)

        if any(name == b"content-encoding" for name, _ in scope["headers"]):
            refusal = problem(415, "send the body as it is, without Content-Encoding")
            await refusal(scope, receive, safely)
            return
        await self._app(scope, receive, safely)
