"""Regularizers that are norms of the single weights: L1, L2, L∞ and Lp.

Each branch of `residual` names the set whose distance it measures, strength·∂Ω(w); s is short for the strength.
"""

from collections.abc import Sequence
from typing import ClassVar, Literal

import numpy as np
from numpy.typing import ArrayLike
from pydantic import field_validator

from app.geometry.boundaries import circle, lp_circle, polygon, unit_rays
from app.geometry.lp import lp_length, lp_normal, lp_prox, onto_lp_ball
from app.geometry.projections import (
    column,
    divided,
    length,
    onto_l1_ball,
    onto_l2_ball,
    onto_simplex,
    shorten,
    simplex_threshold,
    soft_threshold,
)  # fmt: skip
from app.geometry.regularizer import Arc, Array, Edge, Norm, Piece
from app.knobs import Real, knob


class L1(Norm, title="L1 ‖w‖₁"):
    """Ω(w) = Σ|wᵢ|, whose ball has its corners on the axes: where a contour meets one, the other weights are exactly 0.

    Tibshirani (1996), Regression shrinkage and selection via the lasso, §2.
    """

    kind: Literal["l1"] = "l1"
    formula: ClassVar[str] = "‖w‖₁"
    cvxpy: ClassVar[str] = "cp.norm1(w)"

    def value(self, w: Array) -> Array:
        """Σ|wᵢ|."""
        return np.asarray(np.abs(w).sum(axis=-1))

    def prox(self, v: Array, step: ArrayLike) -> Array:
        """The soft threshold."""
        return soft_threshold(v, column(step))

    def project(self, v: Array, radius: ArrayLike) -> Array:
        """The soft threshold whose result is on the sphere."""
        return onto_l1_ball(v, radius)

    def support_point(self, g: Array, radius: ArrayLike) -> Array:
        """The corner on the axis of the largest |gᵢ|."""
        first = np.arange(g.shape[-1]) == np.abs(g).argmax(axis=-1)[..., None]
        return np.where(first, np.sign(g), 0.0) * column(radius)

    def dual(self, g: Array) -> Array:
        """max|gᵢ|."""
        return np.asarray(np.abs(g).max(axis=-1))

    def residual(self, w: Array, pull: Array, strength: ArrayLike) -> Array:
        """Coordinates are independent: a point or an interval for each."""
        s = column(strength)
        # wᵢ = 0: distance of the pull to [−s, s]; wᵢ ≠ 0: to {s·sgn wᵢ}.
        return length(np.where(w == 0.0, soft_threshold(pull, s), pull - s * np.sign(w)))

    def normals(self, w: Array) -> Array:
        """The quadrant's diagonal on an edge; the diagonals of both quadrants at a corner."""
        x, y = np.sign(w).tolist()
        if x and y:
            return unit_rays((x, y))
        # Turning by ∓45° from the axis of the corner.
        return unit_rays((x + y, y - x), (x - y, x + y)) if x or y else unit_rays()

    def boundary(self, radius: float) -> list[Edge]:
        """Four edges between corners on the axes."""
        return polygon((radius, 0.0), (0.0, radius), (-radius, 0.0), (0.0, -radius))


class L2(Norm, title="L2 ‖w‖₂"):
    """Ω(w) = √Σwᵢ², not squared: a round ball like weight decay's, but a prox that shortens every w by the same length.

    Short vectors become 0 as a whole; single weights never do. Parikh & Boyd (2014), Proximal Algorithms, §6.5.1.
    """

    kind: Literal["l2"] = "l2"
    formula: ClassVar[str] = "‖w‖₂"
    cvxpy: ClassVar[str] = "cp.norm2(w)"

    def value(self, w: Array) -> Array:
        """√Σwᵢ²."""
        return length(w)

    def prox(self, v: Array, step: ArrayLike) -> Array:
        """The same direction, shorter by `step`, or 0."""
        return shorten(v, step)

    def project(self, v: Array, radius: ArrayLike) -> Array:
        """Back along the ray to the sphere."""
        return onto_l2_ball(v, radius)

    def support_point(self, g: Array, radius: ArrayLike) -> Array:
        """The direction of g."""
        return divided(g, column(length(g))) * column(radius)

    def dual(self, g: Array) -> Array:
        """√Σgᵢ²: the norm is its own dual."""
        return length(g)

    def residual(self, w: Array, pull: Array, strength: ArrayLike) -> Array:
        """A point on the sphere of radius s, or the whole ball."""
        s, reach = column(strength), column(length(w))
        # w = 0: distance of the pull to the ball of radius s; w ≠ 0: to {s·w/‖w‖}.
        return length(np.where(reach == 0.0, shorten(pull, strength), pull - s * divided(w, reach)))

    def normals(self, w: Array) -> Array:
        """The direction of w."""
        return unit_rays((float(w[0]), float(w[1]))) if np.any(w) else unit_rays()

    def boundary(self, radius: float) -> list[Arc]:
        """One circle."""
        return [circle(radius)]


