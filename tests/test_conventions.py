"""One strength, many names: the numbers of each convention, and the exported code of each, run against its library."""

import io
import re
from contextlib import redirect_stdout
from typing import Any, get_args

import numpy as np
import pytest
from numpy.testing import assert_allclose
from sklearn import linear_model
from sklearn.datasets import load_diabetes

from app.data import Library, Uploads
from app.labs.duality import DUALITY, DualityKnobs
from app.labs.duality.conventions import CONVENTIONS, LIBRARIES, Name
from app.labs.lab import Answer
from app.web.queries import parse, text

LIBRARY = Library(Uploads(None))
PROBLEMS: dict[str, dict[str, Any]] = {
    "bowl": {"problem.kind": "bowl", "problem.angle": 30},
    "diabetes": {"problem.kind": "regression", "problem.dataset": "diabetes"},
    "diabetes, others free": {"problem.kind": "regression", "problem.others": "free"},
    "diabetes, others fixed": {"problem.kind": "regression", "problem.others": "fixed"},
    "synthetic regression": {"problem.kind": "synthetic_regression"},
    "synthetic classes": {"problem.kind": "synthetic_classification"},
    "iris": {"problem.kind": "classification", "problem.dataset": "iris"},
    "iris, others free": {"problem.kind": "classification", "problem.dataset": "iris", "problem.others": "free"},
}
REGULARIZERS: dict[str, dict[str, Any]] = {
    "l1": {"regularizer.kind": "l1"},
    "squared_l2": {"regularizer.kind": "squared_l2"},
    "elastic_net": {"regularizer.kind": "elastic_net", "regularizer.ratio": 0.3},
}
# What each library or book can say, by hand: (convention, classification?, regularizer).
SAID = {
    ("dlb", False, "l1"), ("dlb", False, "squared_l2"), ("dlb", True, "l1"), ("dlb", True, "squared_l2"),
    ("ridge", False, "squared_l2"),
    ("lasso", False, "l1"),
    ("elastic_net", False, "l1"), ("elastic_net", False, "elastic_net"),
    *(("logistic", True, one) for one in REGULARIZERS),
    *(("sgd", classes, one) for one in REGULARIZERS for classes in (False, True)),
    ("nndl", False, "l1"), ("nndl", False, "squared_l2"), ("nndl", True, "l1"), ("nndl", True, "squared_l2"),
    ("d2l", False, "squared_l2"), ("d2l", True, "squared_l2"),
    *(("glmnet", classes, one) for one in REGULARIZERS for classes in (False, True)),
    *(("own", classes, one) for one in REGULARIZERS for classes in (False, True)),
}  # fmt: skip


def knobs(given: dict[str, Any]) -> DualityKnobs:
    return parse(DualityKnobs, {key: text(value) for key, value in given.items()})


def answer(part: str, given: dict[str, Any]) -> Answer:
    found = DUALITY.parts[part]
    return found.compute(**DUALITY.given(found, knobs(given), LIBRARY))


def values(part: str, given: dict[str, Any]) -> dict[str, Any]:
    return {name: one.value for name, one in answer(part, given).readouts.items()}


def printed(given: dict[str, Any]) -> np.ndarray:
    """The weights that the exported script prints, by running it."""
    said = io.StringIO()
    with redirect_stdout(said):
        exec(compile(DUALITY.python(knobs(given), LIBRARY), "exported", "exec"), {})  # noqa: S102 (our own lines)
    line = next(line for line in said.getvalue().splitlines() if line.startswith("w ="))
    return np.array(re.findall(r"-?\d+\.?\d*(?:e[-+]?\d+)?", line), dtype=float)


def applies(convention: str, name: str, regularizer: str) -> bool:
    classes = "class" in name or "iris" in name
    more = convention in LIBRARIES and classes and "others" in name
    return (convention, classes, regularizer) in SAID and not more


