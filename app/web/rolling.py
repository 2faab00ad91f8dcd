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
from app.labs.film import MOMENTS, Film, Plan, Reel
from app.labs.lab import Answer
from app.web.questions import Question, described, encode, frame_of, question

BITE = 0.03  # seconds after which others have their turn; a bite that has begun is ended
_FILMS = 128  # plans that a worker remembers


class Scene(NamedTuple):
    """What is filmed, for a worker that has never heard of it; its name is that of the question."""

    slug: str
    part: str
    query: Mapping[str, str]
    name: str


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


def roll(scene: Scene, place: Place | None, tables: Sequence[Table] | None) -> Take | None:
    """On from where it is, for about the time of a bite.

    Args:
        scene: the film.
        place: where to go on; None for the beginning.
        tables: those that the film needs; None where the worker may remember what it made of them.

    Returns:
        None from a worker that does not remember: it has to be given the tables.
    """
    since = perf_counter()
    stages = _stages_of_this_process()
    if scene.name not in stages:
        if tables is None:
            return None
        stages.keep(scene.name, _set_up(scene, tables))
    return _taken(stages.use(scene.name), place, since)


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


def _taken(staged: Staged, place: Place | None, since: float) -> Take:
    plan, film, swept = staged.plan, staged.film, staged.asked.sweep is not None
    reel: Reel = film.start(plan) if place is None else pickle.loads(place.reel)  # noqa: S301 (our own)
    pace = 0.0 if place is None else place.pace
    drawn = [staged.drawn(reel)] if swept and place is None else []
    while reel.moment < staged.goal and (left := since + BITE - perf_counter()) > 0.0:
        begun, before = perf_counter(), reel
        # one step where nothing is known of the pace
        reel = film.bitten(plan, reel, max(1, int(left / pace)) if pace else 1)
        pace = (perf_counter() - begun) / max(1, reel.step - before.step)
        if swept and reel.moment > before.moment:
            drawn.append(staged.drawn(reel))
    if not swept and reel.moment == staged.goal:
        drawn.append(staged.drawn(reel))
    took = _developed(staged, reel, drawn, first=place is None)
    return took._replace(place=Place(pickle.dumps(reel), pace), seconds=perf_counter() - since)


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
