"""The page on priors: its numbers against other libraries, its curves against the densities they are level sets of."""

import math
import time
from typing import Any

import numpy as np
import pytest
from scipy.linalg import helmert
from scipy.stats import multivariate_normal
from sklearn.linear_model import Lasso, Ridge

from app.data import Library, Uploads
from app.geometry import GaussianPosterior, LaplacePosterior
from app.labs.lab import Answer
from app.labs.prior import PRIOR, PriorKnobs
from app.labs.prior.belief import Belief, Conclusion, belief, concluded
from app.labs.prior.drawing import CURVES
from app.labs.prior.rows import Seen, seen
from tests.test_figures import bezier
from tests.test_labs import numbers

LIBRARY = Library(Uploads(None))
SYNTHETIC = {"kind": "synthetic_regression", "weight_2": -0.3}
PATIENTS = {"kind": "regression", "dataset": "diabetes", "first": "bmi", "second": "s5"}


def knobs(**given: Any) -> PriorKnobs:
    return PriorKnobs.model_validate(given)


def ask(part: str, library: Library = LIBRARY, **given: Any) -> Answer:
    asked = PRIOR.parts[part]
    return asked.compute(**PRIOR.given(asked, knobs(**given), library))


def value(answer: Answer, name: str) -> Any:
    return answer.readouts[name].value


def behind(**given: Any) -> tuple[Belief, Conclusion]:
    turned = knobs(**given)
    held = belief(LIBRARY, turned.problem, turned.rows, turned.noise, turned.prior, turned.width, turned.strength)
    return held, concluded(held)


def rows(**given: Any) -> Seen:
    turned = knobs(**given)
    return seen(LIBRARY, turned.problem, turned.rows, turned.noise)


@pytest.mark.parametrize(
    "problem", [SYNTHETIC, PATIENTS, {**PATIENTS, "others": "free"}, {**PATIENTS, "others": "fixed"}]
)
@pytest.mark.parametrize("width", [0.02, 0.3, 5])
def test_the_mode_is_what_scikit_learn_penalises(problem: dict[str, Any], width: float) -> None:
    given = {"problem": problem, "rows": 15, "width": width}
    found = rows(**given)
    for prior, penalised in (("gaussian", Ridge), ("laplace", Lasso)):
        shown = ask("posterior", prior=prior, **given)
        b, n = value(ask("before", prior=prior, **given), "prior_width"), 15
        alpha = found.noise**2 / (n * b * (b if prior == "gaussian" else 1.0))
        assert value(shown, "alpha") == pytest.approx(alpha, rel=1e-12)
        strength = alpha * n if prior == "gaussian" else alpha
        options = {"tol": 1e-14, "max_iter": 10**6} if prior == "laplace" else {}
        fitted = penalised(strength, fit_intercept=False, **options).fit(found.design, found.response)
        mode = [value(shown, "mode_1"), value(shown, "mode_2")]
        assert mode == pytest.approx(list(fitted.coef_), rel=1e-6, abs=1e-6 * found.unit)
        assert abs(value(shown, "map_gap")) <= 1e-9
        assert value(shown, "map_residual") <= 1e-10


def test_free_and_held_weights_are_those_of_the_posed_loss() -> None:
    """What the likelihood is made of, on all rows, is the loss that the problem poses."""
    for others in ("absent", "free", "fixed"):
        found = rows(problem={**PATIENTS, "others": others}, rows=442)
        w = np.random.default_rng(1).normal(size=(20, 2)) * 30
        assert found.loss.value(w) == pytest.approx(found.posed.loss.value(w), rel=1e-9)


def test_the_arithmetic_is_shown_with_its_result() -> None:
    shown = ask("posterior", problem=PATIENTS, rows=20)
    sigma, width, alpha = (
        rows(problem=PATIENTS, rows=20).noise,
        value(ask("before", problem=PATIENTS, rows=20), "prior_width"),
        value(shown, "alpha"),
    )
    assert value(shown, "arithmetic") == f"σ²/(nτ²) = {sigma:.4g}²/(20 · {width:.4g}²) = {alpha:.4g}"
    laplace = value(ask("posterior", problem=PATIENTS, rows=20, prior="laplace"), "arithmetic")
    assert laplace.startswith("σ²/(nb) = ")


