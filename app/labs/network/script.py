"""The same training in plain NumPy: the same draws, the same steps, the same numbers; assembled from what it needs."""

from textwrap import indent

from app.data import Library, Taught
from app.geometry import AnyOptimizer
from app.labs.film import Plan
from app.labs.network.features import PYTHON, Features, chosen
from app.labs.network.finer import Finer, Spread
from app.labs.network.passes import gradient_lines, pass_lines, settling_lines
from app.labs.network.planning import plan
from app.labs.network.showing import written
from app.labs.network.snippets import activation_lines, cost_lines, initial_lines, rule_lines
from app.labs.training.layers import Hidden
from app.networks import AnyActivation, AnyConstraint, AnyInitial, Architecture, Setting
from app.networks.penalties import Strength

_HONEST = "# The same draws and steps; where a training is chaotic, rounding shows after many of them."
_TOLD = """\
def told(p, A, y):  # the cost at test, without penalty, and the share that is right
    z = through(p, A{inputs}, [{hidden}] * (L - 1))[-1]
    return float(cost(z, y)), {right}
"""
_ONE = "float(((z[:, 0] > 0) == (y[:, 0] > 0.5)).mean())"
_SEVERAL = "float((z.argmax(axis=1) == y.argmax(axis=1)).mean())"
_DROPPED = """\
parts = np.split(chances[k % stretch], np.cumsum(sizes[:-2], dtype=int))
shares = [now["keep_inputs"]] + [now["keep"]] * (L - 1)
masks = [(part < np.float64(q)).T.astype(X.dtype) {factor} for part, q in zip(parts, shares)]
inputs, factors = inputs * masks[0], masks[1:]"""
_ENDING = """\
l1, l2 = now["l1"], now["l2"]
print("step", step)
loss, accuracy = told(p, X, y)
print("training loss", loss)
print("penalty", float(sum(a * np.abs(w).sum() + c * (w**2).sum() / 2 for a, c, w in zip(l1, l2, p))))
test_loss, test_accuracy = told(p, X_test, y_test)
print("test loss", test_loss)
print("training accuracy", accuracy)
print("test accuracy", test_accuracy)
# To keep the network: np.savez("network.npz", *p)  # weights by layer (n_out, n_in), then biases"""


def script(
    pattern: Taught, features: Features, hidden: Hidden, activation: AnyActivation, optimizer: AnyOptimizer,
    constraint: AnyConstraint, spread: Spread, initial: AnyInitial, finer: Finer, rate: float, l1: float, l2: float,
    drop: float, input_noise: float, batch: int, steps: int, seed: int, changes: str, moment: int, library: Library,
) -> str:  # fmt: skip
    """Data, network, training up to the moment, and what the page reads off it."""
    made = plan(
        pattern, features, hidden, activation, optimizer, constraint, spread, initial, finer, rate, l1, l2, drop,
        input_noise, batch, steps, seed, changes, library,
    )  # fmt: skip
    lesson, setting = library.taught(pattern), made.settings[0]
    architecture = setting.architecture
    blocks = (
        f'# Normball, lab "network": {written(setting)}.\n{_HONEST}\n{lesson.python.rstrip()}',
        _features(chosen(lesson, features)),
        _rounded(setting),
        _numbers(made, moment),
        activation_lines(architecture.activation).rstrip() + "\n",
        cost_lines(architecture.cost),
        pass_lines(architecture.layer_norm) + "\n\n" + gradient_lines(setting),
        _told(made),
        initial_lines(setting.initial) + _parameters(setting),
        _loop(made, moment),
        _ENDING,
    )
    return "\n\n".join(block.rstrip("\n") + "\n" * block.startswith("def ") for block in blocks if block) + "\n"


def _features(names: tuple[str, ...]) -> str:
    if not names:
        return ""
    columns = ", ".join(PYTHON[name] for name in names)
    return f"""\
def features(X):
    x1, x2 = X.T
    return np.column_stack([{columns}])


X, X_test = features(X), features(X_test)
"""


def _rounded(setting: Setting) -> str:
    """Data in single precision: what is computed from them stays in it."""
    if setting.precision == "double":
        return ""
    return "X, y, X_test, y_test = (np.asarray(part, np.float32) for part in (X, y, X_test, y_test))\n"


def _numbers(made: Plan, moment: int) -> str:
    """Sizes, and what may be turned, with the steps from which on it is turned."""
    setting = made.settings[0]
    architecture = setting.architecture
    turned = _turned(made, moment)
    changes = f"turned = {turned!r}  # from these steps on\n" if turned else ""
    drawn = "stretch = max(1, min(32, 2**18 // (m * sum(sizes))))  # steps that are drawn for at once\n"
    return f"""\
sizes, seed, L = {architecture.sizes!r}, {setting.seed}, {len(architecture.sizes) - 1}
steps, m = {made.step(moment)}, min({setting.batch}, len(X))
now = {_held(setting)!r}
{changes}{drawn if _masked(made) or _noisy(made) else ""}"""


