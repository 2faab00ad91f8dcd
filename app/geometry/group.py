"""The group norm: weights that belong together are kept together or become 0 together.

Each branch of `residual` names the set whose distance it measures, strength·∂Ω(w); s is short for the strength.
"""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from math import sqrt
from typing import ClassVar, Literal

import numpy as np
from numpy.typing import ArrayLike
from pydantic import field_validator

from app.geometry.norms import L1, L2
from app.geometry.projections import (
    Groups,
    column,
    divided,
    group_lengths,
    group_prox,
    length,
    onto_group_ball,
)  # fmt: skip
from app.geometry.regularizer import Array, Norm, Piece
from app.knobs import knob


class GroupNorm(Norm, ABC):
    """Ω(w) = Σ_g √|g|·‖w_g‖₂ over groups that share no weight: each group is kept or becomes 0 as a whole.

    Yuan & Lin (2006), Model selection and estimation in regression with grouped variables, eq. (2.1).
    """

    @abstractmethod
    def groups(self, dimension: int) -> Groups:
        """Disjoint groups of indices that together are 0 … dimension − 1."""

    def value(self, w: Array) -> Array:
        """Σ_g √|g|·‖w_g‖₂."""
        groups = self.groups(w.shape[-1])
        return np.asarray((group_lengths(w, groups) * _roots(groups)).sum(axis=-1))

    def prox(self, v: Array, step: ArrayLike) -> Array:
        """Each group is shortened by step·√|g|, or becomes 0."""
        groups = self.groups(v.shape[-1])
        return group_prox(v, step, groups, _roots(groups))

    def project(self, v: Array, radius: ArrayLike) -> Array:
        """The groups' lengths go onto the weighted L1 ball; their directions stay."""
        groups = self.groups(v.shape[-1])
        return onto_group_ball(v, radius, groups, _roots(groups))

    def support_point(self, g: Array, radius: ArrayLike) -> Array:
        """All in the group of the largest ‖g_g‖/√|g|, in its direction."""
        groups = self.groups(g.shape[-1])
        scores = group_lengths(g, groups) / _roots(groups)
        first = scores.argmax(axis=-1)
        owner = _owners(groups)
        direction = divided(g, scores[..., owner] * _roots(groups)[owner] ** 2)
        return np.where(owner == first[..., None], direction, 0.0) * column(radius)

    def dual(self, g: Array) -> Array:
        """max_g ‖g_g‖/√|g|."""
        groups = self.groups(g.shape[-1])
        return np.asarray((group_lengths(g, groups) / _roots(groups)).max(axis=-1))

    def residual(self, w: Array, pull: Array, strength: ArrayLike) -> Array:
        """Groups are independent: for each a point on the sphere of radius s√|g|, or the whole ball."""
        groups = self.groups(w.shape[-1])
        parts = [
            L2().residual(w[..., list(group)], pull[..., list(group)], np.asarray(strength) * float(root))
            for group, root in zip(groups, _roots(groups), strict=True)
        ]
        # w_g = 0: distance of the pull to the ball of radius s√|g|; w_g ≠ 0: to {s√|g|·w_g/‖w_g‖}.
        return length(np.stack(parts, axis=-1))

    def normals(self, w: Array) -> Array:
        """Those of L2 if the two weights are one group, else those of L1."""
        return (L2() if len(self.groups(2)) == 1 else L1()).normals(w)

    def boundary(self, radius: float) -> Sequence[Piece]:
        """A circle of radius t/√2 if the two weights are one group, else the diamond."""
        return L2().boundary(radius / sqrt(2.0)) if len(self.groups(2)) == 1 else L1().boundary(radius)


class Group(GroupNorm, title="Group Σ√|g|·‖w_g‖₂"):
    """The group norm as a page turns it: all weights are one group (√d·L2), or each is its own (L1)."""

    kind: Literal["group"] = "group"
    formula: ClassVar[str] = "Σ√|g|·‖w_g‖₂"
    cvxpy: ClassVar[str] = '(cp.norm1(w) if {0.grouping!r} == "apart" else np.sqrt(2) * cp.norm2(w))'
    grouping: Literal["together", "apart"] = knob(
        "together", label="Groups", help="Together: the weights become 0 only all at once. Apart: one by one, as L1.",
        choices={"together": "one group", "apart": "each its own"},
    )  # fmt: skip

    def groups(self, dimension: int) -> Groups:
        """One group of all, or one for each weight."""
        indices = tuple(range(dimension))
        return (indices,) if self.grouping == "together" else tuple((index,) for index in indices)


class Partition(GroupNorm, title="Groups of one's own"):
    """The group norm with groups given by their indices, for any dimension; no control can draw it, so no knob has it.

    Raises ValueError (pydantic's) unless the groups are disjoint and cover 0 … d − 1.
    """

    kind: Literal["partition"] = "partition"
    partition: tuple[tuple[int, ...], ...]

    @field_validator("partition")
    @classmethod
    def _disjoint_and_covering(cls, partition: tuple[tuple[int, ...], ...]) -> tuple[tuple[int, ...], ...]:
        indices = sorted(index for group in partition for index in group)
        if not all(partition) or indices != list(range(len(indices))):
            raise ValueError("groups must not be empty, must not overlap and must cover every index from 0 on")
        return partition

    def groups(self, dimension: int) -> Groups:
        """The given groups, if they are as many weights as there are."""
        if dimension != sum(map(len, self.partition)):
            raise ValueError(f"these groups are of {sum(map(len, self.partition))} weights, not of {dimension}")
        return self.partition


def _roots(groups: Groups) -> Array:
    """√|g| for each group."""
    return np.sqrt(np.array([len(group) for group in groups], dtype=np.float64))


def _owners(groups: Groups) -> list[int]:
    """The number of the group of each index."""
    owner = {index: number for number, group in enumerate(groups) for index in group}
    return [owner[index] for index in range(len(owner))]
