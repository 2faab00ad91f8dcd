"""Roots in a bracket: what the exact solvers do where there is no closed form. Never a plain Newton iteration."""

from collections.abc import Callable
from math import pi, sqrt

# θ to the tangential pull there, counter-clockwise positive; None outside the arc that must hold the root.
Turn = Callable[[float], float | None]


def root_of_level(level: Callable[[float], tuple[float, float]], target: float, above: float) -> float:
    """The α in (0, above] with Ω(w(α)) = k, for Ω falling in α: Newton on 1/√Ω, nearly linear in α, in a bracket.

    Args:
        level: α to Ω(w(α)) and −dΩ/dα.
        target: k.
        above: an α with Ω ≤ k.
    """
    below, alpha = 0.0, 0.5 * above
    for _ in range(200):
        omega, fall = level(alpha)
        below, above = (alpha, above) if omega > target else (below, alpha)
        step = 2.0 * omega * (sqrt(omega / target) - 1.0) / fall if fall > 0.0 else 0.0
        if fall > 0.0 and abs(step) <= 2e-16 * alpha:
            break
        ahead = alpha + step
        alpha = ahead if fall > 0.0 and below < ahead < above else 0.5 * (below + above)
        if not below < alpha < above:
            break
    return alpha


def arc_root(turn: Turn, start: float, rounding: float) -> float:
    """The angle where the pull turns around, from a point of its arc: outside the arc it is taken to point back."""
    pull = turn(start)
    if not pull:
        return start
    side = 1.0 if pull > 0.0 else -1.0
    near, far, step = start, start, pi / 16
    beyond: float | None = pull
    while beyond is not None and beyond * side > 0.0:
        near, pull, far = far, beyond, start + side * min(step, pi)
        beyond, step = turn(far) if step < pi else None, 2.0 * step
    while beyond is None:
        middle = 0.5 * (near + far)
        if middle in (near, far):
            return near
        found = turn(middle)
        if found is not None and found * side > 0.0:
            near, pull = middle, found
        else:
            far, beyond = middle, found
    return _bracketed(turn, (near, pull), (far, beyond), rounding)


def _bracketed(turn: Turn, near: tuple[float, float], far: tuple[float, float], rounding: float) -> float:
    """Regula falsi with the Anderson–Björck weights, and a bisection whenever three steps did not halve the bracket."""
    (a, fa), (b, fb) = near, far
    width, weak = abs(b - a), 0
    for _ in range(200):
        if abs(fb) <= rounding or abs(b - a) <= 2e-16 * abs(b):
            return b
        middle = 0.5 * (a + b) if weak >= 3 else b - fb * (b - a) / (fb - fa)
        if middle in (a, b):
            middle = 0.5 * (a + b)
            if middle in (a, b):
                break
        value = turn(middle) or 0.0
        if value * fb < 0.0:
            a, fa = b, fb
        else:
            kept = 1.0 - value / fb
            fa *= kept if kept > 0.0 else 0.5
        b, fb = middle, value
        width, weak = (abs(b - a), 0) if abs(b - a) <= 0.5 * width else (width, 0 if weak >= 3 else weak + 1)
    return b
