"""Optima of a loss under a regularizer, each with its certificate: `solve` chooses the way and reports how it went."""

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from app.geometry.accelerated import Point
from app.geometry.certificates import (
    Certificate,
    PlaneCertificate,
    certify,
    certify_plane,
    certify_plane_pull,
    certify_pull,
    certify_search,
)
from app.geometry.forms import Constrained, Form, Free, Penalised
from app.geometry.losses import Loss, Quadratic
from app.geometry.nonconvex import QuasiNorm
from app.geometry.plane_optima import Optimum
from app.geometry.plane_shapes import PlaneShape, plane_shape
from app.geometry.planes import Profile
from app.geometry.proximal_newton import Stop, newton_optimum
from app.geometry.quadratic_optima import in_plane, quadratic_optimum, unique_in_plane
from app.geometry.regularizer import Array, Regularizer
from app.geometry.regularizers import ElasticNet, SquaredL2
from app.geometry.search import searched_in_ball, searched_with_penalty
from app.geometry.solutions import Solution, reported, without_optimum


class CertifiedOptimum(NamedTuple):
    """An optimum of two weights in plain floats: the fastest answer that still carries its proof."""

    w1: float
    w2: float
    strength: float | None
    certificate: PlaneCertificate


def plane_optimum(loss: Quadratic, regularizer: Regularizer, form: Form) -> Optimum:
    """The optimum (w1, w2, α) of a quadratic of two weights in plain floats, without its certificate.

    Args:
        loss: a convex quadratic of two weights.
        regularizer: one of the union `Convex`.
        form: what is asked; α is its strength or its multiplier, None where there is no single one.

    Raises:
        ValueError: the regularizer has no closed form; `solve` takes any.
    """
    return in_plane(loss.prepared, _closed(regularizer), form)


def certified_plane_optimum(loss: Quadratic, regularizer: Regularizer, form: Form) -> CertifiedOptimum:
    """The same with its certificate."""
    q, shape = loss.prepared, _closed(regularizer)
    w1, w2, strength = in_plane(q, shape, form)
    return CertifiedOptimum(w1, w2, strength, certify_plane(loss, q, shape, form, w1, w2, strength))


def solve(loss: Loss, regularizer: Regularizer | QuasiNorm, form: Form) -> Solution:
    """Minimise J(w), plus α·Ω(w) or subject to Ω(w) ≤ k.

    Args:
        loss: J, convex. A quadratic may be indefinite: under a penalty that outweighs its negative curvature it is
            solved, under a weaker one the outcome is unbounded, in a ball it is a ValueError.
        regularizer: Ω; any subclass of `Regularizer` will do. A `QuasiNorm` (two weights) is solved by search.
        form: `Free()`, `Penalised(strength)` or `Constrained(radius)`.

    Among several minimisers the smallest one is taken, so that a ball which holds any minimiser is inactive.
    """
    return _solved(loss, regularizer, form, None)[0]


def solve_many(loss: Loss, regularizer: Regularizer | QuasiNorm, forms: Sequence[Form]) -> list[Solution]:
    """The same for many forms in their order; a loss that is not quadratic starts each from the one before."""
    solutions: list[Solution] = []
    start = None
    for form in forms:
        solution, start = _solved(loss, regularizer, form, start)
        solutions.append(solution)
    return solutions


def _solved(
    loss: Loss, regularizer: Regularizer | QuasiNorm, form: Form, start: Array | None
) -> tuple[Solution, Array | None]:
    """The solution, and where the next one may start."""
    if reason := _unbounded(loss, regularizer, form):
        return without_optimum(loss, form, reason), start
    match loss, regularizer:
        case Quadratic(dimension=2), _ if shape := plane_shape(regularizer):
            return _reported_in_plane(loss, regularizer, shape, form), None
        case _, QuasiNorm():
            return _searched(loss, regularizer, form), None
        case Quadratic(), _:
            point = quadratic_optimum(loss, regularizer, form)
            certificate = certify(loss, regularizer, form, point.weights, point.strength)
            value = float(loss.value(point.weights))
            return reported(loss, regularizer, form, point, value, certificate), None
        case _:
            stop = newton_optimum(loss, regularizer, form, start)
            certificate = _certified_stop(regularizer, form, stop)
            report = reported(loss, regularizer, form, stop.point, stop.value, certificate)
            free = loss.free(stop.z[loss.dimension :]) if isinstance(loss, Profile) else report.free
            return replace(report, free=free), stop.z


