"""The page on sparsity: paths, folds, maps and corners against scikit-learn, counting, and the textbook."""

import math
from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_allclose
from sklearn.linear_model import ElasticNet, Lasso, LassoCV, Ridge

from app.data import Library, Uploads
from app.geometry import Array, fold_of_each_row
from app.labs.lab import Answer
from app.labs.sparsity import SPARSITY, SparsityKnobs
from app.labs.sparsity.held_back import TRIED
from tests.test_labs import numbers
from tests.test_shrinkage import upload

LIBRARY = Library(Uploads(None))
COPIES = {"kind": "synthetic", "features": 3, "correlation": 1, "informative": 1}


def ask(part: str, library: Library = LIBRARY, **given: Any) -> Answer:
    asked = SPARSITY.parts[part]
    return asked.compute(**SPARSITY.given(asked, SparsityKnobs.model_validate(given), library))


def value(answer: Answer, name: str) -> Any:
    return answer.readouts[name].value


def traces(answer: Answer, panel: str) -> dict[str, Array]:
    """Points of the traces of a figure by name."""
    return {one["name"]: np.stack([one["x"], one["y"]], axis=-1) for one in answer.figures[panel]["data"]}


def shapes(answer: Answer, panel: str) -> dict[str, str]:
    return {one["name"]: one.get("path", "") for one in answer.figures[panel]["layout"]["shapes"]}


def diabetes() -> tuple[Array, Array]:
    drawn = LIBRARY.sampled(SparsityKnobs().sample)
    return drawn.design, drawn.response


def test_the_knots_of_the_diabetes_data() -> None:
    """λ = n·α for columns of length 1, as the field has them: 949.44, 889.31, 452.90, …"""
    answer = ask("path")
    wanted = [949.44, 889.31, 452.90, 316.07, 130.13, 88.78, 68.96, 19.98, 5.48, 5.09, 2.18, 1.31, 0]
    assert value(answer, "knots") == len(wanted)
    assert value(answer, "unit") * 442**0.5 == pytest.approx(wanted[0], abs=5e-3)
    events = [one for one in answer.figures["path"]["data"] if one["meta"]["role"] in ("enters", "leaves")]
    at = np.sort(np.concatenate([one["x"] for one in events]))[::-1]
    assert_allclose(at * value(answer, "unit") * 442**0.5, wanted[:-1], atol=6e-3)
    assert value(answer, "order") == "bmi, s5, bp, s3, sex, s6, s1, s4, s2, age"
    assert (value(answer, "leaves"), value(answer, "came_back")) == ("s3", "s3")
    assert [list(one["text"]) for one in events if one["meta"]["role"] == "leaves"] == [["s3 leaves"]]
    assert value(answer, "path_residual") < 1e-12


@pytest.mark.parametrize("penalty", ["lasso", "elastic_net", "ridge"])
def test_scikit_learn_draws_the_same_lines(penalty: str) -> None:
    X, y = diabetes()
    answer = ask("path", penalty=penalty, ratio=0.7)
    unit, lines = value(answer, "unit"), traces(answer, "path")
    for i in (10, 60, 100):
        share = lines["bmi"][i, 0]
        model: Any = {
            "lasso": Lasso(alpha=share * unit, tol=1e-14, max_iter=1_000_000),
            "elastic_net": ElasticNet(alpha=share * unit, l1_ratio=0.7, tol=1e-14, max_iter=1_000_000),
            "ridge": Ridge(alpha=len(y) * share * unit),
        }[penalty].fit(X, y)
        drawn = [lines[name][i, 1] for name in LIBRARY.sampled(SparsityKnobs().sample).names]
        assert_allclose(drawn, model.coef_, atol=3e-4)  # rounded to what a picture shows
        now = ask("moment", penalty=penalty, ratio=0.7, strength=float(share))
        assert value(now, "explained") == pytest.approx(100 * model.score(X, y), abs=1e-3)


def test_what_is_selected() -> None:
    for strength, chosen in ((1.0, "none"), (0.95, "bmi"), (0.6, "bmi, s5"), (0.2, "bmi, s5, bp, s3")):
        answer = ask("moment", strength=strength)
        assert value(answer, "selected") == chosen
        assert value(answer, "freedom") == value(answer, "nonzero") == 10 - value(answer, "zeros")
    for strength in (1e-4, 0.1, 1.0, 1e6):
        assert value(ask("moment", penalty="ridge", strength=strength), "zeros") == 0
    hardly = ask("moment", penalty="ridge", strength=1)  # at α = 10·L
    assert (value(hardly, "nonzero"), value(hardly, "explained") < 10) == (10, True)


