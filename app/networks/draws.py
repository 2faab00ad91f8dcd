"""All that is drawn in training, as functions of a seed and a place: nothing to carry along, nothing to lose.

A run that is cut into chunks, moved or rewound draws the same again. Steps are supplied in stretches, for a generator
costs more than what it draws for one step.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from app.networks.activations import Array
from app.networks.settings import Setting
from app.networks.tasks import Examples, with_ones

Places = NDArray[np.intp]
N = TypeVar("N", bound=np.generic)

_INITIAL, _ORDER, _MASKS, _NOISE = range(4)
_DEALT = 4096  # rows in a deal of whole epochs, at least
_STEPS = 32  # in a stretch, at most
_NUMBERS = 2**18  # drawn for a stretch of one model, at most


class Given(NamedTuple):
    """What one step is given: inputs (S, d + 1, m) with a last row of ones, aims (S, n_out, m), masks by layer.

    S may be 1 where all models are given the same.
    """

    inputs: Array
    aims: Array
    masks: Sequence[Array]


def chance(seed: int, purpose: int, place: int = 0) -> np.random.Generator:
    """A generator for one purpose at one place."""
    return np.random.default_rng((seed, purpose, place))


def initial_parameters(setting: Setting) -> Array:
    """Parameters (P,) before any training: drawn in double, whatever they are rounded to."""
    architecture, source = setting.architecture, chance(setting.seed, _INITIAL)
    pairs = list(zip(architecture.sizes, architecture.sizes[1:], strict=False))
    weights = [setting.initial.draw(source, n_in, n_out) for n_in, n_out in pairs]
    joined = architecture.join(weights, [np.zeros(n_out) for _, n_out in pairs])
    return joined.astype(setting.precision, copy=False)


class Supply:
    """What a group of models is given step after step, each by its own seed.

    An epoch is a random order of all samples; batches are cut from one order after the other, so that one of them may
    begin in one epoch and end in the next.

    Args:
        settings: of the models, alike in architecture, batch, kind of dropout and precision.
        examples: shared by all, or one for each.
    """

    def __init__(self, settings: Sequence[Setting], examples: Examples) -> None:
        self._settings, self._architecture = settings, settings[0].architecture
        self._count = examples.count
        self.batch = min(settings[0].batch, examples.count)
        widest = max(1, self.batch * sum(self._architecture.sizes))
        self._steps = max(1, min(_STEPS, _NUMBERS // widest))
        self._precision = settings[0].precision
        self._inputs, self._aims = (
            part.astype(self._precision, copy=False)
            for part in (with_ones(examples.inputs), self._architecture.cost.aims(examples.targets))
        )
        self._first = np.arange(len(settings) if examples.own else 1)[:, None] * self._count
        self._deals: dict[int, Places] = {}

    def stretch(self, step: int, seen: int) -> list[Given]:
        """What the steps from this one on are given, to the end of its stretch; `seen` samples have been used."""
        place, offset = divmod(step, self._steps)
        inputs, aims = self._samples(seen, self._steps - offset)
        inputs = self._noisy(inputs, place, offset)
        inputs, masks = self._masked(inputs, place, offset)
        columns, goals = inputs.swapaxes(-1, -2), aims.swapaxes(-1, -2)
        each = zip(*masks, strict=True) if masks else [()] * len(columns)
        return [Given(shown, goal, mask) for shown, goal, mask in zip(columns, goals, each, strict=True)]

    def _samples(self, seen: int, steps: int) -> tuple[Array, Array]:
        """Inputs (steps, S, m, d + 1) and aims (steps, S, m, n_out)."""
        if self.batch == self._count:  # all of them, whatever their order
            inputs, aims = (part if part.ndim == 3 else part[None] for part in (self._inputs, self._aims))
            return np.broadcast_to(inputs, (steps, *inputs.shape)), np.broadcast_to(aims, (steps, *aims.shape))
        picks = self._order(seen, steps * self.batch).reshape(-1, steps, self.batch)
        places = picks.swapaxes(0, 1) + self._first
        flat = (part.reshape(-1, part.shape[-1]) for part in (self._inputs, self._aims))
        inputs, aims = (part.take(places, axis=0) for part in flat)
        return np.ascontiguousarray(inputs.swapaxes(-1, -2)).swapaxes(-1, -2), aims  # BLAS reads it sooner

    def _by_seed(self, drawn: Callable[[int], NDArray[N]]) -> NDArray[N]:
        """(S, …) of what each seed draws, once for models that share a seed."""
        seeds = [setting.seed for setting in self._settings]
        found = {seed: drawn(seed) for seed in dict.fromkeys(seeds)}
        return np.stack([found[seed] for seed in seeds])

    def _order(self, start: int, count: int) -> Places:
        """The rows (S, count) from that place on in the endless order of each seed."""
        size = self._count * -(-_DEALT // self._count)
        deals = range(start // size, (start + count - 1) // size + 1)
        self._deals = {deal: self._deals[deal] if deal in self._deals else self._deal(deal, size) for deal in deals}
        whole = self._deals[deals[0]] if len(deals) == 1 else np.concatenate(list(self._deals.values()), axis=1)
        start -= deals[0] * size
        return whole[:, start : start + count]

    def _deal(self, deal: int, size: int) -> Places:
        """Some whole epochs in a row, for each model."""
        epochs = np.tile(np.arange(self._count), (size // self._count, 1))
        return self._by_seed(lambda seed: chance(seed, _ORDER, deal).permuted(epochs, axis=1).ravel())

    def _noisy(self, inputs: Array, place: int, offset: int) -> Array:
        """Inputs with noise of each model's own size."""
        sizes = np.array([setting.noise for setting in self._settings])
        if not sizes.any():
            return inputs
        shape = (self._steps, self.batch, self._architecture.sizes[0])
        noise = self._by_seed(lambda seed: chance(seed, _NOISE, place).standard_normal(shape)[offset:])
        noise *= sizes[:, None, None, None]
        noisy = inputs[..., :-1] + noise.swapaxes(0, 1).astype(self._precision)
        return np.concatenate([noisy, _ones_of(inputs, len(sizes))], axis=-1)

    def _masked(self, inputs: Array, place: int, offset: int) -> tuple[Array, list[Array]]:
        """Inputs with some left out, and masks (steps, S, n, m) by hidden layer."""
        dropouts = [setting.dropout for setting in self._settings]
        if dropouts[0].kind == "none":
            return inputs, []
        shares = np.array([one.shares for one in dropouts])
        factors = np.array(
            [[one.training_factor(keep) for keep in one.shares] for one in dropouts], self._precision
        )  # fmt: skip
        layers = self._architecture.sizes[:-1]
        shape = (self._steps, sum(layers), self.batch)
        chances = self._by_seed(lambda seed: chance(seed, _MASKS, place).random(shape, dtype=np.float32)[offset:])
        parts = np.split(chances.swapaxes(0, 1), np.cumsum(layers)[:-1], axis=2)
        masks = [
            (part < shares[:, which, None, None]) * factors[:, which, None, None]
            for part, which in zip(parts, [0] + [1] * len(parts[1:]), strict=True)
        ]
        if (shares[:, 0] < 1.0).any():
            kept = inputs[..., :-1] * masks[0].swapaxes(-1, -2)
            inputs = np.concatenate([kept, _ones_of(inputs, len(dropouts))], axis=-1)
        return inputs, masks[1:]


def _ones_of(inputs: Array, models: int) -> Array:
    """The last column of inputs (steps, S or 1, m, d + 1), for S models."""
    ones = inputs[..., -1:]
    return np.broadcast_to(ones, (len(ones), models, *ones.shape[2:]))
