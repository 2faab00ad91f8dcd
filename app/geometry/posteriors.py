"""What a penalty believes: Gaussian likelihood times Gaussian prior, in closed form, and Laplace's approximation.

With n rows, noise σ and the mean loss J, the likelihood is exp(−nJ(w)/σ²) up to a constant. A prior N(0, τ²I) adds
−‖w‖²/(2τ²): the mode is the optimum of J + α½‖w‖² with α = σ²/(nτ²) (Deep Learning, §5.6.1; ESL, §3.4.1).
"""

from dataclasses import dataclass
from functools import cached_property
from math import inf, log, pi, sqrt

import numpy as np

from app.geometry.forms import Penalised
from app.geometry.losses import Loss, Quadratic
from app.geometry.regularizers import SquaredL2
from app.geometry.solvers import solve
from app.geometry.spectra import Array, read_only
from app.geometry.spectral import shrunk


def must_be_positive(**given: float) -> None:
    """Raises ValueError for what is not a positive finite number."""
    for name, value in given.items():
        if not 0.0 < value < inf:
            raise ValueError(f"{name} is a positive finite number, not {value}")


@dataclass(frozen=True, eq=False, slots=True)
class Predictive:
    """What is predicted at some inputs (…).

    Attributes:
        mean: xᵀE[w].
        line_variance: the variance of xᵀw, and of an intercept: how unsure the line is.
        variance: that of a new observation, σ² more.
    """

    mean: Array
    line_variance: Array
    variance: Array


@dataclass(frozen=True, eq=False)
class GaussianPosterior:
    """The posterior of least squares under a Gaussian prior: a normal law whose mean is also its mode.

    Attributes:
        loss: the mean loss J(w) = ‖Xw − y‖²/(2n).
        rows: n.
        noise: σ > 0.
        width: τ > 0, the standard deviation of the prior.
        intercept: whether X and y are centred because an intercept with a flat prior has been integrated out. It is
            then N(ȳ, σ²/n) whatever w is, and y has n − 1 normal factors, those of its contrasts.
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
        """α = σ²/(nτ²), the penalty on ½‖w‖² beside the mean loss."""
        return self.noise**2 / (self.rows * self.width**2)

    @cached_property
    def precisions(self) -> Array:
        """Eigenvalues of nH/σ² + I/τ² (d,); its eigenvectors are those of H."""
        return read_only(self.rows * self.loss.eigenvalues / self.noise**2 + self.width**-2)

    @cached_property
    def mean(self) -> Array:
        """E[w] (d,), the mode too: the ridge solution."""
        return read_only(shrunk(self.loss, self.strength))

    @cached_property
    def covariance(self) -> Array:
        """(nH/σ² + I/τ²)⁻¹ (d, d)."""
        vectors = self.loss.eigenvectors
        return read_only((vectors / self.precisions) @ vectors.T)

    @cached_property
    def log_evidence(self) -> float:
        """The logarithm of the density of y, N(0, σ²I + τ²XXᵀ), all constants included (ESL, §7.7).

        By eigenvalues: −½n ln(2πσ²) − ½Σ ln(1 + nτ²λᵢ/σ²) − (n/σ²)·min(J + α½‖w‖²); with an intercept that of n − 1
        orthonormal contrasts, and n − 1 in the first term.
        """
        spread = float(np.log1p(self.rows * self.width**2 / self.noise**2 * self.loss.eigenvalues).sum())
        lowest = float(self.loss.value(self.mean)) + 0.5 * self.strength * float(self.mean @ self.mean)
        n, variance = self.rows, self.noise**2
        return -0.5 * (n - self.intercept) * log(2.0 * pi * variance) - 0.5 * spread - n / variance * lowest

    def negative_log(self, w: Array) -> Array:
        """−ln p(y | X, w) − ln p(w) of weights (…, d), all constants included; not divided by the evidence."""
        prior = 0.5 * np.square(w / self.width).sum(axis=-1) + 0.5 * np.shape(w)[-1] * log(2.0 * pi * self.width**2)
        return np.asarray(negative_log_likelihood(self.loss, self.rows, self.noise, w, self.intercept) + prior)

    def predictive(self, inputs: Array) -> Predictive:
        """At inputs x (…, d)."""
        along = np.asarray(inputs, dtype=float) @ self.loss.eigenvectors
        line = (along * along / self.precisions).sum(axis=-1) + self.intercept * self.noise**2 / self.rows
        return Predictive(np.asarray(inputs @ self.mean), line, line + self.noise**2)

    def draws(self, count: int, seed: int) -> Array:
        """Weights (count, d) from the posterior; the same seed gives the same draws."""
        normal = np.random.default_rng(seed).standard_normal((count, self.loss.dimension))
        return np.asarray(self.mean + (normal / np.sqrt(self.precisions)) @ self.loss.eigenvectors.T)


def drawn_intercepts(rows: int, noise: float, count: int, seed: int) -> Array:
    """Intercepts (count,) less ȳ under a flat prior: N(0, σ²/n), whatever the weights of centred features."""
    return np.asarray(np.random.default_rng([seed, 1]).standard_normal(count) * (noise / sqrt(rows)))


def negative_log_likelihood(loss: Loss, rows: int, noise: float, w: Array, intercept: bool = False) -> Array:
    """½n ln(2πσ²) + nJ(w)/σ² of weights (…, d); n − 1 in the first term where an intercept is integrated out."""
    return np.asarray(0.5 * (rows - intercept) * log(2.0 * pi * noise**2) + rows / noise**2 * loss.value(w))


@dataclass(frozen=True, eq=False, slots=True)
class LaplaceApproximation:
    """A normal law with the mode of a posterior and its curvature there (MacKay, Information Theory, ch. 27).

    Attributes:
        mode: the MAP (d,).
        covariance: the inverse Hessian of the negative logarithm at the mode (d, d).
        strength: α = 1/(nτ²) of the penalised problem with the same optimum.
    """

    mode: Array
    covariance: Array
    strength: float

    def draws(self, count: int, seed: int) -> Array:
        """Weights (count, d); the same seed gives the same draws."""
        root = np.linalg.cholesky(self.covariance)
        normal = np.random.default_rng(seed).standard_normal((count, len(self.mode)))
        return np.asarray(self.mode + normal @ root.T)


def laplace_approximation(loss: Loss, rows: int, width: float) -> LaplaceApproximation:
    """The likelihood exp(−nJ) of a classifier times N(0, τ²I), approximated around its mode.

    Of a profile, whose other weights have a flat prior, the Hessian is the Schur complement: the covariance is then
    that of the kept weights with the others integrated out.

    Raises:
        ValueError: where the posterior has no mode: some free weight grows without bound.
    """
    must_be_positive(rows=rows, width=width)
    strength = 1.0 / (rows * width**2)
    mode = solve(loss, SquaredL2(), Penalised(strength)).weights
    if mode is None:
        raise ValueError("the posterior has no mode: a weight without a prior grows without bound")
    precision = rows * loss.hessian(mode) + np.eye(loss.dimension) / width**2
    inverse = np.linalg.inv(0.5 * (precision + precision.T))
    return LaplaceApproximation(read_only(mode), read_only(0.5 * (inverse + inverse.T)), strength)
