"""A training spelled out in NumPy, so that a script without this project gives the same numbers.

It is the plain case: stochastic gradient descent with the penalties by gradient, bounds by projection or by
multipliers, and dropout, each from the same draws as `app.networks.draws`.
"""

from collections.abc import Mapping

from app.data import Lesson
from app.labs.film import Plan
from app.networks import AnyActivation, Constant, LeakyReLU, Multiplied, NoDropout, Projected, Setting
from app.networks.draws import Supply
from app.networks.trainers import FAR

_ACTIVATIONS = {
    "tanh": ("np.tanh(z)", "1 - a**2"),
    "relu": ("np.maximum(z, 0)", "(a > 0) * 1.0"),
    "leaky_relu": ("np.maximum(z, {leak} * z)", "np.where(a > 0, 1.0, {leak})"),
    "sigmoid": ("0.5 + 0.5 * np.tanh(z / 2)", "a * (1 - a)"),
    "linear": ("z", "np.ones_like(a)"),
}
_OUTPUTS = {
    "quadratic": ("z", "np.mean(np.sum((z - y) ** 2, axis=1)) / 2"),
    "sigmoid": ("0.5 + 0.5 * np.tanh(z / 2)", "np.mean(np.sum(np.logaddexp(0, z) - y * z, axis=1))"),
    "softmax": (
        "np.exp(z - np.logaddexp.reduce(z, axis=1, keepdims=True))",
        "np.mean(np.sum(y * (np.logaddexp.reduce(z, axis=1, keepdims=True) - z), axis=1))",
    ),
}
_LOOP = """\
# The same draws and steps as on the page; where a training is chaotic, rounding shows after many of them.
from functools import cache

sizes, steps, batch, seed = {sizes}, {steps}, {batch}, {seed}
plain = dict(rate=0.1, l1=0.0, l2=0.0, unit=np.inf, layer=np.inf, pace=0.0, keep=1.0, inputs=1.0, classic=False)


def f(z):
    return {f}


def slope(a):  # of f, told from its value
    return {slope}


def said(z):
    return {said}


def cost(z, y):
    return {cost}


def start():
    chance = np.random.default_rng((seed, 0, 0))
    W = [{draw} for n_in, n_out{with_deviation} in {layers}]
    return W, [np.zeros(n_out) for n_out in sizes[1:]]


@cache
def dealt(deal):  # whole epochs, each in an order of its own
    n = len(X)
    epochs = np.tile(np.arange(n), (-(-4096 // n), 1))
    return np.random.default_rng((seed, 1, deal)).permuted(epochs, axis=1).ravel()


def rows_of(step):  # minibatches are cut from one order after the other
    if batch == len(X):
        return np.arange(batch)
    places = np.arange(step * batch, (step + 1) * batch)
    size = len(dealt(0))
    return np.array([dealt(int(place) // size)[place % size] for place in places])


def masks_of(step, now):  # what takes part, inputs first; divided by the share that does, unless that is done at test
    shares = [now["inputs"]] + [now["keep"]] * len(sizes[1:-1])
    if min(shares) == 1.0:
        return [1.0] * len(shares)
    stretch = {stretch}
    shape = stretch, sum(sizes[:-1]), batch
    chances = np.random.default_rng((seed, 2, step // stretch)).random(shape, dtype=np.float32)
    parts = np.split(chances[step % stretch], np.cumsum(sizes[:-1])[:-1])
    return [(part < keep).T / (1.0 if now["classic"] else keep) for part, keep in zip(parts, shares)]


def shortened(W, unit, layer):  # the nearest weights within the bounds
    norms = np.linalg.norm(W, axis=1, keepdims=True)
    W = np.where(norms > unit, W * (unit / np.maximum(norms, 1e-300)), W)
    whole = np.linalg.norm(W)
    return W * (layer / whole) if whole > layer else W


def pushed(alpha, W, now):  # multipliers grow where a norm is too long, fall else, and stay at or above 0
    excess = np.sum(W**2, axis=1, keepdims=True) - now["unit"] ** 2 if np.isfinite(now["unit"]) else 0.0
    excess = np.sum(W**2) - now["layer"] ** 2 if np.isfinite(now["layer"]) else excess
    return np.maximum(0.0, alpha + now["pace"] * excess / 2)


def train(phases, watch=lambda step, W, b: None):
    W, b = start()
    alphas = [np.zeros((len(layer), 1)) for layer in W]
    for step in range(steps):
        watch(step, W, b)
        now = [{{**plain, **given}} for first, given in phases if first <= step][-1]
        chosen = rows_of(step)
        masks = masks_of(step, now)
        inner, carried = [], [X[chosen] * masks[0]]
        for layer, bias, mask in zip(W, b, masks[1:]):
            inner.append(f(carried[-1] @ layer.T + bias))
            carried.append(inner[-1] * mask)
        error = (said(carried[-1] @ W[-1].T + b[-1]) - y[chosen]) / len(chosen)
        moved = []
        for i in reversed(range(len(W))):
            pull = error.T @ carried[i] + now["l2"] * W[i] + now["l1"] * np.sign(W[i]) + alphas[i] * W[i]
            moved.append((W[i] - now["rate"] * pull, b[i] - now["rate"] * error.sum(axis=0)))
            if i:
                error = error @ W[i] * masks[i] * slope(inner[i - 1])
        after, biases = zip(*reversed(moved))
        if not now["pace"]:
            after = [shortened(layer, now["unit"], now["layer"]) for layer in after]
        if not max(np.abs(part).max() for part in (*after, *biases)) <= {limit!r}:
            return W, b, f"diverged at step {{step + 1}}"
        W, b = list(after), list(biases)
        alphas = [pushed(alpha, layer, now) for alpha, layer in zip(alphas, W)]
    return W, b, "trained"


def z_of(W, b, X, now=plain):  # at test: all take part, the classic way with their outgoing weights scaled
    now = {{**plain, **now}}
    a = X * (now["inputs"] if now["classic"] else 1.0)
    for layer, bias in zip(W[:-1], b[:-1]):
        a = f(a @ layer.T + bias) * (now["keep"] if now["classic"] else 1.0)
    return a @ W[-1].T + b[-1]


"""


