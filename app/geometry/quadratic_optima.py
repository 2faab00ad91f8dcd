"""The optimum of a quadratic under any regularizer: the one place where the exact way to it is chosen."""

import numpy as np

from app.geometry.accelerated import Point, accelerated
from app.geometry.forms import Constrained, Form, Penalised
from app.geometry.group import GroupNorm
from app.geometry.homotopy import lasso_path
from app.geometry.losses import Quadratic
from app.geometry.plane_elastic import onto_sphere
from app.geometry.plane_optima import Optimum
from app.geometry.plane_quadratic import PlaneQuadratic
from app.geometry.plane_shapes import PlaneShape, plane_shape
from app.geometry.regularizer import Array, Regularizer
from app.geometry.regularizers import L1, L2, ElasticNet, Lp, SquaredL2
from app.geometry.roots import root_of_level
from app.geometry.spectral import decay_of_l2, multipliers_of_squared_l2, pull_at_zero, shrunk

_TIE = 1e-9


def quadratic_optimum(loss: Quadratic, regularizer: Regularizer, form: Form) -> Point:
    """The optimum of a convex quadratic: exact in two weights and for L1, L2, squared L2 and the elastic net."""
    if loss.dimension == 2 and (shape := plane_shape(regularizer)):
        q = loss.prepared
        w1, w2, strength = in_plane(q, shape, form)
        return Point(np.array([w1, w2]), strength, unique_in_plane(q, shape, form, w1, w2, strength))
    match regularizer:
        case SquaredL2():
            return _squared_l2(loss, form)
        case L2():
            return _l2(loss, form, 1.0)
        case L1() | Lp(p=1.0) | ElasticNet(ratio=1.0):
            return _lasso(loss, form)
        case ElasticNet(ratio=ratio):
            return _elastic_net(loss, form, ratio)
        case GroupNorm() if len(regularizer.groups(loss.dimension)) == 1:
            return _l2(loss, form, loss.dimension**0.5)
        case GroupNorm() if len(regularizer.groups(loss.dimension)) == loss.dimension:
            return _lasso(loss, form)
        case _:
            return accelerated(loss, regularizer, form)


def in_plane(q: PlaneQuadratic, shape: PlaneShape, form: Form) -> Optimum:
    """The optimum of two weights, in floats."""
    if isinstance(form, Constrained):  # not by patterns: they would take as long as a closed form
        return shape.constrained(q, form.radius)
    if isinstance(form, Penalised):
        return shape.penalised(q, form.strength)
    return *q.minimiser, 0.0


def unique_in_plane(
    q: PlaneQuadratic, shape: PlaneShape, form: Form, w1: float, w2: float, strength: float | None
) -> bool:
    """Whether no other weights are as good: where J is flat, an edge of the ball must not be."""
    if not q.singular:
        return True
    if isinstance(form, Constrained) and form.radius == 0.0:
        return True
    if not strength:
        return False
    p1, p2 = q.g1 - q.a * w1 - q.b * w2, q.g2 - q.b * w1 - q.c * w2
    return (w1 == 0.0 and w2 == 0.0) or shape.apart(p1, p2) > _TIE * (abs(p1) + abs(p2))


def _squared_l2(loss: Quadratic, form: Form) -> Point:
    match form:
        case Penalised(strength) if strength > 0.0:
            return Point(shrunk(loss, strength), strength, True)
        case Constrained(radius) if np.linalg.norm(loss.minimiser) > radius:
            if radius == 0.0:
                return Point(np.zeros(loss.dimension), None, True)
            alpha = float(multipliers_of_squared_l2(loss, radius))
            return Point(shrunk(loss, alpha), alpha, True)
        case _:
            return Point(loss.minimiser.copy(), 0.0, loss.minimum.unique)


