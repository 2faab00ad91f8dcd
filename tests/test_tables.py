"""The bundled tables are scikit-learn's, number by number, and a running server needs no scikit-learn for them."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sklearn import datasets

from app.data.tables import Table, bundled, plain
from scripts import bundle_data

FOLDER = Path(bundle_data.FOLDER)
LOADERS: dict[str, Callable[[], Any]] = {
    "diabetes": lambda: datasets.load_diabetes(scaled=False),
    "breast_cancer": datasets.load_breast_cancer,
    "iris": datasets.load_iris,
    "wine": datasets.load_wine,
}
FILES = {**LOADERS, "digits": datasets.load_digits}  # no table of a linear model: a lesson for networks


@pytest.fixture(scope="module")
def tables() -> dict[str, Table]:
    return bundled()


def test_these_four_are_there(tables: dict[str, Table]) -> None:
    assert list(tables) == list(LOADERS)
    assert all(table.id == name for name, table in tables.items())


@pytest.mark.parametrize("name", LOADERS)
def test_numbers_and_names_are_those_of_scikit_learn(tables: dict[str, Table], name: str) -> None:
    table, bunch = tables[name], LOADERS[name]()
    assert table.columns == (*map(str, bunch.feature_names), "target")
    np.testing.assert_array_equal(table.values[:, :-1], bunch.data)
    np.testing.assert_array_equal(table.column("target"), bunch.target)
    named = {float(code): str(word) for code, word in enumerate(bunch.get("target_names", []))}
    assert dict(table.classes) == named


@pytest.mark.parametrize("name", FILES)
def test_the_script_writes_the_files_that_are_there(name: str, tmp_path: Path) -> None:
    bundle_data.write(tmp_path / "again.csv", FILES[name]())
    assert (tmp_path / "again.csv").read_bytes() == (FOLDER / f"{name}.csv").read_bytes()


@pytest.mark.parametrize("name", FILES)
def test_the_readme_names_source_units_and_licence(name: str) -> None:
    readme = (FOLDER / "README.md").read_text(encoding="utf-8")
    section = readme.partition(f"## {name}.csv")[2].partition("\n## ")[0]
    assert all(word in section for word in ("Source:", "Units:", "Licence:"))


def test_suggestions_are_two_numbers_that_are_not_the_target(tables: dict[str, Table]) -> None:
    for table in tables.values():
        first, second = table.suggested
        assert first != second
        assert {first, second} <= set(table.numbers) - {table.target}


def test_codes_of_classes_are_no_numbers(tables: dict[str, Table]) -> None:
    assert "target" not in tables["iris"].numbers
    assert "target" in tables["diabetes"].numbers


def test_levels_are_named_in_the_order_of_their_codes(tables: dict[str, Table]) -> None:
    assert tables["iris"].levels("target") == {"setosa": 0.0, "versicolor": 1.0, "virginica": 2.0}
    assert tables["diabetes"].levels("sex") == {"1": 1.0, "2": 2.0}
    assert tables["diabetes"].levels("bmi") == {}


def test_an_unknown_column_is_a_key_error(tables: dict[str, Table]) -> None:
    with pytest.raises(KeyError, match="bim"):
        tables["diabetes"].column("bim")


def test_values_cannot_be_written_to(tables: dict[str, Table]) -> None:
    with pytest.raises(ValueError, match="read-only"):
        tables["wine"].column("alcohol")[0] = 0.0


@pytest.mark.parametrize(
    ("number", "word"), [(3.0, "3"), (-0.5, "-0.5"), (1e20, "1e+20"), (0.1 + 0.2, "0.30000000000000004")]
)
def test_plain_numbers_are_short_and_never_alike(number: float, word: str) -> None:
    assert plain(number) == word


def test_data_need_neither_scikit_learn_nor_scipy() -> None:
    heavy = "('sklearn', 'scipy', 'pandas')"
    code = f"import sys, app.data as data; data.bundled(); sys.exit(any(name in sys.modules for name in {heavy}))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
