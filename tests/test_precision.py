"""Laws of single precision: a batch is its members bit for bit, nothing is double on the way, and gradients are as near
to those of double precision as an analysis of rounding says.
"""

import re
from dataclasses import replace
from functools import cache
from itertools import product
from typing import Any, get_args

import numpy as np
import pytest
from numpy.testing import assert_array_equal, assert_equal

from app.geometry import Adam, AnyOptimizer, AnyUpdate, Array, Nesterov, Projection
from app.networks import (
    AnyActivation,
    AnyConstraint,
    AnyCost,
    AnyDropout,
    Architecture,
    ClassicDropout,
    CrossEntropy,
    Examples,
    InvertedDropout,
    Learner,
    Multiplied,
    NoDropout,
    Penalty,
    Precision,
    Projected,
    QuadraticCost,
    Run,
    Setting,
    Task,
    Unconstrained,
    advance,
    begin,
    change,
    elastic_net,
    evaluate,
    gradient,
    initial_parameters,
    predict,
)
from app.networks.constraints import Groups
from app.networks.draws import Supply
from app.networks.trainers import Trainer

ACTIVATIONS = [one() for one in get_args(AnyActivation)]
COSTS = [CrossEntropy(), CrossEntropy(output="softmax"), QuadraticCost(), QuadraticCost(output="sigmoid")]
OPTIMIZERS: list[AnyOptimizer] = [*(one() for one in get_args(AnyOptimizer)), Nesterov(schedule="fista")]
CONSTRAINTS: list[AnyConstraint] = [
    Unconstrained(),
    *(kind(radius=0.7, scope=scope) for kind in (Projected, Multiplied) for scope in ("unit", "layer")),
]
DROPOUTS: list[AnyDropout] = [NoDropout(), ClassicDropout(keep=0.7), InvertedDropout(keep=0.6, keep_inputs=0.9)]
each_activation = pytest.mark.parametrize("activation", ACTIVATIONS, ids=lambda one: one.kind)
each_cost = pytest.mark.parametrize("cost", COSTS, ids=lambda one: f"{one.kind}-{one.output}")
each_optimizer = pytest.mark.parametrize("optimizer", OPTIMIZERS, ids=repr)


@cache
def task(outputs: int = 1) -> Task:
    """Xor of 41 samples, and 9 held back."""
    X = np.random.default_rng(0).standard_normal((50, 2))
    y = (X[:, :1] * X[:, 1:] > 0.0).astype(float)
    y = y if outputs == 1 else np.hstack([y, 1.0 - y])
    return Task(Examples(X[:41], y[:41]), Examples(X[41:], y[41:]))


def single(**given: Any) -> Setting:
    start: dict[str, Any] = {"architecture": Architecture((2, 5, 4, 1)), "rate": 0.05, "batch": 8}
    return Setting(**{**start, "precision": "single", **given})


def held(run: Run) -> list[bytes]:
    """Every bit that a next step depends on."""
    return [bits(learner) for learner in run.learners]


def bits(learner: Learner) -> bytes:
    arrays = learner.parameters, *learner.memory.arrays, learner.multipliers, learner.best, learner.curve
    return b"".join(part.tobytes() for part in arrays)


def assert_a_batch_is_its_members(settings: list[Setting], given: Task, steps: int) -> None:
    together, frame = advance(begin(given, settings), steps)
    for i, one in enumerate(settings):
        alone, shot = advance(begin(given, [one]), steps)
        assert held(together)[i] == held(alone)[0], one
        assert_equal(vars(frame.models[i]), vars(shot.models[0]))


@each_optimizer
@each_cost
@each_activation
def test_a_batch_is_its_members_bit_for_bit(activation: AnyActivation, cost: AnyCost, optimizer: AnyOptimizer) -> None:
    """Two that differ in seed, rate and strength, under every bound and every kind of dropout."""
    outputs = 2 if cost.output == "softmax" else 1
    built = Architecture((2, 5, 4, outputs), activation, cost)
    for constraint, dropout in product(CONSTRAINTS, DROPOUTS):
        first = single(
            architecture=built, optimizer=optimizer, rate=0.02, constraint=constraint, dropout=dropout,
            penalty=elastic_net(0.01, 0.5),
        )  # fmt: skip
        second = replace(first, seed=1, rate=0.01, penalty=elastic_net(0.03, 0.2))
        assert_a_batch_is_its_members([first, second], task(outputs), 9)


