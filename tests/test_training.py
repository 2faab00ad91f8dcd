"""Laws of runs: values that can be cut, moved, rewound, changed and batched; and how training ends."""

import pickle
import re
from dataclasses import replace
from functools import cache
from typing import Any, get_args

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from app.geometry import (
    Adam,
    AdamW,
    AnyOptimizer,
    Array,
    DecoupledDecay,
    GradientDescent,
    Momentum,
    Nesterov,
    SoftThreshold,
    patient_stop,
)
from app.networks import (
    Architecture,
    ClassicDropout,
    Constant,
    CrossEntropy,
    Examples,
    Frame,
    InvertedDropout,
    Large,
    Linear,
    Multiplied,
    Penalty,
    Precision,
    Projected,
    QuadraticCost,
    ReLU,
    Run,
    Setting,
    Tanh,
    Task,
    advance,
    begin,
    change,
    elastic_net,
    gradient,
    rewind,
)
from app.networks.draws import Supply

BUILT = Architecture((2, 6, 5, 1), Tanh())
RULES = [one() for one in get_args(AnyOptimizer)]
WAYS: dict[str, dict[str, Any]] = {
    "plain": {},
    "whole batch": {"batch": 1000},
    "momentum": {"optimizer": Momentum()},
    "Nesterov": {"optimizer": Nesterov()},
    "Adam": {"optimizer": Adam(), "rate": 0.01},
    "AdamW": {"optimizer": AdamW(decay=0.1), "rate": 0.01},
    "L1 by sign": {"penalty": Penalty(l1=0.01)},
    "soft threshold": {"penalty": Penalty(l1=0.01, l1_update=SoftThreshold())},
    "L2 by layer": {"penalty": Penalty(l2=(0.01, 0.0, 0.1))},
    "decoupled": {"penalty": Penalty(l2=0.05, l2_update=DecoupledDecay())},
    "elastic net": {"penalty": elastic_net(0.02, 0.5)},
    "max-norm": {"constraint": Projected(radius=0.8)},
    "Frobenius": {"constraint": Projected(radius=1.2, scope="layer")},
    "multipliers": {"constraint": Multiplied(radius=0.8)},
    "multipliers by layer": {"constraint": Multiplied(radius=1.2, scope="layer")},
    "classic dropout": {"dropout": ClassicDropout(keep=0.7)},
    "inverted dropout": {"dropout": InvertedDropout(keep=0.6, keep_inputs=0.9)},
    "noise": {"noise": 0.3},
    "clipping": {"clip": 0.05},
    "patience": {"patience": 1000},
}
WAYS |= {f"{name}, single": {**way, "precision": "single"} for name, way in WAYS.items()}
ways = pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
precisely = pytest.mark.parametrize("precision", get_args(Precision))


@cache
def task(rows: int = 50) -> Task:
    """Noisy xor."""
    X = np.random.default_rng(0).standard_normal((rows + 30, 2))
    y = (X[:, :1] * X[:, 1:] + 0.1 * X[:, :1] > 0.0).astype(float)
    return Task(Examples(X[:rows], y[:rows]), Examples(X[rows:], y[rows:]))


def setting(**numbers: Any) -> Setting:
    return Setting(**{"architecture": BUILT, "rate": 0.3, "batch": 8, **numbers})


def ends(run: Run) -> Array:
    return np.stack([learner.parameters for learner in run.learners])


def trained(steps: int, *settings: Setting, given: Task | None = None) -> tuple[Run, Frame]:
    return advance(begin(given or task(), settings), steps)


def moved(run: Run) -> Run:
    """As it arrives in another process."""
    found: Run = pickle.loads(pickle.dumps(run))  # noqa: S301 (our own)
    return found


@ways
def test_the_same_seed_gives_the_same_bytes_however_it_is_cut(way: dict[str, Any]) -> None:
    whole, frame = trained(53, setting(**way))
    cut = begin(task(), [setting(**way)])
    for steps in (1, 16, 3, 20, 13):
        cut, last = advance(moved(cut), steps)
    assert ends(cut).tobytes() == ends(whole).tobytes()
    assert last.models[0].loss == frame.models[0].loss
    again, _ = advance(rewind(cut), 53)
    assert ends(again).tobytes() == ends(whole).tobytes()
    assert (
        rewind(whole).learners[0].parameters.tobytes()
        == begin(task(), [setting(**way)]).learners[0].parameters.tobytes()
    )


