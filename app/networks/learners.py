"""Learners: networks in training, as values: all that the next step depends on."""

from dataclasses import dataclass, replace

import numpy as np

from app.geometry import Memory, Outcome
from app.networks.activations import Array
from app.networks.constraints import Groups, Multiplied
from app.networks.draws import initial_parameters
from app.networks.settings import Setting


@dataclass(frozen=True, eq=False)
class Learner:
    """One network at one moment of its training.

    Attributes:
        setting: how it is trained from here on.
        initial: (P,) where it began.
        parameters: (P,) where it is; those of the lowest validation loss where patience has stopped it.
        memory: what its optimizer remembers.
        multipliers: (G,) of its constraint, one for each group; (0,) without.
        step: how many steps it has taken.
        seen: how many samples it has been given.
        curve: its validation losses by epoch, from before the first; (0,) without patience.
        best: (P,) where the lowest of them was.
        judged: the step after which the last of them was taken.
        outcome: how its training ended; None while it goes on.
    """

    setting: Setting
    initial: Array
    parameters: Array
    memory: Memory
    multipliers: Array
    best: Array
    curve: Array
    step: int = 0
    seen: int = 0
    judged: int | None = None
    outcome: Outcome | None = None

    def under(self, setting: Setting) -> "Learner":
        """The same network, trained differently from here on."""
        if setting.outset != self.setting.outset:
            raise ValueError("architecture, initial weights, seed and precision cannot change within a run")
        same = setting.rule.kind == self.setting.rule.kind
        memory = self.memory if same else setting.rule.start(self.parameters)
        multipliers = self.multipliers if _grouping(setting) == _grouping(self.setting) else _multipliers(setting)
        return replace(self, setting=setting, memory=memory, multipliers=multipliers)


def begin_learning(setting: Setting, initial: Array | None = None) -> Learner:
    """A network before its first step, with weights drawn by its setting, or those given (P,)."""
    start = initial_parameters(setting) if initial is None else np.array(initial, setting.precision)
    if start.shape != (setting.architecture.parameters,):
        raise ValueError(f"this network has {setting.architecture.parameters} parameters, not {start.shape}")
    return Learner(setting, start, start, setting.rule.start(start), _multipliers(setting), start, np.empty(0))


def _grouping(setting: Setting) -> str:
    constraint = setting.constraint
    return constraint.scope if isinstance(constraint, Multiplied) else ""


def _multipliers(setting: Setting) -> Array:
    """All 0: no group has been too long yet."""
    constraint = setting.constraint
    if not isinstance(constraint, Multiplied):
        return np.empty(0, setting.precision)
    return np.zeros(Groups(setting.architecture, constraint.scope).count, setting.precision)
