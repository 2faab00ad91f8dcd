"""Proximal Newton for a logistic loss of two weights: Python floats between fused passes over the data.

The iteration is that of `proximal_newton`, which takes over where this one is not quickly done. Only the passes touch
arrays, and none of them asks for the loss: a step is taken if it halves the residual of the optimality conditions.
"""

from dataclasses import dataclass

from app.geometry.forms import Constrained, Form, Penalised
from app.geometry.logistic import Logistic
from app.geometry.plane_quadratic import PlaneQuadratic, expanded
from app.geometry.plane_shapes import PlaneShape
from app.geometry.quadratic_optima import in_plane, unique_in_plane

_STEPS = 12
_INSIDE = 1.0 - 1e-12


@dataclass(frozen=True, eq=False)
class Settled:
    """Where the iteration ended well: the point, its multiplier, J and ∇J there."""

    w: tuple[float, float]
    strength: float | None
    unique: bool
    value: float
    gradient: tuple[float, float]


def settle(loss: Logistic, shape: PlaneShape, form: Form, enough: float) -> Settled | None:
    """The optimum to a residual of `enough`, from 0; None where full steps do not lead there quickly."""
    laid = loss.plane
    found = laid.at_zero
    w1 = w2 = 0.0
    strength, residual = standing(shape, form, w1, w2, -found[0], -found[1])
    q: PlaneQuadratic | None = None
    for _ in range(_STEPS):
        if residual <= enough:
            break
        g1, g2, a, b, c = found
        q = expanded(a, b, c, a * w1 + b * w2 - g1, b * w1 + c * w2 - g2)
        w1, w2, _ = in_plane(q, shape, form)
        found, before = laid.derivatives(w1, w2), residual
        strength, residual = standing(shape, form, w1, w2, -found[0], -found[1])
        if not residual <= 0.5 * before:
            return None
    falling = isinstance(form, Constrained) and strength == 0.0 and found[0] * w1 + found[1] * w2 < 0.0
    if residual > enough or falling:
        return None
    unique = q is None or unique_in_plane(q, shape, form, w1, w2, strength)
    return Settled((w1, w2), strength, unique, laid.value(w1, w2), found[:2])


def standing(shape: PlaneShape, form: Form, w1: float, w2: float, p1: float, p2: float) -> tuple[float | None, float]:
    """The multiplier at w with the pull −∇J = p, and the distance of the pull to α·∂Ω(w)."""
    strength = form.strength if isinstance(form, Penalised) else 0.0
    if isinstance(form, Constrained) and shape.size(w1, w2) >= form.radius * _INSIDE:
        if form.radius == 0.0:
            return (None if p1 or p2 else 0.0), 0.0
        strength = max((p1 * w1 + p2 * w2) / shape.slope(w1, w2), 0.0)
    return strength, shape.residual(w1, w2, p1, p2, strength)
