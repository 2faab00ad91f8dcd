"""Networks beside reference values from PyTorch's autograd in doubles: outputs, costs, gradients, steps, dropout."""

import json
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_allclose

from app.geometry import Array
from app.networks import (
    AnyConstraint,
    AnyDropout,
    Architecture,
    ClassicDropout,
    CrossEntropy,
    Examples,
    InvertedDropout,
    Penalty,
    Projected,
    QuadraticCost,
    ReLU,
    Setting,
    Sigmoid,
    Tanh,
    Task,
    Unconstrained,
    advance,
    begin,
    evaluate,
    forward,
    gradient,
    predict,
)

FILE = json.loads((Path(__file__).parent / "vectors" / "06_networks.json").read_text())
CLOSE = {name: FILE["suggested_tolerance"][name] for name in ("atol", "rtol")}
ACTIVATIONS = {"tanh": Tanh(), "relu": ReLU(), "sigmoid": Sigmoid()}
Case = dict[str, Any]


def cases(kind: str) -> list[Any]:
    return [pytest.param(case, id=case["id"]) for case in FILE["cases"] if case["kind"] == kind]


def architecture(case: Case) -> Architecture:
    output = {"identity": "linear"}.get(case["output_activation"], case["output_activation"])
    cost = QuadraticCost(output=output) if case["cost"] == "quadratic" else CrossEntropy(output=output)
    return Architecture(tuple(case["sizes"]), ACTIVATIONS[case["hidden_activation"]], cost)


def examples(case: Case) -> Examples:
    return Examples(np.array(case["X_batch"]), np.array(case["Y_batch"]))


def penalty(case: Case) -> Penalty:
    strength = case["lambda"] / case["n"]  # α = λ/n
    return {"l1": Penalty(l1=strength), "l2": Penalty(l2=strength), "none": Penalty()}[case["penalty"]]


def compare(found: Array, built: Architecture, weights: list[Any], biases: list[Any]) -> None:
    for ours, theirs in zip(built.weights(found), weights, strict=True):
        assert_allclose(ours, theirs, **CLOSE)
    for ours, theirs in zip(built.biases(found), biases, strict=True):
        assert_allclose(ours, theirs, **CLOSE)


@pytest.mark.parametrize("case", cases("gradient"))
def test_outputs_costs_and_gradients(case: Case) -> None:
    built, given, expected = architecture(case), examples(case), case["expected"]
    parameters = built.join(case["weights"], case["biases"])
    assert_allclose(predict(built, parameters, given.inputs), expected["output"], **CLOSE)
    cost, _ = evaluate(built, parameters, given)
    assert_allclose(cost, expected["C0"], **CLOSE)
    assert_allclose(penalty(case).value(built, parameters), expected["penalty_value"], **CLOSE)
    assert_allclose(cost + penalty(case).value(built, parameters), expected["cost"], **CLOSE)
    slopes = expected["data_grad_weights"], expected["data_grad_biases"]
    compare(gradient(built, parameters, given), built, *slopes)
    whole = gradient(built, parameters, given, penalty=penalty(case))
    compare(whole, built, expected["grad_weights"], slopes[1])


@pytest.mark.parametrize("case", cases("gradient"))
def test_one_step(case: Case) -> None:
    """A step of a run whose whole batch is the vector's minibatch; and with max-norm, projected."""
    built, expected = architecture(case), case["expected"]
    start = built.join(case["weights"], case["biases"])
    radius = case["max_norm"]
    bounds: list[tuple[AnyConstraint, str]] = [(Unconstrained(), "new_weights")]
    if radius is not None:
        bounds.append((Projected(radius=radius), "new_weights_after_max_norm"))
    for constraint, name in bounds:
        setting = Setting(built, rate=case["eta"], batch=case["m"], penalty=penalty(case), constraint=constraint)
        run, _ = advance(begin(Task(examples(case)), [setting], initials=[start]), 1)
        compare(run.learners[0].parameters, built, expected[name], expected["new_biases"])


@pytest.mark.parametrize("case", cases("dropout"))
def test_dropout(case: Case) -> None:
    built, given, expected = architecture(case), examples(case), case["expected"]
    parameters, dropout = built.join(case["weights"], case["biases"]), dropped(case)
    factor = dropout.training_factor(case["keep"])
    masks = [np.array(mask) * factor for mask in case["masks"]]
    said = forward(built, parameters, given.inputs, masks)
    assert_allclose(said, expected["train_output"], **CLOSE)
    assert_allclose(cost_of(built, said, given), expected["train_C0"], **CLOSE)
    slopes = expected["data_grad_weights"], expected["data_grad_biases"]
    compare(gradient(built, parameters, given, masks), built, *slopes)
    assert_allclose(predict(built, parameters, given.inputs, dropout), expected["test_output"], **CLOSE)


@pytest.mark.parametrize("case", [one for one in cases("dropout") if "exact_mask_average" in one.values[0]["expected"]])
def test_the_scaled_network_beside_the_average_over_all_masks(case: Case) -> None:
    """Equal where what follows the masks is affine, else an approximation."""
    built, given, expected = architecture(case), examples(case), case["expected"]
    parameters, dropout, keep = built.join(case["weights"], case["biases"]), dropped(case), case["keep"]
    factor, average = dropout.training_factor(keep), np.zeros_like(np.array(expected["exact_mask_average"]))
    for kept in product((0.0, 1.0), repeat=case["sizes"][1]):
        mask = np.broadcast_to(np.array(kept) * factor, (given.count, len(kept)))
        chance = keep ** sum(kept) * (1.0 - keep) ** (len(kept) - sum(kept))
        average += chance * forward(built, parameters, given.inputs, [mask])
    assert_allclose(average, expected["exact_mask_average"], **CLOSE)
    same = np.allclose(average, predict(built, parameters, given.inputs, dropout), **CLOSE)
    assert same is expected["average_equals_test_output"]


def dropped(case: Case) -> AnyDropout:
    return (InvertedDropout if case["mode"] == "inverted" else ClassicDropout)(keep=case["keep"])


def cost_of(built: Architecture, said: Array, given: Examples) -> float:
    """C0 of what a network said, written out as the vectors define it."""
    y = given.targets
    if built.cost.kind == "quadratic":
        return float(0.5 * ((said - y) ** 2).sum(axis=1).mean())
    losses = y * np.log(said)
    if built.cost.output == "sigmoid":
        losses = losses + (1.0 - y) * np.log(1.0 - said)
    return float(-losses.sum(axis=1).mean())
