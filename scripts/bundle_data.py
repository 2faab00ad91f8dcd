"""Write app/data/bundled/*.csv from scikit-learn's copies, so that a running server needs no scikit-learn.

Run it in the development environment: ``python scripts/bundle_data.py``. It writes the same bytes every time; a test
compares the files with scikit-learn's arrays.
"""

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sklearn import datasets  # type: ignore[import-untyped]

FOLDER = Path(__file__).resolve().parent.parent / "app" / "data" / "bundled"


def diabetes() -> Any:
    """The raw units: scikit-learn's default is a scaled copy."""
    return datasets.load_diabetes(scaled=False)


SOURCES: dict[str, Callable[[], Any]] = {
    "diabetes": diabetes,
    "breast_cancer": datasets.load_breast_cancer,
    "iris": datasets.load_iris,
    "wine": datasets.load_wine,
    "digits": datasets.load_digits,
}


def write(path: Path, bunch: Any) -> None:
    """One row a sample, features first, the target last; classes by name; shortest digits that round-trip."""
    classes = [str(name) for name in bunch.get("target_names", [])]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow([*(str(name) for name in bunch.feature_names), "target"])
        for features, target in zip(bunch.data, bunch.target, strict=True):
            last = classes[int(target)] if classes else shortest(float(target))
            writer.writerow([*(shortest(float(value)) for value in features), last])


def shortest(value: float) -> str:
    """The shortest decimal that reads back as the same double."""
    return str(int(value)) if value == int(value) else repr(value)


if __name__ == "__main__":
    for name, load in SOURCES.items():
        write(FOLDER / f"{name}.csv", load())
        print(f"wrote {FOLDER.name}/{name}.csv")
