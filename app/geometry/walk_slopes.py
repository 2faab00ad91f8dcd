"""Gradients for many walkers at once: over all rows or over batches, the free weights of a profile carried along."""

from collections.abc import Sequence

import numpy as np

from app.geometry.losses import Loss
from app.geometry.minibatches import Rows
from app.geometry.planes import Profile
from app.geometry.regularizer import Array

SETTLED_INSIDE = 1e-12  # decrement of the free weights of a profile, relative: one more Newton step squares it


class Slopes:
    """∇J at where each walker looks, step after step.

    A profile minimises its free weights anew at each step, from where they were at the last one; what was found is kept
    for the values of J along the way.
    """

    def __init__(self, loss: Loss, draws: Sequence[tuple[int | None, int]], steps: int, rows: Rows | None) -> None:
        """``draws`` are the size of each walker's batch (None for all rows) and the seed that it is drawn with."""
        self._loss, self._rows = loss, rows
        self._looks: list[Array] = []
        self._free: list[Array] = []
        self._whole = np.array([i for i, (batch, _) in enumerate(draws) if batch is None], dtype=np.intp)
        self._picks = {
            i: np.random.default_rng(seed).integers(_count(rows), size=(steps, batch))
            for i, (batch, seed) in enumerate(draws)
            if batch is not None
        }

    def at(self, looks: Array, step: int) -> Array:
        """Gradients (m, d) at (m, d)."""
        base, points = self._lifted(looks)
        if not self._picks or self._rows is None:
            return base.gradient(points)[:, : looks.shape[1]]
        found = np.empty_like(looks)
        if len(self._whole):
            found[self._whole] = base.gradient(points[self._whole])[:, : looks.shape[1]]
        for i, picks in self._picks.items():
            found[i] = self._rows.gradient(points[i], picks[step])[: looks.shape[1]]
        return found

    def _lifted(self, looks: Array) -> tuple[Loss, Array]:
        """A loss with the same slopes that needs no inner search, and the points on it."""
        if not isinstance(self._loss, Profile):
            return self._loss, looks
        free = self._loss.inner(looks, self._free[-1] if self._free else None, SETTLED_INSIDE)
        self._looks.append(looks)
        self._free.append(free)
        return self._loss.joint, np.concatenate([looks, free], axis=-1)

    def values(self, walker: int, path: Array) -> Array:
        """J along the path (k + 1, d) of a walker: where it looked, the free weights are known already."""
        if not isinstance(self._loss, Profile) or not self._free:
            return self._loss.value(path)
        seen = [*range(min(len(path), len(self._free))), *[len(self._free) - 1] * (len(path) > len(self._free))]
        free = np.array([self._free[k][walker] for k in seen])
        looked = np.array([self._looks[k][walker] for k in seen])
        elsewhere = (looked != path).any(axis=-1)
        free[elsewhere] = self._loss.inner(path[elsewhere], free[elsewhere], SETTLED_INSIDE)
        return self._loss.joint.value(np.concatenate([path, free], axis=-1))


def _count(rows: Rows | None) -> int:
    if rows is None:
        raise ValueError("a minibatch needs the rows of the loss")
    return rows.count
