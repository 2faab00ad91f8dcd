"""The shelf of tables: bundled ones and uploads by id, and problems posed on them."""

from collections import OrderedDict
from typing import TypeVar

from app.data.csv_table import read_csv
from app.data.designs import instead
from app.data.posing import Posed, pose
from app.data.problems import Classification, Impossible, Problem, Regression
from app.data.tables import Table, bundled
from app.data.uploads import Uploads

_Key = TypeVar("_Key")
_Value = TypeVar("_Value")
_MOST_NUMBERS = 2_000_000
_MOST_TABLES = 16  # 5,000 × 50 doubles are 2 MB


class Library:
    """Tables by id, and a bounded memory of the problems posed last; for one event loop."""

    def __init__(self, uploads: Uploads, *, memory: int = 256) -> None:
        self._uploads = uploads
        self._bundled = bundled()
        self._memory = memory
        self._read: OrderedDict[str, Table] = OrderedDict()
        self._posed: OrderedDict[Problem, Posed] = OrderedDict()

    @property
    def bundled(self) -> tuple[Table, ...]:
        """The tables that everybody sees; an upload is found by those who know its id."""
        return tuple(self._bundled.values())

    @property
    def kept(self) -> str:
        """Where an upload is kept and for how long, as a sentence."""
        return self._uploads.kept

    def table(self, name: str) -> Table:
        """The table of that id. Raises Impossible (knob "dataset") if there is none."""
        if name in self._bundled:
            return self._bundled[name]
        content = self._uploads.find(name)
        if content is None:
            raise Impossible("dataset", self._missing(name))
        if name not in self._read:
            self._read[name] = read_csv(content)
        _shorten(self._read, name, _MOST_TABLES)
        return self._read[name]

    def table_of(self, problem: Problem) -> Table | None:
        """The table that a problem needs; None if it needs none. Raises Impossible."""
        return self.table(problem.dataset) if isinstance(problem, Regression | Classification) else None

    def pose(self, problem: Problem) -> Posed:
        """`posing.pose` on the table that the problem names, remembered. Raises Impossible."""
        table = self.table_of(problem)  # asked every time: an upload may be gone
        if problem not in self._posed:
            self._posed[problem] = pose(problem, table)
        _shorten(self._posed, problem, self._memory)
        while len(self._posed) > 1 and sum(map(_numbers, self._posed.values())) > _MOST_NUMBERS:
            self._posed.popitem(last=False)
        return self._posed[problem]

    def add(self, content: bytes) -> Table:
        """Read and keep a CSV. Raises CsvRefused."""
        return self._uploads.put(content)

    def drop(self, name: str) -> bool:
        """Forget an upload; False if there was none of that id."""
        return self._uploads.drop(name)

    def _missing(self, name: str) -> str:
        if name.startswith("csv-"):
            return "this data set is not here any more: drop the file again"
        return f"there is no data set '{name}'{instead(name, tuple(self._bundled))}"


def _shorten(memory: OrderedDict[_Key, _Value], newest: _Key, most: int) -> None:
    memory.move_to_end(newest)
    while len(memory) > most:
        memory.popitem(last=False)


def _numbers(posed: Posed) -> int:
    """How many numbers a posed problem may hold on to: a logistic loss keeps its design and products of its columns."""
    return posed.rows * posed.weights
