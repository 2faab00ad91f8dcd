"""What J is, in words and symbols: each sentence goes on after "J(w) = "."""

from app.data.designs import Design
from app.data.problems import Bowl, SyntheticClassification, SyntheticRegression, Tabled
from app.data.tables import Table

_SQUARES = "‖Xw + b − y‖²/(2n)"
_LOGISTIC = "(1/n) Σ log(1 + exp(−yᵢ(xᵢᵀw + b)))"
_INTERCEPT = "b is always at its best and never penalised"


def bowl_sentence(problem: Bowl) -> str:
    """A bowl by its curvatures."""
    one, two, angle = (f"{number:g}" for number in (problem.curvature_1, problem.curvature_2, problem.angle))
    return f"½(w − ŵ)ᵀH(w − ŵ), a bowl with curvatures {one} and {two}, its first axis at {angle}°"


def synthetic_sentence(problem: SyntheticRegression | SyntheticClassification) -> str:
    """Half the mean squared error, or the mean log-loss, of a drawn sample."""
    rows = counted(problem.rows, "row")
    match problem:
        case SyntheticRegression():
            return f"{_SQUARES}, half the mean squared error over {rows} drawn with seed {problem.seed} ({_INTERCEPT})"
        case SyntheticClassification():
            return f"{_LOGISTIC}, the mean log-loss over {rows} drawn with seed {problem.seed} ({_INTERCEPT})"


def table_sentence(problem: Tabled, table: Table, made: Design) -> str:
    """What is explained by which columns of how many rows, and what becomes of the other weights."""
    first, second = made.columns[:2]
    what = f"{made.positive} against the rest" if made.positive else made.target
    loss = f"{_LOGISTIC}, the mean log-loss of" if made.positive else f"{_SQUARES}, half the mean squared error of"
    units = "standardised features" if problem.standardise else "features in their own units"
    said = "; ".join([units, _INTERCEPT, *_others(problem, len(made.columns) - 2)])
    return f"{loss} {what} from {first} and {second} over {counted(table.rows, 'row')} ({said})"


def sample_sentence(target: str, features: int, over: str, standardise: bool) -> str:
    """Half the mean squared error with all features of a table or of a synthetic sample, over some rows."""
    what = f"{target} from {counted(features, 'feature')} over {over}"
    units = "standardised features" if standardise else "features in their own units"
    return f"{_SQUARES}, half the mean squared error of {what} ({units}; {_INTERCEPT})"


def _others(problem: Tabled, count: int) -> tuple[str, ...]:
    if not count:
        return ()
    which, place = (f"the other {count} weights", "them") if count > 1 else ("the other weight", "it")
    if problem.others == "free":
        return (f"{which} free, always where J is lowest",)
    return (f"{which} held where the free optimum of all features has {place}",)


def counted(count: int, noun: str) -> str:
    """A number of things in words that agree: 1 row, 2 rows."""
    return f"{count:,} {noun}{'s' * (count != 1)}"
