"""What the design promises of the source itself: imports run one way, files stay short, types are not probed."""

import ast
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
APP = ROOT / "app"

# What each layer may import of the others: web -> labs -> figures, data -> networks -> geometry -> knobs.
MATHEMATICS = {"knobs", "geometry", "networks"}
MAY_IMPORT = {
    "knobs": set[str](),
    "settings": set[str](),
    "geometry": {"knobs"},
    "networks": {"knobs", "geometry"},
    "data": MATHEMATICS,
    "figures": MATHEMATICS,
    "labs": MATHEMATICS | {"data", "figures"},
    "web": MATHEMATICS | {"data", "figures", "labs", "settings"},
    "main": MATHEMATICS | {"data", "figures", "labs", "settings", "web"},
    "__main__": {"main", "settings"},
}
# What comes from outside the project; everything else is for the tests only.
PURE = {"numpy", "pydantic", "pydantic_core", "annotated_types"}
WIRE = {"isal", "orjson", "plotly", "rcssmin", "rjsmin"}
PACKAGES = {
    **dict.fromkeys(("knobs", "geometry", "networks", "data", "labs"), PURE),
    "figures": PURE | {"orjson"},  # writes the numbers of a path
    "settings": {"pydantic", "pydantic_settings"},
    "web": PURE | {"fastapi", "fastapi_offline", "starlette", "jinja2", "markupsafe", "math_core"} | WIRE,
    "main": {"fastapi", "starlette"},
    "__main__": {"uvicorn"},
}
STANDARD_BUT_NOT_HERE = {"pickle", "marshal", "shelve", "ftplib", "smtplib", "telnetlib"}
# Between the server and its own worker processes, which hand each other pickles anyway; nothing comes from outside.
AMONG_OURSELVES = {"web/rolling.py": {"pickle"}}
BUDGET_FILE, BUDGET_FUNCTION = 250, 40

MODULES = sorted(APP.rglob("*.py"))
each_module = pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(APP).as_posix())


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


@cache
def nodes(path: Path) -> list[ast.AST]:
    """All of a file, walked once: six tests look at it."""
    return list(ast.walk(tree(path)))


def layer(path: Path) -> str:
    """The part of app/ that a file belongs to; app/__init__.py belongs to none."""
    return path.relative_to(APP).parts[0].removesuffix(".py")


def imported(path: Path) -> Iterator[str]:
    """Every module that a file imports, absolute: ``app.geometry.losses``."""
    package = path.relative_to(ROOT).with_suffix("").parts[:-1]
    for node in nodes(path):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = ".".join(package[: len(package) - node.level + 1]) if node.level else ""
            module = ".".join(filter(None, (base, node.module)))
            yield from (f"{module}.{name.name}" for name in node.names)


@each_module
def test_imports_run_one_way(path: Path) -> None:
    own = layer(path)
    others = {name.split(".")[1] for name in imported(path) if name.startswith("app.")} - {own, "__version__"}
    assert others <= MAY_IMPORT.get(own, set()), f"{own} may not import {sorted(others - MAY_IMPORT.get(own, set()))}"


@each_module
def test_packages_stay_in_their_layer(path: Path) -> None:
    outside = {name.split(".")[0] for name in imported(path)} - {"app"}
    assert not outside & STANDARD_BUT_NOT_HERE - AMONG_OURSELVES.get(path.relative_to(APP).as_posix(), set())
    foreign = outside - sys.stdlib_module_names - PACKAGES.get(layer(path), set())
    assert not foreign, f"{layer(path)} may not import {sorted(foreign)}"


def test_every_part_of_app_has_its_place_in_the_layers() -> None:
    assert {layer(path) for path in MODULES} - {"__init__"} <= MAY_IMPORT.keys()


def test_folders_are_named_for_the_subject() -> None:
    folders = {path.name for path in APP.rglob("*") if path.is_dir()}
    assert not folders & {"common", "core", "helpers", "misc", "models", "services", "shared", "util", "utils"}


def length(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """The lines of a function, without those of its docstring."""
    first, *rest = function.body
    said = 0 if ast.get_docstring(function) is None else (first.end_lineno or 0) - first.lineno + 1
    return (function.end_lineno or 0) - function.lineno + 1 - (said if rest else 0)


@each_module
def test_files_and_functions_can_be_read(path: Path) -> None:
    lines = len(path.read_text(encoding="utf-8").splitlines())
    assert lines <= BUDGET_FILE, f"{lines} lines: split it along the mathematics"
    functions = [node for node in nodes(path) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    long = [f"{node.name} ({length(node)} lines)" for node in functions if length(node) > BUDGET_FUNCTION]
    assert not long, long


@each_module
def test_types_are_asked_not_probed(path: Path) -> None:
    probes = [
        f"line {node.lineno}"
        for node in nodes(path)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and (node.func.id == "hasattr" or (node.func.id == "getattr" and len(node.args) == 3))
    ]
    assert not probes, probes


@each_module
def test_no_state_in_modules(path: Path) -> None:
    """A module's lower-case name bound to a container that can grow is state; so is `global`."""
    grow = (ast.List, ast.Dict, ast.Set, ast.ListComp, ast.DictComp, ast.SetComp)
    bound = {
        target.id
        for node in tree(path).body
        if isinstance(node, ast.Assign | ast.AnnAssign) and isinstance(node.value, grow)
        for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
        if isinstance(target, ast.Name) and not target.id.isupper()
    } - {"__all__"}
    assert not bound, bound
    assert not [node for node in nodes(path) if isinstance(node, ast.Global)]


@each_module
def test_names_say_what_not_how(path: Path) -> None:
    poor = ("get_", "compute_", "handle_", "do_", "process_")
    names = {
        node.name
        for node in nodes(path)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
        and (node.name.startswith(poor) or node.name.endswith(("Manager", "Helper", "Util")))
    }
    assert not names, names
