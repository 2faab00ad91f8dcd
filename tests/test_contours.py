"""What is drawn of a loss is the loss: grids, surrogates and level curves against its exact values."""

from itertools import pairwise

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy.special import log_expit

from app.geometry.contours import TOLERANCE, grid, surrogate
from app.geometry.level_curves import level_curve
from app.geometry.logistic import Logistic
from app.geometry.losses import Loss, Quadratic, least_squares
from app.geometry.planes import profile
from app.geometry.products import log_losses
from app.geometry.regularizer import Piece
from app.geometry.slices import Slice
from app.geometry.spectra import Array

WINDOW = (-3.0, 3.0, -3.0, 3.0)


def _losses() -> dict[str, Loss]:
    rng = np.random.default_rng(1)
    X = np.column_stack([rng.normal(size=(200, 5)), np.ones(200)])
    labels = np.where(X @ [1.0, -0.5, 0.7, 0.1, 0.0, 0.5] + rng.logistic(size=200) > 0.0, 1.0, -1.0)
    tilted = X[:, :2] @ [[1.0, 0.99], [0.0, 0.14]]
    return {
        "bowl": Quadratic(np.array([[1.0, 0.0], [0.0, 5.0]]), np.array([2.0, 1.0])),
        "long bowl": Quadratic(np.array([[10.0, 9.9], [9.9, 10.0]]), np.array([-1.0, 2.0]), 0.3),
        "trough": Quadratic(np.array([[2.25, 1.125], [1.125, 0.5625]]), np.array([0.4, 0.2])),
        "bowl far away": Quadratic(np.array([[2.0, 0.3], [0.3, 1.0]]), np.array([40.0, -30.0])),
        "least squares": least_squares(X[:, :2], labels),
        "quadratic slice": Slice(least_squares(X[:, :3], labels), np.zeros(3), np.ones(3), np.array([1.0, -1.0, 0.0])),
        "logistic": Logistic(X[:, :2], labels),
        "steep logistic": Logistic(10.0 * X[:, :2], labels),
        "tilted logistic": Logistic(5.0 * tilted, labels),
        "separable logistic": Logistic(X[:, :2], np.sign(X[:, 0] - 0.3 * X[:, 1])),
        "profile": profile(Logistic(X, labels), (0, 1)),
        "separable profile": profile(Logistic(X[:, [0, 1, 5]], np.sign(X[:, 0] + 0.3)), (0, 1)),
        "one class": profile(Logistic(X[:, [0, 1, 5]], np.ones(200)), (0, 1)),
    }


LOSSES = _losses()
every_loss = pytest.mark.parametrize("loss", LOSSES.values(), ids=LOSSES)


def mesh(xs: Array, ys: Array) -> Array:
    return np.stack(np.meshgrid(xs, ys), axis=-1)


def middle(loss: Loss) -> Array:
    found = loss.minimum.weights
    return np.array([1.0, -0.5]) if found is None else found


@every_loss
@pytest.mark.parametrize("exact", [True, False])
def test_a_surface_has_the_values_of_the_loss(loss: Loss, exact: bool) -> None:
    xs, ys = np.linspace(-3.0, 3.0, 53), np.linspace(-2.0, 2.5, 41)
    surface, values = grid(loss, xs, ys, exact=exact), loss.value(mesh(xs, ys))
    assert surface.values.shape == (41, 53)
    wrong = np.abs(surface.values - values).max()
    if surface.method == "exact":
        assert surface.error == 0.0
        assert wrong <= 1e-12 * np.abs(values).max()
    else:
        assert not exact
        assert surface.error <= TOLERANCE
        # the checked error is honest: what random points have not seen is no more than a few times larger
        assert wrong <= (5.0 * surface.error + 1e-14) * np.ptp(values)


def test_interpolation_is_used_where_it_holds_and_not_where_it_does_not() -> None:
    xs = np.linspace(-3.0, 3.0, 60)
    assert grid(LOSSES["logistic"], xs, xs).method == "interpolated"
    assert grid(LOSSES["profile"], xs, xs).method == "interpolated"
    assert grid(LOSSES["least squares"], xs, xs).method == "exact"
    kinked = Logistic(np.array([[500.0, 0.0], [0.0, 500.0]]), np.array([1.0, -1.0]))
    assert grid(kinked, xs, xs).method == "exact"
    assert not surrogate(kinked, WINDOW).trusted


@pytest.mark.parametrize("n", [1, 2, 3, 4, 100, 1001])
@pytest.mark.parametrize("scale", [1e-3, 1.0, 30.0, 1e4])
def test_products_give_the_sum_of_logarithms(n: int, scale: float) -> None:
    rng = np.random.default_rng(n)
    signed, offset = scale * rng.normal(size=(n, 2)), scale * rng.normal(size=n)
    xs, ys = np.linspace(-3.0, 2.0, 11), np.linspace(-1.0, 5.0, 9)
    margins = mesh(xs, ys) @ signed.T + offset
    assert_allclose(log_losses(signed, offset, xs, ys), -log_expit(margins).sum(axis=-1), rtol=1e-12, atol=1e-15 * n)


def test_a_grid_of_a_quadratic_far_away_keeps_its_digits() -> None:
    # Nearly collinear columns: ŵ is 1e7 away, where the squares of distances have lost all digits of J.
    rng = np.random.default_rng(2)
    first, apart, y = rng.normal(size=(3, 40))
    X = np.column_stack([first, first + 1e-7 * apart])
    xs = np.linspace(-2.0, 2.0, 9)
    by_hand = np.mean((mesh(xs, xs) @ X.T - y) ** 2, axis=-1) / 2
    assert_allclose(grid(least_squares(X, y), xs, xs).values, by_hand, rtol=1e-8)


