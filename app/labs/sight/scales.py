"""The one place where relative knobs become absolute numbers, and back.

A slider has no dead ends and survives a change of data because its number is relative: a radius of r means the ball on
whose boundary r·ŵ lies, a strength of s means s·αₘₐₓ, the smallest strength that makes every weight zero. Where no
strength does that (½‖w‖² only shrinks), the largest curvature L takes the place of αₘₐₓ, and the readout says so.
"""

from dataclasses import dataclass

import numpy as np

from app.data.posing import Posed
from app.geometry import Constrained, Convex, Form, NonConvex, Penalised
from app.geometry.plane_shapes import plane_shape

DEFAULT_RADIUS = 0.5


@dataclass(frozen=True)
class Scale:
    """What 1 means for the radius and for the strength of a regularizer on a problem."""

    unit: tuple[float, float]
    unit_size: float
    strength: float
    strength_words: str

    def radius(self, regularizer: Convex | NonConvex, relative: float) -> float:
        """The absolute t of the ball on whose boundary ``relative``·ŵ lies."""
        return _size(regularizer, relative * self.unit[0], relative * self.unit[1])

    def relative_radius(self, regularizer: Convex | NonConvex, radius: float) -> float:
        """The inverse of `radius`; exact at once for a norm, by bisection where size(r·ŵ) is not proportional to r."""
        guess = radius / self.unit_size
        if radius == 0 or abs(self.radius(regularizer, guess) - radius) <= 1e-12 * radius:
            return guess
        low, high = 0.0, max(1.0, guess)
        while self.radius(regularizer, high) < radius:
            high *= 2
        for _ in range(60):
            middle = (low + high) / 2
            low, high = (middle, high) if self.radius(regularizer, middle) < radius else (low, middle)
        return (low + high) / 2


def scale(posed: Posed, regularizer: Convex | NonConvex) -> Scale:
    """The units of this problem; where ŵ or the gradient at 0 vanish, plain units take their place."""
    first, second = posed.reference.tolist()
    first, second = (first, second) if first or second else (1.0, 0.0)
    largest = regularizer.largest_strength(posed.slope_at_zero)
    words = "αₘₐₓ, the smallest strength that makes both weights zero"
    if largest is None:
        largest, words = (
            posed.loss.smoothness,
            "L, the largest curvature of J: no strength makes both weights zero",
        )
    largest *= 1 + 1e-15  # rounded up, so that 1 is enough
    if largest == 0:
        largest, words = 1.0, "1: the weights are zero already"
    return Scale((first, second), _size(regularizer, first, second), float(largest), words)


def _size(regularizer: Convex | NonConvex, w1: float, w2: float) -> float:
    """The radius of the ball on whose sphere a point lies; in plain floats where its shape is known in them."""
    shape = plane_shape(regularizer)
    return shape.size(w1, w2) if shape else float(regularizer.size(np.array([w1, w2])))


def absolute(units: Scale, regularizer: Convex | NonConvex, radius: float | None, strength: float | None) -> Form:
    """The form that the pair of linked knobs describes, in absolute numbers."""
    if strength is not None:
        return Penalised(strength * units.strength)
    return Constrained(units.radius(regularizer, DEFAULT_RADIUS if radius is None else radius))
