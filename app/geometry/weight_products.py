"""Two weights in a row, as one path through a network has them: J(w) = ½(w₁w₂ − 1)², the smallest loss with a saddle.

With squared L2 of strength α the Hessian at 0 is [[α, −1], [−1, α]]: its eigenvalues α − 1 along (1, 1) and α + 1
across make the origin a saddle for α < 1 and the only minimum for α ≥ 1. In a ball of radius t > 0 the multiplier is
1 − t²/2 < 1, so that however small the ball is, 0 is not its optimum. Saxe, McClelland & Ganguli (2014), §1, on such
products; Hinton et al. (2012), Improving neural networks by preventing co-adaptation, on balls instead of penalties.
"""

from dataclasses import dataclass
from math import hypot, sqrt

import numpy as np

from app.geometry.numerals import numeral
from app.geometry.outcomes import Outcome
from app.geometry.regularizer import Array

FAR = 1e3  # a weight beyond is stopped, long before anything overflows
STILL = 1e-6  # a step shorter than this: where a walk has settled
NEAR = 1e-3  # of a point at which a walk has settled


def loss(w: Array) -> Array:
    """½(w₁w₂ − 1)² of weights (…, 2)."""
    return np.asarray(0.5 * (w[..., 0] * w[..., 1] - 1.0) ** 2)


def gradient(w: Array) -> Array:
    """(w₁w₂ − 1)(w₂, w₁) (…, 2)."""
    return np.asarray((w[..., 0] * w[..., 1] - 1.0)[..., None] * w[..., ::-1])


def hessian(w: Array, strength: float = 0.0) -> Array:
    """That of J + α½‖w‖² at w (2,)."""
    x, y = float(w[0]), float(w[1])
    return np.array([[y * y + strength, 2.0 * x * y - 1.0], [2.0 * x * y - 1.0, x * x + strength]])


def origin_eigenvalues(strength: float) -> tuple[float, float]:
    """(α − 1, α + 1): of the Hessian of J + α½‖w‖² at 0, along (1, 1) and along (1, −1)."""
    return strength - 1.0, strength + 1.0


def penalised_minimum(strength: float) -> float:
    """The w₁ = w₂ ≥ 0 at which J + α½‖w‖² is lowest, √(1 − α), and 0 from α = 1 on; −w is as good."""
    return sqrt(max(0.0, 1.0 - strength))


def constrained_minimum(radius: float) -> tuple[float, float]:
    """(w₁ = w₂, α): the point of the ball ‖w‖ ≤ t where J is lowest, and its multiplier max(0, 1 − t²/2).

    At t = 0 there is only 0, whose multiplier 1 is the limit of the others.
    """
    return min(1.0, radius / sqrt(2.0)), max(0.0, 1.0 - 0.5 * radius**2)


@dataclass(frozen=True, eq=False)
class ProductWalk:
    """Gradient descent on the product.

    Attributes:
        weights: (k + 1, 2), the start first; all finite, the last repeated once it is stopped.
        outcome: converged, out_of_steps, or diverged with the step and why.
    """

    weights: Array
    outcome: Outcome


def descend(start: tuple[float, float], rate: float, steps: int, strength: float, radius: float | None) -> ProductWalk:
    """So many steps of w ← P(w − η(∇J(w) + αw)); P puts w back into the ball of that radius, None for no ball.

    Written in plain numbers: an array of two costs fifty times as much as its sum.
    """
    x, y = _into(start, radius)
    walked = [(x, y)]
    for step in range(1, steps + 1):
        miss = x * y - 1.0
        to = x - rate * (miss * y + strength * x), y - rate * (miss * x + strength * y)
        if not max(abs(to[0]), abs(to[1])) <= FAR and radius is None:
            return _stopped(walked, steps, step, rate, strength)
        x, y = _into(to, radius)
        walked.append((x, y))
    weights = np.array(walked)
    return ProductWalk(weights, _ended(weights, strength, radius))


def _into(w: tuple[float, float], radius: float | None) -> tuple[float, float]:
    """The nearest point of the ball: w itself, or w rescaled."""
    size = hypot(*w)
    if radius is None or size <= radius:
        return w
    return radius * (w[0] / size), radius * (w[1] / size)


def _stopped(walked: list[tuple[float, float]], steps: int, step: int, rate: float, strength: float) -> ProductWalk:
    weights = np.array(walked + [walked[-1]] * (steps + 1 - len(walked)))
    curvature = float(np.linalg.eigvalsh(hessian(weights[-1], strength))[-1])
    stretch = (
        f"the step is {numeral(rate * curvature)}/L, above 2/L, where L = {numeral(curvature)} is the curvature there"
    )
    return ProductWalk(weights, Outcome("diverged", f"Diverged: {stretch}. Stopped at step {step}."))


def _ended(weights: Array, strength: float, radius: float | None) -> Outcome:
    """Where a walk that was not stopped has come to."""
    last = weights[-1]
    if len(weights) > 1 and float(np.abs(weights[-1] - weights[-2]).max()) > STILL:
        return Outcome("out_of_steps", f"Still moving after {len(weights) - 1} steps.")
    if float(np.abs(last).max()) <= NEAR:
        low = strength - 1.0
        what = "a saddle" if low < 0.0 else "the minimum"
        return Outcome("converged", f"Settled at the origin, {what}: both weights are dead.")
    place = "on the edge of the ball" if radius is not None and hypot(*last) >= radius * (1.0 - 1e-9) else "inside"
    where = f" {place}" if radius is not None else ""
    return Outcome("converged", f"Settled{where} at ({numeral(last[0], 4)}, {numeral(last[1], 4)}).")
