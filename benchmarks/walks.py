"""Optimizers on one loss: 64 walkers × 1,000 steps as one array, beside 64 optimizers of PyTorch, and one over all.

PyTorch is no dependency: from its package index it weighs 5 GB on Linux. Where it is installed it is measured.
"""

from dataclasses import replace
from importlib.util import find_spec
from math import nan

import numpy as np

from app.geometry import Adam, AnyOptimizer, GradientDescent, Momentum, Quadratic, Walker, walk
from benchmarks.samples import Array
from benchmarks.table import Row, faster
from benchmarks.timing import Contender, Pace, medians

STEPS = 1000
RATES = np.linspace(0.002, 0.2, 64)  # one for each walker, below 2/L
RULES: tuple[AnyOptimizer, ...] = (GradientDescent(), Momentum(), Adam())
BOWL = Quadratic(np.array([[3.0, 1.2], [1.2, 4.0]]), np.array([2.0, 1.0]))
STARTS = np.random.default_rng(0).uniform(-3.0, 3.0, size=(4, len(RATES), 2))  # new ones each time
PEER = "64 PyTorch optimizers"


def rows(pace: Pace) -> list[Row]:
    """All comparisons of this group."""
    steps = STEPS if pace.seconds else 20
    brief = replace(pace, rounds=min(pace.rounds, 3), seconds=0.0)  # one call of a peer takes seconds
    return [row for rule in RULES for row in _compared(rule, steps, brief)]


def _compared(rule: AnyOptimizer, steps: int, pace: Pace) -> list[Row]:
    contenders = [
        Contender("together", lambda starts: together(rule, starts, steps), STARTS),
        Contender("one by one", lambda starts: one_by_one(rule, starts, steps), STARTS),
    ]
    known, found = find_spec("torch") is not None, ""
    if known:
        from benchmarks import torch_peer

        contenders.append(Contender("torch", lambda starts: torch_peer.each(rule, BOWL, starts, RATES, steps), STARTS))
        contenders.append(
            Contender("torch batch", lambda starts: torch_peer.batch(rule, BOWL, starts, 0.1, steps), STARTS)
        )
        apart = np.abs(together(rule, STARTS[0], steps) - torch_peer.each(rule, BOWL, STARTS[0], RATES, steps)).max()
        found = f"differ by {apart:.0e}"
    took = {"torch": nan, "torch batch": nan, **medians(contenders, pace)}
    what = f"{len(RATES)} walkers × {steps:,} steps, {rule.kind.replace('_', ' ')}"
    target = 10.0 if known else None
    return [
        faster(what, PEER if known else "PyTorch (not installed)", took["together"], took["torch"], target, found),
        faster(what, "one PyTorch optimizer, equal steps", took["together"], took["torch batch"]),
        faster(what, "our own walkers one by one", took["together"], took["one by one"]),
    ]


def together(rule: AnyOptimizer, starts: Array, steps: int) -> Array:
    """Where 64 walkers in one array end."""
    crew = [Walker(rule, float(rate)) for rate in RATES]
    return np.array([made.weights[-1] for made in walk(BOWL, crew, starts, steps)])


def one_by_one(rule: AnyOptimizer, starts: Array, steps: int) -> Array:
    """Where they end each on its own."""
    each = zip(RATES, starts, strict=True)
    return np.array([walk(BOWL, [Walker(rule, float(rate))], start, steps)[0].weights[-1] for rate, start in each])
