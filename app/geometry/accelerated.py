"""The generic way: any smooth convex loss and any regularizer that has a prox or a projection, in any dimension."""

from typing import NamedTuple

import numpy as np

from app.geometry.certificates import certify
from app.geometry.forms import Constrained, Form, Penalised
from app.geometry.losses import Loss
from app.geometry.regularizer import Array, Regularizer

_STEPS = 50_000
_BETWEEN = 10
_ENOUGH = 1e-10
_INSIDE = 1.0 - 1e-9


class Point(NamedTuple):
    """Where a solver stopped.

    ``strength`` is the strength or multiplier there, None where there is no single one; ``converged`` says whether the
    solver itself was content: the certificate is worked out afresh.
    """

    weights: Array
    strength: float | None
    unique: bool
    converged: bool = True


def accelerated(loss: Loss, regularizer: Regularizer, form: Form) -> Point:
    """Accelerated proximal gradient (FISTA) with adaptive restart, stopped by the certificate.

    Steps of 1/L; the momentum starts again whenever it points uphill (O'Donoghue & Candès 2015, Adaptive restart for
    accelerated gradient schemes, §3.2), which makes the convergence linear without knowing the strong convexity.
    """
    step = 1.0 / (loss.smoothness or 1.0)
    w = ahead = form.prox(regularizer, np.zeros(loss.dimension), step)
    momentum = 1.0
    for count in range(_STEPS):
        following = form.prox(regularizer, ahead - step * loss.gradient(ahead), step)
        moved = following - w
        if float((ahead - following) @ moved) > 0.0:
            momentum = 1.0
        further = 0.5 * (1.0 + (1.0 + 4.0 * momentum * momentum) ** 0.5)
        ahead = following + (momentum - 1.0) / further * moved
        w, momentum = following, further
        if count % _BETWEEN == 0 and _residual(loss, regularizer, form, w) <= _ENOUGH:
            break
    strength = multiplier(loss, regularizer, form, w)
    return Point(w, strength, loss.minimum.unique, _residual(loss, regularizer, form, w) <= 1e-8)


def multiplier(loss: Loss, regularizer: Regularizer, form: Form, w: Array) -> float | None:
    """The strength of a penalty, or the multiplier that a constrained optimum has: ⟨−∇J, w⟩ = α·⟨∂Ω, w⟩."""
    match form:
        case Penalised(strength):
            return strength
        case Constrained(radius):
            pull = -loss.gradient(w)
            slope = float(regularizer.slope(w))
            if slope <= 0.0:
                return None if np.any(pull) else 0.0
            inside = float(regularizer.size(w)) < radius * _INSIDE
            return 0.0 if inside else max(float(pull @ w) / slope, 0.0)
        case _:
            return 0.0


def _residual(loss: Loss, regularizer: Regularizer, form: Form, w: Array) -> float:
    return certify(loss, regularizer, form, w, multiplier(loss, regularizer, form, w)).residual
