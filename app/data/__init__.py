"""What is fitted and learnt: synthetic problems and patterns, bundled real data sets, and the user's own CSV."""

from app.data.csv_table import CsvRefused, read_csv
from app.data.lessons import Lesson, teach
from app.data.library import Library
from app.data.patterns import (
    Blobs,
    Circle,
    Curve,
    Digits,
    InThePlane,
    Moons,
    Pattern,
    Relief,
    Spiral,
    TableExamples,
    Taught,
    Xor,
)
from app.data.posing import Posed, pose
from app.data.problems import (
    Bowl,
    Classification,
    Impossible,
    Problem,
    Regression,
    SyntheticClassification,
    SyntheticRegression,
)
from app.data.samples import Sample, SyntheticSample, TableSample
from app.data.sampling import Sampled, draw
from app.data.tables import Table, bundled
from app.data.uploads import Uploads

__all__ = [
    "Blobs",
    "Bowl",
    "Circle",
    "Classification",
    "CsvRefused",
    "Curve",
    "Digits",
    "Impossible",
    "InThePlane",
    "Lesson",
    "Library",
    "Moons",
    "Pattern",
    "Posed",
    "Problem",
    "Regression",
    "Relief",
    "Sample",
    "Sampled",
    "Spiral",
    "SyntheticClassification",
    "SyntheticRegression",
    "SyntheticSample",
    "Table",
    "TableExamples",
    "TableSample",
    "Taught",
    "Uploads",
    "Xor",
    "bundled",
    "draw",
    "pose",
    "read_csv",
    "teach",
]
