"""Laws of networks as functions of their parameters: gradients, initial weights, costs, dropout, constraints."""

import warnings
from itertools import product
from typing import get_args

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from sklearn.exceptions import ConvergenceWarning
from sklearn.neural_network import MLPClassifier, MLPRegressor

from app.geometry import (
    L2,
    Adam,
    AnyOptimizer,
    Array,
    GradientDescent,
    SignShrinkage,
    SoftThreshold,
    least_squares,
    under_dropout,
    under_input_noise,
)
from app.networks import (
    AnyActivation,
    AnyCost,
    AnyInitial,
    Architecture,
    Constant,
    CrossEntropy,
    Examples,
    He,
    InvertedDropout,
    LeakyReLU,
    Linear,
    Penalty,
    QuadraticCost,
    ReLU,
    Setting,
    Sigmoid,
    Tanh,
    Task,
    Xavier,
    Zero,
    advance,
    begin,
    elastic_net,
    evaluate,
    forward,
    gradient,
    predict,
    signals,
    steepest,
)
from app.networks.constraints import Groups
from app.networks.draws import Supply, initial_parameters

ACTIVATIONS = [one() for one in get_args(AnyActivation)]
COSTS = [
    CrossEntropy(),
    CrossEntropy(output="softmax"),
    QuadraticCost(),
    QuadraticCost(output="sigmoid"),
]
PENALTIES = {
    "none": Penalty(),
    "l1": Penalty(l1=0.3),
    "l2": Penalty(l2=0.7),
    "elastic": Penalty(l1=0.2, l2=(0.1, 0.4, 0.9)),
}
SIZES = (3, 5, 4, 2)
FLOOR = 1e-12  # Adam's ε: scikit-learn adds it before the correction of the start, which only a small one hides


def sample(cost: AnyCost, n: int = 7, d: int = 3, outputs: int = 2, seed: int = 0) -> Examples:
    chance = np.random.default_rng(seed)
    classes = np.eye(outputs)[chance.integers(outputs, size=n)] if outputs > 1 else chance.integers(2, size=(n, 1))
    numbers = chance.standard_normal((n, outputs))
    targets = numbers if isinstance(cost, QuadraticCost) and cost.output == "linear" else classes.astype(float)
    return Examples(chance.standard_normal((n, d)), targets)


def somewhere(built: Architecture, seed: int = 1) -> Array:
    return np.random.default_rng(seed).standard_normal(built.parameters)


def objective(built: Architecture, given: Examples, penalty: Penalty, at: Array) -> float:
    return float(evaluate(built, at, given)[0] + penalty.value(built, at))


def slopes(built: Architecture, given: Examples, penalty: Penalty, at: Array, h: float = 1e-6) -> Array:
    """Central differences."""
    steps = h * np.eye(built.parameters)
    return np.array(
        [(objective(built, given, penalty, at + e) - objective(built, given, penalty, at - e)) / (2 * h) for e in steps]
    )


@pytest.mark.parametrize("normalised", [False, True], ids=["plain", "layer norm"])
@pytest.mark.parametrize("penalty", PENALTIES.values(), ids=PENALTIES)
@pytest.mark.parametrize("cost", COSTS, ids=lambda cost: f"{cost.kind}-{cost.output}")
@pytest.mark.parametrize("activation", ACTIVATIONS, ids=lambda activation: activation.kind)
def test_gradients_equal_central_differences(
    activation: AnyActivation, cost: AnyCost, penalty: Penalty, normalised: bool
) -> None:
    built = Architecture(SIZES, activation, cost, layer_norm=normalised)
    given, at = sample(cost), somewhere(built)
    found = gradient(built, at, given, penalty=penalty)
    assert_allclose(found, slopes(built, given, penalty, at), rtol=1e-6, atol=1e-8)


@pytest.mark.parametrize("activation", ACTIVATIONS, ids=lambda activation: activation.kind)
def test_a_slope_is_that_of_the_function(activation: AnyActivation) -> None:
    z = np.array([-3.0, -0.7, -1e-3, 1e-3, 0.4, 2.5])
    differences = (activation.apply(z + 1e-6) - activation.apply(z - 1e-6)) / 2e-6
    assert_allclose(activation.slope(activation.apply(z)), differences, rtol=1e-6, atol=1e-9)


