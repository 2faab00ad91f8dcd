"""Gaussian likelihood times Laplace prior: the mode is the lasso and may be exactly 0, the mean only by symmetry.

The prior p(w) = Π exp(−|wᵢ|/b)/(2b) adds ‖w‖₁/b to nJ(w)/σ²: the mode is the optimum of J + α‖w‖₁ with α = σ²/(nb)
(Tibshirani 1996, §5; Park & Casella 2008). On each side of 0 the posterior of one weight, the others given, is a normal
law cut off there, so that one weight is integrated exactly and only a second one by quadrature.
"""

from dataclasses import dataclass
from functools import cached_property
from math import log, sqrt

import numpy as np

from app.geometry.forms import Penalised
from app.geometry.losses import Quadratic
from app.geometry.norms import L1
from app.geometry.piecewise import Pieces, integrate
from app.geometry.posteriors import must_be_positive, negative_log_likelihood
from app.geometry.solvers import solve
from app.geometry.spectra import Array, read_only
from app.geometry.two_sided import TwoSided

_NEGLIGIBLE = 46.0  # nats below the top: 1e-20 of it, where a log-concave density is cut


@dataclass(frozen=True, eq=False, slots=True)
class Averages:
    """What integrates the posterior.

    Attributes:
        mean: E[w] (d,).
        covariance: (d, d).
        log_evidence: the logarithm of the density of y.
        error: of the mean, the largest difference between two orders of quadrature, absolute; rounding not counted.
    """

    mean: Array
    covariance: Array
    log_evidence: float
    error: float


