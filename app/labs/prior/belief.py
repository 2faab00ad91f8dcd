"""A prior of some width and the posterior it makes: one knob with the strength of a penalty, and the mode twice."""

from dataclasses import dataclass
from itertools import product
from typing import Literal

import numpy as np

from app.data.library import Library
from app.figures.marks import Array
from app.geometry import L1, Certificate, GaussianPosterior, LaplacePosterior, Penalised, SquaredL2, solve
from app.geometry.laplace_posteriors import Averages
from app.labs.prior.drawing import Posterior
from app.labs.prior.rows import RowsProblem, Seen, seen

Prior = Literal["gaussian", "laplace"]
DEFAULT_WIDTH = 0.5
ROUNDING = 1e-14  # of the standard deviation of a weight


@dataclass(frozen=True, eq=False)
class Belief:
    """A prior of some width before the rows seen, and the posterior it makes of them."""

    found: Seen
    posterior: Posterior
    width: float  # relative
    strength: float  # relative

    @property
    def gaussian(self) -> bool:
        """Whether the prior is Gaussian."""
        return isinstance(self.posterior, GaussianPosterior)

    @property
    def symbol(self) -> str:
        """What the width of the prior is called."""
        return "τ" if self.gaussian else "b"


def belief(
    library: Library, problem: RowsProblem, rows: int, noise: float, prior: Prior, width: float | None,
    strength: float | None,
) -> Belief:  # fmt: skip
    """Width and strength are one knob: α = σ²/(nτ²) for a Gaussian prior, σ²/(nb) for a Laplace one."""
    found = library.once(seen, problem, rows, noise)
    gaussian = prior == "gaussian"
    unit, power = ((found.loss.smoothness or 1.0), 2) if gaussian else (found.largest_pull, 1)
    if strength is not None:
        absolute = (found.noise**2 / (found.rows * strength * unit)) ** (1 / power)
        relative = absolute / found.unit
    else:
        relative = DEFAULT_WIDTH if width is None else width
        absolute = relative * found.unit
    law = GaussianPosterior if gaussian else LaplacePosterior
    posterior = law(found.loss, found.rows, found.noise, absolute, intercept=True)
    return Belief(found, posterior, relative, posterior.strength / unit if strength is None else strength)


@dataclass(frozen=True, eq=False)
class Conclusion:
    """What is concluded: mode and mean of a posterior.

    Attributes:
        mode: the optimum of J + αΩ, as the solver finds and certifies it (2,).
        tried: the mode again, found without any penalty (2,).
        mean: the average of the posterior (2,).
        covariance: (2, 2).
        error: of the mean, at most.
        certificate: of the mode as a penalised optimum.
    """

    mode: Array
    tried: Array
    mean: Array
    covariance: Array
    error: float
    certificate: Certificate


def concluded(held: Belief) -> Conclusion:
    """Mode and mean of a posterior."""
    law, loss = held.posterior, held.found.loss
    if isinstance(law, GaussianPosterior):
        solved = solve(loss, SquaredL2(), Penalised(law.strength))
        tried, mean, covariance, error = _by_normal_equations(held.found, law.width), law.mean, law.covariance, 0.0
    else:
        solved = solve(loss, L1(), Penalised(law.strength))
        tried, averages = _by_signs(held.found, law), law.averages
        mean, covariance, error = _snapped(averages), averages.covariance, averages.error
    mode = np.zeros(2) if solved.weights is None else solved.weights
    return Conclusion(mode, tried, mean, covariance, error, solved.certificate)


def _snapped(found: Averages) -> Array:
    """The mean, exactly 0 where it is 0 up to the error of the quadrature and rounding: there by symmetry."""
    least = np.maximum(found.error, ROUNDING * np.sqrt(np.diag(found.covariance)))
    return np.where(np.abs(found.mean) <= least, 0.0, found.mean)


def _by_normal_equations(found: Seen, width: float) -> Array:
    """Where the slope of the log posterior is 0: (nH/σ² + I/τ²)w = nHŵ/σ². It knows of no penalty."""
    weight = found.rows / found.noise**2
    precision = weight * found.loss.curvature + np.eye(2) / width**2
    return np.asarray(np.linalg.solve(precision, weight * (found.loss.curvature @ found.loss.minimiser)))


def _by_signs(found: Seen, law: LaplacePosterior) -> Array:
    """The most probable of the nine points where the posterior's slope can vanish, one for each pattern of signs."""
    weight = found.rows / found.noise**2
    precision, pull = weight * found.loss.curvature, weight * (found.loss.curvature @ found.loss.minimiser)
    points = [np.zeros(2)]
    for signs in product((-1.0, 0.0, 1.0), repeat=2):
        s = np.array(signs)
        on = s != 0.0
        if on.any():
            w = np.zeros(2)
            w[on] = np.linalg.lstsq(precision[np.ix_(on, on)], pull[on] - s[on] / law.width, rcond=None)[0]
            points.append(w)
    return points[int(np.argmin(law.negative_log(np.stack(points))))]
