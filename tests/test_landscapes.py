"""Landscapes of networks: planes through their parameters, and the cost on a grid of one."""

from collections.abc import Callable

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from app.geometry import Adam, Array
from app.networks import (
    Architecture,
    CrossEntropy,
    Examples,
    InvertedDropout,
    Linear,
    NoDropout,
    ParameterPlane,
    Penalty,
    QuadraticCost,
    ReLU,
    Setting,
    Sigmoid,
    Tanh,
    Task,
    advance,
    axes_plane,
    begin,
    evaluate,
    filter_normalised,
    landscape,
    plane_through,
    principal_plane,
    random_plane,
)
from app.networks.dropouts import ClassicDropout

CHANCE = np.random.default_rng(0)
INPUTS = CHANCE.standard_normal((60, 2))
XOR = Examples(INPUTS, (INPUTS[:, :1] * INPUTS[:, 1:] > 0.0).astype(float))
TANH = Architecture((2, 5, 4, 1))


def somewhere(built: Architecture, seed: int = 1) -> Array:
    return np.random.default_rng(seed).standard_normal(built.parameters)


def trained(built: Architecture, points: int = 30) -> Array:
    """A path (points, P)."""
    run = begin(Task(XOR), [Setting(built, optimizer=Adam(), rate=0.03)])
    path = [run.learners[0].parameters]
    for _ in range(points - 1):
        run, _ = advance(run, 5)
        path.append(run.learners[0].parameters)
    return np.array(path)


def outputs_by_hand(built: Architecture, parameters: Array, inputs: Array) -> Array:
    """z (n, n_out) of a network, layer by layer and unit by unit, from a row of parameters."""
    shapes: dict[str, Callable[[Array], Array]] = {
        "tanh": np.tanh,
        "relu": lambda z: np.maximum(z, 0.0),
        "sigmoid": lambda z: np.asarray(1.0 / (1.0 + np.exp(-z))),
    }
    a, rest = inputs, list(parameters)
    for layer, (n_in, n_out) in enumerate(zip(built.sizes, built.sizes[1:], strict=False)):
        units = [[rest.pop(0) for _ in range(n_in + 1)] for _ in range(n_out)]
        z = np.array([[sum(w * x for w, x in zip(unit, row, strict=False)) + unit[-1] for unit in units] for row in a])
        a = z if layer == len(built.sizes) - 2 else shapes[built.activation.kind](z)
    return a


@pytest.mark.parametrize("activation", [Tanh(), ReLU(), Sigmoid()], ids=lambda one: one.kind)
def test_a_grid_is_the_cost_of_each_of_its_networks(activation: Tanh | ReLU | Sigmoid) -> None:
    built = Architecture((2, 3, 2, 1), activation)
    plane = ParameterPlane(somewhere(built), somewhere(built, 2), somewhere(built, 3))
    xs, ys = np.linspace(-1.0, 0.5, 4), np.linspace(0.0, 2.0, 3)
    found = landscape(built, plane, XOR, xs, ys, penalty=Penalty(l1=0.1, l2=(0.2, 0.0, 0.3)), exact=True)
    assert found.method == "exact"
    assert found.cost.shape == found.penalty.shape == (3, 4)
    for row, y in enumerate(ys):
        for column, x in enumerate(xs):
            at = plane.origin + x * plane.u + y * plane.v
            margins = outputs_by_hand(built, at, INPUTS)[:, 0] * np.where(XOR.targets[:, 0] > 0.5, 1.0, -1.0)
            true = np.log1p(np.exp(-np.abs(margins))) + np.maximum(-margins, 0.0)
            assert_allclose(found.cost[row, column], true.mean(), rtol=1e-5)
            layers = built.weights(at)
            l2 = 0.5 * (0.2 * np.square(layers[0]).sum() + 0.3 * np.square(layers[2]).sum())
            l1 = 0.1 * sum(np.abs(layer).sum() for layer in layers)
            assert_allclose(found.penalty[row, column], l1 + l2, rtol=1e-12)
    assert_array_equal(found.objective, found.cost + found.penalty)


