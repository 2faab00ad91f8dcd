"""The page on shrinkage: factors, updates and the formula against walking, other libraries and the textbook."""

import math
from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_allclose
from sklearn.decomposition import PCA
from sklearn.linear_model import LogisticRegression, Ridge

from app.data import Library, Uploads
from app.labs.lab import Answer
from app.labs.shrinkage import SHRINKAGE, ShrinkageKnobs
from tests.test_labs import numbers

LIBRARY = Library(Uploads(None))
TEXTBOOK = {"kind": "bowl", "curvature_1": 1, "curvature_2": 5, "minimiser_1": 2, "minimiser_2": 1}
CLOUDS = {"kind": "synthetic_classification"}


def ask(part: str, library: Library = LIBRARY, **given: Any) -> Answer:
    asked = SHRINKAGE.parts[part]
    return asked.compute(**SHRINKAGE.given(asked, ShrinkageKnobs.model_validate(given), library))


def value(answer: Answer, name: str) -> Any:
    return answer.readouts[name].value


def marked(answer: Answer, role: str, panel: str = "plane") -> list[dict[str, Any]]:
    return [one for one in answer.figures[panel]["layout"]["shapes"] if one["name"] == role]


def upload(rows: int, columns: int, seed: int = 0) -> tuple[Library, dict[str, Any]]:
    library = Library(Uploads(None))
    table = np.random.default_rng(seed).standard_normal((rows, columns)).round(6)
    lines = [",".join(f"c{j}" for j in range(columns)), *(",".join(map(repr, row)) for row in table.tolist())]
    return library, {"kind": "table", "dataset": library.add("\n".join(lines).encode()).id}


@pytest.mark.parametrize(
    ("strength", "wanted"), [(0.1, (4 / 3, 10 / 11)), (0.2, (1.0, 5 / 6)), (1.0, (1 / 3, 1 / 2)), (0.0, (2.0, 1.0))]
)
def test_the_numbers_of_the_textbook(strength: float, wanted: tuple[float, float]) -> None:
    """H = diag(1, 5), ŵ = (2, 1): α = ½, 1 and 5."""
    answer = ask("decayed", problem=TEXTBOOK, strength=strength)
    assert (value(answer, "w1"), value(answer, "w2")) == pytest.approx(wanted, abs=1e-12)
    assert value(answer, "factor_1") == pytest.approx(5 / (5 + 5 * strength))
    assert value(answer, "factor_2") == pytest.approx(1 / (1 + 5 * strength))
    assert value(answer, "freedom") == pytest.approx(value(answer, "factor_1") + value(answer, "factor_2"))
    assert value(answer, "miss") == pytest.approx(0.0, abs=1e-9)
    (point,) = marked(answer, "shrunken")
    assert (point["xanchor"], point["yanchor"]) == pytest.approx(wanted, rel=1e-5)


def test_components_shrink_along_the_eigenvectors_and_bars_are_as_high() -> None:
    answer = ask("decayed", problem={**TEXTBOOK, "angle": 30}, strength=0.3)
    turn = np.deg2rad(30)
    axis, across = np.array([np.cos(turn), np.sin(turn)]), np.array([-np.sin(turn), np.cos(turn)])
    w, free = np.array([value(answer, "w1"), value(answer, "w2")]), np.array([2.0, 1.0])
    assert axis @ w == pytest.approx((axis @ free) / (1 + 1.5))
    assert across @ w == pytest.approx((across @ free) * 5 / (5 + 1.5))
    bars = [one["path"] for one in marked(answer, "factor", "factors")]
    assert [float(path.split("L")[1].split(",")[1]) for path in bars] == pytest.approx([5 / 6.5, 1 / 2.5], abs=1e-4)
    length = np.linalg.norm(w) / np.linalg.norm(free)
    assert value(answer, "from_proportional") == pytest.approx(
        100 * np.linalg.norm(w - length * free) / np.linalg.norm(free)
    )


