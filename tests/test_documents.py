"""What the project says about itself is true, and nothing in it reaches outside it."""

import ast
import json
import re
import tomllib
from collections.abc import Iterator
from importlib.metadata import version as installed
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.version import Version

ROOT = Path(__file__).parent.parent
MADE = {".git", ".venv", "node_modules", "data", "dist", "test-results", "__pycache__", ".cache"}
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
DOCUMENTS = [ROOT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md")]
DOCUMENTS += sorted((ROOT / "docs").rglob("*.md"))
BINARY = {".png", ".woff2", ".ico"}

# Hosts that a file of the project may name. Each is a citation or a name space; nothing is ever fetched from there.
HOSTS = {"127.0.0.1", "localhost", "www.w3.org", "json-schema.org", "doi.org", "example.org"}
LICENCES_OF_OTHERS = {"static/fonts/stix-two-math-OFL.txt"}
MACHINE = re.compile(r"(?<![\w.$}~-])/(?:home|Users|root|work|mnt)/\w")


def committed() -> Iterator[Path]:
    """The project's own text files: all but what `make` and the tools have made."""
    pending = [ROOT]
    while pending:
        for path in sorted(pending.pop().iterdir()):
            ours = path.name not in MADE or path.parent != ROOT
            if path.is_dir() and ours and path.name != "__pycache__" and not path.name.endswith("_cache"):
                pending.append(path)
            elif path.is_file() and path.suffix not in BINARY:
                yield path


FILES = [path for path in committed() if ".hypothesis" not in path.parts]
each_document = pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_nothing_reaches_outside(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not MACHINE.search(text), MACHINE.findall(text)
    if path.relative_to(ROOT).as_posix() in LICENCES_OF_OTHERS:
        return
    hosts = {host.lower() for host in re.findall(r"(?:https?|wss?|ftp)://([\w.-]*\w)", text)}
    assert hosts <= HOSTS, sorted(hosts - HOSTS)


def test_one_version() -> None:
    import app

    newest = re.search(r"^## (\d+\.\d+\.\d+)", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert newest is not None
    assert newest[1] == PROJECT["version"] == app.__version__


def test_every_setting_is_in_the_readme() -> None:
    from app.settings import Settings

    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    missing = [name for name in Settings.model_fields if f"NORMBALL_{name.upper()}" not in readme]
    assert not missing, missing


@each_document
def test_python_in_documents_compiles(path: Path) -> None:
    for block in blocks(path):
        ast.parse(block)


def test_the_examples_for_contributors_run() -> None:
    examples = blocks(ROOT / "CONTRIBUTING.md")
    assert len(examples) == 3
    for block in examples:
        exec(block, {"__name__": "example"})  # noqa: S102 (our own text)


def blocks(path: Path) -> list[str]:
    """The Python code that a document shows."""
    return re.findall(r"^```python\n(.*?)^```", path.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)


@each_document
def test_named_files_exist(path: Path) -> None:
    """In backticks, a word with a suffix of ours or a last slash is a file, and so is a relative link.

    A bare name may lie anywhere in the project.
    """
    text = re.sub(r"^```.*?^```", "", path.read_text(encoding="utf-8"), flags=re.DOTALL | re.MULTILINE)
    named = re.findall(r"`([\w.][\w./*-]*(?:/|\.(?:py|js|md|toml|yaml|json|lock|html|css|csv|sh|svg|png)))`", text)
    named += re.findall(r"\]\(([\w./-]+)\)", text)
    names = {file.name for file in FILES}
    missing = [name for name in named if not (name in names or exists(ROOT, name) or exists(path.parent, name))]
    assert not missing, missing


def exists(folder: Path, name: str) -> bool:
    return any(folder.glob(name.rstrip("/")))


@each_document
def test_named_commands_exist(path: Path) -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    words = set(re.findall(r"^([a-z]+):", makefile, re.MULTILINE))
    said = set(re.findall(r"`make ([a-z]+)", path.read_text(encoding="utf-8")))
    assert said <= words, sorted(said - words)


LOCKS = {"requirements.lock": [], "requirements-test.lock": ["test"], "requirements-bench.lock": ["test", "bench"]}


@pytest.mark.parametrize(("lock", "extras"), LOCKS.items())
def test_locks_agree_with_the_project(lock: str, extras: list[str]) -> None:
    """Every requirement has a pin that it allows; every pin has a hash; `make lock` mends it."""
    text = (ROOT / lock).read_text(encoding="utf-8")
    pins: dict[str, list[str]] = {}
    for name, pin in re.findall(r"^([a-z0-9._-]+)==([^ ;\\]+)", text, re.MULTILINE):
        pins.setdefault(name, []).append(pin)
    assert text.count(" \\\n    --hash=sha256:") >= sum(map(len, pins.values()))
    wanted = PROJECT["dependencies"] + [line for extra in extras for line in PROJECT["optional-dependencies"][extra]]
    for requirement in map(Requirement, wanted):
        assert requirement.name in pins, f"{requirement.name} is not locked: make lock"
        assert all(Version(pin) in requirement.specifier for pin in pins[requirement.name]), requirement


def test_the_tests_run_on_the_locked_versions() -> None:
    text = (ROOT / "requirements-test.lock").read_text(encoding="utf-8")
    for name in ("fastapi", "numpy", "plotly", "pydantic", "uvicorn"):
        assert f"{name}=={installed(name)} " in text, f"{name} {installed(name)} is not the locked one: make lock"


def test_vectors_are_in_the_project() -> None:
    """A clone tests itself anywhere: the reference values are files of its own, and readable."""
    vectors = sorted((ROOT / "tests" / "vectors").glob("*.json"))
    assert {path.name[:2] for path in vectors} >= {"01", "02", "03", "04", "08"}
    for path in vectors:
        assert json.loads(path.read_text(encoding="utf-8"))["cases"]
