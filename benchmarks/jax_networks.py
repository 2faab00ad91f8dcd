"""The same training with JAX: one step compiled by jit, and the same over 64 models by vmap; one thread."""

import os
from collections.abc import Callable

os.environ.setdefault("XLA_FLAGS", "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1")

import jax
import jax.numpy as jnp
import numpy as np

from app.geometry import AnyOptimizer
from benchmarks.network_samples import MANY, Layers, Precision, Training, drawn_batches, drawn_layers

jax.config.update("jax_enable_x64", True)  # where arrays are double: those that are single stay so
Tree = list[tuple[jax.Array, jax.Array]]
State = tuple[Tree, Tree, Tree, jax.Array]


def training(rule: AnyOptimizer, rate: float, steps: int, precision: Precision) -> Training:
    """One model."""
    return _training(jax.jit(_step(rule.kind, rate)), (), steps, precision)


def training_together(rule: AnyOptimizer, rate: float, steps: int, precision: Precision) -> Training:
    """64 models, each on batches of its own."""
    return _training(jax.jit(jax.vmap(_step(rule.kind, rate))), (MANY,), steps, precision)


def _training(move: Callable[..., State], lead: tuple[int, ...], steps: int, precision: Precision) -> Training:
    """Its batches are on the device before."""
    batches = [[jnp.array(one) for one in part] for part in drawn_batches(steps, lead, precision)]

    def work(seed: int) -> Tree:
        weights = [(jnp.array(W), jnp.array(b)) for W, b in drawn_layers(seed, lead, precision)]
        zeros = jax.tree.map(jnp.zeros_like, weights)
        state = weights, zeros, zeros, jnp.zeros(lead, precision)
        for inputs, targets in zip(*batches, strict=True):
            state = move(state, inputs, targets)
        learnt: Tree = jax.block_until_ready(state)[0]
        return learnt

    return Training(work, _learnt, lead[0] if lead else 1)


def _cost(weights: Tree, inputs: jax.Array, targets: jax.Array) -> jax.Array:
    a = inputs
    for W, b in weights[:-1]:
        a = jnp.tanh(a @ W.T + b)
    z = a @ weights[-1][0].T + weights[-1][1]
    return jnp.mean(jnp.logaddexp(0.0, z) - targets * z)


def _step(kind: str, rate: float) -> Callable[..., State]:
    slope = jax.grad(_cost)

    def move(state: State, inputs: jax.Array, targets: jax.Array) -> State:
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


def _learnt(weights: Tree) -> list[Layers]:
    stacked = [(np.asarray(W), np.asarray(b)) for W, b in weights]
    if stacked[0][0].ndim == 2:
        return [stacked]
    return [[(W[i], b[i]) for W, b in stacked] for i in range(MANY)]
