"""The walks of the lab on descent as a NumPy script: every rule written out in a few lines, and where it leads."""

from textwrap import indent

from app.data.library import Library
from app.data.posing import Posed
from app.data.problems import Bowl, Classification, Problem, SyntheticClassification, Tabled
from app.geometry import L2, Convex, LInfinity, Quadratic, SquaredL2
from app.labs.descent import walkers
from app.labs.descent.walkers import AnyWalker, CoordinateDescent, Pull, UpdateKind, Walking
from app.labs.descent.walks import allowed

_BOWL = """
def slope(w, rows=None):  # the gradient of J
    return H @ (w - minimiser)
"""
_REGRESSION = """
{prepare}
def slope(w, rows=slice(None)):  # the gradient of J, or that of a few rows
    return X[rows].T @ (X[rows] @ w - y[rows]) / len(y[rows])
"""
FREE = """rest, first = X[:, 2:], X[:, :2]  # what the free weights can explain is taken out
X = first - rest @ np.linalg.lstsq(rest, first)[0]
y = y - rest @ np.linalg.lstsq(rest, y)[0]
"""
_CLASSIFICATION = """
free = np.column_stack([X[:, 2:], np.ones(len(y))])  # the other weights and the intercept: always at their best
X, fixed = X[:, :2], {offset}


def slope(w, rows=slice(None)):  # the gradient of J, or that of a few rows
    def margin(v):
        return y * (X @ w + fixed + free @ v)

    v = np.zeros(free.shape[1])
    for _ in range(30):  # Newton's method for the free weights, with shorter steps where it overshoots
        p = np.exp(-np.logaddexp(0, margin(v)))
        move = np.linalg.lstsq((free * (p * (1 - p))[:, None]).T @ free, free.T @ (y * p))[0]
        height = np.logaddexp(0, -margin(v)).sum()
        lower = (s for s in 0.5 ** np.arange(40) if np.logaddexp(0, -margin(v + s * move)).sum() < height)
        move = next(lower, 0) * move
        v = v + move
        if abs(move).max() < 1e-9 * (1 + abs(v).max()):
            break
    p = np.exp(-np.logaddexp(0, margin(v)))
    return -X[rows].T @ (y * p)[rows] / len(y[rows])
"""
_WALK = """

def walker_{place}(w, eta={rate!r}, amount={amount!r}):  # {title}
{picks}    def g(w):
        return slope(w{rows}){added}

{start}    for k in range({steps}):
        before = w
{step}{settle}        if not abs(w).max() < 1e12 * max(1, abs(start).max()):
            break
    return w


print("walker {place}:", walker_{place}(start))
"""
_COORDINATES = """

def walker_{place}(w, amount={amount!r}):  # {title}
    w = w.copy()
    for k in range({steps}):
        i = k % 2
        c = {curvature}
        v = w[i] - slope(w)[i] / c
        w[i] = {prox}
{settle}    return w


print("walker {place}:", walker_{place}(start))
"""
_ADDED: dict[UpdateKind, str] = {"l2_gradient": " + amount * w", "l1_sign": " + amount * np.sign(w)"}
_PROJECT = """import cvxpy as cp


def projected(v, level):
    w = cp.Variable(2)
    cp.Problem(cp.Minimize(cp.sum_squares(w - v)), [{omega} <= level]).solve()
    return w.value
"""


def script(
    problem: Problem, start_1: float, start_2: float, walker_1: AnyWalker, walker_2: AnyWalker, walker_3: AnyWalker,
    walker_4: AnyWalker, walker_5: AnyWalker, walker_6: AnyWalker, strength: float, ball: Convex, radius: float,
    seed: int, stride: int, library: Library,
) -> str:  # fmt: skip
    """Lines of Python that walk as the page does."""
    posed, pull = library.pose(problem), Pull(strength, ball, radius)
    crew = (walker_1, walker_2, walker_3, walker_4, walker_5, walker_6)
    present = [(place, one) for place, one in enumerate(crew, start=1) if isinstance(one, Walking)]
    begun = walkers.direction((start_1, start_2), posed).tolist()
    head = posed.python + _slope(problem) + f"\n\nstart = np.array({begun!r})\n"
    if any(one.update == "projection" for _, one in present) and not isinstance(ball, L2 | SquaredL2 | LInfinity):
        head += _PROJECT.format(omega=ball.written(ball.cvxpy))
    steps = allowed(posed, crew, stride)
    return head + "".join(_walker(posed, place, one, pull, seed + i, steps) for i, (place, one) in enumerate(present))


def _slope(problem: Problem) -> str:
    if isinstance(problem, Bowl):
        return _BOWL
    others = problem.others if isinstance(problem, Tabled) else "absent"
    if isinstance(problem, Classification | SyntheticClassification):
        return _CLASSIFICATION.format(offset="offset" if others == "fixed" else "0.0")
    prepare = {"absent": "", "fixed": "y = y - offset\n", "free": FREE}
    return _REGRESSION.format(prepare=prepare[others])


def _walker(posed: Posed, place: int, one: Walking, pull: Pull, seed: int, steps: int) -> str:
    amount = pull.amount(posed, one.update)
    told = {"place": place, "title": walkers.title(one), "amount": amount, "steps": steps}
    if isinstance(one.rule, CoordinateDescent):
        settle = _settle(one.update, pull, posed) if one.update == "projection" else ""
        return _COORDINATES.format(**told, **_coordinates(posed, one), settle=settle)
    start, step = (template.format(one.rule) for template in one.rule.python)
    drawn = one.batch != "all" and posed.rows > 0
    draws = f"np.random.default_rng({seed}).integers(len(y), size=({steps}, {one.batch}))"
    return _WALK.format(
        **told,
        rate=walkers.rate(posed, one),
        picks=f"    picks = {draws}\n\n" if drawn else "",
        rows=", picks[k]" if drawn else "",
        added=_ADDED.get(one.update, ""),
        start=indent(start, "    ") + "\n" if start else "",
        step=indent(step, "        ") + "\n",
        settle=_settle(one.update, pull, posed),
    )


def _settle(kind: UpdateKind, pull: Pull, posed: Posed) -> str:
    """The line after the rule's own step."""
    match kind, pull.ball:
        case "decoupled", _:
            line = "w = w - eta * amount * before"
        case "l1_prox", _:
            line = "w = np.sign(w) * np.maximum(np.abs(w) - eta * amount, 0)"
        case "projection", LInfinity():
            line = "w = np.clip(w, -amount, amount)"
        case "projection", L2() | SquaredL2():
            line = "w = w * min(1.0, amount / max(np.linalg.norm(w), 1e-300))"
        case "projection", ball:
            level = float(ball.level(pull.amount(posed, kind)))
            line = f"w = w if {_inside(ball)} <= {level!r} else projected(w, {level!r})"
        case _:
            return ""
    return f"        {line}\n"


def _inside(ball: Convex) -> str:
    """Ω of an array; what CVXPY says of a constant is a number too."""
    return f"({ball.written(ball.cvxpy)}).value"


def _coordinates(posed: Posed, one: Walking) -> dict[str, str]:
    bends = posed.loss.curvature.diagonal().tolist() if isinstance(posed.loss, Quadratic) else None
    curvature = f"{bends!r}[i]" if bends is not None else repr(posed.loss.smoothness)
    soft, ridge = "np.sign(v) * max(abs(v) - amount / c, 0)", "v / (1 + amount / c)"
    prox = {"l2_gradient": ridge, "decoupled": ridge, "l1_sign": soft, "l1_prox": soft}.get(one.update, "v")
    return {"curvature": curvature, "prox": prox}