def test_scikit_learn_decays_all_features_in_the_same_way() -> None:
    for strength in (0.001, 0.1, 3.0):
        answer = ask("directions", strength=strength)
        drawn = LIBRARY.sampled(ShrinkageKnobs().sample)
        variances = PCA().fit(drawn.design).explained_variance_ * (drawn.rows - 1) / drawn.rows
        alpha = strength * variances[0]
        assert value(answer, "sample_alpha") == pytest.approx(alpha)
        assert value(answer, "sample_freedom") == pytest.approx((variances / (variances + alpha)).sum())
        assert value(answer, "survivors") == int((variances >= alpha * (1 - 1e-12)).sum())
        model = Ridge(alpha=drawn.rows * alpha, fit_intercept=False).fit(drawn.design, drawn.response)
        assert value(answer, "explained") == pytest.approx(100 * model.score(drawn.design, drawn.response))
        sizes = np.abs(model.coef_)
        assert (value(answer, "least_weight"), value(answer, "largest_weight")) == pytest.approx(
            (sizes.min(), sizes.max()), rel=1e-6
        )


def test_what_the_directions_are_made_of() -> None:
    drawn = LIBRARY.sampled(ShrinkageKnobs().sample)
    first = PCA().fit(drawn.design).components_[0]
    most = np.argsort(-np.abs(first))[:3]
    said = value(ask("spectrum"), "steepest")
    assert [drawn.names[j] in said for j in most] == [True, True, True]
    assert f"{np.abs(first).max():.2f}" in said


def test_the_formula_around_a_logistic_optimum() -> None:
    for strength in (0.01, 1.0):
        answer = ask("decayed", problem=CLOUDS, strength=strength)
        space: dict[str, Any] = {}
        exec(LIBRARY.pose(ShrinkageKnobs.model_validate({"problem": CLOUDS}).problem).python, space)  # noqa: S102
        X, y = space["X"], space["y"]
        free = LogisticRegression(C=np.inf, tol=1e-10, max_iter=10_000).fit(X, y)
        chance = free.predict_proba(X)[:, 1]
        with_ones = np.column_stack([X, np.ones(len(X))])
        H = with_ones.T @ (with_ones * (chance * (1 - chance))[:, None]) / len(X)
        H = H[:2, :2] - np.outer(H[:2, 2], H[:2, 2]) / H[2, 2]
        alpha = strength * np.linalg.eigvalsh(H)[-1]
        formula = np.linalg.solve(H + alpha * np.eye(2), H @ free.coef_[0])
        truth = LogisticRegression(C=1 / (len(X) * alpha), tol=1e-10, max_iter=10_000).fit(X, y).coef_[0]
        assert value(answer, "alpha") == pytest.approx(alpha, rel=1e-5)
        assert (value(answer, "w1"), value(answer, "w2")) == pytest.approx(tuple(truth), abs=1e-5)
        miss = 100 * np.linalg.norm(formula - truth) / np.linalg.norm(free.coef_)
        assert value(answer, "miss") == pytest.approx(miss, rel=1e-3)
    assert marked(ask("contour", problem=CLOUDS), "approximation")
    assert not marked(ask("contour"), "approximation")


def test_an_update_is_its_two_halves() -> None:
    """The fourth update by hand: gradient at the old w, and the sum is gradient descent on J + α½‖w‖²."""
    H, free, alpha, eta = np.diag([1.0, 5.0]), np.array([2.0, 1.0]), 1.0, 0.1
    w = free
    for _ in range(3):
        w = w - eta * (H @ (w - free) + alpha * w)
    answer = ask("update", problem=TEXTBOOK, strength=0.2, step=0.5, update=3)
    (at,) = marked(answer, "updating")
    assert (at["xanchor"], at["yanchor"]) == pytest.approx(tuple(w), rel=1e-5)
    assert value(answer, "kept") == pytest.approx(0.9)
    assert value(answer, "scaling") == pytest.approx(0.1 * np.linalg.norm(w))
    assert value(answer, "stepping") == pytest.approx(0.1 * np.linalg.norm(H @ (w - free)))
    assert value(answer, "change") == pytest.approx(0.1 * np.linalg.norm(H @ (w - free) + w))
    assert value(answer, "worst_factor") == pytest.approx(0.8)
    scaled, stepped = marked(answer, "scaled")[0]["path"], marked(answer, "stepped")[0]["path"]
    assert scaled.startswith(f"M{w[0]:.6g},{w[1]:.6g}")
    assert stepped.startswith(f"M{0.9 * w[0]:.6g},{0.9 * w[1]:.6g}")


@pytest.mark.parametrize(
    ("strength", "step", "kind"),
    [(0.2, 1.0, "converged"), (3.0, 1.0, "diverged"), (0.5, 1.5, "diverged"), (0.0, 0.1, "converged")],
)
def test_updates_converge_or_say_that_they_do_not(strength: float, step: float, kind: str) -> None:
    answer = ask("update", problem=TEXTBOOK, strength=strength, step=step, update=40)
    assert answer.outcome.kind == kind
    assert (value(answer, "worst_factor") > 1) == (kind == "diverged")


