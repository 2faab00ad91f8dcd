"""What a regularizer is: a shape around 0, without a strength.

The shape is the family of balls {Ω ≤ k}. The radius t says how far a ball reaches, in the norm itself; the level k is
the value of Ω on its sphere. Weights have the shape (…, d); `radius`, `step` and `strength` broadcast against the
leading axes, so that a sweep of radii is one call: ``project(v, radii)`` takes (d,) and (200,) to (200, d).
"""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from app.knobs import Knobs

Array = NDArray[np.float64]


class Arc(NamedTuple):
    """A smooth piece of a curve, as a chain of cubics; corners are where one piece ends and the next begins.

    Attributes:
        points: (m, 2), in order, counter-clockwise.
        tangents: (m, 2), the derivative by the index of the point: between points i and i+1 the Bézier curve has the
            control points Pᵢ, Pᵢ + Tᵢ/3, Pᵢ₊₁ − Tᵢ₊₁/3, Pᵢ₊₁ (Hermite's cubic).
    """

    points: Array
    tangents: Array


@dataclass(frozen=True, slots=True)
class Edge:
    """A straight piece of a curve, in plain floats: most of what is drawn has no more to say."""

    start: tuple[float, float]
    end: tuple[float, float]

    @property
    def points(self) -> Array:
        """Both ends (2, 2)."""
        return np.array([self.start, self.end])

    @property
    def tangents(self) -> Array:
        """The way between them, at both (2, 2): as a cubic it is traced at an even pace."""
        (x, y), (u, v) = self.start, self.end
        return np.array([[u - x, v - y]] * 2)


Piece = Arc | Edge


class Regularizer(Knobs, ABC):
    """A convex Ω ≥ 0 with Ω(0) = 0: what it is worth, what it pulls to, and what its balls look like.

    ``formula`` writes Ω(w) in symbols, ``cvxpy`` as a CVXPY expression of ``w``; both are templates (see `written`).
    """

    formula: ClassVar[str] = "Ω(w)"
    cvxpy: ClassVar[str] = ""

    def written(self, template: str) -> str:
        """One of the templates, in which {0} stands for this regularizer."""
        return template.format(self)

    @abstractmethod
    def value(self, w: Array) -> Array:
        """Ω(w): weights (…, d) to values (…)."""

    @abstractmethod
    def size(self, w: Array) -> Array:
        """The radius t of the ball on whose sphere w lies: (…, d) to (…)."""

    @abstractmethod
    def level(self, radius: ArrayLike) -> Array:
        """The value k of Ω on the sphere of that radius: (…) to (…)."""

    @abstractmethod
    def prox(self, v: Array, step: ArrayLike) -> Array:
        """argmin over w of ½‖w − v‖² + step·Ω(w), for step ≥ 0; a shrunk weight is +0, never −0."""

    @abstractmethod
    def project(self, v: Array, radius: ArrayLike) -> Array:
        """The point of the ball nearest to v (Euclidean), for radius ≥ 0; what is inside returns bit for bit."""

    @abstractmethod
    def support_point(self, g: Array, radius: ArrayLike) -> Array:
        """A w in the ball with the largest ⟨g, w⟩; 0 where g is 0. Of several, the one of the lowest indices."""

    @abstractmethod
    def dual(self, g: Array) -> Array:
        """The largest ⟨g, w⟩ over the ball of radius 1; the dual norm where Ω is a norm: (…, d) to (…)."""

    @abstractmethod
    def slope(self, w: Array) -> Array:
        """d/dr Ω(r·w) at r = 1: what ⟨s, w⟩ is for every subgradient s of Ω at w."""

    @abstractmethod
    def residual(self, w: Array, pull: Array, strength: ArrayLike) -> Array:
        """The Euclidean distance of pull = −∇J(w) to the set strength·∂Ω(w); 0 exactly at a penalised optimum.

        A weight counts as zero, and two as tied, only if they are exactly so.
        """

    @abstractmethod
    def normals(self, w: Array) -> Array:
        """The extreme unit rays of the normal cone, at w (2,), of the ball on whose sphere w lies.

        One ray (1, 2) where the boundary is smooth; two (2, 2), counter-clockwise, at a corner; none (0, 2) at
        w = 0, where the ball is a point and its normal cone the whole plane.
        """

    @abstractmethod
    def boundary(self, radius: float) -> Sequence[Piece]:
        """The sphere of that radius in two weights, counter-clockwise from the positive first axis or the first corner.

        The cubics stay within 1e-3 of the radius from the true curve.
        """

    @abstractmethod
    def largest_strength(self, gradient: Array) -> float | None:
        """α_max: the smallest strength for which w = 0 is optimal, given ∇J(0) (d,); None where no strength is."""


class Norm(Regularizer, ABC):
    """An Ω that is a norm: all its balls are one shape, and t and k are the same number."""

    def size(self, w: Array) -> Array:
        """A norm measures its own balls: t = Ω(w)."""
        return self.value(w)

    def level(self, radius: ArrayLike) -> Array:
        """A norm measures its own balls: k = t."""
        return np.asarray(radius, dtype=np.float64)

    def slope(self, w: Array) -> Array:
        """Euler's theorem for a function that is homogeneous of degree 1: ⟨∂Ω(w), w⟩ = Ω(w)."""
        return self.value(w)

    def largest_strength(self, gradient: Array) -> float | None:
        """∂Ω(0) is the unit ball of the dual norm: 0 ∈ ∇J(0) + α∂Ω(0) as soon as α reaches the dual norm of ∇J(0)."""
        return float(self.dual(gradient))
