"""The tangency page against CVXPY: from raw data by code of this file alone, and by the scripts of the page itself."""

import contextlib
import io
import json
import subprocess
import sys
from typing import Any

import cvxpy as cp
import numpy as np
import pytest

from app.labs.tangency import TANGENCY
from tests.states import LIBRARY, REGULARIZERS, ask, bowl, knobs, value

RUNNER = """
import contextlib, io, json, sys
found = []
for script in json.load(sys.stdin):
    space = {}
    with contextlib.redirect_stdout(io.StringIO()):
        exec(script, space)
    found.append(space["found" if "found" in space else "w"])
print(json.dumps([(w if isinstance(w, list) else getattr(w, "value", w)).tolist() for w in found]))
"""


def omega(regularizer: dict[str, Any], w: cp.Variable) -> cp.Expression:
    """Ω by the book (mathematics: conventions)."""
    match regularizer["kind"]:
        case "l1":
            return cp.norm(w, 1)
        case "l2":
            return cp.norm(w, 2)
        case "squared_l2":
            return cp.sum_squares(w) / 2
        case "linf":
            return cp.norm(w, "inf")
        case "lp":
            return cp.pnorm(w, regularizer["p"], approx=False)
        case "elastic_net":
            return regularizer["ratio"] * cp.norm(w, 1) + (1 - regularizer["ratio"]) / 2 * cp.sum_squares(w)
        case _:
            return np.sqrt(2) * cp.norm(w, 2) if regularizer["grouping"] == "together" else cp.norm(w, 1)


def loss_of_bowl(problem: dict[str, Any], w: cp.Variable) -> cp.Expression:
    turn = np.deg2rad(problem["angle"])
    axes = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    root = np.sqrt([problem["curvature_1"], problem["curvature_2"]])[:, None] * axes.T
    return cp.sum_squares(root @ (w - np.array([problem["minimiser_1"], problem["minimiser_2"]]))) / 2


def loss_of_table(problem: dict[str, Any], w: cp.Variable) -> cp.Expression:
    """Every column from the raw table; the intercept and, where they are free, the other weights are variables."""
    table = LIBRARY.table(problem["dataset"])
    columns = {name: table.values[:, i] for i, name in enumerate(table.columns)}
    target = columns[problem.get("target", table.target)]
    X = np.column_stack([columns[problem["first"]], columns[problem["second"]]])
    X = (X - X.mean(axis=0)) / X.std(axis=0)
    b = cp.Variable()
    score = X @ w + b
    if problem["others"] == "free":
        out = {problem["first"], problem["second"], problem.get("target", table.target)}
        Z = np.column_stack([columns[name] for name in table.numbers if name not in out])
        score = score + ((Z - Z.mean(axis=0)) / Z.std(axis=0)) @ cp.Variable(Z.shape[1])
    if problem["kind"] == "regression":
        return cp.sum_squares(score - target) / (2 * len(target))
    labels = np.where(target == table.levels(table.target)[problem["positive"]], 1.0, -1.0)
    return cp.sum(cp.logistic(-cp.multiply(labels, score))) / len(labels)


DIABETES = {"kind": "regression", "dataset": "diabetes", "first": "bmi", "second": "s1", "target": "target"}
IRIS = {"kind": "classification", "dataset": "iris", "first": "sepal length (cm)", "second": "sepal width (cm)"}
PROBLEMS = [
    *(bowl(np.random.default_rng(seed)) for seed in (1, 5)),
    {**DIABETES, "others": "absent"}, {**DIABETES, "others": "free"},
    {**IRIS, "positive": "versicolor", "others": "absent"},
]  # fmt: skip
CONVEX = [one for one in REGULARIZERS if one["kind"] != "quasi" and one.get("p") != 20]


