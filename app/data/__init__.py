"""What is fitted: synthetic problems, bundled real data sets, and the user's own CSV."""

from app.data.csv_table import CsvRefused, read_csv
from app.data.library import Library
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
    "Bowl",
    "Classification",
    "CsvRefused",
    "Impossible",
    "Library",
    "Posed",
    "Problem",
    "Regression",
    "Sample",
    "Sampled",
    "SyntheticClassification",
    "SyntheticRegression",
    "SyntheticSample",
    "Table",
    "TableSample",
    "Uploads",
    "bundled",
    "draw",
    "pose",
    "read_csv",
]
