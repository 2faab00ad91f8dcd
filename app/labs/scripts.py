"""The same in Python: a short script that rebuilds the data and solves the problem with public libraries alone."""

from app.data.posing import Posed
from app.data.problems import Bowl, Classification, Problem, SyntheticClassification
from app.geometry import Constrained, Form, NonConvex, Penalised, Regularizer

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
_SEARCH = """\
def J(w):
    {value}

# Omega is not convex: no solver is certain, so look everywhere on a fine grid.
side = np.linspace(-{reach!r}, {reach!r}, 2001)
best = min(([x, y] for x in side for y in side if {allowed}), key=J)
print("w =", best)
"""


def optimum_script(posed: Posed, problem: Problem, regularizer: Regularizer | NonConvex, form: Form) -> str:
    """Lines of Python that give the optimum of a form, with CVXPY, which shares no code with this project."""
    loss = _loss(problem, posed)
    match form:
        case Constrained(radius):
            goal, subject = "J", f"[{regularizer.cvxpy} <= {float(regularizer.level(radius))!r}]"
        case Penalised(strength):
            goal, subject = f"J + {strength!r} * {regularizer.cvxpy}", "[]"
        case _:
            goal, subject = "J", "[]"
    multiplier = 'print("alpha =", problem.constraints[0].dual_value)\n' if isinstance(form, Constrained) else ""
    return (
        f"{posed.python}\nimport cvxpy as cp\n\n{loss}"
        f"problem = cp.Problem(cp.Minimize({goal}), {subject})\n"
        f'problem.solve()\nprint("w =", w.value)\n{multiplier}'
    )


def _loss(problem: Problem, posed: Posed) -> str:
    if isinstance(problem, Bowl):
        return _BOWL
    fixed = not isinstance(problem, Bowl) and getattr(problem, "others", "absent") == "fixed"
    classify = isinstance(problem, Classification | SyntheticClassification)
    return (_CLASSIFICATION if classify else _REGRESSION).format(offset=" + offset" if fixed else "")