def test_values_at_the_kinks() -> None:
    """relu′(0) = 0, sgn(0) = 0; a penalty has no slope at 0 and none at a bias."""
    zero = np.zeros(1)
    assert ReLU().slope(ReLU().apply(zero)) == 0.0
    assert LeakyReLU(leak=0.2).slope(LeakyReLU(leak=0.2).apply(zero)) == 0.2
    built = Architecture((1, 1), cost=QuadraticCost())
    given = Examples(np.zeros((1, 1)), np.full((1, 1), 2.0))
    assert_array_equal(gradient(built, np.array([0.0, 2.0]), given, penalty=Penalty(l1=5.0)), [0.0, 0.0])
    assert_array_equal(gradient(built, np.array([-3.0, 2.0]), given, penalty=Penalty(l1=5.0, l2=1.0)), [-8.0, 0.0])


def test_a_network_of_one_unit_by_hand() -> None:
    """a = tanh(0.5·2 − 1) = 0, z = 3·0 + 0.25: C = ½(0.25 − 1)², and its slopes by the chain rule."""
    built = Architecture((1, 1, 1), Tanh(), QuadraticCost())
    at = built.join([[[0.5]], [[3.0]]], [[-1.0], [0.25]])
    given = Examples(np.array([[2.0]]), np.array([[1.0]]))
    assert evaluate(built, at, given)[0] == 0.28125
    error = -0.75
    assert_allclose(gradient(built, at, given), [3 * error * 2, 3 * error, 0.0, error], rtol=1e-15)


def test_extreme_sums_cost_what_they_should() -> None:
    """Nothing overflows where the exponential does: −ln σ(−1000) = 1000."""
    z, y = np.array([[-1000.0, 1000.0]]), np.array([[1.0, 1.0]])
    assert CrossEntropy().value(z, y) == 500.0
    assert_array_equal(CrossEntropy().predict(z), [[0.0, 1.0]])
    softmax, both = CrossEntropy(output="softmax"), np.array([[1000.0], [-1000.0]])
    assert softmax.value(both, np.array([[0.0], [1.0]])) == 2000.0
    assert_array_equal(softmax.predict(both), [[1.0], [0.0]])


def test_accuracy_counts_classes() -> None:
    y = np.array([[1.0, 0.0, 1.0, 0.0]])
    z = np.array([[2.0, 3.0, -1.0, -4.0]])
    assert CrossEntropy().accuracy(z, y) == 0.5
    assert QuadraticCost(output="sigmoid").accuracy(z, y) == 0.5
    assert QuadraticCost().accuracy(z, y) is None
    assert CrossEntropy(output="softmax").accuracy(np.r_[z, -z], np.r_[y, 1 - y]) == 0.5


def test_parameters_are_split_into_rows_of_incoming_weights() -> None:
    built = Architecture((2, 3, 1), layer_norm=True)
    weights = [np.arange(6.0).reshape(3, 2), np.array([[7.0, 8.0, 9.0]])]
    biases = [np.array([10.0, 11.0, 12.0]), np.array([13.0])]
    row = built.join(weights, biases)
    assert_array_equal(row, [0, 1, 10, 1, 0, 2, 3, 11, 1, 0, 4, 5, 12, 1, 0, 7, 8, 9, 13])
    assert_array_equal(row[built.is_weight == 1.0], [0, 1, 2, 3, 4, 5, 7, 8, 9])
    assert_array_equal(built.unit_starts, [0, 5, 10, 15])
    assert_array_equal(built.layer_starts, [0, 15])
    for part, given in zip(built.weights(row) + built.biases(row), weights + biases, strict=True):
        assert_array_equal(part, given)


