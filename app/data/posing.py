"""From a problem to a loss over two weights: the same problem and table always give the same loss."""

from dataclasses import dataclass, replace
from functools import cached_property
from math import cos, floor, log10, pi, sin

import numpy as np

from app.data.designs import Design, design
from app.data.notes import HELD_NEARBY, loss_notes, sample_notes
from app.data.problems import Bowl, Impossible, Problem, SyntheticClassification, SyntheticRegression, Tabled
from app.data.sentences import bowl_sentence, synthetic_sentence, table_sentence
from app.data.snippets import bowl_lines, synthetic_lines, table_lines
from app.data.synthetic import classification_sample, regression_sample
from app.data.tables import Table
from app.geometry.contours import Surrogate, surrogate
from app.geometry.logistic import Logistic
from app.geometry.losses import Loss, Quadratic, least_squares
from app.geometry.newton import Indices, newton
from app.geometry.planes import profile
from app.geometry.spectra import Array

Window = tuple[float, float, float, float]

_BOWL_WINDOW = (-3.5, 3.5, -3.5, 3.5)
_TIDY = (1.0, 1.2, 1.5, 2.0, 2.5, 3.0, 3.5, 4.0, 5.0, 6.0, 8.0, 10.0)
_WEIGHTS = ("w₁", "w₂")


@dataclass(frozen=True, eq=False)
class Posed:
    """A loss over two weights, and what a page says about it.

    Attributes:
        loss: J on the plane of the two weights.
        names: titles of the two axes ("w₁: bmi"), raw text: escape it where it is drawn.
        window: (x0, x1, y0, y1), square, around 0, with room for the reference and a ball through 1.2 times it.
        reference: (2,) what relative radii are measured by: the free optimum ŵ where one is attained, else the
            optimum with squared L2 at strength L/1000.
        attained: whether the reference is a free optimum.
        sentence: what J is, in symbols and words; goes on after "J(w) = ".
        notes: sentences on what is awkward about the data (constant, collinear, separable, …).
        rows: n; 0 for a bowl.
        weights: how many weights J has before all but two are minimised out or held, an intercept not counted.
        python: lines of Python that rebuild the data of this problem without this project.
        stand_in: a surrogate of the loss in the window, for whatever draws it; None where a closed form needs none.
    """

    loss: Loss
    names: tuple[str, str]
    window: Window
    reference: Array
    attained: bool
    sentence: str
    notes: tuple[str, ...]
    rows: int
    weights: int
    python: str
    stand_in: Surrogate | None = None

    @cached_property
    def slope_at_zero(self) -> Array:
        """∇J(0) (2,): what relative strengths are measured by."""
        return self.loss.gradient(np.zeros(2))


def pose(problem: Problem, table: Table | None = None) -> Posed:
    """Pose a problem; pure and picklable, so that a worker process can do it.

    Args:
        problem: the knobs.
        table: the data of a ``Regression`` or ``Classification``; not used by the others.

    Raises:
        Impossible: if the columns or classes asked for do not exist in the table or contradict each other.
    """
    posed = _posed_bare(problem, table)
    if isinstance(posed.loss, Quadratic):
        return posed
    return replace(posed, stand_in=surrogate(posed.loss, posed.window))


def _posed_bare(problem: Problem, table: Table | None) -> Posed:
    match problem:
        case Bowl():
            return _bowl(problem)
        case SyntheticRegression() | SyntheticClassification():
            return _synthetic(problem)
        case _:
            if table is None or table.id != problem.dataset:
                raise Impossible("dataset", f"the data set '{problem.dataset}' is not here: choose another one")
            return _from_table(problem, table)


def _bowl(problem: Bowl) -> Posed:
    minimiser = np.array([problem.minimiser_1, problem.minimiser_2])
    return Posed(
        loss=Quadratic(bowl_curvature(problem), minimiser),
        names=_WEIGHTS,
        window=_BOWL_WINDOW,
        reference=minimiser,
        attained=True,
        sentence=bowl_sentence(problem),
        notes=(),
        rows=0,
        weights=2,
        python=bowl_lines(problem),
    )