class LInfinity(Norm, title="L∞ ‖w‖∞"):
    """Ω(w) = max|wᵢ|, whose ball is a box: at its corners weights are tied at the same size, none is preferred to be 0.

    Parikh & Boyd (2014), Proximal Algorithms, §6.5.2.
    """

    kind: Literal["linf"] = "linf"
    formula: ClassVar[str] = "‖w‖∞"
    cvxpy: ClassVar[str] = "cp.norm_inf(w)"

    def value(self, w: Array) -> Array:
        """max|wᵢ|."""
        return np.asarray(np.abs(w).max(axis=-1))

    def prox(self, v: Array, step: ArrayLike) -> Array:
        """Clipped at the height where what is cut off sums to `step` (Moreau, with the dual ball of L1)."""
        return self.project(v, np.maximum(simplex_threshold(np.abs(v), step), 0.0))

    def project(self, v: Array, radius: ArrayLike) -> Array:
        """Each coordinate clipped."""
        t = column(radius)
        return np.asarray(np.clip(v, 0.0 - t, t))

    def support_point(self, g: Array, radius: ArrayLike) -> Array:
        """The corner in the orthant of g."""
        return np.sign(g) * column(radius)

    def dual(self, g: Array) -> Array:
        """Σ|gᵢ|."""
        return np.asarray(np.abs(g).sum(axis=-1))

    def residual(self, w: Array, pull: Array, strength: ArrayLike) -> Array:
        """A face of the L1 ball of radius s, spanned by the largest weights, or that whole ball."""
        reach = column(self.value(w))
        face = np.where(np.abs(w) == reach, pull * np.sign(w), -np.inf)
        nearest = np.sign(w) * onto_simplex(face, strength)
        # w = 0: distance of the pull to {‖z‖₁ ≤ s};
        # w ≠ 0: to {Σ|zᵢ| = s, zᵢ·sgn wᵢ ≥ 0, zᵢ = 0 unless |wᵢ| is largest}.
        return length(pull - np.where(reach == 0.0, onto_l1_ball(pull, strength), nearest))

    def normals(self, w: Array) -> Array:
        """The axis across an edge; both axes at a corner."""
        x, y = float(w[0]), float(w[1])
        if abs(x) != abs(y):
            return unit_rays((x, 0.0)) if abs(x) > abs(y) else unit_rays((0.0, y))
        if x == 0.0:
            return unit_rays()
        return unit_rays((x, 0.0), (0.0, y)) if x * y > 0.0 else unit_rays((0.0, y), (x, 0.0))

    def boundary(self, radius: float) -> list[Edge]:
        """Four edges between corners on the diagonals."""
        return polygon((radius, radius), (-radius, radius), (-radius, -radius), (radius, -radius))


class Lp(Norm, title="Lp ‖w‖ₚ"):
    """Ω(w) = (Σ|wᵢ|^p)^(1/p), from the diamond (p = 1) through the circle to nearly the box: smooth for every p > 1.

    So it never gives an exact 0, however sharp its "corners" look. Boyd & Vandenberghe, Convex Optimization, §A.1.6.
    """

    kind: Literal["lp"] = "lp"
    formula: ClassVar[str] = "(Σ|wᵢ|^{0.p:g})^(1/{0.p:g})"
    cvxpy: ClassVar[str] = "cp.pnorm(w, {0.p!r})"
    p: Real = knob(
        3.0, label="Exponent", symbol="p", ge=1.0, le=20.0, step=0.05,
        help="1 is the diamond, 2 the circle; the larger, the nearer to the box. 1 or at least 1.05.",
    )  # fmt: skip

    @field_validator("p")
    @classmethod
    def _holdable(cls, p: float) -> float:
        if 1.0 < p < 1.05:
            raise ValueError("between 1 and 1.05 double precision cannot hold the weights: choose 1, or 1.05 and more")
        return p

    @property
    def _power(self) -> float:
        return self.p - 1.0

    def value(self, w: Array) -> Array:
        """(Σ|wᵢ|^p)^(1/p)."""
        return lp_length(w, self._power)

    def prox(self, v: Array, step: ArrayLike) -> Array:
        """By Moreau from the dual ball, with all digits of tiny weights."""
        return lp_prox(v, step, self._power) if self._power else L1().prox(v, step)

    def project(self, v: Array, radius: ArrayLike) -> Array:
        """By a bracketed Newton search for the largest weight."""
        return onto_lp_ball(v, radius, self._power) if self._power else L1().project(v, radius)

    def support_point(self, g: Array, radius: ArrayLike) -> Array:
        """The point whose normal is g: Hölder's inequality holds with equality."""
        if not self._power:
            return L1().support_point(g, radius)
        return lp_normal(g, 1.0 / self._power) * column(radius)

    def dual(self, g: Array) -> Array:
        """‖g‖_q with 1/p + 1/q = 1."""
        return lp_length(g, 1.0 / self._power) if self._power else L1().dual(g)

    def residual(self, w: Array, pull: Array, strength: ArrayLike) -> Array:
        """A point on the dual sphere of radius s, or the whole dual ball."""
        if not self._power:
            return L1().residual(w, pull, strength)
        at_zero = column(np.abs(w).max(axis=-1)) == 0.0
        nearest = column(strength) * lp_normal(w, self._power)
        if at_zero.any():
            nearest = np.where(at_zero, onto_lp_ball(pull, strength, 1.0 / self._power), nearest)
        # w = 0: distance of the pull to {‖z‖_q ≤ s}; w ≠ 0: to {s·∇‖w‖_p}.
        return length(pull - nearest)

    def normals(self, w: Array) -> Array:
        """The direction of the gradient sgn(w)|w|^(p−1)."""
        if not self._power:
            return L1().normals(w)
        n = lp_normal(w, self._power)
        return unit_rays((float(n[0]), float(n[1]))) if np.any(w) else unit_rays()

    def boundary(self, radius: float) -> Sequence[Piece]:
        """One smooth arc."""
        return [lp_circle(self._power, radius)] if self._power else L1().boundary(radius)
