"""Exact optima of a quadratic of two weights under the elastic net Ω = ρ‖w‖₁ + (1−ρ)½‖w‖², in Python floats."""

from math import sqrt

from app.geometry.plane_optima import Optimum, lasso
from app.geometry.plane_quadratic import PlaneQuadratic, elimination
from app.geometry.roots import root_of_level


def elastic_net_penalised(q: PlaneQuadratic, strength: float, ratio: float) -> Optimum:
    """Minimise J + α(ρ‖w‖₁ + (1−ρ)½‖w‖²): a lasso on H + α(1−ρ)I; with α = 0 its limit for α → 0."""
    if strength <= 0.0:
        return *smallest_elastic_net(q, ratio), 0.0
    ridge = strength * (1.0 - ratio)
    return *lasso(q.a + ridge, q.b, q.c + ridge, q.g1, q.g2, strength * ratio), strength


def elastic_net_constrained(q: PlaneQuadratic, radius: float, ratio: float) -> Optimum:
    """Minimise over Ω ≤ k: the root of Ω(w(α)) = k by bracketed Newton steps on 1/√Ω, nearly linear in α."""
    w1, w2 = smallest_elastic_net(q, ratio)
    if elastic_net(w1, w2, ratio) <= radius:
        return w1, w2, 0.0
    if radius <= 0.0:
        return 0.0, 0.0, None

    def level(alpha: float) -> tuple[float, float]:
        w1, w2, _ = elastic_net_penalised(q, alpha, ratio)
        return elastic_net(w1, w2, ratio), _fall(q, alpha, ratio, w1, w2)

    alpha = root_of_level(level, radius, _largest_multiplier(q, radius, ratio))
    w1, w2, _ = elastic_net_penalised(q, alpha, ratio)
    scale = onto_sphere(ratio * (abs(w1) + abs(w2)), (1.0 - ratio) * (w1 * w1 + w2 * w2), radius)
    return scale * w1, scale * w2, alpha


def onto_sphere(linear: float, square: float, level: float) -> float:
    """The factor c ≈ 1 with linear·c + ½·square·c² = k: near α_max the rounding of α is large beside a small w."""
    return 2.0 * level / (linear + sqrt(linear * linear + 2.0 * square * level)) if linear or square else 1.0


def elastic_net(w1: float, w2: float, ratio: float) -> float:
    """Ω = ρ‖w‖₁ + (1−ρ)½‖w‖²."""
    return ratio * (abs(w1) + abs(w2)) + 0.5 * (1.0 - ratio) * (w1 * w1 + w2 * w2)


def smallest_elastic_net(q: PlaneQuadratic, ratio: float) -> tuple[float, float]:
    """The minimiser of smallest Ω: on the line r·w = δ with |r| = 1, a soft threshold of r.

    With R ≥ r ≥ 0 the sizes of r₁, r₂ it is (δR + κr(R−r), δr − κR(R−r)), κ = ρ/(1−ρ), if that is ≥ 0, else (δ/R, 0):
    written so that nothing cancels for ρ → 1.
    """
    if not q.singular or ratio == 0.0:
        return q.minimiser
    r1, r2, reach = q.ridge
    delta, r1, r2 = (reach, r1, r2) if reach >= 0.0 else (-reach, -r1, -r2)
    large, small = max(abs(r1), abs(r2)), min(abs(r1), abs(r2))
    lean = ratio * (large - small)
    if delta * small * (1.0 - ratio) > lean * large:
        w, v = delta * large + lean * small / (1.0 - ratio), delta * small - lean * large / (1.0 - ratio)
    else:
        w, v = delta / large, 0.0
    if abs(r1) < abs(r2):
        w, v = v, w
    return (w if r1 > 0.0 else -w), (v if r2 > 0.0 else -v)


def elastic_net_support(g1: float, g2: float, radius: float, ratio: float) -> float:
    """The largest ⟨g, w⟩ over Ω ≤ k: w is the soft threshold of λ|g| at ρ over 1 − ρ, on one axis or off both.

    Off both the two weights differ by e = λ(G − g)/(1−ρ), with λ from (λG)² + (λg)² = 2ρ² + 2(1−ρ)k, and the smaller is
    a root of Ω = k; so nothing cancels for ρ → 1.
    """
    large, small = max(abs(g1), abs(g2)), min(abs(g1), abs(g2))
    bend = 1.0 - ratio
    if radius <= 0.0 or large == 0.0:
        return 0.0
    alone = sqrt(ratio * ratio + 2.0 * bend * radius)
    if alone * small <= ratio * large:
        return large * 2.0 * radius / (ratio + alone)
    scale = sqrt((2.0 * bend * radius + 2.0 * ratio * ratio) / (large * large + small * small))
    apart = scale * (large - small) / bend
    linear, rest = bend * apart + 2.0 * ratio, radius - apart * (ratio + 0.5 * bend * apart)
    w = 2.0 * rest / (linear + sqrt(linear * linear + 4.0 * bend * rest))
    return large * (w + apart) + small * w


def _largest_multiplier(q: PlaneQuadratic, radius: float, ratio: float) -> float:
    """A bound on α: α·Ω ≤ −∇J·w ≤ ‖g‖‖w‖ and, where ρ > 0, α_max = ‖g‖_∞/ρ."""
    length = sqrt(q.g1 * q.g1 + q.g2 * q.g2)
    bounds = [length * sqrt(2.0 / ((1.0 - ratio) * radius))] if ratio < 1.0 else []
    bounds += [max(abs(q.g1), abs(q.g2)) / ratio] if ratio > 0.0 else []
    return min(bounds) * (1.0 + 1e-9)


def _fall(q: PlaneQuadratic, alpha: float, ratio: float, w1: float, w2: float) -> float:
    """−dΩ/dα along the path: (∂Ω)ᵀ(H + α(1−ρ)I)⁻¹∂Ω over the weights that are not zero."""
    ridge = alpha * (1.0 - ratio)
    d1 = (ratio if w1 > 0.0 else -ratio) + (1.0 - ratio) * w1
    d2 = (ratio if w2 > 0.0 else -ratio) + (1.0 - ratio) * w2
    if w1 and w2:
        x1, x2 = elimination(q.a + ridge, q.b, q.c + ridge, d1, d2)
        return d1 * x1 + d2 * x2
    if w1:
        return d1 * d1 / (q.a + ridge)
    return d2 * d2 / (q.c + ridge) if w2 else 0.0
