"""A loss that is not convex, and what duality loses on it: J(w) = −w⁴/4 + w⁶/12 under Ω(w) = ½w² ≤ k, in closed form.

In u = Ω(w) it is J = −u² + ⅔u³, concave below u = ½. The dual sees only its convex hull, whose straight piece from 0
to u = ¾ has the slope −3/8: no penalty has its optimum in between. Boyd & Vandenberghe, Convex Optimization, §5.3.
"""

from dataclasses import dataclass

import numpy as np

from app.geometry.regularizer import Array

SADDLE, LOWEST = 0.75, 1.0  # where the straight piece of the hull ends, and where J is lowest, in u
SLOPE = 0.375


def height(u: Array | float) -> Array:
    """J at Ω(w) = u."""
    return np.asarray(-np.square(u) + 2.0 / 3.0 * np.power(u, 3.0))


def loss(w: Array | float) -> Array:
    """J(w) = −w⁴/4 + w⁶/12."""
    return height(0.5 * np.square(w))


def hull(u: Array | float) -> Array:
    """The convex hull of J over Ω ≥ 0, flat beyond its lowest point: the value of the dual at the level u."""
    lower = np.where(np.asarray(u) < SADDLE, -SLOPE * np.asarray(u), height(np.minimum(u, LOWEST)))
    return np.asarray(lower)


@dataclass(frozen=True)
class Parted:
    """Primal and dual at a level k.

    Attributes:
        weight: w* ≥ 0; −w* is as good.
        multiplier: α* of the Karush–Kuhn–Tucker conditions.
        curvature: J″(w*) + α*: negative where w* is a local maximum of J + α*Ω.
        primal: J(w*).
        dual: the largest lower bound that any α ≥ 0 gives.
        dual_strength: that α.
    """

    weight: float
    multiplier: float
    curvature: float
    primal: float
    dual: float
    dual_strength: float

    @property
    def gap(self) -> float:
        """Primal − dual ≥ 0: what no penalty can reach."""
        return self.primal - self.dual


def parted(level: float) -> Parted:
    """Both problems at the level k ≥ 0."""
    u = min(level, LOWEST)
    multiplier = 2.0 * u - 2.0 * u * u
    square = 2.0 * u
    return Parted(
        weight=square**0.5,
        multiplier=multiplier,
        curvature=-3.0 * square + 2.5 * square * square + multiplier,
        primal=float(height(u)),
        dual=float(hull(level)),
        dual_strength=SLOPE if level < SADDLE else multiplier,
    )