def _l2(loss: Quadratic, form: Form, scale: float) -> Point:
    """Ω = c‖w‖₂: the ball of radius t/c, and the multiplier of the squared norm times ‖w‖/c."""
    match form:
        case Penalised(strength) if strength > 0.0:
            if pull_at_zero(loss) <= scale * strength:
                return Point(np.zeros(loss.dimension), strength, True)
            return Point(shrunk(loss, decay_of_l2(loss, scale * strength)), strength, True)
        case Constrained(radius):
            found = _squared_l2(loss, Constrained(radius / scale))
            alpha = found.strength and found.strength * radius / scale**2
            return Point(found.weights, alpha, found.unique)
        case _:
            return _squared_l2(loss, form)


def _lasso(loss: Quadratic, form: Form) -> Point:
    pull = loss.curvature @ loss.minimiser
    match form:
        case Penalised(strength):
            w = lasso_path(loss.curvature, pull, strength=strength).at_strength(strength)
            return Point(w, strength, _no_ties(loss, w, strength))
        case Constrained(radius):
            path = lasso_path(loss.curvature, pull, radius=radius)
            if radius == 0.0 and path.strengths[0] > 0.0:
                return Point(path.weights[0], None, True)
            w, alpha = path.at_radius(radius)
            return Point(w, alpha, _no_ties(loss, w, alpha))
        case _:
            return Point(loss.minimiser.copy(), 0.0, loss.minimum.unique)


def _no_ties(loss: Quadratic, w: Array, strength: float) -> bool:
    """Unique if the columns whose pull is ±α are independent (Tibshirani 2013, The lasso problem, §2)."""
    if loss.minimum.unique or (strength > 0.0 and not np.any(w)):
        return True
    pulls = np.abs(loss.gradient(w))
    tied = pulls >= strength - _TIE * max(strength, float(pulls.max()))
    sizes = np.linalg.svd(loss.factor[:, tied], compute_uv=False)
    return strength > 0.0 and len(sizes) == tied.sum() and bool(sizes.min() > 1e-8 * sizes.max())


def _elastic_net(loss: Quadratic, form: Form, ratio: float) -> Point:
    match form:
        case Penalised(strength) if strength > 0.0:
            return Point(_bent(loss, strength, ratio), strength, True)
        case Constrained(radius):
            return _in_elastic_ball(loss, radius, ratio)
        case _:
            return Point(loss.minimiser.copy(), 0.0, loss.minimum.unique)


def _bent(loss: Quadratic, strength: float, ratio: float) -> Array:
    """A lasso on H + α(1−ρ)I."""
    pull, bent = loss.curvature @ loss.minimiser, loss.curvature + strength * (1.0 - ratio) * np.eye(loss.dimension)
    if ratio == 0.0:
        return shrunk(loss, strength)
    return lasso_path(bent, pull, strength=strength * ratio).at_strength(strength * ratio)


def _in_elastic_ball(loss: Quadratic, radius: float, ratio: float) -> Point:
    shape, pull = ElasticNet(ratio=ratio), loss.curvature @ loss.minimiser
    if float(shape.value(loss.minimiser)) <= radius:
        return Point(loss.minimiser.copy(), 0.0, loss.minimum.unique)
    if radius == 0.0:
        return Point(np.zeros(loss.dimension), None, True)

    def level(alpha: float) -> tuple[float, float]:
        w = _bent(loss, alpha, ratio)
        on = w != 0.0
        normal = ratio * np.sign(w[on]) + (1.0 - ratio) * w[on]
        bent = loss.curvature[np.ix_(on, on)] + alpha * (1.0 - ratio) * np.eye(int(on.sum()))
        return float(shape.value(w)), float(normal @ np.linalg.solve(bent, normal))

    # α·Ω ≤ ⟨−∇J, w⟩ ≤ ‖g‖‖w‖, and ½(1−ρ)‖w‖² ≤ k.
    bound = float(np.linalg.norm(pull)) * (2.0 / ((1.0 - ratio) * radius)) ** 0.5
    largest = float(np.abs(pull).max()) / ratio if ratio > 0.0 else bound
    alpha = root_of_level(level, radius, min(bound, largest) * (1.0 + 1e-9))
    w = _bent(loss, alpha, ratio)
    return Point(w * onto_sphere(ratio * float(np.abs(w).sum()), (1.0 - ratio) * float(w @ w), radius), alpha, True)
