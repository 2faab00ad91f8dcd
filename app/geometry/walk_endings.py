"""How a walk ended, read off its last steps: settled, on its way, to and fro, or running away and by what factor."""

import numpy as np

from app.geometry.numerals import numeral
from app.geometry.outcomes import Outcome
from app.geometry.projections import length
from app.geometry.regularizer import Array

_LAST = 8  # steps that a steady factor is read off
_GROWN = 1e3  # times its first steps: a walk whose last steps are so long runs away, steadily or not
_STEADY = 0.02  # how much two factors in a row may differ, relative

Ending = tuple[Outcome, int | None, float | None]


def ending(path: Array, stopped: bool, stretch: float, scale_free: bool, share: float, endless: bool = False) -> Ending:
    """The outcome of a path (k + 1, d), the step from which on it hardly moved, and its factor per step.

    Args:
        path: the weights, the start first.
        stopped: whether it was stopped for having gone too far.
        stretch: η·L; a short step must be followed by less movement before it counts as settled.
        scale_free: whether η is a length, so that η·L says nothing.
        share: of the way, that no step may exceed once it has settled.
        endless: whether there is no optimum to settle at: the loss falls for ever.
    """
    moves = np.diff(path, axis=0)
    lengths, factor = length(moves), _factor(moves)
    taken, step = len(moves), "" if scale_free else f"step {numeral(stretch)}/L: "
    if stopped or _growing(lengths, factor) or (not scale_free and _exploding(lengths)):
        return Outcome("diverged", f"{step}{_running(factor)}; {_where(stopped, path)}"), None, factor
    settled = _settled(path, lengths, share * (1.0 if scale_free else min(1.0, stretch)))
    if settled is not None and endless:
        said = f"the gradient has vanished after {_steps(settled)}, yet there is no optimum: the loss falls for ever"
        return Outcome("unbounded", said), None, factor
    if settled is not None:
        return Outcome("converged", f"settled after {_steps(settled)}"), settled, factor
    return Outcome("out_of_steps", f"{step}after {_steps(taken)} {_restless(path, lengths)}"), None, factor


def _factor(moves: Array) -> float | None:
    """The steady ratio of successive steps; negative where each turns back on the one before."""
    last = moves[-_LAST - 1 :]
    if len(last) < 3 or not length(last).all():
        return None
    units = last / length(last)[:, None]
    turns = (units[1:] * units[:-1]).sum(axis=-1)
    ratios = length(last[1:]) / length(last[:-1])
    if np.ptp(ratios[-2:]) > _STEADY * ratios[-1] or abs(turns[-1]) < 0.99:
        return None
    return float(np.copysign(ratios[-1], turns[-1]))


def _growing(lengths: Array, factor: float | None) -> bool:
    """Whether the last steps grew steadily, by more than rounding, to the longest of all: it has not gone far yet."""
    last = lengths[-_LAST:]
    if factor is None or abs(factor) <= 1.0 + 1e-6 or len(last) < _LAST:
        return False
    return bool((np.diff(last) > 0.0).all()) and lengths[-1] >= lengths.max()


def _exploding(lengths: Array) -> bool:
    """Whether the steps of the last quarter are far longer than those of the first: rows at random grow unsteadily."""
    quarter = len(lengths) // 4
    if quarter < 4:
        return False
    return bool(lengths[-quarter:].max() > _GROWN * max(lengths[:quarter].max(), 1e-300))


def _steps(count: int) -> str:
    return f"{count} step{'s' * (count != 1)}"


def _running(factor: float | None) -> str:
    if factor is None:
        return "the walk runs away, turning as it goes"
    signed = f"{numeral(factor)}"
    return f"the factor along the steepest direction is {signed} a step"


def _where(stopped: bool, path: Array) -> str:
    size, taken = f"{numeral(float(np.abs(path[-1]).max()), 2)}", len(path) - 1
    return (
        f"it grew to |w| = {size} and was stopped at step {taken}"
        if stopped
        else f"it has grown to |w| = {size} in {_steps(taken)}"
    )


def _settled(path: Array, lengths: Array, share: float) -> int | None:
    """The first step after which none is longer than that share of the way; None if the last one is."""
    way = max(float(length(path[-1])), float(length(path - path[0]).max()))
    long = np.flatnonzero(lengths > share * way)
    first = 0 if not len(long) else int(long[-1]) + 1
    return first if first < len(lengths) or not len(lengths) else None


def _restless(path: Array, lengths: Array) -> str:
    """What a walk that has not settled is doing."""
    if len(path) > 4 and length(path[-1] - path[-3]) <= 1e-6 * lengths[-1]:
        return f"it jumps to and fro between two points, {numeral(lengths[-1])} apart, and always will"
    if _hopping(path, lengths):
        longest = float(lengths[-len(lengths) // 4 :].max())
        return f"it hops about: its last steps, up to {numeral(longest)} long, have not shortened"
    return f"it is still moving, by {numeral(lengths[-1])} in the last one"


def _hopping(path: Array, lengths: Array) -> bool:
    """Whether the last quarter of the steps is as long as the quarter before, and leads nowhere."""
    quarter = len(lengths) // 4
    if quarter < 4:
        return False
    last, before = lengths[-quarter:], lengths[-2 * quarter : -quarter]
    astray = float(length(path[-1] - path[-1 - quarter])) <= 0.25 * float(last.sum())
    return astray and float(last.max()) >= 0.99 * float(before.max())
