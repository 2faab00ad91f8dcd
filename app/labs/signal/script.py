"""The same in NumPy: draw the weights, run samples through and back, train the plain network."""

from app.data import Pattern
from app.data.library import Library
from app.labs.signal.stack import Stack, built
from app.networks import AnyActivation, AnyInitial, LeakyReLU
from app.networks.variances import homogeneous

_ACTIVATIONS = {
    "tanh": ("np.tanh(z)", "1 - a**2"),
    "relu": ("np.maximum(z, 0)", "np.sign(a)"),
    "leaky_relu": ("np.maximum(z, leak * z)", "np.maximum(np.sign(a), leak)"),
    "sigmoid": ("0.5 * np.tanh(0.5 * z) + 0.5", "a * (1 - a)"),
    "linear": ("z", "np.ones_like(a)"),
}
_MEAN_FACTORS = """\
    # Of the draws in which something came in: whatever its size, the factor is the same in the mean.
    factors = [after[before > 0] / before[before > 0] for before, after in zip(hidden.T, hidden.T[1:])]
    print("forward =", hidden[:, 0].mean() * np.prod([one.mean() for one in factors]))
    print("standard errors =", [float(one.std(ddof=1) / np.sqrt(len(one))) for one in factors])"""
_MEANS = """\
    # Ratios of means: what is left of a large signal is less than of a small one.
    means = hidden.mean(axis=0)
    away = np.diff(hidden / means, axis=1)
    print("forward =", means[-1])
    print("standard errors =", (means[1:] / means[:-1] * away.std(axis=0, ddof=1) / np.sqrt(len(runs))).tolist())"""
_SCRIPT = """{data}
Y = np.asarray(y, dtype=float).reshape(len(X), -1)[:{samples}]
X = X[:{samples}]
sizes = {sizes!r}
{leak}

def draw(seed):
    rng = np.random.default_rng((seed, 0, 0))
    return [{drawn} for n_in, n_out in zip(sizes, sizes[1:])]


def f(z):
    return {apply}


def slope(a):
    return {slope}


def passes(W, b, X, Y):  # there and back: z and dC/dz of each sample, by layer, and the activations
    a, z = [X], []
    for weights, bias in zip(W, b):
        z.append(a[-1] @ weights.T + bias)
        a.append(f(z[-1]))
    back = [{predict} - Y]
    for weights, active in zip(W[:0:-1], a[-2:0:-1]):
        back.insert(0, back[0] @ weights * slope(active))
    return z, back, a


def nothing():
    return [np.zeros(n_out) for n_out in sizes[1:]]


# The mean squares before training: one draw, and the factor of each layer over {draws} of them.
runs = [passes(draw(seed), nothing(), X, Y) for seed in range({seed}, {seed} + {draws})]
forward = np.array([[np.mean(one**2) for one in z] for z, _, _ in runs])
backward = np.array([[np.mean(one**2) for one in back] for _, back, _ in runs])
print("E z^2 of one draw =", forward[0].tolist())
print("E delta^2 of one draw =", backward[0].tolist())
hidden = forward[:, :-1]  # the outputs are few
if (hidden[:, -1] > 0).sum() > 1:
{factors}

# Training: plain gradient descent, {taken} of {steps} steps.
W, b, eta = draw({seed}), nothing(), {rate!r}
n, m = len(X), min({batch}, len(X))
size = n * -(-4096 // n)  # the order of whole epochs, dealt some at a time
deals, seen = {{}}, 0
for step in range({taken}):
    rows = []
    for place in range(seen, seen + m):
        deal = place // size
        if deal not in deals:
            epochs = np.tile(np.arange(n), (size // n, 1))
            deals[deal] = np.random.default_rng(({seed}, 1, deal)).permuted(epochs, axis=1).ravel()
        rows.append(deals[deal][place % size])
    seen += m
    _, back, a = passes(W, b, X[rows], Y[rows])
    W = [weights - eta * back[i].T @ a[i] / m for i, weights in enumerate(W)]
    b = [bias - eta * back[i].mean(axis=0) for i, bias in enumerate(b)]
    if not max(np.abs(one).max() for one in W + b) < 1e6 * max(1, np.abs(Y).max()):
        print("diverged at step", step + 1)
        break
z, back, a = passes(W, b, X, Y)
print("loss =", {loss})
few = min(50, n)
_, back, a = passes(W, b, X[:few], Y[:few])
print("gradient norms =", [float(np.linalg.norm(back[i].T @ a[i] / few)) for i in range(len(W))])
"""


def script(
    pattern: Pattern, depth: int, width: int, widening: float, activation: AnyActivation, initial: AnyInitial,
    samples: int, draws: int, seed: int, rate: float, batch: int, steps: int, moment: int, library: Library,
) -> str:  # fmt: skip
    """Lines of Python that print the mean squares, their standard errors, and the plain network at this moment."""
    lesson = library.taught(pattern)
    architecture = built(Stack(depth, width, widening, activation), lesson)
    apply, slope = _ACTIVATIONS[activation.kind]
    predict, loss = _output(architecture.cost.output)
    if not lesson.classes:
        predict, loss = "z[-1]", "0.5 * np.mean(np.sum((z[-1] - Y) ** 2, axis=1))"
    return _SCRIPT.format(
        data=lesson.python, samples=samples, sizes=architecture.sizes, draws=draws, seed=seed, rate=rate, batch=batch,
        leak=f"leak = {activation.leak!r}\n" if isinstance(activation, LeakyReLU) else "", drawn=_drawn(initial),
        factors=_MEAN_FACTORS if homogeneous(activation) else _MEANS, apply=apply, slope=slope,
        predict=predict, loss=loss, steps=steps, taken=round(steps * moment / 100),
    )  # fmt: skip


def _output(kind: str) -> tuple[str, str]:
    """What the network says of the last z, and the mean cost."""
    if kind == "softmax":
        shifted = "z[-1] - z[-1].max(axis=1, keepdims=True)"
        said = f"np.exp({shifted}) / np.exp({shifted}).sum(axis=1, keepdims=True)"
        return (
            said,
            f"np.mean(np.sum(Y * (np.log(np.exp({shifted}).sum(axis=1, keepdims=True)) - ({shifted})), axis=1))",
        )
    return "(0.5 * np.tanh(0.5 * z[-1]) + 0.5)", "np.mean(np.logaddexp(0, z[-1]) - Y * z[-1])"


def _drawn(initial: AnyInitial) -> str:
    """The weights of a layer."""
    match initial.kind:
        case "zero":
            return "np.zeros((n_out, n_in))"
        case "constant":
            return f"np.full((n_out, n_in), {initial.value!r})"
        case "xavier":
            deviation = "np.sqrt(2 / (n_in + n_out))"
        case "he":
            deviation = "np.sqrt(2 / n_in)"
        case _:
            deviation = repr(initial.scale)
    return f"{deviation} * rng.standard_normal((n_out, n_in))"
