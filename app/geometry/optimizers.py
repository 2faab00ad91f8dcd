"""Optimizers: the rules by which weights follow a gradient. What each must answer is written at `Optimizer`."""

from math import sqrt
from typing import ClassVar, Literal

import numpy as np

from app.geometry.optimizer import Array, Grounded, Memory, Optimizer, constant
from app.knobs import Real, knob


def _momentum(label: str, default: float = 0.9) -> Real:
    found: Real = knob(
        default, label=label, symbol="β", ge=0, le=0.999, step=0.01,
        help="The share of the velocity that a step keeps: more is faster in a long valley, and overshoots more.",
    )  # fmt: skip
    return found


def _memory(default: float, symbol: str, of: str) -> Real:
    words = f"The share of the running average of {of} that is kept at each step."
    found: Real = knob(default, label=f"Memory of {of}", symbol=symbol, ge=0, le=0.9999, step=0.001, help=words)
    return found


def _epsilon() -> Real:
    words = "Added to the divisor, so that a gradient of 0 makes no step; large, the rule becomes gradient descent."
    ends, label = (1e-12, 1.0), "Floor of the divisor"
    found: Real = knob(1e-8, label=label, symbol="ε", ge=1e-12, le=1, soft=ends, scale="log", step=0.5, help=words)
    return found


_NESTEROV = """\
ahead = w + {0.share} * (w - last)
t_last, t = t, (1 + np.sqrt(1 + 4 * t**2)) / 2
last, w = w, ahead - eta * g(ahead)"""
_RMSPROP = """\
now = g(w)
s = {0.memory} * s + (1 - {0.memory}) * now**2
w = w - eta * now / (np.sqrt(s) + {0.epsilon})"""
_ADAM = """\
now = g(w)
m = {0.memory_1} * m + (1 - {0.memory_1}) * now
s = {0.memory_2} * s + (1 - {0.memory_2}) * now**2
w = w - eta * m / (1 - {0.memory_1} ** (k + 1)) / (np.sqrt(s / (1 - {0.memory_2} ** (k + 1))) + {0.epsilon})"""


class GradientDescent(Grounded, title="Gradient descent"):
    """w ← w − η∇J(w): on a bowl, eigen-component i shrinks by 1 − ηλᵢ a step, so it converges exactly for η < 2/L.

    Goodfellow, Bengio & Courville (2016), Deep Learning, §4.3 and eq. 4.5.
    """

    kind: Literal["gradient_descent"] = "gradient_descent"
    python: ClassVar[tuple[str, str]] = "", "w = w - eta * g(w)"

    def start(self, weights: Array) -> Memory:  # noqa: ARG002 (nothing to remember)
        """Nothing."""
        return Memory()

    def step(self, weights: Array, gradient: Array, memory: Memory, rate: Array | float) -> tuple[Array, Memory]:
        """Down the slope."""
        return weights - rate * gradient, memory


class Momentum(Grounded, title="Momentum"):
    """v ← βv + ∇J(w), w ← w − ηv: a heavy ball, whose velocity sums up the gradients of some 1/(1 − β) steps.

    What acts beside the velocity, a decoupled decay or a soft threshold, acts once a step: at the end it counts as if α
    were (1 − β)α. Polyak (1964); in the form of Sutskever et al. (2013) with η outside. Deep Learning, §8.3.2.
    """

    kind: Literal["momentum"] = "momentum"
    python: ClassVar[tuple[str, str]] = "v = 0 * w", "v = {0.momentum} * v + g(w)\nw = w - eta * v"
    momentum: Real = _momentum("Momentum")

    def start(self, weights: Array) -> Memory:
        """At rest."""
        return Memory((np.zeros_like(weights),))

    def step(self, weights: Array, gradient: Array, memory: Memory, rate: Array | float) -> tuple[Array, Memory]:
        """Along the velocity."""
        velocity = self.momentum * memory.arrays[0] + gradient
        return weights - rate * velocity, Memory((velocity,))


class Nesterov(Optimizer, title="Nesterov's momentum"):
    """y = w + β(w − w₋), w ← y − η∇J(y): the gradient is taken where the momentum leads.

    With the soft threshold after each step and the schedule βₖ = (tₖ − 1)/tₖ₊₁, tₖ₊₁ = (1 + √(1 + 4tₖ²))/2 it is FISTA:
    Beck & Teboulle (2009), eq. 4.1-4.3. Constant β: Nesterov (2004), §2.2; Deep Learning, §8.3.3.
    """

    kind: Literal["nesterov"] = "nesterov"
    python: ClassVar[tuple[str, str]] = "last, t, t_last = w, 1.0, 1.0", _NESTEROV
    momentum: Real = _momentum("Momentum")
    schedule: Literal["constant", "fista"] = knob(
        "constant", label="Schedule", choices={"constant": "the same β at each step", "fista": "growing, as in FISTA"},
        help="FISTA's momentum grows from 0 towards 1, whatever β is set to.",
    )  # fmt: skip

    @property
    def share(self) -> str:
        """The share of the displacement that is kept, as Python."""
        return "(t_last - 1) / t" if self.schedule == "fista" else repr(self.momentum)

    def start(self, weights: Array) -> Memory:
        """The last weights (the same), and FISTA's tₖ: the last and the present one, so that β starts at 0."""
        return Memory((weights,), (1.0, 1.0))

    def look(self, weights: Array, memory: Memory) -> Array:
        """Ahead, where the last displacement leads."""
        (last,), (before, now) = memory
        share = (before - 1.0) / now if self.schedule == "fista" else self.momentum
        return np.asarray(weights + share * (weights - last))

    def step(self, weights: Array, gradient: Array, memory: Memory, rate: Array | float) -> tuple[Array, Memory]:
        """Down the slope from there."""
        ahead, (_, now) = self.look(weights, memory), memory.numbers
        following = now if self.schedule == "constant" else 0.5 * (1.0 + sqrt(1.0 + 4.0 * now * now))
        return ahead - rate * gradient, Memory((weights,), (now, following))


