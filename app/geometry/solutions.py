"""What is reported of an optimum: where it is, what holds it there, how it was reached, and the proof."""

from dataclasses import dataclass

import numpy as np

from app.geometry.accelerated import Point
from app.geometry.certificates import Certificate
from app.geometry.forms import Constrained, Form
from app.geometry.losses import Loss
from app.geometry.nonconvex import QuasiNorm
from app.geometry.numerals import numeral
from app.geometry.outcomes import Outcome
from app.geometry.plane_shapes import plane_shape
from app.geometry.regularizer import Array, Regularizer


@dataclass(frozen=True, eq=False, slots=True)
class Solution:
    """An optimum and its proof.

    Attributes:
        weights: w* (d,); None where there is no optimum.
        free: the weights that a profile minimises out, at w*; empty for other losses.
        value: J(w*); the infimum where there is no optimum.
        omega: Ω(w*).
        strength: the strength of the penalty, or the multiplier of the constraint: 0 where it is inactive, None where
            no single number is one (radius 0) or there is no optimum.
        smallest_strength: at radius 0 the smallest multiplier, None where no finite number is one; None elsewhere.
        radius: the given radius, or the size of w*; 0 where there is no optimum.
        active: whether the ball or the penalty holds w* back from the free optimum.
        unique: whether no other weights are as good.
        outcome: how it went.
        certificate: how far the optimality conditions are from holding.
    """

    weights: Array | None
    free: Array
    value: float
    omega: float
    strength: float | None
    smallest_strength: float | None
    radius: float
    active: bool
    unique: bool
    outcome: Outcome
    certificate: Certificate


def reported(
    loss: Loss,
    regularizer: Regularizer | QuasiNorm,
    form: Form,
    point: Point,
    value: float,
    certificate: Certificate,
) -> Solution:
    """The report on a point: sizes, whether anything holds it back, and whether its certificate holds."""
    w, strength = point.weights, point.strength
    omega, size = _measured(regularizer, w)
    smallest = regularizer.largest_strength(loss.gradient(np.zeros_like(w))) if strength is None else None
    return Solution(
        weights=w,
        free=np.empty(0),
        value=value,
        omega=omega,
        strength=strength,
        smallest_strength=smallest,
        radius=form.radius if isinstance(form, Constrained) else size,
        active=strength is None or strength > 0.0,
        unique=point.unique,
        outcome=_outcome(regularizer, point.converged and certificate.holds, certificate),
        certificate=certificate,
    )


def _measured(regularizer: Regularizer | QuasiNorm, w: Array) -> tuple[float, float]:
    """Ω(w) and the size of w, in floats where they are known."""
    if len(w) == 2 and (shape := plane_shape(regularizer)):
        w1, w2 = w.tolist()
        return shape.value(w1, w2), shape.size(w1, w2)
    return float(regularizer.value(w)), float(regularizer.size(w))


def _outcome(regularizer: Regularizer | QuasiNorm, converged: bool, certificate: Certificate) -> Outcome:
    if isinstance(regularizer, QuasiNorm):
        return Outcome("searched", "Ω is not convex: the lowest point that a search of the whole boundary found")
    if converged:
        return Outcome("converged", "the optimality conditions hold to rounding")
    return Outcome(
        "out_of_steps", f"out of steps: the optimality conditions hold only to {numeral(certificate.residual, 2)}"
    )


def without_optimum(loss: Loss, form: Form, reason: str) -> Solution:
    """The report where nothing is optimal: the infimum, and why no point reaches it."""
    return Solution(
        weights=None,
        free=np.empty(0),
        value=loss.minimum.value,
        omega=0.0,
        strength=None,
        smallest_strength=None,
        radius=form.radius if isinstance(form, Constrained) else 0.0,
        active=False,
        unique=False,
        outcome=Outcome("unbounded", reason),
        certificate=Certificate(1.0, 0.0, 0.0, None),
    )
