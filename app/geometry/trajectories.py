"""Walks: optimizers let loose on a loss, many at once, each until it has settled, run out of steps or run away."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from app.geometry.losses import Loss
from app.geometry.minibatches import Rows
from app.geometry.optimizer import Memory
from app.geometry.optimizers import AdamW, AnyOptimizer
from app.geometry.outcomes import Outcome
from app.geometry.regularizer import Array
from app.geometry.updates import AnyUpdate, Projection, Unregularized
from app.geometry.walk_endings import ending
from app.geometry.walk_slopes import Slopes

FAR = 1e12  # times the size of the start or of the free optimum: a walk beyond is stopped, far from any overflow


@dataclass(frozen=True)
class Walker:
    """Who walks: a rule, its step, and how a regularizer enters it.

    Attributes:
        optimizer: the rule.
        rate: η > 0.
        update: how a regularizer enters a step.
        amount: the strength α of its penalty; the radius t of the ball for a projection.
        batch: how many rows, drawn afresh, give the gradient of a step; None for all of them.
        seed: of those draws.
    """

    optimizer: AnyOptimizer
    rate: float
    update: AnyUpdate = Unregularized()  # noqa: RUF009 (frozen)
    amount: float = 0.0
    batch: int | None = None
    seed: int = 0

    def __post_init__(self) -> None:
        if not 0.0 < self.rate < inf or not 0.0 <= self.amount < inf or (self.batch is not None and self.batch < 1):
            raise ValueError("a step is a finite number > 0, an amount a finite one ≥ 0, a batch has at least one row")


@dataclass(frozen=True, eq=False)
class Trajectory:
    """Where a walker was, from its start to its end: all finite.

    Attributes:
        weights: (k + 1, d), the start first; k is the number of steps it took.
        values: J there (k + 1,).
        outcome: how it ended: converged, out_of_steps or diverged.
        settled: the step from which on it hardly moved; None where it never did.
        factor: by how much each of its last steps was longer than the one before, with a minus sign where each turned
            back; None where there is no steady factor.
    """

    weights: Array
    values: Array
    outcome: Outcome
    settled: int | None
    factor: float | None

    @property
    def steps(self) -> int:
        """How many steps it took."""
        return len(self.weights) - 1


def walk(
    loss: Loss, walkers: Sequence[Walker], starts: Array, steps: int, rows: Rows | None = None, settled: float = 1e-6
) -> list[Trajectory]:
    """Let walkers walk over a loss, all in step: one gradient call a step, one array for all who share a rule.

    Args:
        loss: J.
        walkers: who walks, m of them; those with equal optimizer and update are one batch.
        starts: (d,) for all, or (m, d).
        steps: the most that each takes.
        rows: the samples of J, for walkers with a batch.
        settled: a walker has converged once no further step is longer than this share of its way.

    Raises:
        ValueError: a walker wants a batch and there are no rows.
    """
    begun = np.array(np.broadcast_to(np.asarray(starts, dtype=float), (len(walkers), loss.dimension)))
    draws = [(one.batch, one.seed) for one in walkers]
    slopes = Slopes(loss, draws, steps, rows)
    with np.errstate(over="ignore", invalid="ignore"):  # what overflows within one step is cut off
        paths = _walked(_crews(walkers), slopes, begun, steps, _far(loss, begun))
        values = [slopes.values(i, path) for i, path in enumerate(paths)]
    kept = [_finite(heights) for heights in values]
    ways = [(path[keep], heights[keep]) for path, heights, keep in zip(paths, values, kept, strict=True)]
    return [
        Trajectory(
            path,
            heights,
            *ending(
                path,
                len(path) <= steps,
                one.rate * loss.smoothness,
                one.optimizer.scale_free,
                settled,
                _endless(loss, one),
            ),
        )
        for (path, heights), one in zip(ways, walkers, strict=True)
    ]


def _endless(loss: Loss, one: Walker) -> bool:
    """Whether nothing holds a walker back where the loss has no optimum."""
    own = isinstance(one.optimizer, AdamW) and one.optimizer.decay > 0.0
    held = isinstance(one.update, Projection) or (not isinstance(one.update, Unregularized) and one.amount > 0.0)
    return loss.minimum.weights is None and not held and not own


def _finite(values: Array) -> NDArray[np.intp]:
    """Which of them can be told; the start always counts."""
    return np.flatnonzero(np.isfinite(values) | (np.arange(len(values)) == 0))


def _far(loss: Loss, begun: Array) -> Array:
    """The size (m,) at which each walk is stopped."""
    free = loss.minimum.weights
    reach = 1.0 if free is None else max(1.0, float(np.abs(free).max()))
    return np.asarray(FAR * np.maximum(np.abs(begun).max(axis=-1), reach))


class _Crew(NamedTuple):
    """Walkers who share a rule and an update: which they are, their steps (m, 1) and amounts (m, 1)."""

    optimizer: AnyOptimizer
    update: AnyUpdate
    members: NDArray[np.intp]
    rate: Array
    amount: Array


def _crews(walkers: Sequence[Walker]) -> list[_Crew]:
    members: dict[tuple[AnyOptimizer, AnyUpdate], list[int]] = {}
    for i, walker in enumerate(walkers):
        members.setdefault((walker.optimizer, walker.update), []).append(i)
    return [
        _Crew(
            *alike,
            np.array(which),
            np.array([[walkers[i].rate] for i in which]),
            np.array([[walkers[i].amount] for i in which]),
        )
        for alike, which in members.items()
    ]


def _walked(crews: list[_Crew], slopes: Slopes, begun: Array, steps: int, far: Array) -> list[Array]:
    """The path of each walker, cut where it went too far.

    Who has gone too far begins anew, unseen, so that the batch keeps its shape and all that is in it stays finite.
    """
    history = np.empty((steps + 1, *begun.shape))
    history[0] = w = begun
    ends = np.full(len(begun), steps)
    memories = [crew.optimizer.start(begun[crew.members]) for crew in crews]
    for k in range(steps):
        w, memories = _stepped(crews, slopes, w, memories, k)
        history[k + 1] = w
        reached = np.abs(w).max(axis=-1)
        if not (reached <= far).all():
            lost = ~(reached <= far)
            ends = np.where(lost & (ends == steps), np.where(np.isfinite(reached), k + 1, k), ends)
            if (ends < steps).all():
                break
            w = np.where(lost[:, None], begun, w)
            memories = [_anew(crew, begun, lost, memory) for crew, memory in zip(crews, memories, strict=True)]
    return [history[: end + 1, i].copy() for i, end in enumerate(ends)]


def _stepped(
    crews: list[_Crew], slopes: Slopes, w: Array, memories: list[Memory], k: int
) -> tuple[Array, list[Memory]]:
    """One step of all."""
    looks = np.empty_like(w)
    for crew, memory in zip(crews, memories, strict=True):
        looks[crew.members] = crew.optimizer.look(w[crew.members], memory)
    gradients, moved, kept = slopes.at(looks, k), np.empty_like(w), list[Memory]()
    for (optimizer, update, members, rate, amount), memory in zip(crews, memories, strict=True):
        before = w[members]
        slope = gradients[members] + update.slope(looks[members], amount)
        after, memory = optimizer.step(before, slope, memory, rate)
        moved[members] = update.settle(after, before, amount, rate)
        kept.append(memory)
    return moved, kept


def _anew(crew: _Crew, begun: Array, lost: NDArray[np.bool_], memory: Memory) -> Memory:
    """The memory of a crew, blank where a member begins anew; nobody sees that it counts on."""
    blank, which = crew.optimizer.start(begun[crew.members]), lost[crew.members][:, None]
    arrays = (np.where(which, new, old) for new, old in zip(blank.arrays, memory.arrays, strict=True))
    return memory._replace(arrays=tuple(arrays))
