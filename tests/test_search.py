"""Shapes that are not convex: as good as a fine grid, and said to be searched."""

import numpy as np
import pytest

from app.geometry import Constrained, Penalised, Profile, QuasiNorm, solve
from tests.landscapes import BOWL, CERTIFIED, LOSSES


@pytest.mark.parametrize("p", [0.2, 0.5, 0.95])
@pytest.mark.parametrize("name", ["default bowl", "turned, on an axis", "correlation 0.99", "logistic"])
def test_a_search_is_as_good_as_a_fine_grid_and_says_so(name: str, p: float) -> None:
    loss, shape = LOSSES[name], QuasiNorm(p=p)
    angles = np.linspace(0.0, 2.0 * np.pi, 40_001)
    directions = np.stack([np.cos(angles), np.sin(angles)], axis=-1)
    directions = np.sign(directions) * np.abs(directions) ** (2.0 / p)
    directions /= shape.value(directions)[:, None]
    for radius in (0.05, 0.8, 1.7):
        solution = solve(loss, shape, Constrained(radius))
        assert solution.outcome.kind == "searched"
        assert solution.certificate.gap is None
        assert solution.certificate.residual <= CERTIFIED
        assert solution.value <= float(loss.value(radius * directions).min()) + 1e-12
    for strength in (0.02, 0.4, 30.0):
        solution = solve(loss, shape, Penalised(strength))
        reaches = np.linspace(0.0, 4.0, 60)[:, None, None] * directions[::20]
        grid = loss.value(reaches) + strength * shape.value(reaches)
        assert solution.certificate.residual <= CERTIFIED
        assert solution.value + strength * solution.omega <= float(grid.min()) + 1e-12


def test_a_search_knows_the_ends() -> None:
    shape = QuasiNorm(p=0.5)
    inside = solve(BOWL, shape, Constrained(100.0))
    assert inside.weights is not None
    assert (inside.active, inside.strength, *inside.weights) == (False, 0.0, 2.0, 1.0)
    point = solve(BOWL, shape, Constrained(0.0))
    assert (point.strength, point.smallest_strength, point.active) == (None, 5.0, True)
    assert isinstance(LOSSES["profile of six"], Profile)
    assert solve(LOSSES["profile of six"], shape, Constrained(0.4)).certificate.residual <= CERTIFIED


def test_a_spike_is_met_exactly() -> None:
    for p in (0.2, 0.5):
        for form in (Constrained(0.7), Penalised(1.0)):
            w = solve(BOWL, QuasiNorm(p=p), form).weights
            assert w is not None
            assert np.count_nonzero(w) == 1
