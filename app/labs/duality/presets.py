"""The experiments of the lab on duality; two of them break, and explain why."""

from app.labs.lab import Preset

PRESETS = (
    Preset(
        "decay",
        "Weight decay with α = 1 is the ball of radius 1.3017, and that ball has the multiplier 1.",
        {"problem.kind": "bowl", "regularizer.kind": "squared_l2", "strength": 0.2},
        shows=("level", "t", "multiplier"),
    ),
    Preset(
        "kinks",
        "Under L1 one weight enters below α = 5 and the other below 2: the map has a kink at each.",
        {"problem.kind": "bowl", "regularizer.kind": "l1", "strength": 0.4},
        shows=("level", "kinks", "largest_strength"),
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
        "rivals",
        "The same α gives two losses two balls: the region depends on J, not on α alone.",
        {"problem.kind": "bowl", "regularizer.kind": "squared_l2", "strength": 0.1, "rival.kind": "bowl",
         "rival.curvature_1": 20, "rival.minimiser_1": -2, "rival.minimiser_2": 2},
        shows=("plane", "multiplier", "t"),
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
        "overshoot",
        "Breaks: with too long a step α jumps around its goal for ever, though the goal exists and is exact.",
        {"problem.kind": "bowl", "radius": 0.4, "rate": 2},
        shows=("ascent", "reached", "exact"),
    ),
    Preset(
        "hilltop",
        "Breaks: not convex. At k = ⅛ the optimum w = ½ has α = 0.21875, yet it is a local maximum of the penalised "
        "objective: no α finds it.",
        {"witness": 0.125},
        shows=("hill", "witness_weight", "witness_multiplier", "witness_curvature"),
    ),
)  # fmt: skip
