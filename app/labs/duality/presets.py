"""The experiments of the lab on duality; one of them breaks, and explains why."""

from app.labs.lab import Preset

PRESETS = (
    Preset(
        "decay",
        "Weight decay with α = 1 is the ball of radius 1.3017, and that ball has the multiplier 1.",
        {"problem.kind": "bowl", "regularizer.kind": "squared_l2", "strength": 0.2},
        shows=("objective", "t", "multiplier"),
    ),
    Preset(
        "inactive",
        "A ball that holds ŵ: α falls while Ω < k, stops at 0, and stays, for a multiplier is never negative.",
        {"problem.kind": "bowl", "radius": 1.2, "first": 0.5, "rate": 0.2},
        shows=("phase", "multiplier", "reached"),
    ),
    Preset(
        "flow",
        "Let weights and α move at once, and they spiral into the same α* that the optimum has.",
        {"problem.kind": "bowl", "regularizer.kind": "squared_l2", "radius": 0.6, "method": "flow", "rate": 0.3,
            "pace": 1},
        shows=("phase", "reached", "exact", "missed"),
    ),
    Preset(
        "ridge",
        "In the words of scikit-learn's Ridge the strength on 442 patients is 442 times ours; the picture stays.",
        {
            "problem.kind": "regression", "problem.dataset": "diabetes", "regularizer.kind": "squared_l2",
            "strength": 0.1, "convention": "ridge",
        },
        shows=("plane", "multiplier", "convention_value", "convention_ratio"),
    ),
    Preset(
        "hilltop",
        "Breaks: not convex. At k = ⅛ the optimum w = ½ has α = 0.21875, yet it is a local maximum of the penalised "
        "objective: no α finds it.",
        {"witness": 0.125},
        shows=("hill", "witness_weight", "witness_multiplier", "witness_curvature"),
    ),
)  # fmt: skip
