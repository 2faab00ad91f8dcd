"""The picture of `tangency` as people would compute it in a callback: NumPy, SciPy and plotly.py's figures."""

import numpy as np
import plotly.graph_objects as go
from scipy.optimize import minimize

from benchmarks.samples import Array

CURVATURES = np.array([1.0, 5.0])
FACETS = np.array([[1.0, 1.0], [1.0, -1.0], [-1.0, 1.0], [-1.0, -1.0]])
AXIS = np.linspace(-3.5, 3.5, 61)
TURN = np.linspace(0.0, 2.0 * np.pi, 100)


def figure(radius: float, first: float, second: float) -> go.Figure:
    """Contours of ½(w − ŵ)ᵀH(w − ŵ), the L1 ball of a radius relative to ‖ŵ‖₁, and why w* is the optimum.

    That is the contour through w*, −∇J as an arrow, ŵ and w*, and its multiplier as a number. The normal cone, the axes
    of the Hessian, the penalty's optimum and the certificate, which Normball's answer has beside, are left out.
    """
    minimiser = np.array([first, second])
    t = radius * float(np.abs(minimiser).sum())
    w1, w2 = np.meshgrid(AXIS, AXIS)
    surface = 0.5 * (CURVATURES[0] * (w1 - first) ** 2 + CURVATURES[1] * (w2 - second) ** 2)
    w = optimum(minimiser, t)
    pull = CURVATURES * (minimiser - w)
    level, multiplier = 0.5 * float(pull @ (minimiser - w)), float(np.abs(pull).max())
    axes = np.sqrt(2.0 * level / CURVATURES)
    made = go.Figure(
        [
            go.Contour(x=AXIS, y=AXIS, z=surface, contours={"coloring": "lines"}, showscale=False, ncontours=22),
            go.Scatter(x=[t, 0, -t, 0, t], y=[0, t, 0, -t, 0], fill="toself", name="ball"),
            go.Scatter(x=first + axes[0] * np.cos(TURN), y=second + axes[1] * np.sin(TURN), name="contour through w*"),
            go.Scatter(x=[first], y=[second], mode="markers", name="free optimum"),
            go.Scatter(x=[w[0]], y=[w[1]], mode="markers", name="optimum"),
        ]
    )
    length = float(np.hypot(*pull)) or 1.0
    head, tail = w + pull / length, w
    made.add_annotation(
        x=head[0], y=head[1], ax=tail[0], ay=tail[1], axref="x", ayref="y", arrowhead=2, text="−∇J"
    )  # fmt: skip
    title = f"w* = ({w[0]:.4f}, {w[1]:.4f}), α* = {multiplier:.4f}, J = {level:.4f}"
    return made.update_layout(xaxis_title="w₁", yaxis_title="w₂", yaxis_scaleanchor="x", title=title)


def optimum(minimiser: Array, t: float) -> Array:
    """The minimiser over ‖w‖₁ ≤ t."""
    edges = {"type": "ineq", "fun": lambda w: t - FACETS @ w, "jac": lambda _: -FACETS}
    return minimize(
        lambda w: 0.5 * float(CURVATURES @ (w - minimiser) ** 2), np.zeros(2),
        jac=lambda w: CURVATURES * (w - minimiser), method="SLSQP", constraints=[edges],
    ).x  # fmt: skip
