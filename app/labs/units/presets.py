"""The claims of the page on units: each a sentence, and the knobs that show it."""

from app.knobs import Scalar
from app.labs.lab import Preset

_HOT: dict[str, Scalar] = {
    "pattern.kind": "curve", "pattern.rows": 400, "pattern.share": 50, "rate": 1, "radius": 1, "steps": 1000,
    "batch": 10,
}  # fmt: skip

PRESETS = (
    Preset(
        "saddle",
        "At α = 1.4 the penalty pulls both weights to 0, where nothing is learnt; in a ball of radius 1 both live on.",
        {"pair_strength": 1.4, "pair_radius": 1.0},
        shows=("penalty", "origin", "eigenvalue_along", "penalised_end", "bounded_end"),
    ),
    Preset(
        "all_dead",
        "L1 0.03 and L2 0.1 each kill all 24 hidden units; max-norm 1 kills none, and tests better than both and than "
        "no regularizer.",
        {"shown": "l1", "l1": 0.03, "l2": 0.1, "radius": 1},
        shows=("deaths", "dead_l1", "dead_l2", "dead_unit", "test_unit", "test_l1", "test_l2", "test_none"),
    ),
    Preset(
        "own_multiplier",
        "As a penalty, each of 25 units finds a multiplier of its own: with this seed 23 what stationarity asks "
        "for, and 2 stay within the bound at 0.",
        {
            "method": "multiplied",
            "shown": "unit",
            "radius": 1,
            "batch": 40,
            "pace": 0.1,
            "steps": 2000,
            "pattern.kind": "circle",
            "pattern.share": 10,
            "pattern.noise": 0.5,
            "pattern.seed": 1,
        },
        shows=("multipliers", "positive", "at_bound", "largest_multiplier", "multiplier_gap"),
    ),
    Preset(
        "hot",
        "As Hinton advised: with max-norm a learning rate of 1 and then 0.03 learns the curve, while without it "
        "the same rates diverge with this seed, as with most.",
        {**_HOT, "changes": "50:rate=0.03", "shown": "unit"},
        shows=("rivals", "test_unit", "test_none", "dead_unit"),
    ),
    Preset(
        "bounded_only",
        "Breaks: at rate 2 max-norm keeps every norm at 1, yet nothing converges: the biases, which are free, run "
        "away, and most units end stuck.",
        {**_HOT, "rate": 2, "shown": "unit"},
        shows=("strip", "stuck", "largest_norm", "largest_bias", "test_unit"),
    ),
)