class RMSProp(Grounded, title="RMSProp"):
    """s ← ρs + (1 − ρ)g², w ← w − ηg/(√s + ε): each coordinate's step is about η, steep or flat.

    Hinton's lecture 6e (2012); Deep Learning, algorithm 8.5, with ε outside the root as PyTorch has it.
    """

    kind: Literal["rmsprop"] = "rmsprop"
    python: ClassVar[tuple[str, str]] = "s = 0 * w", _RMSPROP
    scale_free: ClassVar[bool] = True
    memory: Real = _memory(0.99, "ρ", "squared gradients")
    epsilon: Real = _epsilon()

    def start(self, weights: Array) -> Memory:
        """No gradient seen."""
        return Memory((np.zeros_like(weights),))

    def step(self, weights: Array, gradient: Array, memory: Memory, rate: Array | float) -> tuple[Array, Memory]:
        """By the gradient over its root mean square."""
        squares = self.memory * memory.arrays[0] + (1.0 - self.memory) * gradient * gradient
        return weights - rate * gradient / (np.sqrt(squares) + self.epsilon), Memory((squares,))


class _Moments(Grounded):
    """What Adam and AdamW share: running means m̂ of g and v̂ of g², corrected for their start at 0.

    Each is a sum over that of its weights, m̂ = Σβ₁ᵏ⁻ⁱgᵢ/p with p = Σβ₁ᵏ⁻ⁱ, and v̂ = Σβ₂ᵏ⁻ⁱgᵢ²/q; p and q are numbers,
    taken out of the arrays: m̂/(√v̂ + ε) = (√q/p)·Σβ₁ᵏ⁻ⁱgᵢ/(√Σβ₂ᵏ⁻ⁱgᵢ² + ε√q).
    """

    scale_free: ClassVar[bool] = True
    memory_1: Real = _memory(0.9, "β₁", "gradients")
    memory_2: Real = _memory(0.999, "β₂", "squared gradients")
    epsilon: Real = _epsilon()

    def start(self, weights: Array) -> Memory:
        """No gradient seen: both sums, and both sums of weights, are 0."""
        return Memory((np.zeros_like(weights), np.zeros_like(weights)), (0.0, 0.0))

    def _moved(self, weights: Array, gradient: Array, memory: Memory, rate: Array | float) -> tuple[Array, Memory]:
        """By m̂/(√v̂ + ε)."""
        (first, second), (p, q), precision = memory.arrays, memory.numbers, weights.dtype
        p, q = self.memory_1 * p + 1.0, self.memory_2 * q + 1.0
        sums, squares = first * constant(self.memory_1, precision), second * constant(self.memory_2, precision)
        move, root = gradient * gradient, sqrt(q)
        sums += gradient
        squares += move
        np.sqrt(squares, out=move)
        move += self.epsilon * root
        np.divide(sums, move, out=move)
        move *= rate * (root / p)
        return np.subtract(weights, move, out=move), Memory((sums, squares), (p, q))


class Adam(_Moments, title="Adam"):
    """w ← w − η·m̂/(√v̂ + ε), with running means m of g and v of g², corrected for their start at 0.

    An L2 penalty in the gradient is divided by √v̂ too, so it does not decay weights in proportion.
    Kingma & Ba (2015), algorithm 1; Deep Learning, algorithm 8.7.
    """

    kind: Literal["adam"] = "adam"
    python: ClassVar[tuple[str, str]] = "m = s = 0 * w", _ADAM

    def step(self, weights: Array, gradient: Array, memory: Memory, rate: Array | float) -> tuple[Array, Memory]:
        """By m̂/√v̂."""
        return self._moved(weights, gradient, memory, rate)


class AdamW(_Moments, title="AdamW"):
    """Adam with decoupled decay: w ← (1 − ηλ)w − η·m̂/(√v̂ + ε), the decay untouched by √v̂.

    The same as Adam with `DecoupledDecay` of strength λ. Loshchilov & Hutter (2019), algorithm 2.
    """

    kind: Literal["adamw"] = "adamw"
    python: ClassVar[tuple[str, str]] = "m = s = 0 * w", _ADAM + "\nw = w - eta * {0.decay} * before"
    decay: Real = knob(
        0.01, label="Decay of its own", symbol="λ", ge=0, le=100, soft=(1e-4, 10), scale="log", step=0.1,
        help="How much of each weight a step takes away, per unit of η: w ← (1 − ηλ)w before the rest of the step.",
    )  # fmt: skip

    def step(self, weights: Array, gradient: Array, memory: Memory, rate: Array | float) -> tuple[Array, Memory]:
        """Adam's step from decayed weights."""
        return self._moved(weights * (1.0 - rate * self.decay), gradient, memory, rate)


AnyOptimizer = GradientDescent | Momentum | Nesterov | RMSProp | Adam | AdamW
