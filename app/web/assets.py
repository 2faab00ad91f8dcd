"""Scripts, styles and fonts: read once, compressed once, under URLs that carry the build and may be kept for ever."""

import gzip
import hashlib
import mimetypes
from collections.abc import Callable
from functools import cached_property
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

import orjson
import rcssmin
import rjsmin
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from app.figures.roles import ROLES
from app.web.modules import inlined, joined
from app.web.palettes import described
from app.web.responses import FOREVER

ROOT = Path(__file__).parents[2]
STATIC = ROOT / "static"
# Others' scripts, by the package that brings them; the package itself is not imported (Plotly's takes its time).
INSTALLED = {
    "plotly.js": ("plotly", "package_data/plotly.min.js"),
    "swagger-ui.js": ("fastapi_offline", "static/swagger-ui-bundle.js"),
    "swagger-ui.css": ("fastapi_offline", "static/swagger-ui.css"),
}
PACKAGES = ("numpy", "plotly", "pydantic", "orjson")  # what an answer's bytes depend on besides this project's files
COMPRESSIBLE = {".js", ".css", ".svg", ".txt", ".json", ".webmanifest"}

mimetypes.add_type("font/woff2", ".woff2")
mimetypes.add_type("text/javascript", ".js")


def at_once(source: str) -> str:
    """To be compiled as a whole while it streams, beside the main thread, where the page would stand still meanwhile.

    V8 else prepares a large bundle only roughly and compiles it again, function by function, when it runs: half a
    second for Plotly (Explicit Compile Hints, v8.dev 2025). To other engines it is a comment.
    """
    return f"//# allFunctionsCalledOnLoad\n{source}"


# Comments and indentation are for those who read the source; they would be a third of what a first visit transfers.
PREPARED: dict[str, Callable[[str], str]] = {".js": rjsmin.jsmin, ".css": rcssmin.cssmin, "plotly.js": at_once}


class Asset:
    """A file as bytes; read, and compressed, when the first client takes it."""

    def __init__(self, name: str, read: Callable[[], bytes]) -> None:
        self._read = read
        self.type = mimetypes.guess_type(name)[0] or "application/octet-stream"
        self.compressible = Path(name).suffix in COMPRESSIBLE

    @cached_property
    def body(self) -> bytes:
        """The file, without its comments where it is one of ours."""
        return self._read()

    @cached_property
    def compressed(self) -> bytes:
        """The file, compressed as well as gzip can."""
        return gzip.compress(self.body, 9, mtime=0)


class Assets:
    """Every static file by its path below `static/`, and others' scripts from their installed packages."""

    def __init__(self) -> None:
        files = sorted(path for path in STATIC.rglob("*") if path.is_file())
        self._files = {path.relative_to(STATIC).as_posix(): _file(path, PREPARED.get(path.suffix)) for path in files}
        self._files |= {name: _file(_installed(*where), PREPARED.get(name)) for name, where in INSTALLED.items()}
        self._files |= _made()
        self.build = _build(files)

    def url(self, path: str) -> str:
        """Where a file is served. Raises KeyError for one that does not exist: a template that names it is wrong."""
        self.file(path)
        return f"/static/{self.build}/{path}"

    def file(self, path: str) -> Asset:
        """A file by its path below `static/`. Raises KeyError for one that does not exist."""
        return self._files[path]

    async def serve(self, request: Request) -> Response:
        """A file; an older build's URL gives today's file, but nobody may keep it."""
        asset = self._files.get(request.path_params["path"])
        if asset is None:
            raise HTTPException(404, "there is no such file")
        current = request.path_params["build"] == self.build
        headers = {"Cache-Control": FOREVER if current else "no-cache", "Vary": "Accept-Encoding"}
        if asset.compressible and "gzip" in request.headers.get("accept-encoding", ""):
            return Response(asset.compressed, 200, {**headers, "Content-Encoding": "gzip"}, asset.type)
        return Response(asset.body, 200, headers, asset.type)


def _file(path: Path, prepare: Callable[[str], str] | None) -> Asset:
    def read() -> bytes:
        return path.read_bytes() if prepare is None else prepare(path.read_text(encoding="utf-8")).encode()

    return Asset(path.name, read)


def _made() -> dict[str, Asset]:
    """What is put together from several files: the scripts and the sheets that every page needs; and the roles."""

    def sources(kind: str) -> dict[str, str]:
        return {path.stem: path.read_text(encoding="utf-8") for path in (STATIC / kind).glob(f"*.{kind}")}

    texts = {f"js/{name}.js": rjsmin.jsmin(source) for name, source in joined(sources("js"), "lab").items()}
    texts["css/app.css"] = rcssmin.cssmin(inlined(sources("css"), "app"))
    texts["roles.json"] = orjson.dumps(described(ROLES)).decode()
    return {name: Asset(name, text.encode) for name, text in texts.items()}


def _installed(package: str, path: str) -> Path:
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        raise RuntimeError(f"the package {package} is not installed")
    return Path(spec.origin).parent / path


def _build(static: list[Path]) -> str:
    """A name for exactly these files and packages: an upgrade never shows yesterday's answer."""
    digest = hashlib.blake2b(digest_size=6)
    sources = [*sorted((ROOT / "app").rglob("*.py")), *sorted((ROOT / "app").rglob("*.csv"))]
    for path in [*sources, *sorted((ROOT / "templates").rglob("*.html")), *static]:
        digest.update(path.relative_to(ROOT).as_posix().encode())
        digest.update(path.read_bytes())
    for package in PACKAGES:
        digest.update(f"{package} {version(package)}".encode())
    return digest.hexdigest()
