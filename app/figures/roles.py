"""What each mark in a figure means, and how it looks: the only place with colours, dashes and symbols.

Hues follow Okabe and Ito's palette (2008), which stays apart for the colour-blind; no two roles that meet in a figure
differ by hue alone: dash, symbol or fill differs too.
"""

from app.figures.generalisation_roles import GENERALISATION_ROLES
from app.figures.landscape_roles import LANDSCAPE_ROLES
from app.figures.looks import Role, Style, Theme
from app.figures.looks import mark as _mark
from app.figures.network_roles import NETWORK_ROLES
from app.figures.signal_roles import SIGNAL_ROLES
from app.figures.unit_roles import UNIT_ROLES

__all__ = ["ROLES", "Role", "Style", "Theme", "style"]

_CONTOUR_LIGHT = [[0, "#5f88a5"], [0.35, "#8aaabf"], [1, "#c3d3de"]]
_CONTOUR_DARK = [[0, "#86a7bd"], [0.35, "#587a92"], [1, "#2e4453"]]

ROLES: dict[str, Role] = {
    "contour": Role("contours of the loss J", {"colorscale": _CONTOUR_LIGHT}, {"colorscale": _CONTOUR_DARK}),
    "ball": _mark("the ball: weights the constraint allows", "#0072b2", "#56b4e9", width=2.5, fill=0.12, layer="below"),
    "level_set": _mark("contour through the optimum", "#d55e00", "#ff9a4d", width=3),
    "path": _mark("path of the optimum as the ball grows", "#6b5b95", "#b9a7e6", width=2, dash="dash"),
    "normal_cone": _mark("normal cone of the ball at the optimum", "#b8930a", "#f0e442", width=3, fill=0.22),
    "gradient": _mark("−∇J, the pull of the loss (direction)", "#1a1a1a", "#f5f5f5", width=2.5, fill=1),
    "descent_direction": _mark("a direction in which J falls for ever", "#b0407f", "#f29bcb", width=3, fill=1),
    "hessian_axis": _mark("axes of the Hessian", "#767676", "#9a9a9a", width=1, dash="dashdot"),
    "free_optimum": _mark("free optimum ŵ", "#1a1a1a", "#f5f5f5", width=2.5, symbol="cross"),
    "penalised_twin": _mark("the same optimum in the other form", "#00795a", "#33c79a", width=2.5, symbol="ring"),
    "optimum": _mark("optimum w*, certified", "#d55e00", "#ff9a4d", width=1.5, fill=1, symbol="disc"),
    "optimum_uncertain": _mark("optimum w*, not certified", "#d55e00", "#ff9a4d", width=2.5, symbol="disc"),
    "penalised_apart": _mark(
        "the penalty's optimum: not the same point", "#00795a", "#33c79a", width=2.5, symbol="ring"
    ),
    "optimum_searched": _mark("optimum w*, found by search", "#d55e00", "#ff9a4d", width=2.5, fill=0.35, symbol="disc"),
    "shortcut": _mark("where the shortcut lands", "#b0407f", "#f29bcb", width=2, fill=0.35, symbol="diamond"),
}


# Several of one kind in a figure: no two share a dash.
_SERIES = (
    ("#0072b2", "#56b4e9", "solid"),
    ("#d55e00", "#ff9a4d", "dash"),
    ("#00795a", "#33c79a", "dot"),
    ("#b0407f", "#f29bcb", "dashdot"),
    ("#8a6d00", "#f0e442", "longdash"),
    ("#5a5a5a", "#c9c9c9", "longdashdot"),
    ("#6b5b95", "#b9a7e6", "12px,3px,2px,3px,2px,3px"),
    ("#1a1a1a", "#f5f5f5", "3px,3px"),
    ("#0072b2", "#56b4e9", "2px,6px"),
    ("#d55e00", "#ff9a4d", "16px,5px,4px,5px"),
)
ROLES |= {
    f"{kind}_{i}": _mark(f"{kind} {i}", light, dark, width=2, dash=dash, fill=1.0, symbol="disc")
    for kind, most in (("walker", 6), ("feature", 10))
    for i, (light, dark, dash) in enumerate(_SERIES[:most], start=1)
}

