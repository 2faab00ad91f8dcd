"""The same in Python: both walks of two weights, and the training of all five networks."""

from app.data import Pattern
from app.data.library import Library
from app.labs.training.layers import Hidden
from app.labs.training.spelled import spelled
from app.labs.units.controls import STEPS, Method
from app.labs.units.rivals import ORDER, plan
from app.networks import AnyActivation, AnyInitial

_PAIR = """\
# two weights whose product is to be 1: with a penalty, and in a ball
import numpy as np


def walk(alpha, radius):
    w = np.array({start!r})
    w = w * min(1.0, radius / max(np.linalg.norm(w), 1e-300))
    for _ in range({steps}):
        moved = w - {rate!r} * ((w[0] * w[1] - 1) * w[::-1] + alpha * w)
        if np.abs(moved).max() > 1e3 and not np.isfinite(radius):
            break  # it runs away
        w = moved * min(1.0, radius / max(np.linalg.norm(moved), 1e-300))
    return w


for name, w in (("penalty", walk({alpha!r}, np.inf)), ("ball", walk(0.0, {radius!r}))):
    print(f"two weights, {{name}}: w = {{w[0]}} {{w[1]}}, J = {{(w[0] * w[1] - 1) ** 2 / 2}}")
print("eigenvalues of the Hessian at 0:", np.linalg.eigvalsh([[{alpha!r}, -1.0], [-1.0, {alpha!r}]]))

# five networks
"""
_ENDS = """

def dead(W, b):  # hidden units that say the same to every sample
    a, count = X, 0
    for layer, bias in zip(W[:-1], b[:-1]):
        a = f(a @ layer.T + bias)
        count += int((a.std(axis=0) < 0.01).sum())
    return count


for name, phases in networks.items():
    W, b, how = train(phases)
    print(f"{name}: {how}, test loss {cost(z_of(W, b, X_test), y_test)}, dead units {dead(W, b)}")
"""


def script(
    pair_strength: float, pair_radius: float, pair_rate: float, start_1: float, start_2: float, pattern: Pattern,
    hidden: Hidden, activation: AnyActivation, initial: AnyInitial, l1: float, l2: float, radius: float,
    layer_radius: float, method: Method, pace: float, rate: float, batch: int, steps: int, seed: int, changes: str,
    moment: int, library: Library,
) -> str:  # fmt: skip
    """Two weights, then five networks, as lines of Python."""
    pair = _PAIR.format(
        start=(start_1, start_2), steps=STEPS, rate=pair_rate, alpha=pair_strength, radius=pair_radius
    )  # fmt: skip
    made = plan(
        pattern, hidden, activation, initial, l1, l2, radius, layer_radius, method, pace, rate, batch, steps, seed,
        changes, library,
    )  # fmt: skip
    return pair + spelled(library.taught(pattern), made, {name: i for i, name in enumerate(ORDER)}, moment, _ENDS)
