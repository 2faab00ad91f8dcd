"""What a regularizer is asked to do: nothing, to cost, or to bound. Numbers are absolute.

A form is one slot with one `prox`: a projection is the prox of a constraint, so that an algorithm is written once.
"""

from dataclasses import dataclass
from math import inf

from app.geometry.regularizer import Array, Regularizer


@dataclass(frozen=True, slots=True)
class Free:
    """Minimise J(w)."""

    def prox(self, regularizer: Regularizer, v: Array, step: float) -> Array:  # noqa: ARG002 (nothing pulls)
        """The prox of 0: v itself."""
        return v


@dataclass(frozen=True, slots=True)
class Penalised:
    """Minimise J(w) + α·Ω(w).

    Attributes:
        strength: α ≥ 0.
    """

    strength: float

    def __post_init__(self) -> None:
        if not 0.0 <= self.strength < inf:
            raise ValueError(f"a strength is a finite number ≥ 0, not {self.strength}")

    def prox(self, regularizer: Regularizer, v: Array, step: float) -> Array:
        """The prox of step·α·Ω."""
        return regularizer.prox(v, step * self.strength)


@dataclass(frozen=True, slots=True)
class Constrained:
    """Minimise J(w) subject to Ω(w) ≤ k, where k is the level of the radius.

    Attributes:
        radius: t ≥ 0, measured in the norm itself.
    """

    radius: float

    def __post_init__(self) -> None:
        if not 0.0 <= self.radius < inf:
            raise ValueError(f"a radius is a finite number ≥ 0, not {self.radius}")

    def prox(self, regularizer: Regularizer, v: Array, step: float) -> Array:  # noqa: ARG002 (a set has no step)
        """The prox of the ball's indicator, whatever the step: the projection."""
        return regularizer.project(v, self.radius)


Form = Free | Penalised | Constrained
