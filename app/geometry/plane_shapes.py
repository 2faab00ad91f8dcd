"""What the exact solvers of the plane know of each regularizer, in Python floats: the one place where kinds are told apart.

A shape that is not here is none the worse: it goes the generic way, with the same certificate.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from math import hypot, sqrt

from app.geometry.group import GroupNorm
from app.geometry.plane_arcs import lp_constrained, lp_length, lp_normal, lp_penalised
from app.geometry.plane_optima import (
    Optimum, elastic_net, elastic_net_constrained, elastic_net_penalised, l1_constrained, l1_penalised,
    l2_constrained, l2_penalised, linf_constrained, linf_penalised, squared_l2_constrained, squared_l2_penalised,
)  # fmt: skip
from app.geometry.plane_quadratic import PlaneQuadratic
from app.geometry.regularizers import L1, L2, ElasticNet, LInfinity, Lp, Regularizer, SquaredL2

Solver = Callable[[PlaneQuadratic, float], Optimum]
Measure = Callable[[float, float], float]
Distance = Callable[[float, float, float, float, float], float]


@dataclass(frozen=True, slots=True)
class PlaneShape:
    """A regularizer of two weights.

    Attributes:
        constrained: the optimum in the ball of radius t.
        penalised: the optimum for the strength α.
        value: Ω(w).
        size: the radius t of the ball on whose sphere w lies.
        level: the value k of Ω on the sphere of radius t.
        residual: the distance of the pull −∇J(w) to α·∂Ω(w), from (w1, w2, pull1, pull2, α).
        support: the largest ⟨g, w⟩ over the ball of radius t, from (g1, g2, t).
        strict: the ball is strictly convex, so that its optimum is unique whatever the loss.
    """

    constrained: Solver
    penalised: Solver
    value: Measure
    size: Measure
    level: Callable[[float], float]
    residual: Distance
    support: Callable[[float, float, float], float]
    strict: bool


def plane_shape(regularizer: Regularizer) -> PlaneShape | None:
    """The exact solvers for this regularizer; None where there are none."""
    match regularizer:
        case L1():
            return DIAMOND
        case SquaredL2():
            return SQUARED_DISC
        case L2():
            return DISC
        case LInfinity():
            return SQUARE
        case ElasticNet(ratio=ratio):
            return _elastic_net(ratio)
        case Lp(p=p):
            return _lp(p)
        case GroupNorm():
            return WIDE_DISC if len(regularizer.groups(2)) == 1 else DIAMOND
        case _:
            return None


def _same(radius: float) -> float:
    return radius


def _half_of_square(radius: float) -> float:
    return 0.5 * radius * radius


def _l1_size(w1: float, w2: float) -> float:
    return abs(w1) + abs(w2)


def _l1_residual(w1: float, w2: float, p1: float, p2: float, strength: float) -> float:
    # wᵢ = 0: distance to [−α, α]; wᵢ ≠ 0: to {α·sgn wᵢ}.
    return hypot(_interval(w1, p1, strength), _interval(w2, p2, strength))


def _interval(w: float, pull: float, strength: float) -> float:
    if w == 0.0:
        return max(abs(pull) - strength, 0.0)
    return pull - strength if w > 0.0 else pull + strength


def _l1_support(g1: float, g2: float, radius: float) -> float:
    return radius * max(abs(g1), abs(g2))


def _l2_residual(w1: float, w2: float, p1: float, p2: float, strength: float) -> float:
    length = hypot(w1, w2)
    if length == 0.0:
        return max(hypot(p1, p2) - strength, 0.0)
    return hypot(p1 - strength * (w1 / length), p2 - strength * (w2 / length))


def _l2_support(g1: float, g2: float, radius: float) -> float:
    return radius * hypot(g1, g2)


def _half_square(w1: float, w2: float) -> float:
    return 0.5 * (w1 * w1 + w2 * w2)


def _half_square_residual(w1: float, w2: float, p1: float, p2: float, strength: float) -> float:
    return hypot(p1 - strength * w1, p2 - strength * w2)


def _linf_size(w1: float, w2: float) -> float:
    return max(abs(w1), abs(w2))


def _linf_residual(w1: float, w2: float, p1: float, p2: float, strength: float) -> float:
    # Turned by 45° the square is a diamond: ties are its zeros.
    return _l1_residual(w1 + w2, w1 - w2, p1 + p2, p1 - p2, strength) / sqrt(2.0)


def _linf_support(g1: float, g2: float, radius: float) -> float:
    return radius * (abs(g1) + abs(g2))


def _root_two(solver: Solver, scale: float) -> Solver:
    """The two weights as one group, Ω = √2‖w‖₂, by the solver for ‖w‖₂: t/√2 and α·√2."""

    def scaled(q: PlaneQuadratic, number: float) -> Optimum:
        w1, w2, strength = solver(q, number * scale)
        return w1, w2, None if strength is None else strength / sqrt(2.0)

    return scaled


def _wide_size(w1: float, w2: float) -> float:
    return sqrt(2.0) * hypot(w1, w2)


def _wide_residual(w1: float, w2: float, p1: float, p2: float, strength: float) -> float:
    return _l2_residual(w1, w2, p1, p2, sqrt(2.0) * strength)


def _wide_support(g1: float, g2: float, radius: float) -> float:
    return radius / sqrt(2.0) * hypot(g1, g2)


DIAMOND = PlaneShape(
    l1_constrained, l1_penalised, _l1_size, _l1_size, _same, _l1_residual, _l1_support, strict=False
)  # fmt: skip
SQUARE = PlaneShape(
    linf_constrained, linf_penalised, _linf_size, _linf_size, _same, _linf_residual, _linf_support, strict=False
)  # fmt: skip
DISC = PlaneShape(l2_constrained, l2_penalised, hypot, hypot, _same, _l2_residual, _l2_support, strict=True)
SQUARED_DISC = PlaneShape(
    squared_l2_constrained, squared_l2_penalised, _half_square, hypot, _half_of_square, _half_square_residual,
    _l2_support, strict=True,
)  # fmt: skip
WIDE_DISC = PlaneShape(
    _root_two(l2_constrained, 1.0 / sqrt(2.0)), _root_two(l2_penalised, sqrt(2.0)),
    _wide_size, _wide_size, _same, _wide_residual, _wide_support, strict=True,
)  # fmt: skip


def _lp(p: float) -> PlaneShape:
    if p == 1.0:
        return DIAMOND
    size = partial(lp_length, p=p)
    dual = p / (p - 1.0)

    def residual(w1: float, w2: float, p1: float, p2: float, strength: float) -> float:
        if w1 == 0.0 and w2 == 0.0:
            # Distance to the dual ball, bounded by the way back along the ray.
            reach = lp_length(p1, p2, dual)
            return hypot(p1, p2) * (1.0 - strength / reach) if reach > strength else 0.0
        u1, u2 = lp_normal(w1, w2, p)
        return hypot(p1 - strength * u1, p2 - strength * u2)

    def support(g1: float, g2: float, radius: float) -> float:
        return radius * lp_length(g1, g2, dual)

    return PlaneShape(
        partial(lp_constrained, p=p), partial(lp_penalised, p=p), size, size, _same, residual, support, strict=True
    )


def _elastic_net(ratio: float) -> PlaneShape:
    value = partial(elastic_net, ratio=ratio)
    bend = 1.0 - ratio

    def residual(w1: float, w2: float, p1: float, p2: float, strength: float) -> float:
        # The pull of the square is a gradient; what remains is an L1 penalty of strength αρ.
        decay = strength * bend
        return _l1_residual(w1, w2, p1 - decay * w1, p2 - decay * w2, strength * ratio)

    def support(g1: float, g2: float, radius: float) -> float:
        # The maximiser is the soft threshold of λ|g| at ρ over 1 − ρ, with λ from Ω = k; on one axis or off both.
        large, small = max(abs(g1), abs(g2)), min(abs(g1), abs(g2))
        alone = sqrt(ratio * ratio + 2.0 * bend * radius)
        if alone * small <= ratio * large:
            return large * 2.0 * radius / (ratio + alone) if radius > 0.0 else 0.0
        scale = sqrt((2.0 * bend * radius + 2.0 * ratio * ratio) / (large * large + small * small))
        return (large * (scale * large - ratio) + small * (scale * small - ratio)) / bend

    return PlaneShape(
        partial(elastic_net_constrained, ratio=ratio), partial(elastic_net_penalised, ratio=ratio),
        value, value, _same, residual, support, strict=ratio < 1.0,
    )  # fmt: skip