# Early stopping beside weight decay: what is walked is orange and solid, what decays is green and dotted or dashed.
ROLES |= {
    "trajectory": _mark("gradient descent from 0", "#d9976a", "#a8703f", width=2.5),
    "trail": _mark("early stopping", "#d55e00", "#ff9a4d", width=3),
    "stopped": _mark("w after τ steps", "#d55e00", "#ff9a4d", width=1.5, fill=1, symbol="disc"),
    "ridge_path": _mark("ridge path: weight decay for every α", "#00795a", "#33c79a", width=2, dash="dash"),
    "closest": _mark("the closest decay", "#00795a", "#33c79a", width=2.5, dash="dash"),
    "decayed": _mark("optimum w(α) of the decay", "#00795a", "#33c79a", width=2.5, symbol="ring"),
    "rule_of_thumb": _mark("rule of thumb α = 1/(ητ)", "#b0407f", "#f29bcb", width=2, dash="dot"),
    "thumb_point": _mark("optimum by the rule of thumb", "#b0407f", "#f29bcb", width=2, fill=0.35, symbol="diamond"),
    "gap": _mark("the distance between them", "#1a1a1a", "#f5f5f5", width=1.5, dash="dot"),
    "direction": _mark("curvatures of the two directions", "#767676", "#9a9a9a", width=1, dash="dashdot"),
    "direction_1": _mark("the strength that direction 1 needs", "#0072b2", "#56b4e9", width=2, dash="longdash"),
    "direction_2": _mark("the strength that direction 2 needs", "#8a6d00", "#f0e442", width=2, dash="dashdot"),
    "moment": _mark("τ, where it is looked at", "#767676", "#9a9a9a", width=1.5),
    "training": _mark("training loss", "#0072b2", "#56b4e9", width=2, dash="dash"),
    "validation": _mark("validation loss", "#d55e00", "#ff9a4d", width=2.5),
    "ridge_validation": _mark("validation loss of weight decay, at 1/(ηα)", "#00795a", "#33c79a", width=2, dash="dot"),
    "chosen": _mark("the epoch that is kept", "#d55e00", "#ff9a4d", width=1.5, dash="dash"),
    "ended": _mark("where patience ran out", "#767676", "#9a9a9a", width=1.5, dash="dot"),
}  # fmt: skip
ROLES |= {
    "start": _mark("start of all walkers", "#1a1a1a", "#f5f5f5", width=2.5, symbol="diamond"),
    "goal": _mark("optimum that a penalty or a ball asks for", "#d55e00", "#ff9a4d", width=2.5, symbol="ring"),
    "recent": _mark("their last steps", "#1a1a1a", "#f5f5f5", width=1.2),
    "played": _mark("the step that is played", "#767676", "#9a9a9a", width=1.5, dash="dash"),
    "light_stable": _mark("stable step", "#0072b2", "#56b4e9", fill=0.6),
    "light_edge": _mark("step on the edge, or stable for the whole gradient only", "#767676", "#9a9a9a", fill=0.6),
    "light_unstable": _mark("unstable step", "#d55e00", "#ff9a4d", fill=0.6),
    "limit": _mark("1: a longer step than the rule stands", "#d55e00", "#ff9a4d", width=2, dash="dash"),
}

# Beliefs: data are blue, the prior is pink, what both make of each other is orange.
ROLES |= {
    "likelihood_level": _mark("likelihood: level sets", "#0072b2", "#56b4e9", width=1.8),
    "prior_level": _mark("prior: level sets", "#b0407f", "#f29bcb", width=1.8),
    "prior_width": _mark("width of the prior", "#b0407f", "#f29bcb", width=3, fill=0.12, layer="below"),
    "posterior_level": _mark("posterior: level sets", "#d55e00", "#ff9a4d", width=1.8),
    "posterior_mode": _mark("mode: the penalised optimum", "#d55e00", "#ff9a4d", width=1.5, fill=1, symbol="disc"),
    "mode_path": _mark("mode, as the prior widens", "#6b5b95", "#b9a7e6", width=2, dash="dash"),
    "posterior_mean": _mark("mean of the posterior", "#00795a", "#33c79a", width=2.5, symbol="ring"),
    "posterior_draw": _mark("draws from the posterior", "#8a8a8a", "#8f8f8f", width=1),
    "predictive_band": _mark("prediction ± 2 standard deviations", "#0072b2", "#56b4e9", width=0.5, fill=0.1,
                             layer="below"),
    "mean_line": _mark("line of the posterior mean", "#00795a", "#33c79a", width=2.5),
    "row": _mark("rows seen", "#1a1a1a", "#f5f5f5", width=1),
    "mode_curve": _mark("mode", "#d55e00", "#ff9a4d", width=2.5),
    "mean_curve": _mark("mean", "#00795a", "#33c79a", width=2.5, dash="dash"),
    "unshrunk": _mark("least squares ŵ₁", "#767676", "#9a9a9a", width=1, dash="dashdot"),
}  # fmt: skip

