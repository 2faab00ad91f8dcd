"""Beliefs as pictures: level sets of likelihood, prior and posterior, draws, and what they predict."""

import numpy as np

from app.figures import plane
from app.figures.marks import Array, Mark, curve, point
from app.figures.paths import joined, polyline
from app.geometry import L1, L2, GaussianPosterior, LaplacePosterior, Quadratic, TwoSided, level_curve
from app.labs.prior.rows import Seen

Posterior = GaussianPosterior | LaplacePosterior
Window = tuple[float, float, float, float]

# A density falls to exp(−z²/2) of its top on the curve of z: for a normal law z counts standard deviations.
CURVES = (0.5, 1.0, 1.5, 2.0, 2.5, 3.0)
_SIGNS = ((1.0, 1.0), (-1.0, 1.0), (-1.0, -1.0), (1.0, -1.0))
BAND = 2.0  # standard deviations on each side


def seen_closely(window: Window, reach: float) -> Window:
    """A share of a window: 0 keeps its place."""
    x0, x1, y0, y1 = window
    return reach * x0, reach * x1, reach * y0, reach * y1


def within(w: Array, window: Window) -> bool:
    """Whether a point lies in a window."""
    x0, x1, y0, y1 = window
    return bool(x0 <= w[0] <= x1 and y0 <= w[1] <= y1)


def likelihood_levels(seen: Seen) -> list[Mark]:
    """Where the likelihood falls to exp(−z²/2) of its top: J is z²σ²/(2m) above its lowest."""
    heights = [seen.loss.lowest + 0.5 * z * z * seen.noise**2 / seen.rows for z in CURVES]
    return _drawn("likelihood_level", seen.loss, heights, seen.posed.window)


def prior_levels(posterior: Posterior, window: Window) -> list[Mark]:
    """Circles, or the diamonds of ‖w‖₁ ≤ bz²/2."""
    if isinstance(posterior, GaussianPosterior):
        round_bowl = Quadratic(np.eye(2), np.zeros(2))
        return _drawn("prior_level", round_bowl, [0.5 * (z * posterior.width) ** 2 for z in CURVES], window)
    reach = 4.0 * (window[1] - window[0])
    radii = [radius for z in CURVES if (radius := 0.5 * posterior.width * z * z) < reach]
    return (
        [curve("prior_level", "".join(joined(L1().boundary(radius), closed=True) for radius in radii))] if radii else []
    )


def prior_width(posterior: Posterior) -> Mark:
    """The circle ‖w‖₂ = τ, or the diamond ‖w‖₁ = b: what is dragged."""
    shape = L2() if isinstance(posterior, GaussianPosterior) else L1()
    return curve("prior_width", joined(shape.boundary(posterior.width), closed=True))


def posterior_levels(seen: Seen, posterior: Posterior) -> list[Mark]:
    """Ellipses; under a Laplace prior pieces of a different ellipse in each quarter, meeting on the axes."""
    window = seen.posed.window
    if isinstance(posterior, GaussianPosterior):
        vectors = posterior.loss.eigenvectors
        bowl = Quadratic(_symmetric((vectors * posterior.precisions) @ vectors.T), posterior.mean)
        return _drawn("posterior_level", bowl, [0.5 * z * z for z in CURVES], window)
    top = float(posterior.negative_log(posterior.mode))
    paths = [_quarter(seen, posterior, signs, top) for signs in _SIGNS]
    return [curve("posterior_level", "".join(paths))] if any(paths) else []


def _quarter(seen: Seen, posterior: LaplacePosterior, signs: tuple[float, float], top: float) -> str:
    """In one quarter −ln of the posterior is the quadratic ½(w − m)ᵀA(w − m) + const, with Am = Aŵ − s/b."""
    x0, x1, y0, y1 = seen.posed.window
    s = np.array(signs)
    window = (max(x0, 0.0) if s[0] > 0 else x0, x1 if s[0] > 0 else min(x1, 0.0),
              max(y0, 0.0) if s[1] > 0 else y0, y1 if s[1] > 0 else min(y1, 0.0))  # fmt: skip
    if window[0] >= window[1] or window[2] >= window[3]:
        return ""
    scale = seen.rows / seen.noise**2
    # A flat direction is bent a little: a millionth of the curvature moves no curve visibly.
    bent = scale * seen.loss.curvature
    bent = bent + (1e-6 * float(np.trace(bent)) + 1e-9 / posterior.width**2) * np.eye(2)
    pull = scale * (seen.loss.curvature @ seen.loss.minimiser) - s / posterior.width
    centre: Array = np.asarray(np.linalg.solve(bent, pull))
    at_zero = float(posterior.negative_log(np.zeros(2))) - top
    lowest = at_zero - 0.5 * float(centre @ pull)
    bowl = Quadratic(_symmetric(bent), centre, lowest)
    return "".join(joined(level_curve(bowl, 0.5 * z * z, centre, window)) for z in CURVES if 0.5 * z * z > lowest)


