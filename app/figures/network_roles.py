"""The roles of networks: their samples, what they say, their losses, their drawing, their weights.

What is trained on is filled or solid, what it is tested on is hollow or dashed.
"""

from app.figures.looks import Role, mark

# The second colour is the one in the legend.
_SAYS_LIGHT = [[0, "#5aa3d0"], [0.25, "#aad1e8"], [0.5, "#fbfbfb"], [1, "#e79a5f"]]
_SAYS_DARK = [[0, "#1f6f9f"], [0.25, "#1d4761"], [0.5, "#1b1f23"], [1, "#a85f28"]]
_COUNT_LIGHT = [[0, "#fbfbfb"], [0.5, "#9cc4e0"], [1, "#0072b2"]]
_COUNT_DARK = [[0, "#1b1f23"], [0.5, "#2f5873"], [1, "#56b4e9"]]

NETWORK_ROLES: dict[str, Role] = {
    "says": Role("it says: blue class 0, orange class 1", {"colorscale": _SAYS_LIGHT},
                 {"colorscale": _SAYS_DARK}),
    "says_value": Role("what the network says: blue below 0, orange above", {"colorscale": _SAYS_LIGHT},
                       {"colorscale": _SAYS_DARK}),
    "unit_says": Role("what each unit gives on, over the inputs", {"colorscale": _SAYS_LIGHT},
                      {"colorscale": _SAYS_DARK}),
    "unit_weights": Role("the pixels that each unit looks for: orange, and shuns: blue", {"colorscale": _SAYS_LIGHT},
                         {"colorscale": _SAYS_DARK}),
    "confusion": Role("share of each class of the test, in numbers of samples", {"colorscale": _COUNT_LIGHT},
                      {"colorscale": _COUNT_DARK}),
    "true_line": mark("what is said is true", "#8a8a8a", "#9a9a9a", width=2, dash="dash"),
    "says_line": mark("what the network says", "#d55e00", "#ff9a4d", width=3),
    "truth": mark("the true curve", "#8a8a8a", "#9a9a9a", width=2, dash="dash"),
    "sample_0": mark("class 0, trained on", "#004c7a", "#9fd3f2", width=1, fill=1, symbol="disc"),
    "sample_1": mark("class 1, trained on", "#8f3d00", "#ffc08f", width=1, fill=1, symbol="diamond"),
    "sample": mark("samples trained on", "#004c7a", "#9fd3f2", width=1, fill=1, symbol="disc"),
    "test_0": mark("class 0, in the test", "#004c7a", "#9fd3f2", width=1, symbol="ring"),
    "test_1": mark("class 1, in the test", "#8f3d00", "#ffc08f", width=1, symbol="frame"),
    "sample_below": mark("y below 0, trained on: large if far from 0", "#004c7a", "#9fd3f2", width=1, fill=1,
                         symbol="disc"),
    "sample_above": mark("y above 0, trained on: large if far from 0", "#8f3d00", "#ffc08f", width=1, fill=1,
                         symbol="diamond"),
    "test_below": mark("y below 0, in the test", "#004c7a", "#9fd3f2", width=1, symbol="ring"),
    "test_above": mark("y above 0, in the test", "#8f3d00", "#ffc08f", width=1, symbol="frame"),
    "test": mark("samples of the test", "#5a5a5a", "#c9c9c9", width=1, symbol="ring"),
    "cost_training": mark("training loss, without the penalty", "#0072b2", "#56b4e9", width=2, dash="dash"),
    "cost_test": mark("test loss, without the penalty", "#d55e00", "#ff9a4d", width=2.5),
    "cost_penalised": mark("what is minimised: training loss with the penalty", "#00795a", "#33c79a", width=2,
                           dash="dot"),
    "accuracy_training": mark("training accuracy", "#0072b2", "#56b4e9", width=2, dash="dash"),
    "accuracy_test": mark("test accuracy", "#d55e00", "#ff9a4d", width=2.5),
    "turned": mark("something is turned while it runs", "#767676", "#9a9a9a", width=1, dash="dot"),
    "weight_positive": mark("weight above 0, wide if large", "#b05a1e", "#ff9a4d", width=0.5, fill=0.7),
    "weight_negative": mark("weight below 0, alike", "#0072b2", "#56b4e9", width=1, dash="2px,2px", fill=0.3),
    "unit": mark("a unit", "#1a1a1a", "#f5f5f5", width=1.5, fill=1, symbol="disc"),
    "unit_input": mark("an input", "#5a5a5a", "#c9c9c9", width=1.5, fill=1, symbol="diamond"),
    "unit_dead": mark("a dead unit: no incoming weight is above 0.01 in size", "#b0407f", "#f29bcb", width=2,
                      symbol="ring"),
    "unit_dropped": mark("a unit left out", "#767676", "#9a9a9a", width=2, symbol="cross"),
    "unit_names": mark("names of inputs and outputs", "#3a3a3a", "#dddddd", width=1),
}  # fmt: skip

# Weights by layer: no two share a dash.
_LAYERS = (
    ("#0072b2", "#56b4e9", "solid"),
    ("#d55e00", "#ff9a4d", "dash"),
    ("#00795a", "#33c79a", "dot"),
    ("#b0407f", "#f29bcb", "dashdot"),
    ("#8a6d00", "#f0e442", "longdash"),
    ("#5a5a5a", "#c9c9c9", "longdashdot"),
    ("#6b5b95", "#b9a7e6", "3px,3px"),
)
NETWORK_ROLES |= {
    f"layer_{i}": mark(f"weights of layer {i}", light, dark, width=2, dash=dash, fill=1.0, symbol="disc")
    for i, (light, dark, dash) in enumerate(_LAYERS, start=1)
}
