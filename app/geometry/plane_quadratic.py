"""A quadratic of two weights as Python floats, prepared once for the exact solvers of the plane.

For two weights, NumPy's cost is all in the calls; the same formulas on floats are ten to a hundred times faster.
"""

from dataclasses import dataclass
from functools import cached_property
from math import hypot, sqrt
from typing import NamedTuple

SINGULAR = 2e-15  # below this share of a·c the determinant of H is rounding


class Plane(NamedTuple):
    """A quadratic of two weights as Python floats, for closed forms that must not wait for arrays.

    Unit eigenvectors are (−sine, cosine) for the eigenvalue `small` and (cosine, sine) for `large`.
    """

    h11: float
    h12: float
    h22: float
    w1: float
    w2: float
    lowest: float
    small: float
    large: float
    cosine: float
    sine: float


class Spectrum(NamedTuple):
    """What the secular equation needs, in the frame of the eigenvectors (cos, sin) and (−sin, cos).

    ``low`` and ``high`` are the eigenvalues, ``pull_low`` and ``pull_high`` the parts of g and ``pull`` its length,
    ``mean`` the average eigenvalue weighted by their squares, ``size`` the length of the shortest minimiser.
    """

    low: float
    high: float
    cos: float
    sin: float
    pull_low: float
    pull_high: float
    pull: float
    mean: float
    size: float


@dataclass(frozen=True)
class PlaneQuadratic:
    """½wᵀHw − gᵀw with H = [[a, b], [b, c]], so g = −∇J(0) and every minimiser solves Hw = g.

    ``minimiser`` is the shortest of them. ``singular`` says that one direction is flat: then g has no part along it
    and the minimisers are a line.
    """

    a: float
    b: float
    c: float
    g1: float
    g2: float
    minimiser: tuple[float, float]
    singular: bool

    @cached_property
    def spectrum(self) -> Spectrum:
        """One Jacobi rotation: exact on a diagonal H, so that weights that are zero stay exactly zero."""
        cos, sin, low, high = _rotation(self.a, self.b, self.c)
        along, across = cos * self.g1 + sin * self.g2, cos * self.g2 - sin * self.g1
        if self.singular:
            low, along = high, 0.0  # nothing pulls along the flat direction, whatever its eigenvalue is called
        square = along * along + across * across
        mean = (along * along * low + across * across * high) / square if square else high
        return Spectrum(low, high, cos, sin, along, across, sqrt(square), mean, hypot(*self.minimiser))

    @cached_property
    def ridge(self) -> tuple[float, float, float]:
        """Singular H only: unit normal (r1, r2) and offset ρ of the line of minimisers r·w = ρ."""
        cos, sin, _, _ = _rotation(self.a, self.b, self.c)
        m1, m2 = self.minimiser
        return -sin, cos, cos * m2 - sin * m1

    @cached_property
    def smallest_l1(self) -> tuple[float, float]:
        """The minimiser of smallest ‖w‖₁: where the line of minimisers meets the nearer axis."""
        if not self.singular:
            return self.minimiser
        r1, r2, reach = self.ridge
        return (reach / r1, 0.0) if abs(r1) >= abs(r2) else (0.0, reach / r2)

    @cached_property
    def diamond(self) -> tuple[float, ...]:
        """(a, b, c, g1, g2, minimiser, its ‖·‖₁, signs, and the edge problem of its quadrant) for the L1 ball."""
        m1, m2 = self.smallest_l1
        s1, s2 = (1.0 if m1 >= 0.0 else -1.0), (1.0 if m2 >= 0.0 else -1.0)
        flat, slope, pull = edge(self, s1, s2)
        return self.a, self.b, self.c, self.g1, self.g2, m1, m2, abs(m1) + abs(m2), s1, s2, flat, slope, pull

    @cached_property
    def turned(self) -> "PlaneQuadratic":
        """The same quadratic in v = ((w₁+w₂)/2, (w₁−w₂)/2), where ‖w‖_∞ is ‖v‖₁."""
        a, b, c, g1, g2 = self.a, self.b, self.c, self.g1, self.g2
        m1, m2 = self.minimiser
        minimiser = (0.5 * (m1 + m2), 0.5 * (m1 - m2))
        return PlaneQuadratic(a + c + 2 * b, a - c, a + c - 2 * b, g1 + g2, g1 - g2, minimiser, self.singular)

    def above_minimum(self, w1: float, w2: float) -> float:
        """J(w) − min J = ½(w−ŵ)ᵀH(w−ŵ)."""
        m1, m2 = self.minimiser
        d1, d2 = w1 - m1, w2 - m2
        return 0.5 * (d1 * (self.a * d1 + self.b * d2) + d2 * (self.b * d1 + self.c * d2))


def around(plane: Plane) -> PlaneQuadratic:
    """A quadratic loss of two weights, from its Hessian and minimiser."""
    h11, h12, h22, w1, w2 = plane[:5]
    g1, g2 = h11 * w1 + h12 * w2, h12 * w1 + h22 * w2
    return PlaneQuadratic(h11, h12, h22, g1, g2, (w1, w2), plane.small == 0.0)


def expanded(a: float, b: float, c: float, g1: float, g2: float) -> PlaneQuadratic:
    """The quadratic model of a smooth loss, from its Hessian and g = H·w − ∇J(w)."""
    if a * c - b * b > SINGULAR * a * c:
        return PlaneQuadratic(a, b, c, g1, g2, elimination(a, b, c, g1, g2), False)
    cos, sin, _, high = _rotation(a, b, c)
    across = (cos * g2 - sin * g1) / high if high > 0.0 else 0.0
    return PlaneQuadratic(a, b, c, g1, g2, (-sin * across, cos * across), True)


def edge(q: PlaneQuadratic, s1: float, s2: float) -> tuple[float, float, float]:
    """J on the edge w = (s1·u, s2·(t−u)) is stationary at u = (t·slope + pull)/curvature."""
    twist = s1 * s2 * q.b
    curvature = q.a + q.c - 2 * twist
    floor = SINGULAR * (q.a + q.c)
    return (curvature if curvature > floor else 0.0), q.c - twist, s1 * q.g1 - s2 * q.g2


def elimination(a: float, b: float, c: float, r1: float, r2: float) -> tuple[float, float]:
    """Solve [[a, b], [b, c]] w = r by elimination with the larger pivot first (backward stable, unlike Cramer)."""
    if a >= c:
        w2 = (r2 - b / a * r1) / (c - b / a * b)
        return (r1 - b * w2) / a, w2
    w1 = (r1 - b / c * r2) / (a - b / c * b)
    return w1, (r2 - b * w1) / c


def _rotation(a: float, b: float, c: float) -> tuple[float, float, float, float]:
    """Cos and sin of the first eigenvector's angle and both eigenvalues, ascending (Golub, Van Loan, §8.5.2)."""
    if b == 0.0:
        return (1.0, 0.0, a, c) if a <= c else (0.0, 1.0, c, a)
    tau = (c - a) / (2 * b)
    tan = (1.0 if tau >= 0 else -1.0) / (abs(tau) + sqrt(1.0 + tau * tau))
    cos = 1.0 / sqrt(1.0 + tan * tan)
    low, high = a - tan * b, c + tan * b
    return (cos, -tan * cos, low, high) if low <= high else (tan * cos, cos, high, low)