def _drawn(role: str, loss: Quadratic, heights: list[float], window: Window) -> list[Mark]:
    path = "".join(joined(level_curve(loss, height, loss.minimiser, window)) for height in heights)
    return [curve(role, path)] if path else []


def _symmetric(matrix: Array) -> Array:
    return np.asarray(0.5 * (matrix + matrix.T))


def crosses(drawn: Array, window: Window) -> list[Mark]:
    """Draws as small crosses in one shape, so that they move with the prior."""
    arm = 0.008 * (window[1] - window[0])
    pieces = [
        f"M{x - arm:.5g},{y:.5g}H{x + arm:.5g}M{x:.5g},{y - arm:.5g}V{y + arm:.5g}"
        for x, y in drawn.tolist()
        if window[0] <= x <= window[1] and window[2] <= y <= window[3]
    ]
    return [curve("posterior_draw", "".join(pieces))] if pieces else []


def reach(seen: Seen) -> float:
    """How far the first feature is shown to either side of its mean."""
    return 1.15 * float(np.abs(seen.design[:, 0]).max()) or 1.0


def predictions(seen: Seen, mean: Array, covariance: Array, drawn: Array, levels: Array) -> list[Mark]:
    """The predictive band over the first feature, the second at its mean; the mean line, and a line for each draw.

    A line is as high as its intercept, one of `levels`, where the features are at their mean: N(ȳ, σ²/n).
    """
    end = reach(seen)
    xs = np.linspace(-end, end, 25)
    line = xs * mean[0]
    spread = BAND * np.sqrt(xs * xs * covariance[0, 0] + seen.noise**2 * (1.0 + 1.0 / seen.rows))
    edge = np.concatenate([np.stack([xs, line + spread], axis=1), np.stack([xs, line - spread], axis=1)[::-1]])
    pairs = zip(drawn[:, 0].tolist(), levels.tolist(), strict=True)
    lines = "".join(polyline([(-end, level - end * slope), (end, level + end * slope)]) for slope, level in pairs)
    return [
        curve("predictive_band", polyline(edge.tolist(), closed=True)),
        *([curve("posterior_draw", lines)] if lines else []),
        curve("mean_line", polyline([(-end, -end * float(mean[0])), (end, end * float(mean[0]))])),
    ]


def thresholds(seen: Seen, posterior: Posterior, span: float) -> list[Mark]:
    """Mode and mean of the first weight alone, the second held at 0, by its least squares estimate."""
    curvature = float(seen.loss.curvature[0, 0]) * seen.rows / seen.noise**2
    estimates = np.linspace(-span, span, 49)
    if isinstance(posterior, GaussianPosterior):
        kept = curvature / (curvature + posterior.width**-2)
        both = polyline([(-span, -kept * span), (span, kept * span)])
        return [curve("mode_curve", both), curve("mean_curve", both)]
    alone = TwoSided(np.full(49, max(curvature, 1e-20 / posterior.width**2)), estimates, posterior.width)
    edge = min(1.0 / (posterior.width * float(alone.curvature[0])), span)
    mode = polyline([(-span, edge - span), (-edge, 0.0), (edge, 0.0), (span, span - edge)])
    return [
        curve("mode_curve", mode),
        curve("mean_curve", polyline(np.stack([estimates, alone.mean], axis=1).tolist())),
    ]


def marked(seen: Seen, mode: Array, mean: Array) -> list[Mark]:
    """Mode and mean, where they are in the window."""
    shown = [("posterior_mean", mean), ("posterior_mode", mode)]
    return [point(role, plane.pair(w)) for role, w in shown if within(w, seen.posed.window)]
