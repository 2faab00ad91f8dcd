"""The curve {J = level} of a convex loss of two weights, as cubics that can be drawn at any size."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from math import pi, tan

import numpy as np

from app.geometry.conics import Window, conic
from app.geometry.contours import Surrogate, surrogate
from app.geometry.losses import Loss, Quadratic
from app.geometry.regularizer import Arc, Piece
from app.geometry.slices import Slice
from app.geometry.spectra import Array

# Points (k, 2) to values (k,) and gradients (k, 2).
Field = Callable[[Array], tuple[Array, Array]]

# The drawn cubics may miss the level by this share of the range of J in the window.
TOLERANCE = 3e-5
# Cubics for a whole turn, the fewest for a piece, and how often these numbers may be doubled.
_CUBICS, _FEWEST, _DOUBLINGS = 24, 4, 3
# Points on each side of the window between which a curve is seen to leave it.
_PER_SIDE = 16


def level_curve(
    loss: Loss, level: float, centre: Array, window: Window, stand_in: Surrogate | None = None
) -> Sequence[Piece]:
    """The curve {J = level} inside a window, counter-clockwise, in pieces; a closed curve ends where it starts.

    Args:
        loss: a convex loss of two weights.
        level: its value on the curve.
        centre: a point with a smaller value, such as the minimiser; another is found where it has none.
        window: x0, x1, y0, y1. Where the curve leaves it, it is cut.
        stand_in: a surrogate of the loss in this window, if one has been prepared.

    Ellipses and parallel lines of quadratics come in closed form. Other curves are found along rays from the centre, on
    which a convex J meets the level once, by Newton's method kept inside a bracket. No arc means that the level is not
    above the lowest value in the window. Between the nodes the cubics stay within 1e-4 of the range of J.
    """
    if isinstance(loss, Quadratic):
        return conic(loss, level, window)
    if isinstance(loss, Slice):
        return level_curve(loss.flat, level, centre, window, stand_in)
    stand_in = surrogate(loss, window) if stand_in is None else stand_in
    middle = np.clip(np.asarray(centre, dtype=float), window[::2], window[1::2])
    field: Field = stand_in.slopes
    below = level - float(field(middle[None])[0][0])
    if not stand_in.trusted or below < max(100.0 * stand_in.error, 1e-12) * stand_in.range:
        # A level so close above the minimum is finer than what the surrogate can tell.
        field = _exact(loss)
        below = level - float(loss.value(middle))
    if below <= 0.0:
        middle, below = _lowest(field, stand_in, level)
    if below <= 1e-14 * stand_in.range:
        return []
    # A thousandth of the depth moves a curve by less than a thousandth of its size.
    tolerance = min(TOLERANCE * stand_in.range, 1e-3 * below)
    return _Rays(field, level, below, _inwards(field, middle, level - 0.5 * below, window), window, tolerance).arcs()


def _lowest(field: Field, stand_in: Surrogate, level: float) -> tuple[Array, float]:
    """The lowest of the nodes and of the border, seen closer and closer, and how far it is below the level."""
    points = _border(stand_in.window)
    for _ in range(3):
        place = int(field(points)[0].argmin())
        # The ends of the border meet in the corner where it starts.
        turns = np.array([points[place - 1 if place else -2], points[place], points[(place + 1) % len(points)]])
        points = np.concatenate([np.linspace(*pair, _PER_SIDE + 1) for pair in pairwise(turns)])
    candidates = np.stack([turns[1], stand_in.lowest_at])
    values = field(candidates)[0]
    place = int(values.argmin())
    return candidates[place], level - float(values[place])


def _inwards(field: Field, point: Array, level: float, window: Window) -> Array:
    """The point; on a side, where rays along it have no length, one on the way to the middle below the level."""
    low, high = np.array(window[::2]), np.array(window[1::2])
    if (np.minimum(point - low, high - point) > 1e-6 * (high - low)).all():
        return point
    ways = point + 0.5 ** np.arange(1.0, 40.0)[:, None] * (0.5 * (low + high) - point)
    return np.asarray(ways[int((field(ways)[0] < level).argmax())])


def _border(window: Window) -> Array:
    """Points around the window, the last the first again."""
    x0, x1, y0, y1 = window
    corners = np.array([[x0, y0], [x1, y0], [x1, y1], [x0, y1], [x0, y0]])
    shares = np.arange(_PER_SIDE)[:, None] / _PER_SIDE
    sides = [start + shares * (end - start) for start, end in pairwise(corners)]
    return np.concatenate([*sides, corners[:1]])


def _exact(loss: Loss) -> Field:
    return lambda points: (loss.value(points), loss.gradient(points))


@dataclass(frozen=True, eq=False)
class _Rays:
    """Rays centre + r·M(cos φ, sin φ): M makes the curves around a minimum round, so that few angles are enough."""

    field: Field
    level: float
    below: float
    centre: Array
    window: Window
    tolerance: float

    def arcs(self) -> list[Arc]:
        """Arcs between the angles at which the curve crosses the window, or one around if it nowhere does."""
        points = _border(self.window)
        heights = self.field(points)[0] - self.level
        if (heights > 0.0).all():
            return [self._arc(0.0, 2.0 * pi)]
        if (heights <= 0.0).all():
            return []
        ends = self._crossings(points, heights)
        turns = list(zip(ends, [*ends[1:], ends[0] + 2.0 * pi], strict=True))
        middles = self._directions(np.array([0.5 * (start + end) for start, end in turns]))
        above = self.field(self.centre + self._exits(middles)[:, None] * middles)[0] > self.level
        return [self._arc(*turn) for turn, seen in zip(turns, above, strict=True) if seen and turn[1] - turn[0] > 1e-9]

    @cached_property
    def _shape(self) -> tuple[Array, float]:
        """M = √λ·H^(−½) and λ, the larger eigenvalue of H, from differences of gradients around the centre.

        M stretches no more than 1 : 100.
        """
        low, high = np.array(self.window[::2]), np.array(self.window[1::2])
        steps = 0.02 * np.diag(high - low)
        points = np.clip(self.centre + np.concatenate([steps, -steps]), low, high)
        slopes = self.field(points)[1]
        H = (slopes[:2] - slopes[2:]) / np.diag(points[:2] - points[2:])[:, None]
        values, vectors = np.linalg.eigh(0.5 * (H + H.T))
        steep = max(float(values[-1]), 1e-300)
        stretch = np.sqrt(steep / np.maximum(values, 1e-4 * steep))
        return np.asarray(vectors * stretch @ vectors.T), steep

    def _directions(self, angles: Array) -> Array:
        return np.asarray(np.stack([np.cos(angles), np.sin(angles)], axis=-1) @ self._shape[0])

    def _exits(self, directions: Array) -> Array:
        """How far each ray goes before it leaves the window."""
        sides = np.where(directions > 0.0, self.window[1::2], self.window[::2])
        safe = np.where(directions == 0.0, 1.0, directions)
        reach = np.where(directions == 0.0, np.inf, (sides - self.centre) / safe)
        return np.asarray(np.maximum(reach.min(axis=-1), 0.0))

    def _crossings(self, points: Array, heights: Array) -> list[float]:
        """The angles, ascending, at which the curve crosses the border."""
        (changes,) = np.nonzero((heights[1:] > 0.0) != (heights[:-1] > 0.0))
        start, end = points[changes], points[changes + 1]
        rising = np.where(heights[changes + 1] > 0.0, 1.0, -1.0)

        def along(share: Array) -> tuple[Array, Array, Array]:
            values, slopes = self.field(start + share[:, None] * (end - start))
            return rising * (values - self.level), rising * _dot(slopes, end - start), slopes

        guess = heights[changes] / (heights[changes] - heights[changes + 1])
        share = _roots(along, guess, np.ones(len(changes)), 0.01 * self.tolerance)[0]
        # Points are centre + r(cos φ, sin φ)M: back by the inverse of M, which is symmetric.
        x, y = np.linalg.solve(self._shape[0], (start + share[:, None] * (end - start) - self.centre).T)
        return sorted(np.arctan2(y, x).tolist())

    def _arc(self, start: float, end: float) -> Arc:
        count = max(_FEWEST, round(_CUBICS * (end - start) / (2.0 * pi)))
        found = self._cubics(start, end, count)
        for doubling in range(_DOUBLINGS):
            if self._miss(found) <= self.tolerance:
                break
            found = self._cubics(start, end, count * 2 ** (doubling + 1))
        return found

    def _cubics(self, start: float, end: float, count: int) -> Arc:
        angles = np.linspace(start, end, count + 1)
        directions, turned = self._directions(angles), self._directions(angles + 0.5 * pi)
        radii, slopes = self._radii(directions)
        # On the curve ∇J·(r′u + ru′) = 0.
        outwards = _dot(slopes, directions)
        rates = -radii * _dot(slopes, turned) / np.where(outwards > 0.0, outwards, np.inf)
        points = self.centre + radii[:, None] * directions
        # 4·tan(Δ/4) instead of Δ: the best arms where M has made the curve a circle.
        step = 4.0 * tan((end - start) / count / 4.0)
        tangents = step * (rates[:, None] * directions + radii[:, None] * turned)
        if end - start >= 2.0 * pi:
            points[-1], tangents[-1] = points[0], tangents[0]
        return Arc(points, tangents)

    def _radii(self, directions: Array) -> tuple[Array, Array]:
        """Where each ray meets the level, and the gradients there."""
        exits = self._exits(directions)

        def outwards(radii: Array) -> tuple[Array, Array, Array]:
            values, slopes = self.field(self.centre + radii[:, None] * directions)
            heights, rises = values - self.level, _dot(slopes, directions)
            # A ray that is still below the level when it leaves the window is cut there.
            return np.where((radii >= exits) & (heights < 0.0), 0.0, heights), rises, slopes

        guess = np.minimum(exits, (2.0 * self.below / self._shape[1]) ** 0.5)
        return _roots(outwards, guess, exits, 0.01 * self.tolerance)

    def _miss(self, arc: Arc) -> float:
        """The largest distance from the level at 0.3 and 0.7 of a cubic: neither even nor odd errors vanish there."""
        (p, q), (t, u) = ((ends[:-1], ends[1:]) for ends in arc)
        early, late = 0.784 * p + 0.216 * q + 0.147 * t - 0.063 * u, 0.216 * p + 0.784 * q + 0.063 * t - 0.147 * u
        return float(np.abs(self.field(np.concatenate([early, late]))[0] - self.level).max())


def _dot(a: Array, b: Array) -> Array:
    return np.asarray(a[:, 0] * b[:, 0] + a[:, 1] * b[:, 1])


def _roots(
    rising: Callable[[Array], tuple[Array, Array, Array]], guess: Array, high: Array, tolerance: float
) -> tuple[Array, Array]:
    """Zeros in [0, high] of functions that rise through 0 there, and the gradients at them.

    Newton's method; a step out of the bracket goes to its end if that is new, else to its middle.
    """
    low, end, found = np.zeros_like(high), high, guess
    for _ in range(60):
        heights, slopes, gradients = rising(found)
        if float(np.abs(heights).max()) <= tolerance:
            break
        low, high = np.where(heights < 0.0, found, low), np.where(heights > 0.0, found, high)
        step = found - heights / np.where(slopes > 0.0, slopes, 1e-300)
        halved = np.where((step > high) & (high == end) & (low < end), end, 0.5 * (low + high))
        found = np.where((step >= low) & (step <= high), step, halved)
    return found, gradients