def test_degrees_of_freedom_are_the_trace_of_what_maps_y_to_its_fit() -> None:
    X, _ = diabetes()
    for penalty, ratio in (("ridge", 0.0), ("elastic_net", 0.5)):
        answer = ask("moment", penalty=penalty, strength=0.02)
        alpha, names = value(answer, "alpha"), LIBRARY.sampled(SparsityKnobs().sample).names
        on = [names.index(name) for name in value(answer, "selected").split(", ")]
        A = X[:, on]
        hat = A @ np.linalg.solve(A.T @ A + len(X) * alpha * (1 - ratio) * np.eye(len(on)), A.T)
        assert value(answer, "freedom") == pytest.approx(np.trace(hat))


def test_cross_validation_is_that_of_scikit_learn() -> None:
    X, y = diabetes()
    answer = ask("validation", folds=6, split=3)
    unit = value(ask("path"), "unit")
    fold = fold_of_each_row(len(y), 6, 3)
    splits = [(np.flatnonzero(fold != k), np.flatnonzero(fold == k)) for k in range(6)]
    theirs = LassoCV(alphas=TRIED * unit, cv=splits, tol=1e-10, max_iter=1_000_000).fit(X, y)
    losses = 0.5 * np.average(theirs.mse_path_, axis=1, weights=[len(out) for _, out in splits])
    drawn = traces(answer, "validation")
    assert_allclose(drawn["validation loss"][:, 1], losses, rtol=1e-4)
    assert value(answer, "best") == pytest.approx(TRIED[losses.argmin()])
    limit = value(answer, "best_loss") + value(answer, "standard_error")
    assert value(answer, "rule") == pytest.approx(TRIED[np.flatnonzero(losses <= limit)[0]])
    assert value(answer, "rule_loss") <= limit


def test_maps_of_one_weight() -> None:
    answer = ask("maps", threshold=0.8, ratio=0.25)
    for v, size in ((0.5, "small"), (2.0, "large")):
        assert value(answer, f"soft_{size}") == pytest.approx(max(v - 0.8, 0))
        assert value(answer, f"shrunk_{size}") == pytest.approx(v / 1.8)
        assert value(answer, f"net_{size}") == pytest.approx(max(v - 0.2, 0) / 1.6)
        assert value(answer, f"hard_{size}") == (v if v > 0.8 else 0)
    drawn = shapes(answer, "maps")
    assert drawn["lasso_map"] == "M-3,-2.2L-0.8,0L0.8,0L3,2.2"
    assert drawn["hard_map"].count("M") == 3


@pytest.mark.parametrize(("decay", "lands"), [(0.07, 23), (0.15, 11), (0.5, 4), (0.01, None), (0.0, None)])
def test_steps_of_one_weight(decay: float, lands: int | None) -> None:
    answer = ask("steps", decay=decay)
    assert value(answer, "lands") == lands
    assert value(answer, "left_by_l2") == pytest.approx(1.6 * (1 - decay) ** 60)
    if lands:
        assert 0 < value(answer, "chatter") <= decay
        sooner, w, v = 0, 1.6, 1.6
        while not v < w:
            sooner, w, v = sooner + 1, (1 - decay) * w, max(v - decay, 0.0)
        assert value(answer, "sooner") == sooner


def test_the_sign_step_that_meets_zero_stays_there() -> None:
    answer = ask("steps", decay=0.8)
    assert value(answer, "chatter") == 0
    assert "by luck" in answer.outcome.sentence


def test_corners_are_counted_and_drawn_where_they_are() -> None:
    answer = ask("corners", bowls=500, ball=0.3, condition=50)
    points = traces(answer, "bowls")
    corners, round_ones = points["L1: in the diamond"], points["L2: in the disc"]
    assert_allclose(np.abs(corners).sum(axis=1), 1.0, atol=1e-5)
    assert_allclose(np.hypot(*round_ones.T), 1.0, atol=1e-5)
    shared = traces(ask("by_size", bowls=500, condition=50), "shares")
    place = int(np.abs(shared["L1: in the diamond"][:, 0] - 0.3).argmin())
    assert shared["L1: in the diamond"][place, 1] == pytest.approx(value(answer, "corner_l1"))
    assert value(answer, "corner_l2") == 0
    assert not shared["L2: in the disc"][:, 1].any()
    drawn = 100 * float((corners == 0).any(axis=1).mean())
    assert drawn == pytest.approx(value(answer, "corner_l1"), abs=6)  # the first 400 of 500


