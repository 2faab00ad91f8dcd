"""The map between penalty and constraint: to each radius its multiplier, to each strength the size of its optimum.

For a convex J the constrained optimum at t is the penalised one at its multiplier α(t), and J falls by dJ*/dk = −α. The
map is not one-to-one at its ends: every radius beyond ‖ŵ‖ has α = 0, every strength beyond α_max has t = 0.
"""

from app.geometry.forms import Constrained, Penalised
from app.geometry.losses import Loss
from app.geometry.regularizer import Regularizer
from app.geometry.solvers import solve


def strength_at(loss: Loss, regularizer: Regularizer, radius: float) -> float | None:
    """The strength α whose penalised optimum has the size t: the multiplier of the constraint.

    0 where the ball holds a minimiser. At radius 0 the smallest strength that makes every weight zero, None where no
    finite strength does. None too where the constrained problem has no optimum.
    """
    solution = solve(loss, regularizer, Constrained(radius))
    return solution.smallest_strength if solution.strength is None else solution.strength


def radius_at(loss: Loss, regularizer: Regularizer, strength: float) -> float | None:
    """The radius t of the ball on whose sphere the penalised optimum lies; None where there is no optimum."""
    solution = solve(loss, regularizer, Penalised(strength))
    return None if solution.weights is None else solution.radius
