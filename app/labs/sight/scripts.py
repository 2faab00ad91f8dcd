"""The same in Python: a short script that rebuilds the data and solves the problem with public libraries alone."""

from app.data.posing import Posed
from app.data.problems import Bowl, Classification, Problem, SyntheticClassification, Tabled
from app.geometry import Constrained, Convex, Form, NonConvex, Penalised

_BOWL = """\
w = cp.Variable(2)
J = cp.quad_form(w - minimiser, cp.psd_wrap(H)) / 2
"""
_REGRESSION = """\
v = cp.Variable(X.shape[1])
w = v[:2]  # the two weights of the picture; any others are free
J = cp.sum_squares(X @ v - y{offset}) / (2 * len(y))
"""
_CLASSIFICATION = """\
v, b = cp.Variable(X.shape[1]), cp.Variable()
w = v[:2]  # the two weights of the picture; any others and the intercept b are free
J = cp.sum(cp.logistic(-cp.multiply(y, X @ v + b{offset}))) / len(y)
"""
_CONVEX = """\
problem = cp.Problem(cp.Minimize({goal}), {subject})
problem.solve()
print("J =", float(J.value))
"""
_SEARCH = """\
# Omega is not convex, but along a ray it is linear: one convex problem for each of many directions.
direction, reach = cp.Parameter(2), cp.Variable(nonneg=True)
problem = cp.Problem(cp.Minimize({goal}), [w == reach * direction{subject}])
best = np.inf
for angle in np.linspace(0, 2 * np.pi, 720, endpoint=False):
    ray = np.array([np.cos(angle), np.sin(angle)])
    direction.value = {size!r} * ray / (abs(ray) ** {p!r}).sum() ** (1 / {p!r})
    if problem.solve() < best:
        best, found = problem.value, w.value
print("w =", found)
"""


def optimum_script(posed: Posed, problem: Problem, regularizer: Convex | NonConvex, form: Form) -> str:
    """Lines of Python that give the optimum of a form, with CVXPY, which shares no code with this project."""
    start = f"{posed.python}\nimport cvxpy as cp\n\n{_loss(problem)}"
    if isinstance(regularizer, NonConvex):
        return start + _searched(regularizer, form)
    omega = regularizer.written(regularizer.cvxpy)
    match form:
        case Constrained(radius):
            goal, subject = "J", f"[{omega} <= {float(regularizer.level(radius))!r}]"
            shown = 'print("w =", w.value)\nprint("alpha =", problem.constraints[0].dual_value)\n'
        case Penalised(strength):
            goal, subject = f"J + {strength!r} * {omega}", "[]"
            shown = 'print("w =", w.value)\n'
        case _:
            goal, subject, shown = "J", "[]", 'print("w =", w.value)\n'
    return start + _CONVEX.format(goal=goal, subject=subject) + shown


def _loss(problem: Problem) -> str:
    if isinstance(problem, Bowl):
        return _BOWL
    offset = " + offset" if isinstance(problem, Tabled) and problem.others == "fixed" else ""
    classify = isinstance(problem, Classification | SyntheticClassification)
    return (_CLASSIFICATION if classify else _REGRESSION).format(offset=offset)


def _searched(regularizer: NonConvex, form: Form) -> str:
    match form:
        case Constrained(radius):
            return _SEARCH.format(goal="J", subject=", reach <= 1", size=radius, p=regularizer.p)
        case Penalised(strength):
            return _SEARCH.format(goal=f"J + {strength!r} * reach", subject="", size=1.0, p=regularizer.p)
        case _:
            return _SEARCH.format(goal="J", subject="", size=1.0, p=regularizer.p)
