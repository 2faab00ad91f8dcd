"""Profiles: a loss of a few of its weights, the others free at their optimum."""

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np

from app.geometry import chebyshev
from app.geometry.logistic import Logistic
from app.geometry.losses import Loss, Minimum, Quadratic, sum_of_squares
from app.geometry.newton import Evaluation, Indices, newton
from app.geometry.separation import separated
from app.geometry.slices import Slice
from app.geometry.spectra import Array, column_lengths, orthonormal_columns, unit

# Points whose inner problems are solved together, and a coarse grid (per axis) that gives a finer one its start.
_TOGETHER = 1 << 10
_COARSE = 8

SINGLE_CLASS = "only one class: the intercept grows without bound, with or without a ball"
SEPARATED_BY_FREE = "the free weights alone separate the data: they grow without bound, with or without a ball"


class _Split(NamedTuple):
    """J of (w, v) whose minimum over v exists, the way from v to the other weights, and why if it had to be changed."""

    joint: Loss
    back: Array
    reason: str


@dataclass(frozen=True, eq=False)
class Profile(Loss):
    """P(w) = min over v of J(w, v): the other weights (and the intercept) always at their optimum.

    The gradient is ∂J/∂w at that v (envelope theorem), the Hessian the Schur complement H_ww − H_wv H_vv⁻¹ H_vw (Boyd &
    Vandenberghe, Convex Optimization, A.5.5). v are coordinates in an orthonormal basis of what the other columns can
    say, so that H_vv is never singular; `free` gives the other weights themselves.

    Attributes:
        loss: J of all weights.
        chosen: which of its weights are w, in the order of w.
    """

    loss: Loss
    chosen: tuple[int, ...]

    def __post_init__(self) -> None:
        inside = all(0 <= index < self.loss.dimension for index in self.chosen)
        if not self.chosen or not inside or len(set(self.chosen)) < len(self.chosen):
            raise ValueError(f"keep some of {self.loss.dimension} weights, each once: got {self.chosen}")

    @property
    def dimension(self) -> int:
        """The number of weights kept."""
        return len(self.chosen)

    @property
    def others(self) -> tuple[int, ...]:
        """Which weights of `loss` are minimised out."""
        return tuple(index for index in range(self.loss.dimension) if index not in self.chosen)

    @cached_property
    def _split(self) -> _Split:
        order = np.eye(self.loss.dimension)[list(self.chosen + self.others)]
        whole = self.loss.restricted(np.zeros(self.loss.dimension), order)
        if isinstance(whole, Logistic):
            return _split_logistic(whole, self.dimension)
        return _Split(whole, np.eye(len(self.others)), "")

    @property
    def joint(self) -> Loss:
        """J of (w, v), w first: what a Newton method on both at once works on."""
        return self._split.joint

    @property
    def keep(self) -> tuple[int, ...]:
        """The coordinates w of `joint`."""
        return tuple(range(self.dimension))

    @property
    def rest(self) -> tuple[int, ...]:
        """The coordinates v of `joint`."""
        return tuple(range(self.dimension, self.joint.dimension))

    @property
    def attained(self) -> bool:
        """Whether the minimum over v exists; if not, P is the infimum and `joint` leaves out what goes to 0 there."""
        return not self._split.reason

    @property
    def reason(self) -> str:
        """Why it does not exist, in one sentence; empty if it does."""
        return self._split.reason

    def free(self, v: Array) -> Array:
        """The other weights (…, D − d), in the order of `others`, for inner coordinates v (…, r); smallest norm."""
        return np.asarray(v) @ self._split.back.T

    def inner(self, w: Array, start: Array | None = None, tolerance: float = 1e-18) -> Array:
        """The minimiser v (…, r) for each w (…, d), from `start` (…, r) or from 0, by Newton's method."""
        w = np.asarray(w, dtype=float)
        flat, r = w.reshape(-1, self.dimension), len(self.rest)
        if not r:
            return np.zeros((*w.shape[:-1], 0))
        found = np.zeros((len(flat), r)) if start is None else np.array(start, dtype=float).reshape(-1, r)
        for begin in range(0, len(flat), _TOGETHER):
            part = slice(begin, begin + _TOGETHER)
            found[part] = newton(self._inner_problem(flat[part]), found[part], tolerance)
        return found.reshape(*w.shape[:-1], r)

    @cached_property
    def smoothness(self) -> float:
        """The L of J with v held: a Schur complement is no larger than H_ww."""
        kept = np.eye(self.loss.dimension)[list(self.chosen)]
        return self.loss.restricted(np.zeros(self.loss.dimension), kept).smoothness

    @cached_property
    def minimum(self) -> Minimum:
        """The w of the joint minimum; not attained if it is not, or if v itself grows without bound."""
        whole = self.loss.minimum
        if whole.weights is None:
            return Minimum(False, False, None, whole.value, self.reason or whole.reason, self._descent(whole))
        weights = whole.weights[list(self.chosen)]
        if whole.unique or not isinstance(self.loss, Logistic):
            return Minimum(True, whole.unique, weights, whole.value, whole.reason)
        # J is flat along d if X_w d is in the column space of the others: that part of w is removed.
        left = _apart(self.loss.design, self.chosen, self.others)
        basis, back = orthonormal_columns(left, column_lengths(self.loss.design[:, list(self.chosen)]))
        unique = len(back) == basis.shape[1]
        weights = weights if unique else back @ (basis.T @ left @ weights)
        return Minimum(True, unique, weights, whole.value, "one minimiser" if unique else whole.reason)

    def _descent(self, whole: Minimum) -> Array | None:
        """P is no larger than J, which falls for ever along the whole direction: so P falls along the part in w."""
        return None if whole.descent is None else unit(whole.descent[list(self.chosen)])

    @cached_property
    def start(self) -> tuple[Array, tuple[Array, Array, Array]]:
        """Where a search for w and v starts: w = 0 and its best v, and `joint` there."""
        z = self._whole(np.zeros(self.dimension))
        return z, self.joint.evaluate(z)

    def value(self, w: Array) -> Array:
        """P(w)."""
        return self.joint.value(self._whole(w))

    def gradient(self, w: Array) -> Array:
        """∂J/∂w at the optimal v."""
        return self.joint.gradient(self._whole(w))[..., : self.dimension]

    def hessian(self, w: Array) -> Array:
        """The Schur complement of the joint Hessian."""
        return self.evaluate(w)[2]

    def evaluate(self, w: Array) -> tuple[Array, Array, Array]:
        """Value, gradient and Hessian in one pass at the optimal v."""
        k = self.dimension
        value, gradient, hessian = self.joint.evaluate(self._whole(w))
        across, inner = hessian[..., k:, :k], hessian[..., k:, k:]
        r = len(self.rest)
        ridge = (1e-14 * np.trace(inner, axis1=-2, axis2=-1) + 1e-300)[..., None, None] * np.eye(r)
        explained = np.swapaxes(across, -1, -2) @ np.linalg.solve(inner + ridge, across)
        return value, gradient[..., :k], hessian[..., :k, :k] - explained

    def lattice(self, xs: Array, ys: Array) -> Array:
        """Values over a grid; v starts from what a coarse grid of Chebyshev points says."""
        points = np.stack(np.meshgrid(xs, ys), axis=-1)
        start = self._start(points) if points.size > 4 * _COARSE**2 else None
        return self.joint.value(np.concatenate([points, self.inner(points, start, 1e-9)], axis=-1))

    def restricted(self, origin: Array, basis: Array) -> Loss:
        """The profile of J restricted in w alone."""
        k, others = len(basis), list(self.others)
        lifted, rows = np.zeros(self.loss.dimension), np.zeros((k + len(others), self.loss.dimension))
        lifted[list(self.chosen)] = origin
        rows[:k, list(self.chosen)] = basis
        rows[np.arange(k, len(rows)), others] = 1.0
        return Profile(self.loss.restricted(lifted, rows), tuple(range(k)))

    def _whole(self, w: Array) -> Array:
        w = np.asarray(w, dtype=float)
        return np.concatenate([w, self.inner(w)], axis=-1)

    def _inner_problem(self, w: Array) -> Evaluation:
        k = self.dimension

        def evaluate(which: Indices, v: Array) -> tuple[Array, Array, Array]:
            value, gradient, hessian = self.joint.evaluate(np.concatenate([w[which], v], axis=-1))
            return value, gradient[:, k:], hessian[:, k:, k:]

        return evaluate

    def _start(self, points: Array) -> Array:
        """v (ny, nx, r) at grid points, interpolated from a coarse grid."""
        xs, ys = points[0, :, 0], points[:, 0, 1]
        ends = [(float(ends.min()), float(ends.max())) for ends in (xs, ys)]
        coarse = np.stack(np.meshgrid(*(chebyshev.nodes(*end, _COARSE) for end in ends)), axis=-1)
        found = self.inner(coarse)
        across, along = (
            chebyshev.polynomials(values, *end, _COARSE) @ chebyshev.transform(_COARSE)
            for values, end in zip((xs, ys), ends, strict=True)
        )
        return np.asarray(np.einsum("yj,jir,xi->yxr", along, found, across, optimize=True))