@pytest.mark.parametrize("prior", ["gaussian", "laplace"])
def test_width_and_strength_are_one_knob(prior: str) -> None:
    for width in (0.01, 0.5, 10):
        one = ask("posterior", prior=prior, width=width)
        two = ask("posterior", prior=prior, strength=value(one, "strength"))
        assert value(two, "width") == pytest.approx(width, rel=1e-9)
        assert value(two, "mode_1") == pytest.approx(value(one, "mode_1"), rel=1e-9, abs=1e-12)
    assert value(ask("posterior", prior=prior, width=0.1), "strength") > value(
        ask("posterior", prior=prior, width=0.2), "strength"
    )


def test_the_mode_is_sparse_and_the_mean_is_not() -> None:
    shown = ask("posterior", problem=SYNTHETIC, prior="laplace", width=0.1)
    assert (value(shown, "mode_zeros"), value(shown, "mean_zeros")) == (1, 0)
    assert "exactly 0 there, the mean has no zero" in shown.outcome.sentence
    round_one = ask("posterior", problem=SYNTHETIC, prior="gaussian", width=0.1)
    assert value(round_one, "mode_zeros") == 0
    assert value(round_one, "mode_1") == pytest.approx(value(round_one, "mean_1"), rel=1e-12)


def test_one_strength_makes_every_weight_zero_and_no_smaller_one() -> None:
    assert value(ask("posterior", prior="laplace", strength=1), "mode_zeros") == 2
    assert value(ask("posterior", prior="laplace", strength=0.999), "mode_zeros") == 1


def curves(answer: Answer, panel: str, role: str) -> list[np.ndarray]:
    pieces = []
    for shape in answer.figures[panel]["layout"].get("shapes", []):
        if shape["name"] == role:
            pieces += [bezier(f"M{piece}", 60) for piece in shape["path"].split("M")[1:]]
    return pieces


def depth(points: np.ndarray, law: Any, top: np.ndarray) -> np.ndarray:
    """z where the density is exp(−z²/2) of its top."""
    return np.sqrt(2.0 * np.maximum(law(points) - law(top), 0.0))


@pytest.mark.parametrize("width", [0.05, 0.3, 3])
@pytest.mark.parametrize("prior", ["gaussian", "laplace"])
@pytest.mark.parametrize("problem", [SYNTHETIC, PATIENTS, {"kind": "synthetic_regression", "correlation": 0.99}])
def test_every_drawn_curve_is_a_level_set(problem: dict[str, Any], prior: str, width: float) -> None:
    given = {"problem": problem, "prior": prior, "width": width}
    held, told = behind(**given)
    found, law = held.found, held.posterior
    weight = found.rows / found.noise**2
    shown, flat, before = ask("posterior", **given), ask("likelihood", problem=problem), ask("before", **given)
    norm = (lambda w: 0.5 * np.square(w).sum(-1) / law.width**2) if prior == "gaussian" else (
        lambda w: np.abs(w).sum(-1) / law.width
    )  # fmt: skip
    for panel, answer, role, density, top in (
        ("likelihood", flat, "likelihood_level", lambda w: weight * found.loss.value(w), found.loss.minimiser),
        ("prior", before, "prior_level", norm, np.zeros(2)),
        ("posterior", shown, "posterior_level", law.negative_log, told.mode),
    ):
        drawn = curves(answer, panel, role)
        assert drawn or (panel == "prior" and width == 3)
        for points in drawn:
            z = depth(points, density, top)
            nearest = CURVES[int(np.argmin(np.abs(np.array(CURVES) - np.median(z))))]
            assert np.abs(z - nearest).max() <= 0.02, (panel, nearest, z.min(), z.max())


def test_the_pieces_of_a_laplace_posterior_meet_on_the_axes() -> None:
    shown = ask("posterior", problem=SYNTHETIC, prior="laplace", width=0.2)
    ends = np.array([end for piece in curves(shown, "posterior", "posterior_level") for end in (piece[0], piece[-1])])
    window = rows(problem=SYNTHETIC).posed.window
    inside = np.abs(ends).max(axis=1) < 0.999 * window[1]
    for end in ends[inside & (np.abs(ends).min(axis=1) < 1e-9)]:
        assert np.sort(np.hypot(*(ends - end).T))[1] <= 1e-3


