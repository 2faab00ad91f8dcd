"""The experiments of the lab on descent; two of them break, and explain why."""

from app.knobs import Scalar
from app.labs.lab import Preset

_BOWL: dict[str, Scalar] = {
    "problem.kind": "bowl", "problem.curvature_1": 1, "problem.curvature_2": 5, "problem.angle": 0,
}  # fmt: skip
_ALONE: dict[str, Scalar] = {"walker_3.kind": "absent", **_BOWL}

PRESETS = (
    Preset(
        "valley",
        "In a long valley momentum arrives; gradient descent with the same step is still on its way after 200.",
        {
            **_ALONE, "problem.curvature_1": 0.05, "problem.curvature_2": 5, "problem.angle": 30, "walker_1.step": 1,
            "walker_2.step": 1, "walker_2.rule.momentum": 0.82, "measure": "distance",
        },
        shows=("chart", "end_1", "end_2"),
    ),
    Preset(
        "adamw",
        "Adam with L2 in the gradient ends at (1, 2.5), the optimum of J + α½‖w‖²; with decoupled decay of the same α "
        "it ends at (1, 1).",
        {
            **_BOWL, "problem.minimiser_2": 3, "strength": 0.2, "walker_1.rule.kind": "adam",
            "walker_1.rule.memory_2": 0.99, "walker_1.step": 0.2, "walker_2.rule.memory_2": 0.99,
            "walker_1.update": "l2_gradient", "walker_2.rule.kind": "adam", "walker_2.step": 0.2,
            "walker_2.update": "decoupled", "walker_3.kind": "absent", "measure": "distance", "stride": 3,
        },
        shows=("plane", "missed_1", "missed_2"),
    ),
    Preset(
        "sign",
        "Never 0: the sign step hops over w₁ = 0 for ever; the soft threshold lands on it.",
        {
            **_ALONE, "strength": 0.6, "walker_1.step": 0.5, "walker_1.update": "l1_sign",
            "walker_2.rule.kind": "gradient_descent", "walker_2.step": 0.5, "walker_2.update": "l1_prox",
            "measure": "weight_1",
        },
        shows=("plane", "first_1", "first_2"),
    ),
    Preset(
        "runaway",
        "Breaks: a step of 2.3/L multiplies the error by −1.3 each time. A ball keeps it bounded, and yet it never "
        "settles.",
        {
            **_ALONE, "walker_1.step": 2.3, "walker_2.rule.kind": "gradient_descent", "walker_2.step": 2.3,
            "walker_2.update": "projection", "radius": 1.2,
        },
        shows=("chart", "factor_1", "end_1"),
    ),
    Preset(
        "minus_two",
        "Breaks: at η = 0.3 a decay of α = 10 alone multiplies the weights by 1 − ηα = −2 at each step; with the slope "
        "of the loss it is −2.02.",
        {
            **_ALONE, "problem.curvature_1": 0.05, "problem.curvature_2": 0.05, "strength": 200,
            "walker_1.step": 0.015, "walker_1.update": "decoupled", "walker_2.kind": "absent",
        },
        shows=("chart", "factor_1", "light_1"),
    ),
)  # fmt: skip
