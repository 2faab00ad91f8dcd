"""The same training with JAX: one step compiled by jit, and the same over 64 models by vmap; doubles, one thread."""

import os
from collections.abc import Callable
from functools import cache

os.environ.setdefault("XLA_FLAGS", "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1")

import jax
import jax.numpy as jnp
import numpy as np

from app.geometry import AnyOptimizer
from benchmarks import network_samples
from benchmarks.samples import Array

jax.config.update("jax_enable_x64", True)
Tree = list[tuple[jax.Array, jax.Array]]


def trained(rule: AnyOptimizer, rate: float, steps: int) -> Callable[[int], object]:
    """A training of one model from a seed on."""
    move = jax.jit(_step(rule.kind, rate))

    def work(seed: int) -> object:
        state = _start(seed, ())
        for inputs, targets in _batches(seed, steps):
            state = move(state, inputs, targets)
        return jax.block_until_ready(state)

    return work


def trained_together(rule: AnyOptimizer, rate: float, steps: int) -> Callable[[int], object]:
    """A training of 64 models, each on batches of its own."""
    move = jax.jit(jax.vmap(_step(rule.kind, rate)))

    def work(seed: int) -> object:
        state = _start(seed, (network_samples.MANY,))
        for inputs, targets in zip(*_own_batches(seed, steps), strict=True):
            state = move(state, inputs, targets)
        return jax.block_until_ready(state)

    return work


def _cost(weights: Tree, inputs: jax.Array, targets: jax.Array) -> jax.Array:
    a = inputs
    for W, b in weights[:-1]:
        a = jnp.tanh(a @ W.T + b)
    z = a @ weights[-1][0].T + weights[-1][1]
    return jnp.mean(jnp.logaddexp(0.0, z) - targets * z)


def _step(kind: str, rate: float) -> Callable[..., tuple[Tree, Tree, Tree, jax.Array]]:
    slope = jax.grad(_cost)

    def move(state: tuple[Tree, Tree, Tree, jax.Array], inputs: jax.Array, targets: jax.Array):  # type: ignore[no-untyped-def]
        w, m, s, k = state
        g = slope(w, inputs, targets)
        if kind != "adam":
            return jax.tree.map(lambda a, b: a - rate * b, w, g), m, s, k
        k = k + 1
        m = jax.tree.map(lambda a, b: 0.9 * a + 0.1 * b, m, g)
        s = jax.tree.map(lambda a, b: 0.999 * a + 0.001 * b * b, s, g)
        w = jax.tree.map(lambda a, b, c: a - rate * (b / (1 - 0.9**k)) / (jnp.sqrt(c / (1 - 0.999**k)) + 1e-8), w, m, s)
        return w, m, s, k

    return move


def _start(seed: int, lead: tuple[int, ...]) -> tuple[Tree, Tree, Tree, jax.Array]:
    chance = np.random.default_rng(seed)
    pairs = zip(network_samples.SIZES, network_samples.SIZES[1:], strict=False)
    weights = [
        (jnp.array(chance.standard_normal((*lead, o, i)) * (2 / (i + o)) ** 0.5), jnp.zeros((*lead, o)))
        for i, o in pairs
    ]
    zeros = jax.tree.map(jnp.zeros_like, weights)
    return weights, zeros, zeros, jnp.zeros(lead)


@cache
def _batches(seed: int, steps: int) -> list[tuple[jax.Array, jax.Array]]:
    """The batches of a training, ready on the device: their drawing is not counted."""
    inputs, targets = (part[:, 0] for part in _drawn(seed, steps, 1))
    return [(jnp.array(one), jnp.array(goal)) for one, goal in zip(inputs, targets, strict=True)]


@cache
def _own_batches(seed: int, steps: int) -> tuple[list[jax.Array], list[jax.Array]]:
    return tuple([jnp.array(one) for one in part] for part in _drawn(seed, steps, network_samples.MANY))  # type: ignore[return-value]


def _drawn(seed: int, steps: int, models: int) -> tuple[Array, Array]:
    picks = np.random.default_rng(seed).integers(0, len(network_samples.INPUTS), (steps, models, network_samples.BATCH))
    return network_samples.INPUTS[picks], network_samples.TARGETS[picks]
