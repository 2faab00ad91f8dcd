"""create_app(): the only place where everything meets."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Mount

from app import __version__
from app.data.library import Library
from app.data.uploads import Uploads
from app.settings import Settings
from app.web import api, datasets, openapi, pages, problems, streams
from app.web.answering import Answers
from app.web.assets import Assets
from app.web.headers import SafeHeaders
from app.web.signals import heard
from app.web.store import Store
from app.web.workers import Workers


def create_app(settings: Settings | None = None) -> Starlette:
    """The application; every setting comes from the environment unless given."""
    settings = settings or Settings()
    assets = Assets()
    workers = Workers(settings.workers, waiting=settings.waiting, deadline=settings.deadline)
    library = Library(Uploads(settings.data))
    answers = Answers(library, workers, Store(settings.memory), assets.build)

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        workers.warm()
        answers.films.start()
        app.state.ready = True
        with heard(answers.films.stop):
            yield
        app.state.ready = False
        answers.films.stop()
        workers.stop()

    app = Starlette(
        routes=[*api.DIRECT, *streams.DIRECT, Mount("", described := _described(assets))],
        exception_handlers=problems.handlers(pages.error_page), lifespan=lifespan,
        middleware=[Middleware(SafeHeaders, frame_ancestors=settings.frame_ancestors)],
    )  # fmt: skip
    app.state.assets, app.state.answers, app.state.ready = assets, answers, False
    app.state.templates = pages.environment(assets)
    described.state = app.state
    return app


def _described(assets: Assets) -> FastAPI:
    """All but the parts and their streams: pages, uploads, health, and the description of the API."""
    app = FastAPI(
        title="Normball", version=__version__, redirect_slashes=False, docs_url=None, redoc_url=None,
        summary="The geometry of regularization: loss contours, norm balls, and the optima between them.",
        exception_handlers=problems.handlers(pages.error_page),
    )  # fmt: skip
    app.openapi = lambda: openapi.document(app)  # type: ignore[method-assign]
    app.include_router(api.router)
    app.include_router(datasets.router)
    app.include_router(pages.router)
    app.add_route("/static/{build}/{path:path}", assets.serve)

    @app.get("/healthz", include_in_schema=False)
    async def healthz() -> JSONResponse:
        return JSONResponse({"status": "alive"})

    @app.get("/readyz", include_in_schema=False)
    async def readyz(request: Request) -> JSONResponse:
        state = request.app.state
        body = {"status": "ready" if state.ready else "starting or stopping", "build": state.assets.build}
        return JSONResponse(body, status_code=200 if state.ready else 503)

    return app
