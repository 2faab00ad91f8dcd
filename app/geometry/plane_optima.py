"""Exact optima of a quadratic of two weights under L1, L2, squared L2 and L∞, in Python floats.

Each function takes a `PlaneQuadratic` and a strength α or a radius t and returns ``(w1, w2, α)``: for a radius α is
the multiplier, 0 where the ball contains a minimiser, None where the radius is 0 and no single number is one.
"""

from math import sqrt

from app.geometry.plane_quadratic import SINGULAR, PlaneQuadratic, elimination

Optimum = tuple[float, float, float | None]


def l1_constrained(q: PlaneQuadratic, radius: float) -> Optimum:
    """Minimise over ‖w‖₁ ≤ t: the edge in the minimiser's quadrant, else walk downhill along the diamond."""
    a, b, c, g1, g2, m1, m2, size, s1, s2, curvature, slope, pull = q.diamond
    if size <= radius:
        return m1, m2, 0.0
    if radius <= 0.0:
        return 0.0, 0.0, None
    u = (radius * slope + pull) / curvature if curvature else radius * slope + pull
    if curvature and 0.0 <= u <= radius:
        w1, w2 = s1 * u, s2 * (radius - u)
        alpha = 0.5 * (s1 * (g1 - a * w1 - b * w2) + s2 * (g2 - b * w1 - c * w2))
        return w1, w2, alpha if alpha > 0.0 else 0.0
    return _along_the_diamond(q, radius, u > 0.0, s1 if u > 0.0 else s2)


def _along_the_diamond(q: PlaneQuadratic, radius: float, first: bool, sign: float) -> Optimum:
    """From the vertex sign·t on the first or second axis: J falls along the walk, so it ends at the optimum."""
    for _ in range(4):
        own, cross, other = (q.a, q.b, q.c) if first else (q.c, q.b, q.a)
        g_own, g_other = (q.g1, q.g2) if first else (q.g2, q.g1)
        pull, aside = sign * g_own - own * radius, g_other - cross * sign * radius
        side = 1.0 if aside > 0.0 else -1.0
        twist = sign * side * cross
        curvature = own + other - 2 * twist
        kept = (radius * (other - twist) + sign * g_own - side * g_other) / curvature if curvature else radius
        flat = curvature <= SINGULAR * (own + other)
        if side * aside <= pull or flat or kept >= radius:
            return (sign * radius, 0.0, max(pull, 0.0)) if first else (0.0, sign * radius, max(pull, 0.0))
        if kept > 0.0:
            moved = radius - kept
            alpha = 0.5 * (
                sign * (g_own - cross * side * moved) - own * kept
                + side * (g_other - cross * sign * kept) - other * moved
            )  # fmt: skip
            w = (sign * kept, side * moved) if first else (side * moved, sign * kept)
            return *w, max(alpha, 0.0)
        first, sign = not first, side
    raise ArithmeticError("a walk along the four edges of the diamond did not end")


def lasso(a: float, b: float, c: float, g1: float, g2: float, threshold: float) -> tuple[float, float]:
    """argmin ½wᵀHw − gᵀw + s‖w‖₁ for threshold s.

    min over w₁ leaves a convex function of w₂, so w₂ = 0 exactly if |g₂ − b·w₁(0)| ≤ s, and its sign is that of
    the same number; likewise for w₁. Where both differ from 0, Hw = g − s·sign(w).
    """
    alone1, alone2 = soft(g1, threshold, a), soft(g2, threshold, c)
    rest2 = g2 - b * alone1
    if abs(rest2) <= threshold:
        return alone1, 0.0
    rest1 = g1 - b * alone2
    if abs(rest1) <= threshold:
        return 0.0, alone2
    if a * c - b * b <= SINGULAR * a * c:
        return (alone1, 0.0) if abs(rest2) <= abs(rest1) else (0.0, alone2)
    s1, s2 = (1.0 if rest1 > 0.0 else -1.0), (1.0 if rest2 > 0.0 else -1.0)
    w1, w2 = elimination(a, b, c, g1 - threshold * s1, g2 - threshold * s2)
    return (w1 if w1 * s1 > 0.0 else 0.0), (w2 if w2 * s2 > 0.0 else 0.0)


def soft(value: float, threshold: float, curvature: float) -> float:
    """S(value, threshold)/curvature; 0 where the threshold holds, whatever the curvature."""
    if value > threshold:
        return (value - threshold) / curvature
    if value < -threshold:
        return (value + threshold) / curvature
    return 0.0


