"""Five networks alike but for what keeps their weights small, trained in one run, and who of their units is dead."""

from dataclasses import replace
from typing import NamedTuple

import numpy as np

from app.data import Pattern
from app.data.library import Library
from app.knobs import Scalar
from app.labs.film import Plan
from app.labs.training.changes import changes_of, held
from app.labs.training.layers import Hidden
from app.labs.training.taught import architecture_for
from app.labs.units.controls import RIVALS, Method, Rival, UnitsKnobs
from app.networks import (
    AnyActivation,
    AnyConstraint,
    AnyInitial,
    Frame,
    Multiplied,
    Penalty,
    Projected,
    Run,
    Setting,
    Snapshot,
    Unconstrained,
)
from app.networks.vitality import vitality

ORDER: tuple[Rival, ...] = tuple(RIVALS)
Turned = dict[str, float]


class Moment(NamedTuple):
    """What is kept of all five at one moment.

    Attributes:
        shots: losses, norms and multipliers of each.
        starved: (S,) how many hidden units each penalty has starved.
        stuck: (S,) how many are dead in another way.
    """

    shots: tuple[Snapshot, ...]
    starved: tuple[int, ...]
    stuck: tuple[int, ...]

    @property
    def dead(self) -> tuple[int, ...]:
        """(S,) how many hidden units of each are dead."""
        return tuple(one + other for one, other in zip(self.starved, self.stuck, strict=True))


def plan(
    pattern: Pattern, hidden: Hidden, activation: AnyActivation, initial: AnyInitial, l1: float, l2: float,
    radius: float, layer_radius: float, method: Method, pace: float, rate: float, batch: int, steps: int, seed: int,
    changes: str, library: Library,
) -> Plan:  # fmt: skip
    """All five on one task from the same weights, with the same minibatches."""
    lesson = library.taught(pattern)
    alike = Setting(architecture_for(lesson, hidden, activation), initial, rate=rate, batch=batch, seed=seed)
    numbers = {
        "rate": rate, "l1": l1, "l2": l2, "radius": radius, "layer_radius": layer_radius, "pace": pace,
    }  # fmt: skip
    later = held(changes_of(changes, UnitsKnobs))
    return Plan(
        lesson.task,
        _settings(alike, method, numbers),
        steps,
        tuple((moment, _settings(alike, method, numbers | turned)) for moment, turned in later),
    )


def _settings(alike: Setting, method: Method, turned: Turned) -> tuple[Setting, ...]:
    """One for each rival."""
    alike = replace(alike, rate=turned["rate"])
    units, layer = (
        _bounded(method, turned[name], turned["pace"], scope)
        for name, scope in (("radius", "unit"), ("layer_radius", "layer"))
    )
    made: dict[Rival, tuple[Penalty, AnyConstraint]] = {
        "none": (Penalty(), Unconstrained()),
        "l2": (Penalty(l2=turned["l2"]), Unconstrained()),
        "l1": (Penalty(l1=turned["l1"]), Unconstrained()),
        "unit": (Penalty(), units),
        "layer": (Penalty(), layer),
    }
    return tuple(replace(alike, penalty=made[name][0], constraint=made[name][1]) for name in ORDER)


def _bounded(method: Method, radius: float, pace: float, scope: str) -> AnyConstraint:
    given: dict[str, Scalar] = {"radius": radius, "scope": scope}
    return (
        Multiplied.model_validate({**given, "rate": pace})
        if method == "multiplied"
        else Projected.model_validate(given)
    )


def record(run: Run, frame: Frame) -> Moment:
    """Losses and norms, and who is dead on the samples that are trained on."""
    stacked = np.stack([one.parameters for one in run.learners])
    with np.errstate(over="ignore", invalid="ignore"):
        found = vitality(run.learners[0].setting.architecture, stacked, run.task.training)
    count = len(stacked)
    starved, stuck = (
        tuple(int(one) for one in sum((layer.sum(axis=-1) for layer in part), np.zeros(count, dtype=np.intp)))
        for part in (found.starved, found.stuck)
    )
    return Moment(frame.models, starved, stuck)
