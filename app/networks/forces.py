"""What acts on the weights in a step beside the cost: penalties, constraints, clipping; each model with its numbers."""

from collections.abc import Sequence

import numpy as np

from app.geometry import AnyUpdate, DecoupledDecay
from app.networks.activations import Array
from app.networks.constraints import Groups, Multiplied, Projected
from app.networks.penalties import amounts
from app.networks.settings import Setting


class Forces:
    """The rule of a group of models, and what is added to it.

    The order within a step: the gradient of the cost is clipped; penalties and multipliers are added; the rule moves;
    decays and thresholds follow; projection is last.

    Attributes:
        rule: how the gradient moves the parameters.
        rate: η (S, 1), or () where all have the same, which NumPy need not spread; in the precision of the settings, as
            all numbers here.
    """

    def __init__(self, settings: Sequence[Setting]) -> None:
        architecture, constraint = settings[0].architecture, settings[0].constraint
        self.rule, precision = settings[0].rule, settings[0].precision
        rates = np.array([[setting.rate] for setting in settings], precision)
        self.rate = rates if (rates != rates[0]).any() else rates[0, 0, ...]
        self._clip = np.array([[setting.clip] for setting in settings], precision)
        self._clips = bool(np.isfinite(self._clip).any())
        self._updates = [(update, amount.astype(precision)) for update, amount in _updates(settings)]
        self._bound = np.array([[setting.constraint.bound] for setting in settings], precision)
        self._pace = np.array([[setting.constraint.pace] for setting in settings], precision)
        bounded = constraint if isinstance(constraint, Projected | Multiplied) else None
        self._groups = None if bounded is None else Groups(architecture, bounded.scope, precision)
        self._projects, self._multiplies = constraint.kind == "projected", constraint.kind == "multiplied"

    def pull(self, gradient: Array, look: Array, multipliers: Array) -> Array:
        """The whole gradient (S, P) at the parameters that are looked at; that of the cost is written over."""
        if self._clips:
            sizes = np.sqrt(np.einsum("sp,sp->s", gradient, gradient))[:, None]
            gradient *= np.minimum(1.0, self._clip / np.maximum(sizes, np.finfo(sizes.dtype).tiny))
        for update, amount in self._updates:
            slope = update.slope(look, amount)
            if isinstance(slope, np.ndarray):
                gradient += slope
        if self._multiplies and self._groups is not None:
            gradient += self._groups.spread(multipliers) * look
        return gradient

    def settle(self, moved: Array, before: Array) -> Array:
        """Where the parameters are put (S, P) after the rule has moved them."""
        for update, amount in self._updates:
            moved = update.settle(moved, before, amount, self.rate)
        if self._projects and self._groups is not None:
            moved = self._groups.project(moved, self._bound)
        return moved

    def follow(self, multipliers: Array, moved: Array) -> Array:
        """α ← max(0, α + η_α(½‖w_g‖² − ½c²)) for each group (S, G)."""
        if not self._multiplies or self._groups is None:
            return multipliers
        excess = 0.5 * (self._groups.squares(moved) - self._bound**2)
        return np.asarray(np.maximum(0.0, multipliers + self._pace * excess))


def _updates(settings: Sequence[Setting]) -> list[tuple[AnyUpdate, Array]]:
    """Updates that any of the models has, with a strength (S, P) for each of its parameters."""
    architecture, penalty = settings[0].architecture, settings[0].penalty
    decays = DecoupledDecay()
    found: list[tuple[AnyUpdate, Array]] = [
        (penalty.l2_update, np.stack([amounts(architecture, one.penalty.l2) for one in settings])),
        (decays, np.stack([one.decay * architecture.is_weight for one in settings])),
        (penalty.l1_update, np.stack([amounts(architecture, one.penalty.l1) for one in settings])),
    ]
    return [(update, amount) for update, amount in found if amount.any()]
