"""The same in Python: the regression, the small network and all its masks, and the training of four networks."""

from app.data import Pattern, teach
from app.data.library import Library
from app.labs.dropout import regression, small
from app.labs.dropout.controls import Small, Way
from app.labs.dropout.teams import MOST_TESTED, ORDER, plan
from app.labs.training.layers import Hidden
from app.labs.training.spelled import spelled
from app.networks import AnyActivation, AnyInitial

_REGRESSION = """\
# linear regression with dropout on its inputs
from itertools import product

import numpy as np

keep = {keep!r}
rng = np.random.default_rng(0)
drawn = rng.standard_normal(({rows}, 2))
drawn[:, 1] = {rho!r} * drawn[:, 0] + np.sqrt(1 - {rho!r} ** 2) * drawn[:, 1]
X = (drawn - drawn.mean(axis=0)) / drawn.std(axis=0)
y = X @ np.array({true!r}) + {noise!r} * rng.standard_normal(len(X))
y, X = y - y.mean(), X * np.array([1.0, {spread!r}])
masks = [np.array(mask) for mask in product((0.0, 1.0), repeat=2)]
chances = [keep ** mask.sum() * (1 - keep) ** (2 - mask.sum()) for mask in masks]
rows = np.concatenate([np.sqrt(p) * X * mask / keep for p, mask in zip(chances, masks)])
targets = np.concatenate([np.sqrt(p) * y for p in chances])
print("least expected loss over all masks: w =", *np.linalg.lstsq(rows, targets, rcond=None)[0])
H = X.T @ X / len(X)
strengths = (1 - keep) / keep * np.diag(H)
print("ridge by feature: w =", *np.linalg.solve(H + np.diag(strengths), X.T @ y / len(X)))
print("strengths:", *strengths)

# a small network, whose thinned networks can all be asked
"""
_MASKS = """
for name, phases in networks.items():
    W, b, how = train(phases)
    now = {{**plain, **phases[0][1]}}
    keep, hidden = now["keep"], sum(sizes[1:-1])
    line = np.linspace(-2.6, 2.6, 41)[:, None]
    average = 0.0
    for mask in product((0.0, 1.0), repeat=hidden):
        mask, a = np.array(mask), line
        parts = np.split(mask / (1.0 if now["classic"] else keep), np.cumsum(sizes[1:-1])[:-1])
        for layer, bias, part in zip(W, b, parts):
            a = f(a @ layer.T + bias) * part
        average = average + keep ** mask.sum() * (1 - keep) ** (hidden - mask.sum()) * (a @ W[-1].T + b[-1])
    print("largest gap between the scaled network and the average over all masks:", end=" ")
    print(np.abs(average - z_of(W, b, line, now)).max())

# four networks, tested under noise
"""
_ENDS = """
repeats = max(1, {most} // len(X_test))
inputs, targets = np.tile(X_test[:{most}], (repeats, 1)), np.tile(y_test[:{most}], (repeats, 1))
noise = np.random.default_rng((seed, 9)).standard_normal(inputs.shape)
for name, phases in networks.items():
    W, b, how = train(phases)
    now = phases[-1][1]
    print(f"{{name}}: {{how}}, test loss {{cost(z_of(W, b, X_test, now), y_test)}},", end=" ")
    print(f"noisy test loss {{cost(z_of(W, b, inputs + {level!r} * noise, now), targets)}}")
"""


def script(
    pattern: Pattern, hidden: Hidden, activation: AnyActivation, initial: AnyInitial, drop: float, drop_inputs: float,
    way: Way, radius: float, rate: float, batch: int, steps: int, seed: int, changes: str, moment: int,
    test_noise: float, small_layers: int, small_units: int, small_activation: Small, correlation: float,
    spread: float, line_noise: float, library: Library,
) -> str:  # fmt: skip
    """The regression, the small network, and the four, as lines of Python."""
    line = _REGRESSION.format(
        keep=1.0 - drop / 100.0, rows=regression.ROWS, rho=correlation, true=regression.TRUE, noise=line_noise,
        spread=spread,
    )  # fmt: skip
    little = small.plan(drop, way, small_layers, small_units, small_activation, seed)
    asked = spelled(teach(small.CURVE), little, {"small": 0}, 100, _MASKS.format())
    made = plan(
        pattern, hidden, activation, initial, drop, drop_inputs, way, radius, rate, batch, steps, seed, changes,
        library,
    )  # fmt: skip
    places = {name: place for place, name in enumerate(ORDER)}
    ends = _ENDS.format(most=MOST_TESTED, level=test_noise)
    return line + asked + spelled(library.taught(pattern), made, places, moment, ends)
