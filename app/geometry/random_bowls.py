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
    """The exact optima (…, m, 2) in ‖w‖₁ ≤ t for t > 0 (…, m): ŵ where it is inside, else the best point of the edges.

    Along an edge from corner tc in the direction td, J is a parabola with its lowest point at (ŵ − tc)ᵀHd/(t·dᵀHd):
    cut off at the ends of the edge, which are corners and have an exact zero.
    """
    t = np.asarray(radii, dtype=float)[..., None, :]
    ways = np.roll(_CORNERS, -1, axis=0) - _CORNERS
    pulls = np.einsum("mij,ej->emi", bowls.curvatures, ways)
    reach = np.einsum("mi,emi->em", bowls.minimisers, pulls)
    start, bent = np.einsum("ei,emi->em", _CORNERS, pulls), np.einsum("ei,emi->em", ways, pulls)
    share = ((reach / t - start) / bent).clip(0.0, 1.0)
    fall = reach * t - start * t**2
    # J along an edge, up to what all edges have in common: its value at the corner, then the parabola.
    corner = np.einsum("ei,mij->emj", _CORNERS, bowls.curvatures)
    height = 0.5 * t**2 * np.einsum("emj,ej->em", corner, _CORNERS) - t * np.einsum(
        "emj,mj->em", corner, bowls.minimisers
    )
    best = (height + share * (0.5 * share * bent * t**2 - fall)).argmin(axis=-2)
    along = np.take_along_axis(share, best[..., None, :], axis=-2)[..., 0, :, None]
    ends = np.where(along == 1.0, np.roll(_CORNERS, -1, axis=0)[best], _CORNERS[best] + along * ways[best])
    inside = np.abs(bowls.minimisers).sum(axis=-1) <= t[..., 0, :]
    return np.where(inside[..., None], bowls.minimisers, t[..., 0, :, None] * ends)


def optima_in_discs(bowls: Bowls, radii: ArrayLike) -> Array:
    """The optima (…, m, 2) in ‖w‖₂ ≤ t for t > 0 (…, m), by Newton's method on 1/‖w(α)‖ (see `spectral`)."""
    t = np.asarray(radii, dtype=float)
    values, vectors = np.linalg.eigh(bowls.curvatures)
    along = np.einsum("mji,mj->mi", vectors, bowls.minimisers)
    (small, large), (first, second) = values.T, (values * along).T
    alpha = np.maximum(np.hypot(first, second) / t - large, 0.0)
    for _ in range(_STEPS):
        low, high = small + alpha, large + alpha
        one, two = (first / low) ** 2, (second / high) ** 2
        step = (np.sqrt(one + two) / t - 1.0) * (one + two) / (one / low + two / high)
        alpha = np.maximum(alpha + step, 0.0)
        if np.all(step <= 1e-15 * low):
            break
    parts = np.stack([first / (small + alpha), second / (large + alpha)], axis=-1)
    found = np.einsum("mij,...mj->...mi", vectors, parts)
    inside = np.linalg.norm(bowls.minimisers, axis=-1) <= t
    return np.where(inside[..., None], bowls.minimisers, found)


def share_at_corners(optima: Array) -> Array:
    """The share (…) of optima (…, m, 2) with a weight that is exactly 0."""
    return np.asarray((optima == 0.0).any(axis=-1).mean(axis=-1))
