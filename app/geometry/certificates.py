"""The proof that a point is the optimum: how far the Karush-Kuhn-Tucker conditions are from holding there.

It is computed from the loss's own gradient at the point and the regularizer's subdifferential, and knows nothing of how
the point was found.
"""

from dataclasses import dataclass
from math import sqrt
from typing import NamedTuple

import numpy as np

from app.geometry.forms import Constrained, Form
from app.geometry.losses import Loss, Quadratic
from app.geometry.nonconvex import QuasiNorm
from app.geometry.plane_quadratic import PlaneQuadratic
from app.geometry.plane_shapes import PlaneShape
from app.geometry.regularizer import Array, Regularizer

TOLERANCE = 1e-8
# A gradient at 0 below this share of L (times one unit of weight) is rounding, and nothing to be relative to.
FLOOR = 1e-8


@dataclass(frozen=True, slots=True)
class Certificate:
    """What is left of the optimality conditions of minimising J(w), plus α·Ω(w) or subject to Ω(w) ≤ k.

    Attributes:
        stationarity: the distance of −∇J(w) to α·∂Ω(w), relative to ‖∇J(0)‖.
        feasibility: by how much w leaves the ball, relative to the radius; 0 without a constraint.
        complementarity: α·|Ω(w) − k|, relative to α·k + ‖∇J(0)‖‖w‖; 0 without a constraint.
        gap: the Frank-Wolfe gap max ⟨∇J(w), w − z⟩ over z in the ball, the one through w if none is given, relative to
            the larger of |J(0)| and |J(w)|: no point of the ball is better by more (Jaggi 2013, eq. 2). None where J
            or the ball is not convex, for then it bounds nothing.
    """

    stationarity: float
    feasibility: float
    complementarity: float
    gap: float | None

    @property
    def residual(self) -> float:
        """The largest violation of the three conditions."""
        return max(self.stationarity, self.feasibility, self.complementarity)

    @property
    def holds(self) -> bool:
        """Whether the residual is within 1e-8."""
        return self.residual <= TOLERANCE


class PlaneCertificate(NamedTuple):
    """The same four numbers, by formulas in Python floats."""

    stationarity: float
    feasibility: float
    complementarity: float
    gap: float


def certify(loss: Loss, regularizer: Regularizer, form: Form, weights: Array, strength: float | None) -> Certificate:
    """The certificate of `weights` (d,) and their multiplier.

    Args:
        loss: a loss of d weights.
        regularizer: any convex regularizer.
        form: what was asked.
        weights: the point to certify.
        strength: the strength of a penalty, or the multiplier of a constraint; None where the radius is 0 and there is
            no single one: then any pull is held and only feasibility can fail.
    """
    gradient, at_zero = loss.gradient(weights), loss.gradient(np.zeros_like(weights))
    scale = gradient_scale(float(np.linalg.norm(at_zero)), loss.smoothness)
    height = float(np.abs(loss.value(np.stack([weights, np.zeros_like(weights)]))).max())
    return certify_pull(regularizer, form, weights, -gradient, strength, scale, height)


def certify_pull(
    regularizer: Regularizer,
    form: Form,
    weights: Array,
    pull: Array,
    strength: float | None,
    scale: float,
    height: float,
) -> Certificate:
    """The certificate from −∇J(w), the length of ∇J(0) and the size of J."""
    held = strength is None and not np.any(weights)
    stationarity = 0.0 if held else float(regularizer.residual(weights, pull, strength or 0.0)) / scale
    radius, omega = float(regularizer.size(weights)), float(regularizer.value(weights))
    feasibility = complementarity = 0.0
    if isinstance(form, Constrained):
        feasibility = max(radius - form.radius, 0.0) / (form.radius or 1.0)
        level = float(regularizer.level(form.radius))
        complementarity = _slack(strength, omega, level, scale * float(np.linalg.norm(weights)))
        radius = form.radius
    furthest = regularizer.support_point(pull, radius)
    gap = max(float(pull @ (furthest - weights)), 0.0)
    return Certificate(stationarity, feasibility, complementarity, gap_share(gap, height))