@dataclass(frozen=True, eq=False)
class LaplacePosterior:
    """The posterior of least squares under a Laplace prior; averages and draws for two weights.

    Attributes:
        loss: the mean loss J(w) = ‖Xw − y‖²/(2n).
        rows: n.
        noise: σ > 0.
        width: b > 0; the prior's standard deviation is √2·b.
        intercept: whether an intercept with a flat prior has been integrated out, as for a Gaussian prior.
    """

    loss: Quadratic
    rows: int
    noise: float
    width: float
    intercept: bool = False

    def __post_init__(self) -> None:
        must_be_positive(rows=self.rows, noise=self.noise, width=self.width)

    @property
    def strength(self) -> float:
        """α = σ²/(nb), the penalty on ‖w‖₁ beside the mean loss."""
        return self.noise**2 / (self.rows * self.width)

    @cached_property
    def mode(self) -> Array:
        """The lasso solution (d,)."""
        found = solve(self.loss, L1(), Penalised(self.strength)).weights
        if found is None:
            raise ValueError("a loss without a minimum is no likelihood")
        return read_only(found)

    def negative_log(self, w: Array) -> Array:
        """−ln p(y | X, w) − ln p(w) of weights (…, d), all constants included; not divided by the evidence."""
        prior = np.abs(w).sum(axis=-1) / self.width + np.shape(w)[-1] * log(2.0 * self.width)
        return np.asarray(negative_log_likelihood(self.loss, self.rows, self.noise, w, self.intercept) + prior)

    @cached_property
    def averages(self) -> Averages:
        """Mean, covariance and evidence for two weights: one integrated in closed form, the other by quadrature."""
        total = self._pieces.mass
        x, z, xx, zz, xz = self._pieces.moments / total
        order = [self._outer, 1 - self._outer]
        mean, second = np.empty(2), np.empty((2, 2))
        mean[order], second[np.ix_(order, order)] = [x, z], [[xx, xz], [xz, zz]]
        best = self.loss.minimiser
        lowest = float(negative_log_likelihood(self.loss, self.rows, self.noise, best, self.intercept))
        evidence = self._top[1] + log(total) - lowest - 2.0 * log(2.0 * self.width)
        error = float(self._pieces.errors[1:3].max()) / total
        return Averages(read_only(mean), read_only(second - np.outer(mean, mean)), evidence, error)

    def draws(self, count: int, seed: int) -> Array:
        """Weights (count, 2) by inverting distribution functions; the same seed gives the same draws."""
        shares = np.random.default_rng(seed).random((2, count))
        outer = self._pieces.quantile(shares[0])
        inner = self._given(outer).quantile(np.clip(shares[1], 1e-16, 1.0 - 1e-16))
        return np.stack([outer, inner] if self._outer == 0 else [inner, outer], axis=-1)

    @cached_property
    def _precision(self) -> Array:
        """nH/σ² (2, 2)."""
        if self.loss.dimension != 2:
            raise ValueError(f"averages are known for two weights, not for {self.loss.dimension}")
        return read_only(self.rows / self.noise**2 * self.loss.curvature)

    @property
    def _outer(self) -> int:
        """The weight left to quadrature: the one that the data say less of."""
        return 0 if self._precision[1, 1] >= self._precision[0, 0] else 1

    def _given(self, outer: Array) -> TwoSided:
        """The inner weight, given the outer one; where data say nothing of it, as good as the prior alone."""
        i, j = self._outer, 1 - self._outer
        curvature = max(float(self._precision[j, j]), 1e-20 / self.width**2)
        slope = float(self._precision[i, j]) / curvature
        centre = self.loss.minimiser[j] - slope * (outer - self.loss.minimiser[i])
        return TwoSided(np.full_like(centre, curvature), centre, self.width)

    def _log_marginal(self, outer: Array, inner: TwoSided) -> Array:
        """The logarithm of the outer weight's density, relative to the likelihood's top; concave (Prékopa)."""
        i, j = self._outer, 1 - self._outer
        small, large = self.loss.eigenvalues * (self.rows / self.noise**2)
        left = small * large / self._precision[j, j] if small > 0.0 else 0.0  # the Schur complement
        away = outer - self.loss.minimiser[i]
        return np.asarray(inner.log_mass - 0.5 * left * away * away - np.abs(outer) / self.width)

    @cached_property
    def _top(self) -> tuple[tuple[float, ...], float]:
        """Where the marginal density is cut, with 0 and its highest place in between; and how high that is.

        Looked for around the mode on a scale that doubles: beyond a point of a concave function below the cut, all of
        it is below.
        """
        i = self._outer
        finest = min(self.width, float(self._precision[i, i] + self.width**-2) ** -0.5)
        reach = finest * 2.0 ** np.arange(-6.0, 90.0)
        places = float(self.mode[i]) + np.concatenate([-reach[::-1], [0.0], reach])
        heights = self._log_marginal(places, self._given(places))
        best = int(heights.argmax())
        seen = np.flatnonzero(heights > heights[best] - _NEGLIGIBLE)
        ends = places[max(seen[0] - 1, 0)], places[min(seen[-1] + 1, len(places) - 1)]
        marks = {float(ends[0]), float(ends[1]), float(places[best])}
        return tuple(sorted(marks | ({0.0} if ends[0] < 0.0 < ends[1] else set()))), float(heights[best])

    @cached_property
    def _pieces(self) -> Pieces:
        """The outer weight's density, and its products with x, E[z|x], x², E[z²|x] and x·E[z|x]."""
        marks, top = self._top

        def density(x: Array) -> Array:
            inner = self._given(x)
            heights = np.exp(self._log_marginal(x, inner) - top)
            mean = inner.mean
            return heights * np.stack([np.ones_like(x), x, mean, x * x, inner.mean_square, x * mean])

        return integrate(density, marks, _spreads)


def _spreads(size: Array) -> Array:
    """For `integrate`: a mean that symmetry makes almost 0 is known to 1e-15 of its spread, and no better."""
    mass, _, _, xx, zz, _ = size.tolist()
    return 1e-3 * np.array([0.0, sqrt(mass * xx), sqrt(mass * zz), 0.0, 0.0, sqrt(xx * zz)])