@pytest.mark.parametrize(
    ("cost", "outputs"),
    [(CrossEntropy(output="softmax"), 3), (QuadraticCost(), 2), (QuadraticCost(output="sigmoid"), 1)],
    ids=["softmax", "quadratic", "sigmoid"],
)
@pytest.mark.parametrize("layer_norm", [False, True], ids=["plain", "layer norm"])
def test_any_cost_has_its_landscape(cost: CrossEntropy | QuadraticCost, outputs: int, layer_norm: bool) -> None:
    built = Architecture((2, 6, outputs), cost=cost, layer_norm=layer_norm)
    given = Examples(INPUTS, np.eye(outputs)[CHANCE.integers(outputs, size=60)])
    plane = random_plane(built, somewhere(built), 0)
    axis = np.linspace(-1.0, 1.0, 7)
    found = landscape(built, plane, given, axis, axis)
    direct = [[evaluate(built, plane.at(np.array([x, y])), given)[0] for x in axis] for y in axis]
    assert_allclose(found.cost, direct, rtol=1e-5)


def test_an_interpolated_landscape_is_near_the_exact_one_and_says_how_near() -> None:
    plane = random_plane(TANH, trained(TANH, 10)[-1], 0)
    axis = np.linspace(-1.0, 1.0, 81)
    near, exact = (landscape(TANH, plane, XOR, axis, 0.5 * axis, exact=exact) for exact in (False, True))
    assert (near.method, exact.method) == ("interpolated", "exact")
    worst = float(np.abs(near.cost - exact.cost).max() / np.ptp(exact.cost))
    assert 0.0 < near.error <= 5e-4
    assert near.error / 5 < worst <= 1e-3
    assert 0.0 <= exact.error <= 1e-6


def test_what_cannot_be_interpolated_is_exact() -> None:
    """Weights of several hundred make steps of the tanh, which no polynomial follows."""
    plane = ParameterPlane(400.0 * somewhere(TANH), *(400.0 * np.stack([somewhere(TANH, 2), somewhere(TANH, 3)])))
    axis = np.linspace(-1.0, 1.0, 49)
    found = landscape(TANH, plane, XOR, axis, axis)
    assert found.method == "exact"
    some = np.array([[axis[3], axis[40]], [axis[22], axis[17]]])
    assert_allclose([found.cost[40, 3], found.cost[17, 22]], evaluate(TANH, plane.at(some), XOR)[0], rtol=1e-4)


def test_beyond_single_precision_it_is_in_double() -> None:
    """Outputs of 1e40 overflow in single precision: the cost, a mean of them, does not in double."""
    built = Architecture((2, 4, 1), Linear())
    plane = random_plane(built, 1e20 * somewhere(built), 0)
    axis = np.linspace(-1.0, 1.0, 5)
    found = landscape(built, plane, XOR, axis, axis)
    assert found.error == 0.0
    assert found.cost.max() > 1e38
    assert_allclose(found.cost[1, 4], evaluate(built, plane.at(np.array([1.0, -0.5])), XOR)[0], rtol=1e-12)


def test_a_flat_landscape_has_no_error() -> None:
    built = Architecture((2, 3, 1))
    still = np.zeros(built.parameters)
    found = landscape(built, ParameterPlane(still, still, still), XOR, np.linspace(-1, 1, 41), np.linspace(-1, 1, 41))
    assert_allclose(found.cost, np.log(2.0), rtol=1e-6)


@pytest.mark.parametrize("dropout", [ClassicDropout(), InvertedDropout(), NoDropout()])
def test_dropout_is_shown_as_at_test(dropout: ClassicDropout | InvertedDropout | NoDropout) -> None:
    plane = random_plane(TANH, somewhere(TANH), 0)
    found = landscape(TANH, plane, XOR, np.array([0.0, 1.0]), np.array([0.0]), dropout=dropout)
    assert_allclose(found.cost[0, 0], evaluate(TANH, plane.origin, XOR, [dropout])[0], rtol=1e-5)


def test_a_filter_normalised_direction_is_as_long_as_each_unit() -> None:
    """By hand, for two units of two inputs and one output: (3, 4) has norm 5, (0, 0) has none, (2,) that of 2."""
    built = Architecture((2, 2, 1))
    parameters = built.join([[[3.0, 4.0], [0.0, 0.0]], [[2.0, 0.0]]], [[7.0, 7.0], [7.0]])
    direction = built.join([[[0.0, 1.0], [1.0, 1.0]], [[3.0, 4.0]]], [[1.0, 1.0], [1.0]])
    by_hand = built.join([[[0.0, 5.0], [0.0, 0.0]], [[1.2, 1.6]]], [[0.0, 0.0], [0.0]])
    assert_allclose(filter_normalised(built, direction, parameters), by_hand, rtol=1e-15)
    assert not filter_normalised(built, 0.0 * direction, parameters).any()


