"""Walks: how they end, that they stay finite, where they lead, and that a batch is nothing but its members."""

from typing import get_args

import numpy as np
import pytest
from numpy.testing import assert_allclose

from app.geometry import (
    L1,
    L2,
    Adam,
    AnyOptimizer,
    AnyUpdate,
    Array,
    Constrained,
    Convex,
    DecoupledDecay,
    Free,
    GradientDecay,
    GradientDescent,
    LInfinity,
    Logistic,
    LogisticRows,
    Loss,
    Momentum,
    Nesterov,
    Penalised,
    Projection,
    Quadratic,
    SignShrinkage,
    SoftThreshold,
    SquaredL2,
    SquaredRows,
    Trajectory,
    Unregularized,
    Walker,
    descend_coordinates,
    least_squares,
    profile,
    rows_of,
    solve,
    walk,
)
from tests.landscapes import BOWL, LOSSES, bowl, data, labelled

START = np.array([-3.0, 2.0])
OPTIMIZERS = [one() for one in get_args(AnyOptimizer)]
UPDATES = [one() for one in get_args(AnyUpdate)]
L = BOWL.smoothness


def alone(loss: Loss, walker: Walker, steps: int = 400, start: Array = START) -> Trajectory:
    return walk(loss, [walker], start, steps)[0]


def descent(relative: float, update: AnyUpdate | None = None, amount: float = 0.0) -> Walker:
    return Walker(GradientDescent(), relative / L, update or Unregularized(), amount)


# How it ends.


@pytest.mark.parametrize("relative", [0.1, 1.0, 1.9])
def test_below_two_over_l_gradient_descent_converges(relative: float) -> None:
    made = alone(BOWL, descent(relative), 2000)
    assert made.outcome.kind == "converged"
    assert made.settled is not None
    assert_allclose(made.weights[-1], BOWL.minimiser, atol=1e-4)


@pytest.mark.parametrize(("relative", "factor"), [(2.3, "−1.3"), (2.01, "−1.01"), (3.0, "−2"), (100.0, "−99")])
def test_above_two_over_l_it_diverges_and_says_so(relative: float, factor: str) -> None:
    made = alone(BOWL, descent(relative), 300)
    assert made.outcome.kind == "diverged"
    assert f"step {relative:.3g}/L: the factor along the steepest direction is {factor} a step" in made.outcome.sentence
    assert made.factor is not None
    assert made.factor == pytest.approx(1.0 - relative, rel=1e-3)
    assert np.isfinite(made.weights).all()
    assert np.isfinite(BOWL.value(made.weights)).all()
    assert made.settled is None


def test_at_two_over_l_it_jumps_to_and_fro() -> None:
    made = alone(BOWL, descent(2.0), 300)
    assert made.outcome.kind == "out_of_steps"
    assert "to and fro between two points, 2 apart" in made.outcome.sentence  # from 2 to 0 around 1


@pytest.mark.parametrize("update", [GradientDecay(), DecoupledDecay()])
def test_a_decay_that_is_too_strong_flips_the_weights(update: AnyUpdate) -> None:
    """Without a loss, η = 0.3 and α = 10 multiply the weights by 1 − 3 = −2 at each step."""
    flat = Quadratic(np.zeros((2, 2)), np.zeros(2))
    made = alone(flat, Walker(GradientDescent(), 0.3, update, 10.0))
    assert made.outcome.kind == "diverged"
    assert made.factor == pytest.approx(-2.0)
    assert_allclose(made.weights[:4, 0], [-3.0, 6.0, -12.0, 24.0])


def test_a_saddle_is_left_for_good() -> None:
    made = alone(Quadratic(np.diag([1.0, -1.0]), np.zeros(2)), Walker(GradientDescent(), 0.5), 500)
    assert (made.outcome.kind, made.factor) == ("diverged", pytest.approx(1.5))


def test_a_walk_that_begins_where_it_wants_to_end_stays() -> None:
    made = alone(BOWL, descent(1.0), 50, BOWL.minimiser)
    assert (made.outcome.kind, made.settled) == ("converged", 0)


def test_too_few_steps_are_said() -> None:
    made = alone(BOWL, descent(0.001), 20)
    assert made.outcome.kind == "out_of_steps"
    assert "still moving" in made.outcome.sentence
    assert alone(BOWL, descent(1.0), 1).steps == 1