def test_the_band_is_the_variance_of_what_is_predicted() -> None:
    for prior in ("gaussian", "laplace"):
        held, told = behind(prior=prior)
        shown = ask("posterior", prior=prior, draws=0)
        (band,) = curves(shown, "predictive", "predictive_band") or [np.zeros((0, 2))]
        shape = next(one for one in shown.figures["predictive"]["layout"]["shapes"] if one["name"] == "predictive_band")
        corner = [float(one) for one in shape["path"][1:].split("L")[0].split(",")]
        x = corner[0]
        spread = 2 * math.sqrt(x * x * told.covariance[0, 0] + held.found.noise**2 * (1 + 1 / held.found.rows))
        assert corner[1] == pytest.approx(x * told.mean[0] + spread, rel=1e-4)
        assert len(band)


def test_draws_move_with_the_prior_and_come_from_the_posterior() -> None:
    law = behind(prior="laplace", width=0.2)[0].posterior
    assert isinstance(law, LaplacePosterior)
    near, far = law.draws(50, 3), behind(prior="laplace", width=0.21)[0].posterior.draws(50, 3)
    assert np.abs(near - far).max() < 0.1  # the same draws, moved a little
    shown = ask("posterior", prior="laplace", width=0.2, draws=100)
    assert value(shown, "draws_inside") == pytest.approx(95, abs=6)


def test_the_scalar_curves_are_the_soft_threshold_and_a_smooth_mean() -> None:
    shown = ask("posterior", problem=SYNTHETIC, prior="laplace", width=0.1)
    found = rows(problem=SYNTHETIC)
    threshold = found.noise**2 / (
        12
        * value(ask("before", problem=SYNTHETIC, prior="laplace", width=0.1), "prior_width")
        * found.loss.curvature[0, 0]
    )
    (mode,), (mean,) = curves(shown, "thresholds", "mode_curve"), curves(shown, "thresholds", "mean_curve")
    wanted = np.sign(mode[:, 0]) * np.maximum(np.abs(mode[:, 0]) - threshold, 0)
    assert mode[:, 1] == pytest.approx(wanted, abs=1e-4 * found.unit)
    away = np.abs(mean[:, 0]) > 1e-3
    assert (mean[away, 1] * mean[away, 0] > 0).all()


def test_data_drown_the_prior_and_no_data_leave_it() -> None:
    shares = []
    for seen_rows in (5, 50, 442):
        shown, flat = (
            ask("posterior", problem=PATIENTS, rows=seen_rows),
            ask("data", problem=PATIENTS, rows=seen_rows),
        )
        free = np.array([value(flat, "ml_1"), value(flat, "ml_2")])
        shares.append(np.linalg.norm(free - [value(shown, "mode_1"), value(shown, "mode_2")]) / np.linalg.norm(free))
    assert shares[0] > shares[1] > shares[2]
    alone = ask("posterior", rows=1)
    assert value(alone, "spread_1") == pytest.approx(value(ask("before", rows=1), "prior_width"), rel=1e-12)
    assert (value(alone, "mode_1"), value(alone, "mean_2")) == (0, 0)


def test_a_small_reach_looks_closely_at_what_is_near_zero() -> None:
    """The planes of prior and posterior shrink around 0, that of the likelihood stays; what is gone is not listed."""
    given = {"problem": SYNTHETIC, "prior": "laplace", "strength": 1}
    wide, near = (ask("data", **given, reach=reach).figures for reach in (1, 0.1))
    for panel, share in (("likelihood", 1), ("prior", 0.1), ("posterior", 0.1)):
        for axis in ("xaxis", "yaxis"):
            ends = [share * one for one in wide[panel]["layout"][axis]["range"]]
            assert near[panel]["layout"][axis]["range"] == pytest.approx(ends)
    named = [[one["name"] for one in figures["posterior"]["layout"].get("shapes", [])] for figures in (wide, near)]
    assert named == [["free_optimum"], []]
    assert near["likelihood"]["layout"]["shapes"] == wide["likelihood"]["layout"]["shapes"]


def test_a_prior_chooses_in_a_valley_of_equal_fits() -> None:
    """Two features that are almost copies: the fit leaves their difference open, and the prior shares evenly."""
    given = {"problem": {"kind": "synthetic_regression", "correlation": 0.99}, "rows": 12, "width": 0.3}
    free, mode = ask("data", **given), ask("posterior", **given)
    shrunk = math.hypot(value(mode, "mode_1"), value(mode, "mode_2"))
    assert shrunk < 0.75 * math.hypot(value(free, "ml_1"), value(free, "ml_2"))
    assert value(mode, "mode_1") == pytest.approx(value(mode, "mode_2"), rel=0.15)