@ways
def test_nothing_that_is_given_is_changed(way: dict[str, Any]) -> None:
    before, _ = trained(5, setting(**way))
    kept = pickle.dumps(before)
    advance(before, 30)
    assert pickle.dumps(before) == kept


@ways
def test_a_batch_is_its_members(way: dict[str, Any]) -> None:
    """Six models that differ in seed and in numbers, together and alone."""
    many = [setting(**way, seed=seed) for seed in (0, 1, 1, 2)]
    many += [replace(many[0], rate=0.02), replace(many[1], noise=0.2, clip=0.1)]
    together, frame = trained(60, *many)
    for i, one in enumerate(many):
        alone, shot = trained(60, one)
        assert_array_equal(ends(together)[i], ends(alone)[0])
        assert frame.models[i].loss == pytest.approx(shot.models[0].loss, rel=1e-12)
    assert_array_equal(ends(together)[1], ends(together)[2])


def test_all_ways_side_by_side_are_what_they_are_alone() -> None:
    """A comparison of settings that share nothing but the architecture is one run."""
    many = [setting(**way) for way in WAYS.values()]
    together, _ = trained(40, *many)
    for i, one in enumerate(many):
        assert_array_equal(ends(together)[i], ends(trained(40, one)[0])[0])


def test_architectures_may_differ_in_one_run() -> None:
    small = setting(architecture=Architecture((2, 3, 1), ReLU()))
    together, frame = trained(40, setting(), small)
    assert_array_equal(together.learners[1].parameters, trained(40, small)[0].learners[0].parameters)
    assert [len(norms) for norms in frame.models[1].norms] == [3, 1]


def test_each_model_may_have_examples_of_its_own() -> None:
    chance = np.random.default_rng(4)
    X, y = chance.standard_normal((3, 20, 2)), chance.integers(2, size=(3, 20, 1)).astype(float)
    own = Task(Examples(X, y), Examples(X[:, :5], y[:, :5]))
    for batch in (8, 100):
        many = [setting(batch=batch, patience=3, seed=seed) for seed in range(3)]
        together, frame = trained(200, *many, given=own)
        for i in range(3):
            parts = Task(own.training.of(i), own.validation and own.validation.of(i))
            alone, shot = trained(200, many[i], given=parts)
            assert_array_equal(ends(together)[i], ends(alone)[0])
            assert frame.models[i].step == shot.models[0].step


def follow(rule: AnyOptimizer, steps: int, pull: Any, start: Array, rate: float) -> Array:
    """The rule of the linear labs on the same gradients."""
    w, memory = start, rule.start(start)
    for _ in range(steps):
        w, memory = rule.step(w, pull(rule.look(w, memory)), memory, rate)
    return w


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.kind)
def test_steps_are_those_of_the_rule(rule: AnyOptimizer) -> None:
    """Whole batches; AdamW without decay, for a bias is never decayed here."""
    rule = AdamW(decay=0.0) if isinstance(rule, AdamW) else rule
    start = begin(task(), [setting()])
    run, _ = trained(7, setting(optimizer=rule, batch=50, rate=0.05))
    expected = follow(
        rule, 7, lambda w: gradient(BUILT, w, task().training), start.learners[0].parameters, 0.05
    )  # fmt: skip
    assert_allclose(ends(run)[0], expected, rtol=1e-12, atol=1e-15)