def test_a_stack_of_networks_is_its_members() -> None:
    """Outputs, gradients and signals of S networks are those of each alone."""
    for built in (Architecture(SIZES, ReLU()), Architecture((3, 6, 1)), Architecture((3, 1), layer_norm=True)):
        given = sample(CrossEntropy(), outputs=built.sizes[-1])
        stack = np.stack([somewhere(built, seed) for seed in range(4)])
        whole = signals(built, stack, given)
        for i, alone in enumerate(stack):
            one = signals(built, alone, given)
            assert_allclose(whole.gradient[i], one.gradient, rtol=1e-13, atol=1e-15)
            for ours, theirs in zip(whole.activations + whole.errors, one.activations + one.errors, strict=True):
                assert_allclose(ours[i], theirs, rtol=1e-13, atol=1e-15)
            assert_allclose(predict(built, stack, given.inputs)[i], predict(built, alone, given.inputs), rtol=1e-13)
            assert_allclose(evaluate(built, stack, given)[0][i], evaluate(built, alone, given)[0], rtol=1e-13)


def test_signals_are_what_runs_through_a_network() -> None:
    built = Architecture((3, 5, 4, 2), Tanh(), QuadraticCost())
    at, given = somewhere(built), sample(QuadraticCost())
    found = signals(built, at, given)
    first = np.tanh(given.inputs @ built.weights(at)[0].T + built.biases(at)[0])
    assert_allclose(found.activations[0], first, rtol=1e-13)
    assert [part.shape for part in found.errors] == [(7, 5), (7, 4), (7, 2)]
    assert_allclose(found.errors[-1], (predict(built, at, given.inputs) - given.targets) / 7, rtol=1e-12)
    assert_allclose(built.weights(found.gradient)[1], found.errors[1].T @ found.activations[0], rtol=1e-12)


@pytest.mark.parametrize("n_in", [20, 200])
@pytest.mark.parametrize("initial", [one() for one in get_args(AnyInitial)], ids=lambda initial: initial.kind)
def test_initial_weights_have_the_deviation_they_promise(initial: AnyInitial, n_in: int) -> None:
    setting = Setting(Architecture((n_in, 500, 2)), initial)
    first, _ = setting.architecture.weights(initial_parameters(setting))
    assert not np.any(setting.architecture.biases(initial_parameters(setting))[0])
    deviation = initial.deviation(n_in, 500)
    assert first.std() == pytest.approx(deviation, rel=0.05, abs=1e-15)
    assert initial.variance_factors(n_in, 500) == pytest.approx((n_in * deviation**2, 500 * deviation**2))


def test_two_variance_conditions() -> None:
    """Xavier keeps both variances only where n_in = n_out; He doubles the forward one, for ReLU halves it."""
    assert Xavier().variance_factors(64, 64) == pytest.approx((1.0, 1.0))
    assert Xavier().variance_factors(100, 300) == pytest.approx((0.5, 1.5))
    assert He().variance_factors(100, 300) == pytest.approx((2.0, 6.0))


def test_the_forward_variance_of_relu_is_kept_by_he() -> None:
    built = Architecture((256, 256, 256, 1), ReLU(), QuadraticCost())
    inputs = np.random.default_rng(3).standard_normal((300, 256))
    found = signals(built, initial_parameters(Setting(built, He())), Examples(inputs, np.zeros((300, 1))))
    for active in found.activations:
        assert (active**2).mean() == pytest.approx(1.0, rel=0.15)


@pytest.mark.parametrize("initial", [Zero(), Constant()], ids=lambda initial: initial.kind)
def test_equal_units_stay_equal(initial: AnyInitial) -> None:
    built = Architecture((3, 5, 1), Sigmoid())
    run, _ = advance(begin(Task(sample(CrossEntropy(), outputs=1)), [Setting(built, initial, rate=1.0)]), 50)
    first = built.weights(run.learners[0].parameters)[0]
    assert_array_equal(first, np.broadcast_to(first[0], first.shape))
    assert first.any()


def test_a_layer_norm_gives_mean_0_and_variance_1() -> None:
    built = Architecture((3, 6, 2), Linear(), QuadraticCost(), layer_norm=True)
    at = built.join(built.weights(somewhere(built)), built.biases(somewhere(built)))
    (active,) = signals(built, at, sample(QuadraticCost())).activations
    assert_allclose(active.mean(axis=1), 0.0, atol=1e-14)
    assert_allclose(active.var(axis=1), 1.0, rtol=1e-4)


