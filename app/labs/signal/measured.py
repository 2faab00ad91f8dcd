"""What runs through networks before any training: drawn some times, measured layer by layer, beside the prediction."""

from dataclasses import dataclass, replace

import numpy as np

from app.data import Pattern
from app.data.library import Library
from app.labs.signal.stack import Stack, built
from app.networks import AnyInitial, Examples, Setting, Signals, initial_parameters, signals
from app.networks.activations import Array
from app.networks.architectures import Architecture
from app.networks.measures import finite
from app.networks.variances import Sizes, predicted

_ROOM = 2**20  # numbers that run through the networks of one batch at once, about


@dataclass(frozen=True, eq=False)
class Measured:
    """Some draws of one network.

    Attributes:
        architecture: of all of them.
        forward: (R, L) the mean z² of each layer of weights, over its units and the samples, in each draw.
        backward: (R, L) the mean δ² alike, δ = ∂C/∂z of one sample.
        sizes: what is predicted of their means; None where nothing is drawn.
    """

    architecture: Architecture
    forward: Array
    backward: Array
    sizes: Sizes | None


@dataclass(frozen=True)
class Outset:
    """How networks begin: frozen knobs, so that `Library.once` knows them again."""

    stack: Stack
    initial: AnyInitial
    samples: int
    seed: int


def shown(library: Library, pattern: Pattern, samples: int) -> Examples:
    """The first samples of those trained on."""
    training = library.taught(pattern).task.training
    return Examples(training.inputs[:samples], training.targets[:samples])


def first(library: Library, pattern: Pattern, outset: Outset) -> tuple[Architecture, Signals]:
    """What runs through the one network that is trained, δ by sample. Pure, for `Library.once`."""
    lesson = library.taught(pattern)
    architecture = built(outset.stack, lesson)
    given = shown(library, pattern, outset.samples)
    start = initial_parameters(Setting(architecture, outset.initial, seed=outset.seed))
    found = _through(architecture, start, given)
    active, errors = ([finite(one) for one in some] for some in (found.activations, found.errors))
    return architecture, Signals(active, errors, finite(found.gradient))


def measured(library: Library, pattern: Pattern, outset: Outset, draws: int) -> Measured:
    """All draws, from this seed on. Pure, for `Library.once`."""
    architecture = built(outset.stack, library.taught(pattern))
    given = shown(library, pattern, outset.samples)
    drawn = outset.initial.kind not in ("zero", "constant")
    seeds = range(outset.seed, outset.seed + (draws if drawn else 1))
    setting = Setting(architecture, outset.initial)
    rows = [initial_parameters(replace(setting, seed=seed)) for seed in seeds]
    size = max(1, _ROOM // (given.count * sum(architecture.sizes)))
    parts = [_sizes(architecture, np.stack(rows[i : i + size]), given) for i in range(0, len(rows), size)]
    forward, backward, errors = (np.concatenate(some) for some in zip(*parts, strict=True))
    with np.errstate(all="ignore"):
        sizes = predicted(architecture, outset.initial, given.inputs, errors.mean(axis=0)) if drawn else None
    return Measured(architecture, forward, backward, sizes)


def _through(architecture: Architecture, parameters: Array, given: Examples) -> Signals:
    """Activations, and errors of each sample on its own; what overflows is not finite."""
    with np.errstate(all="ignore"):
        found = signals(architecture, parameters, given)
        return found._replace(errors=[one * given.count for one in found.errors])


def _sizes(architecture: Architecture, rows: Array, given: Examples) -> tuple[Array, Array, Array]:
    """Mean z² and mean δ² (R, L) by layer, and mean δ² (R, n) of the outputs by sample; all finite."""
    found = _through(architecture, rows, given)
    inputs = [np.broadcast_to(given.inputs, (len(rows), *given.inputs.shape)), *found.activations]
    with np.errstate(all="ignore"):
        pairs = zip(inputs, architecture.weights(rows), strict=True)
        forward = np.stack([_mean_square(active @ weights.swapaxes(-1, -2)) for active, weights in pairs], axis=1)
        backward = np.stack([_mean_square(one) for one in found.errors], axis=1)
        return finite(forward), finite(backward), finite((found.errors[-1] ** 2).mean(axis=-1))


def _mean_square(values: Array) -> Array:
    """Over samples and units (R, n, units)."""
    return np.asarray(np.einsum("rnu,rnu->r", values, values) / (values.shape[1] * values.shape[2]))


def factors(values: Array) -> Array:
    """(R, L − 1) by which each layer multiplies what the one before it in this order had; 0 where there was nothing."""
    before = values[:, :-1]
    return np.divide(values[:, 1:], before, out=np.zeros_like(before), where=before > 0.0)


def standard_error(values: Array) -> Array:
    """(L,) of the mean over draws (R, L); 0 of a single one."""
    if len(values) < 2:
        return np.zeros(values.shape[1])
    means = values.mean(axis=0)
    scale = np.where(means > 0.0, means, 1.0)  # squares of what is huge would overflow
    return np.asarray((values / scale).std(axis=0, ddof=1) * scale / np.sqrt(len(values)))


def chained(values: Array) -> tuple[Array, Array]:
    """(L,) the mean of the first layer times the mean factors of those after it, and its relative standard error.

    Each factor has its mean whatever ran before it, so that the mean of the product is the product of the means; a
    product itself, over some dozens of layers, has its mean from rare draws that a few draws do not hold.
    """
    steps = np.concatenate([values[:, :1], factors(values)], axis=1)
    means, errors = steps.mean(axis=0), standard_error(steps)
    relative = np.divide(errors, means, out=np.zeros_like(means), where=means > 0.0)
    with np.errstate(all="ignore"):
        return finite(np.cumprod(means)), np.sqrt(np.cumsum(relative**2))
