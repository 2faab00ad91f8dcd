"""The exact path of the lasso: every optimum of a quadratic under L1, from all zeros to the free optimum.

Between knots each weight is linear in the strength: w_A(α) = H_AA⁻¹(g_A − αs_A) on the active set A with signs s, while
the pull gⱼ − H_jA·w_A of every other weight stays within ±α. A weight enters where its pull reaches α and leaves where
it meets 0 (Osborne, Presnell, Turlach 2000; Efron et al. 2004, Least angle regression, §3.1).
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from app.geometry.regularizer import Array

# A column with less than this share of its own curvature left beside the active ones is a combination of them.
_DEPENDENT = 1e-12
_TIE = 1e-9


class PathEvent(NamedTuple):
    """At this knot the weight of this feature enters the path, or leaves it: it is 0 there."""

    knot: int
    feature: int
    enters: bool


@dataclass(frozen=True, eq=False)
class LassoPath:
    """The knots of a lasso path, by descending strength.

    Attributes:
        strengths: α (m,) at the knots; the first is α_max.
        weights: w (m, d) at the knots; between two knots they are linear in α, and so is ‖w‖₁.
    """

    strengths: Array
    weights: Array

    def at_strength(self, strength: float) -> Array:
        """The optimum (d,) for a penalty α within the path; 0 above α_max."""
        if strength >= self.strengths[0]:
            return np.zeros_like(self.weights[0])
        after = int(np.searchsorted(-self.strengths, -strength))
        after = min(max(after, 1), len(self.strengths) - 1) if len(self.strengths) > 1 else 0
        return self._between(after, strength)

    def at_strengths(self, strengths: Array) -> Array:
        """The optima (m, d) for many penalties α (m,) within the path; 0 above α_max."""
        after = np.searchsorted(-self.strengths, -np.asarray(strengths, dtype=float)).clip(1, len(self.strengths) - 1)
        before = np.maximum(after - 1, 0)
        width = self.strengths[before] - self.strengths[after]
        gone = np.maximum(self.strengths[before] - strengths, 0.0)
        share = np.divide(gone, width, out=np.zeros_like(gone), where=width > 0.0).clip(max=1.0)[:, None]
        return np.asarray(self.weights[before] * (1.0 - share) + self.weights[after] * share)

    @property
    def events(self) -> tuple["PathEvent", ...]:
        """Which weights enter and leave, by descending strength; those of one knot in the order of the weights."""
        on = self.weights != 0.0
        none = np.zeros((1, on.shape[1]), dtype=bool)
        before, after = np.concatenate([none, on[:-1]]), np.concatenate([on[1:], none])
        found = np.argwhere(np.stack([~on & before, ~on & after], axis=-1))
        return tuple(PathEvent(knot, feature, bool(enters)) for knot, feature, enters in found.tolist())

    def at_radius(self, radius: float) -> tuple[Array, float]:
        """The optimum (d,) in the ball ‖w‖₁ ≤ t and its multiplier; the end of the path if the ball holds it."""
        sizes = np.abs(self.weights).sum(axis=1)
        if radius >= sizes[-1]:
            return self.weights[-1].copy(), float(self.strengths[-1])
        after = int(np.argmax(sizes > radius))
        share = (radius - sizes[after - 1]) / (sizes[after] - sizes[after - 1])
        strength = self.strengths[after - 1] + share * (self.strengths[after] - self.strengths[after - 1])
        return self._between(after, float(strength)), float(strength)

    def _between(self, after: int, strength: float) -> Array:
        """The optimum on the segment that ends at this knot; weights that are 0 at both its ends stay exactly 0."""
        if after == 0 or self.strengths[after - 1] == self.strengths[after]:
            return np.array(self.weights[after])
        share = (self.strengths[after - 1] - strength) / (self.strengths[after - 1] - self.strengths[after])
        return np.asarray(self.weights[after - 1] * (1.0 - share) + self.weights[after] * share)


def lasso_path(hessian: Array, pull: Array, strength: float = 0.0, radius: float = np.inf) -> LassoPath:
    """Follow argmin ½wᵀHw − gᵀw + α‖w‖₁ from α_max down.

    Args:
        hessian: H (d, d), positive semidefinite; columns that depend on others are legal and stay out.
        pull: g = −∇J(0) (d,), in the column space of H.
        strength: stop at the first knot at or below this strength.
        radius: stop at the first knot with ‖w‖₁ at or above this radius.

    Several weights that reach α at once can have more than one order of entry, and not each of them leads on. Where the
    first one tried fails, g is moved within the column space of H by 1e-10 of its size, which unties them.
    """
    path = _walked(hessian, pull, strength, radius)
    for size in (1e-10, 1e-9):
        if _miss(hessian, pull, _halfway(path)).max(initial=0.0) <= 10.0 * size * path.strengths[0]:
            break
        nudge = hessian @ np.cos(np.arange(1.0, len(pull) + 1.0))
        nudge *= size * path.strengths[0] / np.abs(nudge).max()
        path = _walked(hessian, pull + nudge, strength, radius)
    return path


def _walked(hessian: Array, pull: Array, strength: float, radius: float) -> LassoPath:
    walk = _Walk(hessian, pull)
    strengths, weights = [walk.strength], [np.zeros(len(pull))]
    for _ in range(20 * len(pull) + 100):
        if strengths[-1] <= strength or (radius < np.inf and np.abs(weights[-1]).sum() >= radius):
            break
        weights.append(walk.advance())
        strengths.append(walk.strength)
    return _polished(hessian, pull, LassoPath(np.array(strengths), np.stack(weights)))


class _Walk:
    """The active set and H swept on it; private to `lasso_path`, which alone sees it change.

    Sweeping (Goodnight 1979, A tutorial on the SWEEP operator) is its own inverse, so that a weight enters and leaves
    by the same rank-one update. The tableau holds H_AA⁻¹ and H_AA⁻¹g_A in the active rows, −H_jA·H_AA⁻¹ and what is
    left of gⱼ in the others: with `signs` s, value − α·(tableau·s) is the weight in the former, the pull in the latter.
    """

    def __init__(self, hessian: Array, pull: Array) -> None:
        d = len(pull)
        self.tableau = np.concatenate([hessian, pull[:, None]], axis=1)
        self.own = np.diag(hessian).copy()
        self.signs = np.zeros(d)
        self.strength = float(np.abs(pull).max(initial=0.0))
        # Three events for each weight, at α = sense·value/(base + sense·slope): its pull reaches α, its pull reaches
        # −α, or the weight itself meets 0. With a denominator ≤ 0 it never does below the present α, so that what has
        # just entered or left does not turn back.
        self.sense = np.stack([np.ones(d), -np.ones(d), np.zeros(d)])
        self.base = np.stack([np.ones(d), np.ones(d), np.zeros(d)])
        self.base[:2, self.own <= 0.0] = -np.inf
        self.event = int(np.abs(pull).argmax()) + (d if pull[np.abs(pull).argmax()] < 0.0 else 0)

    def advance(self) -> Array:
        """Carry out the event at the present strength, and those tied with it; the weights (d,) at the next knot."""
        d = len(self.own)
        for _ in range(4 * d + 4):
            self._change(*divmod(self.event, d))
            slope = self.tableau[:, :-1] @ self.signs
            value, share = self.tableau[:, -1], self.base + self.sense * slope
            when = np.divide(self.sense * value, share, out=np.zeros_like(share), where=share > _TIE)
            self.event = int(when.argmax())
            following = float(when.flat[self.event])
            if following < self.strength * (1.0 - 1e-14) or following <= 0.0:
                break
        self.strength = max(following, 0.0)
        w = np.where(self.signs != 0.0, value - self.strength * slope, 0.0)
        if self.event >= 2 * d:
            w[self.event - 2 * d] = 0.0
        return w

    def _change(self, kind: int, index: int) -> None:
        """Sweep the weight in or out; one that depends on the active ones is barred until one of them leaves."""
        if kind == 2:
            self._sweep(index)
            self.signs[index] = self.sense[2, index] = 0.0
            self.base[:2] = np.where((self.signs != 0.0) | (self.own <= 0.0), -np.inf, 1.0)
            return
        self.base[:2, index] = -np.inf
        if self.tableau[index, index] > _DEPENDENT * self.own[index]:
            self._sweep(index)
            self.signs[index] = self.sense[kind, 0]
            self.sense[2, index] = -self.signs[index]

    def _sweep(self, k: int) -> None:
        tableau = self.tableau
        pivot, column = tableau[k, k], tableau[:, k].copy()
        row = tableau[k] / pivot
        tableau -= column[:, None] * row
        tableau[k] = row
        tableau[:, k] = column / -pivot
        tableau[k, k] = 1.0 / pivot


def _miss(hessian: Array, pull: Array, path: LassoPath) -> Array:
    """How far each knot (m,) is from optimal: the largest distance of a pull to α·∂|wⱼ|."""
    pulls, limits = pull - path.weights @ hessian, path.strengths[:, None]
    # wⱼ ≠ 0: distance of the pull to {α·sgn wⱼ}; wⱼ = 0: to [−α, α].
    on, off = np.abs(pulls - limits * np.sign(path.weights)), np.abs(pulls) - limits
    return np.asarray(np.where(path.weights != 0.0, on, off).max(axis=1, initial=0.0))


def _halfway(path: LassoPath) -> LassoPath:
    """The points between the knots: a path that misses a knot is wrong there, and perhaps nowhere else."""
    weights, strengths = path.weights, path.strengths
    return LassoPath(0.5 * (strengths[1:] + strengths[:-1]), 0.5 * (weights[1:] + weights[:-1]))


def _polished(hessian: Array, pull: Array, path: LassoPath) -> LassoPath:
    """Solve again where sweeping has lost digits: only for nearly collinear columns."""
    lost = np.flatnonzero(_miss(hessian, pull, path) > 1e-12 * path.strengths[0])
    if not lost.size:
        return path
    polished = path.weights.copy()
    for knot in lost:
        w = polished[knot]
        on = w != 0.0
        block = hessian[np.ix_(on, on)]
        rest = pull[on] - path.strengths[knot] * np.sign(w[on]) - block @ w[on]
        w[on] += np.linalg.lstsq(block, rest, rcond=None)[0]
    return LassoPath(path.strengths, polished)