def test_only_two_weights_have_a_grid() -> None:
    with pytest.raises(ValueError, match="two weights"):
        grid(Quadratic(np.eye(3), np.zeros(3)), np.arange(3.0), np.arange(3.0))


@pytest.mark.parametrize("name", ["logistic", "profile", "separable logistic"])
def test_a_surrogate_has_the_slopes_of_the_loss(name: str) -> None:
    loss, points = LOSSES[name], np.random.default_rng(3).uniform(-3.0, 3.0, (50, 2))
    values, slopes = surrogate(loss, WINDOW).slopes(points)
    assert_allclose(values, loss.value(points), atol=1e-4)
    assert_allclose(slopes, loss.gradient(points), atol=2e-3)


def drawn(arc: Piece) -> Array:
    """Points of the Bézier curves P, P + T/3, Q − U/3, Q in order, by de Casteljau."""
    (p, q), (t, u) = ((ends[:-1, None], ends[1:, None]) for ends in (arc.points, arc.tangents))
    share = np.linspace(0.0, 1.0, 101)[:, None]
    chain = [p, p + t / 3, q - u / 3, q]
    while len(chain) > 1:
        chain = [(1 - share) * a + share * b for a, b in pairwise(chain)]
    return np.asarray(chain[0].reshape(-1, 2))


@every_loss
@pytest.mark.parametrize("share", [1e-5, 1e-3, 0.03, 0.2, 0.6, 0.95])
def test_the_drawn_curve_is_at_its_level(loss: Loss, share: float) -> None:
    values = loss.lattice(np.linspace(-3.0, 3.0, 201), np.linspace(-3.0, 3.0, 201))
    low, size = float(values.min()), float(np.ptp(values))
    level = low + share * size
    arcs = level_curve(loss, level, middle(loss), WINDOW)
    assert bool(arcs) == (size > 0.0)
    for arc in arcs:
        curve = drawn(arc)
        assert np.abs(loss.value(curve) - level).max() <= 1e-4 * size
        assert np.abs(curve).max() <= 3.0 + 0.02
        closed = bool((arc.points[0] == arc.points[-1]).all())
        ends = np.abs(arc.points[[0, -1]]).max(axis=-1)
        assert closed or (np.abs(ends - 3.0) < 1e-3).all(), "an open piece ends at the window"


@every_loss
@pytest.mark.parametrize("share", [0.003, 0.03, 0.2, 0.6])
def test_no_piece_of_the_curve_is_missing(loss: Loss, share: float) -> None:
    line = np.linspace(-3.0, 3.0, 121)
    values = loss.lattice(line, line)
    level = float(values.min()) + share * float(np.ptp(values))
    arcs = level_curve(loss, level, middle(loss), WINDOW)
    above = values > level
    rows, columns = np.nonzero(above[:, 1:] != above[:, :-1])
    if not rows.size:
        assert not arcs
        return
    # every grid edge that the level crosses has the curve within a cell
    crossed = np.stack([0.5 * (line[columns] + line[columns + 1]), line[rows]], axis=-1)
    curve = np.concatenate([drawn(arc) for arc in arcs])
    distances = np.linalg.norm(crossed[:, None] - curve, axis=-1).min(axis=-1)
    assert distances.max() < 0.1


def test_an_ellipse_is_closed_and_has_nine_nodes() -> None:
    (arc,) = level_curve(LOSSES["bowl"], 0.4, np.array([2.0, 1.0]), WINDOW)
    assert len(arc.points) == 9
    assert (arc.points[0] == arc.points[-1]).all()
    # The half axes √(2e/λ) of diag(1, 5) at the excess 0.4.
    assert_allclose(arc.points.max(axis=0) - [2.0, 1.0], [np.sqrt(0.8), np.sqrt(0.16)], rtol=1e-12)


def test_a_trough_has_two_parallel_lines() -> None:
    arcs = level_curve(LOSSES["trough"], 1.0, np.array([0.4, 0.2]), WINDOW)
    assert [len(arc.points) for arc in arcs] == [2, 2]
    for arc in arcs:
        along = np.diff(arc.points, axis=0)[0]
        assert_allclose(along @ [2.0, 1.0], 0.0, atol=1e-12)
        assert_allclose(arc.tangents, [along, along])


def test_below_the_minimum_there_is_no_curve() -> None:
    for name in ("bowl", "logistic", "profile", "trough"):
        lowest = LOSSES[name].minimum.value
        assert level_curve(LOSSES[name], lowest - 0.01, np.zeros(2), WINDOW) == []
        assert level_curve(LOSSES[name], lowest, middle(LOSSES[name]), WINDOW) == []


def test_a_saddle_has_no_level_curve_of_a_convex_set() -> None:
    with pytest.raises(ValueError, match="indefinite"):
        level_curve(Quadratic(np.diag([1.0, -1.0]), np.zeros(2)), 1.0, np.zeros(2), WINDOW)


def test_a_centre_that_is_not_inside_is_replaced() -> None:
    loss = LOSSES["logistic"]
    level = loss.minimum.value + 0.01
    for centre in ([3.0, 3.0], [-50.0, 9.0]):
        (arc,) = level_curve(loss, level, np.array(centre), WINDOW)
        assert_allclose(loss.value(arc.points), level, atol=1e-5)


def test_a_prepared_surrogate_draws_the_same_curve() -> None:
    loss = LOSSES["profile"]
    level = loss.minimum.value + 0.05
    prepared = surrogate(loss, WINDOW)
    for one, other in zip(
        level_curve(loss, level, middle(loss), WINDOW),
        level_curve(loss, level, middle(loss), WINDOW, prepared),
        strict=True,
    ):
        assert (one.points == other.points).all()
