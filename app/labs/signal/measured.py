"""What runs through networks before any training: drawn some times, measured layer by layer, beside the prediction."""

from dataclasses import dataclass, replace
from typing import NamedTuple

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


class Chain(NamedTuple):
    """Mean squares layer by layer, from some draws.

    Attributes:
        means: (L,) the first layer's times the factors of those after it.
        relative: (L,) their standard errors over themselves; infinite where a single draw is left to tell, or none.
        factors: (L − 1,) by which each layer multiplies what the one before it in this order had; NaN after nothing.
        errors: (L − 1,) their standard errors, infinite and NaN alike.
    """

    means: Array
    relative: Array
    factors: Array
    errors: Array


def chained(values: Array, *, homogeneous: bool) -> Chain:
    """What each layer does to the mean squares (R, L) of some draws.

    Where f keeps the scale of z, as in linear, ReLU and leaky ReLU units, a factor has its mean whatever ran before it:
    the mean of a product is the product of mean factors, while products themselves, over some dozens of layers, have
    their mean from rare draws that a few draws do not hold. A saturated layer passes on less of a large signal than of
    a small one, so there E q′/q is not E q′/E q: the factors are ratios of means, and their products the plain means.
    """
    with np.errstate(all="ignore"):
        return _by_mean_factors(values) if homogeneous else _by_means(values)


def _by_mean_factors(values: Array) -> Chain:
    """Each factor over the draws in which something came in: 0/0 says nothing of a layer."""
    before = values[:, :-1]
    steps = np.divide(values[:, 1:], before, out=np.full_like(before, np.nan), where=before > 0.0)
    steps = np.concatenate([values[:, :1], steps], axis=1)
    means, errors = _mean(steps), standard_error(steps)
    relative = np.where(means > 0.0, errors / means, 0.0 if len(values) < 2 else np.inf)
    # After nothing comes nothing, whatever a layer would have made of something.
    products = finite(np.asarray(np.cumprod(np.nan_to_num(means, posinf=np.inf)), dtype=float))
    return Chain(products, np.sqrt(np.cumsum(relative**2)), means[1:], errors[1:])


def _by_means(values: Array) -> Chain:
    """Ratios of means; the error of one by the delta method, from the spread of q′/E q′ − q/E q."""
    means, errors = values.mean(axis=0), standard_error(values)
    relative = np.where(means > 0.0, errors / means, 0.0 if len(values) < 2 else np.inf)
    ratios = np.where(means[:-1] > 0.0, means[1:] / means[:-1], np.nan)
    shares = values / means
    return Chain(means, relative, ratios, ratios * standard_error(shares[:, 1:] - shares[:, :-1]))


def standard_error(values: Array) -> Array:
    """(L,) of the mean over draws (R, L) that are not NaN: infinite where one is left, NaN of none; 0 if R = 1."""
    if len(values) < 2:
        return np.zeros(values.shape[1])
    with np.errstate(all="ignore"):
        scale = np.abs(np.nan_to_num(values)).max(axis=0)  # squares of what is huge would overflow
        scale = np.where(scale > 0.0, scale, 1.0)
        there = ~np.isnan(values)
        count = there.sum(axis=0)
        away = np.where(there, values / scale - _mean(values / scale), 0.0)
        errors = np.sqrt((away**2).sum(axis=0) / (count - 1.0) / count) * scale
    return np.asarray(np.where(count == 1, np.inf, np.where(count == 0, np.nan, errors)))


def _mean(values: Array) -> Array:
    """(L,) over the draws (R, L) that are not NaN; NaN where all are."""
    with np.errstate(all="ignore"):
        return np.asarray(np.nansum(values, axis=0) / (~np.isnan(values)).sum(axis=0))
