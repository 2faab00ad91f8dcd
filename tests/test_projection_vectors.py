"""Reference projections and proxes (tests/vectors/README.md), through the public functions."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from app.geometry.nonconvex import QuasiNorm
from app.geometry.projections import group_prox, onto_l1_ball, soft_threshold
from app.geometry.regularizers import L1, L2, Array, ElasticNet, LInfinity, Lp, Partition, Regularizer, SquaredL2

Case = dict[str, Any]


def read(name: str) -> list[Case]:
    with (Path(__file__).parent / "vectors" / name).open(encoding="utf-8") as file:
        cases: list[Case] = json.load(file)["cases"]
    return cases


def onto_ball(shape: Regularizer) -> Callable[[Array, Case], Array]:
    return lambda v, case: shape.project(v, case["radius"])


def onto_column_groups(v: Array, case: Case) -> Array:
    """The columns as groups of m weights each: Σ√m‖w_g‖ ≤ √m·radius."""
    rows, columns = v.shape
    groups = tuple(tuple(range(j, rows * columns, columns)) for j in range(columns))
    return Partition(partition=groups).project(v.ravel(), np.sqrt(rows) * case["radius"]).reshape(v.shape)


PROJECTIONS: dict[str, Callable[[Array, Case], Array]] = {
    "l1": onto_ball(L1()),
    "l2": onto_ball(L2()),
    "linf": onto_ball(LInfinity()),
    "lp": lambda v, case: Lp(p=case["p"]).project(v, case["radius"]),
    "elastic_net": lambda v, case: ElasticNet(ratio=case["l1_ratio"]).project(v, case["radius"]),
    "weighted_l1": lambda v, case: onto_l1_ball(v, case["radius"], np.array(case["weights"])),
    "frobenius": lambda v, case: L2().project(v.ravel(), case["radius"]).reshape(v.shape),
    "row_max_norm": onto_ball(L2()),
    "column_max_norm": lambda v, case: L2().project(v.T, case["radius"]).T,
    "group_l21": onto_column_groups,
}


@pytest.mark.parametrize("case", read("01_projections.json"), ids=lambda case: case["id"])
def test_projections(case: Case) -> None:
    v = np.array(case["v"])
    if case["kind"] == "lhalf_2d":
        # √|w₁| + √|w₂| ≤ r is the ball of radius r² of p = ½.
        found = QuasiNorm(p=0.5).nearest(v, case["radius"] ** 2)
        expected = np.array(sorted(case["expected"]["minimisers"], reverse=True))
    else:
        found, expected = PROJECTIONS[case["kind"]](v, case), np.array(case["expected"]["w"])
    np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-9 * max(1.0, np.abs(v).max()))


def grouped(v: Array, case: Case) -> Array:
    """Through `Partition` where its weights √|g| are meant, else through the function that takes any weights."""
    groups, weights = case["groups"], np.array(case["group_weights"])
    if np.allclose(weights, [len(group) ** 0.5 for group in groups]):
        return Partition(partition=groups).prox(v, case["t"])
    return group_prox(v, case["t"], groups, weights)


def prox_of(shape: Regularizer) -> Callable[[Array, Case], Array]:
    return lambda v, case: shape.prox(v, case["t"])


PROXES: dict[str, Callable[[Array, Case], Array]] = {
    "l1": prox_of(L1()),
    "l2": prox_of(L2()),
    "sq_l2": prox_of(SquaredL2()),
    "linf": prox_of(LInfinity()),
    "elastic_net": lambda v, case: ElasticNet(ratio=case["l1_ratio"]).prox(v, case["t"]),
    "weighted_l1": lambda v, case: soft_threshold(v, case["t"] * np.array(case["weights"])),
    "group": grouped,
}
# Hard thresholding belongs to a lab of its own: no shape here counts non-zeros.
NOT_APPLICABLE = {"l0"}


@pytest.mark.parametrize(
    "case", [case for case in read("02_prox.json") if case["kind"] not in NOT_APPLICABLE], ids=lambda case: case["id"]
)
def test_proxes(case: Case) -> None:
    found = PROXES[case["kind"]](np.array(case["v"]), case)
    np.testing.assert_allclose(found, case["expected"]["w"], rtol=1e-12, atol=1e-12)


def test_every_kind_of_case_is_used_or_left_out_by_name() -> None:
    assert {case["kind"] for case in read("01_projections.json")} == {*PROJECTIONS, "lhalf_2d"}
    assert {case["kind"] for case in read("02_prox.json")} == {*PROXES, *NOT_APPLICABLE}