@pytest.mark.parametrize(
    ("free", "truth", "guess"),
    [((1, 1), (6 / 7, 6 / 7), (0.75, 0.75)), ((1, -0.2), (0.6, 0), (0.75, 0)), ((1, -1), (0, 0), (0.75, -0.75))],
)
def test_the_diagonal_formula_of_the_textbook(free: Any, truth: Any, guess: Any) -> None:
    """H = [[2, 1.5], [1.5, 2]], α = ½."""
    bowl = {
        "kind": "bowl",
        "curvature_1": 3.5,
        "curvature_2": 0.5,
        "angle": 45,
        "minimiser_1": free[0],
        "minimiser_2": free[1],
    }
    largest = float(np.abs(np.array([[2, 1.5], [1.5, 2]]) @ free).max())
    answer = ask("shortcut", problem=bowl, strength=0.5 / largest)
    assert (value(answer, "truth_1"), value(answer, "truth_2")) == pytest.approx(truth, abs=1e-9)
    assert (value(answer, "guess_1"), value(answer, "guess_2")) == pytest.approx(guess, abs=1e-9)
    assert value(answer, "formula_cost") > 0


def test_the_formula_is_right_where_the_hessian_is_diagonal() -> None:
    answer = ask("shortcut", problem={"kind": "bowl"}, strength=0.3)
    assert value(answer, "formula_error") == pytest.approx(0, abs=1e-12)
    assert answer.outcome.sentence == "The diagonal formula gives the optimum here."


def test_copies_are_named() -> None:
    said = ask("path", sample=COPIES).outcome.sentence
    assert "'x1', 'x2', 'x3' are copies up to scale" in said
    said = ask("path", sample=COPIES, penalty="ridge").outcome.sentence
    assert "unique all the same" in said
    shared = ask("moment", sample=COPIES, penalty="elastic_net")
    assert value(shared, "nonzero") == 3
    assert value(shared, "largest_weight") == pytest.approx(value(shared, "least_weight"))


@pytest.mark.parametrize("beside", ["ridge", "elastic_net", "lasso"])
def test_another_penalty_is_drawn_beside_as_it_is_alone(beside: Any) -> None:
    """The same lines and numbers as on a page of its own, over a chart that holds both."""
    both, alone = ask("path", beside=beside), ask("path", penalty=beside)
    wanted = [
        np.stack([one["x"], one["y"]]) for one in alone.figures["path"]["data"] if one["meta"]["role"] != "enters"
    ]
    drawn = [np.stack([one["x"], one["y"]]) for one in both.figures["path"]["data"] if one["meta"]["role"] == "beside"]
    assert len(drawn) == 10
    assert all(np.array_equal(*pair) for pair in zip(drawn, wanted, strict=False))
    low, high = both.figures["path"]["layout"]["yaxis"]["range"]
    assert all(low < line[1].min() and line[1].max() < high for line in drawn)
    there, own = ask("moment", beside=beside, strength=0.3), ask("moment", penalty=beside, strength=0.3)
    assert value(there, "beside_nonzero") == value(own, "nonzero")
    assert value(there, "beside_largest") == value(own, "largest_weight")


def test_ridge_beside_the_lasso_shares_what_the_lasso_gives_to_one_copy() -> None:
    sample = {"kind": "synthetic", "features": 2, "correlation": 1, "informative": 1}
    found = ask("moment", sample=sample, beside="ridge")
    assert (value(found, "nonzero"), value(found, "beside_nonzero")) == (1, 2)
    assert value(found, "beside_least") == pytest.approx(value(found, "beside_largest"))


EXTREMES = [
    {"strength": 0}, {"strength": 1e6}, {"threshold": 0, "decay": 0, "ball": 0.01},
    {"decay": 1, "ball": 1, "condition": 1},
    {"threshold": 3, "ratio": 1, "condition": 1000, "bowls": 10},
    {"sample": {"kind": "synthetic", "rows": 1}}, {"sample": {"kind": "synthetic", "rows": 2}, "folds": 50},
    {"sample": {"kind": "synthetic", "rows": 6, "features": 50}, "folds": 20},
    {"sample": {"kind": "synthetic", "noise": 0, "informative": 0}},
    {"sample": {"kind": "table", "dataset": "wine", "standardise": False}},
    {"sample": COPIES, "strength": 0},
    {"problem": {"kind": "bowl", "minimiser_1": 0, "minimiser_2": 0}},
    {"problem": {"kind": "synthetic_regression", "rows": 1}},
    {"problem": {"kind": "regression", "others": "free"}},
]  # fmt: skip


