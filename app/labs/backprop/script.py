"""The same graph in NumPy: forward, backward by hand, and every gradient by central differences."""

from app.data.library import Library
from app.labs.backprop.network import PARAMETERS, PARTS, CostKind, Parameters, PenaltyKind, Sample, learnt, shown
from app.networks import AnyActivation, LeakyReLU

_ACTIVATIONS = {
    "tanh": ("np.tanh(z)", "1 - a**2"),
    "relu": ("np.maximum(z, 0)", "np.sign(a)"),
    "leaky_relu": ("np.maximum(z, leak * z)", "np.maximum(np.sign(a), leak)"),
    "sigmoid": ("1 / (1 + np.exp(-z))", "a * (1 - a)"),
    "linear": ("z", "np.ones_like(a)"),
}
_COSTS: dict[CostKind, tuple[str, str]] = {
    "quadratic": ("0.5 * (z - y) ** 2", "z - y"),
    "quadratic_sigmoid": ("0.5 * (sigma(z) - y) ** 2", "(sigma(z) - y) * sigma(z) * (1 - sigma(z))"),
    "cross_entropy": ("np.logaddexp(0, z) - y * z", "sigma(z) - y"),
}
_SCRIPT = """import numpy as np

x, y = np.array({x!r}), {y!r}
theta = np.array({theta!r})  # {names}
alpha, l1, l2, eta = {strength!r}, {l1!r}, {l2!r}, {rate!r}
{leak}is_weight = np.array([1, 1, 0, 1, 1, 0, 1, 1, 0])  # biases are never penalised


def sigma(z):
    return 1 / (1 + np.exp(-z))


def parts(theta):
    rows = theta[:6].reshape(2, 3)
    return rows[:, :2], rows[:, 2], theta[6:8], theta[8]


def forward(theta):
    W, b, v, c = parts(theta)
    z = W @ x + b
    a = {apply}
    return a, v @ a + c


def J(theta):
    a, z = forward(theta)
    w = theta * is_weight
    return {cost} + alpha * np.sum(l1 * np.abs(w) + 0.5 * l2 * w**2)


def gradient(theta):
    W, b, v, c = parts(theta)
    a, z = forward(theta)
    back = {error}  # at z
    hidden = back * v * ({slope})  # at z_1 and z_2
    rows = np.column_stack([np.outer(hidden, x), hidden])
    cost = np.concatenate([rows.ravel(), back * a, [back]])
    return cost + alpha * is_weight * (l1 * np.sign(theta) + l2 * theta)


h = 6e-6
differences = np.array([(J(theta + h * e) - J(theta - h * e)) / (2 * h) for e in np.eye(9)])
print("J =", J(theta))
print("gradient =", gradient(theta).tolist())
print("largest difference =", np.abs(gradient(theta) - differences).max())
print("J after one update =", J(theta - eta * gradient(theta)))
"""


def script(
    parameters: Parameters, sample: Sample, activation: AnyActivation, cost: CostKind, regularizer: PenaltyKind,
    strength: float, rate: float, library: Library,  # noqa: ARG001 (nothing of it is needed)
) -> str:  # fmt: skip
    """Lines of Python that print J, its gradient and what one update makes of it."""
    x1, x2, y = shown(sample)
    apply, slope = _ACTIVATIONS[activation.kind]
    value, error = _COSTS[cost]
    l1, l2 = PARTS[regularizer]
    leak = f"leak = {activation.leak!r}\n" if isinstance(activation, LeakyReLU) else ""
    return _SCRIPT.format(
        x=[x1, x2], y=y, theta=list(learnt(parameters).values()), names=", ".join(PARAMETERS),
        strength=strength, l1=l1, l2=l2, rate=rate, leak=leak, apply=apply, slope=slope, cost=value, error=error,
    )  # fmt: skip
