"""The penalised problem of a page in somebody else's words: a script for the library that a convention belongs to."""

from app.data.posing import Posed
from app.data.problems import Bowl, Problem, Tabled
from app.geometry import L1, Convex, ElasticNet, Form, Penalised, SquaredL2
from app.labs.descent.script import FREE
from app.labs.duality.conventions import BOWL_ROWS, CONVENTIONS, LIBRARIES, Name, Stated, model_of, stated
from app.labs.sight.scripts import optimum_script

_BOWL = f"""\
# The bowl as least squares on n = {BOWL_ROWS} rows.
X = np.linalg.cholesky({BOWL_ROWS} * H).T
y = X @ minimiser
"""
_EXACT = "fit_intercept=False, tol=1e-14, max_iter=1_000_000"
# Steps that fade, for a random walk that settles; averaged only without L1, whose accumulated penalty averaging upsets.
_SGD = "learning_rate='invscaling', eta0=eta0, power_t=0.5, max_iter=3000, tol=None, random_state=0"
_GOALS = {
    "dlb": ("{value!r} / 2 * cp.sum_squares(w)", "{value!r} * cp.norm1(w)"),
    "d2l": ("{value!r} / 2 * cp.sum_squares(w)", ""),
    "nndl": ("{value!r} / (2 * {n}) * cp.sum_squares(w)", "{value!r} / {n} * cp.norm1(w)"),
}


def convention_script(
    name: Name, posed: Posed, problem: Problem, regularizer: Convex, form: Form, strength: float | None
) -> str:
    """Lines of Python that give the optimum as a convention would write it; ours where it has no words for it."""
    found = stated(name, problem, posed, regularizer, strength)
    own = optimum_script(posed, problem, regularizer, form)
    if name == "own":
        return own
    if not found.applies or strength is None:
        return f"# {found.remark}.\n{own}"
    if name in LIBRARIES:
        return _library(name, posed, problem, regularizer, strength, found)
    return _book(name, posed, problem, regularizer, strength, found)


def _book(name: Name, posed: Posed, problem: Problem, regularizer: Convex, strength: float, found: Stated) -> str:
    """The script of this page with the penalty as the book writes it."""
    n = BOWL_ROWS if isinstance(problem, Bowl) else posed.rows
    goal = _GOALS[name][isinstance(regularizer, L1)].format(value=found.value, n=n)
    ours = f"{strength!r} * {regularizer.written(regularizer.cvxpy)}"
    lines = optimum_script(posed, problem, regularizer, Penalised(strength))
    return f"# {CONVENTIONS[name]}: {found.formula}, {found.symbol} = {found.value:.6g}\n{lines.replace(ours, goal)}"


def _library(name: Name, posed: Posed, problem: Problem, regularizer: Convex, strength: float, found: Stated) -> str:
    """Data, then one call of scikit-learn."""
    maker, call = _call(name, problem, regularizer, strength, found.value)
    named = found.value is not None and f"{found.symbol} = {found.value:.6g}"
    head = f"# {CONVENTIONS[name]}: {found.formula}" + (f", {named}" if named else "") + "\n"
    note = f"# In R: {found.call}\n" if name == "glmnet" and found.call else ""
    if name == "sgd":
        note = (
            "# Descent on single rows is a random walk: it ends near the optimum, some 2e-5 to 4e-3 of its size away.\n"
        )
    return (
        f"{head}{posed.python}{_prepared(problem)}\nfrom sklearn.linear_model import {maker}\n\n"
        f'{note}{_eta(name, problem)}model = {call}.fit(X, y)\nprint("w =", model.coef_.ravel()[:2])\n'
    )


def _prepared(problem: Problem) -> str:
    """X (n, 2) and y with nothing else in them."""
    if isinstance(problem, Bowl):
        return _BOWL
    if model_of(problem) == "squares" and isinstance(problem, Tabled):
        return {"absent": "", "fixed": "y = y - offset\n", "free": FREE}[problem.others]
    return ""


def _eta(name: Name, problem: Problem) -> str:
    share = 0.5 if model_of(problem) == "squares" else 2.0  # the logistic function is nowhere steeper than ¼
    return f"eta0 = {share} / (X**2).sum(axis=1).max()  # a stable step\n" if name == "sgd" else ""


def _call(name: Name, problem: Problem, regularizer: Convex, strength: float, value: float | None) -> tuple[str, str]:
    """The estimator, and its construction; exact where the library is."""
    l1 = isinstance(regularizer, L1)
    ratio = 1.0 if l1 else regularizer.ratio if isinstance(regularizer, ElasticNet) else 0.0
    if model_of(problem) == "logistic":
        return _classifier(name, ratio, strength, _constant(value, strength))
    if name == "sgd":
        penalty = "l1" if l1 else "l2" if ratio == 0.0 else "elasticnet"
        net = f'penalty="{penalty}", alpha={strength!r}, l1_ratio={ratio!r}, average={ratio == 0.0}'
        given = f"{net}, fit_intercept=False, {_SGD}"
        return "SGDRegressor", f"SGDRegressor({given})"
    if strength == 0.0:
        return "LinearRegression", "LinearRegression(fit_intercept=False)"
    if isinstance(regularizer, SquaredL2):
        scaled = f"{value!r}" if name == "ridge" else f"len(y) * {strength!r}"
        return "Ridge", f"Ridge(alpha={scaled}, fit_intercept=False)"
    if l1 and name != "elastic_net":
        return "Lasso", f"Lasso(alpha={strength!r}, {_EXACT})"
    return "ElasticNet", f"ElasticNet(alpha={strength!r}, l1_ratio={ratio!r}, {_EXACT})"


def _constant(value: float | None, strength: float) -> str:
    """C as Python: our α and the rows, or no penalty at all."""
    return "np.inf" if strength == 0.0 or value is None else f"1 / (len(y) * {strength!r})"


def _classifier(name: Name, ratio: float, strength: float, constant: str) -> tuple[str, str]:
    if name == "sgd":
        penalty = "l1" if ratio == 1.0 else "l2" if ratio == 0.0 else "elasticnet"
        net = f'penalty="{penalty}", alpha={strength!r}, l1_ratio={ratio!r}, average={ratio == 0.0}'
        given = f'loss="log_loss", {net}, {_SGD}'
        return "SGDClassifier", f"SGDClassifier({given})"
    solver = "newton-cholesky" if ratio == 0.0 or strength == 0.0 else "saga"  # both leave the intercept free
    share = f", l1_ratio={ratio!r}" if solver == "saga" else ""
    given = f'C={constant}{share}, solver="{solver}", tol=1e-10, max_iter=1_000_000'
    return "LogisticRegression", f"LogisticRegression({given})"
