"""Penalties on the weights of networks: L1 and L2, both at once for the elastic net, a strength for each layer.

Each strength α stands beside the mean cost, C + α_1‖w‖₁ + α_2½‖w‖²; with λ/n as books on networks write it, α = λ/n.
Biases are never penalised. How each enters a step is one of the updates that linear models have too.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite

import numpy as np

from app.geometry import AnyUpdate, DecoupledDecay, GradientDecay, SignShrinkage, SoftThreshold
from app.networks.activations import Array
from app.networks.architectures import Architecture

Strength = float | tuple[float, ...]  # for all layers, or by layer


@dataclass(frozen=True)
class Penalty:
    """α_1‖w‖₁ + α_2½‖w‖² over all weights.

    Attributes:
        l1: α_1 ≥ 0.
        l2: α_2 ≥ 0.
        l1_update: by sign, a step of constant length, or by soft threshold, which lands on 0.
        l2_update: in the gradient, or as a decay of its own.
    """

    l1: Strength = 0.0
    l2: Strength = 0.0
    l1_update: SignShrinkage | SoftThreshold = SignShrinkage()  # noqa: RUF009 (frozen)
    l2_update: GradientDecay | DecoupledDecay = GradientDecay()  # noqa: RUF009

    def __post_init__(self) -> None:
        for strength in (self.l1, self.l2):
            given = (strength,) if isinstance(strength, int | float) else strength
            if not all(isfinite(one) and one >= 0.0 for one in given):
                raise ValueError(f"a strength is a finite number ≥ 0, for all layers or for each: {strength}")

    def value(self, architecture: Architecture, parameters: Array) -> Array:
        """The penalty (…) of parameters (…, P)."""
        l1, l2 = amounts(architecture, self.l1), amounts(architecture, self.l2)
        return np.asarray(np.abs(parameters) @ l1 + 0.5 * (parameters * parameters) @ l2)

    def updates(self, architecture: Architecture) -> list[tuple[AnyUpdate, Array]]:
        """How each part enters a step, with its strength at each parameter (P,)."""
        return [
            (self.l1_update, amounts(architecture, self.l1)),
            (self.l2_update, amounts(architecture, self.l2)),
        ]


def elastic_net(strength: float, ratio: float) -> Penalty:
    """α(ρ‖w‖₁ + (1 − ρ)½‖w‖²), its L1 part by soft threshold. Zou & Hastie (2005)."""
    return Penalty(strength * ratio, strength * (1.0 - ratio), SoftThreshold())


def amounts(architecture: Architecture, strength: Strength) -> Array:
    """The strength at each parameter (P,): that of its layer for a weight, 0 for anything else."""
    found = np.zeros(architecture.parameters)
    layers = architecture.weights(found)
    strengths: Sequence[float] = strength if isinstance(strength, tuple) else [strength] * len(layers)
    if len(strengths) != len(layers):
        raise ValueError(f"{len(strengths)} strengths for {len(layers)} layers of weights")
    for weights, one in zip(layers, strengths, strict=True):
        weights[...] = one
    return found
