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
_HALVINGS = 52
_STEPS = 60


def searched_in_ball(loss: Loss, shape: QuasiNorm, radius: float) -> Point:
    """The lowest point found of {Ω(w) ≤ t}, and the multiplier of its weights that are not zero."""
    free = loss.minimum.weights
    if free is not None and float(shape.size(free)) <= radius:
        return Point(free.copy(), 0.0, loss.minimum.unique)
    if radius == 0.0:
        return Point(np.zeros(2), None, True)

    def at(angles: Array) -> Array:
        return radius * _directions(shape, angles)

    w = at(_lowest(shape, loss, at, loss.value))
    return Point(w, max(float(-loss.gradient(w) @ w) / float(shape.value(w)), 0.0), True)


def searched_with_penalty(loss: Loss, shape: QuasiNorm, strength: float) -> Point:
    """The lowest point found of J + α·Ω, for a loss whose minimum is attained or α > 0."""

    def at(angles: Array) -> Array:
        x = _directions(shape, angles)
        return np.asarray(_reaches(loss, x, strength)[:, None] * x)

    def cost(w: Array) -> Array:
        return np.asarray(loss.value(w) + strength * shape.value(w))

    both = np.stack([np.zeros(2), at(_lowest(shape, loss, at, cost)[None])[0]])
    return Point(both[int(np.argmin(cost(both)))], strength, True)


def _directions(shape: QuasiNorm, angles: Array) -> Array:
    """The boundary points (…, 2) of the unit ball, at angles whose even spread crowds them towards the spikes."""
    x, y = np.cos(angles), np.sin(angles)
    # A right angle is a right angle: its cosine is 0, not 6e-17.
    x, y = np.where(np.abs(x) < 1e-15, 0.0, x), np.where(np.abs(y) < 1e-15, 0.0, y)
    power = 2.0 / shape.p
    return np.stack([np.sign(x) * np.abs(x) ** power, np.sign(y) * np.abs(y) ** power], axis=-1)


def _lowest(shape: QuasiNorm, loss: Loss, at: Callable[[Array], Array], cost: Callable[[Array], Array]) -> Array:
    """The angle whose point costs least: all local minima on a grid, halved to rounding, and the spikes as they are."""
    spikes = 0.5 * np.pi * np.arange(4.0)
    cell = 0.5 * np.pi / _CELLS
    grid = np.concatenate([spike + cell * np.arange(_CELLS) for spike in spikes])
    values = cost(at(grid))
    lowest = grid[(values <= np.roll(values, 1)) & (values <= np.roll(values, -1))]
    low, high = lowest - cell, lowest + cell
    for _ in range(_HALVINGS):
        middle = 0.5 * (low + high)
        # The radius is at its best for every angle, so only J's change along the boundary counts (envelope theorem).
        rises = np.einsum("md,md->m", loss.gradient(at(middle)), _tangents(shape, middle)) > 0.0
        low, high = np.where(rises, low, middle), np.where(rises, middle, high)
    candidates = np.concatenate([spikes, 0.5 * (low + high)])
    return np.asarray(candidates[int(np.argmin(cost(at(candidates))))])


def _tangents(shape: QuasiNorm, angles: Array) -> Array:
    """The derivative of `_directions` by the angle."""
    x, y, power = np.cos(angles), np.sin(angles), 2.0 / shape.p
    return power * np.stack([-y * np.abs(x) ** (power - 1.0), x * np.abs(y) ** (power - 1.0)], axis=-1)


def _reaches(loss: Loss, x: Array, strength: float) -> Array:
    """For each direction x (m, 2) the r ≥ 0 with the lowest J(r·x) + α·r: Newton's method in a bracket."""
    r, low, high = np.zeros(len(x)), np.zeros(len(x)), np.full(len(x), np.inf)
    for _ in range(_STEPS):
        at = r[:, None] * x
        slope = np.einsum("md,md->m", loss.gradient(at), x) + strength
        bend = np.einsum("md,mde,me->m", x, loss.hessian(at), x)
        low, high = np.where(slope < 0.0, r, low), np.where(slope < 0.0, high, r)
        newton = r - np.divide(slope, bend, out=np.full(len(x), np.inf), where=bend > 0.0)
        halfway = np.where(np.isfinite(high), 0.5 * (low + np.minimum(high, 1e300)), 2.0 * r + 1.0)
        following = np.where((newton >= low) & (newton <= high) & np.isfinite(newton), newton, halfway)
        if np.all(np.abs(following - r) <= 1e-15 * (1.0 + r)):
            break
        r = following
    return r