@pytest.mark.parametrize("normalised", [False, True], ids=["plain", "layer norm"])
@pytest.mark.parametrize("sizes", [(2, 1), (2, 1, 1), (2, 1, 3, 2), (2, 16, 16, 1), (2, 33, 17, 3)], ids=str)
@pytest.mark.parametrize("batch", [1, 2, 32, 41])
@pytest.mark.parametrize("precision", get_args(Precision))
def test_whatever_its_shape(sizes: tuple[int, ...], batch: int, normalised: bool, precision: Precision) -> None:
    """Kernels of linear algebra differ by shape, those of one matrix from those of a stack."""
    targets = np.repeat(task().training.targets, sizes[-1], axis=1)
    given = Task(Examples(task().training.inputs, targets), Examples(task().training.inputs[:9], targets[:9]))
    built = Architecture(sizes, layer_norm=normalised)
    first = single(architecture=built, batch=batch, clip=0.5, noise=0.1, patience=50, precision=precision)
    many = [replace(first, seed=seed) for seed in range(4)]
    assert_a_batch_is_its_members(many, given, 60)


def test_models_whose_optimizers_are_of_another_age_walk_as_they_do_alone() -> None:
    """Adam corrects its means for the steps it has taken itself: one of them took over from gradient descent."""
    for precision in ("single", "double"):
        one, other = single(precision=precision, optimizer=Adam()), single(precision=precision, seed=1)
        later = replace(other, optimizer=Adam())
        together, _ = advance(change(advance(begin(task(), [one, other]), 7)[0], [one, later]), 7)
        alone, _ = advance(change(advance(begin(task(), [other]), 7)[0], [later]), 7)
        np.testing.assert_allclose(together.learners[1].parameters, alone.learners[0].parameters, rtol=0, atol=1e-12)


def test_what_is_drawn_is_that_of_double_precision_rounded() -> None:
    """Initial weights, inputs with their noise, masks."""
    ours = single(dropout=InvertedDropout(keep=0.6, keep_inputs=0.9), noise=0.2)
    theirs = replace(ours, precision="double")
    assert_array_equal(initial_parameters(ours), initial_parameters(theirs).astype(np.float32))
    pairs = zip(*(Supply([one], task().training).stretch(0, 0) for one in (ours, theirs)), strict=True)
    for given, exact in pairs:
        np.testing.assert_allclose(given.inputs, exact.inputs, rtol=3e-7, atol=3e-7)
        for part, whole in zip((given.aims, *given.masks), (exact.aims, *exact.masks), strict=True):
            assert_array_equal(part, whole.astype(np.float32))


@each_cost
@each_activation
def test_functions_of_units_stay_single(activation: AnyActivation, cost: AnyCost) -> None:
    z = np.linspace(-2.0, 2.0, 6, dtype=np.float32).reshape(2, 3)
    y = np.array([[0.0, 1.0, 0.0], [1.0, 0.0, 1.0]], np.float32)
    found = activation.apply(z), activation.slope(activation.apply(z)), cost.predict(z), cost.error(z, cost.aims(y))
    assert {one.dtype for one in found} == {np.dtype("single")}


@each_optimizer
def test_optimizers_and_updates_stay_single(optimizer: AnyOptimizer) -> None:
    w, rate = np.array([[1.0, -2.0], [0.5, 3.0]], np.float32), np.array([[0.1], [0.2]], np.float32)
    memory = optimizer.start(w)
    for _ in range(3):
        look = optimizer.look(w, memory)
        w, memory = optimizer.step(w, 2.0 * look, memory, rate)
        assert {one.dtype for one in (look, w, *memory.arrays)} == {np.dtype("single")}
    for update in (one() for one in get_args(AnyUpdate) if one is not Projection):
        slope = update.slope(w, rate)
        assert isinstance(slope, float) or slope.dtype == np.dtype("single")
        assert update.settle(w, w, rate, rate).dtype == np.dtype("single")


WAYS: dict[str, dict[str, Any]] = {
    "plain": {},
    "Adam": {"optimizer": Adam()},
    "L1 and L2": {"penalty": Penalty(l1=0.01, l2=(0.01, 0.0, 0.1))},
    "elastic net": {"penalty": elastic_net(0.02, 0.5)},
    "max-norm": {"constraint": Projected(radius=0.5)},
    "multipliers": {"constraint": Multiplied(radius=0.5)},
    "dropout": {"dropout": ClassicDropout(keep=0.7)},
    "noise and dropped inputs": {"dropout": InvertedDropout(keep_inputs=0.5), "noise": 0.3},
    "clipping": {"clip": 0.05},
    "patience": {"patience": 3},
    "layer norm": {"architecture": Architecture((2, 5, 4, 1), layer_norm=True)},
}


