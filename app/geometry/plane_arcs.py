"""Exact optima of a quadratic of two weights under an Lp norm, 1 < p < ∞, by one bracketed root on the boundary.

The ball is smooth and strictly convex: each direction θ of the plane names one boundary point x of the unit ball and
its normal u with ⟨u, x⟩ = 1. For p ≤ 2 θ is the direction of the normal, for p > 2 that of the point:
whichever spreads the nearly sharp corners and the nearly flat edges over a fair share of the circle.
"""

from math import atan2, cos, sin

from app.geometry.plane_optima import Optimum
from app.geometry.plane_quadratic import PlaneQuadratic
from app.geometry.roots import arc_root

Frame = tuple[float, float, float, float]
_ROUNDING = 1e-15
_TOUCHING = 1e-14  # a minimiser outside by no more than this is on the sphere: the arc it sees is lost in rounding


def lp_constrained(q: PlaneQuadratic, radius: float, p: float) -> Optimum:
    """Minimise over ‖w‖_p ≤ t.

    The optimum lies on the arc that the minimiser ŵ sees, {⟨u, ŵ⟩ > t}: there −∇J = H(ŵ − w) = αu with α > 0 gives
    ⟨u, ŵ − w⟩ > 0. A point of that arc where −∇J is parallel to u has α > 0 too, so it is the only root, and at both
    ends of the arc the pull points inwards.
    """
    m1, m2 = smallest_lp(q, p)
    size = lp_length(m1, m2, p)
    if size <= radius:
        return m1, m2, 0.0
    if radius <= 0.0:
        return 0.0, 0.0, None
    if size <= radius * (1.0 + _TOUCHING):
        return m1 * (radius / size), m2 * (radius / size), 0.0
    start = _angle(m1, m2, p)

    def turn(angle: float) -> float | None:
        x1, x2, u1, u2 = _frame(angle, p)
        if angle != start and u1 * m1 + u2 * m2 <= radius * (1.0 - _ROUNDING):
            return None
        d1, d2 = _pull(q, radius * x1, radius * x2)
        return u1 * d2 - u2 * d1

    x1, x2, _, _ = _frame(arc_root(turn, start, 2e-16 * (abs(q.g1) + abs(q.g2))), p)
    d1, d2 = _pull(q, radius * x1, radius * x2)
    return radius * x1, radius * x2, max(d1 * x1 + d2 * x2, 0.0)


def lp_penalised(q: PlaneQuadratic, strength: float, p: float) -> Optimum:
    """Minimise J + α‖w‖_p: 0 where ‖g‖_q ≤ α, else r·x where r is best for its direction x.

    What is left to minimise, −½(⟨g, x⟩ − α)²/xᵀHx, is quasi-convex on the cone of directions with ⟨g, x⟩ > α, which
    holds the support point of g.
    """
    if strength <= 0.0:
        return *smallest_lp(q, p), 0.0
    x1, x2, _, _ = _at_normal(q.g1, q.g2, p)
    if x1 * q.g1 + x2 * q.g2 <= strength:
        return 0.0, 0.0, strength
    start = atan2(q.g2, q.g1) if p <= 2.0 else atan2(x2, x1)

    def turn(angle: float) -> float | None:
        x1, x2, u1, u2 = _frame(angle, p)
        reach = _reach(q, strength, x1, x2)
        if angle != start and reach <= 0.0:
            return None
        d1, d2 = _pull(q, reach * x1, reach * x2)
        return u1 * d2 - u2 * d1

    x1, x2, _, _ = _frame(arc_root(turn, start, 2e-16 * (abs(q.g1) + abs(q.g2))), p)
    reach = _reach(q, strength, x1, x2)
    return reach * x1, reach * x2, strength


def smallest_lp(q: PlaneQuadratic, p: float) -> tuple[float, float]:
    """The minimiser of smallest ‖w‖_p: on the line r·w = δ, the point whose normal is r (Hölder's inequality)."""
    if not q.singular:
        return q.minimiser
    r1, r2, reach = q.ridge
    x1, x2, _, _ = _at_normal(r1, r2, p)
    scale = reach / (r1 * x1 + r2 * x2)
    return scale * x1, scale * x2


def lp_length(w1: float, w2: float, p: float) -> float:
    """‖w‖_p, scaled by the larger weight so that no power overflows."""
    large, small = max(abs(w1), abs(w2)), min(abs(w1), abs(w2))
    return large * (1.0 + (small / large) ** p) ** (1.0 / p) if large else 0.0


def lp_normal(w1: float, w2: float, p: float) -> tuple[float, float]:
    """∇‖w‖_p for w ≠ 0."""
    _, _, u1, u2 = _at_point(w1, w2, p)
    return u1, u2


def _frame(angle: float, p: float) -> Frame:
    x, y = cos(angle), sin(angle)
    # A right angle is a right angle: its cosine is 0, not 6e-17.
    x, y = (x if abs(x) > 1e-16 else 0.0), (y if abs(y) > 1e-16 else 0.0)
    return _at_normal(x, y, p) if p <= 2.0 else _at_point(x, y, p)


def _angle(w1: float, w2: float, p: float) -> float:
    if p > 2.0:
        return atan2(w2, w1)
    _, _, u1, u2 = _at_point(w1, w2, p)
    return atan2(u2, u1)


def _at_normal(n1: float, n2: float, p: float) -> Frame:
    """The boundary point with this outward normal: xᵢ in proportion to |nᵢ|^(1/(p−1))."""
    large = max(abs(n1), abs(n2))
    if not large:
        return 0.0, 0.0, 0.0, 0.0
    power = 1.0 / (p - 1.0)
    y1, y2 = (abs(n1) / large) ** power, (abs(n2) / large) ** power
    length = (y1**p + y2**p) ** (1.0 / p)
    x1, x2 = (y1 if n1 >= 0.0 else -y1) / length, (y2 if n2 >= 0.0 else -y2) / length
    scale = n1 * x1 + n2 * x2
    return x1, x2, n1 / scale, n2 / scale


def _at_point(w1: float, w2: float, p: float) -> Frame:
    """The boundary point in this direction, and its normal: uᵢ in proportion to |wᵢ|^(p−1)."""
    large = max(abs(w1), abs(w2))
    y1, y2 = w1 / large, w2 / large
    length = (abs(y1) ** p + abs(y2) ** p) ** (1.0 / p)
    x1, x2 = y1 / length, y2 / length
    n1, n2 = abs(x1) ** (p - 1.0), abs(x2) ** (p - 1.0)
    return x1, x2, n1 if x1 >= 0.0 else -n1, n2 if x2 >= 0.0 else -n2


def _pull(q: PlaneQuadratic, w1: float, w2: float) -> tuple[float, float]:
    return q.g1 - q.a * w1 - q.b * w2, q.g2 - q.b * w1 - q.c * w2


def _reach(q: PlaneQuadratic, strength: float, x1: float, x2: float) -> float:
    """The best r ≥ 0 for J(r·x) + α·r; where J is flat along x it is 0, because then ⟨g, x⟩ = 0."""
    slope = q.g1 * x1 + q.g2 * x2 - strength
    curvature = q.a * x1 * x1 + 2.0 * q.b * x1 * x2 + q.c * x2 * x2
    return slope / curvature if slope > 0.0 and curvature > 0.0 else 0.0
