"""Losses that know their rows, for gradients from a few of them: what minibatch descent steps on."""

from abc import ABC, abstractmethod
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.geometry.logistic import Logistic
from app.geometry.losses import Loss
from app.geometry.planes import Profile
from app.geometry.regularizer import Array

Picks = NDArray[np.intp]


class Rows(ABC):
    """The samples behind a mean loss."""

    @property
    @abstractmethod
    def count(self) -> int:
        """The number n of rows."""

    @abstractmethod
    def gradient(self, w: Array, picks: Picks) -> Array:
        """The mean gradient over the rows `picks` (…, m) at weights (…, d); its mean over all draws is ∇J(w)."""


@dataclass(frozen=True, eq=False)
class SquaredRows(Rows):
    """½(xᵢᵀw − yᵢ)² for each row: design (n, d) and response (n,), both centred where there is an intercept."""

    design: Array
    response: Array

    @property
    def count(self) -> int:
        """The number n of rows."""
        return len(self.response)

    def gradient(self, w: Array, picks: Picks) -> Array:
        """Xᵀ(Xw − y)/m over the rows picked."""
        rows = self.design[picks]
        left = np.einsum("...md,...d->...m", rows, w) - self.response[picks]
        return np.asarray(np.einsum("...m,...md->...d", left, rows) / picks.shape[-1])


@dataclass(frozen=True, eq=False)
class LogisticRows(Rows):
    """log(1 + exp(−yᵢxᵢᵀw)) for each row.

    Weights that a profile leaves free are at their optimum over all rows; points of its joint loss bring them along.
    """

    loss: Logistic | Profile

    @property
    def _joint(self) -> Logistic:
        joint = self.loss if isinstance(self.loss, Logistic) else self.loss.joint
        assert isinstance(joint, Logistic)  # noqa: S101 (`rows_of` takes no other)
        return joint

    @property
    def count(self) -> int:
        """The number n of rows."""
        return len(self._joint.labels)

    def gradient(self, w: Array, picks: Picks) -> Array:
        """−yx·σ(−margin), averaged over the rows picked."""
        joint, d = self._joint, w.shape[-1]
        free = self.loss.inner(w) if isinstance(self.loss, Profile) and d < joint.dimension else None
        whole = w if free is None else np.concatenate([w, free], axis=-1)
        rows = joint.signed[picks]
        margins = np.einsum("...md,...d->...m", rows, whole)
        if joint.offset is not None:
            margins = margins + (joint.labels * joint.offset)[picks]
        small = np.exp(-np.abs(margins))
        pulls = np.where(margins < 0.0, 1.0, small) / (1.0 + small)
        return np.asarray(np.einsum("...m,...md->...d", pulls, rows[..., :d]) / -picks.shape[-1])


def rows_of(loss: Loss) -> Rows | None:
    """The rows that a loss remembers: a logistic one does, a quadratic has only their sums."""
    if isinstance(loss, Logistic) or (isinstance(loss, Profile) and isinstance(loss.joint, Logistic)):
        return LogisticRows(loss)
    return None