def spelled(lesson: Lesson, plan: Plan, names: Mapping[str, int], moment: int, ends: str) -> str:
    """Lines that train each network so called (name -> its place in the plan) up to a moment, and then do `ends`."""
    setting = plan.settings[0]
    stages = [(0, plan.settings), *((plan.step(moment), later) for moment, later in plan.changes)]
    phases = {name: [(first, _numbers(settings[place])) for first, settings in stages] for name, place in names.items()}
    listed = "".join(f"    {name!r}: {_phases(some)},\n" for name, some in phases.items())
    return f"{lesson.python}{_loop(plan, setting, plan.step(moment))}networks = {{\n{listed}}}\n{ends}"


def _phases(phases: list[tuple[int, dict[str, float]]]) -> str:
    """Without what a phase repeats of the one before it."""
    kept = [one for i, one in enumerate(phases) if i == 0 or one[1] != phases[i - 1][1]]
    return (
        "["
        + ", ".join(f"({first}, dict({', '.join(f'{k}={v!r}' for k, v in given.items())}))" for first, given in kept)
        + "]"
    )


def _numbers(setting: Setting) -> dict[str, float]:
    """What differs between networks, by the names of the script."""
    found = {"rate": setting.rate}
    l1, l2 = setting.penalty.l1, setting.penalty.l2
    found |= {name: one for name, one in (("l1", l1), ("l2", l2)) if isinstance(one, float) and one}
    constraint = setting.constraint
    if isinstance(constraint, Projected | Multiplied):
        found |= {constraint.scope: constraint.radius}
        found |= {"pace": constraint.rate} if isinstance(constraint, Multiplied) else {}
    dropout = setting.dropout
    if isinstance(dropout, NoDropout):
        return found
    return found | {"keep": dropout.keep, "inputs": dropout.keep_inputs, "classic": dropout.kind == "classic"}


def _loop(plan: Plan, setting: Setting, steps: int) -> str:
    architecture, training = setting.architecture, plan.task.training
    pairs = list(zip(architecture.sizes, architecture.sizes[1:], strict=False))
    batch = min(setting.batch, training.count)
    drawn = not isinstance(setting.initial, Constant) and setting.initial.kind != "zero"
    kind = architecture.cost.kind if architecture.cost.kind == "quadratic" else architecture.cost.output
    value, slope = _activation(architecture.activation)
    level = setting.initial.value if isinstance(setting.initial, Constant) else 0.0
    largest = max(1.0, float(abs(training.targets).max()))
    return _LOOP.format(
        sizes=architecture.sizes, steps=steps, batch=batch, seed=setting.seed, f=value, slope=slope,
        said=_OUTPUTS[kind][0], cost=_OUTPUTS[kind][1],
        draw="s * chance.standard_normal((n_out, n_in))" if drawn else f"np.full((n_out, n_in), {level!r})",
        with_deviation=", s" if drawn else "",
        layers=[(*pair, setting.initial.deviation(*pair)) if drawn else pair for pair in pairs],
        stretch=len(Supply([setting], training).stretch(0, 0)), limit=FAR * largest,
    )  # fmt: skip


def _activation(activation: AnyActivation) -> tuple[str, str]:
    """Its value of z and its slope by its value."""
    value, slope = _ACTIVATIONS[activation.kind]
    leak = activation.leak if isinstance(activation, LeakyReLU) else 0.0
    return value.format(leak=leak), slope.format(leak=leak)