def _closed(regularizer: Regularizer) -> PlaneShape:
    shape = plane_shape(regularizer)
    if shape is None:
        raise ValueError(f"{type(regularizer).__name__} has no closed form in two weights: solve() takes it")
    return shape


def _unbounded(loss: Loss, regularizer: Regularizer | QuasiNorm, form: Form) -> str:
    """Why there is no optimum; empty where there is one."""
    if isinstance(loss, Quadratic):
        return "" if loss.convex else _unbounded_saddle(loss, regularizer, form)
    if isinstance(loss, Profile) and not loss.attained:
        return loss.reason
    free = isinstance(form, Free) or form == Penalised(0.0)
    return loss.minimum.reason if free and not loss.minimum.attained else ""


def _unbounded_saddle(loss: Quadratic, regularizer: Regularizer | QuasiNorm, form: Form) -> str:
    """The same where the curvature is negative in a direction, unless a penalty outweighs it."""
    if isinstance(form, Constrained):
        raise ValueError("the curvature is negative in a direction: in a ball only convex losses are solved")
    strength = form.strength if isinstance(form, Penalised) else 0.0
    return "" if strength * _bend(regularizer) > -loss.eigenvalues[0] else loss.minimum.reason


def _bend(regularizer: Regularizer | QuasiNorm) -> float:
    """The largest c for which Ω − ½c‖w‖² is convex: what a penalty adds to every curvature."""
    match regularizer:
        case SquaredL2():
            return 1.0
        case ElasticNet(ratio=ratio):
            return 1.0 - ratio
        case _:
            return 0.0


def _reported_in_plane(
    loss: Quadratic, regularizer: Regularizer | QuasiNorm, shape: PlaneShape, form: Form
) -> Solution:
    q = loss.prepared
    w1, w2, strength = in_plane(q, shape, form)
    certificate = Certificate(*certify_plane(loss, q, shape, form, w1, w2, strength))
    if not loss.convex:
        certificate = replace(certificate, gap=None)
    unique = unique_in_plane(q, shape, form, w1, w2, strength)
    point = Point(np.array([w1 + 0.0, w2 + 0.0]), strength, unique)
    return reported(loss, regularizer, form, point, loss.lowest + q.above_minimum(w1, w2), certificate)


def _certified_stop(regularizer: Regularizer, form: Form, stop: Stop) -> Certificate:
    """From the gradient of the last pass; what is left of the gradient by the free coordinates counts too."""
    w, strength = stop.point.weights, stop.point.strength
    d, height = len(w), max(abs(stop.value), abs(stop.start))
    pull = -stop.gradient[:d]
    if d == 2 and (shape := plane_shape(regularizer)):
        (w1, w2), (p1, p2) = w.tolist(), pull.tolist()
        found = certify_plane_pull(shape, form, (w1, w2), (p1, p2), strength, stop.scale, height)
        certificate = Certificate(*found)
    else:
        certificate = certify_pull(regularizer, form, w, pull, strength, stop.scale, height)
    if len(stop.z) == d:
        return certificate
    loose = float(np.linalg.norm(stop.gradient[d:])) / stop.scale
    return replace(certificate, stationarity=float(np.hypot(certificate.stationarity, loose)))


def _searched(loss: Loss, shape: QuasiNorm, form: Form) -> Solution:
    match form:
        case Constrained(radius):
            point = searched_in_ball(loss, shape, radius)
        case Penalised(strength) if strength > 0.0:
            point = searched_with_penalty(loss, shape, strength)
        case _:
            free = loss.minimum.weights
            point = Point(np.zeros(loss.dimension) if free is None else free.copy(), 0.0, loss.minimum.unique)
    certificate = certify_search(loss, shape, form, point.weights, point.strength)
    return reported(loss, shape, form, point, float(loss.value(point.weights)), certificate)
