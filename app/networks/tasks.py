"""Tasks: the samples that networks learn from, and those they are tested on."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from app.networks.activations import Array


@dataclass(frozen=True, eq=False)
class Examples:
    """Samples in rows, as everywhere else: inputs (n, d) and targets (n, n_out).

    Both may have a leading axis S, for a sample of its own for each of S models.
    """

    inputs: Array
    targets: Array

    def __post_init__(self) -> None:
        if self.inputs.ndim not in (2, 3) or self.inputs.shape[:-1] != self.targets.shape[:-1] or not self.count:
            raise ValueError(
                f"inputs (n, d) and targets (n, n_out) have the same rows, at least one: "
                f"got {self.inputs.shape} and {self.targets.shape}"
            )
        if not (np.isfinite(self.inputs).all() and np.isfinite(self.targets).all()):
            raise ValueError("inputs and targets are finite numbers")

    @property
    def count(self) -> int:
        """n."""
        return int(self.inputs.shape[-2])

    @property
    def own(self) -> bool:
        """Whether each model has its own."""
        return self.inputs.ndim == 3

    def of(self, model: int) -> "Examples":
        """Those of one model."""
        return Examples(self.inputs[model], self.targets[model]) if self.own else self

    def only(self, models: Sequence[int]) -> "Examples":
        """Those of some models, in that order."""
        places = list(models)
        return Examples(self.inputs[places], self.targets[places]) if self.own else self

    def columns(self) -> tuple[Array, Array]:
        """As networks read them: inputs (…, d + 1, n) with a last row of ones, targets (…, n_out, n)."""
        return with_ones(self.inputs).swapaxes(-1, -2), self.targets.swapaxes(-1, -2)


@dataclass(frozen=True, eq=False)
class Task:
    """What is to be learnt.

    Attributes:
        training: the examples whose cost is lowered.
        validation: examples held back, for patience and for the curves; None for none.
    """

    training: Examples
    validation: Examples | None = None

    def only(self, models: Sequence[int]) -> "Task":
        """That of some models, where each has examples of its own."""
        return Task(self.training.only(models), None if self.validation is None else self.validation.only(models))


def with_ones(rows: Array) -> Array:
    """Rows (…, n, d) with a last column of ones (…, n, d + 1)."""
    return np.concatenate([rows, np.ones((*rows.shape[:-1], 1))], axis=-1)
