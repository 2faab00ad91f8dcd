"""A problem and a table make a loss: checked against NumPy, SciPy and scikit-learn written out by hand."""

from typing import Any

import numpy as np
import pytest
from scipy import optimize, special
from sklearn.linear_model import LinearRegression, LogisticRegression

from app.data import Classification, Posed, Regression, bundled, pose
from app.geometry.spectra import Array

TABLES = bundled()
POINTS = np.array([[0.0, 0.0], [0.7, -0.4], [-1.3, 0.9]])
SEPARABLE = Classification(dataset="iris", positive="setosa")


def on_table(problem: Regression | Classification) -> Posed:
    return pose(problem, TABLES[problem.dataset])


def standard(columns: Array) -> Array:
    return np.asarray((columns - columns.mean(axis=0)) / columns.std(axis=0))


@pytest.mark.parametrize("standardise", [True, False])
def test_regression_is_the_least_squares_of_scikit_learn(standardise: bool) -> None:
    posed = on_table(Regression(first="bp", second="s5", standardise=standardise))
    table = TABLES["diabetes"]
    X, y = np.column_stack([table.column("bp"), table.column("s5")]), table.column("target")
    X = standard(X) if standardise else X
    oracle = LinearRegression().fit(X, y)
    np.testing.assert_allclose(posed.reference, oracle.coef_, rtol=1e-9)
    for w in POINTS * np.abs(oracle.coef_):
        rest = y - X @ w
        assert posed.loss.value(w) == pytest.approx(0.5 * np.var(rest), rel=1e-10)


@pytest.mark.parametrize("dataset", ["diabetes", "wine", "breast_cancer"])
def test_free_weights_are_minimised_out_for_every_point(dataset: str) -> None:
    table = TABLES[dataset]
    first, second = table.suggested
    target = "target" if dataset == "diabetes" else table.numbers[-1]
    posed = on_table(Regression(dataset=dataset, target=target, others="free"))
    y = table.column(target) - table.column(target).mean()
    rest = [name for name in table.numbers if name not in (first, second, target)]
    pair, others = (standard(np.column_stack([table.column(n) for n in names])) for names in ((first, second), rest))
    oracle = LinearRegression().fit(np.column_stack([pair, others]), y)
    np.testing.assert_allclose(posed.reference, oracle.coef_[:2], rtol=1e-7)
    for w in posed.reference + POINTS:
        left = y - pair @ w
        left = left - others @ np.linalg.lstsq(others, left, rcond=None)[0]
        assert posed.loss.value(w) == pytest.approx(0.5 * np.mean(left**2), rel=1e-9)


def test_fixed_weights_stay_at_the_optimum_of_all() -> None:
    free, fixed = (on_table(Regression(others=others)) for others in ("free", "fixed"))
    np.testing.assert_allclose(free.reference, fixed.reference, rtol=1e-9)
    assert fixed.loss.minimum.value == pytest.approx(free.loss.minimum.value, rel=1e-12)
    # Where the others may not adapt, J is nowhere lower and rises faster.
    w = fixed.reference + POINTS[1:]
    assert (fixed.loss.value(w) > free.loss.value(w)).all()
    np.testing.assert_allclose(np.diag(fixed.loss.hessian(w[0])), 1.0, rtol=1e-9)


def test_a_table_of_classes_serves_regression_on_its_numbers() -> None:
    posed = on_table(Regression(dataset="iris", target="sepal length (cm)"))
    table = TABLES["iris"]
    X = standard(np.column_stack([table.column(name) for name in table.suggested]))
    np.testing.assert_allclose(posed.reference, LinearRegression().fit(X, table.column("sepal length (cm)")).coef_)
    for name in TABLES:
        assert on_table(Regression(dataset=name)).attained


