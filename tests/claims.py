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


@claim("shrinkage", "logistic")
def logistic(lab: LabPage) -> None:
    shown = lab.readouts
    assert number(shown["alpha"]) == pytest.approx(number(shown["largest_curvature"]) / 100, rel=1e-4)
    assert 0 < number(shown["miss"]) < 1
    assert number(shown["worst_miss"]) == pytest.approx(11, abs=0.5)
    assert number(shown["worst_at"]) == pytest.approx(1.5, abs=0.1)


@claim("shrinkage", "diverging")
def scaling_diverges(lab: LabPage) -> None:
    shown = lab.readouts
    assert number(shown["kept"]) == -2
    assert number(shown["worst_factor"]) > 1
    assert "above 2" in lab.outcomes


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
    assert shown["beside_nonzero"] == "2"
    assert number(shown["beside_least"]) == number(shown["beside_largest"]) > 0


@claim("duality", "decay")
def one_point_two_names(lab: LabPage) -> None:
    shown = lab.readouts
    assert (shown["t"], shown["multiplier"]) == ("1.3017", "1")
    lab.type("radius", "0.58214163989")
    lab.has("radius", without=("strength",))
    assert number(lab.readouts["multiplier"]) == pytest.approx(1, abs=1e-4)


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


@claim("network", "rescue")
def rescued_half_way(lab: LabPage) -> None:
    shown = lab.readouts
    assert number(shown["highest_test"]) == pytest.approx(1.94, abs=0.005)
    assert number(shown["test_loss"]) == pytest.approx(0.53, abs=0.005)
    assert (shown["trained_on"], shown["step"]) == ("40", "3000")
    drawn = "() => [...document.querySelectorAll('.plot')].flatMap((one) => one.data)"
    find = f"{drawn}.find((one) => one.meta.role === 'accuracy_training')".replace("() => ", "", 1)
    assert max(lab.page.evaluate(f"() => [...{find}.y]")) == 100


@claim("network", "zeros")
def zeros_by_threshold_only(lab: LabPage) -> None:
    assert (lab.readouts["zeros"], lab.readouts["weights"]) == ("15", "40")
    lab.choose("finer.l1_update", "sign")
    assert lab.readouts["zeros"] == "0"


@claim("network", "features")
def no_hidden_unit(lab: LabPage) -> None:
    shown = lab.readouts
    assert (shown["weights"], shown["biases"]) == ("2", "1")
    assert number(shown["test_accuracy"]) >= 95


@claim("network", "digits")
def digits_are_read(lab: LabPage) -> None:
    shown = lab.readouts
    assert number(shown["test_accuracy"]) == pytest.approx(97.2, abs=0.05)
    assert (shown["trained_on"].replace(",", ""), shown["tested_on"]) == ("1438", "359")
    assert lab.query["drop"] == "20"


@claim("network", "runaway")
def times_minus_two_in_a_network(lab: LabPage) -> None:
    assert "the decay's factor 1 − ηα = −2 a step is below −1" in lab.outcomes
    assert number(lab.readouts["step"]) < 30


@claim("units", "saddle")
def the_penalty_kills_both_weights(lab: LabPage) -> None:
    shown = lab.readouts
    assert shown["origin"] == "the only minimum"
    assert number(shown["eigenvalue_along"]) == pytest.approx(0.4)
    assert number(shown["penalised_end"]) == pytest.approx(0.5, abs=1e-4)
    assert number(shown["bounded_1"]) == pytest.approx(2**-0.5, abs=1e-4)
    assert number(shown["pair_multiplier"]) == 0.5
    assert "Both weights shrink towards 0" in lab.outcomes


@claim("units", "all_dead")
def both_penalties_kill_all(lab: LabPage) -> None:
    shown = lab.readouts
    assert (shown["dead_l1"], shown["dead_l2"], shown["dead_unit"], shown["hidden_units"]) == ("24", "24", "0", "24")
    rivals = [number(shown[f"test_{name}"]) for name in ("l1", "l2", "none")]
    assert number(shown["test_unit"]) < min(rivals)


@claim("units", "own_multiplier")
def one_multiplier_each(lab: LabPage) -> None:
    shown = lab.readouts
    assert (shown["positive"], shown["at_bound"], shown["hidden_units"]) == ("23", "23", "24")
    assert number(shown["multiplier_gap"]) < 0.02 * number(shown["largest_multiplier"])


@claim("units", "hot")
def long_steps_in_a_ball(lab: LabPage) -> None:
    shown = lab.readouts
    assert number(shown["test_unit"]) < 0.1
    assert "No regularizer: Diverged" in lab.outcomes
    assert lab.query["changes"] == "50:rate=0.03"


