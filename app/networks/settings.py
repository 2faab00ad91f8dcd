"""Settings: a network and all that decides how it is trained. Two runs of one setting have the same bytes."""

from dataclasses import dataclass
from math import inf
from typing import Literal

from app.geometry import Adam, AdamW, AnyOptimizer, GradientDescent
from app.networks.architectures import Architecture
from app.networks.constraints import AnyConstraint, Unconstrained
from app.networks.dropouts import AnyDropout, NoDropout
from app.networks.initials import AnyInitial, Xavier
from app.networks.penalties import Penalty, amounts

Precision = Literal["double", "single"]  # as NumPy calls them


@dataclass(frozen=True)
class Setting:
    """What is trained, and how.

    Attributes:
        architecture: the network.
        initial: how its weights are drawn.
        optimizer: the rule of the steps.
        rate: η > 0.
        batch: samples by step; as many as there are, if there are fewer.
        penalty: on the weights.
        constraint: on the weights.
        dropout: of units.
        noise: σ ≥ 0 of the normal noise added to the inputs, drawn anew for each step.
        clip: what the norm of the cost's gradient over all parameters may be at most; the penalty's is not clipped.
        patience: epochs without a new lowest validation loss before training stops; None for none.
        seed: of everything that is drawn.
        precision: of every number in training. What is drawn is drawn in double and rounded, so that two runs that
            differ in nothing else begin together, and drift apart by rounding.
    """

    architecture: Architecture
    initial: AnyInitial = Xavier()  # noqa: RUF009 (frozen)
    optimizer: AnyOptimizer = GradientDescent()  # noqa: RUF009
    rate: float = 0.1
    batch: int = 32
    penalty: Penalty = Penalty()  # noqa: RUF009
    constraint: AnyConstraint = Unconstrained()  # noqa: RUF009
    dropout: AnyDropout = NoDropout()  # noqa: RUF009
    noise: float = 0.0
    clip: float = inf
    patience: int | None = None
    seed: int = 0
    precision: Precision = "double"

    def __post_init__(self) -> None:
        if not (0.0 < self.rate < inf and 0.0 <= self.noise < inf and self.clip > 0.0):
            raise ValueError("a step η is finite and > 0, a noise finite and ≥ 0, a gradient's largest norm > 0")
        if self.batch < 1 or self.seed < 0 or (self.patience is not None and self.patience < 1):
            raise ValueError("a batch has at least one sample, a seed is ≥ 0, a patience at least one epoch")
        for strength in (self.penalty.l1, self.penalty.l2):
            amounts(self.architecture, strength)

    @property
    def rule(self) -> AnyOptimizer:
        """The optimizer without a decay of its own, which would decay biases too: that of AdamW acts on weights."""
        own = self.optimizer
        if not isinstance(own, AdamW):
            return own
        return Adam(memory_1=own.memory_1, memory_2=own.memory_2, epsilon=own.epsilon)

    @property
    def decay(self) -> float:
        """The decay of AdamW, else 0."""
        return self.optimizer.decay if isinstance(self.optimizer, AdamW) else 0.0

    @property
    def outset(self) -> tuple[object, ...]:
        """What decides the initial weights, and cannot change within a run."""
        return self.architecture, self.initial, self.seed, self.precision