def test_the_updates_by_hand() -> None:
    """No slope (targets met): only the penalty moves, weights 2 and −0.03, η = 0.1; the bias never."""
    built = Architecture((2, 1), cost=QuadraticCost())
    nothing = Task(Examples(np.zeros((3, 2)), np.full((3, 1), 5.0)))
    start = built.join([[[2.0, -0.03]]], [[5.0]])
    cases: dict[tuple[float, float], dict[str, Any]] = {
        (1.0, -0.015): {"penalty": Penalty(l2=5.0)},
        (1.5, 0.47): {"penalty": Penalty(l1=5.0)},  # jumps over 0
        (1.95, 0.0): {"penalty": Penalty(l1=0.5, l1_update=SoftThreshold())},
        (1.8, -0.027): {"optimizer": AdamW(decay=1.0)},
        (1.6, -0.024): {"penalty": Penalty(l2=2.0, l2_update=DecoupledDecay()), "optimizer": Adam()},
        (1.9, 0.07): {"penalty": Penalty(l2=2.0), "optimizer": Adam()},  # divided by its own size
    }
    for expected, way in cases.items():
        one = Setting(built, rate=0.1, **way)
        run, _ = advance(begin(nothing, [one], initials=[start]), 1)
        assert_allclose(run.learners[0].parameters, [*expected, 5.0], atol=1e-7)


def test_a_strength_acts_on_its_own_layer() -> None:
    run, _ = trained(200, setting(penalty=Penalty(l1=(5.0, 0.0, 0.0), l1_update=SoftThreshold())))
    first, second, _ = BUILT.weights(ends(run)[0])
    assert not first.any()
    assert second.any()


def test_max_norm_is_never_exceeded_and_may_be_reached() -> None:
    _, free = trained(300, setting())
    _, held = trained(300, setting(constraint=Projected(radius=1.0)))
    assert max(norms.max() for norms in free.models[0].norms) > 1.5
    assert max(norms.max() for norms in held.models[0].norms) == pytest.approx(1.0, rel=1e-12)
    run, _ = trained(300, setting(constraint=Projected(radius=1.0, scope="layer")))
    for layer in BUILT.weights(ends(run)[0]):
        assert np.linalg.norm(layer) <= 1.0 + 1e-12
    _, nothing = trained(10, setting(constraint=Projected(radius=0.0)))
    assert max(norms.max() for norms in nothing.models[0].norms) == 0.0


@pytest.mark.parametrize("scope", ["unit", "layer"])
def test_multipliers_find_a_stationary_point_of_the_constrained_problem(scope: Any) -> None:
    """Whole batches: in the end each group is within, or its α > 0 balances the gradient of the cost along it."""
    constraint = Multiplied(radius=1.0, scope=scope, rate=0.05)
    run, frame = trained(20000, setting(batch=50, constraint=constraint))
    learner = run.learners[0]
    slope = gradient(BUILT, learner.parameters, task().training)
    alphas = learner.multipliers
    assert (alphas >= 0.0).all()
    assert alphas.max() > 1e-3
    sizes, pulls = [], []
    for weights, pull in zip(BUILT.weights(learner.parameters), BUILT.weights(slope), strict=True):
        rows = (len(weights), -1) if scope == "unit" else (1, -1)
        sizes += list(np.linalg.norm(weights.reshape(rows), axis=1))
        pulls += list((weights.reshape(rows) * pull.reshape(rows)).sum(axis=1))
    held = alphas > 1e-6
    assert_allclose(np.array(sizes)[held], 1.0, rtol=1e-3)
    assert (np.array(sizes) <= 1.001).all()
    assert_allclose(-np.array(pulls)[held], alphas[held], rtol=1e-2, atol=1e-4)
    assert_array_equal(frame.models[0].multipliers, alphas)


def test_a_multiplier_follows_its_group_by_hand() -> None:
    """‖w‖² = 4, c = 1, η_α = 0.1: α ← max(0, 0 + 0.1(½·4 − ½)) = 0.15; then w ← (1 − 0.1·0.15)w."""
    built = Architecture((1, 1), cost=QuadraticCost())
    nothing = Task(Examples(np.zeros((3, 1)), np.full((3, 1), 5.0)))
    start = built.join([[[2.0]]], [[5.0]])
    one = Setting(built, rate=0.1, constraint=Multiplied(radius=1.0, rate=0.1))
    run, _ = advance(begin(nothing, [one], initials=[start]), 1)
    assert_allclose(run.learners[0].multipliers, [0.15])
    run, _ = advance(run, 1)
    assert_allclose(run.learners[0].parameters, [2.0 * 0.985, 5.0])


