"""One strength, many names: how books and libraries write the same penalised problem, and their number for our α.

Here J is the mean loss and the penalty α·Ω. Others sum over rows, leave out a half, or put their constant before the
loss; the point is the same, the number is not. The table is that of the sources named in `CONVENTIONS`.
"""

from dataclasses import dataclass
from math import sqrt
from typing import Literal

import numpy as np

from app.data.library import Library
from app.data.posing import Posed
from app.data.problems import Bowl, Classification, Problem, SyntheticClassification, Tabled
from app.geometry import L1, Convex, ElasticNet, Quadratic, SquaredL2

Name = Literal["own", "dlb", "ridge", "lasso", "elastic_net", "logistic", "sgd", "nndl", "d2l", "glmnet"]
Model = Literal["squares", "logistic"]

CONVENTIONS: dict[str, str] = {
    "own": "this page: mean loss + α·Ω",
    "dlb": "Goodfellow et al., Deep Learning",
    "ridge": "scikit-learn Ridge",
    "lasso": "scikit-learn Lasso",
    "elastic_net": "scikit-learn ElasticNet",
    "logistic": "scikit-learn LogisticRegression",
    "sgd": "scikit-learn SGDRegressor, SGDClassifier",
    "nndl": "Nielsen, Neural Networks and Deep Learning",
    "d2l": "Zhang et al., Dive into Deep Learning",
    "glmnet": "glmnet",
}
BOWL_ROWS = 2  # a bowl is least squares on two rows, (√2·H^½, √2·H^½ŵ)

_LOSSES: dict[Model, tuple[str, str]] = {  # the mean loss and the sum, as formulas
    "squares": ("‖Xw − y‖²/(2n)", "‖y − Xw‖²"),
    "logistic": ("(1/n)Σ log(1 + exp(−yᵢ(xᵢᵀw + b)))", "Σ log(1 + exp(−yᵢ(xᵢᵀw + b)))"),
}
_NET = "(ρ‖w‖₁ + (1 − ρ)½‖w‖²)"


@dataclass(frozen=True)
class Stated:
    """The same problem in a convention.

    Attributes:
        formula: what is minimised, as its source writes it.
        symbol: what its constant is called there.
        value: that constant for our α; None where there is none (an infinite C) or the convention does not apply.
        call: how it is given to the API or library; empty where there is none.
        remark: why it does not apply and what to choose, or what to watch; empty for nothing.
        applies: whether the convention has this problem at all.
    """

    formula: str
    symbol: str
    value: float | None
    call: str
    remark: str
    applies: bool = True


def model_of(problem: Problem) -> Model:
    """Least squares, of which a bowl is a case, or logistic regression."""
    return "logistic" if isinstance(problem, Classification | SyntheticClassification) else "squares"


def rows_of(library: Library, problem: Problem) -> int:
    """The n of a problem."""
    return BOWL_ROWS if isinstance(problem, Bowl) else library.pose(problem).rows


def stated(name: Name, problem: Problem, posed: Posed, regularizer: Convex, strength: float | None) -> Stated:
    """A penalised problem with strength α in a convention."""
    model, n = model_of(problem), BOWL_ROWS if isinstance(problem, Bowl) else posed.rows
    if why := _lacks(name, problem, regularizer):
        return Stated("", "", None, "", why, applies=False)
    if name == "glmnet":
        return _glmnet(problem, posed, regularizer, strength)
    formula, symbol, call = _written(name, model, regularizer)
    value = None if strength is None else _value(name, strength, n)
    shown = call.format(value=value) if value is not None and call else ""
    return Stated(formula, symbol, value, shown, _remark(name, problem, strength, value))


def _glmnet(problem: Problem, posed: Posed, regularizer: Convex, strength: float | None) -> Stated:
    """The call for R. For least squares glmnet divides y by its spread first, so that weight decay counts by it.

    From glmnet's own source (`standard` divides y by its standard deviation with 1/n); no R was run.
    """
    model, ratio = model_of(problem), _ratio(regularizer)
    spread = _spread(problem, posed) if model == "squares" and ratio < 1.0 else 1.0
    if not spread:
        return Stated("", "", None, "", "glmnet divides y by its spread, which is 0 here: choose other data", False)
    total = ratio + spread * (1.0 - ratio)  # λ/α; α‖w‖₁ stays as it is, α½‖w‖² grows by the spread
    decay = "½‖w‖²" if model == "logistic" else "½‖w‖²/sd(y)"
    net = {1.0: "‖w‖₁", 0.0: decay}.get(ratio, f"(ρ‖w‖₁ + (1 − ρ){decay})")
    value = None if strength is None else strength * total
    family = ', family="binomial"' if model == "logistic" else ", intercept=FALSE"
    call = f"glmnet(X, y, alpha={ratio / total:.6g}, lambda={{:.6g}}{family}, standardize=FALSE)"
    remark = _remark("glmnet", problem, strength, value)
    if spread != 1.0 and not remark:
        remark = f"glmnet divides y by its standard deviation, {spread:.6g}, first: ½‖w‖² needs as many times our α"
    return Stated(f"{_LOSSES[model][0]} + λ·{net}", "λ", value, "" if value is None else call.format(value), remark)


