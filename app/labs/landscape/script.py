"""A landscape in Python: the same training, the same plane and the same values from NumPy alone."""

from app.data.library import Library
from app.data.patterns import InThePlane
from app.labs.film import MOMENTS, Plan
from app.labs.landscape.planes import AtRandom, Cut, OfThePath, TwoWeights, viewed
from app.labs.landscape.trained import Bound, trained
from app.labs.training.layers import Hidden
from app.labs.training.spelled import spelled
from app.networks import AnyActivation

_WAY = """\
def flat(W, b):  # all parameters in a row: layer after layer, unit after unit, its weights and then its bias
    return np.concatenate([np.column_stack(pair).ravel() for pair in zip(W, b)])


def parted(theta):
    W, b, place = [], [], 0
    for n_in, n_out in zip(sizes, sizes[1:]):
        rows = theta[place : place + n_out * (n_in + 1)].reshape(n_out, n_in + 1)
        W, b, place = [*W, rows[:, :-1]], [*b, rows[:, -1]], place + rows.size
    return W, b


def value(theta):  # the mean cost, and with the penalty
    W, b = parted(theta)
    plain = cost(z_of(W, b, X), y)
    return plain, plain + {l2!r} / 2 * sum(np.sum(layer**2) for layer in W)


moments = [round({steps} * moment / 100) for moment in range(101)]
seen = {{}}
W, b, ended = train(networks["plain"], lambda step, W, b: seen.setdefault(step, flat(W, b)))
seen[steps] = flat(W, b)
path = np.array([seen[step] for step in moments[:{count}]])
last = path[-1]
"""
_PLANES = {
    "principal": """\
_, _, directions = np.linalg.svd(path - last, full_matrices=False)
u, v = directions[:2] * np.where((directions[:2] @ (path - last)[0]) * (-1, 1) < 0, -1, 1)[:, None]
""",
    "random": """\
def normalised(direction):  # the incoming weights of each unit as long as those of the network, biases 0
    drawn, own = parted(direction)[0], parted(last)[0]
    sizes_of = [np.linalg.norm(mine, axis=1, keepdims=True) / np.linalg.norm(one, axis=1, keepdims=True)
                for one, mine in zip(drawn, own)]
    return flat([one * size for one, size in zip(drawn, sizes_of)], [np.zeros(len(one)) for one in drawn])


u, v = (normalised(one) for one in np.random.default_rng({draw}).standard_normal((2, len(last))))
""",
    "weights": "u, v = np.eye(len(last))[[{first} - 1, {second} - 1]]\n",
}
_ENDS = """\
print("trained network: cost, with penalty =", *value(last))
shadow = (path - last) @ np.linalg.pinv(np.stack([u, v]))
beside = path - (last + shadow @ np.stack([u, v]))
print("share of the path outside the plane =", np.sum(beside**2) / max(np.sum((path - last) ** 2), 1e-300))
now = min({moment}, len(path) - 1)
print("true value, value of the plane =", value(path[now])[1], value(last + shadow[now] @ np.stack([u, v]))[1])
xs, ys = np.linspace({x0!r}, {x1!r}, 51), np.linspace({y0!r}, {y1!r}, 51)
grid = np.array([[value(last + x * u + y * v)[1] for x in xs] for y in ys])
print("lowest of 51 x 51 points =", grid.min())
"""


def script(
    pattern: InThePlane, hidden: Hidden, activation: AnyActivation, rate: float, batch: int, steps: int, l2: float,
    constraint: Bound, seed: int, cut: Cut, reach: float, moment: int, library: Library,
) -> str:  # fmt: skip
    """The training, the way it took, the plane, and the values on it."""
    found = library.once(trained, pattern, hidden, activation, rate, batch, steps, l2, constraint, seed)
    x0, x1, y0, y1 = viewed(found, cut, reach).window
    plan = Plan(found.lesson.task, (found.setting,), steps)
    ends = _ENDS.format(moment=moment, x0=x0, x1=x1, y0=y0, y1=y1)
    way = _WAY.format(l2=l2, steps=steps, count=len(found.path))
    return spelled(found.lesson, plan, {"plain": 0}, MOMENTS, way + _laid(cut) + ends)


def _laid(cut: Cut) -> str:
    """The directions of the plane."""
    match cut:
        case OfThePath():
            return _PLANES["principal"]
        case AtRandom():
            return _PLANES["random"].format(draw=cut.draw)
        case TwoWeights():
            return _PLANES["weights"].format(first=cut.first, second=cut.second)
