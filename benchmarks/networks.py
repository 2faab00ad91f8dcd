"""Training 2-16-16-1 networks on batches of 32: one alone, and 64 in one batch, beside those people would use. Planes.

Like beside like: all in single precision, as PyTorch and JAX train unless told otherwise, then all in double. Beside
the times is what was learnt: the mean loss over all samples, of as many networks from as many seeds, by one referee.

PyTorch and JAX are no dependencies: from the package index they weigh 5 GB and 0.4 GB. Where installed, they are
measured: PyTorch step by step, and compiled over 64 models; JAX compiled for one, and over 64. What compiling costs is
not counted.
"""

from collections.abc import Sequence
from dataclasses import replace
from importlib.util import find_spec
from math import nan
from statistics import mean
from typing import get_args

from app.geometry import Adam, AnyOptimizer, GradientDescent
from app.networks import Architecture, Examples, Run, Setting, Task, advance, begin
from benchmarks import planes, sklearn_networks
from benchmarks.network_samples import BATCH, EPOCH, INPUTS, MANY, SIZES, TARGETS, Layers, Precision, Training
from benchmarks.table import Row, faster
from benchmarks.timing import Contender, Pace, medians

RULES: tuple[tuple[AnyOptimizer, float], ...] = ((GradientDescent(), 0.1), (Adam(), 0.01))  # tanh, for all
SEEDS = tuple(range(4))
# Ours, beside whom, and how many times faster at least: in single precision, in double.
LINES: tuple[tuple[str, str, float | None, float | None], ...] = (
    ("alone", "scikit-learn", 6.0, 6.0),
    ("alone", "PyTorch, eager", 8.0, 8.0),
    ("alone", "JAX, compiled", None, None),
    ("64 in one batch", "scikit-learn", 35.0, None),
    ("64 in one batch", "PyTorch, eager", 50.0, None),
    ("64 in one batch", "PyTorch, compiled vmap", 1.0, None),
    ("64 in one batch", "JAX, compiled vmap", 1.0, None),
)


def rows(pace: Pace) -> list[Row]:
    """All comparisons of this group."""
    epochs = 60 if pace.seconds else 1
    brief = replace(pace, rounds=min(pace.rounds, 5), seconds=0.0)  # one call of a peer takes seconds
    compared = (
        row
        for precision in get_args(Precision)
        for rule, rate in RULES
        for row in _compared(rule, rate, epochs * EPOCH, precision, brief)
    )
    return [*compared, *planes.rows(pace)]


def _compared(rule: AnyOptimizer, rate: float, steps: int, precision: Precision, pace: Pace) -> list[Row]:
    trainings = {
        "alone": training(rule, rate, steps, precision),
        "64 in one batch": training(rule, rate, steps, precision, MANY),
        "scikit-learn": sklearn_networks.training(rule, rate, steps, precision),
        **_peers(rule, rate, steps, precision),
    }
    took = medians([Contender(name, one.work, SEEDS) for name, one in trainings.items()], pace)
    each = {name: took[name] / (steps * one.models) for name, one in trainings.items()}
    losses = {name: mean(one.loss(seed) for seed in SEEDS) for name, one in trainings.items()}
    what = f"2-16-16-1, {rule.kind.replace('_', ' ')}, "
    return [
        faster(
            f"{what}{ours}, {precision}",
            peer if peer in each else f"{peer} (not installed)",
            each[ours],
            each.get(peer, nan),
            (single if precision == "single" else double) if peer in each else None,
            f"loss {losses[ours]:.3f} / {losses.get(peer, nan):.3f}",
        )
        for ours, peer, single, double in LINES
    ]


def _peers(rule: AnyOptimizer, rate: float, steps: int, precision: Precision) -> dict[str, Training]:
    """Those that are installed."""
    found: dict[str, Training] = {}
    if find_spec("torch") is not None:
        from benchmarks import torch_networks

        found["PyTorch, eager"] = torch_networks.training(rule, rate, steps, precision)
        found["PyTorch, compiled vmap"] = torch_networks.training_together(rule, rate, steps, precision)
    if find_spec("jax") is not None:
        from benchmarks import jax_networks

        found["JAX, compiled"] = jax_networks.training(rule, rate, steps, precision)
        found["JAX, compiled vmap"] = jax_networks.training_together(rule, rate, steps, precision)
    return found


def training(rule: AnyOptimizer, rate: float, steps: int, precision: Precision, models: int = 1) -> Training:
    """Ours: so many networks in one batch, from so many seeds."""
    architecture, task = Architecture(SIZES), Task(Examples(INPUTS, TARGETS))

    def work(seed: int) -> Run:
        seeds = range(seed, seed + models)
        settings = [
            Setting(architecture, optimizer=rule, rate=rate, batch=BATCH, seed=one, precision=precision)
            for one in seeds
        ]  # fmt: skip
        return advance(begin(task, settings), steps)[0]

    return Training(work, lambda run: _learnt(architecture, run), models)


def _learnt(architecture: Architecture, run: Run) -> Sequence[Layers]:
    both = ((architecture.weights(one.parameters), architecture.biases(one.parameters)) for one in run.learners)
    return [list(zip(weights, biases, strict=True)) for weights, biases in both]