@pytest.mark.parametrize("models", [1, 3])
@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_a_step_is_single_from_its_samples_to_its_memory(
    way: dict[str, Any], models: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All arrays that a step is given, that forces act on, and that it leaves."""
    seen: list[Array] = []
    stepped, project, spread = Trainer._stepped, Groups.project, Groups.spread

    def spied(self: Trainer, given: Any) -> Any:
        state = stepped(self, given)
        pulled = self._forces.pull(self._passes.gradient.copy(), state.parameters, state.multipliers)
        seen.extend([given.inputs, given.aims, *given.masks, pulled, self._forces.rate])
        seen.extend([state.parameters, *state.memory.arrays, state.multipliers])
        return state

    def also(whole: Any) -> Any:
        def noted(*given: Any) -> Array:
            found: Array = whole(*given)
            seen.append(found)
            return found

        return noted

    monkeypatch.setattr(Trainer, "_stepped", spied)
    monkeypatch.setattr(Groups, "project", also(project))
    monkeypatch.setattr(Groups, "spread", also(spread))
    run, _ = advance(begin(task(), [single(**way, seed=seed) for seed in range(models)]), 10)
    seen += [part for one in run.learners for part in (one.parameters, one.best, one.initial)]
    assert {one.dtype for one in seen} == {np.dtype("single")}


def test_what_is_measured_is_single_and_summed_up_in_double() -> None:
    built, given = Architecture((2, 5, 4, 1)), task().training
    at = initial_parameters(single())
    assert (
        predict(built, at, given.inputs).dtype == gradient(built, at, given, penalty=Penalty(l2=0.1)).dtype == at.dtype
    )
    for cost in COSTS[::2]:
        whole = Architecture((2, 5, 4, 1), cost=cost)
        ours, theirs = (evaluate(whole, one, given)[0] for one in (at, at.astype(float)))
        assert ours.dtype == np.float64
        np.testing.assert_allclose(ours, theirs, rtol=1e-6)


def test_the_precision_is_part_of_the_outset() -> None:
    with pytest.raises(ValueError, match="precision cannot change within a run"):
        change(begin(task(), [single()]), [single(precision="double")])


def test_examples_beyond_its_largest_number_are_refused() -> None:
    large = Examples(np.full((3, 2), 1e39), np.ones((3, 1)))
    with pytest.raises(ValueError, match="single precision holds no number above"):
        begin(Task(large), [single()])
    begin(Task(large), [single(precision="double")])


def test_gradients_that_it_cannot_square_end_a_training_that_remembers_squares() -> None:
    """10²⁵ squared is beyond 3.4·10³⁸: without an end, Adam would divide by ∞ and stand still for ever."""
    wild = single(architecture=Architecture((2, 1)), optimizer=Adam(), noise=1e25)
    run, frame = advance(begin(task(), [wild, replace(wild, precision="double"), single(noise=0.1)]), 40)
    outcome = frame.models[0].outcome
    assert outcome is not None
    assert re.search(
        "in single precision what the optimizer remembers of them overflowed. Stopped at step 1,", outcome[1]
    )
    assert [one.outcome for one in frame.models[1:]] == [None, None]
    assert all(np.isfinite(part).all() for one in run.learners for part in one.memory.arrays)


def test_both_precisions_take_the_same_way_at_first() -> None:
    """After ten steps they are apart by about ten roundings; after 3000 both have learnt."""
    both = [single(rate=0.3), single(rate=0.3, precision="double")]
    run, _ = advance(begin(task(), both), 10)
    first, second = (one.parameters for one in run.learners)
    assert 0.0 < np.abs(first - second).max() < 1e-5
    _, frame = advance(run, 3000)
    assert [one.accuracy for one in frame.models] == [1.0, 1.0]


# How far rounding can take a gradient: Higham (2002), Accuracy and stability of numerical algorithms, §3.1 and §3.5.

UNIT = 2.0**-24  # a rounding of single precision is wrong by at most this share
ELEMENTWISE = 16 * UNIT  # that of an activation in a few calls, each right to 4 units in the last place


def gamma(n: int) -> float:
    """The share by which a sum of n products can be wrong, whatever the order."""
    return n * UNIT / (1.0 - n * UNIT)


def multiplied(A: Array, dA: Array, B: Array, dB: Array) -> tuple[Array, Array]:
    """A product of matrices, and the bound on its error."""
    bound = np.abs(A) @ dB + dA @ np.abs(B) + dA @ dB + gamma(A.shape[-1] + 1) * ((np.abs(A) + dA) @ (np.abs(B) + dB))
    return A @ B, bound


F: dict[str, tuple[Any, Any, float, float]] = {  # the function, its slope, the Lipschitz constants of both
    "tanh": (np.tanh, lambda z: 1.0 - np.tanh(z) ** 2, 1.0, 0.77),
    "sigmoid": (lambda z: 1.0 / (1.0 + np.exp(-z)), lambda z: np.exp(-z) / (1.0 + np.exp(-z)) ** 2, 0.25, 0.1),
    "linear": (lambda z: z, np.ones_like, 1.0, 0.0),
    "relu": (lambda z: np.maximum(z, 0.0), lambda z: (z > 0.0) * 1.0, 1.0, 0.0),
    "leaky_relu": (lambda z: np.maximum(z, 0.01 * z), lambda z: np.where(z > 0.0, 1.0, 0.01), 1.0, 0.0),
}


def through(kind: str, z: Array, dz: Array) -> tuple[Array, Array, Array, Array]:
    """f(z) and f′(z), each with its bound; a kink within reach may be passed."""
    f, slope, steep, bent = F[kind]
    a, s = f(z), slope(z)
    kinks = kind.endswith("relu") * (np.abs(z) <= dz) * 1.0
    return a, steep * dz + ELEMENTWISE * np.maximum(np.abs(a), kind == "sigmoid"), s, bent * dz + ELEMENTWISE + kinks


def bounded_gradient(built: Architecture, at: Array, X: Array, y: Array) -> tuple[Array, Array]:
    """The gradient of ½‖y − a‖²/m or of the cross-entropy of sigmoids in double, and how far single may be from it."""
    kind, m = built.activation.kind, len(X)
    layers = [np.c_[W, b] for W, b in zip(built.weights(at), built.biases(at), strict=True)]
    a, da = np.r_[X.T, np.ones((1, m))], np.abs(np.r_[X.T, np.zeros((1, m))]) * UNIT
    carried, slopes = [(a, da)], []
    for W in layers[:-1]:
        z, dz = multiplied(W, np.abs(W) * UNIT, a, da)
        a, da, s, ds = through(kind, z, dz)
        a, da = np.r_[a, np.ones((1, m))], np.r_[da, np.zeros((1, m))]
        carried.append((a, da))
        slopes.append((s, ds))
    z, dz = multiplied(layers[-1], np.abs(layers[-1]) * UNIT, a, da)
    out = "linear" if built.cost.output == "linear" else "sigmoid"
    said, dsaid, _, _ = through(out, z, dz)
    error = (said - y.T) / m
    derror = dsaid / m + 4 * UNIT * (np.abs(said) + np.abs(y.T)) / m
    found: list[tuple[Array, Array]] = []
    for i in reversed(range(len(layers))):
        a, da = carried[i]
        found.append(multiplied(error, derror, a.T, da.T))
        if i:
            W, (s, ds) = layers[i][:, :-1], slopes[i - 1]
            back, dback = multiplied(W.T, np.abs(W.T) * UNIT, error, derror)
            error, derror = back * s, np.abs(back) * ds + dback * (np.abs(s) + ds) + UNIT * np.abs(back * s)
    both = [built.join([one[j][:, :-1] for one in found[::-1]], [one[j][:, -1] for one in found[::-1]]) for j in (0, 1)]
    return both[0], both[1]


@pytest.mark.parametrize("cost", [CrossEntropy(), QuadraticCost()], ids=lambda one: str(one.kind))
@each_activation
def test_gradients_are_as_near_to_double_as_rounding_allows(activation: AnyActivation, cost: AnyCost) -> None:
    """Number by number below the bound, and the bound below a 2000th of the gradient's size."""
    built, given = Architecture((2, 16, 16, 1), activation, cost), task().training
    for seed in range(20):
        at = np.random.default_rng(seed).standard_normal(built.parameters) * 0.5
        exact, bound = bounded_gradient(built, at, given.inputs, given.targets)
        np.testing.assert_allclose(gradient(built, at, given), exact, rtol=1e-12, atol=1e-14)
        found = gradient(built, at.astype(np.float32), given)
        assert (np.abs(found - exact) <= bound).all()
        assert np.median(bound) < 5e-4 * np.abs(exact).max()
        assert np.abs(found - exact).max() > 1e-9  # it is no double in disguise
