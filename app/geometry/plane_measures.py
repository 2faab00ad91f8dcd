"""Sizes, distances to subdifferentials and supports of the simple shapes of two weights, in Python floats."""

from math import hypot, inf, sqrt


def no_edge(g1: float, g2: float) -> float:  # noqa: ARG001 (whatever the pull)
    """A strictly convex ball has no edge."""
    return inf


def from_diagonal(g1: float, g2: float) -> float:
    """How far g is from the normal of an edge of the diamond."""
    return abs(abs(g1) - abs(g2))


def from_axis(g1: float, g2: float) -> float:
    """How far g is from the normal of an edge of the square."""
    return min(abs(g1), abs(g2))


def l1_size(w1: float, w2: float) -> float:
    """‖w‖₁."""
    return abs(w1) + abs(w2)


def l1_residual(w1: float, w2: float, p1: float, p2: float, strength: float) -> float:
    """The distance of the pull to α·∂‖w‖₁."""
    # wᵢ = 0: distance to [−α, α]; wᵢ ≠ 0: to {α·sgn wᵢ}.
    return hypot(interval(w1, p1, strength), interval(w2, p2, strength))


def interval(w: float, pull: float, strength: float) -> float:
    """One coordinate of it, with its sign."""
    if w == 0.0:
        return max(abs(pull) - strength, 0.0)
    return pull - strength if w > 0.0 else pull + strength


def l1_support(g1: float, g2: float, radius: float) -> float:
    """t·‖g‖_∞."""
    return radius * max(abs(g1), abs(g2))


def l2_residual(w1: float, w2: float, p1: float, p2: float, strength: float) -> float:
    """The distance of the pull to α·∂‖w‖₂."""
    length = hypot(w1, w2)
    if length == 0.0:
        return max(hypot(p1, p2) - strength, 0.0)
    return hypot(p1 - strength * (w1 / length), p2 - strength * (w2 / length))


def l2_support(g1: float, g2: float, radius: float) -> float:
    """t·‖g‖₂."""
    return radius * hypot(g1, g2)


def half_square(w1: float, w2: float) -> float:
    """½‖w‖₂²."""
    return 0.5 * (w1 * w1 + w2 * w2)


def square(w1: float, w2: float) -> float:
    """‖w‖₂²."""
    return w1 * w1 + w2 * w2


def half_square_residual(w1: float, w2: float, p1: float, p2: float, strength: float) -> float:
    """The distance of the pull to αw."""
    return hypot(p1 - strength * w1, p2 - strength * w2)


def linf_size(w1: float, w2: float) -> float:
    """‖w‖_∞."""
    return max(abs(w1), abs(w2))


def linf_residual(w1: float, w2: float, p1: float, p2: float, strength: float) -> float:
    """The distance of the pull to α·∂‖w‖_∞."""
    # Turned by 45° the square is a diamond: ties are its zeros.
    return l1_residual(w1 + w2, w1 - w2, p1 + p2, p1 - p2, strength) / sqrt(2.0)


def linf_support(g1: float, g2: float, radius: float) -> float:
    """t·‖g‖₁."""
    return radius * (abs(g1) + abs(g2))


def wide_size(w1: float, w2: float) -> float:
    """√2‖w‖₂, the group norm of one group of two."""
    return sqrt(2.0) * hypot(w1, w2)


def wide_residual(w1: float, w2: float, p1: float, p2: float, strength: float) -> float:
    """The distance of the pull to α√2·∂‖w‖₂."""
    return l2_residual(w1, w2, p1, p2, sqrt(2.0) * strength)


def wide_support(g1: float, g2: float, radius: float) -> float:
    """t·‖g‖₂/√2."""
    return radius / sqrt(2.0) * hypot(g1, g2)