@pytest.mark.parametrize("penalty", ["lasso", "elastic_net", "ridge"])
@pytest.mark.parametrize("given", EXTREMES, ids=str)
def test_every_corner_has_a_finite_answer_and_a_sentence(given: dict[str, Any], penalty: str) -> None:
    for part in SPARSITY.parts:
        answer = ask(part, **given, penalty=penalty)
        values = [one.value for one in answer.readouts.values()]
        assert all(math.isfinite(one) for one in values if isinstance(one, float)), part
        assert all(math.isfinite(number) for figure in answer.figures.values() for number in numbers(figure)), part
        assert answer.outcome.sentence.endswith("."), part


@pytest.mark.parametrize("ratio", [0.0, 1.0])
def test_the_ends_of_the_elastic_net_are_ridge_and_lasso(ratio: float) -> None:
    net, end = ask("path", penalty="elastic_net", ratio=ratio), ask("path", penalty="lasso" if ratio else "ridge")
    lines = traces(end, "path")
    assert len(lines) >= 10
    for name, points in lines.items():
        np.testing.assert_array_equal(traces(net, "path")[name], points)


def test_more_folds_than_rows_are_said() -> None:
    answer = ask("validation", sample={"kind": "synthetic", "rows": 7, "features": 2}, folds=20)
    assert value(answer, "folds_used") == 7
    assert "each is a fold of its own" in answer.outcome.sentence
    none = ask("validation", sample={"kind": "synthetic", "rows": 1})
    assert "cannot be split" in none.outcome.sentence


@pytest.mark.parametrize("penalty", ["lasso", "elastic_net", "ridge"])
@pytest.mark.parametrize("rows", [40, 300])
def test_a_table_of_fifty_columns(rows: int, penalty: str) -> None:
    library, sample = upload(rows, 50)
    path, now = (ask(part, library, sample=sample, penalty=penalty) for part in ("path", "moment"))
    assert value(path, "features") == 49
    assert value(path, "path_residual") < 1e-8
    assert len(path.figures["path"]["data"]) >= 49
    assert value(now, "nonzero") + value(now, "zeros") == 49
    assert value(ask("validation", library, sample=sample, penalty=penalty), "folds_used") == 10


@pytest.mark.parametrize("penalty", ["lasso", "elastic_net", "ridge"])
def test_the_script_finds_the_same_weights(penalty: str, capsys: pytest.CaptureFixture[str]) -> None:
    given: dict[str, Any] = {
        "penalty": penalty,
        "strength": 0.2,
        "sample": {"kind": "synthetic", "rows": 60},
        "folds": 4,
    }
    space: dict[str, Any] = {}
    exec(SPARSITY.python(SparsityKnobs.model_validate(given), LIBRARY), space)  # noqa: S102
    said = capsys.readouterr().out
    answer = ask("moment", **given)
    assert space["alpha"] == pytest.approx(value(answer, "alpha"))
    assert np.abs(space["w"]).max() == pytest.approx(value(answer, "largest_weight"), rel=1e-6)
    assert int(np.count_nonzero(space["w"])) == value(answer, "nonzero")
    drawn = traces(ask("validation", **given), "validation")["validation loss"][0, 1]
    first = float(said.split("1 of the unit: loss ")[1].split(" ")[0])
    assert first == pytest.approx(drawn, rel=1e-4)


def test_an_end_of_the_strengths_is_called_one() -> None:
    clear = {"kind": "synthetic", "rows": 500, "features": 3, "informative": 3, "noise": 0}
    shown = ask("validation", sample=clear)
    assert value(shown, "best") == pytest.approx(1e-4)
    assert "at the end, at 0.0001: a weaker penalty may do better" in shown.outcome.sentence
    wide = {"kind": "synthetic", "rows": 3, "features": 50}
    told = ask("validation", penalty="ridge", sample=wide, folds=2)
    assert value(told, "best") == 1
    assert told.outcome.sentence.endswith("strongest penalty tried, 10·L, where ridge still leaves a model.")
    assert "none" not in told.outcome.sentence


def test_it_is_said_what_the_folds_share() -> None:
    assert "scale and αₘₐₓ come from all rows" in (SparsityKnobs.model_fields["folds"].description or "")