EXPORTED = [
    (convention, name, regularizer)
    for convention in CONVENTIONS
    for name in PROBLEMS
    for regularizer in REGULARIZERS
    if applies(convention, name, regularizer)
]
# SGD is a random walk towards the optimum, CVXPY and saga have accuracies of their own.
ACCURACY = {"ridge": 1e-9, "lasso": 1e-6, "elastic_net": 1e-6, "sgd": 0.05, "glmnet": 1e-4, "logistic": 1e-4}


@pytest.mark.parametrize(("convention", "name", "regularizer"), EXPORTED)
def test_the_exported_code_gives_the_same_weights(convention: str, name: str, regularizer: str) -> None:
    given = {**PROBLEMS[name], **REGULARIZERS[regularizer], "strength": 0.2, "convention": convention}
    ours = values("solution", given)
    expected = np.array([ours["w1"], ours["w2"]])
    close = ACCURACY.get(convention, 1e-4) * float(np.abs(expected).max())
    assert_allclose(printed(given), expected, atol=close + 1e-7)


def test_the_export_of_a_constraint_is_its_penalty() -> None:
    """A ball given by its radius: the library is asked for its multiplier."""
    given = {**PROBLEMS["diabetes"], "regularizer.kind": "l1", "radius": 0.4, "convention": "lasso"}
    ours = values("solution", given)
    assert_allclose(printed(given), [ours["w1"], ours["w2"]], rtol=1e-6)


@pytest.mark.parametrize("convention", CONVENTIONS)
@pytest.mark.parametrize("given", [{"radius": 0}, {"radius": 1.4}, {"strength": 0}], ids=str)
@pytest.mark.parametrize("name", ["diabetes", "synthetic classes"])
def test_the_ends_of_the_map_can_be_exported(convention: str, given: dict[str, Any], name: str) -> None:
    regularizer = "l1" if convention in ("lasso", "elastic_net") else "squared_l2"
    all_ = {**PROBLEMS[name], **REGULARIZERS[regularizer], **given, "convention": convention}
    source = DUALITY.python(knobs(all_), LIBRARY)
    compile(source, "exported", "exec")
    if convention not in ("sgd", "own", "nndl", "dlb", "d2l"):
        ours = values("solution", all_)
        close = 1e-3 * max(0.1, abs(ours["w1"]), abs(ours["w2"]))
        assert_allclose(printed(all_), [ours["w1"], ours["w2"]], atol=close)


@pytest.mark.parametrize("convention", CONVENTIONS)
@pytest.mark.parametrize("name", ["bowl", "diabetes", "iris", "iris, others free"])
@pytest.mark.parametrize("regularizer", [*REGULARIZERS, "linf"])
def test_what_a_convention_cannot_say_is_said(convention: str, name: str, regularizer: str) -> None:
    given = {
        **PROBLEMS[name],
        **REGULARIZERS.get(regularizer, {"regularizer.kind": regularizer}),
        "convention": convention,
    }
    made = answer("written", given)
    if convention == "own" or applies(convention, name, regularizer):
        assert made.readouts["convention_formula"].value
        assert made.readouts["convention_value"].value is not None
        return
    assert made.readouts["convention_value"].value is None
    assert "choose" in made.outcome.sentence
    assert "choose" in DUALITY.python(knobs(given), LIBRARY).splitlines()[0]


@pytest.mark.parametrize(
    ("convention", "given", "expected"),
    [
        ("own", {}, lambda a, _: a),
        ("dlb", {}, lambda a, _: a),
        ("ridge", {}, lambda a, n: a * n),
        ("nndl", {}, lambda a, n: a * n),
        ("d2l", {}, lambda a, _: a),
        ("sgd", {}, lambda a, _: a),
        ("glmnet", {"regularizer.kind": "l1"}, lambda a, _: a),
        ("glmnet", {}, lambda a, _: a * load_diabetes().target.std()),  # it divides y by its spread first
        ("lasso", {"regularizer.kind": "l1"}, lambda a, _: a),
        ("elastic_net", {"regularizer.kind": "elastic_net"}, lambda a, _: a),
        ("logistic", PROBLEMS["iris"], lambda a, n: 1 / (n * a)),
    ],
)
def test_the_table_of_conventions(convention: str, given: dict[str, Any], expected: Any) -> None:
    given = {
        **PROBLEMS["diabetes"],
        "regularizer.kind": "squared_l2",
        "strength": 0.1,
        **given,
        "convention": convention,
    }
    n = 150 if given["problem.dataset"] == "iris" else 442
    alpha = values("solution", given)["multiplier"]
    found = values("written", given)
    assert found["convention_value"] == pytest.approx(expected(alpha, n))
    if convention not in ("own", "dlb", "nndl", "d2l"):
        assert f"{found['convention_value']:.6g}" in found["convention_call"]


