"""The shelf of tables: bundled ones and uploads by id, and problems posed on them."""

from collections.abc import Callable, Hashable
from typing import TypeVar, TypeVarTuple, cast

from app.data.csv_table import identifier, read_csv
from app.data.designs import instead
from app.data.lessons import Lesson, teach
from app.data.memory import Memory
from app.data.patterns import TableExamples, Taught
from app.data.posing import Posed, pose
from app.data.problems import Bowl, Classification, Impossible, Problem, Regression
from app.data.samples import Sample, SyntheticSample, TableSample
from app.data.sampling import Sampled, draw
from app.data.tables import Table, bundled
from app.data.uploads import Uploads

R = TypeVar("R")
Ts = TypeVarTuple("Ts")
Asked = Problem | Sample | Taught
Made = Posed | Sampled | Lesson
_OnTable = Regression | Classification | TableSample | TableExamples
_MOST_TABLES = 16  # 5,000 × 50 doubles are 2 MB
_MOST_RESULTS = 64


class Library:
    """Tables by id, and a bounded memory of what was posed, drawn and computed last; for one event loop."""

    def __init__(self, uploads: Uploads, *, memory: int = 256) -> None:
        self._uploads = uploads
        self._bundled = bundled()
        self._read: Memory[str, Table] = Memory(_MOST_TABLES)
        self._lent: Memory[str, Table] = Memory(_MOST_TABLES)
        # A logistic loss keeps its design and products of its columns.
        self._posed: Memory[Problem, Posed] = Memory(memory, numbers=lambda posed: posed.rows * posed.weights)
        self._sampled: Memory[Sample, Sampled] = Memory(memory, numbers=lambda sampled: sampled.design.size)
        self._lessons: Memory[Taught, Lesson] = Memory(memory, numbers=_numbers_of)
        self._results: Memory[tuple[Hashable, ...], object] = Memory(_MOST_RESULTS)

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
            return self._lent.use(name)
        if name not in self._read or not self._uploads.has(name):
            self._read.keep(name, self._uploaded(name))
        return self._read.use(name)

    def table_of(self, asked: Asked) -> Table | None:
        """The table that a problem or a sample needs; None if it needs none. Raises Impossible."""
        return self.table(asked.dataset) if isinstance(asked, _OnTable) else None

    def pose(self, problem: Problem) -> Posed:
        """`posing.pose` on the table that the problem names, remembered. Raises Impossible."""
        table = self.table_of(problem)  # asked every time: an upload may be gone
        return self._posed.use(problem) if problem in self._posed else self._posed.keep(problem, pose(problem, table))

    def sampled(self, sample: Sample) -> Sampled:
        """`sampling.draw` on the table that the sample names, remembered. Raises Impossible."""
        table = self.table_of(sample)
        known = sample in self._sampled
        return self._sampled.use(sample) if known else self._sampled.keep(sample, draw(sample, table))

    def taught(self, pattern: Taught) -> Lesson:
        """`lessons.teach` on the table that the pattern names, remembered. Raises Impossible."""
        table = self.table_of(pattern)
        known = pattern in self._lessons
        return self._lessons.use(pattern) if known else self._lessons.keep(pattern, teach(pattern, table))

    def extent(self, sample: Sample) -> tuple[int, int]:
        """Rows and features of a sample, without drawing it: what its cost depends on. Raises Impossible."""
        if isinstance(sample, SyntheticSample):
            return sample.rows, sample.features
        table = self.table(sample.dataset)
        return table.rows, max(len(table.numbers) - 1, 1)

    def once(self, function: Callable[["Library", *Ts], R], *arguments: *Ts) -> R:
        """``function(library, *arguments)``, computed once and remembered: what frames and parts have in common.

        Args:
            function: pure, and defined in a module.
            arguments: frozen knobs and numbers. Nobody may change the result, for others hold it too.
        """
        key = cast(tuple[Hashable, ...], (function, *arguments))
        if key not in self._results:
            self._results.keep(key, function(self, *arguments))
        return cast(R, self._results.use(key))

    def made(self, asked: Asked) -> Made:
        """`pose`, `sampled` or `taught`, whichever is asked for. Raises Impossible."""
        if isinstance(asked, Taught):
            return self.taught(asked)
        return self.sampled(asked) if isinstance(asked, Sample) else self.pose(asked)

    def ready(self, asked: Asked) -> bool:
        """Whether `made` needs no computing to speak of: a bowl is five numbers."""
        return isinstance(asked, Bowl) or any(asked in one for one in (self._posed, self._sampled, self._lessons))

    def remember(self, asked: Asked, made: Made) -> None:
        """Keep what was made elsewhere, in a worker process for one."""
        if isinstance(asked, Taught):
            self._lessons.keep(asked, cast(Lesson, made))
        elif isinstance(asked, Sample):
            self._sampled.keep(asked, cast(Sampled, made))
        else:
            self._posed.keep(asked, cast(Posed, made))

    def add(self, content: bytes, table: Table | None = None) -> Table:
        """Keep a CSV; reads it unless somebody has read it already and gives the table too. Raises CsvRefused."""
        made = read_csv(content) if table is None or table.id != identifier(content) else table
        self._uploads.keep(content)
        return self._read.keep(made.id, made)

    def lend(self, table: Table) -> None:
        """Bring a table that is kept elsewhere: a worker process is lent what its parent has."""
        self._lent.keep(table.id, table)

    def drop(self, name: str) -> bool:
        """Forget an upload and what was made of it; False if there was none of that id."""
        self._read.forget(name)
        for problem in self._posed:
            if _is_on(problem, name):
                self._posed.forget(problem)
        for sample in self._sampled:
            if _is_on(sample, name):
                self._sampled.forget(sample)
        for pattern in self._lessons:
            if _is_on(pattern, name):
                self._lessons.forget(pattern)
        for result in self._results:
            if any(_is_on(argument, name) for argument in result):
                self._results.forget(result)
        return self._uploads.drop(name)

    def _uploaded(self, name: str) -> Table:
        content = self._uploads.find(name)
        if content is not None:
            return read_csv(content)
        self._read.forget(name)
        if name.startswith("csv-"):
            raise Impossible("dataset", "this data set is not here any more: drop the file again")
        raise Impossible("dataset", f"there is no data set '{name}'{instead(name, tuple(self._bundled))}")


def _numbers_of(lesson: Lesson) -> int:
    """How many numbers a lesson holds on to."""
    both = (lesson.task.training, lesson.test)
    return sum(one.inputs.size + one.targets.size for one in both)


def _is_on(asked: object, name: str) -> bool:
    return isinstance(asked, _OnTable) and asked.dataset == name
