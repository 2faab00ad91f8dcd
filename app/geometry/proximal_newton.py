"""Proximal Newton: any smooth convex loss, by the exact optimum of its quadratic model, again and again.

Each step minimises J(w) + ⟨∇J, d⟩ + ½dᵀ∇²J·d under the same regularizer and form, which the solvers of quadratics do
exactly; the weights that are minimised out of a profile leave the model by its Schur complement and follow the others
(Lee, Sun & Saunders 2014, Proximal Newton-type methods, §2).
"""

from math import hypot
from typing import NamedTuple

import numpy as np

from app.geometry.accelerated import Point
from app.geometry.certificates import gradient_scale
from app.geometry.forms import Constrained, Form, Penalised
from app.geometry.logistic import Logistic
from app.geometry.losses import Loss, Quadratic
from app.geometry.plane_newton import settle, standing
from app.geometry.plane_quadratic import expanded
from app.geometry.plane_shapes import PlaneShape, plane_shape
from app.geometry.planes import Profile
from app.geometry.quadratic_optima import in_plane, quadratic_optimum, unique_in_plane
from app.geometry.regularizer import Array, Regularizer

_STEPS = 200
_HALVINGS = 40
_ENOUGH = 1e-10
_CONTENT = 1e-8
_INSIDE = 1.0 - 1e-12


class Place(NamedTuple):
    """A point z = (w, v) of the joint loss, with what one pass over the data says: J, its gradient and its Hessian."""

    z: Array
    value: float
    gradient: Array
    hessian: Array


class Stop(NamedTuple):
    """Where the iteration stopped: the point, z = (w, v) with J and ∇J of the joint loss, ‖∇J(0)‖ and J(0)."""

    point: Point
    z: Array
    value: float
    gradient: Array
    scale: float
    start: float


class _Task(NamedTuple):
    """What is solved; the shape is the regularizer in floats where there are two weights."""

    joint: Loss
    dimension: int
    regularizer: Regularizer
    form: Form
    shape: PlaneShape | None

    def standing(self, w: Array, pull: Array) -> tuple[float | None, float]:
        """The multiplier at w, and the distance of the pull to α·∂Ω(w)."""
        if self.shape is None:
            return self._standing_of_arrays(w, pull)
        (w1, w2), (p1, p2) = w.tolist(), pull.tolist()
        return standing(self.shape, self.form, w1, w2, p1, p2)

    def _standing_of_arrays(self, w: Array, pull: Array) -> tuple[float | None, float]:
        shape, form = self.regularizer, self.form
        strength = form.strength if isinstance(form, Penalised) else 0.0
        if isinstance(form, Constrained) and float(shape.size(w)) >= form.radius * _INSIDE:
            if form.radius == 0.0:
                return (None if np.any(pull) else 0.0), 0.0
            strength = max(float(pull @ w) / float(shape.slope(w)), 0.0)
        return strength, float(shape.residual(w, pull, strength))

    def cost(self, z: Array) -> float:
        """What the form adds to J: α·Ω(w), or nothing within a ball."""
        match self.form:
            case Penalised(strength) if strength > 0.0:
                w = z[: self.dimension]
                return strength * (self.shape.value(*w.tolist()) if self.shape else float(self.regularizer.value(w)))
            case _:
                return 0.0


def newton_optimum(loss: Loss, regularizer: Regularizer, form: Form, start: Array | None = None) -> Stop:
    """The optimum of a convex loss, from 0 or from `start` (w, v) of the joint loss.

    Stops where the stationarity, relative to ‖∇J(0)‖, is at most 1e-10, or where rounding stands in the way of that.
    """
    d = loss.dimension
    task = _Task(_joint(loss), d, regularizer, form, plane_shape(regularizer) if d == 2 else None)
    origin, scale = _origin(loss)
    if isinstance(loss, Logistic) and task.shape and (quick := settle(loss, task.shape, form, _ENOUGH * scale)):
        w = np.array(quick.w)
        point = Point(w, quick.strength, quick.unique)
        return Stop(point, w, quick.value, np.array(quick.gradient), scale, origin.value)
    place = origin if start is None else _place(task.joint, np.append(_feasible(task, start[:d]), start[d:]))
    unique, (strength, residual) = True, _standing(task, place)
    for _ in range(_STEPS):
        if residual <= _ENOUGH * scale:
            break
        step, unique = _newton_step(task, place)
        following = _descend(task, place, step)
        if following is None:
            break
        place, before = following, residual
        strength, residual = _standing(task, place)
        if 0.5 * before < residual <= _CONTENT * scale:
            break
    if isinstance(form, Constrained) and strength == 0.0:
        place = _pushed_out(task, place, form.radius)
        strength, residual = _standing(task, place)
    point = Point(place.z[:d], strength, unique, residual <= _CONTENT * scale)
    return Stop(point, place.z, place.value, place.gradient, scale, origin.value)