@claim("units", "bounded_only")
def bounded_and_lost(lab: LabPage) -> None:
    shown = lab.readouts
    assert number(shown["largest_norm"]) == 1
    assert number(shown["largest_bias"]) > 1000
    assert number(shown["stuck"]) > 12
    assert number(shown["test_unit"]) > 1


@claim("dropout", "affine")
def one_layer_is_exact(lab: LabPage) -> None:
    shown = lab.readouts
    assert (shown["thinned_count"], shown["largest_gap"], shown["gap_here"]) == ("64", "0", "0")


@claim("dropout", "curved")
def two_layers_are_not(lab: LabPage) -> None:
    shown = lab.readouts
    assert number(shown["thinned_count"].replace(",", "")) == 1024
    assert number(shown["largest_gap"]) > 0.01
    assert abs(number(shown["gap_here"])) > 5 * number(shown["standard_error"])


@claim("dropout", "ridge")
def charged_by_mean_square(lab: LabPage) -> None:
    shown = lab.readouts
    assert number(shown["strength_1"]) == pytest.approx(16 * number(shown["strength_2"]), rel=1e-3)
    assert number(shown["solutions_apart"]) < 1e-12
    assert (shown["masks_1"], shown["masks_2"]) == (shown["ridge_1"], shown["ridge_2"])
    assert number(shown["walk_apart"]) < 0.2


@claim("dropout", "robust")
def stands_noise(lab: LabPage) -> None:
    shown = lab.readouts
    losses = [number(shown[f"noisy_{name}"]) for name in ("none", "dropout", "bound")]
    assert losses == sorted(losses, reverse=True)
    assert losses[0] - losses[2] > 2 * (losses[0] - losses[1])
    accuracies = [number(shown[f"noisy_accuracy_{name}"]) for name in ("none", "dropout", "bound")]
    assert accuracies == sorted(accuracies)
    assert len(set(accuracies)) == 3


@claim("dropout", "starved")
def too_little_left(lab: LabPage) -> None:
    shown = lab.readouts
    assert number(shown["active"]) < 6
    assert number(shown["test_dropout"]) > 1.5 * number(shown["test_none"])


@claim("generalisation", "underfitting")
def lines_agree_and_are_wrong(lab: LabPage) -> None:
    shown = lab.readouts
    assert 25 < number(shown["bias"]) / number(shown["variance"]) < 27
    assert "they underfit" in lab.outcomes


@claim("generalisation", "right")
def a_quarter_of_the_error(lab: LabPage) -> None:
    shown = lab.readouts
    assert number(shown["expected"]) / number(shown["free_error"]) == pytest.approx(0.25, abs=0.02)
    assert lab.query["strength"] == "0.25"
    assert "Bias and variance are of one size" in lab.outcomes


@claim("generalisation", "overfitting")
def free_fits_cost_more_on_new_cases(lab: LabPage) -> None:
    shown = lab.readouts
    own = number(shown["training_error"])
    assert own == pytest.approx(0.058, abs=5e-4)
    assert number(shown["expected"]) > 15 * own
    assert number(shown["measured"]) > 15 * own
    assert "they overfit" in lab.outcomes


@claim("generalisation", "copies")
def noise_is_ridge(lab: LabPage) -> None:
    shown = lab.readouts
    assert shown["noise_strength"] == "0.25"
    assert number(shown["weights_apart"]) < 3 * number(shown["weights_doubt"])
    apart = number(shown["noisy_loss"].replace(",", "")) - number(shown["expected_loss"].replace(",", ""))
    assert abs(apart) < 3 * number(shown["noisy_loss_error"])


@claim("generalisation", "shift")
def no_strength_repairs_a_shift(lab: LabPage) -> None:
    shown = lab.readouts
    own, hindsight, there = (number(shown[name]) for name in ("shifted_error", "hindsight_error", "retrained_error"))
    assert own > 10 * hindsight > 10 * there
    assert lab.query["shift"] == "1"


@claim("landscape", "walk")
def principal_plane_beside_a_random_walk(lab: LabPage) -> None:
    shown = lab.readouts
    assert number(shown["outside"]) < 0.2
    assert number(shown["worst_plane"]) == pytest.approx(number(shown["worst_true"]), rel=0.05)
    assert number(shown["random_walk"]) == pytest.approx(90, abs=0.1)


@claim("landscape", "shadow")
def training_is_invisible(lab: LabPage) -> None:
    shown = lab.readouts
    assert number(shown["outside"]) > 90
    assert number(shown["plane_now"]) < 0.8 * number(shown["true_now"])