def test_clipping_bounds_the_step() -> None:
    start = begin(task(), [setting()]).learners[0].parameters
    run, _ = trained(1, setting(batch=50, rate=1.0, clip=0.01))
    assert np.linalg.norm(ends(run)[0] - start) == pytest.approx(0.01)
    slope = gradient(BUILT, start, task().training)
    assert_allclose(ends(run)[0] - start, -0.01 * slope / np.linalg.norm(slope), rtol=1e-9)


def test_an_epoch_shows_each_sample_once() -> None:
    """Batches of 8 of 50: among the first 400 drawn, each is drawn 8 times; of 50, once."""
    one, X = setting(), task().training.inputs
    supply, drawn = Supply([one], task().training), list[tuple[float, ...]]()
    step = 0
    while len(drawn) < 400:
        for given in supply.stretch(step, step * 8):
            drawn += [tuple(row) for row in given.inputs[0, :2].T]
            step += 1
    assert {drawn[:400].count(tuple(row)) for row in X} == {8}
    assert len(set(drawn[:50])) == len(set(drawn[50:100])) == 50
    assert drawn[:50] != drawn[50:100]


def test_numbers_may_change_while_it_runs() -> None:
    begun, _ = trained(30, setting())
    faster = change(begun, [setting(rate=0.6, penalty=Penalty(l2=0.1), dropout=InvertedDropout(keep=0.8))])
    after, frame = advance(faster, 30)
    assert frame.step == 60
    assert_array_equal(faster.learners[0].parameters, begun.learners[0].parameters)
    same, _ = trained(60, setting())
    assert not np.allclose(ends(after), ends(same))
    back, _ = advance(change(begun, [setting()]), 30)
    assert_array_equal(ends(back), ends(same))
    other, _ = advance(change(begun, [setting(optimizer=Adam(), rate=0.01, constraint=Multiplied(radius=0.5))]), 30)
    assert (other.learners[0].multipliers > 0.0).any()


@pytest.mark.parametrize(
    "other",
    [{"seed": 1}, {"initial": Constant()}, {"architecture": Architecture((2, 1))}],
    ids=["seed", "initial", "size"],
)
def test_the_outset_cannot_change(other: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="cannot change within a run"):
        change(begin(task(), [setting()]), [setting(**other)])


def test_patience_stops_where_the_rule_says_and_keeps_the_best() -> None:
    """An overfitting network on 12 noisy samples: the run's curve, judged by the rule for curves."""
    few = task(12)
    run, frame = trained(100_000, setting(batch=4, patience=20, rate=0.5, seed=2), given=few)
    learner, shot = run.learners[0], frame.models[0]
    stop = patient_stop(learner.curve, 20)
    assert learner.outcome == ("stopped", stop.sentence)
    assert stop.ended == len(learner.curve) - 1
    assert learner.step == 3 * stop.ended
    assert shot.validation_loss == pytest.approx(learner.curve[stop.chosen], rel=1e-12)
    assert shot.validation_loss == learner.curve.min()
    again, _ = advance(run, 100)
    assert again.learners[0].step == learner.step


def test_patience_of_one_in_a_batch_leaves_the_others() -> None:
    one, two = setting(batch=4, patience=5, rate=0.5, seed=2), setting(batch=4, patience=10_000, rate=0.5)
    together, frame = trained(2000, one, two, given=task(12))
    alone, _ = trained(2000, two, given=task(12))
    assert frame.models[0].outcome is not None
    assert frame.models[1].outcome is None
    assert_array_equal(ends(together)[1], ends(alone)[0])


def test_patience_may_begin_while_it_runs() -> None:
    """Each judged once at each end of an epoch from then on, whenever the others were."""
    one, two = setting(batch=4), setting(batch=4, seed=3)
    run, _ = trained(23, one, two, given=task(12))
    run, _ = advance(change(run, [replace(one, patience=3, rate=0.5), two]), 2)
    run = change(run, [replace(one, patience=3, rate=0.5), replace(two, patience=4)])
    for _ in range(100):
        run, _ = advance(run, 7)
    first, second = run.learners
    assert (first.outcome or ("",))[0] == (second.outcome or ("",))[0] == "stopped"
    assert len(first.curve) == 1 + (first.step - 23 + 2) // 3  # epochs of 3 steps end at 24, 27, …
    assert len(second.curve) == 1 + (second.step - 25 + 1) // 3
    for learner, patience in ((first, 3), (second, 4)):
        assert patient_stop(learner.curve, patience).ended == len(learner.curve) - 1