def l1_penalised(q: PlaneQuadratic, strength: float) -> Optimum:
    """Minimise J + α‖w‖₁; with α = 0 the minimiser of smallest ‖w‖₁."""
    if strength <= 0.0:
        return *q.smallest_l1, 0.0
    return *lasso(q.a, q.b, q.c, q.g1, q.g2, strength), strength


def squared_l2_constrained(q: PlaneQuadratic, radius: float) -> Optimum:
    """Minimise over ‖w‖₂ ≤ t by the secular equation 1/‖w(α)‖ = 1/t, w(α) = (H + αI)⁻¹g.

    Its left side is concave in α and lies below the line (α + λ̄)/‖g‖, so Newton's method from where that line meets
    1/t climbs to the root without overshooting (Conn, Gould, Toint, Trust-Region Methods, §7.3).
    """
    low, high, cos, sin, c1, c2, pull, mean, size = q.spectrum
    if size <= radius:
        return *q.minimiser, 0.0
    if radius <= 0.0:
        return 0.0, 0.0, None
    alpha = pull / radius - mean
    if alpha < 0.0:
        alpha = 0.0
    for _ in range(60):
        k1, k2 = low + alpha, high + alpha
        p1, p2 = c1 / k1, c2 / k2
        square = p1 * p1 + p2 * p2
        step = (sqrt(square) / radius - 1.0) * square / (p1 * p1 / k1 + p2 * p2 / k2)
        alpha += step
        if step <= 1e-8 * k1:
            break
    p1, p2 = c1 / (low + alpha), c2 / (high + alpha)
    return cos * p1 - sin * p2, sin * p1 + cos * p2, alpha


def squared_l2_penalised(q: PlaneQuadratic, strength: float) -> Optimum:
    """Minimise J + α½‖w‖²: component i of g divided by λᵢ + α; with α = 0 the shortest minimiser."""
    if strength <= 0.0:
        return *q.minimiser, 0.0
    s = q.spectrum
    p1, p2 = s.pull_low / (s.low + strength), s.pull_high / (s.high + strength)
    return s.cos * p1 - s.sin * p2, s.sin * p1 + s.cos * p2, strength


def l2_constrained(q: PlaneQuadratic, radius: float) -> Optimum:
    """The ball of the squared norm with the multiplier of the norm itself: t times as large."""
    w1, w2, alpha = squared_l2_constrained(q, radius)
    return w1, w2, None if alpha is None else alpha * radius


def l2_penalised(q: PlaneQuadratic, strength: float) -> Optimum:
    """Minimise J + α‖w‖₂: w = x(I + xH)⁻¹g with ‖(I + xH)⁻¹g‖ = α, or 0 where ‖g‖ ≤ α.

    1/‖(I + xH)⁻¹g‖ is concave in x, so Newton's method climbs to the root from x = 0 without overshooting.
    """
    if strength <= 0.0:
        return *q.minimiser, 0.0
    low, high, cos, sin, c1, c2, pull, mean, _ = q.spectrum
    if pull <= strength:
        return 0.0, 0.0, strength
    x = (pull - strength) / (strength * mean)
    for _ in range(60):
        k1, k2 = 1.0 + low * x, 1.0 + high * x
        p1, p2 = c1 / k1, c2 / k2
        square = p1 * p1 + p2 * p2
        step = (sqrt(square) / strength - 1.0) * square / (low * p1 * p1 / k1 + high * p2 * p2 / k2)
        x += max(step, 0.0)
        if step <= 1e-8 * x:
            break
    p1, p2 = x * c1 / (1.0 + low * x), x * c2 / (1.0 + high * x)
    return cos * p1 - sin * p2, sin * p1 + cos * p2, strength


def linf_constrained(q: PlaneQuadratic, radius: float) -> Optimum:
    """The square is a diamond turned by 45°; on its edges the larger weights are ±t to the last bit."""
    v1, v2, alpha = l1_constrained(q.turned, radius)
    w1, w2 = v1 + v2, v1 - v2
    if alpha and v1 and v2:
        return (radius if w1 > 0 else -radius, w2, alpha) if v1 * v2 > 0 else (w1, radius if w2 > 0 else -radius, alpha)
    return w1, w2, alpha


def linf_penalised(q: PlaneQuadratic, strength: float) -> Optimum:
    """Minimise J + α‖w‖_∞: the lasso of the turned quadratic; its zeros are ties |w₁| = |w₂|."""
    v1, v2, _ = l1_penalised(q.turned, strength)
    return v1 + v2, v1 - v2, strength
