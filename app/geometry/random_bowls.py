"""Many random bowls in two weights, each with its exact optimum in the diamond and in the disc.

How often is a weight exactly zero? In the diamond as often as the optimum is a corner. In the disc never: on a circle
only four single points have a zero, and a random bowl misses them with probability one.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from app.geometry.regularizer import Array

_STEPS = 100
_CORNERS = np.array([[1.0, 0.0], [0.0, 1.0], [-1.0, 0.0], [0.0, -1.0]])


@dataclass(frozen=True, eq=False)
class Bowls:
    """Bowls J = ½(w − ŵ)ᵀH(w − ŵ): H (m, 2, 2), positive definite, and ŵ (m, 2)."""

    curvatures: Array
    minimisers: Array

    def value(self, w: Array) -> Array:
        """J of each bowl at points (…, m, 2), as (…, m)."""
        away = w - self.minimisers
        return np.asarray(0.5 * np.einsum("...mi,mij,...mj->...m", away, self.curvatures, away))


def random_bowls(count: int, condition: float, seed: int) -> Bowls:
    """Bowls whose axes and minimisers point anywhere, with all directions as likely.

    The logarithm of the ratio of their curvatures is uniform from 1 up to `condition`; at 1 every bowl is round. Sizes
    do not matter where a ball is as large as a share of ŵ: ‖ŵ‖ and the larger curvature are 1.
    """
    rng = np.random.default_rng(seed)
    toward, turn = rng.uniform(0.0, 2.0 * np.pi, count), rng.uniform(0.0, np.pi, count)
    small = condition ** -rng.uniform(0.0, 1.0, count)
    axis = np.stack([np.cos(turn), np.sin(turn)], axis=-1)
    along = axis[:, :, None] * axis[:, None, :]
    curvatures = small[:, None, None] * np.eye(2) + (1.0 - small)[:, None, None] * along
    return Bowls(curvatures, np.stack([np.cos(toward), np.sin(toward)], axis=-1))


def optima_in_diamonds(bowls: Bowls, radii: ArrayLike) -> Array:
    """The exact optima (m, 2) in ‖w‖₁ ≤ t for t > 0 (m,): ŵ where it is inside, else the best point of the four edges.

    Along an edge J is a parabola: its lowest point is cut off at the corners, which have an exact zero.
    """
    t = np.asarray(radii, dtype=float)[..., None]
    start = _CORNERS[:, None, :] * t
    way = np.roll(start, -1, axis=0) - start
    bent = np.einsum("emi,mij,emj->em", way, bowls.curvatures, way)
    fall = np.einsum("emi,mij,emj->em", bowls.minimisers - start, bowls.curvatures, way)
    share = (fall / bent).clip(0.0, 1.0)[..., None]
    ends = np.where(share == 1.0, np.roll(start, -1, axis=0), start + share * way)
    best = bowls.value(ends).argmin(axis=0)
    found = np.take_along_axis(ends, best[None, :, None], axis=0)[0]
    inside = np.abs(bowls.minimisers).sum(axis=-1) <= t[..., 0]
    return np.where(inside[:, None], bowls.minimisers, found)


def optima_in_discs(bowls: Bowls, radii: ArrayLike) -> Array:
    """The optima (m, 2) in ‖w‖₂ ≤ t for t > 0 (m,), by Newton's method on 1/‖w(α)‖ (see `spectral`)."""
    t = np.broadcast_to(np.asarray(radii, dtype=float), len(bowls.minimisers))
    values, vectors = np.linalg.eigh(bowls.curvatures)
    along = np.einsum("mji,mj->mi", vectors, bowls.minimisers)
    pulls = values * along
    length = np.sqrt((pulls**2).sum(axis=-1))
    alpha = np.maximum(length / t - values[:, 1], 0.0)
    for _ in range(_STEPS):
        shifted = values + alpha[:, None]
        square = (pulls / shifted) ** 2
        total = square.sum(axis=-1)
        step = (np.sqrt(total) / t - 1.0) * total / (square / shifted).sum(axis=-1)
        alpha = np.maximum(alpha + step, 0.0)
        if np.all(np.abs(step) <= 1e-14 * (values[:, 0] + alpha)):
            break
    inside = np.sqrt((along**2).sum(axis=-1)) <= t
    found = np.einsum("mij,mj->mi", vectors, pulls / (values + alpha[:, None]))
    return np.where(inside[:, None], bowls.minimisers, found)


def share_at_corners(optima: Array) -> float:
    """The share of optima (m, 2) with a weight that is exactly 0."""
    return float((optima == 0.0).any(axis=-1).mean())