def _turned(made: Plan, moment: int) -> dict[int, dict[str, object]]:
    return {made.step(at): _held(settings[0]) for at, settings in made.changes if at < moment}


def _held(setting: Setting) -> dict[str, object]:
    kept_inputs, kept = setting.dropout.shares
    found: dict[str, object] = {"rate": setting.rate}
    found |= {name: _by_layer(setting.architecture, one) for name, one in _strengths(setting).items()}
    return found | {"keep": kept, "keep_inputs": kept_inputs, "noise": setting.noise}


def _strengths(setting: Setting) -> dict[str, Strength]:
    return {"l1": setting.penalty.l1, "l2": setting.penalty.l2}


def _by_layer(architecture: Architecture, strength: Strength) -> list[float]:
    layers = len(architecture.sizes) - 1
    return list(strength) if isinstance(strength, tuple) else [strength] * layers


def _every(made: Plan) -> list[Setting]:
    return [made.settings[0], *(settings[0] for _, settings in made.changes)]


def _masked(made: Plan) -> bool:
    return any(one.dropout.kind != "none" for one in _every(made))


def _noisy(made: Plan) -> bool:
    return any(one.noise > 0.0 for one in _every(made))


def _told(made: Plan) -> str:
    """Cost and accuracy at test: classic dropout scales there."""
    setting = made.settings[0]
    classic = any(one.dropout.kind == "classic" for one in _every(made))
    right = "None" if setting.architecture.cost.output == "linear" else None
    right = right or (_ONE if setting.architecture.sizes[-1] == 1 else _SEVERAL)
    words = ' * now["keep_inputs"]' if classic else "", 'now["keep"]' if classic else "1"
    return _TOLD.format(inputs=words[0], hidden=words[1], right=right)


def _parameters(setting: Setting) -> str:
    """All of them in one list, and what the rule remembers."""
    more = " + [np.ones(n) for n in sizes[1:-1]] + [np.zeros(n) for n in sizes[1:-1]]"
    lines = [f"p = W + b{more if setting.architecture.layer_norm else ''}"]
    lines += ["p = [w.astype(X.dtype) for w in p]"] * (setting.precision == "single")
    lines += [rule_lines(setting.rule)[0]] if rule_lines(setting.rule)[0] else []
    if setting.constraint.kind == "multiplied":
        lines.append("multipliers = [0.0] * L")
    return "\n".join(lines)


def _loop(made: Plan, moment: int) -> str:
    """Step after step, to where it ends."""
    setting = made.settings[0]
    body = ["now |= turned.get(k, {})"] * bool(_turned(made, moment))
    body += ["rows, before = next(batches), p", "inputs, factors = X[rows], [1] * (L - 1)"]
    body += _drawn(made)
    body += [rule_lines(setting.rule)[1]]
    settled = settling_lines(setting)
    body += ["for i in range(L):", *(f"    {line}" for line in settled)] * bool(settled)
    body += [
        "step = k + 1",
        "if not all(np.abs(w).max() <= limit for w in p):", "    print('diverged')", "    p = before", "    break",
    ]  # fmt: skip
    head = "step, batches, limit = 0, orders(), 1e6 * max(1, np.abs(y).max())\n"
    if setting.patience is not None:
        head += "epoch, curve, best = -(-len(X) // m), [told(p, X_test, y_test)[0]], p\n"
        body += _patience(setting.patience)
    return f"{head}for k in range(steps):\n{indent(chr(10).join(body), '    ')}"


def _drawn(made: Plan) -> list[str]:
    """Noise and masks of a step."""
    lines = []
    if _noisy(made):
        lines += [
            "if k % stretch == 0:",
            "    noises = np.random.default_rng((seed, 3, k // stretch)).standard_normal((stretch, m, sizes[0]))",
            "inputs = inputs + (now['noise'] * noises[k % stretch]).astype(X.dtype)",
        ]
    if _masked(made):
        inverted = any(one.dropout.kind == "inverted" for one in _every(made))
        lines += [
            "if k % stretch == 0:",
            "    source = np.random.default_rng((seed, 2, k // stretch))",
            "    chances = source.random((stretch, sum(sizes[:-1]), m), dtype=np.float32)",
            _DROPPED.format(factor="/ q" if inverted else "* 1.0"),
        ]
    return lines


def _patience(patience: int) -> list[str]:
    return [
        "if step % epoch == 0:",
        "    held = told(p, X_test, y_test)[0]",
        "    best = p if held < min(curve) else best",
        "    curve.append(held)",
        f"    if len(curve) - 1 - curve.index(min(curve)) >= {patience}:",
        "        p = best",
        "        break",
    ]
