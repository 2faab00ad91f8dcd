"""One weight under a Gaussian likelihood and a Laplace prior: on each side of 0 a normal law that is cut off there.

Everything is closed: mass, mean, variance, quantiles, and the mode, which is the soft threshold (Park & Casella 2008).
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike

from app.geometry.half_lines import Half, half_line, half_line_quantile
from app.geometry.spectra import Array


@dataclass(frozen=True, eq=False)
class TwoSided:
    """Laws exp(−½a(w − m)² − |w|/b) of single weights, in closed form, vectorised: numbers of the shape (…).

    Attributes:
        curvature: a > 0.
        centre: m, where the likelihood alone is highest.
        width: b > 0.
    """

    curvature: Array
    centre: Array
    width: float

    @cached_property
    def _sides(self) -> tuple[Half, Half]:
        """The right and the left of 0, each with the whole logarithm of its mass, written so that nothing cancels."""
        a, m, bend = self.curvature, self.centre, 1.0 / self.width
        sides = []
        for sign in (1.0, -1.0):
            c = sign * a * m - bend
            # −½am² + ½c²/a = ½/(ab²) − (±m)/b where c > 0.
            lift = np.where(c > 0.0, bend * (0.5 * bend / a - sign * m), -0.5 * a * m * m)
            side = half_line(a, c)
            sides.append(side._replace(log_mass=side.log_mass + lift))
        return sides[0], sides[1]

    @cached_property
    def log_mass(self) -> Array:
        """ln ∫ exp(−½a(w − m)² − |w|/b) dw."""
        right, left = self._sides
        return np.asarray(np.logaddexp(right.log_mass, left.log_mass))

    @cached_property
    def positive(self) -> Array:
        """The probability of w > 0."""
        return np.asarray(np.exp(self._sides[0].log_mass - self.log_mass))

    @cached_property
    def negative(self) -> Array:
        """The probability of w < 0."""
        return np.asarray(np.exp(self._sides[1].log_mass - self.log_mass))

    @property
    def mean(self) -> Array:
        """E[w]: the means of both sides by their probabilities; 0 only where m = 0."""
        right, left = self._sides
        return np.asarray(self.positive * right.mean - self.negative * left.mean)

    @property
    def mean_square(self) -> Array:
        """E[w²]."""
        right, left = self._sides
        return np.asarray(self.positive * right.mean_square + self.negative * left.mean_square)

    @property
    def mode(self) -> Array:
        """The soft threshold of m by 1/(ab): exactly 0 for |m| ≤ 1/(ab)."""
        return np.asarray(
            np.sign(self.centre) * np.maximum(np.abs(self.centre) - 1.0 / (self.curvature * self.width), 0.0)
        )

    def quantile(self, share: ArrayLike) -> Array:
        """The w below which a share 0 < · < 1 of the mass lies; ½ gives the median."""
        below = np.asarray(share, dtype=float)
        right = below >= self.negative
        part = np.where(right, 1.0 - below, below) / np.where(right, self.positive, self.negative)
        sign = np.where(right, 1.0, -1.0)
        c = sign * self.curvature * self.centre - 1.0 / self.width
        return np.asarray(sign * half_line_quantile(self.curvature, c, np.clip(part, 1e-300, 1.0)))
