"""The claims of the page on dropout: each a sentence, and the knobs that show it."""

from app.labs.lab import Preset

PRESETS = (
    Preset(
        "affine",
        "One hidden layer of tanh units: the scaled network says exactly what all its thinned networks say on average.",
        {"drop": 50, "small_layers": 1, "small_units": 6, "small_activation": "tanh"},
        shows=("average", "thinned_count", "largest_gap"),
    ),
    Preset(
        "curved",
        "Two hidden layers of tanh units: the scaled network only approximates the average, and no number of masks "
        "closes the gap.",
        {"drop": 50, "small_layers": 2, "small_units": 5, "small_activation": "tanh", "masks": 10000},
        shows=("following", "largest_gap", "gap_here", "standard_error"),
    ),
    Preset(
        "ridge",
        "Linear regression with half of its inputs dropped is a ridge, which charges a feature four times as wide "
        "16 times as much.",
        {"drop": 50, "spread": 0.25},
        shows=("regression", "solutions_apart", "strength_1", "strength_2", "walk_apart"),
    ),
    Preset(
        "robust",
        "Of networks trained on 36 wines, max-norm helps most against noise; dropout of units and inputs alone helps "
        "less, with this seed as with most.",
        {"drop": 50, "drop_inputs": 20, "test_noise": 1.5, "radius": 1},
        shows=("noise", "noisy_none", "noisy_dropout", "noisy_bound", "noisy_accuracy_none", "noisy_accuracy_dropout"),
    ),
    Preset(
        "starved",
        "Breaks: without 90 % of its hidden units and 60 % of its inputs a network of 16 units tests worse, without "
        "noise, than without dropout: too little is left to learn with.",
        {"drop": 90, "drop_inputs": 60},
        shows=("teams", "active", "test_none", "test_dropout"),
    ),
)