def test_a_run_finishes_at_its_limit() -> None:
    run = begin(task(), [setting()], limit=40)
    run, frame = advance(run, 25)
    assert run.going
    run, frame = advance(run, 25)
    assert not run.going
    assert frame.step == 40
    assert frame.models[0].outcome == ("out_of_steps", "Finished: all 40 steps are taken.")


def finite(frame: Frame) -> bool:
    """Whether every number in a frame is."""
    numbers = [
        np.ravel(part)
        for one in frame.models
        for part in (one.loss, one.penalty, one.validation_loss, one.accuracy, one.multipliers, *one.norms)
        if part is not None
    ]
    return bool(np.isfinite(np.concatenate(numbers)).all())


LINEAR = Architecture((2, 4, 4, 1), Linear(), QuadraticCost())
DIVERGING: dict[str, tuple[dict[str, Any], str]] = {
    "step": ({"architecture": LINEAR, "rate": 5.0, "batch": 50}, "η = 5 is .*/L, above 2/L"),
    "one layer": (
        {"architecture": Architecture((2, 1), cost=QuadraticCost()), "rate": 3.0, "batch": 50},
        "the factor along it is 1 − ηL = −",
    ),
    "momentum": (
        {"architecture": LINEAR, "rate": 5.0, "batch": 50, "optimizer": Momentum()}, "above 3.8/L",
    ),
    "decay": (
        {"penalty": Penalty(l2=50.0), "rate": 0.1}, "decay's factor 1 − ηα = −4 a step is below −1: ηα = 5, above 2",
    ),
    "decoupled decay": (
        {"penalty": Penalty(l2=50.0, l2_update=DecoupledDecay()), "rate": 0.1, "optimizer": Adam()}, "1 − ηα = −4",
    ),
    "AdamW": ({"optimizer": AdamW(decay=30.0), "rate": 0.1}, "1 − ηα = −2"),
    "Adam": ({"optimizer": Adam(), "rate": 1e7}, "each step moves each parameter by about η = 1.00×10⁷"),
    "multipliers": (
        {"constraint": Multiplied(radius=0.1, rate=10.0), "rate": 1.0, "initial": Large()}, "a multiplier grew",
    ),
    "huge": ({"rate": 1e12}, "η = 1.00×10¹² is .*/L, above 2/L"),
    "deep": (
        {"architecture": Architecture((2, *[16] * 160, 1), Linear(), QuadraticCost()), "initial": Large(scale=50.0)},
        "overflowed",
    ),
}  # fmt: skip


@precisely
@pytest.mark.parametrize("case", DIVERGING.values(), ids=DIVERGING)
def test_divergence_is_a_result_that_names_the_factor(case: tuple[dict[str, Any], str], precision: Precision) -> None:
    way, words = case
    run, frame = trained(3000, setting(**way, precision=precision))
    outcome = frame.models[0].outcome
    assert outcome is not None
    assert outcome.kind == "diverged"
    assert re.search(words, outcome.sentence), outcome.sentence
    assert f"step {frame.models[0].step}" in outcome.sentence
    assert finite(frame)
    assert np.isfinite(ends(run)).all()
    again, _ = advance(run, 100)
    assert_array_equal(ends(again), ends(run))


def test_one_that_diverges_leaves_the_others_as_they_are_alone() -> None:
    many = [setting(architecture=LINEAR, rate=rate, seed=3) for rate in (0.05, 8.0, 0.1)]
    together, frame = trained(200, *many)
    assert [shot.outcome is not None for shot in frame.models] == [False, True, False]
    for i in (0, 2):
        assert_array_equal(ends(together)[i], ends(trained(200, many[i])[0])[0])
    cut = begin(task(), many)
    for _ in range(200):
        cut, last = advance(cut, 1)
    assert [shot.step for shot in last.models] == [shot.step for shot in frame.models]
    assert_array_equal(ends(cut), ends(together))


