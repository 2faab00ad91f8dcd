"""The roles that a page brings: those that its lab draws, found where they are named, in the lab's own code.

A page would else bring the styles of all labs. What this does not find (a name that is put together while it runs) the
page fetches with all others, once, before it draws it.
"""

import ast
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from app.figures.roles import ROLES, Role
from app.labs.film import Film
from app.labs.lab import Lab

_DRAWING = ("app.labs.", "app.figures.")  # where roles are named
_PALETTE = "app.figures.roles"  # where all of them are


def described(roles: Mapping[str, Role]) -> dict[str, Any]:
    """What a page needs of roles: their words, and how they look in light and in dark."""
    return {name: {"label": one.label, "light": one.light, "dark": one.dark} for name, one in roles.items()}


def palette(lab: Lab) -> dict[str, Role]:
    """The roles that are named in the modules of a lab's parts, or in those that they import."""
    functions = (part.compute for part in lab.parts.values())
    drawing = (one.picture if isinstance(one, Film) else one for one in functions)
    return _named_in(tuple(sorted({one.__module__ for one in drawing})))


@cache
def _named_in(modules: tuple[str, ...]) -> dict[str, Role]:
    texts = {text for module in _reached(modules) for text in _texts(module)}
    patterns = re.compile("|".join(sorted(texts)))
    return {name: role for name, role in ROLES.items() if patterns.fullmatch(name)}


def _reached(modules: Iterable[str]) -> set[str]:
    reached: set[str] = set()
    left = list(modules)
    while left:
        name = left.pop()
        if name.startswith(_DRAWING) and name != _PALETTE and name in sys.modules and name not in reached:
            reached.add(name)
            left += _imported(_tree(name))
    return reached


@cache
def _tree(module: str) -> ast.Module:
    return ast.parse(Path(str(sys.modules[module].__file__)).read_text(encoding="utf-8"))


def _imported(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{one.name}" for one in node.names)


def _texts(module: str) -> Iterator[str]:
    """Texts that may be the name of a role, as patterns: of f"walker_{i}", any that begins like it."""
    for node in ast.walk(_tree(module)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.isidentifier():
            yield node.value
        elif isinstance(node, ast.JoinedStr):
            parts = [one.value if isinstance(one, ast.Constant) else r"\w+" for one in node.values]
            text = "".join(map(str, parts))
            if "_" in text and text.replace(r"\w+", "x").isidentifier():
                yield text
