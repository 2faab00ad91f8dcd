"""Films: parts that train networks, and show them at any moment of their training.

A film is a part like any other, a pure function of its knobs, one of which is the moment. It is taken apart here so
that whoever wants all moments trains once: plan the run, roll on from moment to moment, draw what is there. What has
been rolled is a value: it can be kept, sent to another process, and rolled on.
"""

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import accumulate, pairwise
from typing import Any, NamedTuple

import numpy as np

from app.geometry import Outcome
from app.labs.lab import Answer, Part
from app.networks import Examples, Frame, Run, Setting, Task, advance, begin, change, frame_of
from app.networks.learners import Learner

MOMENTS = 100  # of a run, evenly spread over its steps; moment 0 is before the first


@dataclass(frozen=True, eq=False)
class Plan:
    """What is trained, for how long, and what changes on the way.

    Attributes:
        task: what is learnt.
        settings: one for each network; those that are alike are trained in one batch.
        steps: how many steps moment 100 is after.
        changes: (moment, settings from there on), in order; only what no outset is may change.
    """

    task: Task
    settings: tuple[Setting, ...]
    steps: int
    changes: tuple[tuple[int, tuple[Setting, ...]], ...] = ()

    def step(self, moment: int) -> int:
        """The steps taken at a moment."""
        return round(self.steps * moment / MOMENTS)


@dataclass(frozen=True, eq=False)
class Reel:
    """What has been rolled of a film: where its networks are, and what was recorded at each moment so far.

    Attributes:
        learners: the networks, which may be on their way to the next moment.
        track: what the film recorded at moments 0, 1, …; at least one.
    """

    learners: tuple[Learner, ...]
    track: tuple[Any, ...]

    @property
    def moment(self) -> int:
        """The last moment that was reached."""
        return len(self.track) - 1

    @property
    def step(self) -> int:
        """The steps that those have taken who have taken the most."""
        return max(one.step for one in self.learners)

    @property
    def outcomes(self) -> tuple[Outcome | None, ...]:
        """How the training of each network ended; None while it goes on."""
        return tuple(one.outcome for one in self.learners)

    @property
    def going(self) -> bool:
        """Whether any network still learns."""
        return any(one is None for one in self.outcomes)


def frames_only(run: Run, frame: Frame) -> Any:  # noqa: ARG001
    """A record of losses, accuracies and norms, as every frame has them."""
    return frame


@dataclass(frozen=True)
class Film:
    """A part that trains. Called as any part's function is, with the knobs by name, it answers for one moment.

    Attributes:
        plan: a Plan, of some knobs and perhaps the library.
        picture: an Answer, of `plan` and `reel` (parameters of these names) and some knobs.
        record: what is kept of each moment, from the Run and its Frame: something small that can be pickled.
        along: the knob that is the moment.
    """

    plan: Callable[..., Plan]
    picture: Callable[..., Answer]
    record: Callable[[Run, Frame], Any] = frames_only
    along: str = "moment"

    @cached_property
    def __signature__(self) -> inspect.Signature:
        """The knobs that it depends on, as a function would declare them."""
        names = dict.fromkeys((*_names(self.plan), self.along, *_names(self.picture)))
        kind = inspect.Parameter.KEYWORD_ONLY
        return inspect.Signature([inspect.Parameter(one, kind) for one in names if one not in ("plan", "reel")])

    def __call__(self, **given: Any) -> Answer:
        """The picture at one moment."""
        plan = self.planned(given)
        return self.drawn(plan, self.rolled(plan, self.start(plan), given[self.along]), given)

    def planned(self, given: Mapping[str, Any]) -> Plan:
        """The plan of these knobs. Raises Impossible or Refused as `plan` does."""
        return self.plan(**{name: given[name] for name in _names(self.plan)})

    def start(self, plan: Plan) -> Reel:
        """Before the first step."""
        run = begin(plan.task, plan.settings, plan.steps)
        return Reel(run.learners, (self.record(run, frame_of(run.task, run.learners)),))

    def rolled(self, plan: Plan, reel: Reel, moment: int) -> Reel:
        """On to a later moment."""
        while reel.moment < moment:
            reel = self.bitten(plan, reel, plan.steps)
        return reel

    def bitten(self, plan: Plan, reel: Reel, steps: int) -> Reel:
        """At most so many steps on (at least one), not beyond the next moment; recorded when it is reached."""
        return bitten_together((Cut(self, plan, reel),), steps)[0]

    def after(self, before: Reel, run: Run, frame: Frame, goal: int) -> Reel:
        """What has been rolled when the run has come this far, on its way to the goal of the next moment."""
        if run.going and run.step < goal:
            return replace(before, learners=run.learners)
        return Reel(run.learners, (*before.track, self.record(run, frame)))

    def drawn(self, plan: Plan, reel: Reel, given: Mapping[str, Any]) -> Answer:
        """The picture of what has been rolled."""
        named = {**given, "plan": plan, "reel": reel}
        return self.picture(**{name: named[name] for name in _names(self.picture)})


