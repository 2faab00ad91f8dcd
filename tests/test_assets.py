"""Assets: what a browser gets is what was written, shorter."""

import shutil
import subprocess
from pathlib import Path

import plotly
import pytest

from app.web.assets import STATIC, Assets

SCRIPTS = sorted(path.relative_to(STATIC).as_posix() for path in STATIC.rglob("*.js"))


@pytest.mark.parametrize("name", SCRIPTS)
def test_a_shortened_module_is_still_a_module(name: str, tmp_path: Path) -> None:
    node = shutil.which("node")
    assert node, "Node is needed: make test installs it"
    assets = Assets()
    written = tmp_path / "module.mjs"
    written.write_bytes(assets.file(name).body)
    found = subprocess.run([node, "--check", written], capture_output=True, text=True, check=False)
    assert found.returncode == 0, found.stderr
    inside = SCRIPTS if name == "js/lab.js" else [name]  # a lab's page gets its modules as one
    assert len(assets.file(name).body) <= sum((STATIC / one).stat().st_size for one in inside)


def test_a_template_cannot_name_a_file_that_does_not_exist() -> None:
    with pytest.raises(KeyError):
        Assets().url("js/nothing.js")


def test_the_same_files_are_the_same_build() -> None:
    assert Assets().build == Assets().build


def test_plotly_is_the_installed_one_behind_a_hint_to_compile_it_at_once() -> None:
    """The first line, else V8 does not look for it; the rest untouched, its licence too."""
    first, rest = Assets().file("plotly.js").body.split(b"\n", 1)
    assert first == b"//# allFunctionsCalledOnLoad"
    assert rest == (Path(plotly.__file__).parent / "package_data" / "plotly.min.js").read_bytes()
