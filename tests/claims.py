"""What the sentence of each preset claims, as a question to the page that shows it."""

import math
from collections.abc import Callable

import pytest

from tests.pages import LabPage

Claim = Callable[[LabPage], None]
CLAIMS: dict[tuple[str, str], Claim] = {}


def claim(slug: str, preset: str) -> Callable[[Claim], Claim]:
    """The decorated function asserts what this preset of this lab claims; numbers are read from the readouts."""

    def registered(check: Claim) -> Claim:
        CLAIMS[slug, preset] = check
        return check

    return registered


def number(text: str) -> float:
    """A readout as a number: true minus signs, powers of ten, a unit at its end."""
    digits, _, power = text.replace("−", "-").split(" ")[0].partition("×10")
    return float(digits) * 10.0 ** int(power.translate(str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")) or 0)


@claim("tangency", "corner")
def corner(lab: LabPage) -> None:
    shown = lab.readouts
    assert shown["zeros"] == "1"
    assert [shown["w1"], shown["w2"]].count("0") == 1
    assert shown["rows"] == "442"
    assert shown["place"].startswith("a corner")
    assert lab.query["problem.dataset"] == "diabetes"
    optimum = lab.mark("optimum")
    assert optimum
    assert 0 in optimum


@claim("tangency", "edge")
def edge(lab: LabPage) -> None:
    shown = lab.readouts
    assert shown["zeros"] == "0"
    assert shown["place"] == "an edge: no weight is zero"
    assert shown["active"] == "yes"
    assert lab.query["regularizer.kind"] == "l1"


@claim("tangency", "inactive")
def inactive(lab: LabPage) -> None:
    shown = lab.readouts
    assert shown["multiplier"] == "0"
    assert shown["active"] == "no"
    assert lab.mark("optimum") == lab.mark("free_optimum") == (2, 1)
    assert "α* = 0" in lab.outcomes


@claim("tangency", "decay")
def decay(lab: LabPage) -> None:
    shown = lab.readouts
    assert shown["multiplier"] == "1"
    assert shown["w1"] == "1"
    assert number(shown["w2"]) == pytest.approx(5 / 6, abs=1e-5)
    assert shown["t"] == "1.3017"
    assert lab.mark("optimum") == pytest.approx((1, 5 / 6), abs=1e-5)


@claim("tangency", "shortcut")
def shortcut(lab: LabPage) -> None:
    shown = lab.readouts
    assert number(shown["shortcut_cost"]) > 0
    assert number(shown["shortcut_share"]) > 100
    landed, truth = lab.mark("shortcut"), lab.mark("optimum")
    assert landed
    assert truth
    assert math.hypot(*landed) == pytest.approx(math.hypot(*truth), rel=1e-5)
    assert math.dist(landed, truth) > 0.1


@claim("tangency", "separable")
def separable(lab: LabPage) -> None:
    assert "no finite optimum" in lab.outcomes.lower()
    assert lab.mark("optimum") is lab.mark("optimum_uncertain") is lab.mark("free_optimum") is None
    assert lab.readouts.keys().isdisjoint({"w1", "loss"})
    lab.press(lab.slider("strength"), "ArrowRight")
    assert lab.mark("optimum")
    assert lab.readouts["active"] == "yes"


@claim("early-stopping", "witness")
def witness(lab: LabPage) -> None:
    shown = lab.readouts
    assert shown["tau"] == "10"
    assert number(shown["step_size"]) == pytest.approx(0.1)
    assert number(shown["strength_1"]) == pytest.approx(0.535340, abs=5e-6)
    assert number(shown["strength_2"]) == pytest.approx(0.024334, abs=5e-7)
    assert number(shown["closest_strength"]) == pytest.approx(0.446591, abs=5e-6)
    assert number(shown["gap"]) == pytest.approx(0.1025, abs=5e-5)


@claim("early-stopping", "round")
def round_bowl(lab: LabPage) -> None:
    shown = lab.readouts
    assert number(shown["distance"]) == pytest.approx(0, abs=1e-9)
    assert number(shown["worst"]) == pytest.approx(0, abs=1e-9)
    assert shown["strength_1"] == shown["strength_2"] == shown["closest_strength"]


@claim("early-stopping", "thumb")
def thumb(lab: LabPage) -> None:
    shown = lab.readouts
    assert shown["tau"] == "200"
    assert number(shown["filter_gap"]) == pytest.approx(0.205, abs=5e-4)
    assert number(shown["filter_gap_at"]) == pytest.approx(2.5, abs=0.05)


@claim("early-stopping", "overfit")
def overfit(lab: LabPage) -> None:
    shown = lab.readouts
    assert (shown["training_rows"], shown["validation_rows"]) == ("35", "407")
    assert shown["chosen"] == "3"
    assert number(shown["stopped_loss"]) < number(shown["free_loss"])
    assert "lowest_epoch" not in shown


@claim("early-stopping", "impatient")
def impatient(lab: LabPage) -> None:
    shown = lab.readouts
    assert number(shown["ended"]) == number(shown["chosen"]) + 20
    assert number(shown["lowest_epoch"]) > number(shown["ended"])


@claim("early-stopping", "overshoot")
def overshoot(lab: LabPage) -> None:
    shown = lab.readouts
    assert shown["tau"] == "3"
    assert number(shown["reached_2"]) > 1
    assert "strength_2" not in shown
    assert "jumps across its optimum" in lab.outcomes


@claim("early-stopping", "diverging")
def diverging(lab: LabPage) -> None:
    assert "factor along the steepest direction is −1.3 a step" in lab.outcomes.replace("-", "−")
    assert "2.3/L" in lab.outcomes
    assert lab.readouts["chosen"] == "0"


@claim("prior", "ridge")
def ridge(lab: LabPage) -> None:
    shown = lab.readouts
    assert shown["rows_seen"] == "20"
    assert lab.query["problem.dataset"] == "diabetes"
    assert (shown["mode_1"], shown["mode_2"]) == (shown["mean_1"], shown["mean_2"])
    assert abs(number(shown["map_gap"])) <= 1e-10
    sigma, width = number(shown["sigma"]), number(shown["prior_width"])
    assert number(shown["alpha"]) == pytest.approx(sigma**2 / (20 * width**2), rel=1e-3)


@claim("prior", "sparse")
def sparse(lab: LabPage) -> None:
    shown = lab.readouts
    assert (shown["mode_zeros"], shown["mean_zeros"]) == ("1", "0")
    assert [shown["mode_1"], shown["mode_2"]].count("0") == 1
    assert "0" not in (shown["mean_1"], shown["mean_2"])


@claim("prior", "all_zero")
def all_zero(lab: LabPage) -> None:
    shown = lab.readouts
    assert (shown["mode_zeros"], shown["mean_zeros"], shown["strength"]) == ("2", "0", "1")
    assert number(shown["mean_1"]) > 0.01


@claim("prior", "alike")
def alike(lab: LabPage) -> None:
    shown = lab.readouts
    free = math.hypot(number(shown["ml_1"]), number(shown["ml_2"]))
    assert math.hypot(number(shown["mode_1"]), number(shown["mode_2"])) < 0.75 * free
    assert number(shown["mode_1"]) == pytest.approx(number(shown["mode_2"]), rel=0.15)


@claim("prior", "drowned")
def drowned(lab: LabPage) -> None:
    shown = lab.readouts
    assert shown["rows_seen"] == "442"
    free, mode = [[number(shown[f"{name}_{i}"]) for i in (1, 2)] for name in ("ml", "mode")]
    assert math.dist(free, mode) < 0.01 * math.hypot(*free)


@claim("prior", "blind")
def blind(lab: LabPage) -> None:
    shown = lab.readouts
    assert shown["rows_seen"] == "1"
    assert (shown["mode_1"], shown["mode_2"]) == ("0", "0")
    assert shown["spread_1"] == shown["spread_2"] == shown["prior_width"]
    assert "flat" in lab.outcomes


@claim("shrinkage", "survivors")
def survivors(lab: LabPage) -> None:
    shown = lab.readouts
    assert (shown["survivors"], shown["features"], shown["sample_rows"]) == ("8", "10", "442")
    assert number(shown["carried"]) == pytest.approx(99.13, abs=0.01)
    assert number(shown["sample_freedom"]) < 10


@claim("shrinkage", "round")
def in_proportion(lab: LabPage) -> None:
    shown = lab.readouts
    assert shown["curvature_1"] == shown["curvature_2"] == "2"
    assert shown["ratio_1"] == shown["ratio_2"]
    assert number(shown["from_proportional"]) == pytest.approx(0, abs=1e-9)
    assert lab.mark("proportional") == lab.mark("decayed") == lab.mark("shrunken")


@claim("shrinkage", "turned")
def turned_round(lab: LabPage) -> None:
    shown = lab.readouts
    assert lab.query["problem.minimiser_2"] == "0.5"
    assert number(shown["w2"]) == pytest.approx(-0.5, abs=0.01)
    assert number(shown["alpha"]) == pytest.approx(number(shown["largest_curvature"]) / 20)
    assert "w₂ has turned round" in lab.outcomes


@claim("shrinkage", "balance")
def balance(lab: LabPage) -> None:
    shown = lab.readouts
    assert number(shown["change"]) < 1e-6 < number(shown["scaling"])
    assert shown["scaling"] == shown["stepping"]
    assert lab.mark("updating") == pytest.approx(lab.mark("decayed"), abs=1e-4)


@claim("shrinkage", "logistic")
def logistic(lab: LabPage) -> None:
    shown = lab.readouts
    assert number(shown["alpha"]) == pytest.approx(number(shown["largest_curvature"]) / 100, rel=1e-4)
    assert 0 < number(shown["miss"]) < 1
    assert number(shown["worst_miss"]) == pytest.approx(11, abs=0.5)
    assert number(shown["worst_at"]) == pytest.approx(1.5, abs=0.1)


@claim("shrinkage", "copies")
def copies_share(lab: LabPage) -> None:
    shown = lab.readouts
    assert (shown["survivors"], shown["features"], shown["carried"]) == ("1", "10", "100 %")
    assert "copies up to scale" in lab.outcomes
    assert shown["least_weight"] == shown["largest_weight"]


@claim("shrinkage", "diverging")
def scaling_diverges(lab: LabPage) -> None:
    shown = lab.readouts
    assert number(shown["kept"]) == -2
    assert number(shown["worst_factor"]) > 1
    assert "above 2" in lab.outcomes


@claim("sparsity", "selects")
def selects(lab: LabPage) -> None:
    shown = lab.readouts
    assert (shown["nonzero"], shown["zeros"], shown["selected"]) == ("2", "8", "bmi, s5")
    assert shown["order"].startswith("bmi, s5, bp, s3, sex, s6, s1, s4, s2, age")
    assert shown["knots"] == "13"


@claim("sparsity", "returns")
def comes_back(lab: LabPage) -> None:
    shown = lab.readouts
    assert shown["order"].split(", ")[3] == shown["leaves"] == "s3"
    assert shown["came_back"] == "s3"
    assert "s3" not in shown["selected"]


@claim("sparsity", "rule")
def one_standard_error(lab: LabPage) -> None:
    shown = lab.readouts
    assert (shown["folds_used"], shown["nonzero_best"], shown["nonzero_rule"], shown["nonzero"]) == (
        "10",
        "7",
        "4",
        "4",
    )
    assert number(shown["rule_loss"]) <= number(shown["best_loss"]) + number(shown["standard_error"])
    assert number(shown["rule"]) > number(shown["best"])


@claim("sparsity", "ridge")
def ridge_keeps_all(lab: LabPage) -> None:
    shown = lab.readouts
    assert (shown["nonzero"], shown["zeros"]) == ("10", "0")
    assert number(shown["explained"]) < 10


@claim("sparsity", "chatter")
def chatter(lab: LabPage) -> None:
    shown = lab.readouts
    assert shown["lands"] == "11"
    assert number(shown["chatter"]) > 0
    assert "jumps over 0" in lab.outcomes


@claim("sparsity", "bowls")
def corners_of_bowls(lab: LabPage) -> None:
    shown = lab.readouts
    assert 70 < number(shown["corner_l1"]) < 75
    assert shown["corner_l2"] == "0 %"
    assert number(shown["corner_error"]) < 0.5


@claim("sparsity", "formula")
def diagonal_formula_fails(lab: LabPage) -> None:
    shown = lab.readouts
    assert (shown["truth_1"], shown["truth_2"], shown["guess_1"]) == ("0", "0", "0.75")
    assert number(shown["guess_2"]) == -0.75
    assert number(shown["plane_alpha"]) == 0.5
    assert number(shown["coupling"]) == 0.75


@claim("sparsity", "copies")
def copies_are_not_told_apart(lab: LabPage) -> None:
    shown = lab.readouts
    assert (shown["features"], shown["nonzero"]) == ("2", "1")
    assert "only what their weights add up to is unique" in lab.outcomes
    lab.open(lab.page.url.replace("?", "?penalty=ridge&"))
    assert lab.readouts["nonzero"] == "2"
    assert lab.readouts["least_weight"] == lab.readouts["largest_weight"]


@claim("duality", "decay")
def one_point_two_names(lab: LabPage) -> None:
    shown = lab.readouts
    assert (shown["t"], shown["multiplier"]) == ("1.3017", "1")
    lab.type("radius", "0.58214163989")
    lab.has("radius", without=("strength",))
    assert number(lab.readouts["multiplier"]) == pytest.approx(1, abs=1e-4)


@claim("duality", "kinks")
def two_kinks(lab: LabPage) -> None:
    shown = lab.readouts
    assert (shown["kinks"], shown["largest_strength"], shown["multiplier"]) == ("2", "5", "2")
    assert number(shown["w1"]) == 0
    assert number(shown["w2"]) == pytest.approx(0.6)


@claim("duality", "inactive")
def falls_to_0_and_stays(lab: LabPage) -> None:
    shown = lab.readouts
    assert (shown["reached"], shown["exact"], shown["active"]) == ("0", "0", "no")
    assert number(shown["violation"]) < 0
    assert "it stays there" in lab.outcomes
    lab.type("step", "0")
    assert number(lab.readouts["alpha_now"]) > 0
    assert "α falls" in lab.outcomes


@claim("duality", "flow")
def spirals_in(lab: LabPage) -> None:
    assert number(lab.readouts["missed"]) < 1e-3
    assert number(lab.readouts["reached"]) == pytest.approx(number(lab.readouts["exact"]), abs=1e-3)
    signs = set()
    for step in ("0", "4", "10", "16", "22"):
        lab.type("step", step)
        signs.add(number(lab.readouts["excess_now"]) > 0)
    assert signs == {True, False}


@claim("duality", "rivals")
def two_balls(lab: LabPage) -> None:
    assert lab.mark("rival_optimum") != lab.mark("optimum")
    assert abs(number(lab.readouts["rival_ratio"]) - 1) > 0.1


@claim("duality", "ridge")
def counts_by_rows(lab: LabPage) -> None:
    shown = lab.readouts
    assert (shown["rows"], shown["convention_ratio"]) == ("442", "442")
    assert shown["convention_formula"] == "‖y − Xw‖² + a‖w‖²"
    assert shown["convention_call"].startswith("Ridge(alpha=")
    before = lab.picture
    lab.choose("convention", "d2l")
    assert lab.readouts["convention_ratio"] == "1"
    assert lab.picture == before


@claim("duality", "overshoot")
def jumps_for_ever(lab: LabPage) -> None:
    assert "jumps around its goal" in lab.outcomes
    assert number(lab.readouts["missed"]) > 0.1
    assert number(lab.readouts["residual"]) < 1e-8


@claim("duality", "hilltop")
def on_a_hilltop(lab: LabPage) -> None:
    shown = lab.readouts
    assert (shown["witness_weight"], shown["witness_multiplier"]) == ("0.5", "0.21875")
    assert number(shown["witness_curvature"]) == -0.375
    assert number(shown["witness_gap"]) > 0
    assert "local maximum" in lab.outcomes


@claim("descent", "valley")
def momentum_arrives(lab: LabPage) -> None:
    shown = lab.readouts
    assert number(shown["missed_2"]) < 1e-3 < 0.1 < number(shown["missed_1"])
    assert shown["end_1"] == "still moving"
    assert shown["end_2"].startswith("settled")


@claim("descent", "fista")
def fista_is_ahead(lab: LabPage) -> None:
    assert 10 * number(lab.readouts["missed_2"]) < number(lab.readouts["missed_1"])


@claim("descent", "rows")
def rows_never_settle(lab: LabPage) -> None:
    shown = lab.readouts
    assert shown["rows"] == "442"
    assert shown["end_1"].startswith("settled")
    assert shown["end_2"] == "still moving"
    assert 1e-2 < number(shown["missed_2"]) / math.hypot(number(shown["first_1"]), number(shown["second_1"])) < 0.5


@claim("descent", "adamw")
def two_fixed_points(lab: LabPage) -> None:
    shown = lab.readouts
    ends = [(number(shown[f"first_{i}"]), number(shown[f"second_{i}"])) for i in (1, 2)]
    assert ends[0] == pytest.approx((1, 2.5), abs=0.01)
    assert ends[1] == pytest.approx((1, 1), abs=0.03)


@claim("descent", "sign")
def sign_step_never_0(lab: LabPage) -> None:
    shown = lab.readouts
    assert shown["first_2"] == "0"
    assert number(shown["first_1"]) != 0
    assert "hops about" in lab.outcomes


@claim("descent", "runaway")
def runs_away_and_stays_in_a_ball(lab: LabPage) -> None:
    shown = lab.readouts
    assert shown["end_1"].startswith("diverged")
    assert number(shown["factor_1"]) == pytest.approx(-1.3, abs=1e-3)
    assert "the factor along the steepest direction is −1.3 a step" in lab.outcomes
    assert "to and fro" in lab.outcomes
    assert math.hypot(number(shown["first_2"]), number(shown["second_2"])) <= 1.2 * math.hypot(2, 1) + 1e-4


@claim("descent", "minus_two")
def times_minus_two(lab: LabPage) -> None:
    shown = lab.readouts
    assert number(shown["factor_1"]) == pytest.approx(-2.015, abs=1e-3)
    assert "η(λ + α) = 3.02 > 2: unstable" in shown["light_1"]