class Cut(NamedTuple):
    """A film, its plan, and what has been rolled of it."""

    film: Film
    plan: Plan
    reel: Reel

    def joins(self, other: "Cut") -> bool:
        """Whether both can take their next steps as one batch: they learn the same, and stand at the same place."""
        mine, others = self.reel, other.reel
        along = mine.going and others.going and (mine.moment, mine.step) == (others.moment, others.step)
        return along and self.plan.steps == other.plan.steps and _same(self.plan.task, other.plan.task)


def bitten_together(cuts: Sequence[Cut], steps: int) -> list[Reel]:
    """`Film.bitten` of several that join each other, in one batch: bit for bit what each would be alone."""
    reels = [one.reel for one in cuts]
    if not reels[0].going:
        return [replace(one, track=(*one.track, one.track[-1])) for one in reels]
    first, goal = cuts[0].plan, cuts[0].plan.step(reels[0].moment + 1)
    learners = tuple(learner for one in cuts for learner in _run(one.plan, one.reel).learners)
    whole, frame = advance(Run(first.task, learners, first.steps), min(steps, goal - reels[0].step))
    ends = list(accumulate((len(one.learners) for one in reels), initial=0))
    return [
        one.film.after(one.reel, replace(whole, learners=whole.learners[i:j]), Frame(frame.models[i:j]), goal)
        for one, (i, j) in zip(cuts, pairwise(ends), strict=True)
    ]


def filmed(name: str, film: Film, cost: Callable[..., float]) -> Part:
    """A film as a part of a lab; ``cost`` estimates the milliseconds up to the moment that it is given."""
    return Part(name, film, cost, sweeps=(film.along,), streams=True)


def _run(plan: Plan, reel: Reel) -> Run:
    """The run to go on with: at a moment from which other settings hold, under them."""
    run = Run(plan.task, reel.learners, plan.steps)
    due = [settings for moment, settings in plan.changes if moment == reel.moment]
    return change(run, due[-1]) if due and reel.step == plan.step(reel.moment) else run


def _same(task: Task, other: Task) -> bool:
    """Whether two tasks have the same examples, shared by all who learn them."""
    pairs = ((task.training, other.training), (task.validation, other.validation))
    return not task.training.own and (task is other or all(_equal(one, two) for one, two in pairs))


def _equal(examples: Examples | None, others: Examples | None) -> bool:
    if examples is None or others is None:
        return examples is others
    same_inputs = np.array_equal(examples.inputs, others.inputs)
    return same_inputs and np.array_equal(examples.targets, others.targets)


def _names(function: Callable[..., object]) -> tuple[str, ...]:
    return tuple(inspect.signature(function).parameters)


def milliseconds(plan: Plan, moment: int = MOMENTS) -> float:
    """What it costs, about, to roll to a moment: steps, and the losses at each moment on the way."""
    kinds = {
        (one.architecture, one.rule.kind, one.batch, one.constraint.kind, one.dropout.kind, one.penalty.l1_update.kind)
        for one in plan.settings
    }  # about as many batches as there are kinds
    batch = sum(one.architecture.multiplications(min(one.batch, plan.task.training.count)) for one in plan.settings)
    held = 0 if plan.task.validation is None else plan.task.validation.count
    seen = sum(one.architecture.multiplications(plan.task.training.count + held) for one in plan.settings) / 3
    step = 0.03 * len(kinds) + 4e-7 * batch
    return plan.step(moment) * step + (moment + 1) * (0.2 + 0.5 * len(plan.settings) + 6e-7 * seen)
