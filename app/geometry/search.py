"""Optima under a shape that is not convex, of two weights, by search: what no certificate can prove, and says so.

A convex loss over {Ω ≤ k} is lowest at its own minimiser or on the boundary, and a penalised one on each ray r·x where
J(r·x) + αr is lowest: either way one angle is left, and every local minimum over it is bracketed on a grid and refined.
"""

from collections.abc import Callable

import numpy as np

from app.geometry.accelerated import Point
from app.geometry.losses import Loss
from app.geometry.nonconvex import QuasiNorm
from app.geometry.regularizer import Array

_CELLS = 128
_NARROWINGS = 40
_NEWTON = 60


def searched_in_ball(loss: Loss, shape: QuasiNorm, radius: float) -> Point:
    """The lowest point found of {Ω(w) ≤ t}, and the multiplier of its weights that are not zero."""
    free = loss.minimum.weights
    if free is not None and float(shape.size(free)) <= radius:
        return Point(free.copy(), 0.0, loss.minimum.unique)
    if radius == 0.0:
        return Point(np.zeros(2), None, True)
    w = radius * _directions(shape, _lowest(lambda angles: loss.value(radius * _directions(shape, angles))))
    return Point(w, max(float(-loss.gradient(w) @ w) / float(shape.value(w)), 0.0), True)


def searched_with_penalty(loss: Loss, shape: QuasiNorm, strength: float) -> Point:
    """The lowest point found of J + α·Ω, for a loss whose minimum is attained or α > 0."""

    def cost(angles: Array) -> Array:
        x = _directions(shape, angles)
        reach = _reaches(loss, x, strength)
        return np.asarray(loss.value(reach[:, None] * x) + strength * reach)

    x = _directions(shape, _lowest(cost))
    w = _reaches(loss, x[None], strength)[0] * x
    lower = float(loss.value(w)) + strength * float(shape.value(w)) < float(loss.value(np.zeros(2)))
    return Point(w if lower else np.zeros(2), strength, True)


def stationarity(loss: Loss, w: Array, shape: QuasiNorm, strength: float) -> float:
    """The distance of −∇J(w) to α∂Ω(w): over the weights that are not zero, for at zero Ω has a slope of ±∞."""
    pull, size = -loss.gradient(w), float(shape.value(w))
    on = w != 0.0
    if size == 0.0:
        return 0.0
    normal = np.sign(w[on]) * (np.abs(w[on]) / size) ** (shape.p - 1.0)
    return float(np.linalg.norm(pull[on] - strength * normal))


def _directions(shape: QuasiNorm, angles: Array) -> Array:
    """The boundary points (…, 2) of the unit ball, at angles whose even spread crowds them towards the spikes."""
    x, y = np.cos(angles), np.sin(angles)
    # A right angle is a right angle: its cosine is 0, not 6e-17.
    x, y = np.where(np.abs(x) < 1e-15, 0.0, x), np.where(np.abs(y) < 1e-15, 0.0, y)
    power = 2.0 / shape.p
    return np.stack([np.sign(x) * np.abs(x) ** power, np.sign(y) * np.abs(y) ** power], axis=-1)


def _lowest(cost: Callable[[Array], Array]) -> Array:
    """The best angle: all local minima on a grid, each narrowed to a tenth again and again; the spikes as they are."""
    spikes = 0.5 * np.pi * np.arange(4.0)
    grid = np.concatenate([np.linspace(spike, spike + 0.5 * np.pi, _CELLS + 1)[:-1] for spike in spikes])
    values = cost(grid)
    lowest = np.flatnonzero((values <= np.roll(values, 1)) & (values <= np.roll(values, -1)))
    centres, width = grid[lowest], 0.5 * np.pi / _CELLS
    offsets = np.linspace(-1.0, 1.0, 9)
    for _ in range(_NARROWINGS):
        tried = centres[:, None] + width * offsets
        centres = tried[np.arange(len(tried)), cost(tried.ravel()).reshape(tried.shape).argmin(axis=1)]
        width *= 0.35
        if width < 1e-16:
            break
    candidates = np.concatenate([spikes, centres])
    return np.asarray(candidates[int(np.argmin(cost(candidates)))])


def _reaches(loss: Loss, x: Array, strength: float) -> Array:
    """For each direction x (m, 2) the r ≥ 0 with the lowest J(r·x) + α·r, by Newton's method on a convex function."""
    r = np.zeros(len(x))
    for _ in range(_NEWTON):
        at = r[:, None] * x
        slope = np.einsum("md,md->m", loss.gradient(at), x) + strength
        bend = np.einsum("md,mde,me->m", x, loss.hessian(at), x)
        step = np.divide(slope, bend, out=np.zeros_like(slope), where=bend > 0.0)
        following = np.maximum(r - step, 0.0)
        if np.all(np.abs(following - r) <= 1e-14 * (1.0 + r)):
            break
        r = following
    return following
