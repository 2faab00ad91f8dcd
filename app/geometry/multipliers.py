"""Multipliers that find themselves: α grows while the constraint is violated, falls else, and stays ≥ 0.

For the Lagrangian J(w) + α(Ω(w) − k), min over w, max over α ≥ 0; Boyd & Vandenberghe, Convex Optimization, §5.1-5.5;
Goodfellow, Bengio & Courville (2016), Deep Learning, §7.2.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from app.geometry.forms import Constrained, Penalised
from app.geometry.losses import Loss, least_squares
from app.geometry.numerals import numeral
from app.geometry.outcomes import Outcome
from app.geometry.regularizer import Array, Regularizer
from app.geometry.solvers import solve

SETTLED = 1e-9  # share of its largest value by which α may still change once it has converged
JUMPS = "α jumps around its goal: take a shorter step"
FAR = 1e12  # times the size of the start: a flow beyond is stopped


@dataclass(frozen=True, eq=False)
class Ascent:
    """The way of a multiplier and of its weights, all finite.

    Attributes:
        strengths: α (k + 1,), the start first.
        weights: w (k + 1, d); with dual ascent the optimum of the penalty α, in a flow where w was at the same time.
        omegas: Ω(w) (k + 1,).
        level: k, what Ω may be at most.
        outcome: converged, out_of_steps, unbounded (no optimum for an α) or diverged.
    """

    strengths: Array
    weights: Array
    omegas: Array
    level: float
    outcome: Outcome

    @property
    def excess(self) -> Array:
        """Ω(w) − k (k + 1,): what drives α."""
        return np.asarray(self.omegas - self.level)


def dual_ascent(
    loss: Loss, regularizer: Regularizer, form: Constrained, rate: float, steps: int, start: float = 0.0
) -> Ascent:
    """Gradient ascent on the concave dual: w ← argmin J + αΩ, then α ← max(0, α + η(Ω(w) − k)).

    Args:
        loss: J, convex.
        regularizer: Ω.
        form: the ball; k is the level of its radius.
        rate: η > 0. The slope of the dual is Lipschitz where J + αΩ is strongly convex; a larger η than 2 over that
            constant makes α jump around α*.
        steps: how many.
        start: the first α ≥ 0.
    """
    level, strength = float(regularizer.level(form.radius)), start
    strengths, weights = [start], list[Array]()
    for _ in range(steps + 1):
        found = solve(loss, regularizer, Penalised(strength)).weights
        if found is None:
            break
        weights.append(found)
        strength = max(0.0, strength + rate * (float(regularizer.value(found)) - level))
        strengths.append(strength)
    if len(weights) <= steps:
        outcome = Outcome(
            "unbounded", f"at α = {numeral(strengths[len(weights)])} J + αΩ has no optimum: start from a larger α"
        )
    else:
        outcome = _outcome(np.array(strengths[:-1]), np.array(weights))
    kept = np.array(weights).reshape(-1, loss.dimension)
    return Ascent(np.array(strengths[: len(kept)]), kept, regularizer.value(kept), level, outcome)


def primal_dual_flow(
    loss: Loss,
    regularizer: Regularizer,
    form: Constrained,
    rates: tuple[float, float],
    steps: int,
    start: tuple[Array, float],
) -> Ascent:
    """Both at once: w a prox-gradient step down on J + αΩ, α a step up, each from where the other was.

    The saddle flow of Arrow, Hurwicz & Uzawa (1958): it spirals in, where dual ascent waits for w at each step.

    Args:
        loss: J.
        regularizer: Ω.
        form: the ball.
        rates: η of w and η of α, both > 0.
        steps: how many.
        start: the first w (d,) and the first α ≥ 0.
    """
    level = float(regularizer.level(form.radius))
    w, strength = np.array(start[0], dtype=float), start[1]
    far = FAR * max(1.0, float(np.abs(w).max()), strength)
    weights, strengths = [w], [strength]
    for _ in range(steps):
        rise = float(regularizer.value(w)) - level
        w = regularizer.prox(w - rates[0] * loss.gradient(w), rates[0] * strength)
        strength = max(0.0, strength + rates[1] * rise)
        if not max(float(np.abs(w).max()), strength) <= far:
            break
        weights.append(w)
        strengths.append(strength)
    alphas, path = np.array(strengths), np.array(weights)
    outcome = _outcome(alphas, path)
    if len(path) <= steps:
        outcome = Outcome(
            "diverged", f"w grew without bound and was stopped at step {len(path)}: take a shorter step than 2/L"
        )
    return Ascent(alphas, path, regularizer.value(path), level, outcome)


def column_ascent(
    X: Array,
    Y: Array,
    regularizer: Regularizer,
    forms: Sequence[Constrained],
    rate: float,
    steps: int,
    start: float = 0.0,
) -> list[Ascent]:
    """One constraint and one multiplier for each column of W, in J(W) = ‖XW − Y‖²/(2n): dual ascent on all at once.

    J is a sum over columns, so that each multiplier moves as if it were alone; X (n, p), Y (n, m), one form a column.
    """
    losses = [least_squares(X, column) for column in np.asarray(Y, dtype=float).T]
    return [dual_ascent(loss, regularizer, form, rate, steps, start) for loss, form in zip(losses, forms, strict=True)]


def _outcome(strengths: Array, weights: Array) -> Outcome:
    changes, moves = np.diff(strengths), np.abs(np.diff(weights, axis=0)).max(axis=-1)
    sizes = max(float(strengths.max()), 1e-300), max(float(np.abs(weights).max()), 1e-300)
    still = np.flatnonzero((np.abs(changes) > SETTLED * sizes[0]) | (moves > SETTLED * sizes[1]))
    first = int(still[-1]) + 1 if len(still) else 0
    if first < len(changes):
        ends = f"α = {numeral(strengths[-1], 6)}" if strengths[-1] else "α = 0: the constraint is inactive"
        return Outcome("converged", f"settled at {ends} after {first} steps")
    words = f"α still changes by {numeral(abs(changes[-1]), 2)} a step" if len(changes) else "no step was taken"
    return Outcome("out_of_steps", f"after {len(changes)} steps {JUMPS if _jumping(changes) else words}")


def _jumping(changes: Array) -> bool:
    """Whether α goes up and down by steps that do not shrink."""
    last, before = changes[-8:], changes[-16:-8]
    if len(before) < 8 or last.min() >= 0.0 or last.max() <= 0.0:
        return False
    return bool(np.abs(last).max() > 0.9 * np.abs(before).max())
