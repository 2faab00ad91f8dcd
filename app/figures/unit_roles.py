"""The roles of units and of thinned networks: who is alive, who is bounded, who takes part, and what they say together.

Five rivals in one chart differ by dash as well as by hue; what a bound allows is blue, what is dead is pink.
"""

from app.figures.looks import Role, mark

_CONTOUR_LIGHT = [[0, "#4e8f6f"], [0.35, "#83b39b"], [1, "#c2dccf"]]
_CONTOUR_DARK = [[0, "#7fb99c"], [0.35, "#4f8269"], [1, "#2b473a"]]

UNIT_ROLES: dict[str, Role] = {
    "contour_penalised": Role("contours of J + α½‖w‖²", {"colorscale": _CONTOUR_LIGHT}, {"colorscale": _CONTOUR_DARK}),
    "valley": mark("w₁w₂ = 1, where J = 0", "#767676", "#9a9a9a", width=1.5, dash="dash"),
    "minimum": mark("where it is lowest", "#d55e00", "#ff9a4d", width=2.5, symbol="ring"),
    "pair_trail": mark("the walk", "#b9a7d9", "#6b5b95", width=1.5, dash="dot"),
    "pair_recent": mark("its last steps", "#6b5b95", "#b9a7e6", width=2.5),
    "pair_walker": mark("where it is", "#6b5b95", "#b9a7e6", width=1.5, fill=1, symbol="disc"),
    "pair_pull": mark("where it is pulled", "#1a1a1a", "#f5f5f5", width=2, fill=1),
    "rival_none": mark("no regularizer", "#5a5a5a", "#c9c9c9", width=2, dash="longdash"),
    "rival_l2": mark("L2 penalty", "#00795a", "#33c79a", width=2.5, dash="dash"),
    "rival_l1": mark("L1 penalty", "#b0407f", "#f29bcb", width=2.5, dash="dot"),
    "rival_unit": mark("max-norm by unit", "#d55e00", "#ff9a4d", width=3),
    "rival_layer": mark("Frobenius norm by layer", "#0072b2", "#56b4e9", width=2, dash="dashdot"),
    "norm_alive": mark("‖wⱼ‖ of a living unit", "#56a0cc", "#3f86b3", width=1, fill=1),
    "norm_output": mark("‖wⱼ‖ of an output unit", "#8a8a8a", "#8f8f8f", width=1, fill=1),
    "unit_starved": mark("dead: starved, its incoming weights are gone", "#b0407f", "#f29bcb", width=2, symbol="ring"),
    "unit_stuck": mark("dead: stuck, it says the same to every sample", "#8a6d00", "#f0e442", width=2, symbol="frame"),
    "unit_bound": mark("the bound c", "#d55e00", "#ff9a4d", width=2, dash="dash"),
    "layer_share": mark("c_F/√units: the bound of a layer, shared equally", "#d55e00", "#ff9a4d", width=2, dash="dot"),
    "multiplier": mark("αⱼ that has found itself", "#00795a", "#33c79a", width=1, fill=1),
    "multiplier_asked": mark("αⱼ that stationarity asks for", "#1a1a1a", "#f5f5f5", width=2, symbol="diamond"),
    "thinned_one": mark("some thinned networks", "#8a8a8a", "#8f8f8f", width=1),
    "thinned_mean": mark("their average over all masks, exact", "#d55e00", "#ff9a4d", width=4),
    "thinned_drawn": mark("average over the masks drawn ± 2 standard errors", "#0072b2", "#56b4e9", width=0, fill=0.3),
    "thinned_running": mark("average over the masks drawn so far", "#0072b2", "#56b4e9", width=2),
    "scaled_network": mark("the scaled network, as at test", "#1a1a1a", "#f5f5f5", width=2, dash="dash"),
    "taught_sample": mark("samples trained on", "#004c7a", "#9fd3f2", width=1, fill=1, symbol="disc"),
    "gap_now": mark("the gap between the two", "#b0407f", "#f29bcb", width=2.5),
    "expected_contour": Role(
        "contours of the expected loss with dropout", {"colorscale": _CONTOUR_LIGHT}, {"colorscale": _CONTOUR_DARK}
    ),
    "ridge_by_feature": mark("ridge with a strength by feature", "#00795a", "#33c79a", width=2.5, symbol="ring"),
    "equal_ridge": mark("ridge with one strength for both", "#b0407f", "#f29bcb", width=2, fill=0.35, symbol="diamond"),
    "dropout_optimum": mark("optimum of the expected dropout loss", "#d55e00", "#ff9a4d", width=1, fill=1,
                            symbol="disc"),
    "dropout_path": mark("that optimum for every share dropped", "#6b5b95", "#b9a7e6", width=2, dash="dash"),
    "dropout_walk": mark("gradient descent with dropout", "#8a8a8a", "#8f8f8f", width=1),
    "dropout_recent": mark("its last steps", "#1a1a1a", "#f5f5f5", width=1.5),
    "dropout_mean": mark("its average over the second half so far", "#1a1a1a", "#f5f5f5", width=2.5, symbol="diamond"),
    "unit_struck": mark("left out by this mask", "#b0407f", "#c2418a", width=3, symbol="cross"),
    "team_none": mark("neither", "#5a5a5a", "#c9c9c9", width=2, dash="longdash"),
    "team_dropout": mark("dropout", "#d55e00", "#ff9a4d", width=3),
    "team_bound": mark("max-norm", "#0072b2", "#56b4e9", width=2, dash="dashdot"),
    "team_both": mark("dropout and max-norm", "#00795a", "#33c79a", width=2.5, dash="dot"),
    "noise_now": mark("the noise that the readouts are at", "#767676", "#9a9a9a", width=1.5, dash="dash"),
}  # fmt: skip