def test_steepest_is_the_largest_eigenvalue() -> None:
    X, y = np.random.default_rng(0).standard_normal((40, 4)), np.zeros((40, 1))
    built = Architecture((4, 1), cost=QuadraticCost())
    ones = np.c_[X, np.ones(40)]
    expected = np.linalg.eigvalsh(ones.T @ ones / 40).max()
    assert steepest(built, np.zeros(5), Examples(X, y)) == pytest.approx(expected, rel=1e-2)


def linear_problem() -> tuple[Array, Array, Architecture]:
    chance = np.random.default_rng(5)
    X, y = chance.standard_normal((6, 3)), chance.standard_normal(6)
    return X, y, Architecture((3, 1), cost=QuadraticCost())


@pytest.mark.parametrize("keep", [0.5, 0.8])
def test_dropout_of_a_linear_model_is_its_ridge(keep: float) -> None:
    """The mean over all masks of the cost and of its gradient are those of the ridge scaled by column."""
    X, y, built = linear_problem()
    ridge, w = under_dropout(least_squares(X, y), keep), np.array([0.3, -1.2, 0.7])
    at = built.join([w[None]], [[0.0]])
    cost, slope = 0.0, np.zeros(4)
    for kept in product((0.0, 1.0), repeat=3):  # rows are independent, so one mask for all has the same mean
        chance = keep ** sum(kept) * (1.0 - keep) ** (3 - sum(kept))
        given = Examples(X * np.array(kept) / keep, y[:, None])
        cost += chance * float(evaluate(built, at, given)[0])
        slope += chance * gradient(built, at, given)
    assert cost == pytest.approx(float(ridge.value(w)), rel=1e-12)
    assert_allclose(slope[:3], ridge.gradient(w), rtol=1e-12)


@pytest.mark.parametrize("case", ["dropout", "noise"])
def test_what_a_run_is_given_has_that_ridge_in_expectation(case: str) -> None:
    """The inputs of 16,000 steps: the mean gradient is the ridge's, within four standard errors."""
    X, y, built = linear_problem()
    loss, w = least_squares(X, y), np.array([0.3, -1.2, 0.7])
    noisy = case == "noise"
    setting = Setting(built, batch=6, noise=0.6) if noisy else Setting(built, batch=6, dropout=_dropped_inputs())
    ridge = under_input_noise(loss, 0.36) if noisy else under_dropout(loss, 0.7)
    supply, at = Supply([setting], Examples(X, y[:, None])), built.join([w[None]], [[0.0]])
    given = [one for place in range(500) for one in supply.stretch(32 * place, 192 * place)]
    found = np.array(
        [gradient(built, at, Examples(one.inputs[0, :-1].T, one.aims[0].T))[:3] for one in given]
    )  # fmt: skip
    assert len(found) == 16000
    assert (np.abs(found.mean(axis=0) - ridge.gradient(w)) < 4 * found.std(axis=0) / np.sqrt(len(found))).all()


def _dropped_inputs() -> InvertedDropout:
    return InvertedDropout(keep=1.0, keep_inputs=0.7)


def test_a_linear_run_with_dropout_ends_at_its_ridge() -> None:
    X, y, built = linear_problem()
    X, y = X - X.mean(axis=0), y - y.mean()
    setting = Setting(built, batch=6, dropout=_dropped_inputs(), rate=0.05)
    run, _ = advance(begin(Task(Examples(X, y[:, None])), [setting] * 1), 400)
    places = []
    for _ in range(3000):
        run, _ = advance(run, 10)
        places.append(built.weights(run.learners[0].parameters)[0][0])
    optimum = under_dropout(least_squares(X, y), 0.7).minimiser
    free = least_squares(X, y).minimiser
    apart = np.linalg.norm(np.mean(places, axis=0) - optimum)
    assert apart < 0.05 * np.linalg.norm(free - optimum)


