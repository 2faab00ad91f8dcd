"""The way of the optimum from 0 to the free optimum, as the ball grows or the strength falls."""

from dataclasses import dataclass

import numpy as np

from app.geometry.forms import Constrained, Penalised
from app.geometry.group import GroupNorm
from app.geometry.homotopy import lasso_path
from app.geometry.losses import Loss, Quadratic
from app.geometry.nonconvex import QuasiNorm
from app.geometry.norms import L1, L2, LInfinity, Lp
from app.geometry.regularizer import Array, Regularizer
from app.geometry.regularizers import ElasticNet, SquaredL2
from app.geometry.solvers import solve, solve_many
from app.geometry.spectral import multipliers_of_squared_l2, shrunk

# A weak penalty, as a share of L, gives a path its end where no free optimum exists.
_WEAK = 1e-3


@dataclass(frozen=True, eq=False)
class Path:
    """Optima by growing radius.

    Attributes:
        radii: t (m,), from 0.
        strengths: α (m,), the multiplier at each; infinite at radius 0 where no finite strength makes w = 0 optimal.
        weights: w (m, d).
        knots: whether the points are all the bends of a path that is straight in between, or samples of a curve.
    """

    radii: Array
    strengths: Array
    weights: Array
    knots: bool


def follow(loss: Loss, regularizer: Regularizer | QuasiNorm, samples: int = 49) -> Path:
    """The path of w*(t) from 0 to the free optimum, or to that of a weak penalty L/1000·½‖w‖² where there is none.

    For a quadratic the path of L1 (and of L∞ in two weights) consists of straight pieces, and all its knots are exact;
    that of L2 and squared L2 comes from one eigendecomposition. Elsewhere the optimum is found at `samples` radii, each
    started from the one before.

    Args:
        loss: a convex loss.
        regularizer: any regularizer; one that is not convex is followed by search, and may jump.
        samples: how many radii a curve is sampled at, both ends included.
    """
    match loss, regularizer:
        case Quadratic(), L1() | Lp(p=1.0) | ElasticNet(ratio=1.0):
            return _broken_line(loss.curvature, loss.curvature @ loss.minimiser)
        case Quadratic(), GroupNorm() if len(regularizer.groups(loss.dimension)) == loss.dimension:
            return _broken_line(loss.curvature, loss.curvature @ loss.minimiser)
        case Quadratic(dimension=2), LInfinity():
            return _turned_line(loss)
        case Quadratic(), SquaredL2() | L2() if loss.minimum.attained:
            return _curve(loss, squared=isinstance(regularizer, SquaredL2), samples=samples)
        case _:
            return _sampled(loss, regularizer, samples)


def _broken_line(hessian: Array, pull: Array) -> Path:
    path = lasso_path(hessian, pull)
    return Path(np.abs(path.weights).sum(axis=1), path.strengths, path.weights, knots=True)


def _turned_line(loss: Quadratic) -> Path:
    """L∞ in w is L1 in v = ((w₁+w₂)/2, (w₁−w₂)/2)."""
    turn = np.array([[1.0, 1.0], [1.0, -1.0]])
    path = _broken_line(turn @ loss.curvature @ turn, turn @ loss.curvature @ loss.minimiser)
    return Path(path.radii, path.strengths, path.weights @ turn, knots=True)


def _curve(loss: Quadratic, squared: bool, samples: int) -> Path:
    """w(α) = Q(Λ + αI)⁻¹ΛQᵀŵ at evenly spaced radii; the norm's own multiplier is t times that of its square."""
    radii = np.linspace(0.0, float(np.linalg.norm(loss.minimiser)), samples)
    inner = multipliers_of_squared_l2(loss, radii[1:]) if radii[-1] > 0.0 else np.zeros(samples - 1)
    at_zero = float(np.linalg.norm(loss.gradient(np.zeros(loss.dimension))))
    first = at_zero if not squared else (np.inf if at_zero > 0.0 else 0.0)
    weights = np.concatenate([np.zeros((1, loss.dimension)), shrunk(loss, inner)])
    return Path(radii, np.append(first, inner if squared else inner * radii[1:]), weights, knots=False)


def _sampled(loss: Loss, regularizer: Regularizer | QuasiNorm, samples: int) -> Path:
    end = solve(loss, regularizer, Penalised(0.0)).weights
    if end is None:
        end = solve(loss, SquaredL2(), Penalised(_WEAK * loss.smoothness)).weights
    end = np.zeros(loss.dimension) if end is None else end
    radii = np.linspace(0.0, float(regularizer.size(end)), samples)
    found = solve_many(loss, regularizer, [Constrained(float(radius)) for radius in radii])
    kept = [(radius, solution) for radius, solution in zip(radii, found, strict=True) if solution.weights is not None]
    strengths = [solution.smallest_strength if solution.strength is None else solution.strength for _, solution in kept]
    return Path(
        np.array([radius for radius, _ in kept]),
        np.array([np.inf if strength is None else strength for strength in strengths]),
        np.array([solution.weights for _, solution in kept]).reshape(-1, loss.dimension),
        knots=False,
    )
