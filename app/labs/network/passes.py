"""Forward, backward, and what acts on the weights in a step, as lines of Python that run without this project.

In these lines `p` is the list of all parameters: weights by layer, biases by layer, with layer norm gains and shifts;
L is the number of layers, and `now` holds what may be turned while the training runs.
"""

from app.geometry import AdamW
from app.networks import Multiplied, Projected, Setting

_NORMAL = """\
def normal(z):  # each sample brought to mean 0 and variance 1 over the units
    centred = z - z.mean(axis=1, keepdims=True)
    sharp = 1 / np.sqrt((centred**2).mean(axis=1, keepdims=True) + 1e-5)
    return centred * sharp, sharp


"""
_FORWARD = """\
def through(p, A, factors):  # what each layer is given, what its units make of it, and the last sums
    given, active{norms} = [A], []{empty}
    for i in range(L - 1):
        z = given[i] @ p[i].T + p[L + i]
{normed}        active.append(f(z))
        given.append(active[i] * factors[i])
    return given, active{norms}, given[-1] @ p[L - 1].T + p[2 * L - 1]
"""
_BACKWARD = """\
def slopes_of_cost(p, A, y, factors):
    given, active{norms}, z = through(p, A, factors)
    e, found = error(z, y), list(p)
    for i in reversed(range(L)):
        found[i], found[L + i] = e.T @ given[i], e.sum(axis=0)
        if i:
            e = (e @ p[i]) * factors[i - 1] * slope(active[i - 1])
{normed}    return found
"""
_NORM_FORWARD = """\
        norms.append(normal(z))
        z = norms[i][0] * p[2 * L + i] + p[3 * L - 1 + i]
"""
_NORM_BACKWARD = """\
            n, sharp = norms[i - 1]
            found[2 * L + i - 1], found[3 * L - 2 + i] = (e * n).sum(axis=0), e.sum(axis=0)
            e = e * p[2 * L + i - 1]
            e = sharp * (e - e.mean(axis=1, keepdims=True) - n * (e * n).mean(axis=1, keepdims=True))
"""
_SAMPLES = """\
def orders():  # the rows of each step: one random order of all after the other, cut into batches
    deal, rows = 0, np.empty(0, dtype=int)
    while True:
        while len(rows) < m:
            epochs = np.tile(np.arange(len(X)), (-(-4096 // len(X)), 1))
            shuffled = np.random.default_rng((seed, 1, deal)).permuted(epochs, axis=1).ravel()
            deal, rows = deal + 1, np.concatenate([rows, shuffled])
        yield np.arange(len(X)) if m == len(X) else rows[:m]
        rows = rows[m:]
"""


def pass_lines(layer_norm: bool) -> str:
    """Forward and backward through all layers, and the rows of each step."""
    words = {"norms": ", norms", "empty": ", []"} if layer_norm else {"norms": "", "empty": ""}
    forward = _FORWARD.format(normed=_NORM_FORWARD if layer_norm else "", **words)
    backward = _BACKWARD.format(normed=_NORM_BACKWARD if layer_norm else "", **words)
    return f"{_NORMAL if layer_norm else ''}{forward}\n\n{backward}\n\n{_SAMPLES}"


def gradient_lines(setting: Setting) -> str:
    """g(p): of the cost, clipped, and of what is minimised beside it."""
    lines = ["found = slopes_of_cost(p, inputs, y[rows], factors)"]
    if setting.clip < float("inf"):
        lines += [
            "size = np.sqrt(sum((d**2).sum() for d in found))",
            f"found = [d * min(1, {setting.clip!r} / max(size, 1e-300)) for d in found]",
        ]
    inner = []
    if setting.penalty.l2_update.kind == "l2_gradient":
        inner.append("found[i] = found[i] + now['l2'][i] * p[i]")
    if setting.penalty.l1_update.kind == "l1_sign":
        inner.append("found[i] = found[i] + now['l1'][i] * np.sign(p[i])")
    if isinstance(setting.constraint, Multiplied):
        inner.append("found[i] = found[i] + multipliers[i] * p[i]")
    lines += ["for i in range(L):", *(f"    {line}" for line in inner)] * bool(inner)
    body = "\n".join(f"    {line}" for line in lines)
    return f"def g(p):  # the slope of what is minimised\n{body}\n    return found\n"


def settling_lines(setting: Setting) -> list[str]:
    """What follows the rule in each step, for the weights of layer i."""
    constraint, lines = setting.constraint, list[str]()
    if setting.penalty.l2_update.kind == "decoupled":
        lines.append("p[i] = p[i] - now['rate'] * now['l2'][i] * before[i]")
    if isinstance(setting.optimizer, AdamW):
        lines.append(f"p[i] = p[i] - now['rate'] * {setting.optimizer.decay!r} * before[i]")
    if setting.penalty.l1_update.kind == "l1_prox":
        lines.append("p[i] = np.sign(p[i]) * np.maximum(np.abs(p[i]) - now['rate'] * now['l1'][i], 0)")
    if isinstance(constraint, Projected | Multiplied):
        axis = "axis=1, keepdims=True" if constraint.scope == "unit" else "keepdims=True"
        lines.append(f"squares = (p[i] ** 2).sum({axis})")
        if isinstance(constraint, Projected):
            lines.append(f"p[i] = p[i] * np.minimum(1, {constraint.radius!r} / np.sqrt(np.maximum(squares, 1e-300)))")
        else:
            excess = f"(squares - {constraint.radius!r} ** 2) / 2"
            lines.append(f"multipliers[i] = np.maximum(0, multipliers[i] + {constraint.rate!r} * {excess})")
    return lines
