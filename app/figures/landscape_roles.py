"""The roles of a loss landscape: what training lowers is blue, its path purple, what bounds the weights green."""

from app.figures.looks import Role, mark

_SURFACE_LIGHT = [[0, "#1f5f8b"], [0.35, "#7fb0cc"], [1, "#e9c9a6"]]
_SURFACE_DARK = [[0, "#2c7fb0"], [0.35, "#5d8ea8"], [1, "#b58f66"]]
_BARE_LIGHT = [[0, "#4d4d4d"], [1, "#bdbdbd"]]
_BARE_DARK = [[0, "#8a8a8a"], [1, "#4a4a4a"]]

_LINES_LIGHT = [[0, "#5f88a5"], [0.35, "#8aaabf"], [1, "#c3d3de"]]
_LINES_DARK = [[0, "#86a7bd"], [0.35, "#587a92"], [1, "#2e4453"]]

LANDSCAPE_ROLES: dict[str, Role] = {
    "cost_contour": Role("lines of equal cost", {"colorscale": _LINES_LIGHT}, {"colorscale": _LINES_DARK}),
    "objective_surface": Role("cost with its penalty", {"colorscale": _SURFACE_LIGHT}, {"colorscale": _SURFACE_DARK}),
    "cost_surface": Role("cost alone", {"colorscale": _BARE_LIGHT}, {"colorscale": _BARE_DARK}),
    "weights_path": mark("the training, projected onto the plane", "#6b5b95", "#b9a7e6", width=2.5),
    "weights_start": mark("where it began", "#6b5b95", "#b9a7e6", width=2.5, symbol="diamond"),
    "weights_now": mark("the moment that is looked at", "#d55e00", "#ff9a4d", width=1.5, fill=1, symbol="disc"),
    "weights_last": mark("the trained network", "#1a1a1a", "#f5f5f5", width=2.5, symbol="cross"),
    "ball_trace": mark("where the norm equals its bound", "#00795a", "#33c79a", width=2.5, dash="dash"),
    "true_loss": mark("true value along the training", "#d55e00", "#ff9a4d", width=2.5),
    "plane_loss": mark("value of the plane below it", "#0072b2", "#56b4e9", width=2, dash="dash"),
    "moment_now": mark("the moment that is looked at", "#767676", "#9a9a9a", width=1.5, dash="dash"),
}  # fmt: skip
