"""The experiments of the lab on signals; two of them break, and explain why."""

from app.labs.lab import Preset

PRESETS = (
    Preset(
        "he",
        "Through ReLU, Xavier's weights halve the variance at each layer: predicted and measured. He's keep it.",
        {
            "activation.kind": "relu", "initial.kind": "xavier", "depth": 12, "width": 32, "draws": 32, "moment": 0,
        },
        shows=("forward", "forward_factor", "forward_ideal", "forward_away"),
    ),
    Preset(
        "both",
        "Where each layer is wider than the last, Xavier keeps neither variance: n_in·s² < 1 < n_out·s².",
        {
            "activation.kind": "linear", "initial.kind": "xavier", "depth": 6, "width": 8, "widening": 16, "draws": 32,
            "samples": 50, "moment": 0,
        },
        shows=("backward", "condition_forward", "condition_backward", "forward_factor", "backward_factor"),
    ),
    Preset(
        "sigmoid",
        "Ten layers of sigmoid units: less than a millionth of the gradient is left at the first.",
        {"activation.kind": "sigmoid", "initial.kind": "xavier", "depth": 10, "moment": 0},
        shows=("gradients", "reach"),
    ),
    Preset(
        "equal",
        "All weights equal: the units of a layer never differ, and one number tells: 0, to the last bit.",
        {
            "initial.kind": "constant", "initial.value": 0.2, "depth": 2, "width": 8, "rate": 0.5, "steps": 200,
            "moment": 100,
        },
        shows=("losses", "units_plain", "loss_plain"),
    ),
    Preset(
        "explosion",
        "Breaks: large weights and ReLU. The plain network runs away at its first steps; clipped to 1, the gradient "
        "cannot carry it off.",
        {
            "activation.kind": "relu", "initial.kind": "large", "initial.scale": 0.6, "depth": 10, "width": 16,
            "steps": 100, "clip": 1, "moment": 100,
        },
        shows=("losses", "steepest_plain", "steepest_clip"),
    ),
)  # fmt: skip
