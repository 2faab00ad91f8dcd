"""`make pictures`: the pictures in docs/, taken from the real pages by a real browser.

Each is a URL, a size and a theme; nothing is retouched.
"""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from playwright.sync_api import Browser, sync_playwright

ROOT = Path(__file__).parents[1]
CORNER = (
    "problem.kind=regression&problem.dataset=diabetes&problem.first=bmi&problem.second=bp"
    "&regularizer.kind=l1&radius=0.3"
)
LONG = (
    "problem.kind=bowl&problem.curvature_1=0.2&problem.curvature_2=10&problem.angle=40"
    "&regularizer.kind=l2&radius=0.5&shortcut=project"
)


@dataclass(frozen=True)
class Picture:
    """One page at one state, as one visitor sees it."""

    name: str
    path: str
    width: int = 1440
    height: int = 900
    theme: str = "light"


PICTURES = (
    Picture("home", "/"),
    Picture("tangency", f"/labs/tangency?{CORNER}"),
    Picture("tangency-dark", f"/labs/tangency?{LONG}", theme="dark"),
    Picture("tangency-phone", f"/labs/tangency?{CORNER}", 390, 844),
    Picture("sparsity", "/labs/sparsity"),
    Picture("descent", "/labs/descent?problem.angle=30&b.problem.angle=30&b.problem.curvature_2=20", theme="dark"),
    Picture("prior", "/labs/prior?prior=laplace&width=0.3"),
    Picture("network", "/labs/network?pattern.noise=0.3"),
)


def taken(browser: Browser, url: str, picture: Picture) -> bytes:
    """The page once its figure is drawn and nothing moves any more."""
    size = {"width": picture.width, "height": picture.height}
    page = browser.new_page(viewport=size, color_scheme=picture.theme, reduced_motion="reduce")  # type: ignore[arg-type]
    page.goto(url + picture.path)
    if picture.path.startswith("/labs/"):
        page.wait_for_selector(".figure.drawn .xtick")
    page.wait_for_load_state("networkidle")
    shot = page.screenshot()
    page.close()
    return shot


def started(folder: str) -> tuple[subprocess.Popen[bytes], str]:
    """A server of its own, on a free port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    environment = os.environ | {"NORMBALL_PORT": str(port), "NORMBALL_DATA": folder}
    process = subprocess.Popen([sys.executable, "-m", "app"], cwd=ROOT, env=environment)
    url = f"http://127.0.0.1:{port}"
    for _ in range(200):
        try:
            urlopen(f"{url}/readyz").close()  # noqa: S310 (this machine's own server)
        except URLError:
            time.sleep(0.1)
        else:
            return process, url
    raise RuntimeError("the server did not start")


def main() -> None:
    """Take every picture."""
    found = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        process, url = started(folder)
        try:
            browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox", "--disable-gpu"])
            for picture in PICTURES:
                target = ROOT / "docs" / f"{picture.name}.png"
                target.write_bytes(taken(browser, url, picture))
                print(target.relative_to(ROOT))
        finally:
            process.terminate()


if __name__ == "__main__":
    main()