HOSTILE: dict[str, dict[str, Any]] = {
    "one unit": {"architecture": Architecture((2, 1, 1), layer_norm=True)},
    "deep": {"architecture": Architecture((2, *[4] * 50, 1), ReLU()), "initial": Large(scale=100.0)},
    "tiny rate": {"rate": 1e-300},
    "enormous noise": {"noise": 1e300},
    "enormous strength": {"penalty": Penalty(l1=1e300), "rate": 1e-3},
    "enormous threshold": {"penalty": Penalty(l1=1e300, l1_update=SoftThreshold())},
    "all dropped": {"dropout": InvertedDropout(keep=0.05, keep_inputs=0.05)},
    "Adam and enormous noise": {"noise": 1e300, "optimizer": Adam()},
}


@precisely
@pytest.mark.parametrize("way", HOSTILE.values(), ids=HOSTILE)
def test_whatever_is_asked_frames_stay_finite(way: dict[str, Any], precision: Precision) -> None:
    way = {**way, "precision": precision}
    run, frame = trained(100, setting(**way))
    assert finite(frame)
    assert np.isfinite(ends(run)).all()
    assert all(np.isfinite(part).all() for part in run.learners[0].memory.arrays)
    assert finite(advance(begin(task(), [setting(**way)]), 0)[1])


def test_one_class_is_learnt() -> None:
    X = task().training.inputs
    _, frame = trained(500, setting(), given=Task(Examples(X, np.ones((50, 1)))))
    assert frame.models[0].accuracy == 1.0
    assert frame.models[0].validation_loss is None


def test_frames_have_the_loss_with_and_without_its_penalty() -> None:
    run, frame = trained(20, setting(penalty=Penalty(l1=0.1, l2=0.3)))
    weights = np.concatenate([part.ravel() for part in BUILT.weights(ends(run)[0])])
    assert frame.models[0].penalty == pytest.approx(0.1 * np.abs(weights).sum() + 0.15 * (weights**2).sum())
    assert frame.models[0].epoch == 20 * 8 / 50


def test_what_does_not_fit_is_refused() -> None:
    with pytest.raises(ValueError, match="has 3 inputs"):
        begin(task(), [setting(architecture=Architecture((3, 1)))])
    with pytest.raises(ValueError, match="validation examples"):
        begin(Task(task().training), [setting(patience=3)])
    with pytest.raises(ValueError, match="2 strengths for 3 layers"):
        setting(penalty=Penalty(l1=(0.1, 0.2)))
    with pytest.raises(ValueError, match="strength"):
        Penalty(l2=-1.0)
    for numbers in ({"rate": 0.0}, {"rate": np.inf}, {"noise": -1.0}, {"batch": 0}, {"patience": 0}, {"clip": 0.0}):
        with pytest.raises(ValueError, match=r"η|batch"):
            setting(**numbers)
    with pytest.raises(ValueError, match="same rows"):
        Examples(np.zeros((3, 2)), np.zeros((2, 1)))
    with pytest.raises(ValueError, match="finite"):
        Examples(np.full((3, 2), np.nan), np.zeros((3, 1)))
    with pytest.raises(ValueError, match="at least one unit"):
        Architecture((2, 0, 1))
    with pytest.raises(ValueError, match="parameters"):
        begin(task(), [setting()], initials=[np.zeros(3)])


def test_softmax_learns_three_classes() -> None:
    chance = np.random.default_rng(1)
    which = chance.integers(3, size=90)
    X = chance.standard_normal((90, 2)) * 0.4 + np.array([[0.0, 2.0], [2.0, -1.0], [-2.0, -1.0]])[which]
    built = Architecture((2, 8, 3), ReLU(), CrossEntropy(output="softmax"))
    _, frame = trained(400, setting(architecture=built), given=Task(Examples(X, np.eye(3)[which])))
    assert frame.models[0].accuracy is not None
    assert frame.models[0].accuracy > 0.97


def test_gradient_descent_lowers_the_cost() -> None:
    run, before = trained(0, setting(batch=50, optimizer=GradientDescent()))
    _, after = advance(run, 200)
    assert after.models[0].loss < 0.7 * before.models[0].loss
