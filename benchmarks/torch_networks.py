"""The same training with PyTorch: eager, step by step; and 64 models by compiled vmap; doubles, one thread."""

from collections.abc import Callable

import numpy as np
import torch

from app.geometry import AnyOptimizer
from benchmarks import network_samples

torch.set_num_threads(1)
torch.set_default_dtype(torch.float64)

Weights = list[torch.Tensor]


def trained(rule: AnyOptimizer, rate: float, steps: int) -> Callable[[int], object]:
    """A training of one model from a seed on, as the tutorials have it: Sequential, autograd, optimizer."""
    inputs, targets = torch.tensor(network_samples.INPUTS), torch.tensor(network_samples.TARGETS)
    epochs = steps // network_samples.EPOCH

    def work(seed: int) -> object:
        torch.manual_seed(seed)
        model = torch.nn.Sequential(
            torch.nn.Linear(2, 16), torch.nn.Tanh(), torch.nn.Linear(16, 16), torch.nn.Tanh(), torch.nn.Linear(16, 1)
        )
        optimizer = (torch.optim.Adam if rule.kind == "adam" else torch.optim.SGD)(model.parameters(), lr=rate)
        cost = torch.nn.BCEWithLogitsLoss()
        for _ in range(epochs):
            for picks in torch.randperm(len(inputs)).split(network_samples.BATCH):
                optimizer.zero_grad()
                cost(model(inputs[picks]), targets[picks]).backward()
                optimizer.step()
        return model

    return work


def trained_together(rule: AnyOptimizer, rate: float, steps: int) -> Callable[[int], object]:
    """A training of 64 models, each on batches of its own, drawn before."""
    move = torch.compile(torch.func.vmap(_step(rule.kind, rate)))
    picks = np.random.default_rng(0).integers(
        0, len(network_samples.INPUTS), (steps, network_samples.MANY, network_samples.BATCH)
    )
    inputs, targets = torch.tensor(network_samples.INPUTS[picks]), torch.tensor(network_samples.TARGETS[picks])

    def work(seed: int) -> object:
        state = _start(seed)
        for given, goal in zip(inputs, targets, strict=True):
            state = move(*state, given, goal)
        return state

    return work


def _cost(weights: Weights, inputs: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
    a = inputs
    for W, b in zip(weights[:-2:2], weights[1:-2:2], strict=True):
        a = torch.tanh(a @ W.T + b)
    z = a @ weights[-2].T + weights[-1]
    return torch.nn.functional.binary_cross_entropy_with_logits(z, targets)


def _step(kind: str, rate: float) -> Callable[..., tuple[Weights, Weights, Weights, torch.Tensor]]:
    slope = torch.func.grad(_cost)

    def move(
        w: Weights, m: Weights, s: Weights, k: torch.Tensor, inputs: torch.Tensor, targets: torch.Tensor
    ) -> tuple[Weights, Weights, Weights, torch.Tensor]:
        g = slope(w, inputs, targets)
        if kind != "adam":
            return [a - rate * b for a, b in zip(w, g, strict=True)], m, s, k
        k = k + 1
        m = [0.9 * a + 0.1 * b for a, b in zip(m, g, strict=True)]
        s = [0.999 * a + 0.001 * b * b for a, b in zip(s, g, strict=True)]
        roots = [(c / (1 - 0.999**k)).sqrt() + 1e-8 for c in s]
        return [a - rate * (b / (1 - 0.9**k)) / c for a, b, c in zip(w, m, roots, strict=True)], m, s, k

    return move


def _start(seed: int) -> tuple[Weights, Weights, Weights, torch.Tensor]:
    chance = np.random.default_rng(seed)
    weights: Weights = []
    for n_in, n_out in zip(network_samples.SIZES, network_samples.SIZES[1:], strict=False):
        drawn = chance.standard_normal((network_samples.MANY, n_out, n_in)) * (2 / (n_in + n_out)) ** 0.5
        weights += [torch.tensor(drawn), torch.zeros((network_samples.MANY, n_out))]
    zeros = [torch.zeros_like(one) for one in weights]
    return weights, zeros, zeros, torch.zeros(network_samples.MANY)