# Weight decay by direction: what is left is orange, what was there is grey, what people expect is pink.
ROLES |= {
    "eigenvector": _mark("directions of the Hessian, through 0", "#8a8a8a", "#8f8f8f", width=1, dash="dot"),
    "approximation": _mark("contours of the quadratic around ŵ", "#00795a", "#33c79a", width=1.8, dash="dot"),
    "formula_path": _mark("path of w̃ by the formula", "#d55e00", "#ff9a4d", width=2, dash="dot"),
    "shrunken": _mark("w̃ = Q(Λ+αI)⁻¹ΛQᵀŵ, the formula", "#d55e00", "#ff9a4d", width=1.5, fill=1, symbol="disc"),
    "component": _mark("components of w̃ along the directions", "#d55e00", "#ff9a4d", width=1.5, dash="dot"),
    "proportional": _mark("ŵ shrunk in proportion", "#b0407f", "#f29bcb", width=2, fill=0.35, symbol="diamond"),
    "walked": _mark("updates so far, from ŵ", "#6b5b95", "#b9a7e6", width=1.5),
    "updating": _mark("w before the update", "#6b5b95", "#b9a7e6", width=1.5, fill=1, symbol="disc"),
    "scaled": _mark("first scale by (1 − ηα)", "#0072b2", "#56b4e9", width=2.5, fill=1),
    "stepped": _mark("then step −η∇J", "#1a1a1a", "#f5f5f5", width=2.5, fill=1),
    "whole": _mark("without decay", "#8a8a8a", "#8f8f8f", width=1, fill=0.3),
    "factor": _mark("left of the direction: λᵢ/(λᵢ+α)", "#d55e00", "#ff9a4d", width=1, fill=0.75, layer="below"),
    "data_share": _mark("share of the variance of the data", "#0072b2", "#56b4e9", width=2, symbol="diamond"),
    "freedom": _mark("effective degrees of freedom", "#d55e00", "#ff9a4d", width=2.5),
    "strength_now": _mark("the strength that is set", "#767676", "#9a9a9a", width=1.5, dash="dash"),
    "formula_error": _mark("distance of the formula from the optimum", "#00795a", "#33c79a", width=2.5),
}
# Duality: the way of a multiplier is green, the map is blue, the rival grey.
ROLES |= {
    "objective_contour": Role(
        "contours of the penalised objective J + α*Ω",
        {"colorscale": [[0, "#9a3f73"], [0.35, "#bd7fa2"], [1, "#e3c9d7"]]},
        {"colorscale": [[0, "#e39abf"], [0.35, "#9c5f80"], [1, "#4f3644"]]},
    ),
    "map": _mark("the map between strength and level", "#0072b2", "#56b4e9", width=2.5),
    "kink": _mark("kinks: a weight enters or leaves", "#1a1a1a", "#f5f5f5", width=2, symbol="diamond"),
    "here": _mark("the optimum that is drawn", "#d55e00", "#ff9a4d", width=1.5, fill=1, symbol="disc"),
    "guide": _mark("where it lies on both axes", "#767676", "#9a9a9a", width=1, dash="dot"),
    "rival_ball": _mark("ball of the same α on the other loss", "#767676", "#9a9a9a", width=2, dash="longdash"),
    "rival_optimum": _mark("optimum of the other loss", "#767676", "#9a9a9a", width=2.5, symbol="diamond"),
    "ascent_trail": _mark("the way of α and of w", "#5aa58c", "#2b7a60", width=1.5, dash="dot"),
    "ascent_recent": _mark("its last steps", "#00795a", "#33c79a", width=2.5),
    "ascent": _mark("where α and w are", "#00795a", "#33c79a", width=2.5, fill=0.6, symbol="disc"),
    "level_met": _mark("Ω = k", "#0072b2", "#56b4e9", width=1.5, dash="dash"),
    "exact_strength": _mark("α*, exact", "#d55e00", "#ff9a4d", width=1.5, dash="dash"),
    "witness": _mark("the loss J", "#0072b2", "#56b4e9", width=2.5),
    "witness_hull": _mark("its convex hull, all that the dual sees", "#767676", "#9a9a9a", width=2, dash="dash"),
    "witness_support": _mark("best bound, a line of slope −α", "#00795a", "#33c79a", width=1.5, dash="longdash"),
    "witness_dual": _mark("value of the dual", "#00795a", "#33c79a", width=2.5, symbol="ring"),
    "witness_tilted": _mark("the penalised objective J + α*Ω", "#b0407f", "#f29bcb", width=2.5, dash="dash"),
}

