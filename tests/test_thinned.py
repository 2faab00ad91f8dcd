"""Thinned networks, dead units and the multipliers of a bound, against counting, loops and reference values."""

import json
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_allclose

from app.networks import (
    Architecture,
    ClassicDropout,
    CrossEntropy,
    Examples,
    InvertedDropout,
    Linear,
    QuadraticCost,
    ReLU,
    Setting,
    Tanh,
    Task,
    advance,
    begin,
    initial_parameters,
    predict,
)
from app.networks.constraints import Projected
from app.networks.group_multipliers import multipliers_asked
from app.networks.thinned import MOST_HIDDEN, all_thinned, every_mask, some_thinned, thinned
from app.networks.vitality import vitality
from tests.test_network_vectors import architecture, cases, dropped

VECTORS = Path(__file__).parent / "vectors"
CLOSE = {"atol": 1e-10, "rtol": 1e-9}
X = np.random.default_rng(1).normal(size=(7, 3))


def network(*sizes: int, activation: Any = Tanh(), cost: Any = QuadraticCost()) -> tuple[Architecture, np.ndarray]:  # noqa: B008
    built = Architecture(sizes, activation, cost)
    start = initial_parameters(Setting(built, seed=3))
    return built, start + 0.1 * np.random.default_rng(2).normal(size=start.shape)


@pytest.mark.parametrize("case", [one for one in cases("dropout") if "exact_mask_average" in one.values[0]["expected"]])
def test_the_average_over_all_masks_is_that_of_the_vectors(case: dict[str, Any]) -> None:
    built, expected = architecture(case), case["expected"]
    parameters, inputs = built.join(case["weights"], case["biases"]), np.array(case["X_batch"])
    found = all_thinned(built, parameters, inputs, dropped(case))
    assert len(found.masks) == 2 ** sum(built.hidden)
    assert_allclose(found.mean, expected["exact_mask_average"], **CLOSE)
    scaled = predict(built, parameters, inputs, dropped(case))
    assert np.allclose(found.mean, scaled, **CLOSE) is expected["average_equals_test_output"]


@pytest.mark.parametrize("keep", [0.3, 0.5, 1.0])
@pytest.mark.parametrize("kind", [ClassicDropout, InvertedDropout])
def test_every_mask_of_two_layers_against_a_loop(keep: float, kind: type[ClassicDropout | InvertedDropout]) -> None:
    built, parameters = network(3, 3, 2, 1)
    (W1, W2, W3), (b1, b2, b3) = built.weights(parameters), built.biases(parameters)
    factor = 1.0 if kind is ClassicDropout else 1 / keep
    mean, square = np.zeros((7, 1)), np.zeros((7, 1))
    for mask in product((0, 1), repeat=5):
        chance = keep ** sum(mask) * (1 - keep) ** (5 - sum(mask))
        a = np.tanh(X @ W1.T + b1) * np.array(mask[:3]) * factor
        a = np.tanh(a @ W2.T + b2) * np.array(mask[3:]) * factor
        mean += chance * (a @ W3.T + b3)
        square += chance * (a @ W3.T + b3) ** 2
    found = all_thinned(built, parameters, X, kind(keep=keep))
    assert_allclose(found.mean, mean, atol=1e-12)
    assert_allclose(found.deviation, np.sqrt(np.maximum(square - mean**2, 0)), atol=1e-7)


@pytest.mark.parametrize("kind", [ClassicDropout, InvertedDropout])
@pytest.mark.parametrize("keep", [0.2, 0.5, 0.9])
def test_the_scaled_network_is_the_average_only_where_what_follows_is_affine(kind: Any, keep: float) -> None:
    dropout = kind(keep=keep)
    for sizes, activation, same in (
        ((3, 5, 1), Tanh(), True), ((3, 5, 2), ReLU(), True), ((3, 4, 4, 1), Linear(), True),
        ((3, 4, 4, 1), Tanh(), False), ((3, 4, 4, 1), ReLU(), False),
    ):  # fmt: skip
        built, parameters = network(*sizes, activation=activation)
        gap = np.abs(all_thinned(built, parameters, X, dropout).mean - predict(built, parameters, X, dropout)).max()
        assert bool(gap < 1e-12) is same, (sizes, activation.kind, gap)
    built, parameters = network(3, 5, 1, cost=CrossEntropy())
    gap = np.abs(all_thinned(built, parameters, X, dropout).mean - predict(built, parameters, X, dropout)).max()
    assert gap > 1e-5  # one layer, but a sigmoid follows


def test_drawn_masks_average_within_their_standard_error() -> None:
    built, parameters = network(3, 5, 5, 1)
    dropout, count = InvertedDropout(keep=0.5), 4000
    exact = all_thinned(built, parameters, X, dropout)
    drawn = some_thinned(built, parameters, X, dropout, count, seed=5)
    away = np.abs(drawn.mean - exact.mean) / (exact.deviation / count**0.5)
    assert away.max() < 4.5
    assert away.max() > 0.05  # they are drawn, not counted out
    assert_allclose(drawn.deviation, exact.deviation, rtol=0.1)
    assert drawn.masks.mean() == pytest.approx(0.5, abs=0.02)


