"""The modules of a page as one file: each once, after what it needs, with its own names for itself."""

import json
import re
import subprocess
from pathlib import Path

import pytest

from app.web.assets import STATIC, Assets
from app.web.modules import inlined, joined, order

LATER = {
    "changes", "chooser", "compare", "compared", "dialog", "docs", "exports", "films", "hiding", "live", "poster",
    "shelf", "spotlight", "stream", "theme", "transport", "upload",
}  # fmt: skip

SOURCES = {
    "words": """
let said = "";
export const speak = (one) => void (said = one);
export const say = () => said;
""",
    "figure": """
import { say } from "./words.js";
const own = "figure";
export class Figure {
  own = own + say();
}
""",
    "lab": """
import { Figure } from "./figure.js";
import { speak } from "./words.js";
const own = "lab";
speak("!");
export async function shown() {
  const { more } = await import("./later.js");
  return [own, new Figure().own, more()];
}
""",
    "later": """
import { say } from "./words.js";
import { Figure } from "./figure.js";
import { other } from "./other.js";
export const more = () => say() + new Figure().own + other;
""",
    "other": 'export const other = "?";',
}


def test_each_module_comes_after_what_it_needs() -> None:
    assert order(SOURCES, "lab") == ["words", "figure", "lab"]
    with pytest.raises(ValueError, match="a → b → a"):
        order({"a": 'import { b } from "./b.js";', "b": 'import { a } from "./a.js";'}, "a")


def test_joined_they_do_the_same_and_what_comes_later_shares_them(tmp_path: Path) -> None:
    files = joined(SOURCES, "lab")
    assert files.keys() == {"lab", "later", "other"}
    for name, source in files.items():
        (tmp_path / f"{name}.js").write_text(source)
    (tmp_path / "package.json").write_text('{"type": "module"}')
    script = 'import { modules } from "./lab.js"; console.log(JSON.stringify(await modules.lab.shown()));'
    (tmp_path / "run.js").write_text(script)
    said = subprocess.run(["node", tmp_path / "run.js"], capture_output=True, text=True, check=True)
    assert json.loads(said.stdout) == ["lab", "figure!", "!figure!?"]


def test_a_page_brings_what_it_always_needs_and_no_more() -> None:
    sources = {path.stem: path.read_text(encoding="utf-8") for path in (STATIC / "js").glob("*.js")}
    together = order(sources, "lab")
    assert set(together) == sources.keys() - LATER
    files = joined(sources, "lab")
    left = [line for source in files.values() for line in re.findall(r"^(?:import|export) .*$", source, re.MULTILINE)]
    names = re.compile(r"export (?:async )?(?:const|function|class) |import \{[^}]*\} from \"\./\w+\.js\";")
    assert [line for line in left if not names.match(line)] == []
    imported = {
        name for source in files.values() for name in re.findall(r"\./(\w+)\.js\b", re.sub(r"/\*.*?\*/", "", source))
    }
    assert imported <= files.keys()


def test_a_sheet_has_those_that_it_imports_in_their_places() -> None:
    sheets = {
        "app": '/* all */\n@import "./first.css";\n@import "./second.css";\nc { top: 3 }\n',
        "first": '@import "./inner.css";\na { top: 1 }\n',
        "inner": "i { top: 0 }\n",
        "second": "b { top: 2 }\n",
    }
    whole = " ".join(inlined(sheets, "app").split())
    assert whole == "/* all */ i { top: 0 } a { top: 1 } b { top: 2 } c { top: 3 }"
    with pytest.raises(KeyError):
        inlined({"app": '@import "./missing.css";'}, "app")


def test_a_page_gets_its_style_as_one_sheet() -> None:
    body = Assets().file("css/app.css").body.decode()
    assert "@import" not in body
    places = [body.index(one) for one in (":root{", ".bench{", ".knob{", "@media print")]
    assert places == sorted(places), "what differs by screen comes after what it changes"
