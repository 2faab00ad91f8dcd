"""The convex regularizers: norms, weight decay, the elastic net, and the union that registers them all.

To add one, derive from `Regularizer` (or `Norm`), give it a `kind` of its own and put it into `Convex`: its
control, its ball, its solvers and the laws that test it follow from that.
"""

from math import sqrt
from typing import ClassVar, Literal

import numpy as np
from numpy.typing import ArrayLike

from app.geometry.boundaries import circle, elastic_quarter, four_quarters, unit_rays
from app.geometry.elastic import elastic_multiplier, elastic_value, farthest_in_elastic_ball
from app.geometry.group import Group, Partition
from app.geometry.norms import L1, L2, LInfinity, Lp
from app.geometry.projections import column, divided, length, onto_l2_ball, soft_threshold
from app.geometry.regularizer import Arc, Array, Norm, Regularizer
from app.knobs import Real, knob

__all__ = [
    "L1", "L2", "Arc", "Array", "Convex", "ElasticNet", "Group", "LInfinity", "Lp", "Norm", "Partition", "Regularizer",
    "SquaredL2",
]  # fmt: skip


class SquaredL2(Regularizer, title="Weight decay ½‖w‖₂²"):
    """Ω(w) = ½Σwᵢ²: the round ball of L2, and a pull that fades as w does, so that no strength makes w exactly 0.

    Its ball of radius t is Ω ≤ k = t²/2. Goodfellow, Bengio & Courville (2016), Deep Learning, §7.1.1.
    """

    kind: Literal["squared_l2"] = "squared_l2"
    formula: ClassVar[str] = "½‖w‖₂²"
    cvxpy: ClassVar[str] = "cp.sum_squares(w) / 2"

    def value(self, w: Array) -> Array:
        """½Σwᵢ²."""
        return np.asarray(0.5 * (w * w).sum(axis=-1))

    def size(self, w: Array) -> Array:
        """‖w‖₂."""
        return length(w)

    def level(self, radius: ArrayLike) -> Array:
        """k = t²/2."""
        return np.asarray(0.5 * np.square(np.asarray(radius, dtype=np.float64)))

    def prox(self, v: Array, step: ArrayLike) -> Array:
        """v/(1 + step): all coordinates in proportion."""
        return v / (1.0 + column(step))

    def project(self, v: Array, radius: ArrayLike) -> Array:
        """Back along the ray to the sphere."""
        return onto_l2_ball(v, radius)

    def support_point(self, g: Array, radius: ArrayLike) -> Array:
        """The direction of g."""
        return divided(g, column(length(g))) * column(radius)

    def dual(self, g: Array) -> Array:
        """‖g‖₂, for the ball of radius 1 is that of L2."""
        return length(g)

    def slope(self, w: Array) -> Array:
        """Σwᵢ²."""
        return np.asarray((w * w).sum(axis=-1))

    def residual(self, w: Array, pull: Array, strength: ArrayLike) -> Array:
        """Ω is smooth: the set is a point."""
        # Distance of the pull to {s·w}.
        return length(pull - column(strength) * w)

    def normals(self, w: Array) -> Array:
        """The direction of w."""
        return unit_rays((float(w[0]), float(w[1]))) if np.any(w) else unit_rays()

    def boundary(self, radius: float) -> list[Arc]:
        """One circle."""
        return [circle(radius)]

    def largest_strength(self, gradient: Array) -> float | None:  # noqa: ARG002 (whatever the gradient)
        """∂Ω(0) = {0}: no strength makes 0 optimal."""
        return None


