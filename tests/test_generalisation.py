"""The page on bias and variance: its parts against loops and other libraries, the decomposition against fresh cases."""

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sklearn.linear_model import LinearRegression, Ridge

from app.data import Library, Uploads
from app.geometry import Adam, least_squares
from app.geometry.ensembles import Ensemble, ridge_ensemble
from app.geometry.spectral import shrunk
from app.labs.generalisation import GENERALISATION, GeneralisationKnobs
from app.labs.generalisation.drawn import CURVES, NODES, STRENGTHS, Law, drawn, features, fitted, fresh, measured, split
from app.labs.generalisation.noisy_copies import copied
from app.labs.generalisation.noisy_network import NOISES, taught
from app.labs.generalisation.shifts import WIDE, error_after, trained_there
from app.labs.lab import Answer
from app.networks import Architecture, Examples, QuadraticCost, Setting, Task, advance, begin, predict
from tests.test_labs import numbers

LIBRARY = Library(Uploads(None))
LAW = Law("sine", 0.4, 20, "even", 100, 0)


def knobs(**given: Any) -> GeneralisationKnobs:
    return GeneralisationKnobs.model_validate(given)


def ask(part: str, library: Library = LIBRARY, **given: Any) -> Answer:
    asked = GENERALISATION.parts[part]
    return asked.compute(**GENERALISATION.given(asked, knobs(**given), library))


def value(answer: Answer, name: str) -> Any:
    return answer.readouts[name].value


def sound(answers: dict[str, Answer]) -> None:
    """Finite, said in a sentence, and drawn within reach of what a browser can place."""
    for name, answer in answers.items():
        values = [one.value for one in answer.readouts.values() if isinstance(one.value, float)]
        assert all(map(math.isfinite, values)), name
        assert max(map(abs, numbers(dict(answer.figures))), default=0.0) < 1e9, name
        assert answer.outcome.sentence.rstrip().endswith("."), answer.outcome.sentence


