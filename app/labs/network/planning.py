"""From the knobs to what is trained: one network, and what is turned on its way."""

from dataclasses import dataclass
from math import inf
from typing import Any, NamedTuple

from app.data import Lesson, Library, Taught
from app.geometry import AnyOptimizer, DecoupledDecay, GradientDecay, SignShrinkage, SoftThreshold
from app.labs.film import Plan, milliseconds
from app.labs.network.features import Features, named, task_of
from app.labs.network.finer import Chosen, Finer, Spread, by_layer
from app.labs.network.knobs import NetworkKnobs
from app.labs.training.changes import changes_of, held
from app.labs.training.layers import Hidden, units
from app.networks import (
    AnyActivation,
    AnyConstraint,
    AnyCost,
    AnyDropout,
    AnyInitial,
    Architecture,
    ClassicDropout,
    CrossEntropy,
    InvertedDropout,
    NoDropout,
    Penalty,
    QuadraticCost,
    Setting,
)


class Live(NamedTuple):
    """What may be turned while it runs: the knobs of these names."""

    rate: float
    l1: float
    l2: float
    drop: float
    input_noise: float


@dataclass(frozen=True)
class Recipe:
    """What stays as it is from the first step to the last: the knobs of these names, and the lesson."""

    lesson: Lesson
    features: Features
    hidden: Hidden
    activation: AnyActivation
    optimizer: AnyOptimizer
    constraint: AnyConstraint
    spread: Spread
    initial: AnyInitial
    finer: Finer
    batch: int
    seed: int

    @property
    def points(self) -> Chosen:
        """The finer points, chosen or usual."""
        return self.finer if isinstance(self.finer, Chosen) else Chosen()

    @property
    def architecture(self) -> Architecture:
        """The network."""
        return Architecture(
            (len(named(self.lesson, self.features)), *units(self.hidden), self.lesson.outputs),
            self.activation,
            self._cost,
            self.points.layer_norm,
        )

    @property
    def _cost(self) -> AnyCost:
        if not self.lesson.classes:
            return QuadraticCost()
        if self.points.cost == "quadratic":
            return QuadraticCost(output="sigmoid")
        return CrossEntropy(output="sigmoid" if self.lesson.outputs == 1 else "softmax")

    def setting(self, live: Live) -> Setting:
        """How it is trained while these hold."""
        architecture, points = self.architecture, self.points
        layers = len(architecture.sizes) - 1
        return Setting(
            architecture,
            initial=self.initial,
            optimizer=self.optimizer,
            rate=live.rate,
            batch=self.batch,
            penalty=Penalty(
                by_layer(self.spread, live.l1, layers),
                by_layer(self.spread, live.l2, layers),
                SoftThreshold() if points.l1_update == "soft" else SignShrinkage(),
                DecoupledDecay() if points.l2_update == "decoupled" else GradientDecay(),
            ),
            constraint=self.constraint,
            dropout=self._dropout(live.drop),
            noise=live.input_noise,
            clip=points.clip or inf,
            patience=points.patience or None,
            seed=self.seed,
            precision=points.precision,
        )

    def _dropout(self, drop: float) -> AnyDropout:
        points = self.points
        if not (drop or points.drop_inputs):
            return NoDropout()
        kept = {"keep": 1.0 - drop / 100.0, "keep_inputs": 1.0 - points.drop_inputs / 100.0}
        return ClassicDropout(**kept) if points.dropout == "classic" else InvertedDropout(**kept)


def plan(
    pattern: Taught, features: Features, hidden: Hidden, activation: AnyActivation, optimizer: AnyOptimizer,
    constraint: AnyConstraint, spread: Spread, initial: AnyInitial, finer: Finer, rate: float, l1: float, l2: float,
    drop: float, input_noise: float, batch: int, steps: int, seed: int, changes: str, library: Library,
) -> Plan:  # fmt: skip
    """One network, from its first step to its last. Raises Refused for changes that cannot be."""
    lesson = library.taught(pattern)
    recipe = Recipe(
        lesson, features, hidden, activation, optimizer, constraint, spread, initial, finer, batch, seed
    )  # fmt: skip
    live = Live(rate, l1, l2, drop, input_noise)
    turned = held(changes_of(changes, NetworkKnobs))
    return Plan(
        task_of(lesson, features),
        (recipe.setting(live),),
        steps,
        tuple((moment, (recipe.setting(live._replace(**values)),)) for moment, values in turned),
    )


def training_milliseconds(moment: int, library: Library, **knobs: Any) -> float:
    """What a moment costs: the way to it, and its pictures."""
    given = {name: value for name, value in knobs.items() if name not in ("view", "show_test")}
    made = plan(library=library, **given)
    return 4.0 + milliseconds(made, moment)