def profile(loss: Loss, keep: tuple[int, ...]) -> Loss:
    """P(w) = min over the other weights, for the weights with these indices, in this order.

    The profile of a quadratic is a quadratic (its Hessian a Schur complement), of a profile a profile.
    """
    match loss:
        case Quadratic():
            return _profile_quadratic(loss, keep)
        case Slice():
            return profile(loss.flat, keep)
        case Profile():
            return Profile(loss.loss, tuple(loss.chosen[index] for index in keep))
        case _ if len(keep) == loss.dimension:
            return loss.restricted(np.zeros(loss.dimension), np.eye(loss.dimension)[list(keep)])
        case _:
            return Profile(loss, keep)


def _profile_quadratic(loss: Quadratic, keep: tuple[int, ...]) -> Quadratic:
    rest = tuple(index for index in range(loss.dimension) if index not in keep)
    left = _apart(loss.factor, keep, rest)
    lengths = column_lengths(loss.factor[:, list(keep)])
    return sum_of_squares(left, left @ loss.minimiser[list(keep)], loss.lowest, lengths)


def _apart(X: Array, keep: tuple[int, ...], rest: tuple[int, ...]) -> Array:
    """What the kept columns say that the other columns cannot (Frisch, Waugh and Lovell)."""
    kept, basis = X[:, list(keep)], orthonormal_columns(X[:, list(rest)])[0]
    return np.asarray(kept - basis @ (basis.T @ kept))


def _split_logistic(whole: Logistic, k: int) -> _Split:
    """The other columns in an orthonormal basis, without the observations that they can send to zero loss."""
    behind = separated(whole.signed[:, k:])
    basis, back = orthonormal_columns(whole.design[~behind, k:])
    stretch = max(len(basis), 1) ** 0.5
    left = whole.without(behind)
    design = np.concatenate([left.design[:, :k], stretch * basis], axis=1)
    reason = ""
    if behind.any():
        constant = (whole.design[:, k:] == whole.design[0, k:]).all(axis=0).any()
        reason = SINGLE_CLASS if constant and abs(whole.labels.sum()) == len(whole.labels) else SEPARATED_BY_FREE
    return _Split(Logistic(design, left.labels, left.offset, left.total), stretch * back, reason)