def certify_plane(
    loss: Quadratic, q: PlaneQuadratic, shape: PlaneShape, form: Form, w1: float, w2: float, strength: float | None
) -> PlaneCertificate:
    """The certificate for a quadratic of two weights and a shape known in floats."""
    a, b, c, g1, g2, (m1, m2) = q.a, q.b, q.c, q.g1, q.g2, q.minimiser
    d1, d2 = m1 - w1, m2 - w2
    p1, p2 = a * d1 + b * d2, b * d1 + c * d2
    scale = gradient_scale(sqrt(g1 * g1 + g2 * g2), loss.smoothness)
    lowest = loss.lowest
    height = max(abs(lowest + 0.5 * (p1 * d1 + p2 * d2)), abs(lowest + 0.5 * (g1 * m1 + g2 * m2)))
    return certify_plane_pull(shape, form, (w1, w2), (p1, p2), strength, scale, height)


def certify_plane_pull(
    shape: PlaneShape,
    form: Form,
    w: tuple[float, float],
    pull: tuple[float, float],
    strength: float | None,
    scale: float,
    height: float,
) -> PlaneCertificate:
    """The certificate from −∇J(w), the length of ∇J(0) and the size of J."""
    (w1, w2), (p1, p2) = w, pull
    held = strength is None and w1 == 0.0 and w2 == 0.0
    stationarity = 0.0 if held else shape.residual(w1, w2, p1, p2, strength or 0.0) / scale
    feasibility = complementarity = 0.0
    radius = shape.size(w1, w2)
    if isinstance(form, Constrained):
        feasibility = max(radius - form.radius, 0.0) / (form.radius or 1.0)
        radius = form.radius
        complementarity = _slack(strength, shape.value(w1, w2), shape.level(radius), scale * sqrt(w1 * w1 + w2 * w2))
    gap = max(shape.support(p1, p2, radius) - p1 * w1 - p2 * w2, 0.0)
    return PlaneCertificate(stationarity, feasibility, complementarity, gap_share(gap, height))


def certify_search(loss: Loss, shape: QuasiNorm, form: Form, weights: Array, strength: float | None) -> Certificate:
    """The certificate where Ω is not convex: necessary conditions, and no gap, for it would bound nothing.

    Only weights that are not zero take part in the stationarity: at zero such an Ω has slopes ±∞.
    """
    pull, on, size = -loss.gradient(weights), weights != 0.0, float(shape.value(weights))
    scale = gradient_scale(float(np.linalg.norm(loss.gradient(np.zeros_like(weights)))), loss.smoothness)
    if strength:
        normal = np.sign(weights[on]) * (np.abs(weights[on]) / size) ** (shape.p - 1.0)
        pull = pull[on] - strength * normal
    stationarity = 0.0 if strength is None else float(np.linalg.norm(pull)) / scale
    feasibility = complementarity = 0.0
    if isinstance(form, Constrained):
        feasibility = max(size - form.radius, 0.0) / (form.radius or 1.0)
        complementarity = _slack(strength, size, form.radius, scale * float(np.linalg.norm(weights)))
    return Certificate(stationarity, feasibility, complementarity, None)


def gradient_scale(at_zero: float, smoothness: float) -> float:
    """What a stationarity is relative to: ‖∇J(0)‖, unless that is rounding."""
    return max(at_zero, FLOOR * smoothness) or 1.0


def gap_share(gap: float, height: float) -> float:
    """A gap relative to the size of J, where J has one."""
    return gap / height if height > 0.0 else gap


def _slack(strength: float | None, omega: float, level: float, scale: float) -> float:
    """α·|Ω(w) − k| relative to α·k + ‖∇J(0)‖‖w‖."""
    if not strength:
        return 0.0
    size = strength * level + scale
    return strength * abs(omega - level) / size if size > 0.0 else 0.0
