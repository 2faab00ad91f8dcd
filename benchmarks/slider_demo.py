"""The picture of `tangency` as people would compute it in a callback: NumPy, SciPy and plotly.py's figures."""

import numpy as np
import plotly.graph_objects as go
from scipy.optimize import minimize

from benchmarks.samples import Array

CURVATURES = np.array([1.0, 5.0])
FACETS = np.array([[1.0, 1.0], [1.0, -1.0], [-1.0, 1.0], [-1.0, -1.0]])
AXIS = np.linspace(-3.5, 3.5, 61)


def figure(radius: float, first: float, second: float) -> go.Figure:
    """Contours of ½(w − ŵ)ᵀH(w − ŵ), the L1 ball of a radius relative to ‖ŵ‖₁, the free and the constrained optimum."""
    minimiser = np.array([first, second])
    t = radius * float(np.abs(minimiser).sum())
    w1, w2 = np.meshgrid(AXIS, AXIS)
    surface = 0.5 * (CURVATURES[0] * (w1 - first) ** 2 + CURVATURES[1] * (w2 - second) ** 2)
    w = optimum(minimiser, t)
    made = go.Figure(
        [
            go.Contour(x=AXIS, y=AXIS, z=surface, contours={"coloring": "lines"}, showscale=False, ncontours=22),
            go.Scatter(x=[t, 0, -t, 0, t], y=[0, t, 0, -t, 0], fill="toself", name="ball"),
            go.Scatter(x=[first], y=[second], mode="markers", name="free optimum"),
            go.Scatter(x=[w[0]], y=[w[1]], mode="markers", name="optimum"),
        ]
    )
    title = f"w* = ({w[0]:.4f}, {w[1]:.4f})"
    return made.update_layout(xaxis_title="w₁", yaxis_title="w₂", yaxis_scaleanchor="x", title=title)


def optimum(minimiser: Array, t: float) -> Array:
    """The minimiser over ‖w‖₁ ≤ t."""
    edges = {"type": "ineq", "fun": lambda w: t - FACETS @ w, "jac": lambda _: -FACETS}
    return minimize(
        lambda w: 0.5 * float(CURVATURES @ (w - minimiser) ** 2), np.zeros(2),
        jac=lambda w: CURVATURES * (w - minimiser), method="SLSQP", constraints=[edges],
    ).x  # fmt: skip
