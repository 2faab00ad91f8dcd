"""The same walks with PyTorch: its optimizers, autograd, doubles, one thread."""

import numpy as np
import torch

from app.geometry import AnyOptimizer, Quadratic
from benchmarks.samples import Array

torch.set_num_threads(1)
torch.set_default_dtype(torch.float64)


def each(rule: AnyOptimizer, loss: Quadratic, starts: Array, rates: Array, steps: int) -> Array:
    """An optimizer for each start (m, 2) with its own rate (m,): where they end."""
    H, free = torch.tensor(loss.curvature.copy()), torch.tensor(loss.minimiser.copy())
    weights = [torch.tensor(start, requires_grad=True) for start in starts]
    optimizers = [_optimizer(rule, w, float(rate)) for w, rate in zip(weights, rates, strict=True)]
    for _ in range(steps):
        for w, optimizer in zip(weights, optimizers, strict=True):
            optimizer.zero_grad()
            away = w - free
            (0.5 * away @ H @ away).backward()
            optimizer.step()
    return np.array([w.detach().numpy() for w in weights])


def batch(rule: AnyOptimizer, loss: Quadratic, starts: Array, rate: float, steps: int) -> Array:
    """One optimizer over all starts (m, 2), with one rate for all: the best that its interface allows."""
    H, free = torch.tensor(loss.curvature.copy()), torch.tensor(loss.minimiser.copy())
    w = torch.tensor(starts, requires_grad=True)
    optimizer = _optimizer(rule, w, rate)
    for _ in range(steps):
        optimizer.zero_grad()
        away = w - free
        (0.5 * ((away @ H) * away).sum()).backward()
        optimizer.step()
    return np.asarray(w.detach().numpy())


def _optimizer(rule: AnyOptimizer, w: torch.Tensor, rate: float) -> torch.optim.Optimizer:
    match rule.kind:
        case "gradient_descent":
            return torch.optim.SGD([w], lr=rate)
        case "momentum":
            return torch.optim.SGD([w], lr=rate, momentum=rule.momentum)
        case "nesterov":
            return torch.optim.SGD([w], lr=rate, momentum=rule.momentum, nesterov=True)
        case "rmsprop":
            return torch.optim.RMSprop([w], lr=rate, alpha=rule.memory, eps=rule.epsilon)
        case "adam":
            return torch.optim.Adam([w], lr=rate, betas=(rule.memory_1, rule.memory_2), eps=rule.epsilon)
        case "adamw":
            moments = (rule.memory_1, rule.memory_2)
            return torch.optim.AdamW([w], lr=rate, betas=moments, eps=rule.epsilon, weight_decay=rule.decay)
