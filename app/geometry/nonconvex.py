"""Shapes that are not convex: drawn everywhere, solved only by search, and said so.

A union of their own: none of the theorems that a certificate rests on holds for them.
"""

from typing import ClassVar, Literal

import numpy as np
from numpy.typing import ArrayLike

from app.geometry.boundaries import four_quarters
from app.geometry.lp import lp_length
from app.geometry.projections import length
from app.geometry.regularizer import Arc, Array
from app.knobs import Knobs, Real, knob

# Cubics in a quadrant: within 1e-3 of the radius for every p from 0.2 to 0.95.
_CUBICS = 6
_CELLS = 512
_HALVINGS = 60


class QuasiNorm(Knobs, title="Lp with p < 1"):
    """Ω(w) = (Σ|wᵢ|^p)^(1/p) with p < 1: not a norm, for its ball bends inwards between spikes on the axes.

    The nearest point of the ball may not be unique and jumps as v moves. Frank & Friedman (1993), A statistical view of
    some chemometrics regression tools, §3 (bridge regression).
    """

    kind: Literal["quasi"] = "quasi"
    formula: ClassVar[str] = "(Σ|wᵢ|^{0.p:g})^(1/{0.p:g})"
    p: Real = knob(
        0.5,
        label="Exponent",
        symbol="p",
        ge=0.2,
        le=0.95,
        step=0.05,
        help="The smaller, the sharper the spikes on the axes.",
    )

    def value(self, w: Array) -> Array:
        """(Σ|wᵢ|^p)^(1/p): weights (…, d) to values (…)."""
        return lp_length(w, self.p - 1.0)

    def size(self, w: Array) -> Array:
        """The radius of the ball on whose boundary w lies: Ω is homogeneous, t = Ω(w)."""
        return self.value(w)

    def level(self, radius: ArrayLike) -> Array:
        """k = t."""
        return np.asarray(radius, dtype=np.float64)

    def written(self, template: str) -> str:
        """A template, in which {0} stands for this shape."""
        return template.format(self)

    def largest_strength(self, gradient: Array) -> float | None:
        """max|∇J(0)ᵢ|, as for L1: Ω ≥ ‖w‖₁, so that for a convex J this strength makes w = 0 optimal."""
        return float(np.abs(gradient).max())

    def project(self, v: Array, radius: float) -> Array:
        """A point of the ball nearest to v (2,); of several equally near, the first of `nearest`."""
        return np.asarray(self.nearest(v, radius)[0])

    def nearest(self, v: Array, radius: float) -> Array:
        """All points of the ball nearest to v (2,), one in each row, by decreasing size of the first weight.

        By search: every local minimum of the distance along the boundary in the quadrant of v and its mirror images,
        bracketed on 512 cells and halved to rounding; ties are told to a relative 1e-12 of the distance.
        """
        if self.value(v) <= radius:
            return np.array([v], dtype=np.float64)
        if radius <= 0.0:
            return np.zeros((1, 2))
        points = self._nearest_candidates(np.abs(v), radius)
        distances = length(points - np.abs(v))
        best = points[distances <= distances.min() * (1.0 + 1e-12)]
        mirrored = np.concatenate([best * signs for signs in _quadrants(v)])
        return np.unique(mirrored + 0.0, axis=0)[::-1]

    def boundary(self, radius: float) -> list[Arc]:
        """Four arcs that bend inwards between the spikes on the axes."""
        power = 1.0 / self.p
        share = np.linspace(0.0, 1.0, _CUBICS + 1)
        y, rise = share**power, power * share ** (power - 1.0) / _CUBICS
        # At a spike y goes like share^(1/p): there the tangent that gives the first cubic the right area.
        rise[0] = y[1] * max(0.0, power + 12.0 / (power + 1.0) - 6.0)
        points, tangents = np.stack([y[::-1], y], axis=-1), np.stack([-rise[::-1], rise], axis=-1)
        return four_quarters(radius * points, radius * tangents)

    def _nearest_candidates(self, v: Array, radius: float) -> Array:
        """Local minima of the distance from v ≥ 0 along w(a) = t·((1 − a)^(1/p), a^(1/p)), and both spikes."""
        # Cells narrow towards the spikes, where the boundary turns.
        grid = np.sin(0.5 * np.pi * np.linspace(0.0, 1.0, _CELLS + 1)) ** 4
        grid = np.concatenate([grid[grid < 0.5], [0.5], 1.0 - grid[grid < 0.5][::-1]])
        falls = self._slope(grid, v, radius) < 0.0
        start = np.flatnonzero(falls[:-1] & ~falls[1:])
        low, high = grid[start], grid[start + 1]
        for _ in range(_HALVINGS):
            middle = 0.5 * (low + high)
            falling = self._slope(middle, v, radius) < 0.0
            low, high = np.where(falling, middle, low), np.where(falling, high, middle)
        return np.concatenate([self._point(np.array([0.0, 1.0]), radius), self._point(0.5 * (low + high), radius)])

    def _point(self, share: Array, radius: float) -> Array:
        power = 1.0 / self.p
        return radius * np.stack([(1.0 - share) ** power, share**power], axis=-1)

    def _slope(self, share: Array, v: Array, radius: float) -> Array:
        """Half the derivative of the squared distance by the share a, up to the factor t/p."""
        power = 1.0 / self.p
        miss = self._point(share, radius) - v
        return np.asarray(miss[:, 1] * share ** (power - 1.0) - miss[:, 0] * (1.0 - share) ** (power - 1.0))


def _quadrants(v: Array) -> list[Array]:
    """The signs of the quadrants that v lies in: two for each coordinate that is 0."""
    xs, ys = ((1.0, -1.0) if c == 0.0 else (float(np.sign(c)),) for c in v)
    return [np.array([x, y]) for x in xs for y in ys]


NonConvex = QuasiNorm
