"""Gradient descent on a quadratic in closed form, the weight decay that it resembles, and when to stop it.

After τ steps of size η from w⁰ the weights are w^(τ) = ŵ + (I − ηH)^τ(w⁰ − ŵ). From w⁰ = 0 the component along the
eigenvector of λ has come 1 − (1 − ηλ)^τ of its way to ŵ, where weight decay of strength α leaves λ/(λ + α): another
filter of the same directions (Deep Learning, eq. 7.40-7.45).
"""

from dataclasses import dataclass
from functools import cached_property
from math import inf, log
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from app.geometry.losses import Quadratic
from app.geometry.numerals import numeral
from app.geometry.spectra import Array, read_only

Regime = Literal["monotone", "one_step", "oscillating", "divergent"]

LARGEST = 1e100  # a power of a factor above 1 is cut here: weights stay finite, and so do the squares of a loss


@dataclass(frozen=True, eq=False)
class ClosedDescent:
    """Plain gradient descent w ← w − η∇J(w) on a quadratic, every step of it known without walking.

    Attributes:
        loss: J; an indefinite H is legal, and then descent diverges whatever the step.
        step: η > 0.
        start: w⁰ (d,); the zero vector if not given.
    """

    loss: Quadratic
    step: float
    start: Array | None = None

    def __post_init__(self) -> None:
        if not 0.0 < self.step < inf:
            raise ValueError(f"a step is a positive finite number, not {self.step}")
        d = self.loss.dimension
        start = read_only(np.zeros(d) if self.start is None else self.start)
        if start.shape != (d,):
            raise ValueError(f"the start must have the shape ({d},), not {start.shape}")
        object.__setattr__(self, "start", start)

    @cached_property
    def factors(self) -> Array:
        """1 − ηλ (d,): what a step leaves of the way to ŵ along each eigenvector, by ascending λ."""
        return read_only(1.0 - self.step * self.loss.eigenvalues)

    @cached_property
    def regime(self) -> Regime:
        """How the steepest direction is walked; rounding of ηλ to 1 or 2 counts as 1 or 2."""
        pace = self.step * self.loss.smoothness
        if self.loss.eigenvalues[0] < 0.0 or pace > 2.0 + 1e-12:
            return "divergent"
        if abs(pace - 1.0) <= 1e-12:
            return "one_step"
        return "oscillating" if pace > 1.0 else "monotone"

    @cached_property
    def horizon(self) -> float:
        """The last τ whose powers are not cut at `LARGEST`; infinite unless descent diverges."""
        largest = float(np.abs(self.factors).max())
        return log(LARGEST) / log(largest) if largest > 1.0 else inf

    @property
    def sentence(self) -> str:
        """The regime in words, with the factor along the steepest direction."""
        pace, factor = self.step * self.loss.smoothness, float(self.factors[-1])
        match self.regime:
            case "monotone":
                return (
                    f"Every direction comes closer step by step: the steepest keeps {numeral(factor)} of its way each."
                )
            case "one_step":
                return "The steepest direction arrives in one step: there η = 1/L."
            case "oscillating" if pace >= 2.0 - 1e-12:
                return "The steepest direction jumps from side to side for ever: there η = 2/L."
            case "oscillating":
                return f"The steepest direction jumps across its optimum: its factor a step is {numeral(factor)}."
            case _ if self.loss.eigenvalues[0] < 0.0:
                lowest = numeral(self.factors[0])
                return f"It diverges whatever the step: J curves downwards, by a factor of {lowest} a step."
            case _:
                return (
                    f"It diverges: with a step of {numeral(pace)}/L the factor along the steepest direction is "
                    f"{numeral(factor)} a step."
                )

    def filters(self, times: ArrayLike) -> Array:
        """1 − (1 − ηλ)^τ for times τ ≥ 0 (…) as (…, d): the share of its way that each direction has come.

        Raises:
            ValueError: for a τ that is not whole where a factor is negative: such a power is no real number.
        """
        tau = np.asarray(times, dtype=float)[..., None]
        if (self.factors < 0.0).any() and (tau != np.floor(tau)).any():
            raise ValueError("a direction changes its sign with each step: between whole steps there is nothing")
        return share_reached(self.step * self.loss.eigenvalues, tau)

    def weights(self, times: ArrayLike) -> Array:
        """w^(τ) for times τ ≥ 0 (…) as (…, d); whole τ only where a factor is negative."""
        start = np.zeros(self.loss.dimension) if self.start is None else self.start
        along = self.loss.eigenvectors.T @ (self.loss.minimiser - start)
        return np.asarray(start + (self.filters(times) * along) @ self.loss.eigenvectors.T)


def share_reached(paces: Array, times: Array) -> Array:
    """1 − (1 − x)^τ for x = ηλ and whole τ ≥ 0 (any τ ≥ 0 where x ≤ 1): the filter of early stopping.

    To full relative precision for small x; the power is cut at ±`LARGEST`.
    """
    left = 1.0 - paces
    size = np.abs(left)
    powers = times * np.log(np.where(size > 0.0, size, 1.0))
    slow = np.where((paces < 1.0) & (paces > -0.5), paces, 0.0)
    gentle = -np.expm1(np.minimum(times * np.log1p(-slow), log(LARGEST)))
    sign = np.where((left < 0.0) & (times % 2.0 == 1.0), -1.0, 1.0)
    strong = np.where(size > 0.0, sign * np.exp(np.minimum(powers, log(LARGEST))), np.where(times > 0.0, 0.0, 1.0))
    return np.asarray(np.where((paces < 1.0) & (paces > -0.5), gentle, 1.0 - strong))