@pytest.mark.parametrize("factor", [1e-6, 1e3])
def test_short_steps_do_not_count_as_settled(factor: float) -> None:
    """Less than a millionth of the way a step, and yet nowhere near: a step of 1e-9/L is no sign of an end."""
    assert alone(BOWL, descent(1e-9), 50, factor * START).outcome.kind == "out_of_steps"


def test_what_overflows_within_a_step_is_cut_off() -> None:
    steep = Quadratic(np.diag([1e150, 1e150]), np.ones(2))
    made = alone(steep, Walker(GradientDescent(), 1e150))
    assert made.outcome.kind == "diverged"
    assert np.isfinite(made.weights).all()


def test_who_runs_away_does_not_disturb_the_others() -> None:
    for rule in (GradientDescent(), Momentum(), Nesterov(), Adam()):
        crew = [Walker(rule, rate / L) for rate in (0.1, 100.0, 0.2, 7.0)]
        for walker, made in zip(crew, walk(BOWL, crew, START, 150), strict=True):
            assert_allclose(made.weights, alone(BOWL, walker, 150).weights, rtol=1e-12)


def test_no_slope_is_asked_for_beyond_all_bounds(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who is lost is taken out at once: 400 more steps would lead its numbers to infinity, and with it the batch."""
    asked: list[Array] = []
    slope = Quadratic.gradient

    def heard(loss: Quadratic, w: Array) -> Array:
        asked.append(np.abs(w).max())
        return slope(loss, w)

    monkeypatch.setattr(Quadratic, "gradient", heard)
    lost, found = walk(BOWL, [descent(5.0), descent(1.0)], START, 400)
    assert (lost.outcome.kind, found.outcome.kind) == ("diverged", "converged")
    assert max(asked) < 1e13


# Where it leads.


def optimum(form: Free | Penalised | Constrained, regularizer: Convex = L1()) -> Array:  # noqa: B008 (frozen)
    found = solve(BOWL, regularizer, form).weights
    assert found is not None
    return found


@pytest.mark.parametrize("optimizer", [GradientDescent(), Nesterov(), Nesterov(schedule="fista")])
@pytest.mark.parametrize("strength", [0.5, 1.0, 4.0, 9.0])
def test_ista_and_fista_end_at_the_lasso(optimizer: AnyOptimizer, strength: float) -> None:
    made = alone(BOWL, Walker(optimizer, 0.2 / L, SoftThreshold(), strength), 4000)
    exact = optimum(Penalised(strength))
    assert_allclose(made.weights[-1], exact, atol=1e-5)
    assert ((made.weights[-1] == 0.0) == (exact == 0.0)).all()


def test_fista_is_faster_than_ista() -> None:
    long = bowl((0.02, 5.0), 30.0, (2.0, 1.0))
    exact = solve(long, L1(), Penalised(0.01)).value
    crew = [Walker(rule, 0.99 / 5.0, SoftThreshold(), 0.01) for rule in (GradientDescent(), Nesterov(schedule="fista"))]
    slow, fast = (
        long.value(one.weights[-1]) + 0.01 * L1().value(one.weights[-1]) for one in walk(long, crew, START, 80)
    )
    goal = exact + 0.01 * float(L1().value(optimum_of(long, 0.01)))
    assert fast - goal < 0.05 * (slow - goal)


def optimum_of(loss: Loss, strength: float) -> Array:
    found = solve(loss, L1(), Penalised(strength)).weights
    assert found is not None
    return found


@pytest.mark.parametrize("update", [GradientDecay(), DecoupledDecay()])
@pytest.mark.parametrize("optimizer", [GradientDescent(), Nesterov()])
def test_decay_ends_at_the_ridge(optimizer: AnyOptimizer, update: AnyUpdate) -> None:
    made = alone(BOWL, Walker(optimizer, 0.1 / L, update, 1.0), 4000)
    assert_allclose(made.weights[-1], [1.0, 5.0 / 6.0], atol=1e-4)  # labs.md: α = 1 → (1, 5/6)


def test_beside_momentum_a_penalty_counts_less() -> None:
    """The velocity sums a gradient 1/(1 − β) times, what is beside it acts once: it rests where (1 − β)α puts it."""
    rule, rate = Momentum(momentum=0.9), 0.1 / L
    assert_allclose(
        alone(BOWL, Walker(rule, rate, GradientDecay(), 1.0), 4000).weights[-1], [1.0, 5.0 / 6.0], atol=1e-6
    )
    for update, regularizer in ((DecoupledDecay(), SquaredL2()), (SoftThreshold(), L1())):
        made = alone(BOWL, Walker(rule, rate, update, 1.0), 4000)
        assert_allclose(made.weights[-1], optimum(Penalised(0.1), regularizer), atol=1e-6)


def test_adam_with_l2_is_not_adamw() -> None:
    both = [Walker(Adam(), 0.002, update, 1.0) for update in (GradientDecay(), DecoupledDecay())]
    inside, beside = (one.weights[-1] for one in walk(BOWL, both, START, 20000))
    assert_allclose(inside, [1.0, 5.0 / 6.0], atol=1e-3)  # the penalised optimum
    assert np.abs(beside - inside).max() > 0.1  # the decoupled one has another fixed point: |αw| ≤ 1, whatever J


@pytest.mark.parametrize("regularizer", [L1(), L2(), SquaredL2(), LInfinity()])
@pytest.mark.parametrize("radius", [0.5, 1.5])
def test_projected_descent_ends_at_the_constrained_optimum(regularizer: Convex, radius: float) -> None:
    made = alone(BOWL, descent(1.0, Projection(regularizer=regularizer), radius), 800)
    assert made.outcome.kind == "converged"
    assert_allclose(made.weights[-1], optimum(Constrained(radius), regularizer), atol=1e-5)
    assert (regularizer.size(made.weights[1:]) <= radius * (1 + 1e-12)).all()


def test_projection_bounds_a_long_step_but_need_not_make_it_converge() -> None:
    """Both halves: the free walk runs away, the projected one stays in the ball, and jumps in it for ever."""
    inside = Quadratic(np.diag([1.0, 5.0]), np.array([0.3, 0.2]))
    free, bound = walk(inside, [descent(2.6), descent(2.6, Projection(regularizer=L2()), 1.0)], START, 300)
    assert free.outcome.kind == "diverged"
    assert bound.outcome.kind == "out_of_steps"
    assert "to and fro" in bound.outcome.sentence
    assert (L2().value(bound.weights[1:]) <= 1.0 + 1e-12).all()


def test_the_sign_step_hops_over_0_where_the_soft_threshold_lands_on_it() -> None:
    strength = 3.0  # above the pull of the first weight at 0, which is 2
    sign, soft = walk(
        BOWL, [descent(0.5, SignShrinkage(), strength), descent(0.5, SoftThreshold(), strength)], START, 400
    )
    assert soft.weights[-1, 0] == 0.0
    assert soft.outcome.kind == "converged"
    assert sign.outcome.kind == "out_of_steps"
    late = sign.weights[-50:, 0]
    assert (late > 0.0).any()
    assert (late < 0.0).any()
    assert np.abs(late).max() > 0.02


@pytest.mark.parametrize("strength", [0.0, 0.7, 3.0, 8.0])
def test_coordinate_descent_ends_at_the_lasso(strength: float) -> None:
    slanted = bowl((1.0, 8.0), 35.0, (2.0, 1.0))
    made = descend_coordinates(slanted, START, 200, strength)
    exact = optimum_of(slanted, strength)
    assert made.outcome.kind == "converged"
    assert_allclose(made.weights[-1], exact, atol=1e-6)
    moved = np.diff(made.weights, axis=0)
    assert not moved[::2, 1].any()  # one coordinate a step, in turn
    assert not moved[1::2, 0].any()
    heights = slanted.value(made.weights) + strength * L1().value(made.weights)
    assert (np.diff(heights) <= 1e-12).all()


def test_coordinate_descent_on_other_losses_and_penalties() -> None:
    ridge = descend_coordinates(BOWL, START, 100, 1.0, ratio=0.0)
    assert_allclose(ridge.weights[-1], [1.0, 5.0 / 6.0], atol=1e-9)
    X, labels = labelled(3)
    smooth = Logistic(X, labels)
    made = descend_coordinates(smooth, START, 600, 0.02)
    assert_allclose(made.weights[-1], optimum_of(smooth, 0.02), atol=1e-3)
    flat = Quadratic(np.diag([2.0, 0.0]), np.array([1.0, 0.0]))
    assert_allclose(descend_coordinates(flat, START, 10, 0.1).weights[-1], [0.95, 0.0])


# A batch is nothing but its members.


def test_a_batch_equals_the_loop() -> None:
    rng = np.random.default_rng(2)
    amounts = {"projection": 1.0}
    crew = [
        Walker(optimizer, float(rng.uniform(0.01, 0.05)), update, amounts.get(update.kind, 0.4))
        for optimizer in OPTIMIZERS
        for update in UPDATES
        for _ in range(2)
    ]
    starts = rng.normal(size=(len(crew), 2))
    for loss in (BOWL, LOSSES["logistic"], LOSSES["profile with intercept"]):
        together = walk(loss, crew, starts, 40)
        for walker, start, made in zip(crew, starts, together, strict=True):
            single = alone(loss, walker, 40, start)
            assert_allclose(made.weights, single.weights, rtol=1e-8, atol=1e-10)
            assert_allclose(made.values, loss.value(made.weights), rtol=1e-10)
            assert made.outcome.kind == single.outcome.kind


@pytest.mark.parametrize("name", LOSSES)
@pytest.mark.parametrize("relative", [1e-6, 1.0, 100.0])
def test_every_landscape_is_walked_in_finite_numbers(name: str, relative: float) -> None:
    loss = LOSSES[name]
    rate = relative / (loss.smoothness or 1.0)
    crew = [Walker(rule, 1.0 if rule.scale_free else rate, update, 0.5) for rule in OPTIMIZERS for update in UPDATES]
    for made in walk(loss, crew, 3.0 * START, 25):
        assert np.isfinite(made.weights).all()
        assert np.isfinite(made.values).all()
        assert made.outcome.sentence


# Minibatches.


def test_minibatch_gradients_average_to_the_gradient() -> None:
    X, y = data(1, n=12)
    Z, labels = labelled(2, n=12)
    ones = np.column_stack([Z, np.ones(12)])
    centred = X - X.mean(axis=0), y - y.mean()
    with_intercept = profile(Logistic(ones, labels), (0, 1))
    held = Logistic(ones, labels).restricted(np.array([0.0, 0.0, 0.4]), np.eye(3)[:2])
    for loss in (least_squares(*centred), Logistic(Z, labels), with_intercept, held):
        rows = SquaredRows(*centred) if isinstance(loss, Quadratic) else rows_of(loss)
        assert rows is not None
        assert rows.count == 12
        every = np.arange(12).reshape(4, 3)
        w = np.broadcast_to(START, (4, 2))
        assert_allclose(rows.gradient(w, every).mean(axis=0), loss.gradient(START), atol=1e-9)
        assert rows.gradient(w, every).std(axis=0).min() > 0.01


def test_minibatch_walks_repeat_with_their_seed_and_only_with_it() -> None:
    X, y = data(1)
    loss, rows = least_squares(X, y), SquaredRows(X, y)
    crew = [Walker(GradientDescent(), 0.05, batch=4, seed=seed) for seed in (0, 0, 1)] + [
        Walker(GradientDescent(), 0.05)
    ]
    same, again, other, whole = walk(loss, crew, START, 60, rows)
    assert (same.weights == again.weights).all()
    assert np.abs(same.weights - other.weights).max() > 0.01
    assert_allclose(whole.weights, alone(loss, crew[3], 60).weights)
    assert same.outcome.kind == "out_of_steps"


def test_a_minibatch_needs_rows() -> None:
    assert rows_of(BOWL) is None
    with pytest.raises(ValueError, match="rows"):
        walk(BOWL, [Walker(GradientDescent(), 0.1, batch=4)], START, 5)
    assert isinstance(rows_of(LOSSES["logistic"]), LogisticRows)


@pytest.mark.parametrize("bad", [{"rate": 0.0}, {"rate": float("inf")}, {"amount": -1.0}, {"batch": 0}])
def test_impossible_walkers_are_refused(bad: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="finite"):
        Walker(**{"optimizer": GradientDescent(), "rate": 0.1, **bad})  # type: ignore[arg-type]