EXTREMES = [
    {"strength": 0}, {"strength": 1e6}, {"step": 100, "strength": 1e6, "update": 40}, {"step": 0.01, "update": 40},
    {"problem": {**TEXTBOOK, "minimiser_1": 0, "minimiser_2": 0}},
    {"problem": {"kind": "synthetic_regression", "rows": 1}},
    {"problem": {"kind": "classification", "dataset": "iris", "positive": "setosa"}, "strength": 0},
    {"problem": {"kind": "classification", "dataset": "iris", "positive": "setosa"}, "strength": 1e6, "step": 100},
    {"problem": {"kind": "synthetic_classification", "rows": 1}},
    {"problem": {"kind": "regression", "others": "free"}, "strength": 0},
    {"sample": {"kind": "synthetic", "rows": 1}, "strength": 0},
    {"sample": {"kind": "synthetic", "rows": 5, "features": 50}, "strength": 0},
    {"sample": {"kind": "synthetic", "features": 1, "correlation": 1}},
    {"sample": {"kind": "table", "standardise": False}, "strength": 1e6},
]  # fmt: skip


@pytest.mark.parametrize("given", EXTREMES, ids=str)
def test_every_corner_has_a_finite_answer_and_a_sentence(given: dict[str, Any]) -> None:
    for part in SHRINKAGE.parts:
        answer = ask(part, **given)
        values = [one.value for one in answer.readouts.values()]
        assert all(math.isfinite(one) for one in values if isinstance(one, float)), part
        assert all(math.isfinite(number) for figure in answer.figures.values() for number in numbers(figure)), part
        assert answer.outcome.sentence.endswith("."), part


def test_duplicate_columns_are_named_and_shared_out() -> None:
    given = {"sample": {"kind": "synthetic", "features": 4, "correlation": 1}, "strength": 0.01}
    assert "'x1', 'x2', 'x3', 'x4' are copies" in ask("spectrum", **given).outcome.sentence
    answer = ask("directions", **given)
    assert value(answer, "survivors") == 1
    assert value(answer, "largest_weight") == pytest.approx(value(answer, "least_weight"))


def test_a_table_of_fifty_columns() -> None:
    library, sample = upload(60, 50)
    assert value(ask("spectrum", library, sample=sample), "features") == 49
    assert len(marked(ask("directions", library, sample=sample), "factor", "directions")) == 49


@pytest.mark.parametrize(
    "given", [{}, {"problem": CLOUDS}, {"problem": {"kind": "regression", "others": "fixed"}}], ids=str
)
def test_the_script_finds_the_same_weights(given: dict[str, Any], capsys: pytest.CaptureFixture[str]) -> None:
    space: dict[str, Any] = {}
    exec(SHRINKAGE.python(ShrinkageKnobs.model_validate(given), LIBRARY), space)  # noqa: S102
    capsys.readouterr()
    answer = ask("decayed", **given)
    assert_allclose(space["w"].value, [value(answer, "w1"), value(answer, "w2")], rtol=1e-3, atol=1e-3)
    assert space["factors"].sum() == pytest.approx(value(ask("directions", **given), "sample_freedom"))


def test_directions_that_data_do_not_tell_apart_are_counted_and_not_named() -> None:
    copies = {"kind": "synthetic", "features": 10, "correlation": 1}
    shown = ask("spectrum", sample=copies)
    assert value(shown, "flattest") == "any of 9 directions in which the data do not vary"
    assert "x1" in value(shown, "steepest")
    named = ask("spectrum")
    assert "any of" not in value(named, "flattest") + value(named, "steepest")


def test_an_axis_hides_that_curvatures_differ() -> None:
    bowl = {"kind": "bowl", "angle": 0, "minimiser_2": 0}
    assert "shrinks in proportion" in ask("decayed", problem=bowl).outcome.sentence
    (round_one,) = [one for one in SHRINKAGE.presets if one.id == "round"]
    assert "whatever ŵ is" in round_one.sentence


def test_one_direction_is_counted_in_words_that_agree() -> None:
    shown = ask("directions", sample={"kind": "synthetic", "features": 1}, strength=0.1)
    assert shown.objective.endswith("over 1 weight")
    assert "1 of 1 direction keeps at least half; it carries" in shown.outcome.sentence
