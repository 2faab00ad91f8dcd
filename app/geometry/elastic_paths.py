"""Coefficient paths by strength: lasso, ridge and elastic net, each weight vector exact and with its certificate.

For Ω = ρ‖w‖₁ + (1 − ρ)½‖w‖² the lasso (ρ = 1) is followed from knot to knot, ridge (ρ = 0) comes from one
eigendecomposition. In between the path bends everywhere: each optimum is found from its neighbour, whose active set is
nearly right, by feature-sign search (Lee, Battle, Raina, Ng 2007, algorithm 1), which ends at the exact optimum.
"""

import numpy as np

from app.geometry.homotopy import lasso_path
from app.geometry.regularizer import Array
from app.geometry.spectral import ridge_path

_TIE = 1e-10


def largest_elastic_strength(pull: Array, ratio: float) -> float | None:
    """The smallest α that makes every weight zero, max|gⱼ|/ρ; None where ρ = 0 and none does."""
    return float(np.abs(pull).max(initial=0.0)) / ratio if ratio > 0.0 else None


def elastic_net_path(hessian: Array, pull: Array, ratio: float, strengths: Array) -> Array:
    """argmin ½wᵀHw − gᵀw + α(ρ‖w‖₁ + (1 − ρ)½‖w‖²) for falling strengths α > 0 (m,), as weights (m, d).

    Args:
        hessian: H (d, d), positive semidefinite.
        pull: g = −∇J(0) (d,), in the column space of H.
        ratio: ρ in [0, 1].
        strengths: falling; of a lasso 0 is allowed too.
    """
    strengths = np.asarray(strengths, dtype=float)
    if ratio == 0.0:
        return ridge_path(hessian, pull, strengths)
    if ratio == 1.0:
        return lasso_path(hessian, pull, strength=float(strengths[-1])).at_strengths(strengths)
    weights = np.zeros((len(strengths), len(pull)))
    w = np.zeros(len(pull))
    for i, strength in enumerate(strengths.tolist()):
        bent = hessian + strength * (1.0 - ratio) * np.eye(len(pull))
        w = weights[i] = _settled(bent, pull, strength * ratio, w)
    return weights


def path_residuals(hessian: Array, pull: Array, ratio: float, strengths: Array, weights: Array) -> Array:
    """The certificate of each weight vector (m, d): the distance of −∇J(w) to α∂Ω(w), relative to ‖∇J(0)‖; (m,)."""
    alpha = np.asarray(strengths, dtype=float)[:, None]
    left = pull - weights @ hessian - (alpha * (1.0 - ratio)) * weights
    limit = alpha * ratio
    # wⱼ ≠ 0: distance to the one number ρα·sgn wⱼ; wⱼ = 0: to the interval [−ρα, ρα].
    miss = np.where(weights != 0.0, left - limit * np.sign(weights), np.maximum(np.abs(left) - limit, 0.0))
    return np.asarray(np.sqrt(np.einsum("md,md->m", miss, miss)) / (np.sqrt(pull @ pull) or 1.0))


def _settled(bent: Array, pull: Array, limit: float, start: Array) -> Array:
    """argmin ½wᵀAw − gᵀw + λ‖w‖₁ for a positive definite A, from nearby weights.

    Each round solves for the present signs and goes there, or as far as the first weight that would change its sign:
    the objective falls every time, so no set of signs comes twice. Then the zero that pulls hardest enters.
    """
    w, signs = start.copy(), np.sign(start)
    tie = _TIE * float(np.abs(pull).max(initial=0.0))
    for _ in range(20 * len(pull) + 100):
        w, signs = _with_signs(bent, pull, limit, w, signs)
        left = pull - bent @ w
        excess = np.where(signs == 0.0, np.abs(left) - limit, 0.0)
        hardest = int(excess.argmax())
        if excess[hardest] <= tie:
            break
        signs[hardest] = np.sign(left[hardest])
    return w


def _with_signs(bent: Array, pull: Array, limit: float, w: Array, signs: Array) -> tuple[Array, Array]:
    """Minimise over weights of these signs: a weight that meets 0 on the way there drops out."""
    signs = signs.copy()
    while (on := np.flatnonzero(signs)).size:
        target = np.zeros(len(w))
        target[on] = np.linalg.solve(bent[np.ix_(on, on)], pull[on] - limit * signs[on])
        crossing = on[target[on] * signs[on] <= 0.0]
        if not crossing.size:
            return target, signs
        # A weight that has just entered stands at 0: one that would go the wrong way drops out at once.
        gone, size = np.abs(w[crossing]), np.abs(w[crossing] - target[crossing])
        shares = np.divide(gone, size, out=np.zeros_like(gone), where=size > 0.0)
        share = float(shares.min())
        met = crossing[shares <= share]
        w = w + share * (target - w)
        w[met] = signs[met] = 0.0
    return np.zeros(len(w)), signs
