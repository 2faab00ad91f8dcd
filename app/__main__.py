"""``python -m app``: serve the dashboard as the settings say."""

import gc

import uvicorn

from app.main import create_app
from app.settings import Settings


def main() -> None:
    """Serve until a signal; streams and keep-alive connections get three seconds to end."""
    settings = Settings()
    app = create_app(settings)
    gc.freeze()  # what was imported stays: a search through it for cycles would stop the event loop for 0.1 s
    uvicorn.run(
        app, host=settings.host, port=settings.port,
        access_log=False, server_header=False, timeout_graceful_shutdown=3,
    )  # fmt: skip


if __name__ == "__main__":
    main()
