"""The modules of a page as one file, and its style sheets as another: what always comes together travels together.

Two dozen small files cost a first visit ten kilobytes more than one: each brings its headers, and a compressor learns
nothing from its neighbours. The sources stay plain ES modules; a module that is loaded later (by ``import()``) finds
those that are already there in the one file.
"""

import re
from collections.abc import Mapping

_IMPORT = re.compile(r'^import (\{[^}]*\}) from "\./(\w+)\.js";$', re.MULTILINE)
_SHEET = re.compile(r'^@import "\./(\w+)\.css";$', re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:async )?(?:const|function|class) (\w+))", re.MULTILINE)


def order(sources: Mapping[str, str], entry: str) -> list[str]:
    """A module and all that it imports, directly or not, each after what it needs.

    Raises:
        ValueError: for modules that import each other in a circle: none of them could come first.
    """
    ordered: list[str] = []

    def visit(name: str, path: tuple[str, ...]) -> None:
        if name in path:
            raise ValueError(f"modules import each other: {' → '.join([*path, name])}")
        if name not in ordered:
            for _, needed in _IMPORT.findall(sources[name]):
                visit(needed, (*path, name))
            ordered.append(name)

    visit(entry, ())
    return ordered


def joined(sources: Mapping[str, str], entry: str) -> dict[str, str]:
    """The sources with the entry and all its imports as one module; what else there is imports from that one."""
    together = order(sources, entry)
    whole = "".join(_enclosed(name, sources[name]) for name in together)
    others = {name: _redirected(source, entry, together) for name, source in sources.items() if name not in together}
    return {**others, entry: f"export const modules = {{}};\n{whole}"}


def inlined(sheets: Mapping[str, str], entry: str) -> str:
    """A style sheet with those that it imports in their places."""
    return _SHEET.sub(lambda found: inlined(sheets, found.group(1)), sheets[entry])


def _enclosed(name: str, source: str) -> str:
    """A module as a function of its own, so that the names inside it stay its own."""
    body = _IMPORT.sub(r"const \1 = modules.\2;", source)
    given = ", ".join(_EXPORT.findall(body))
    return f"modules.{name} = (() => {{\n{_EXPORT.sub('', body)}\nreturn {{ {given} }};\n}})();\n"


def _redirected(source: str, entry: str, together: list[str]) -> str:
    def redirect(found: re.Match[str]) -> str:
        names, module = found.groups()
        if module not in together:
            return found.group()
        return f'import {{ modules as ${module} }} from "./{entry}.js"; const {names} = ${module}.{module};'

    return _IMPORT.sub(redirect, source)
