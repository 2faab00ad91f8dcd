"""The shelf of tables: bundled ones and uploads by id, and problems posed on them."""

from collections import OrderedDict
from typing import TypeVar

from app.data.csv_table import identifier, read_csv
from app.data.designs import instead
from app.data.posing import Posed, pose
from app.data.problems import Bowl, Classification, Impossible, Problem, Regression
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
        self._lent: OrderedDict[str, Table] = OrderedDict()
        self._posed: OrderedDict[Problem, Posed] = OrderedDict()
        self._numbers = 0  # that all of them hold on to

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
        if name in self._lent:
            return self._lent[name]
        if name not in self._read or not self._uploads.has(name):
            self._read[name] = self._uploaded(name)
        _shorten(self._read, name, _MOST_TABLES)
        return self._read[name]

    def table_of(self, problem: Problem) -> Table | None:
        """The table that a problem needs; None if it needs none. Raises Impossible."""
        return self.table(problem.dataset) if isinstance(problem, Regression | Classification) else None

    def pose(self, problem: Problem) -> Posed:
        """`posing.pose` on the table that the problem names, remembered. Raises Impossible."""
        table = self.table_of(problem)  # asked every time: an upload may be gone
        if problem not in self._posed:
            self.remember(problem, pose(problem, table))
        self._posed.move_to_end(problem)
        return self._posed[problem]

    def ready(self, problem: Problem) -> bool:
        """Whether `pose` needs no computing to speak of: a bowl is five numbers."""
        return isinstance(problem, Bowl) or problem in self._posed

    def remember(self, problem: Problem, posed: Posed) -> None:
        """Keep what was posed elsewhere, in a worker process for one."""
        self._numbers += _numbers(posed) - (_numbers(self._posed[problem]) if problem in self._posed else 0)
        self._posed[problem] = posed
        self._posed.move_to_end(problem)
        while len(self._posed) > self._memory or (len(self._posed) > 1 and self._numbers > _MOST_NUMBERS):
            self._numbers -= _numbers(self._posed.popitem(last=False)[1])

    def add(self, content: bytes, table: Table | None = None) -> Table:
        """Keep a CSV; reads it unless somebody has read it already and gives the table too. Raises CsvRefused."""
        made = read_csv(content) if table is None or table.id != identifier(content) else table
        self._uploads.keep(content)
        self._read[made.id] = made
        _shorten(self._read, made.id, _MOST_TABLES)
        return made

    def lend(self, table: Table) -> None:
        """Bring a table that is kept elsewhere: a worker process is lent what its parent has."""
        self._lent[table.id] = table
        _shorten(self._lent, table.id, _MOST_TABLES)

    def drop(self, name: str) -> bool:
        """Forget an upload; False if there was none of that id."""
        self._read.pop(name, None)
        for problem in [
            one for one in self._posed if isinstance(one, Regression | Classification) and one.dataset == name
        ]:
            self._numbers -= _numbers(self._posed.pop(problem))
        return self._uploads.drop(name)

    def _uploaded(self, name: str) -> Table:
        content = self._uploads.find(name)
        if content is not None:
            return read_csv(content)
        self._read.pop(name, None)
        if name.startswith("csv-"):
            raise Impossible("dataset", "this data set is not here any more: drop the file again")
        raise Impossible("dataset", f"there is no data set '{name}'{instead(name, tuple(self._bundled))}")


def _shorten(memory: OrderedDict[_Key, _Value], newest: _Key, most: int) -> None:
    memory.move_to_end(newest)
    while len(memory) > most:
        memory.popitem(last=False)


def _numbers(posed: Posed) -> int:
    """How many numbers a posed problem may hold on to: a logistic loss keeps its design and products of its columns."""
    return posed.rows * posed.weights
