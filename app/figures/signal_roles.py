"""The roles of signals: what runs forward is blue, what comes back is orange, what a penalty adds is green."""

from app.figures.looks import Role, mark

_HEAT_LIGHT = [[0, "#fbfbfb"], [0.15, "#cfe0ec"], [1, "#0072b2"]]
_HEAT_DARK = [[0, "#1b1f23"], [0.15, "#21435a"], [1, "#7cc4ee"]]
_BACK_LIGHT = [[0, "#fbfbfb"], [0.15, "#f3dcc9"], [1, "#d55e00"]]
_BACK_DARK = [[0, "#1b1f23"], [0.15, "#53341c"], [1, "#ffb072"]]
_SIZE_LIGHT = [[0, "#fdf6d8"], [0.5, "#d9976a"], [1, "#6b2c00"]]
_SIZE_DARK = [[0, "#2a2212"], [0.5, "#a8703f"], [1, "#ffd2ac"]]

SIGNAL_ROLES: dict[str, Role] = {
    # A computational graph.
    "graph_input": mark("given: sample, parameters", "#5a5a5a", "#c9c9c9", width=1.6, symbol="disc"),
    "graph_operation": mark("an operation", "#1a1a1a", "#f5f5f5", width=1.6, symbol="disc"),
    "graph_penalty": mark("the penalty's operations", "#00795a", "#33c79a", width=1.6, symbol="disc"),
    "graph_edge": mark("a value handed on", "#8a8a8a", "#8f8f8f", width=1, layer="below"),
    "graph_penalty_edge": mark("weights, handed to the penalty", "#00795a", "#33c79a", width=1, dash="dot",
                               layer="below"),
    "graph_carried": mark("point at it: what an edge carries, both ways", "#8a8a8a", "#8f8f8f", width=1, fill=1,
                          symbol="disc"),
    "graph_forward": mark("forward: values", "#0072b2", "#56b4e9", width=2.5, fill=1),
    "graph_backward": mark("backward: gradients ∂J", "#c04f00", "#ff9a4d", width=2.5, dash="3px,1px", fill=1),
    "graph_updated": mark("after one update", "#a0336f", "#f29bcb", width=2.5, symbol="ring"),
    "share_cost": mark("from the cost: ∂C", "#d55e00", "#ff9a4d", width=2, fill=1),
    "share_penalty": mark("from the penalty: α∂Ω", "#00795a", "#33c79a", width=2, fill=1),
    # Signals through the depth.
    "active_heat": Role("activations: stronger where more of a layer's are", {"colorscale": _HEAT_LIGHT},
                        {"colorscale": _HEAT_DARK}),
    "error_heat": Role("gradients ∂C/∂z: stronger where more of a layer's are", {"colorscale": _BACK_LIGHT},
                       {"colorscale": _BACK_DARK}),
    "median_line": mark("median of the layer", "#1a1a1a", "#f5f5f5", width=2),
    "quantile_line": mark("5 % and 95 % of the layer", "#1a1a1a", "#f5f5f5", width=1.2, dash="dot"),
    "one_draw": mark("in the network that is trained", "#8a8a8a", "#8f8f8f", width=1.2, dash="dot"),
    "measured_forward": mark("measured: product of the factors", "#0072b2", "#56b4e9", width=2, fill=1,
                             symbol="disc"),
    "error_band": mark("± two standard errors", "#767676", "#9a9a9a", width=0, fill=0.25),
    "measured_backward": mark("measured: product of the factors", "#d55e00", "#ff9a4d", width=2, fill=1,
                              symbol="diamond"),
    "factors_linear": mark("product of n·s² alone, as if linear", "#767676", "#9a9a9a", width=1.5, dash="dash"),
    "factors_activation": mark("predicted, the activation's factor included", "#1a1a1a", "#f5f5f5", width=1.5),
    "gradient_heat": Role("log₁₀ of the gradient's norm: stronger is larger", {"colorscale": _SIZE_LIGHT},
                          {"colorscale": _SIZE_DARK}),
    "cure_plain": mark("plain", "#1a1a1a", "#f5f5f5", width=2.5, fill=1, symbol="disc"),
    "cure_clip": mark("with gradient clipping", "#0072b2", "#56b4e9", width=2, dash="dash", fill=1, symbol="ring"),
    "cure_norm": mark("with layer norm", "#00795a", "#33c79a", width=2, dash="dot", fill=1, symbol="diamond"),
    "cure_project": mark("with weights projected", "#b0407f", "#f29bcb", width=2, dash="dashdot", fill=1,
                         symbol="frame"),
}  # fmt: skip