def test_many_masks_in_blocks_are_those_masks_one_by_one() -> None:
    built, parameters = network(3, 4, 3, 2)
    masks = (np.random.default_rng(0).random((1500, 7)) < 0.5).astype(float)
    whole = thinned(built, parameters, X, ClassicDropout(keep=0.5), masks)
    for i in (0, 700, 1499):
        one = thinned(built, parameters, X, ClassicDropout(keep=0.5), masks[i : i + 1])
        assert_allclose(whole[i], one[0], atol=1e-14)


def test_the_probabilities_of_all_masks() -> None:
    masks, chances = every_mask(4, 0.3)
    assert len(np.unique(masks, axis=0)) == 16
    assert chances.sum() == pytest.approx(1)
    assert chances @ masks == pytest.approx([0.3] * 4)
    with pytest.raises(ValueError, match="at most 12"):
        every_mask(MOST_HIDDEN + 1, 0.5)


def test_units_die_in_two_ways() -> None:
    built = Architecture((3, 4, 2), ReLU(), QuadraticCost())
    W = np.array([[1.0, 0, 0], [0.01, 0, 0.01], [1.0, 1, 1], [0, 0.5, 0]])
    parameters = built.join([W, np.ones((2, 4))], [np.array([0.0, 0, -100, 100]), np.zeros(2)])
    found = vitality(built, parameters, Examples(X, np.zeros((7, 2))))
    assert found.starved[0].tolist() == [False, True, False, False]  # its incoming norm is 0.014
    assert found.stuck[0].tolist() == [False, False, True, False]  # never above 0; the last one varies, far above
    assert int(found.dead) == 2
    saturated = Architecture((3, 1, 2), Tanh(), QuadraticCost())
    shut = saturated.join([[[1.0, 1, 1]], np.ones((2, 1))], [np.array([50.0]), np.zeros(2)])
    assert vitality(saturated, shut, Examples(X, np.zeros((7, 2)))).stuck[0].tolist() == [True]


def test_what_is_fed_nothing_is_dead_too() -> None:
    built = Architecture((3, 2, 2, 1), Tanh(), QuadraticCost())
    parameters = built.join([np.zeros((2, 3)), np.ones((2, 2)), np.ones((1, 2))], [np.ones(2), np.ones(2), np.ones(1)])
    found = vitality(built, parameters, Examples(X, np.zeros((7, 1))))
    assert [one.tolist() for one in found.starved] == [[True, True], [False, False]]
    assert [one.tolist() for one in found.stuck] == [[False, False], [True, True]]


def test_the_vitality_of_a_batch_is_that_of_each() -> None:
    built = Architecture((3, 4, 3, 1), Tanh(), QuadraticCost())
    stack = np.stack([initial_parameters(Setting(built, seed=seed)) for seed in range(3)])
    examples = Examples(X, np.zeros((7, 1)))
    whole = vitality(built, stack, examples)
    for i, one in enumerate(stack):
        alone = vitality(built, one, examples)
        for many, few in zip(whole.spreads, alone.spreads, strict=True):
            assert_allclose(many[i], few, atol=1e-15)
    W, b = (part(stack[1])[0] for part in (built.weights, built.biases))
    assert_allclose(whole.spreads[0][1], np.tanh(X @ W.T + b).std(axis=0), atol=1e-14)


def test_the_multipliers_of_the_column_constraints() -> None:
    """Each column of W is the one unit of a linear model: at the vectors' optimum stationarity asks for their α."""
    case = next(
        one for one in json.loads((VECTORS / "09_dual_ascent.json").read_text())["cases"]
        if one["id"] == "column_constraints"
    )  # fmt: skip
    design, targets, best = np.array(case["X"]), np.array(case["Y"]), np.array(case["expected"]["W_star"])
    built = Architecture((design.shape[1], 1), cost=QuadraticCost())
    for j, level in enumerate(case["k"]):
        parameters = built.join([best[:, j][None]], [np.zeros(1)])
        found = multipliers_asked(
            built, parameters, Examples(design, targets[:, j : j + 1]), (2 * level) ** 0.5, "unit"
        )
        assert_allclose(found.asked, case["expected"]["alpha_star"][j], atol=1e-6)
        assert_allclose(found.residuals, 0, atol=1e-6)


@pytest.mark.parametrize("scope", ["unit", "layer"])
def test_multipliers_and_residuals_at_a_trained_network(scope: Any) -> None:
    """Where projected training has come to rest, ∇C + αw = 0 for every group at the bound and ∇C = 0 for the others."""
    rng = np.random.default_rng(4)
    inputs = rng.normal(size=(40, 2))
    examples = Examples(inputs, np.tanh(inputs @ [[2.0], [-1.0]]) * 2)
    built = Architecture((2, 3, 1), Tanh(), QuadraticCost())
    setting = Setting(built, rate=0.3, batch=40, constraint=Projected(radius=0.8, scope=scope))
    run, _ = advance(begin(Task(examples), [setting]), 20_000)
    parameters = run.learners[0].parameters
    found = multipliers_asked(built, parameters, examples, 0.8, scope)
    assert found.active.any()
    assert (found.asked[found.active] > 0).all()
    assert (found.asked[~found.active] == 0).all()
    assert_allclose(found.residuals, 0, atol=1e-6)