# Where CVXPY's solver doubts itself, the comparison below says whether it was right.
@pytest.mark.filterwarnings("ignore:Solution may be inaccurate")
@pytest.mark.parametrize("problem", PROBLEMS, ids=lambda one: f"{one['kind']}-{one.get('others', '')}")
def test_nothing_beats_the_optimum(problem: dict[str, Any]) -> None:
    """J + αΩ or J in the ball: what CVXPY finds is never lower, and never higher by more than its own accuracy."""
    for i, regularizer in enumerate(CONVEX):
        if problem["kind"] == "classification" and regularizer["kind"] == "lp":
            continue  # power and exponential cones together are beyond CVXPY's solver: it warns
        form = {"radius": 0.4 + 0.02 * i} if i % 2 else {"strength": 0.05 + 0.015 * i}
        found = ask("solution", {"problem": problem, "regularizer": regularizer, **form})
        w = cp.Variable(2)
        J = loss_of_bowl(problem, w) if problem["kind"] == "bowl" else loss_of_table(problem, w)
        ball, t, alpha = omega(regularizer, w), value(found, "t"), value(found, "multiplier")
        level = t * t / 2 if regularizer["kind"] == "squared_l2" else t
        if "radius" in form:
            best = cp.Problem(cp.Minimize(J), [ball <= level]).solve()
            mine = value(found, "loss")
        else:
            best = cp.Problem(cp.Minimize(J + alpha * ball)).solve()
            mine = value(found, "loss") + alpha * level
        assert mine == pytest.approx(best, rel=2e-6, abs=1e-7), (problem, regularizer, form)


def test_the_exported_scripts_give_the_same_weights() -> None:
    """A dozen of them, run one after another in one process that knows nothing of this project."""
    upload = {"kind": "synthetic_classification", "rows": 60, "seed": 3}
    states: list[dict[str, Any]] = [
        {"problem": {"kind": "bowl"}, "regularizer": {"kind": "l1"}, "radius": 0.4},
        {"problem": {"kind": "bowl", "angle": 30}, "regularizer": {"kind": "linf"}, "strength": 0.3},
        {"problem": {"kind": "bowl", "angle": 70}, "regularizer": {"kind": "squared_l2"}, "radius": 0.4},
        {"problem": {"kind": "bowl", "angle": 70}, "regularizer": {"kind": "squared_l2"}, "strength": 0.4},
        {"problem": {"kind": "bowl", "angle": 30}, "regularizer": {"kind": "lp", "p": 1.5}, "radius": 0.5},
        {"problem": {"kind": "bowl", "angle": 30}, "regularizer": {"kind": "elastic_net"}, "radius": 0.5},
        {"problem": {"kind": "bowl", "angle": 30}, "regularizer": {"kind": "group"}, "radius": 0.5},
        {"problem": {"kind": "synthetic_regression", "seed": 4}, "regularizer": {"kind": "l2"}, "strength": 0.3},
        {"problem": upload, "regularizer": {"kind": "l1"}, "strength": 0.2},
        {"problem": {**DIABETES, "others": "free"}, "regularizer": {"kind": "l1"}, "radius": 0.6},
        {"problem": {**DIABETES, "others": "fixed"}, "regularizer": {"kind": "l2"}, "radius": 0.6},
        {"problem": {**DIABETES, "standardise": False}, "regularizer": {"kind": "l2"}, "radius": 0.6},
        {"problem": {**IRIS, "others": "fixed", "positive": "setosa"}, "regularizer": {"kind": "l2"}, "radius": 0.5},
    ]
    scripts = [TANGENCY.python(knobs(state), LIBRARY) for state in states]
    assert all("app" not in script.split() for script in scripts)
    ran = subprocess.run(
        [sys.executable, "-c", RUNNER], input=json.dumps(scripts),
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr[-2000:]
    for state, w in zip(states, json.loads(ran.stdout), strict=True):
        found = [value(ask("solution", state), name) for name in ("w1", "w2")]
        assert np.hypot(*np.subtract(w, found)) <= 1e-4 * np.hypot(*found), (state, w, found)


def test_a_script_of_what_is_not_convex_searches() -> None:
    state = {"problem": {"kind": "bowl"}, "regularizer": {"kind": "quasi", "p": 0.5}, "radius": 0.4}
    script = TANGENCY.python(knobs(state), LIBRARY).replace("720", "72")  # fewer rays: 5° apart
    space: dict[str, Any] = {}
    with contextlib.redirect_stdout(io.StringIO()):
        exec(script, space)  # noqa: S102 (what is tested is that it runs)
    lowest = value(ask("solution", state), "loss")
    assert lowest * (1 - 1e-6) <= space["best"] <= lowest * 1.01
