"""Constraints on the weights of networks: a norm for each unit, or for each layer, that may not be exceeded.

Max-norm bounds the incoming weights of each unit, ‖w_j‖₂ ≤ c (Srebro & Shraibman 2005; Srivastava et al. 2014, §5.1);
the Frobenius norm those of a whole layer. Either as projection after each step, or as a penalty whose multipliers find
themselves: Deep Learning (2016), §7.2. Biases are free.
"""

from abc import ABC, abstractmethod
from typing import Literal

import numpy as np
from numpy.typing import DTypeLike, NDArray

from app.knobs import Knobs, Real, knob
from app.networks.activations import Array
from app.networks.architectures import Architecture


class Constraint(Knobs, ABC):
    """What bounds the weights."""

    @property
    @abstractmethod
    def bound(self) -> float:
        """c, what a norm may be at most; ∞ for none."""

    @property
    @abstractmethod
    def pace(self) -> float:
        """η of the multipliers; 0 where there are none."""


class Unconstrained(Constraint, title="none"):
    """Nothing bounds them."""

    kind: Literal["none"] = "none"

    @property
    def bound(self) -> float:
        """∞."""
        return np.inf

    @property
    def pace(self) -> float:
        """0."""
        return 0.0


Scope = Literal["unit", "layer"]


class _Bounded(Constraint):
    radius: Real = knob(
        1.0, label="Largest norm", symbol="c", ge=0, le=1000, soft=(0.01, 100), scale="log", step=0.1,
        help="What the norm of the weights in each group may be at most.",
    )  # fmt: skip
    scope: Scope = knob(
        "unit", label="Norm of", choices={"unit": "each unit's incoming weights", "layer": "each layer's weights"},
        help="Which weights share a norm: max-norm bounds each unit, the Frobenius norm each layer.",
    )  # fmt: skip

    @property
    def bound(self) -> float:
        """As set."""
        return self.radius


class Projected(_Bounded, title="projection"):
    """After each step, groups that are too long are rescaled: the nearest point of the ball; others are not touched."""

    kind: Literal["projected"] = "projected"

    @property
    def pace(self) -> float:
        """0."""
        return 0.0


class Multiplied(_Bounded, title="penalty with multipliers"):
    """C + Σ_g α_g(½‖w_g‖² − ½c²), each α_g ≥ 0 growing while its group is too long, falling else.

    The saddle flow of `app.geometry.multipliers`, on a non-convex cost: only stationarity carries over.
    """

    kind: Literal["multiplied"] = "multiplied"
    rate: Real = knob(
        0.01, label="Step of the multipliers", symbol="η_α", ge=1e-6, le=10, soft=(1e-4, 1), scale="log", step=0.1,
        help="How fast each α follows what its group exceeds.",
    )  # fmt: skip

    @property
    def pace(self) -> float:
        """As set."""
        return self.rate


AnyConstraint = Unconstrained | Projected | Multiplied


class Groups:
    """The weights that share a norm: those of a unit or of a layer, and nothing else of it."""

    def __init__(self, architecture: Architecture, scope: Scope, precision: DTypeLike = np.float64) -> None:
        self._starts = architecture.unit_starts if scope == "unit" else architecture.layer_starts
        self._is_weight = architecture.is_weight.astype(precision)
        lengths = np.diff(self._starts, append=architecture.parameters)
        self._group: NDArray[np.intp] = np.repeat(np.arange(len(lengths)), lengths)

    @property
    def count(self) -> int:
        """G."""
        return len(self._starts)

    def squares(self, parameters: Array) -> Array:
        """‖w_g‖² (…, G) of parameters (…, P)."""
        return np.asarray(np.add.reduceat(parameters * parameters * self._is_weight, self._starts, axis=-1))

    def spread(self, numbers: Array) -> Array:
        """Numbers (…, G) at each weight of their group (…, P); 0 at what is no weight."""
        return np.asarray(numbers[..., self._group] * self._is_weight)

    def project(self, parameters: Array, bound: Array) -> Array:
        """The nearest parameters with ‖w_g‖ ≤ c for c (…, 1): those of a group within are not touched."""
        norms = np.sqrt(self.squares(parameters))
        far = norms > bound
        if not far.any():
            return parameters
        shrink = np.where(far, bound / np.where(far, norms, 1.0), 1.0)
        return np.asarray(np.where(self._is_weight, parameters * shrink[..., self._group], parameters))