class ElasticNet(Regularizer, title="Elastic net"):
    """Ω(w) = ρ‖w‖₁ + (1 − ρ)½‖w‖₂²: the corners of L1 between sides that bulge like arcs of circles.

    Not homogeneous: a large ball is rounder than a small one. Radius and level are both the value of Ω.
    Zou & Hastie (2005), Regularization and variable selection via the elastic net, §2.
    """

    kind: Literal["elastic_net"] = "elastic_net"
    formula: ClassVar[str] = "({0.ratio:g}·‖w‖₁ + {0.bend:g}·½‖w‖₂²)"
    cvxpy: ClassVar[str] = "({0.ratio!r} * cp.norm1(w) + {0.bend!r} * cp.sum_squares(w) / 2)"
    ratio: Real = knob(
        0.5, label="L1 ratio", symbol="ρ", ge=0.0, le=1.0, step=0.05,
        help="1 is L1 with its corners, 0 is weight decay without any.",
    )  # fmt: skip

    @property
    def bend(self) -> float:
        """1 − ρ, the share of ½‖w‖₂²."""
        return 1.0 - self.ratio

    def value(self, w: Array) -> Array:
        """ρΣ|wᵢ| + (1 − ρ)½Σwᵢ²."""
        return elastic_value(w, self.ratio)

    def size(self, w: Array) -> Array:
        """The value of Ω."""
        return elastic_value(w, self.ratio)

    def level(self, radius: ArrayLike) -> Array:
        """k = t."""
        return np.asarray(radius, dtype=np.float64)

    def prox(self, v: Array, step: ArrayLike) -> Array:
        """The soft threshold, then in proportion."""
        s = column(step)
        return soft_threshold(v, s * self.ratio) / (1.0 + s * self.bend)

    def project(self, v: Array, radius: ArrayLike) -> Array:
        """The prox at the multiplier that puts it on the sphere."""
        t = column(radius)
        inside = column(self.value(v)) <= t
        nearest = self.prox(v, elastic_multiplier(v, radius, self.ratio))
        return np.where(inside, v, np.where(t > 0.0, nearest, 0.0))

    def support_point(self, g: Array, radius: ArrayLike) -> Array:
        """A soft threshold of g: small pulls get no weight."""
        return farthest_in_elastic_ball(g, radius, self.ratio)

    def dual(self, g: Array) -> Array:
        """⟨g, w⟩ at the support point of the ball Ω ≤ 1."""
        return np.asarray((g * self.support_point(g, 1.0)).sum(axis=-1))

    def slope(self, w: Array) -> Array:
        """ρΣ|wᵢ| + (1 − ρ)Σwᵢ²."""
        return np.asarray(self.ratio * np.abs(w).sum(axis=-1) + self.bend * (w * w).sum(axis=-1))

    def residual(self, w: Array, pull: Array, strength: ArrayLike) -> Array:
        """∂Ω(w) is that of ρ‖w‖₁, moved by (1 − ρ)w."""
        s = column(strength)
        # wᵢ = 0: distance of the pull to [−sρ, sρ]; wᵢ ≠ 0: to {s(ρ·sgn wᵢ + (1 − ρ)wᵢ)}.
        point = s * (self.ratio * np.sign(w) + self.bend * w)
        return length(np.where(w == 0.0, soft_threshold(pull, s * self.ratio), pull - point))

    def normals(self, w: Array) -> Array:
        """The gradient; on an axis, its two limits."""
        x, y = (float(c) for c in self.ratio * np.sign(w) + self.bend * w)
        if (x and y) or not self.ratio or not np.any(w):
            return unit_rays((x, y)) if np.any(w) else unit_rays()
        # A corner: ∂Ω is the segment of half-length ρ across the axis.
        if x:
            return unit_rays((x, -self.ratio), (x, self.ratio))[:: 1 if x > 0.0 else -1]
        return unit_rays((self.ratio, y), (-self.ratio, y))[:: 1 if y > 0.0 else -1]

    def boundary(self, radius: float) -> list[Arc]:
        """Four arcs of circles; one circle if ρ = 0."""
        if not self.ratio:
            return [circle(sqrt(2.0 * radius))]
        return four_quarters(*elastic_quarter(self.ratio, self.bend, radius))

    def largest_strength(self, gradient: Array) -> float | None:
        """∂Ω(0) = {|zᵢ| ≤ ρ}: α_max = max|∇J(0)ᵢ|/ρ, and none for ρ = 0."""
        return float(np.abs(gradient).max()) / self.ratio if self.ratio else None


Convex = L1 | L2 | SquaredL2 | LInfinity | Lp | ElasticNet | Group