def _joint(loss: Loss) -> Loss:
    return loss.joint if isinstance(loss, Profile) else loss


def _origin(loss: Loss) -> tuple[Place, float]:
    """Where every solution starts: w = 0, with the free coordinates at their optimum there."""
    d = loss.dimension
    z, (value, gradient, hessian) = loss.start if isinstance(loss, Profile) else (np.zeros(d), loss.at_zero)
    place = Place(z, float(value), gradient, hessian)
    return place, gradient_scale(float(np.linalg.norm(gradient[:d])), loss.smoothness)


def _place(joint: Loss, z: Array) -> Place:
    value, gradient, hessian = joint.evaluate(z)
    return Place(z, float(value), gradient, hessian)


def _feasible(task: _Task, w: Array) -> Array:
    return task.regularizer.project(w, task.form.radius) if isinstance(task.form, Constrained) else w


def _standing(task: _Task, place: Place) -> tuple[float | None, float]:
    """The multiplier at a place, and how far the conditions are from holding there, free coordinates included."""
    d = task.dimension
    strength, residual = task.standing(place.z[:d], -place.gradient[:d])
    loose = float(np.linalg.norm(place.gradient[d:])) if len(place.z) > d else 0.0
    return strength, hypot(residual, loose)


def _newton_step(task: _Task, place: Place) -> tuple[Array, bool]:
    """To the optimum of the model around a place, in all coordinates; and whether that optimum is the only one."""
    d = task.dimension
    w, gradient, hessian = place.z[:d], place.gradient[:d], place.hessian[:d, :d]
    if len(place.z) == d:
        found, unique = _model_optimum(task, hessian, hessian @ w - gradient)
        return found - w, unique
    # v minimises the model given w: H_vv(v' − v) = −g_v − H_vw(w' − w).
    across, inner = place.hessian[d:, :d], place.hessian[d:, d:]
    ridge = 1e-14 * np.trace(inner) + 1e-300
    target = np.concatenate([place.gradient[d:, None], across], axis=1)
    back = np.linalg.solve(inner + ridge * np.eye(len(inner)), target)
    gradient, hessian = gradient - across.T @ back[:, 0], hessian - across.T @ back[:, 1:]
    found, unique = _model_optimum(task, hessian, hessian @ w - gradient)
    return np.append(found - w, -back[:, 0] - back[:, 1:] @ (found - w)), unique


def _model_optimum(task: _Task, hessian: Array, pull: Array) -> tuple[Array, bool]:
    if task.shape:
        (a, b), (_, c) = hessian.tolist()
        g1, g2 = pull.tolist()
        q = expanded(a, b, c, g1, g2)
        w1, w2, strength = in_plane(q, task.shape, task.form)
        return np.array([w1, w2]), unique_in_plane(q, task.shape, task.form, w1, w2, strength)
    symmetric = 0.5 * (hessian + hessian.T)
    minimiser: Array = np.linalg.pinv(symmetric, hermitian=True) @ pull
    point = quadratic_optimum(Quadratic(symmetric, minimiser), task.regularizer, task.form)
    return point.weights, point.unique


def _descend(task: _Task, place: Place, step: Array) -> Place | None:
    """Armijo's rule on J + αΩ; None where rounding leaves no descent."""
    before, ahead = task.cost(place.z), place.z + step
    predicted = float(place.gradient @ step) + task.cost(ahead) - before
    rounding = 4e-16 * (abs(place.value) + before)
    share = 1.0
    for _ in range(_HALVINGS):
        following = _place(task.joint, ahead if share == 1.0 else place.z + share * step)
        change = following.value + task.cost(following.z) - place.value - before
        if change <= 1e-4 * share * predicted + rounding:
            return following
        share *= 0.5
    return None


def _pushed_out(task: _Task, place: Place, radius: float) -> Place:
    """To the sphere along the ray, if J still falls that way: separated data reach rounding long before the edge."""
    d, size = task.dimension, task.regularizer.size
    w = place.z[:d]
    if float(place.gradient[:d] @ w) >= 0.0:
        return place
    inside, outside = 1.0, 2.0
    while float(size(outside * w)) < radius:
        outside *= 2.0
    for _ in range(60):
        middle = 0.5 * (inside + outside)
        inside, outside = (middle, outside) if float(size(middle * w)) <= radius else (inside, middle)
    pushed = _place(task.joint, np.append(inside * w, place.z[d:]))
    return pushed if pushed.value < place.value else place