def bowl_curvature(problem: Bowl) -> Array:
    """H (2, 2): λ₁ along the direction of the angle, λ₂ across it."""
    quarters, rest = divmod(problem.angle, 90.0)
    # Quarter turns are exact, so that a straight bowl has no crumbs off its diagonal.
    x, y = cos(rest * pi / 180.0), sin(rest * pi / 180.0)
    x, y = (x, y) if quarters % 2 == 0 else (-y, x)
    along, across = problem.curvature_1, problem.curvature_2
    twist = (along - across) * x * y
    return np.array([[along * x * x + across * y * y, twist], [twist, along * y * y + across * x * x]])


def _synthetic(problem: SyntheticRegression | SyntheticClassification) -> Posed:
    if isinstance(problem, SyntheticRegression):
        X, y = regression_sample(problem)
    else:
        X, y = classification_sample(problem)
    whole = _whole(X, y, classes=isinstance(problem, SyntheticClassification))
    drawn = Design(("x₁", "x₂"), X, "y", y)
    return _posed(whole, None, drawn, _WEIGHTS, synthetic_sentence(problem), synthetic_lines(problem))


def _from_table(problem: Tabled, table: Table) -> Posed:
    made = design(problem, table)
    whole = _whole(made.matrix, made.response, classes=bool(made.positive))
    held = _held(whole, len(made.columns)) if problem.others == "fixed" else None
    names = (f"{_WEIGHTS[0]}: {made.columns[0]}", f"{_WEIGHTS[1]}: {made.columns[1]}")
    lines = table_lines(problem, table, made, held)
    posed = _posed(whole, held, made, names, table_sentence(problem, table, made), lines)
    return posed if held is None or whole.minimum.attained else replace(posed, notes=(HELD_NEARBY, *posed.notes))


def _posed(whole: Loss, held: Array | None, made: Design, names: tuple[str, str], sentence: str, python: str) -> Posed:
    loss = profile(whole if held is None else _with_others_held(whole, held), (0, 1))
    found = loss.minimum.weights
    reference = tamed_optimum(loss) if found is None else found
    return Posed(
        loss=loss,
        names=names,
        window=window(reference),
        reference=reference,
        attained=found is not None,
        sentence=sentence,
        notes=(*sample_notes(made), *loss_notes(loss)),
        rows=len(made.matrix),
        weights=len(made.columns),
        python=python,
    )


def _whole(X: Array, y: Array, *, classes: bool) -> Loss:
    """J over all weights; that of a classifier has its intercept as the last weight, on a column of ones."""
    return Logistic(np.column_stack([X, np.ones(len(y))]), y) if classes else least_squares(X, y)


def _held(whole: Loss, features: int) -> Array:
    """The weights of the features after the second at the free optimum of all, or near it if there is none."""
    weights = whole.minimum.weights
    if weights is None:
        weights = tamed_optimum(profile(whole, tuple(range(features))))
    return weights[2:features]


def _with_others_held(whole: Loss, held: Array) -> Loss:
    """J over the first two weights, and the intercept if there is one, with the others where they are held."""
    others = slice(2, 2 + len(held))
    origin = np.zeros(whole.dimension)
    origin[others] = held
    return whole.restricted(origin, np.delete(np.eye(whole.dimension), others, axis=0))


def tamed_optimum(loss: Loss) -> Array:
    """Where J + (L/1000)·½‖w‖² is lowest: finite even where J has no lowest point."""
    strength = loss.smoothness / 1000.0

    def penalised(_: Indices, w: Array) -> tuple[Array, Array, Array]:
        value, gradient, hessian = loss.evaluate(w)
        ridge = strength * np.eye(loss.dimension)
        return value + 0.5 * strength * np.einsum("md,md->m", w, w), gradient + strength * w, hessian + ridge

    return np.asarray(newton(penalised, np.zeros((1, loss.dimension)))[0])


def window(reference: Array) -> Window:
    """A square around 0 whose half side is at least 1.25‖reference‖₁, so that the L1 ball of radius 1.2 fits too."""
    needed = 1.25 * float(np.abs(reference).sum())
    if needed == 0.0:
        return -1.0, 1.0, -1.0, 1.0
    decade = 10.0 ** floor(log10(needed))
    half = next(tidy for tidy in _TIDY if tidy >= min(needed / decade, 10.0)) * decade
    return -half, half, -half, half