def _spread(problem: Problem, posed: Posed) -> float:
    """The standard deviation of y, with 1/n: the rows of a table are centred, so that it is in J(0)."""
    if isinstance(problem, Bowl) and isinstance(posed.loss, Quadratic):
        root = np.linalg.cholesky(BOWL_ROWS * posed.loss.curvature).T if posed.loss.eigenvalues[0] > 0.0 else None
        return 0.0 if root is None else float((root @ posed.loss.minimiser).std())
    return sqrt(2.0 * max(0.0, float(posed.loss.value(np.zeros(2)))))


def _ratio(regularizer: Convex) -> float:
    """The share of L1 in a penalty."""
    if isinstance(regularizer, ElasticNet):
        return regularizer.ratio
    return 1.0 if isinstance(regularizer, L1) else 0.0


def _value(name: Name, strength: float, n: int) -> float | None:
    """Our α as their number; None for an infinite one."""
    match name:
        case "ridge" | "nndl":
            return n * strength
        case "logistic":
            return 1.0 / (n * strength) if strength > 0.0 else None
        case _:
            return strength


def _lacks(name: Name, problem: Problem, regularizer: Convex) -> str:
    """What a convention has no word for; empty if it has one for this problem."""
    model, kind = model_of(problem), regularizer.kind
    nets = ("l1", "squared_l2", "elastic_net")
    known: dict[Name, tuple[tuple[str, ...], tuple[Model, ...]]] = {
        "dlb": (("squared_l2", "l1"), ("squares", "logistic")),
        "ridge": (("squared_l2",), ("squares",)),
        "lasso": (("l1",), ("squares",)),
        "elastic_net": (("elastic_net", "l1"), ("squares",)),
        "logistic": (nets, ("logistic",)),
        "sgd": (nets, ("squares", "logistic")),
        "nndl": (("squared_l2", "l1"), ("squares", "logistic")),
        "d2l": (("squared_l2",), ("squares", "logistic")),
        "glmnet": (nets, ("squares", "logistic")),
    }
    if name == "own":
        return ""
    kinds, models = known[name]
    if model not in models:
        fits = "regression or a bowl" if models == ("squares",) else "a classification"
        return f"{CONVENTIONS[name]} does not fit this model: choose {fits}, or another convention"
    if kind not in kinds:
        titles = {"squared_l2": "weight decay", "l1": "L1", "elastic_net": "the elastic net"}
        choice = " or ".join(titles[one] for one in kinds)
        return f"{CONVENTIONS[name]} has no such penalty: choose {choice}, or another convention"
    if name in LIBRARIES and isinstance(problem, Tabled) and _penalises_more(problem):
        return f"{CONVENTIONS[name]} penalises every weight: leave the other features out, or choose another convention"
    return ""


LIBRARIES: tuple[Name, ...] = ("ridge", "lasso", "elastic_net", "logistic", "sgd", "glmnet")


def _penalises_more(problem: Tabled) -> bool:
    """Free weights can be taken out of least squares beforehand, not out of a logistic loss; nor can an offset."""
    return isinstance(problem, Classification) and problem.others != "absent"


def _written(name: Name, model: Model, regularizer: Convex) -> tuple[str, str, str]:
    """Formula, symbol and call in a convention; {value} is the constant."""
    mean, total = _LOSSES[model]
    l1 = isinstance(regularizer, L1)
    net = "‖w‖₁" if l1 else "½‖w‖²" if isinstance(regularizer, SquaredL2) else _NET
    ratio = _ratio(regularizer)
    share, through = f", l1_ratio={ratio:g}", ", fit_intercept=False"
    match name:
        case "dlb":
            return f"{mean} + " + ("α‖w‖₁" if l1 else "(α/2)wᵀw"), "α", ""
        case "ridge":
            return f"{total} + a‖w‖²", "a", "Ridge(alpha={value:.6g}" + through + ")"
        case "lasso":
            return f"{mean} + a‖w‖₁", "a", "Lasso(alpha={value:.6g}" + through + ")"
        case "elastic_net":
            return f"{mean} + a{_NET}", "a", "ElasticNet(alpha={value:.6g}" + share + through + ")"
        case "logistic":
            solver = f'{share}, solver="saga"' if ratio else ""  # the solver by default knows no L1
            return f"{net} + C·{total}", "C", "LogisticRegression(C={value:.6g}" + solver + ")"
        case "sgd":
            made = "SGDRegressor" if model == "squares" else 'SGDClassifier(loss="log_loss", '
            penalty = "l1" if l1 else "l2" if ratio == 0.0 else "elasticnet"
            head = made + "(" if model == "squares" else made
            return (
                f"{mean} + a·{net}",
                "a",
                head
                + f'penalty="{penalty}", '
                + "alpha={value:.6g}"
                + share * (penalty == "elasticnet")
                + through * (model == "squares")
                + ")",
            )
        case "nndl":
            return f"{mean} + " + ("(λ/n)Σ|w|" if l1 else "(λ/2n)Σw²"), "λ", ""
        case "d2l":
            return f"{mean} + (λ/2)‖w‖²", "λ", ""
        case _:
            formula = regularizer.written(regularizer.formula)
            return f"{mean} + α·{formula}", "α", "strength: {value:.6g}"


def _remark(name: Name, problem: Problem, strength: float | None, value: float | None) -> str:
    """What to watch out for."""
    if strength is None:
        return "at radius 0 no single strength is the multiplier"
    if value is None:
        return "C is infinite: without a penalty"
    if isinstance(problem, Bowl) and name in ("ridge", "nndl"):
        return "a bowl is least squares on n = 2 rows"
    return ""
