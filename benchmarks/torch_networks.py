"""The same training with PyTorch: eager, step by step; and 64 models by compiled vmap; one thread."""

from collections.abc import Callable

import torch

from app.geometry import AnyOptimizer
from benchmarks import network_samples
from benchmarks.network_samples import MANY, Layers, Precision, Training, drawn_batches, drawn_layers

torch.set_num_threads(1)

Weights = list[torch.Tensor]
State = tuple[Weights, Weights, Weights, torch.Tensor]
TYPES = {"single": torch.float32, "double": torch.float64}


def training(rule: AnyOptimizer, rate: float, steps: int, precision: Precision) -> Training:
    """One model as the tutorials have it: Sequential, autograd, optimizer."""
    samples = network_samples.INPUTS, network_samples.TARGETS
    inputs, targets = (torch.tensor(part, dtype=TYPES[precision]) for part in samples)
    epochs = steps // network_samples.EPOCH

    def work(seed: int) -> torch.nn.Sequential:
        torch.manual_seed(seed)
        model = _model(precision)
        optimizer = (torch.optim.Adam if rule.kind == "adam" else torch.optim.SGD)(model.parameters(), lr=rate)
        cost = torch.nn.BCEWithLogitsLoss()
        for _ in range(epochs):
            for picks in torch.randperm(len(inputs)).split(network_samples.BATCH):
                optimizer.zero_grad()
                cost(model(inputs[picks]), targets[picks]).backward()
                optimizer.step()
        return model

    return Training(work, lambda model: [_layers([one.detach() for one in model.parameters()])])


def training_together(rule: AnyOptimizer, rate: float, steps: int, precision: Precision) -> Training:
    """64 models, each on batches of its own, drawn before."""
    move = torch.compile(torch.func.vmap(_step(rule.kind, rate)))
    inputs, targets = (torch.tensor(part) for part in drawn_batches(steps, (MANY,), precision))

    def work(seed: int) -> Weights:
        weights = [torch.tensor(part) for layer in drawn_layers(seed, (MANY,), precision) for part in layer]
        zeros = [torch.zeros_like(one) for one in weights]
        state = weights, zeros, zeros, torch.zeros(MANY, dtype=TYPES[precision])
        for given, goal in zip(inputs, targets, strict=True):
            state = move(*state, given, goal)
        return state[0]

    return Training(work, lambda weights: [_layers([one[i] for one in weights]) for i in range(MANY)], MANY)


def _model(precision: Precision) -> torch.nn.Sequential:
    """With Xavier's weights and biases of 0."""
    modules: list[torch.nn.Module] = []
    for n_in, n_out in zip(network_samples.SIZES, network_samples.SIZES[1:], strict=False):
        layer = torch.nn.Linear(n_in, n_out, dtype=TYPES[precision])
        torch.nn.init.xavier_normal_(layer.weight)
        torch.nn.init.zeros_(layer.bias)
        modules += [layer, torch.nn.Tanh()]
    return torch.nn.Sequential(*modules[:-1])


def _cost(weights: Weights, inputs: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
    a = inputs
    for W, b in zip(weights[:-2:2], weights[1:-2:2], strict=True):
        a = torch.tanh(a @ W.T + b)
    z = a @ weights[-2].T + weights[-1]
    return torch.nn.functional.binary_cross_entropy_with_logits(z, targets)


def _step(kind: str, rate: float) -> Callable[..., State]:
    slope = torch.func.grad(_cost)

    def move(w: Weights, m: Weights, s: Weights, k: torch.Tensor, inputs: torch.Tensor, targets: torch.Tensor) -> State:
        g = slope(w, inputs, targets)
        if kind != "adam":
            return [a - rate * b for a, b in zip(w, g, strict=True)], m, s, k
        k = k + 1
        m = [0.9 * a + 0.1 * b for a, b in zip(m, g, strict=True)]
        s = [0.999 * a + 0.001 * b * b for a, b in zip(s, g, strict=True)]
        roots = [(c / (1 - 0.999**k)).sqrt() + 1e-8 for c in s]
        return [a - rate * (b / (1 - 0.9**k)) / c for a, b, c in zip(w, m, roots, strict=True)], m, s, k

    return move


def _layers(flat: Weights) -> Layers:
    return [(W.numpy(), b.numpy()) for W, b in zip(flat[::2], flat[1::2], strict=True)]