def design(n: int, p: int, sets: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    return rng.normal(size=(sets, n, p)) + rng.normal(size=(sets, 1, p)), rng.normal(size=(sets, n))


@pytest.mark.parametrize(("n", "p"), [(20, 3), (12, 11), (6, 15)])
def test_each_fit_is_the_ridge_of_its_own_set(n: int, p: int) -> None:
    X, y = design(n, p, 4, 0)
    ensemble = ridge_ensemble(X, y, [0.0, 0.01, 3.0])
    for m in range(4):
        for a, alpha in enumerate((0.0, 0.01, 3.0)):
            model = (Ridge(n * alpha) if alpha else LinearRegression()).fit(X[m], y[m])
            assert ensemble.weights[m, a, 1:] == pytest.approx(model.coef_, rel=1e-7, abs=1e-9)
            assert ensemble.weights[m, a, 0] == pytest.approx(model.intercept_, rel=1e-7, abs=1e-9)


def test_one_design_for_all_sets_is_that_design_for_each() -> None:
    X, y = design(15, 4, 5, 1)
    once = ridge_ensemble(X[:1], y, [0.1]).weights
    each = ridge_ensemble(np.repeat(X[:1], 5, axis=0), y, [0.1]).weights
    assert once == pytest.approx(each, rel=1e-12)


@pytest.mark.parametrize(("basis", "degree"), [("polynomial", 7), ("waves", 5)])
def test_features_have_mean_0_mean_square_1_and_are_orthogonal(basis: Any, degree: int) -> None:
    x = -2 + 4 * (np.arange(20_000) + 0.5) / 20_000
    found = features(basis, degree, x)
    assert found.mean(axis=0) == pytest.approx(np.zeros(found.shape[1]), abs=1e-6)
    assert found.T @ found / len(x) == pytest.approx(np.eye(found.shape[1]), abs=1e-5)


@pytest.mark.parametrize("places", ["even", "random"])
def test_the_parts_add_up_and_are_those_of_a_loop(places: Any) -> None:
    law = Law("bump", 0.3, 15, places, 40, 3)
    sets, alpha = drawn(law), 0.02
    rows = np.broadcast_to(sets.x, sets.y.shape)
    x, shares = np.polynomial.legendre.leggauss(200)
    x, shares = 2 * x, shares / 2
    said = np.array(
        [
            Ridge(15 * alpha).fit(features("polynomial", 6, one), values).predict(features("polynomial", 6, x))
            for one, values in zip(rows, sets.y, strict=True)
        ]
    )
    truth = CURVES["bump"](x)
    found = split(law, "polynomial", 6, ridge_ensemble(features("polynomial", 6, sets.x), sets.y, [alpha]))
    assert found.bias[0] == pytest.approx((said.mean(axis=0) - truth) ** 2 @ shares, rel=1e-6)
    assert found.variance[0] == pytest.approx(said.var(axis=0) @ shares, rel=1e-6)
    assert found.total[0] == pytest.approx(0.09 + np.mean((said - truth) ** 2 @ shares), rel=1e-6)


@pytest.mark.parametrize("shift", [0.0, 0.6, 1.7, 2.0])
@pytest.mark.parametrize("drift", ["inputs", "truth"])
def test_a_jump_of_the_truth_is_integrated_from_both_sides(shift: float, drift: Any) -> None:
    """Beside midpoints of 400,000 strips, whose edges the jump lies on."""
    law = Law("step", 0.4, 20, "even", 30, 0)
    ensemble = ridge_ensemble(features("polynomial", 12, drawn(law).x), drawn(law).y, [0.01])
    at = -2 + 4 * (np.arange(400_000) + 0.5) / 400_000
    x, jump = (at + shift, 0.0) if drift == "inputs" else (at, shift)
    middle, variance = ensemble.spread(features("polynomial", 12, x))
    bias = float(np.mean((middle[0] - np.where(x < jump, -1, 1)) ** 2))
    assert error_after(ensemble, law, "polynomial", 12, drift, shift)[0] == pytest.approx(
        0.16 + bias + float(variance[0].mean()), rel=1e-7
    )
    if not shift:
        assert split(law, "polynomial", 12, ensemble).bias[0] == pytest.approx(bias, rel=1e-7)


def test_the_variance_at_the_samples_is_that_of_the_textbook() -> None:
    """ESL, eq. 7.12: least squares with p weights and a level has the mean variance σ²(p + 1)/n at its own places."""
    law = Law("sine", 0.5, 25, "even", 500, 1)
    sets = drawn(law)
    rows = features("polynomial", 6, sets.x)
    _, spread = ridge_ensemble(rows, sets.y, [0.0]).spread(rows[0])
    expected = 0.25 * 7 / 25
    assert float(spread.mean()) == pytest.approx(expected, rel=4 * math.sqrt(2 / (500 * 7)) + 1 / 500)


def test_what_is_measured_agrees_with_what_is_expected_as_often_as_chance_says() -> None:
    """Over 60 seeds the difference, in its own standard errors, has mean 0 and spread 1."""
    scores = []
    for seed in range(60):
        law = Law("step", 0.4, 20, "random", 60, seed)
        sets = drawn(law)
        ensemble = ridge_ensemble(features("polynomial", 8, sets.x), sets.y, [0.05])
        seen = measured(law, "polynomial", 8, fresh(LIBRARY, law, "polynomial", 8), ensemble)
        total = float(split(law, "polynomial", 8, ensemble).total[0])
        assert seen.error[0] - seen.difference[0] == pytest.approx(total, rel=1e-9)
        scores.append(seen.difference[0] / seen.doubt[0])
    assert abs(np.mean(scores)) < 4 / math.sqrt(60)
    assert 0.7 < np.std(scores) < 1.35


def test_fresh_cases_are_judged_by_the_fit_of_their_own_set() -> None:
    found = ask("fits", strength=0.05, sets=10, samples=12)
    law = Law("sine", 0.4, 12, "even", 10, 0)
    sets = drawn(law)
    rows = np.broadcast_to(sets.x, sets.y.shape)
    errors = [
        np.mean(
            (Ridge(12 * 0.05).fit(features("polynomial", 12, x), y).predict(features("polynomial", 12, u)) - t) ** 2
        )
        for x, y, u, t in zip(rows, sets.y, sets.fresh_x, sets.fresh_y, strict=True)
    ]
    assert value(found, "measured") == pytest.approx(np.mean(errors), rel=1e-9)
    assert value(found, "measured_spread") == pytest.approx(np.std(errors, ddof=1) / math.sqrt(10), rel=1e-9)


def test_bias_grows_and_variance_falls_with_the_strength() -> None:
    found = fitted(LIBRARY, LAW, "polynomial", 9)
    assert np.all(np.diff(found.parts.variance) <= 1e-12)
    assert np.all(np.diff(found.training) >= -1e-12)
    assert found.parts.bias[-1] > 10 * found.parts.bias[0]
    lowest = value(ask("strengths", degree=9), "best_strength")
    assert lowest == STRENGTHS[np.argmin(found.parts.total)]
    assert 0 < np.argmin(found.parts.total) < len(STRENGTHS) - 1


def test_the_areas_are_stacked_and_the_dots_lie_on_them() -> None:
    shown = {one["meta"]["role"]: one for one in ask("strengths", degree=5).figures["strengths"]["data"]}
    found = fitted(LIBRARY, LAW, "polynomial", 5)
    count = len(STRENGTHS)
    area = shown["variance_area"]["y"]
    assert area[:count] == pytest.approx(0.16 + found.parts.bias, abs=1e-5)
    below = found.parts.total < 1.4 * max(shown["expected_error"]["y"])
    assert area[count:][::-1][below] == pytest.approx(found.parts.total[below], abs=1e-5)
    dots = shown["measured_error"]
    expected = np.interp(np.log(dots["x"]), np.log(shown["expected_error"]["x"]), shown["expected_error"]["y"])
    assert dots["y"] == pytest.approx(expected, rel=0.1)


def test_the_band_holds_nine_fits_of_ten() -> None:
    shapes = ask("fits", strength=0.1).figures["fits"]["layout"]["shapes"]
    assert [one["name"] for one in shapes] == ["fit_band", *["single_fit"] * 6, "average_fit"]
    found = fitted(LIBRARY, LAW, "polynomial", 12)
    ensemble = ridge_ensemble(features("polynomial", 12, found.sets.x), found.sets.y, [0.1])
    said = ensemble.predict(features("polynomial", 12, np.array([0.0])))[:, 0, 0]
    corners = [tuple(map(float, one.split(","))) for one in shapes[0]["path"].strip("MZ").split("L")]
    at_0 = sorted(y for x, y in corners if x == 0)
    assert at_0 == pytest.approx(np.quantile(said, [0.05, 0.95]), abs=1e-3)


def test_without_a_penalty_the_error_peaks_where_the_fit_becomes_exact() -> None:
    found = ask("degrees", strength=0, degree=19)
    assert value(found, "worst_degree") == 19  # 19 weights and a level for 20 samples
    assert value(found, "worst_error") > 1e3 * value(found, "last_error")
    assert value(ask("degrees", strength=0, samples=13), "worst_degree") == 12
    eased = ask("degrees", strength=0.25)  # as the story says
    assert value(eased, "worst_degree") < 5
    assert value(eased, "worst_error") < 0.6


def test_noisy_copies_are_fitted_as_if_they_were_stacked() -> None:
    found = copied(LIBRARY, knobs(sample={"kind": "synthetic", "rows": 30, "features": 4}).sample, 25, 7)
    X, y = found.sampled.design, found.sampled.response
    rng = np.random.default_rng((7, 2))
    stacked = np.concatenate([X + 0.7 * rng.standard_normal(X.shape) for _ in range(25)])
    plain = LinearRegression(fit_intercept=False).fit(stacked, np.tile(y, 25))
    assert found.fit(0.7) == pytest.approx(plain.coef_, rel=1e-8)
    w = np.array([0.3, -1.0, 0.2, 0.5])
    assert found.loss(0.7, w) == pytest.approx(0.5 * np.mean((stacked @ w - np.tile(y, 25)) ** 2), rel=1e-10)


@pytest.mark.parametrize(("noise", "features_", "own_noise"), [(0.3, 3, 1), (1.0, 3, 1), (1.0, 1, 0)])
def test_standard_errors_are_the_deviations_over_many_seeds(noise: float, features_: int, own_noise: float) -> None:
    """Of 500 seeds: each deviation is known to 1/√1000, 3 %. In the last case each of the terms is a third or more."""
    own = {"kind": "synthetic", "rows": 20, "features": features_, "informative": 1, "noise": own_noise}
    sample = knobs(sample=own).sample
    every = [copied(LIBRARY, sample, 40, seed) for seed in range(500)]
    X, y = every[0].sampled.design, every[0].sampled.response
    ridge = Ridge(20 * noise**2, fit_intercept=False).fit(X, y).coef_
    fits = np.array([one.fit(noise) for one in every])
    losses = np.array([one.loss(noise, ridge) for one in every])
    assert every[0].doubt(noise, ridge) == pytest.approx(fits.std(axis=0, ddof=1), rel=0.12)
    assert every[0].loss_doubt(noise, ridge) == pytest.approx(losses.std(ddof=1), rel=0.12)
    assert abs(losses.mean() - 0.5 * np.mean((X @ ridge - y) ** 2) - 0.5 * noise**2 * ridge @ ridge) < (
        4 * losses.std() / math.sqrt(500)
    )


@pytest.mark.parametrize("noise", [0.1, 0.5, 2.0])
def test_many_noisy_copies_are_ridge_of_strength_sigma_squared(noise: float) -> None:
    found = copied(LIBRARY, knobs().sample, 400, 0)
    X, y = found.sampled.design, found.sampled.response
    ridge = Ridge(len(y) * noise**2, fit_intercept=False).fit(X, y).coef_
    scores = (found.fit(noise) - ridge) / found.doubt(noise, ridge)
    assert np.abs(scores).max() < 5
    shown = ask("noise_now", input_noise=noise, copies=400)
    assert value(shown, "noise_strength") == pytest.approx(noise**2)
    assert value(shown, "ridge_norm") == pytest.approx(float(np.linalg.norm(ridge)), rel=1e-9)
    expected = 0.5 * np.mean((X @ ridge - y) ** 2) + 0.5 * noise**2 * ridge @ ridge
    assert value(shown, "expected_loss") == pytest.approx(float(expected), rel=1e-9)
    assert abs(value(shown, "noisy_loss") - expected) < 5 * value(shown, "noisy_loss_error")


VECTORS = json.loads((Path(__file__).parent / "vectors" / "10_noise.json").read_text())["cases"]
NOISY = [case for case in VECTORS if "sigma" in case]


@pytest.mark.parametrize("case", NOISY, ids=[case["id"] for case in NOISY])
def test_the_lines_of_the_chart_are_the_reference_values(case: dict[str, Any]) -> None:
    X, y = np.array(case["X"]), np.array(case["y"])
    if case["kind"] == "noise_intercept":
        X, y = X - X.mean(axis=0), y - y.mean()
    found = shrunk(least_squares(X, y), case["sigma"] ** 2)
    assert found == pytest.approx(np.array(case["expected"]["w"]), rel=1e-9, abs=1e-9)


def test_the_loss_of_a_network_under_noise_and_both_approximations() -> None:
    found = taught(LIBRARY, LAW)
    assert found.noisy[0] == pytest.approx(found.lowest, rel=1e-9)
    gaps = np.abs(found.second_order(NOISES) - found.noisy)[[2, 4]]  # σ = 0.05 and 0.1
    assert 10 < gaps[1] / gaps[0] < 24  # what is left out is of the fourth order
    tikhonov = found.tikhonov(NOISES)
    assert tikhonov[2] - found.lowest == pytest.approx(found.noisy[2] - found.lowest, rel=0.1)
    assert tikhonov[-1] > 2 * found.noisy[-1]


def test_the_expectation_over_the_noise_is_that_of_many_draws() -> None:
    sets = drawn(LAW)
    x, y = np.broadcast_to(sets.x, sets.y.shape)[0][:, None], sets.y[0][:, None]
    setting = Setting(Architecture((1, 8, 1), cost=QuadraticCost()), optimizer=Adam(), rate=0.03, batch=20)
    run, _ = advance(begin(Task(Examples(x, y)), [setting], 800), 800)
    parameters = run.learners[0].parameters
    rng = np.random.default_rng(5)
    draws = x + 0.5 * rng.standard_normal((20, 20_000))
    said = predict(setting.architecture, parameters, draws.reshape(-1, 1)).reshape(draws.shape)
    each = 0.5 * np.mean((said - y) ** 2, axis=0)
    error = each.std() / math.sqrt(len(each))
    assert abs(taught(LIBRARY, LAW).noisy[20] - each.mean()) < 5 * error


@pytest.mark.parametrize("drift", ["inputs", "truth"])
def test_the_error_after_a_shift_is_measured_too(drift: Any) -> None:
    found = fitted(LIBRARY, LAW, "polynomial", 4)
    one = Ensemble(
        np.array([0.1]), ridge_ensemble(features("polynomial", 4, found.sets.x), found.sets.y, [0.1]).weights
    )
    rng = np.random.default_rng(3)
    x = rng.uniform(-2, 2, 40_000) + (0.6 if drift == "inputs" else 0.0)
    truth = np.sin(2 * (x if drift == "inputs" else x - 0.6))
    said = one.predict(features("polynomial", 4, x))[:, 0]
    each = np.mean((said - truth) ** 2, axis=0)
    error = each.std() / math.sqrt(len(each))
    expected = float(error_after(one, LAW, "polynomial", 4, drift, 0.6)[0])
    assert abs(expected - 0.16 - each.mean()) < 5 * error


@pytest.mark.parametrize("drift", ["inputs", "truth"])
def test_no_strength_does_as_well_as_training_where_it_is_tested(drift: Any) -> None:
    still = ask("shifted", shift=0, drift=drift, degree=5)
    assert value(still, "shifted_error") == pytest.approx(value(ask("strengths", degree=5), "best_error"), rel=1e-9)
    for shift in (0.5, 1.0, 2.0):
        shown = ask("shifted", shift=shift, drift=drift, degree=5)
        assert value(shown, "shifted_error") >= value(shown, "hindsight_error") * (1 - 1e-12)
        assert value(shown, "hindsight_error") > 1.5 * value(shown, "retrained_error")


def test_trained_where_it_is_tested_is_a_training_there() -> None:
    law = Law("bump", 0.3, 15, "random", 30, 2)
    rng = np.random.default_rng(2)
    x = rng.uniform(-2, 2, (30, 15)) + 0.5
    y = CURVES["bump"](x) + 0.3 * rng.standard_normal((30, 15))
    at, shares = np.polynomial.legendre.leggauss(NODES)
    at, shares = 2 * at, shares / 2

    def error(alpha: float) -> float:
        said = [
            Ridge(15 * alpha).fit(features("waves", 2, one - 0.5), two).predict(features("waves", 2, at))
            for one, two in zip(x, y, strict=True)
        ]
        return 0.09 + float(np.mean((np.array(said) - CURVES["bump"](at + 0.5)) ** 2 @ shares))

    lowest = min(error(alpha) for alpha in WIDE[1::4])
    found = trained_there(law, "waves", 2, "inputs", 0.5)
    assert found <= lowest * (1 + 1e-9)
    assert found == pytest.approx(lowest, rel=0.02)


AWKWARD: list[dict[str, Any]] = [
    {"samples": 2, "sets": 10, "degree": 1},
    {"samples": 2, "degree": 30, "strength": 0, "basis": "waves"},
    {"samples": 20, "degree": 30, "strength": 0, "places": "random", "noise": 2},
    {"noise": 0, "degree": 5, "strength": 0},
    {"noise": 0, "degree": 30, "strength": 0, "places": "random", "drift": "truth"},
    {"strength": 1e6, "degree": 3},
    {"copies": 1, "input_noise": 2, "sample": {"kind": "synthetic", "rows": 1, "features": 3}},
    {"copies": 3, "input_noise": 0, "sample": {"kind": "synthetic", "rows": 5, "features": 50}},
    {"copies": 2, "sample": {"kind": "synthetic", "rows": 40, "correlation": 1, "informative": 0, "noise": 0}},
    {"sample": {"kind": "table", "dataset": "wine", "standardise": False}},
    {"shift": 2, "truth": "step", "degree": 20},
]


@pytest.mark.parametrize("given", AWKWARD, ids=range(len(AWKWARD)))
def test_awkward_knobs_are_answered_in_sentences(given: dict[str, Any]) -> None:
    sound({name: ask(name, Library(Uploads(None)), **given) for name in GENERALISATION.parts})


@pytest.mark.parametrize(
    "given",
    [
        {"sets": 12},
        {"sets": 10, "places": "random", "truth": "step", "basis": "waves", "degree": 3, "drift": "truth", "shift": 1},
        {"sets": 10, "truth": "step", "degree": 5, "shift": 0.4},
        {"sets": 10, "strength": 0, "degree": 4, "sample": {"kind": "synthetic"}, "input_noise": 1.5, "copies": 20},
    ],
)
def test_the_script_gives_the_same_numbers(given: dict[str, Any], capsys: pytest.CaptureFixture[str]) -> None:
    exec(GENERALISATION.python(knobs(**given), LIBRARY), {})  # noqa: S102 (our own script)
    told = capsys.readouterr().out

    def after(words: str) -> float:
        return float(told.split(words)[1].split()[0])

    fits, shift = ask("fits", **given), ask("shifted", **given)
    for words, name in (("bias^2 =", "bias"), ("variance =", "variance"), ("expected error =", "expected")):
        assert after(words) == pytest.approx(value(fits, name), rel=1e-6)
    assert after("error on fresh cases =") == pytest.approx(value(fits, "measured"), rel=1e-6)
    assert after("best strength =") == pytest.approx(value(ask("strengths", **given), "best_strength"), rel=1e-6)
    assert after("after the shift =") == pytest.approx(value(shift, "shifted_error"), rel=1e-6)
    copies, ridge = (json.loads(told.split(f"{words} = ")[1].split("\n")[0]) for words in ("copies", "sigma^2"))
    now = ask("noise_now", **given)
    assert np.linalg.norm(ridge) == pytest.approx(value(now, "ridge_norm"), rel=1e-6)
    assert np.abs(np.subtract(copies, ridge)).max() == pytest.approx(value(now, "weights_apart"), rel=1e-6)
