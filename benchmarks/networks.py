"""Training 2-16-16-1 networks on batches of 32: one alone, and 64 in one batch, beside those people would use. Planes.

PyTorch and JAX are no dependencies: from the package index they weigh 5 GB and 0.4 GB. Where installed, they are
measured: PyTorch step by step, and compiled over 64 models; JAX compiled for one, and over 64. What compiling costs is
not counted.
"""

from collections.abc import Callable
from dataclasses import replace
from importlib.util import find_spec
from math import nan
from types import ModuleType

from app.geometry import Adam, AnyOptimizer, GradientDescent
from app.networks import Architecture, Examples, Setting, Task, advance, begin
from benchmarks import planes, sklearn_networks
from benchmarks.network_samples import BATCH, EPOCH, INPUTS, MANY, SIZES, TARGETS
from benchmarks.table import Row, faster
from benchmarks.timing import Contender, Pace, medians

RULES: tuple[tuple[AnyOptimizer, float], ...] = ((GradientDescent(), 0.1), (Adam(), 0.01))  # tanh, for all
SEEDS = tuple(range(4))
Work = Callable[[int], object]  # a training from that seed on


def rows(pace: Pace) -> list[Row]:
    """All comparisons of this group."""
    epochs = 60 if pace.seconds else 1
    brief = replace(pace, rounds=min(pace.rounds, 5), seconds=0.0)  # one call of a peer takes seconds
    return [*(row for rule, rate in RULES for row in _compared(rule, rate, epochs, brief)), *planes.rows(pace)]


def _compared(rule: AnyOptimizer, rate: float, epochs: int, pace: Pace) -> list[Row]:
    steps = epochs * EPOCH
    works: dict[str, tuple[Work, int]] = {
        "alone": (lambda seed: trained(rule, rate, [seed], steps), 1),
        "many": (lambda seed: trained(rule, rate, range(seed, seed + MANY), steps), MANY),
        "scikit-learn": (lambda seed: sklearn_networks.trained(rule, rate, seed, epochs), 1),
        **_peers(rule, rate, steps),
    }
    took = medians([Contender(name, work, SEEDS) for name, (work, _) in works.items()], pace)
    each = {name: took[name] / (steps * models) for name, (_, models) in works.items()}
    what = {name: f"2-16-16-1, {rule.kind.replace('_', ' ')}, {name}" for name in ("alone", "many")}
    what["many"] = what["many"].replace("many", f"{MANY} in one batch")
    lines = [
        ("alone", "scikit-learn", 6.0), ("alone", "PyTorch, eager", 8.0), ("alone", "JAX, compiled", None),
        ("many", "scikit-learn", 35.0), ("many", "PyTorch, eager", 50.0), ("many", "PyTorch, compiled vmap", 1.0),
        ("many", "JAX, compiled vmap", 1.0),
    ]  # fmt: skip
    return [_line(what[ours], peer, each[ours], each.get(peer, nan), target) for ours, peer, target in lines]


def _line(what: str, peer: str, ours: float, theirs: float, target: float | None) -> Row:
    known = theirs == theirs
    return faster(what, peer if known else f"{peer} (not installed)", ours, theirs, target if known else None)


def _peers(rule: AnyOptimizer, rate: float, steps: int) -> dict[str, tuple[Work, int]]:
    """Those that are installed."""
    found: dict[str, tuple[Work, int]] = {}
    if find_spec("torch") is not None:
        from benchmarks import torch_networks

        found["PyTorch, eager"] = _work(torch_networks, "trained", rule, rate, steps), 1
        found["PyTorch, compiled vmap"] = _work(torch_networks, "trained_together", rule, rate, steps), MANY
    if find_spec("jax") is not None:
        from benchmarks import jax_networks

        found["JAX, compiled"] = _work(jax_networks, "trained", rule, rate, steps), 1
        found["JAX, compiled vmap"] = _work(jax_networks, "trained_together", rule, rate, steps), MANY
    return found


def _work(peer: ModuleType, name: str, rule: AnyOptimizer, rate: float, steps: int) -> Work:
    prepared: Work = getattr(peer, name)(rule, rate, steps)
    return prepared


def trained(rule: AnyOptimizer, rate: float, seeds: "range | list[int]", steps: int) -> list[float]:
    """Losses after training, one network for each seed."""
    architecture = Architecture(SIZES)
    settings = [Setting(architecture, optimizer=rule, rate=rate, batch=BATCH, seed=seed) for seed in seeds]
    _, frame = advance(begin(Task(Examples(INPUTS, TARGETS)), settings), steps)
    return [model.loss for model in frame.models]
