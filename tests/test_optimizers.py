"""Update rules against numbers worked out by hand, and the laws that hold for every optimizer."""

from collections.abc import Callable
from fractions import Fraction
from math import sqrt
from typing import get_args

import numpy as np
import pytest
from numpy.testing import assert_allclose

from app.geometry import (
    Adam,
    AdamW,
    AnyOptimizer,
    AnyUpdate,
    Array,
    DecoupledDecay,
    GradientDecay,
    GradientDescent,
    Momentum,
    Nesterov,
    Optimizer,
    Projection,
    RMSProp,
    SignShrinkage,
    SoftThreshold,
    Unregularized,
    Walker,
    walk,
)
from tests.landscapes import BOWL

OPTIMIZERS: list[Optimizer] = [one() for one in get_args(AnyOptimizer)] + [Nesterov(schedule="fista")]
UPDATES = [one() for one in get_args(AnyUpdate)]
each_optimizer = pytest.mark.parametrize("optimizer", OPTIMIZERS, ids=repr)


def positions(optimizer: Optimizer, gradient: Callable[[Array], Array], start: Array, rate: float, steps: int) -> Array:
    """Where a rule looks, step by step: what PyTorch calls its parameters."""
    w, memory, seen = start, optimizer.start(start), []
    for _ in range(steps):
        look = optimizer.look(w, memory)
        seen.append(look)
        w, memory = optimizer.step(w, gradient(look), memory, rate)
    return np.array(seen)


def by_hand(rule: str, rate: float, steps: int) -> list[float]:
    """Parameters of the published rules on J = ½·4·(w − 1)² from w = 3, one weight in plain Python."""
    w, v, s, seen = 3.0, 0.0, 0.0, []
    for k in range(1, steps + 1):
        seen.append(w)
        g = 4.0 * (w - 1.0)
        match rule:
            case "gradient_descent":
                w -= rate * g
            case "momentum":  # Sutskever's form with η outside, as PyTorch's SGD(momentum=β)
                v = 0.9 * v + g
                w -= rate * v
            case "nesterov":  # as PyTorch's SGD(momentum=β, nesterov=True), whose parameters are the look-ahead
                v = 0.9 * v + g
                w -= rate * (g + 0.9 * v)
            case "rmsprop":  # as PyTorch's RMSprop(alpha=ρ)
                s = 0.99 * s + 0.01 * g * g
                w -= rate * g / (sqrt(s) + 1e-8)
            case "adam" | "adamw":  # Kingma & Ba, algorithm 1; Loshchilov & Hutter, algorithm 2
                w -= rate * 0.01 * w if rule == "adamw" else 0.0
                v = 0.9 * v + 0.1 * g
                s = 0.999 * s + 0.001 * g * g
                w -= rate * (v / (1 - 0.9**k)) / (sqrt(s / (1 - 0.999**k)) + 1e-8)
    return seen


@pytest.mark.parametrize("optimizer", OPTIMIZERS[:-1], ids=lambda one: str(one.kind))
def test_the_rules_are_the_published_ones(optimizer: AnyOptimizer) -> None:
    rate = 0.05
    seen = positions(optimizer, lambda w: 4.0 * (w - 1.0), np.array([3.0]), rate, 12)[:, 0]
    assert_allclose(seen, by_hand(optimizer.kind, rate, 12), rtol=1e-13)


def test_first_steps_of_adam_as_the_paper_has_them() -> None:
    """From the first gradient m̂ = g and √v̂ = |g|: the first step is η long whatever the gradient."""
    steep = positions(Adam(), lambda w: 1e6 * w, np.array([5.0]), 0.1, 2)[:, 0]
    assert_allclose(steep[1], 4.9, rtol=1e-9)


def test_momentum_by_fractions() -> None:
    """J = ½w² from 1, η = ½, β = ½: v = 1, 1, ½, 0 and w = 1, ½, 0, −¼, −¼."""
    seen = positions(Momentum(momentum=0.5), lambda w: w, np.array([1.0]), 0.5, 5)[:, 0]
    assert [Fraction(x) for x in seen] == [1, Fraction(1, 2), 0, Fraction(-1, 4), Fraction(-1, 4)]


def test_the_schedule_of_fista() -> None:
    """t₁ = 1, t₂ = (1 + √5)/2: no momentum in the first step, (t₁ − 1)/t₂ = 0 in the second, 0.2817… in the third."""
    optimizer, w = Nesterov(schedule="fista"), np.array([8.0])
    memory, shares = optimizer.start(w), []
    for after in (4.0, 2.0, 1.0):
        (before,) = memory.arrays
        look = optimizer.look(w, memory)
        shares.append(float(((look - w) / np.where(w == before, 1.0, w - before))[0]))
        _, memory = optimizer.step(w, np.zeros(1), memory, 1.0)
        w = np.array([after])  # wherever a prox puts it: the next look must start from there
    t2 = (1 + sqrt(5)) / 2
    t3 = (1 + sqrt(1 + 4 * t2**2)) / 2
    assert_allclose(shares, [0.0, 0.0, (t2 - 1) / t3], atol=1e-15)


