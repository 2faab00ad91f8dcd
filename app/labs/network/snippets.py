"""A network, its costs and its optimizers as lines of Python that run without this project; rows are samples."""

from app.geometry import Adam, AdamW, AnyOptimizer, Momentum, Nesterov, RMSProp
from app.networks import (
    AnyActivation,
    AnyCost,
    AnyInitial,
    Constant,
    He,
    Large,
    LeakyReLU,
    Linear,
    ReLU,
    Sigmoid,
    Small,
    Tanh,
    Zero,
)

SIGMOID = "(1 + np.tanh({0} / 2)) / 2"


def activation_lines(activation: AnyActivation) -> str:
    """f of a sum, and its slope told from f."""
    match activation:
        case Tanh():
            value, slope = "np.tanh(z)", "1 - a**2"
        case ReLU():
            value, slope = "np.maximum(z, 0)", "np.heaviside(a, 0)"
        case LeakyReLU():
            value, slope = (
                f"np.maximum(z, {activation.leak!r} * z)",
                f"np.maximum(np.sign(a), {activation.leak!r})",
            )
        case Sigmoid():
            value, slope = SIGMOID.format("z"), "a * (1 - a)"
        case Linear():
            value, slope = "z", "np.ones_like(a)"
    return f"""\
def f(z):
    return {value}


def slope(a):  # of f, where f(z) = a
    return {slope}
"""


_SOFTMAX = """\
def said(z):
    grown = np.exp(z - z.max(axis=1, keepdims=True))
    return grown / grown.sum(axis=1, keepdims=True)


def cost(z, y):
    top = z.max(axis=1, keepdims=True)
    return (y * (np.log(np.exp(z - top).sum(axis=1, keepdims=True)) - (z - top))).sum() / len(y)


def error(z, y):
    return (said(z) - y) / len(y)
"""


def cost_lines(cost: AnyCost) -> str:
    """What the last layer says, the mean cost, and its slope by the last sums."""
    if cost.output == "softmax":
        return _SOFTMAX
    said = "z" if cost.output == "linear" else SIGMOID.format("z")
    if cost.kind == "cross_entropy":
        value, slope = "(np.logaddexp(0, z) - y * z).sum() / len(y)", "(said(z) - y) / len(y)"
    else:
        value = "((said(z) - y) ** 2).sum() / (2 * len(y))"
        slope = "(said(z) - y) / len(y)"
        slope = slope if cost.output == "linear" else f"{slope} * said(z) * (1 - said(z))"
    return f"""\
def said(z):
    return {said}


def cost(z, y):
    return {value}


def error(z, y):  # the slope of the cost by z
    return {slope}
"""


def initial_lines(initial: AnyInitial) -> str:
    """Weights (n_out, n_in) by layer; biases are 0."""
    match initial:
        case Zero():
            drawn = "np.zeros((n_out, n_in))"
        case Constant():
            drawn = f"np.full((n_out, n_in), {initial.value!r})"
        case Small() | Large():
            drawn = f"{initial.scale!r} * draw.standard_normal((n_out, n_in))"
        case He():
            drawn = "np.sqrt(2 / n_in) * draw.standard_normal((n_out, n_in))"
        case _:
            drawn = "np.sqrt(2 / (n_in + n_out)) * draw.standard_normal((n_out, n_in))"
    return f"""\
draw = np.random.default_rng((seed, 0, 0))
W = [{drawn} for n_in, n_out in zip(sizes, sizes[1:])]
b = [np.zeros(n) for n in sizes[1:]]
"""


def rule_lines(optimizer: AnyOptimizer) -> tuple[str, str]:
    """What the rule remembers before the first step; and a step of all parameters p, by their gradients g(p)."""
    match optimizer:
        case Momentum():
            return (
                "v = [0 * w for w in p]",
                f"v = [{optimizer.momentum!r} * u + d for u, d in zip(v, g(p))]\n"
                "p = [w - now['rate'] * u for w, u in zip(p, v)]",
            )
        case Nesterov():
            return "last, t, t_last = p, 1.0, 1.0", (
                f"ahead = [w + {optimizer.share} * (w - o) for w, o in zip(p, last)]\n"
                "t_last, t = t, (1 + (1 + 4 * t**2) ** 0.5) / 2\n"
                "last, p = p, [w - now['rate'] * d for w, d in zip(ahead, g(ahead))]"
            )
        case RMSProp():
            return "s = [0 * w for w in p]", (
                "slopes = g(p)\n"
                f"s = [{optimizer.memory!r} * q + (1 - {optimizer.memory!r}) * d**2 for q, d in zip(s, slopes)]\n"
                f"p = [w - now['rate'] * d / (np.sqrt(q) + {optimizer.epsilon!r}) for w, d, q in zip(p, slopes, s)]"
            )
        case Adam() | AdamW():
            return "v = s = [0 * w for w in p]", _adam(optimizer)
        case _:
            return "", "p = [w - now['rate'] * d for w, d in zip(p, g(p))]"


def _adam(rule: Adam | AdamW) -> str:
    one, two = repr(rule.memory_1), repr(rule.memory_2)
    return f"""\
slopes = g(p)
v = [{one} * u + (1 - {one}) * d for u, d in zip(v, slopes)]
s = [{two} * q + (1 - {two}) * d**2 for q, d in zip(s, slopes)]
left_1, left_2 = 1 - {one} ** (k + 1), 1 - {two} ** (k + 1)
p = [w - now['rate'] * (u / left_1) / (np.sqrt(q / left_2) + {rule.epsilon!r}) for w, u, q in zip(p, v, s)]"""
