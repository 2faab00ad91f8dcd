"""Films a bite at a time, in whichever worker process is free: what was rolled goes back to the server in between.

A worker remembers only what it can make again: the plan of each film that it has lately rolled. So a worker that dies
takes nothing with it, and films take turns without waiting for each other's end.
"""

import pickle
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from time import perf_counter
from typing import Any, NamedTuple

from app.data.library import Library
from app.data.memory import Memory
from app.data.tables import Table
from app.data.uploads import Uploads
from app.geometry import Outcome
from app.labs import LABS
from app.labs.film import MOMENTS, Cut, Film, Plan, Reel, bitten_together
from app.labs.lab import Answer
from app.web.questions import Question, described, encode, frame_of, question

BITE = 0.03  # seconds after which others have their turn; a bite that has begun is ended
_FILMS = 128  # plans that a worker remembers


class Scene(NamedTuple):
    """What is filmed, for a worker that has never heard of it; its name and its cast are those of the question."""

    slug: str
    part: str
    query: Mapping[str, str]
    name: str
    cast: str


class Place(NamedTuple):
    """How far a film is: its reel as bytes, which the server only hands on, and the seconds that a step takes."""

    reel: bytes
    pace: float


class Take(NamedTuple):
    """What one bite brought.

    Attributes:
        over: whether it was the last.
        step: the steps that are taken.
        steps: those of the whole.
        share: of the whole, from 0 to 1.
        frames: of a sweep, those of the moments that were reached, each as JSON.
        answer: as JSON, for a sweep that of its first moment, else that of the moment that is asked for.
        outcome: how it went, at what was drawn last; None where nothing was.
        place: where to go on.
        seconds: those that the bite took.
    """

    over: bool
    step: int
    steps: int
    share: float
    frames: tuple[bytes, ...]
    answer: bytes | None
    outcome: Outcome | None
    place: Place = Place(b"", 0.0)
    seconds: float = 0.0


@dataclass(frozen=True, eq=False)
class Staged:
    """A film with everything that it needs, made once in each worker."""

    asked: Question
    film: Film
    given: Mapping[str, Any]
    plan: Plan

    def drawn(self, reel: Reel) -> Answer:
        """The picture of what has been rolled."""
        return self.film.drawn(self.plan, reel, {**self.given, self.film.along: reel.moment})

    @property
    def goal(self) -> int:
        """The last moment that is wanted."""
        return MOMENTS if self.asked.sweep else int(self.given[self.film.along])


@cache
def shelf_of_this_process() -> Library:
    """The data sets and what was made of them here; a worker is lent what its parent keeps."""
    return Library(Uploads(None))


@cache
def _stages_of_this_process() -> Memory[str, Staged]:
    return Memory(_FILMS, numbers=lambda one: one.plan.task.training.inputs.size)


class Roll:
    """A film while a bite of it is taken.

    Args:
        staged: the film.
        place: where to go on; None for the beginning.
    """

    def __init__(self, staged: Staged, place: Place | None) -> None:
        self._staged, self._first = staged, place is None
        self.reel: Reel = staged.film.start(staged.plan) if place is None else pickle.loads(place.reel)  # noqa: S301 (our own)
        self.pace = 0.0 if place is None else place.pace
        self._drawn = [staged.drawn(self.reel)] if self._swept and place is None else []

    @property
    def _swept(self) -> bool:
        return self._staged.asked.sweep is not None

    @property
    def over(self) -> bool:
        """Whether the last moment that is wanted has been reached."""
        return self.reel.moment >= self._staged.goal

    @property
    def cut(self) -> Cut:
        """As far as it is."""
        return Cut(self._staged.film, self._staged.plan, self.reel)

    def go(self, reel: Reel, pace: float) -> None:
        """On to there, at so many seconds a step; each moment of a sweep is drawn."""
        reached = reel.moment > self.reel.moment
        self.reel, self.pace = reel, pace
        if reached and (self._swept or self.over):
            self._drawn.append(self._staged.drawn(reel))

    def take(self, since: float) -> Take:
        """What the bite brought, which began then."""
        if not self._drawn and self.over and not self._swept:  # its goal is the beginning
            self._drawn.append(self._staged.drawn(self.reel))
        took = _developed(self._staged, self.reel, self._drawn, first=self._first)
        return took._replace(place=Place(pickle.dumps(self.reel), self.pace), seconds=perf_counter() - since)


def roll(scenes: Sequence[tuple[Scene, Place | None]], tables: Sequence[Table] | None) -> list[Take] | None:
    """On from where they are, for about the time of a bite; who learn the same take their steps in one batch.

    Args:
        scenes: films of one data set, each with where to go on; None for the beginning.
        tables: those that they need; None where the worker may remember what it made of them.

    Returns:
        None from a worker that does not remember: it has to be given the tables.
    """
    since = perf_counter()
    stages = _stages_of_this_process()
    for scene, _ in scenes:
        if scene.name not in stages:
            if tables is None:
                return None
            stages.keep(scene.name, _set_up(scene, tables))
    rolls = [Roll(stages.use(scene.name), place) for scene, place in scenes]
    while (left := since + BITE - perf_counter()) > 0.0 and (due := [one for one in rolls if not one.over]):
        last = min(due, key=lambda one: one.reel.moment)  # who is behind catches up
        _step([last, *(one for one in due if one is not last and one.cut.joins(last.cut))], left)
    return [one.take(since) for one in rolls]


def _step(rolls: Sequence[Roll], left: float) -> None:
    """Those that join each other on to the next moment, or as far as they come in the seconds that are left."""
    begun, before, pace = perf_counter(), rolls[0].reel, max(one.pace for one in rolls)
    # one step where nothing is known of the pace
    reels = bitten_together([one.cut for one in rolls], max(1, int(left / pace)) if pace else 1)
    pace = (perf_counter() - begun) / max(1, reels[0].step - before.step)
    for one, reel in zip(rolls, reels, strict=True):
        one.go(reel, pace)


def _set_up(scene: Scene, tables: Sequence[Table]) -> Staged:
    library = shelf_of_this_process()
    for table in tables:
        library.lend(table)
    lab = LABS[scene.slug]
    return _staged(question(lab, lab.parts[scene.part], scene.query), library)


def _staged(asked: Question, library: Library) -> Staged:
    film, given = asked.part.compute, asked.lab.given(asked.part, asked.knobs, library)
    if not isinstance(film, Film):
        raise TypeError(f"{asked.part.name} is no film")
    return Staged(asked, film, given, film.planned(given))


def _developed(staged: Staged, reel: Reel, drawn: Sequence[Answer], *, first: bool) -> Take:
    """What was drawn, as JSON; not yet where to go on."""
    swept = staged.asked.sweep is not None
    steps = staged.plan.step(staged.goal)
    return Take(
        over=reel.moment == staged.goal,
        step=reel.step,
        steps=steps,
        share=max(reel.moment / max(1, staged.goal), reel.step / max(1, steps)),
        frames=tuple(encode(frame_of(one)) for one in drawn) if swept else (),
        answer=encode(described(drawn[0], staged.asked)) if drawn and (first or not swept) else None,
        outcome=drawn[-1].outcome if drawn else None,
    )