@each_optimizer
def test_a_stationary_point_is_a_fixed_point(optimizer: Optimizer) -> None:
    """AdamW's own decay is the one exception: it decays any weight that is not 0."""
    rule = AdamW(decay=0.0) if isinstance(optimizer, AdamW) else optimizer
    seen = positions(rule, BOWL.gradient, BOWL.minimiser, 0.1, 20)
    assert (seen == BOWL.minimiser).all()


@each_optimizer
def test_a_batch_of_any_shape_equals_the_loop(optimizer: Optimizer) -> None:
    starts = np.random.default_rng(0).normal(size=(3, 4, 2))
    rates = np.random.default_rng(1).uniform(0.01, 0.1, size=(3, 4, 1))
    w, memory = starts, optimizer.start(starts)
    for _ in range(10):
        w, memory = optimizer.step(w, BOWL.gradient(optimizer.look(w, memory)), memory, rates)
    for i, j in np.ndindex(3, 4):
        alone, kept = starts[i, j], optimizer.start(starts[i, j])
        for _ in range(10):
            slope = BOWL.gradient(optimizer.look(alone, kept))
            alone, kept = optimizer.step(alone, slope, kept, float(rates[i, j, 0]))
        assert_allclose(w[i, j], alone, rtol=1e-13)
    assert all(part.shape == (3, 4, 2) for part in memory.arrays)


@each_optimizer
def test_nothing_given_is_changed(optimizer: Optimizer) -> None:
    w = np.array([1.0, -2.0])
    memory = optimizer.start(w)
    given = [w, np.array([0.5, 0.5]), *memory.arrays]
    kept = [one.copy() for one in given]
    optimizer.step(w, given[1], memory, 0.1)
    for one, before in zip(given, kept, strict=True):
        assert_allclose(one, before, rtol=0, atol=0)


@each_optimizer
def test_every_rule_goes_down_a_bowl(optimizer: Optimizer) -> None:
    rate = 0.05 if optimizer.scale_free else 0.5 / BOWL.smoothness
    seen = positions(optimizer, BOWL.gradient, np.array([-3.0, 2.0]), rate, 400)
    assert BOWL.value(seen[-1]) < 1e-2 * BOWL.value(seen[0])


# Special cases coincide.

START = np.array([-3.0, 2.0])


def path(optimizer: AnyOptimizer, update: AnyUpdate | None = None, amount: float = 0.0, rate: float = 0.05) -> Array:
    return walk(BOWL, [Walker(optimizer, rate, update or Unregularized(), amount)], START, 80)[0].weights


@pytest.mark.parametrize("twin", [Momentum(momentum=0.0), Nesterov(momentum=0.0)])
def test_without_momentum_it_is_gradient_descent(twin: AnyOptimizer) -> None:
    assert_allclose(path(twin), path(GradientDescent()), rtol=1e-13)


def test_adamw_is_adam_with_decoupled_decay() -> None:
    assert_allclose(path(AdamW(decay=0.7)), path(Adam(), DecoupledDecay(), 0.7), rtol=1e-12)
    assert_allclose(path(AdamW(decay=0.0)), path(Adam()), rtol=1e-13)


def test_decoupled_decay_is_l2_in_the_gradient_for_gradient_descent_only() -> None:
    assert_allclose(path(GradientDescent(), DecoupledDecay(), 0.7), path(GradientDescent(), GradientDecay(), 0.7))
    for other in (Momentum(), RMSProp(), Adam()):
        apart = path(other, DecoupledDecay(), 0.7) - path(other, GradientDecay(), 0.7)
        assert np.abs(apart).max() > 1e-2, other.kind


@pytest.mark.parametrize(
    "update", [one for one in UPDATES if not isinstance(one, Projection)], ids=lambda one: one.kind
)
def test_an_amount_of_0_changes_nothing(update: AnyUpdate) -> None:
    for optimizer in (GradientDescent(), Nesterov(schedule="fista"), Adam()):
        assert_allclose(path(optimizer, update, 0.0), path(optimizer), rtol=1e-13)


def test_a_ball_that_holds_the_whole_walk_changes_nothing() -> None:
    assert (path(GradientDescent(), Projection(), 1e6) == path(GradientDescent())).all()


def test_the_steps_of_the_updates_by_hand() -> None:
    """One step of gradient descent with η = 0.1 on J = 0·w: what each update alone does to (2, −0.05, 0) with α = 1."""
    w, rate, amount = np.array([[2.0, -0.05, 0.0]]), np.array([[0.1]]), np.array([[1.0]])

    def after(update: AnyUpdate) -> list[float]:
        moved = w - rate * (np.zeros_like(w) + update.slope(w, amount))
        return update.settle(moved, w, amount, rate)[0].round(12).tolist()  # type: ignore[no-any-return]

    assert after(Unregularized()) == [2.0, -0.05, 0.0]
    assert after(GradientDecay()) == [1.8, -0.045, 0.0]
    assert after(DecoupledDecay()) == [1.8, -0.045, 0.0]
    assert after(SignShrinkage()) == [1.9, 0.05, 0.0]  # jumps over 0; sgn(0) = 0 stays
    assert after(SoftThreshold()) == [1.9, 0.0, 0.0]  # lands on 0
    assert after(Projection()) == [1.0, 0.0, 0.0]  # the nearest point of ‖w‖₁ ≤ 1: (2, −0.05, 0) soft-thresholded by 1
