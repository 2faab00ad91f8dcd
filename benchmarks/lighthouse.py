"""Lighthouse's marks for the page, in its desktop setting; fetched by npm into a cache folder of the checkout."""

import json
import os
import shutil
import subprocess
from pathlib import Path
from statistics import median

from playwright.sync_api import sync_playwright

from benchmarks import chromium
from benchmarks.browser import PAGE
from benchmarks.servers import ROOT, serving
from benchmarks.table import Row
from benchmarks.timing import Pace

FOLDER = ROOT / ".cache" / "lighthouse"
CLI = FOLDER / "node_modules" / "lighthouse" / "cli" / "index.js"
VERSION = "12"
TARGETS = {"performance": 90, "accessibility": 100, "best-practices": 100}


def rows(pace: Pace) -> list[Row]:
    """One row for each mark, or one that says why there is none."""
    reason = _missing()
    if reason:
        return [Row("Lighthouse", f"skipped: {reason}", float("nan"))]
    with serving("app", "/readyz") as server:
        marks = [_marks(f"http://127.0.0.1:{server.port}{PAGE}") for _ in range(1 if pace.rounds == 1 else 3)]
    how = f"median of {len(marks)}" if len(marks) > 1 else "once"
    return [Row(name, how, median(mark[name] for mark in marks), "", target) for name, target in TARGETS.items()]


def _missing() -> str | None:
    """Why Lighthouse cannot run; fetches it where it is not yet there."""
    if CLI.exists():
        return None
    if not shutil.which("npm"):
        return "npm is not on PATH"
    install = ["npm", "install", "--prefix", str(FOLDER), "--no-audit", "--no-fund", f"lighthouse@{VERSION}"]
    FOLDER.mkdir(parents=True, exist_ok=True)
    done = subprocess.run(install, cwd=FOLDER, capture_output=True, text=True, check=False)
    return None if done.returncode == 0 else f"npm could not install it: {done.stderr.strip()[-200:]}"


def _marks(url: str) -> dict[str, float]:
    asked = [
        "node", str(CLI), url, "--preset=desktop", "--output=json", "--quiet",
        f"--only-categories={','.join(TARGETS)}", "--chrome-flags=--headless=new --no-sandbox --disable-gpu",
    ]  # fmt: skip
    environment = os.environ | {"CHROME_PATH": _chromium()}
    done = subprocess.run(asked, cwd=FOLDER, env=environment, capture_output=True, text=True, check=True)
    categories = json.loads(done.stdout)["categories"]
    return {name: round(100 * categories[name]["score"]) for name in TARGETS}


def _chromium() -> str:
    with sync_playwright() as playwright:
        return str(Path(chromium.path() or playwright.chromium.executable_path))