@pytest.mark.parametrize(("dataset", "positive"), [("breast_cancer", "benign"), ("iris", "versicolor"), ("wine", None)])
def test_classification_is_the_logistic_regression_of_scikit_learn(dataset: str, positive: str | None) -> None:
    table = TABLES[dataset]
    posed = on_table(Classification(dataset=dataset, positive=positive))
    X = standard(np.column_stack([table.column(name) for name in table.suggested]))
    code = table.levels("target")[positive] if positive else table.column("target").max()
    labels = np.where(table.column("target") == code, 1.0, -1.0)
    oracle = LogisticRegression(C=np.inf, tol=1e-10, max_iter=10_000, solver="newton-cholesky").fit(X, labels)
    np.testing.assert_allclose(posed.reference, oracle.coef_[0], rtol=1e-5)
    for w in POINTS:
        assert posed.loss.value(w) == pytest.approx(profiled(X @ w, np.empty((len(X), 0)), labels), rel=1e-9)


def profiled(fixed: Array, others: Array, labels: Array) -> float:
    """min over v and b of the mean log-loss of fixed + others·v + b, by SciPy."""
    design = np.column_stack([others, np.ones(len(labels))])

    def loss(v: Array) -> tuple[float, Array]:
        margins = labels * (fixed + design @ v)
        return -np.mean(special.log_expit(margins)), -design.T @ (labels * special.expit(-margins)) / len(labels)

    found = optimize.minimize(loss, np.zeros(design.shape[1]), jac=True, method="BFGS", options={"gtol": 1e-9})
    return float(found.fun)


def test_free_weights_of_a_classifier_are_minimised_out() -> None:
    table = TABLES["iris"]
    posed = on_table(Classification(dataset="iris", positive="versicolor", others="free"))
    columns = standard(np.column_stack([table.column(n) for n in (*table.suggested, *table.numbers[:2])]))
    labels = np.where(table.column("target") == 1.0, 1.0, -1.0)
    for w in POINTS:
        expected = profiled(columns[:, :2] @ w, columns[:, 2:], labels)
        assert posed.loss.value(w) == pytest.approx(expected, rel=1e-8)


def test_fixed_weights_of_a_classifier_leave_the_optimum_where_it_is() -> None:
    free, fixed = (
        on_table(Classification(dataset="iris", positive="versicolor", others=others)) for others in ("free", "fixed")
    )
    np.testing.assert_allclose(free.reference, fixed.reference, rtol=1e-6)
    assert (fixed.loss.value(POINTS) > free.loss.value(POINTS)).all()


def test_separable_classes_have_no_finite_optimum_and_the_reference_says_which() -> None:
    posed = on_table(SEPARABLE)
    assert not posed.attained
    assert any("the data can be separated; give it a ball or a penalty" in note for note in posed.notes)
    table = TABLES["iris"]
    X = standard(np.column_stack([table.column(name) for name in table.suggested]))
    labels = np.where(table.column("target") == 0.0, 1.0, -1.0)
    strength = posed.loss.smoothness / 1000.0
    oracle = LogisticRegression(C=1 / (len(X) * strength), tol=1e-10, max_iter=10_000, solver="newton-cholesky")
    np.testing.assert_allclose(posed.reference, oracle.fit(X, labels).coef_[0], rtol=1e-5)


@pytest.mark.parametrize("others", ["free", "fixed"])
@pytest.mark.parametrize("dataset", ["breast_cancer", "wine", "iris"])
def test_other_features_that_separate_alone_still_give_finite_numbers(dataset: str, others: Any) -> None:
    positive = next(iter(TABLES[dataset].levels("target")))
    posed = on_table(Classification(dataset=dataset, positive=positive, others=others))
    assert np.isfinite(posed.reference).all()
    assert np.isfinite(posed.loss.value(POINTS * posed.window[1])).all()
    assert posed.attained == (posed.loss.minimum.weights is not None)
    assert posed.notes
    if others == "fixed" and dataset != "iris":
        assert "strength L/1000" in posed.notes[0]


def test_a_numeric_column_of_few_values_has_classes() -> None:
    posed = on_table(Classification(dataset="diabetes", target="sex", positive="1"))
    other = on_table(Classification(dataset="diabetes"))  # no class column of its own: the first that could be one
    np.testing.assert_allclose(posed.reference, -other.reference, rtol=1e-8)