@claim("landscape", "penalty")
def a_bowl_and_no_hill(lab: LabPage) -> None:
    shown = lab.readouts
    assert number(shown["down_cost"]) == pytest.approx(72, abs=0.5)
    assert number(shown["down_objective"]) == pytest.approx(22, abs=0.5)


@claim("landscape", "bounds")
def lower_but_not_allowed(lab: LabPage) -> None:
    shown = lab.readouts
    assert shown["norm_now"] == shown["bound"] == "1"
    assert number(shown["grid_lowest"]) < 0.99 * number(shown["last_objective"])
    assert number(shown["lowest_within"]) == pytest.approx(number(shown["last_objective"]), rel=1e-4)


@claim("landscape", "diverging")
def leaves_every_landscape(lab: LabPage) -> None:
    assert "1 − ηα = −2" in lab.outcomes
    assert number(lab.readouts["last_objective"]) > 1e5


@claim("signal", "he")
def half_at_each_layer(lab: LabPage) -> None:
    shown = lab.readouts
    assert number(shown["forward_ideal"]) == 0.5
    assert number(shown["forward_factor"]) == pytest.approx(0.5, rel=0.05)
    assert number(shown["forward_away"]) < 2
    lab.choose("initial.kind", "he")
    assert number(lab.readouts["forward_ideal"]) == 1
    assert number(lab.readouts["forward_factor"]) == pytest.approx(1, rel=0.1)


@claim("signal", "both")
def neither_condition(lab: LabPage) -> None:
    shown = lab.readouts
    assert number(shown["condition_forward"]) == pytest.approx(8 / 11, abs=1e-4)
    assert number(shown["condition_backward"]) == pytest.approx(14 / 11, abs=1e-4)
    assert number(shown["forward_factor"]) < 0.85
    assert number(shown["backward_factor"]) > 1.15


@claim("signal", "sigmoid")
def a_millionth(lab: LabPage) -> None:
    assert lab.query["depth"] == "10" or "depth" not in lab.query
    assert 0 < number(lab.readouts["reach"]) < 1e-6


@claim("signal", "equal")
def units_never_differ(lab: LabPage) -> None:
    shown = lab.readouts
    assert shown["step"] == "200"
    assert shown["units_plain"] == "0"
    assert "equal, to the last bit" in lab.outcomes


@claim("signal", "explosion")
def clipping_holds(lab: LabPage) -> None:
    shown = lab.readouts
    assert "Plain: diverged" in lab.outcomes
    assert "Stopped at step 4," in lab.outcomes
    assert number(shown["steepest_plain"]) > 1e10
    assert number(shown["loss_clip"]) < 0.3


@claim("backprop", "penalty")
def weights_and_no_biases(lab: LabPage) -> None:
    shown = lab.readouts
    with_penalty = {name: number(shown[f"slope_{name}"]) for name in ("w11", "w12", "b1", "b2", "c", "v2")}
    lab.type("strength", "0")
    without = {name: number(lab.readouts[f"slope_{name}"]) for name in with_penalty}
    gained = {name: with_penalty[name] - without[name] for name in with_penalty}
    half = {"w11": 0.4, "w12": -0.25, "b1": 0, "b2": 0, "c": 0, "v2": -0.35}
    assert gained == pytest.approx(half, abs=2e-5)


@claim("backprop", "saturated")
def hardly_any_gradient(lab: LabPage) -> None:
    assert number(lab.readouts["slope_c"]) == pytest.approx(-0.00068, abs=1e-5)
    assert "∂J/∂ŷ = −0.999" in lab.outcomes
    lab.choose("cost", "cross_entropy")
    assert number(lab.readouts["slope_c"]) == pytest.approx(-0.999, abs=5e-4)


@claim("backprop", "dead")
def nothing_comes_to_unit_1(lab: LabPage) -> None:
    shown = lab.readouts
    assert shown["slope_w11"] == shown["slope_w12"] == shown["slope_b1"] == "0"
    assert number(shown["slope_w21"]) != 0
    assert number(shown["cost"]) > 0


@claim("backprop", "equal")
def equal_gradients(lab: LabPage) -> None:
    shown = lab.readouts
    for first, second in (("w11", "w21"), ("w12", "w22"), ("b1", "b2"), ("v1", "v2")):
        assert shown[f"slope_{first}"] == shown[f"slope_{second}"]
    assert shown["phase"] == "update"


@claim("backprop", "flip")
def decay_flips_and_runs_away(lab: LabPage) -> None:
    assert number(lab.readouts["kept_share"]) == -3
    assert number(lab.readouts["after"]) > 100
    assert "1 − ηα = −3" in lab.outcomes