def test_the_evidence_is_the_one_of_the_formula() -> None:
    held, _ = behind()
    law = held.posterior
    assert isinstance(law, GaussianPosterior)
    n = held.found.rows
    contrasts = helmert(n)  # orthonormal, without the mean that a flat intercept takes
    X, y = contrasts @ held.found.design, contrasts @ held.found.response
    covariance = law.noise**2 * np.eye(n - 1) + law.width**2 * X @ X.T
    expected = multivariate_normal(np.zeros(n - 1), covariance).logpdf(y)
    assert value(ask("posterior"), "evidence") == pytest.approx(expected, rel=1e-10)


@pytest.mark.parametrize("prior", ["gaussian", "laplace"])
def test_a_row_that_says_nothing_is_no_evidence(prior: str) -> None:
    assert value(ask("posterior", rows=1, prior=prior), "evidence") == pytest.approx(0, abs=1e-9)


@pytest.mark.parametrize("prior", ["gaussian", "laplace"])
def test_under_a_wide_prior_the_noise_of_highest_evidence_is_unbiased(prior: str) -> None:
    """σ² = RSS/(n − 3): two weights and the intercept are paid for."""
    shares = np.geomspace(0.3, 3, 400)
    found = rows(rows=12)
    scores = [value(ask("posterior", rows=12, width=1e3, noise=float(s), prior=prior, draws=0), "evidence")
              for s in shares]  # fmt: skip
    left = float(np.square(found.response - found.design @ found.loss.minimiser).sum())
    assert shares[int(np.argmax(scores))] * found.measured == pytest.approx(math.sqrt(left / 9), rel=0.01)


@pytest.mark.parametrize("prior", ["gaussian", "laplace"])
def test_band_and_lines_know_that_the_intercept_is_unsure(prior: str) -> None:
    """At the mean of the features half the band is 2σ√(1 + 1/n), and lines are spread by σ/√n."""
    for n in (1, 3, 12):
        given = {"rows": n, "prior": prior, "draws": 100}
        found, shown = rows(rows=n), ask("posterior", **given)
        (band,) = [one for one in shown.figures["predictive"]["layout"]["shapes"] if one["name"] == "predictive_band"]
        points = np.array([[float(x) for x in at.split(",")] for at in band["path"][1:].rstrip("Z").split("L")])
        middle = points[np.abs(points[:, 0]) < 1e-9 * np.abs(points[:, 0]).max() + 1e-12, 1]
        assert np.abs(middle) == pytest.approx(2 * found.noise * math.sqrt(1 + 1 / n), rel=1e-3)
        lines = curves(shown, "predictive", "posterior_draw")
        levels = np.array([(one[0, 1] + one[-1, 1]) / 2 for one in lines])
        assert len(levels) == 100
        assert levels.std() == pytest.approx(found.noise / math.sqrt(n), rel=0.25)


def test_a_mean_that_symmetry_makes_zero_is_zero() -> None:
    constant = {"kind": "synthetic_regression", "noise": 0, "weight_1": 0, "weight_2": 0}
    for given in ({"problem": constant}, {"rows": 1}):
        shown = ask("posterior", prior="laplace", **given)
        assert (value(shown, "mean_1"), value(shown, "mean_2"), value(shown, "mean_zeros")) == (0, 0, 2)
        assert "the mean is 0 by symmetry" in shown.outcome.sentence
    assert value(ask("posterior", prior="laplace", strength=1e6), "mean_zeros") == 0


def test_counts_of_rows_are_grammar() -> None:
    shown = ask("data", rows=1)
    assert shown.objective.endswith("1 row is seen")
    assert "1 row is seen." in shown.outcome.sentence
    assert "There is only 1 row." in ask("data", problem={"kind": "synthetic_regression", "rows": 1}).outcome.sentence


