"""The comparison of networks is honest: all learn the same to the same loss, and it runs."""

import re
from types import ModuleType
from typing import get_args

import numpy as np
import pytest

from app.geometry import Adam, AnyOptimizer, GradientDescent
from app.networks import advance
from benchmarks import network_samples, networks, planes, sklearn_networks
from benchmarks.network_samples import Precision
from benchmarks.timing import QUICK


@pytest.mark.parametrize("precision", get_args(Precision))
@pytest.mark.parametrize(("rule", "rate"), networks.RULES, ids=["gradient_descent", "adam"])
def test_both_learn_the_same(rule: AnyOptimizer, rate: float, precision: Precision) -> None:
    """Losses after 20 epochs, the mean over seeds: within a factor of two of each other, far below that of a guess."""
    both = [peer.training(rule, rate, 20 * networks.EPOCH, precision) for peer in (networks, sklearn_networks)]
    ours, theirs = ([one.loss(seed) for seed in range(4)] for one in both)
    assert 0.5 < sum(ours) / sum(theirs) < 2.0
    assert max(ours) < 0.3


@pytest.mark.parametrize("precision", get_args(Precision))
@pytest.mark.parametrize("peer", [networks, sklearn_networks], ids=["ours", "scikit-learn"])
def test_each_computes_in_the_precision_of_its_row(peer: ModuleType, precision: Precision) -> None:
    prepared = peer.training(*networks.RULES[1], 2 * networks.EPOCH, precision)
    (layers,) = prepared.learnt(prepared.work(0))
    assert {part.dtype for layer in layers for part in layer} == {np.dtype(precision)}


def test_the_referee_finds_the_loss_of_a_frame() -> None:
    prepared = networks.training(*networks.RULES[1], 64, "double", models=3)
    run, frame = advance(prepared.work(5), 0)
    assert [network_samples.loss(one) for one in prepared.learnt(run)] == pytest.approx(
        [one.loss for one in frame.models], rel=1e-12
    )


def test_a_plane_is_interpolated_to_what_is_promised() -> None:
    plane = planes.trained_plane()
    assert 0.0 < planes.error(plane) <= planes.TOLERANCE
    assert planes.grid(plane, planes.COARSE, exact=True).cost[25, 25] < 0.2


def test_the_comparison_runs() -> None:
    found = networks.rows(QUICK)
    assert len({(row.what, row.beside) for row in found}) == len(found) == 28 + 5
    assert {type(rule) for rule, _ in networks.RULES} == {GradientDescent, Adam}
    beside = [row for row in found if row.beside == "scikit-learn"]
    assert [row.target for row in beside] == [6.0, 35.0, 6.0, 35.0, 6.0, None, 6.0, None]
    assert all(row.measured > 0.0 and re.fullmatch(r"loss 0\.\d+ / 0\.\d+", row.errors) for row in beside)
    assert all(row.line() for row in found)
