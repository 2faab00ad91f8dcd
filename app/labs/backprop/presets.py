"""The experiments of the lab on backpropagation; two of them break, and explain why."""

from app.labs.lab import Preset

PRESETS = (
    Preset(
        "penalty",
        "The penalty gives each weight α times itself more gradient, and the three biases nothing.",
        {"strength": 0.5, "step": 19},
        shows=("shares", "slope_w11", "slope_b1", "penalty"),
    ),
    Preset(
        "saturated",
        "Wrong and saturated: ŷ is 0.0007 where 1 is right. The quadratic cost sends −0.0007 back to the bias c; the "
        "cross-entropy would send −0.999.",
        {"cost": "quadratic_sigmoid", "parameters.c": -9, "strength": 0, "step": 21},
        shows=("graph", "slope_c", "cost"),
    ),
    Preset(
        "dead",
        "Breaks: with a bias of −3 ReLU unit 1 is off. No gradient of the cost comes to its weights, and without a "
        "penalty they stay where they are.",
        {"activation.kind": "relu", "parameters.b1": -3, "parameters.w22": -0.9, "strength": 0, "step": 32},
        shows=("graph", "slope_w11", "slope_w12", "slope_b1"),
    ),
    Preset(
        "equal",
        "All weights equal: both units get the same gradients, so one update leaves them equal.",
        {
            "parameters.w11": 0.5, "parameters.w12": 0.5, "parameters.b1": 0, "parameters.w21": 0.5,
            "parameters.w22": 0.5, "parameters.b2": 0, "parameters.v1": 0.5, "parameters.v2": 0.5, "step": 33,
        },
        shows=("graph", "slope_w11", "slope_w21"),
    ),
    Preset(
        "flip",
        "Breaks: η = 0.5 times α = 8 makes the decay's factor 1 − ηα = −3, and J runs away.",
        {"strength": 8, "rate": 0.5, "step": 33},
        shows=("fall", "kept_share", "after"),
    ),
)  # fmt: skip