AWKWARD = [
    {"rows": 1},
    {"rows": 2, "prior": "laplace"},
    {"problem": {"kind": "synthetic_regression", "rows": 1}, "prior": "laplace"},
    {"problem": {"kind": "synthetic_regression", "noise": 0}, "rows": 5000},
    {"problem": {"kind": "synthetic_regression", "noise": 0, "weight_1": 0, "weight_2": 0}, "prior": "laplace"},
    {"problem": {"kind": "synthetic_regression", "correlation": 0.99}, "prior": "laplace", "rows": 3},
    {
        "problem": {"kind": "synthetic_regression", "correlation": -0.99},
        "rows": 5000,
        "noise": 0.01,
        "prior": "laplace",
    },
    {"problem": {"kind": "regression", "dataset": "wine", "others": "free", "standardise": False}, "prior": "laplace"},
    {"problem": {"kind": "regression", "dataset": "iris", "others": "fixed"}, "rows": 5000},
    {"problem": {"kind": "regression", "dataset": "diabetes", "standardise": False}, "prior": "laplace", "rows": 442},
]


@pytest.mark.parametrize("given", AWKWARD, ids=str)
@pytest.mark.parametrize("turn", [{"width": 1e-4}, {"width": 1}, {"width": 1e4}, {"strength": 1e-8}, {"strength": 1e6}])
def test_awkward_beliefs_are_answered(given: dict[str, Any], turn: dict[str, float]) -> None:
    for noise in (0.01, 100):
        for name in PRIOR.parts:
            answer = ask(name, **{**given, **turn, "noise": given.get("noise", noise)})
            values = [one.value for one in answer.readouts.values() if isinstance(one.value, float)]
            assert all(map(math.isfinite, values)), name
            assert all(map(math.isfinite, numbers(dict(answer.figures)))), name
            assert answer.outcome.sentence.rstrip().endswith(".")
            if name == "posterior":
                assert value(answer, "map_residual") <= 1e-6
                assert abs(value(answer, "map_gap")) <= 1e-6


@pytest.mark.parametrize(
    "given",
    [
        {"rows": 12},
        {"prior": "laplace", "width": 0.2},
        {"problem": {**PATIENTS, "others": "free"}, "rows": 30},
        {"problem": {**PATIENTS, "others": "fixed"}, "rows": 30, "prior": "laplace", "width": 0.3},
    ],
    ids=str,
)
def test_the_script_gives_the_same_numbers(given: dict[str, Any], capsys: pytest.CaptureFixture[str]) -> None:
    exec(PRIOR.python(knobs(**given), LIBRARY), {})  # noqa: S102 (our own script)
    told, shown = capsys.readouterr().out, ask("posterior", **given)
    assert float(told.split("alpha = ")[1].split()[0]) == pytest.approx(value(shown, "alpha"), rel=1e-9)
    vectors = [[float(one) for one in part.split("]")[0].split()] for part in told.split("[")[1:]]
    mode, mean = [[value(shown, f"{name}_{i}") for i in (1, 2)] for name in ("mode", "mean")]
    unit = float(np.abs(mode).max())
    assert vectors[0] == pytest.approx(mode, rel=1e-6, abs=1e-6 * unit)
    assert vectors[1] == pytest.approx(mean, rel=1e-4, abs=1e-4 * unit)


def test_a_sweep_holds_every_width_and_is_worth_its_while() -> None:
    import orjson

    from app.web.questions import Question, affordable, computed

    asked = Question(PRIOR, PRIOR.parts["posterior"], knobs(prior="laplace", draws=100), "width")
    assert affordable(asked, LIBRARY)
    begin = time.process_time()
    swept = orjson.loads(computed(asked, LIBRARY))
    assert time.process_time() - begin < 3.0
    assert len(swept["values"]) == len(swept["frames"]) == 61
    place = swept["values"].index(pytest.approx(1))
    single = ask("posterior", prior="laplace", width=1, draws=100)
    assert swept["frames"][place]["readouts"]["mean_1"] == pytest.approx(value(single, "mean_1"), rel=1e-12)


def test_two_thirds_of_a_prior_are_where_the_sentence_says() -> None:
    from scipy import stats

    gauss, laplace = ask("before", prior="gaussian", width=1), ask("before", prior="laplace", width=1)
    for answer, law in ((gauss, stats.norm), (laplace, stats.laplace)):
        reach = value(answer, "prior_width") * law.ppf(5 / 6)
        assert f"within ±{reach:.3g}." in answer.outcome.sentence


def test_what_is_plugged_in_is_said() -> None:
    for others, there in (("free", True), ("fixed", False), ("absent", False)):
        assert (
            "as if that were known" in ask("data", problem={**PATIENTS, "others": others}).outcome.sentence
        ) == there