def test_random_planes_follow_their_seed() -> None:
    parameters = somewhere(TANH)
    one, again, other = (random_plane(TANH, parameters, seed) for seed in (3, 3, 4))
    assert_array_equal(one.u, again.u)
    assert abs(one.u @ other.u) < 0.9 * (one.u @ one.u)
    assert abs(one.u @ one.v) < 0.9 * (one.u @ one.u)
    assert_array_equal(one.origin, parameters)


def test_chosen_planes() -> None:
    first, second, third = (somewhere(TANH, seed) for seed in range(3))
    through = plane_through(first, second, third)
    assert_allclose(through.at(np.array([[0.0, 0.0], [1.0, 0.0], [0.0, 1.0]])), [first, second, third], atol=1e-15)
    moved = axes_plane(TANH, first, (4, 0)).at(np.array([0.25, -2.0])) - first
    assert_array_equal(np.flatnonzero(moved), [0, 4])
    assert_allclose(moved[[4, 0]], [0.25, -2.0])


def test_the_nearest_point_of_a_plane_whose_directions_are_oblique() -> None:
    plane = ParameterPlane(somewhere(TANH), somewhere(TANH, 2), somewhere(TANH, 2) + 0.3 * somewhere(TANH, 3))
    away = somewhere(TANH, 4)
    nearest, *_ = np.linalg.lstsq(np.stack([plane.u, plane.v]).T, away - plane.origin, rcond=None)
    assert_allclose(plane.nearest(away), nearest, rtol=1e-9)
    rest = away - plane.at(np.asarray(nearest, dtype=np.float64))
    assert_allclose(np.stack([plane.u, plane.v]) @ rest, 0.0, atol=1e-9)
    assert_allclose(plane.distance(away), np.sqrt(rest @ rest), rtol=1e-12)
    assert_allclose(plane.nearest(plane.at(np.array([[2.0, -1.0], [0.0, 3.0]]))), [[2.0, -1.0], [0.0, 3.0]], atol=1e-9)


def test_the_principal_plane_of_a_path_by_hand() -> None:
    """Steps of 4 along the third axis and 3 along the first, and 1 along the second, which is left out."""
    path = np.array([[0.0, 0.0, 4.0, 0.0], [3.0, 0.0, 0.0, 0.0], [0.0, 1.0, 0.0, 0.0], [0.0, 0.0, 0.0, 0.0]])
    found = principal_plane(path)
    assert_allclose(found.shares, [16 / 26, 9 / 26], rtol=1e-12)
    assert_allclose(found.plane.share_outside(path), 1 / 26, rtol=1e-9)
    assert_allclose(found.plane.distance(path), [0.0, 0.0, 1.0, 0.0], atol=1e-12)
    assert_allclose(np.abs(found.plane.nearest(path)), [[4, 0], [0, 3], [0, 0], [0, 0]], atol=1e-12)
    assert found.plane.nearest(path)[0, 0] < 0.0


def test_the_principal_plane_of_training_holds_what_a_singular_value_decomposition_says() -> None:
    path = trained(TANH)
    found = principal_plane(path)
    gram = (path - path[-1]).T @ (path - path[-1])
    sizes = np.linalg.eigvalsh(gram)[::-1]
    assert_allclose(found.shares, sizes[:2] / sizes.sum(), rtol=1e-6)
    for direction, size in zip((found.plane.u, found.plane.v), sizes, strict=False):
        assert_allclose(gram @ direction, size * direction, atol=1e-8 * sizes[0])
    assert_allclose(float(found.plane.u @ found.plane.v), 0.0, atol=1e-12)
    assert_allclose(np.linalg.norm([found.plane.u, found.plane.v], axis=1), 1.0, rtol=1e-12)
    assert_allclose(found.plane.share_outside(path), 1.0 - found.shares.sum(), atol=1e-9)
    assert random_plane(TANH, path[-1], 0).share_outside(path) > 0.8


def test_paths_that_do_not_move() -> None:
    still = np.ones((3, 5))
    found = principal_plane(still)
    assert_array_equal(found.shares, [0.0, 0.0])
    assert found.plane.share_outside(still) == 0.0


@pytest.mark.parametrize("path", [np.ones((1, 4)), np.ones((4, 1)), np.ones(4)])
def test_what_has_no_principal_plane_says_so(path: Array) -> None:
    with pytest.raises(ValueError, match="two points and two parameters"):
        principal_plane(path)


def test_a_plane_is_of_one_network() -> None:
    with pytest.raises(ValueError, match="two directions of its shape"):
        ParameterPlane(np.zeros(3), np.zeros(3), np.zeros(4))