@pytest.mark.parametrize("scope", ["unit", "layer"])
def test_a_projection_of_weights_is_that_of_the_ball(scope: str) -> None:
    """Rows too long land on their ball, the nearest point; others are bit-equal, and so is every bias."""
    built = Architecture((3, 4, 2), layer_norm=True)
    at, groups = somewhere(built)[None], Groups(built, scope)  # type: ignore[arg-type]
    moved = groups.project(at, np.array([[1.5]]))
    for before, after in zip(built.weights(at[0]), built.weights(moved[0]), strict=True):
        rows, ours = (before, after) if scope == "unit" else (before.reshape(1, -1), after.reshape(1, -1))
        assert_allclose(ours, L2().project(rows, 1.5), rtol=1e-14)
        inside = np.linalg.norm(rows, axis=1) <= 1.5
        assert_array_equal(ours[inside], rows[inside])
    assert_array_equal(moved[:, built.is_weight == 0.0], at[:, built.is_weight == 0.0])
    assert_allclose(groups.squares(moved).max(), 2.25)


def test_an_elastic_net_is_both_its_parts() -> None:
    built = Architecture((2, 1))
    at = built.join([[[3.0, -4.0]]], [[100.0]])
    assert elastic_net(0.5, 0.2).value(built, at) == pytest.approx(0.5 * (0.2 * 7 + 0.8 * 12.5))
    assert elastic_net(0.5, 0.2).l1_update == SoftThreshold()
    assert Penalty().l1_update == SignShrinkage()


@pytest.mark.parametrize("solver", ["sgd", "adam"])
@pytest.mark.parametrize(("activation", "theirs"), [(Tanh(), "tanh"), (ReLU(), "relu"), (Sigmoid(), "logistic")])
@pytest.mark.parametrize("task", ["classes", "numbers"])
def test_steps_are_those_of_scikit_learn(activation: AnyActivation, theirs: str, solver: str, task: str) -> None:
    """Whole batches, L2 (it divides alpha by n), from its weights after one epoch on: the same after three more."""
    chance = np.random.default_rng(8)
    X = chance.standard_normal((30, 2))
    y = (X[:, 0] * X[:, 1] > 0.0).astype(float) if task == "classes" else X[:, 0] ** 2 - X[:, 1]
    model = (MLPClassifier if task == "classes" else MLPRegressor)(
        hidden_layer_sizes=(5, 4), activation=theirs, solver=solver, alpha=0.6, batch_size=30,
        learning_rate_init=0.05, max_iter=1, epsilon=FLOOR / 100, momentum=0.0, nesterovs_momentum=False,
        shuffle=False, warm_start=True, random_state=0,
    )  # fmt: skip
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        model.fit(X, y)
        start = [W.T.copy() for W in model.coefs_], [b.copy() for b in model.intercepts_]
        model.set_params(max_iter=3).fit(X, y)
    cost = CrossEntropy() if task == "classes" else QuadraticCost()
    built = Architecture((2, 5, 4, 1), activation, cost)
    rule: AnyOptimizer = Adam(epsilon=FLOOR) if solver == "adam" else GradientDescent()
    setting = Setting(built, optimizer=rule, rate=0.05, batch=30, penalty=Penalty(l2=0.6 / 30))
    run, _ = advance(begin(Task(Examples(X, y[:, None])), [setting], initials=[built.join(*start)]), 3)
    for ours, W in zip(built.weights(run.learners[0].parameters), model.coefs_, strict=True):
        assert_allclose(ours, W.T, rtol=1e-8, atol=1e-8 if solver == "adam" else 1e-12)
    for ours, b in zip(built.biases(run.learners[0].parameters), model.intercepts_, strict=True):
        assert_allclose(ours, b, rtol=1e-8, atol=1e-8 if solver == "adam" else 1e-12)


def test_masks_act_on_what_hidden_units_give_on() -> None:
    built = Architecture((2, 3, 1), ReLU(), QuadraticCost())
    at, given = somewhere(built), sample(QuadraticCost(), d=2, outputs=1)
    nobody = np.zeros((7, 3))
    assert_array_equal(forward(built, at, given.inputs, [nobody]), np.full((7, 1), built.biases(at)[1][0]))
    slope = gradient(built, at, given, [nobody])
    assert not built.weights(slope)[0].any()
    assert not built.weights(slope)[1].any()
    assert built.biases(slope)[1].any()