# Selection: L1 is blue, squared L2 green, their mixture purple, what jumps pink.
ROLES |= {
    "lasso_map": _mark("L1: soft threshold", "#0072b2", "#56b4e9", width=3),
    "ridge_map": _mark("squared L2: shrinking in proportion", "#00795a", "#33c79a", width=2.5, dash="dash"),
    "elastic_map": _mark("elastic net: both", "#6b5b95", "#b9a7e6", width=2.5, dash="dot"),
    "hard_map": _mark("hard threshold: jumps", "#b0407f", "#f29bcb", width=2, dash="dashdot"),
    "unchanged": _mark("no penalty", "#8a8a8a", "#8f8f8f", width=1),
    "sign_step": _mark("L1 by sign: a constant", "#d55e00", "#ff9a4d", width=2, dash="longdash"),
    "equal_pull": _mark("|w| = 1: both take the same", "#8a8a8a", "#8f8f8f", width=1, dash="dot"),
    "beside": _mark("the weights under the other penalty", "#767676", "#9a9a9a", width=1.5, dash="dot"),
    "enters": _mark("a weight enters", "#1a1a1a", "#f5f5f5", width=1.5, symbol="ring"),
    "leaves": _mark("a weight leaves again", "#d55e00", "#ff9a4d", width=2.5, fill=1, symbol="diamond"),
    "standard_error": _mark("± one standard error", "#d55e00", "#ff9a4d", width=0, fill=0.18),
    "lowest": _mark("lowest validation loss", "#d55e00", "#ff9a4d", width=1.5, dash="dot"),
    "one_error": _mark("one-standard-error rule", "#0072b2", "#56b4e9", width=2, dash="longdash"),
    "corner_l1": _mark("L1: in the diamond", "#0072b2", "#56b4e9", width=2.5, symbol="disc"),
    "corner_l2": _mark("L2: in the disc", "#00795a", "#33c79a", width=2.5, dash="dash", symbol="ring"),
    "disc": _mark("the disc of L2", "#00795a", "#33c79a", width=2, fill=0.05, layer="below"),
    "size_now": _mark("the size that is set", "#767676", "#9a9a9a", width=1.5, dash="dash"),
    "lasso_path": _mark("path of the true optimum", "#d55e00", "#ff9a4d", width=2.5),
    "diagonal_path": _mark("path by the diagonal formula", "#b0407f", "#f29bcb", width=2, dash="dash"),
    "diagonal": _mark("the diagonal formula", "#b0407f", "#f29bcb", width=2, fill=0.35, symbol="diamond"),
}

ROLES |= NETWORK_ROLES | SIGNAL_ROLES | GENERALISATION_ROLES | LANDSCAPE_ROLES | UNIT_ROLES


def style(role: str, theme: Theme = "light") -> Style:
    """How a role looks in a theme."""
    found = ROLES[role]
    return found.light if theme == "light" else found.dark
