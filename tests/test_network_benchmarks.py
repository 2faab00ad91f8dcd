"""The comparison of networks is honest: all learn the same to the same loss, and it runs."""

import pytest

from app.geometry import Adam, AnyOptimizer, GradientDescent
from benchmarks import networks, planes, sklearn_networks
from benchmarks.timing import QUICK


@pytest.mark.parametrize(("rule", "rate"), networks.RULES, ids=["gradient_descent", "adam"])
def test_both_learn_the_same(rule: AnyOptimizer, rate: float) -> None:
    """Losses after 20 epochs, the mean over seeds: within a factor of two of each other, far below that of a guess."""
    seeds = range(4)
    ours = networks.trained(rule, rate, seeds, 20 * networks.EPOCH)
    theirs = [sklearn_networks.trained(rule, rate, seed, 20) for seed in seeds]
    assert 0.5 < sum(ours) / sum(theirs) < 2.0
    assert max(ours) < 0.3


def test_a_plane_is_interpolated_to_what_is_promised() -> None:
    plane = planes.trained_plane()
    assert 0.0 < planes.error(plane) <= planes.TOLERANCE
    assert planes.grid(plane, planes.COARSE, exact=True).cost[25, 25] < 0.2


def test_the_comparison_runs() -> None:
    found = networks.rows(QUICK)
    assert len({(row.what, row.beside) for row in found}) == len(found) == 14 + 5
    assert {type(rule) for rule, _ in networks.RULES} == {GradientDescent, Adam}
    assert all(row.measured > 0.0 and row.target for row in found if row.beside == "scikit-learn")
    assert all(row.line() for row in found)
