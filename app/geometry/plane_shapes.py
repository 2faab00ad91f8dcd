"""What the exact solvers of the plane know of each regularizer, in Python floats: the one place that tells them apart.

A shape that is not here is none the worse: it goes the generic way, with the same certificate.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from math import hypot, sqrt

from app.geometry import plane_elastic as elastic
from app.geometry import plane_measures as measures
from app.geometry import plane_optima as exact
from app.geometry.group import GroupNorm
from app.geometry.nonconvex import QuasiNorm
from app.geometry.plane_arcs import lp_constrained, lp_length, lp_normal, lp_penalised
from app.geometry.plane_elastic import elastic_net
from app.geometry.plane_optima import Optimum
from app.geometry.plane_quadratic import PlaneQuadratic
from app.geometry.regularizers import L1, L2, ElasticNet, LInfinity, Lp, Regularizer, SquaredL2

Solver = Callable[[PlaneQuadratic, float], Optimum]
Measure = Callable[[float, float], float]
Distance = Callable[[float, float, float, float, float], float]
Support = Callable[[float, float, float], float]


@dataclass(frozen=True, slots=True)
class PlaneShape:
    """A regularizer of two weights.

    Attributes:
        constrained: the optimum in the ball of radius t.
        penalised: the optimum for the strength α.
        value: Ω(w).
        slope: d/dr Ω(r·w) at r = 1.
        size: the radius t of the ball on whose sphere w lies.
        level: the value k of Ω on the sphere of radius t.
        residual: the distance of the pull −∇J(w) to α·∂Ω(w), from (w1, w2, pull1, pull2, α).
        support: the largest ⟨g, w⟩ over the ball of radius t, from (g1, g2, t).
        apart: how far a pull is from being the normal of a whole edge of the ball, on which optima need not be unique;
            infinite where the ball is strictly convex.
    """

    constrained: Solver
    penalised: Solver
    value: Measure
    slope: Measure
    size: Measure
    level: Callable[[float], float]
    residual: Distance
    support: Support
    apart: Measure


def plane_shape(regularizer: Regularizer | QuasiNorm) -> PlaneShape | None:
    """The exact solvers for this regularizer; None where there are none."""
    if simple := SIMPLE.get(type(regularizer)):
        return simple
    match regularizer:
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


def _half_square_of(radius: float) -> float:
    return 0.5 * radius * radius


def _root_two(solver: Solver, scale: float) -> Solver:
    """The two weights as one group, Ω = √2‖w‖₂, by the solver for ‖w‖₂: t/√2 and α·√2."""

    def scaled(q: PlaneQuadratic, number: float) -> Optimum:
        w1, w2, strength = solver(q, number * scale)
        return w1, w2, None if strength is None else strength / sqrt(2.0)

    return scaled


def _norm(
    constrained: Solver, penalised: Solver, length: Measure, residual: Distance, support: Support, apart: Measure
) -> PlaneShape:
    """Of a norm, value, slope and size are one function and level and radius one number."""
    return PlaneShape(constrained, penalised, length, length, length, _same, residual, support, apart)


DIAMOND = _norm(
    exact.l1_constrained,
    exact.l1_penalised,
    measures.l1_size,
    measures.l1_residual,
    measures.l1_support,
    measures.from_diagonal,
)
SQUARE = _norm(
    exact.linf_constrained,
    exact.linf_penalised,
    measures.linf_size,
    measures.linf_residual,
    measures.linf_support,
    measures.from_axis,
)
DISC = _norm(
    exact.l2_constrained, exact.l2_penalised, hypot, measures.l2_residual, measures.l2_support, measures.no_edge
)
WIDE_DISC = _norm(
    _root_two(exact.l2_constrained, 1.0 / sqrt(2.0)),
    _root_two(exact.l2_penalised, sqrt(2.0)),
    measures.wide_size,
    measures.wide_residual,
    measures.wide_support,
    measures.no_edge,
)
SQUARED_DISC = PlaneShape(
    constrained=exact.squared_l2_constrained,
    penalised=exact.squared_l2_penalised,
    value=measures.half_square,
    slope=measures.square,
    size=hypot,
    level=_half_square_of,
    residual=measures.half_square_residual,
    support=measures.l2_support,
    apart=measures.no_edge,
)


# Of what has no knobs; by type, for a class pattern asks an abstract class what it takes for its instance.
SIMPLE: Mapping[type[Regularizer | QuasiNorm], PlaneShape] = {
    L1: DIAMOND,
    L2: DISC,
    SquaredL2: SQUARED_DISC,
    LInfinity: SQUARE,
}


def _lp(p: float) -> PlaneShape:
    if p == 1.0:
        return DIAMOND
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

    return _norm(
        partial(lp_constrained, p=p),
        partial(lp_penalised, p=p),
        partial(lp_length, p=p),
        residual,
        support,
        measures.no_edge,
    )


def _elastic_net(ratio: float) -> PlaneShape:
    value = partial(elastic_net, ratio=ratio)
    bend = 1.0 - ratio

    def slope(w1: float, w2: float) -> float:
        return ratio * (abs(w1) + abs(w2)) + bend * (w1 * w1 + w2 * w2)

    def residual(w1: float, w2: float, p1: float, p2: float, strength: float) -> float:
        # The pull of the square is a gradient; what remains is an L1 penalty of strength αρ.
        decay = strength * bend
        return measures.l1_residual(w1, w2, p1 - decay * w1, p2 - decay * w2, strength * ratio)

    return PlaneShape(
        constrained=partial(elastic.elastic_net_constrained, ratio=ratio),
        penalised=partial(elastic.elastic_net_penalised, ratio=ratio),
        value=value,
        slope=slope,
        size=value,
        level=_same,
        residual=residual,
        support=partial(elastic.elastic_net_support, ratio=ratio),
        apart=measures.no_edge if ratio < 1.0 else measures.from_diagonal,
    )