def called(given: dict[str, Any]) -> np.ndarray:
    """The weights by the line that is shown as code, on the rows of the exported script."""
    source = DUALITY.python(knobs(given), LIBRARY).partition("model = ")[0]
    names: dict[str, Any] = {}
    exec(compile(source, "exported", "exec"), names)  # noqa: S102 (our own lines)
    model = getattr(linear_model, (call := values("written", given)["convention_call"]).partition("(")[0])
    made = eval(call, {model.__name__: model})  # noqa: S307
    made.set_params(max_iter=100_000, tol=1e-10)
    return np.asarray(made.fit(names["X"], names["y"]).coef_.ravel()[:2])


@pytest.mark.parametrize(
    ("convention", "name", "regularizer"),
    [("ridge", "bowl", "squared_l2"), ("lasso", "bowl", "l1"), ("elastic_net", "bowl", "elastic_net"),
     *(("logistic", "synthetic classes", one) for one in REGULARIZERS)],
)  # fmt: skip
def test_the_line_of_code_gives_the_point_of_the_picture(convention: str, name: str, regularizer: str) -> None:
    given = {**PROBLEMS[name], **REGULARIZERS[regularizer], "strength": 0.15, "convention": convention}
    ours = values("solution", given)
    assert_allclose(called(given), [ours["w1"], ours["w2"]], atol=1e-4)


@pytest.mark.parametrize("regularizer", ["squared_l2", "elastic_net"])
@pytest.mark.parametrize("name", ["bowl", "diabetes", "diabetes, others free", "synthetic regression"])
def test_the_call_of_glmnet_means_the_same_point(name: str, regularizer: str) -> None:
    """As its source does it: y over its standard deviation, λ too, coordinate descent, and back. No R is run here."""
    given = {**PROBLEMS[name], **REGULARIZERS[regularizer], "strength": 0.15, "convention": "glmnet"}
    names: dict[str, Any] = {}
    exec(compile(DUALITY.python(knobs(given), LIBRARY).partition("model = ")[0], "exported", "exec"), names)  # noqa: S102
    found = re.search(r"alpha=([^,]+), lambda=([^,]+),", values("written", given)["convention_call"])
    assert found
    spread = names["y"].std()
    net = linear_model.ElasticNet(
        alpha=float(found[2]) / spread, l1_ratio=float(found[1]), fit_intercept=False, tol=1e-12, max_iter=1_000_000
    )
    ours = values("solution", given)
    expected = np.array([ours["w1"], ours["w2"]])
    fitted = spread * net.fit(names["X"], names["y"] / spread).coef_[:2]
    assert_allclose(fitted, expected, atol=1e-4 * np.abs(expected).max())


def test_stochastic_descent_says_how_near_it_comes() -> None:
    given = {**PROBLEMS["diabetes"], "regularizer.kind": "l1", "strength": 0.2, "convention": "sgd"}
    assert "a random walk" in DUALITY.python(knobs(given), LIBRARY)


def test_the_strength_in_a_call_is_the_field_of_our_api() -> None:
    given = {**PROBLEMS["diabetes"], "strength": 0.3}
    assert values("written", given)["convention_call"] == "strength=0.3"
    again = {**PROBLEMS["diabetes"], "radius": values("solution", given)["radius"]}
    assert values("written", again)["convention_call"] == "strength=0.3"


def test_every_convention_has_words() -> None:
    assert tuple(CONVENTIONS) == get_args(Name)
