"""Optima of a quadratic of any dimension under L2 and squared L2, in the frame of the Hessian's eigenvectors.

There H is diagonal and the penalised optimum is w(α) = Q(Λ + αI)⁻¹ΛQᵀŵ: each component shrinks by λᵢ/(λᵢ + α)
(Deep Learning, eq. 7.13). Everything is vectorised over strengths and radii.
"""

import numpy as np
from numpy.typing import ArrayLike

from app.geometry.losses import Quadratic
from app.geometry.regularizer import Array
from app.geometry.spectra import spectrum

_STEPS = 100


def shrunk(loss: Quadratic, strengths: ArrayLike) -> Array:
    """argmin J + α½‖w‖² for strengths α ≥ 0 (…) as weights (…, d); for α = 0 the shortest minimiser."""
    values, vectors = loss.spectrum
    along = vectors.T @ loss.minimiser
    return (_factors(values, np.asarray(strengths, dtype=float)) * along) @ vectors.T


def ridge_path(hessian: Array, pull: Array, strengths: ArrayLike) -> Array:
    """argmin ½wᵀHw − gᵀw + α½‖w‖² for strengths α > 0 (…) as weights (…, d), by one eigendecomposition of H (d, d).

    Where the digits of nearly collinear data matter, `shrunk` has them: it takes the singular values of X.
    """
    values, vectors = spectrum(hessian)
    shifted = values + np.asarray(strengths, dtype=float)[..., None]
    return np.asarray(((vectors.T @ pull) / shifted) @ vectors.T)


def effective_degrees_of_freedom(eigenvalues: ArrayLike, strength: ArrayLike) -> Array:
    """Σ λᵢ/(λᵢ + α): how many directions are left of the d; for α = 0 the rank.

    Eigenvalues (d,) ≥ 0 of H and strengths (…) in the same units (both of the mean loss, or both of the sum), to
    numbers (…). ESL, eq. 3.50.
    """
    values = np.asarray(eigenvalues, dtype=float)
    return np.asarray(_factors(values, np.asarray(strength, dtype=float)).sum(axis=-1))


def multipliers_of_squared_l2(loss: Quadratic, radii: ArrayLike) -> Array:
    """The α of ½‖w‖² with ‖w(α)‖ = t for each radius t > 0 (…); 0 where the ball holds a minimiser.

    Newton's method on 1/‖w(α)‖ = 1/t, concave in α and below its asymptote (α + λ̄)/‖g‖, climbs to the root from
    where the asymptote meets 1/t (Conn, Gould, Toint, Trust-Region Methods, §7.3).
    """
    t = np.asarray(radii, dtype=float)
    values, pulls, length, mean = _pulls(loss)
    alpha = np.maximum(length / t - mean, 0.0)
    for _ in range(_STEPS):
        shifted = values + alpha[..., None]
        square = (pulls / shifted) ** 2
        total = square.sum(axis=-1)
        step = (np.sqrt(total) / t - 1.0) * total / (square / shifted).sum(axis=-1)
        alpha = np.maximum(alpha + step, 0.0)
        if np.all(step <= 1e-15 * (values.min() + alpha)):
            break
    return np.where(np.linalg.norm(loss.minimiser) <= t, 0.0, alpha)


def decay_of_l2(loss: Quadratic, strength: float) -> float:
    """The μ with μ‖w(μ)‖ = α: the squared norm's strength that does what α does for ‖w‖₂; α below ‖∇J(0)‖.

    In x = 1/μ this is ‖(I + xH)⁻¹g‖ = α, whose inverse is concave: Newton's method climbs to the root from x = 0.
    """
    values, pulls, length, mean = _pulls(loss)
    x = (length - strength) / (strength * mean)
    for _ in range(_STEPS):
        stretched = 1.0 + values * x
        square = (pulls / stretched) ** 2
        total = float(square.sum())
        step = (total**0.5 / strength - 1.0) * total / float((values * square / stretched).sum())
        x += max(step, 0.0)
        if step <= 1e-15 * x:
            break
    return 1.0 / x


def pull_at_zero(loss: Quadratic) -> float:
    """‖∇J(0)‖₂."""
    return float(_pulls(loss)[2])


def _factors(values: Array, strengths: Array) -> Array:
    """λ/(λ + α), and 0 for λ = 0."""
    total = values + strengths[..., None]
    return np.divide(values, total, out=np.zeros_like(total), where=(values != 0.0) & (total != 0.0))


def _pulls(loss: Quadratic) -> tuple[Array, Array, float, float]:
    """The curved directions: λ, the parts of g = Hŵ, ‖g‖, and the mean of λ weighted by their squares."""
    values, vectors = loss.spectrum
    curved = values != 0.0
    values = values[curved]
    pulls = values * (vectors[:, curved].T @ loss.minimiser)
    square = float(pulls @ pulls)
    return values, pulls, square**0.5, float(values @ (pulls * pulls)) / square if square else 0.0
