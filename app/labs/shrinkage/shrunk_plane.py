"""Weight decay in the plane of two weights: the point that slides, and the formula beside the optimum.

Around its free optimum every smooth loss is nearly the quadratic with the Hessian there, and for a quadratic decay is
w̃ = Q(Λ + αI)⁻¹ΛQᵀŵ (Deep Learning, eq. 7.6-7.13).
"""

from dataclasses import dataclass

import numpy as np

from app.data.library import Library
from app.data.posing import Posed
from app.data.problems import Problem
from app.figures import marks, plane
from app.figures.marks import Array, Mark
from app.figures.paths import polyline
from app.geometry import Outcome, Penalised, Quadratic, SquaredL2, grid, shrunk, solve, solve_many
from app.geometry.numerals import numeral
from app.labs.lab import Answer, Readout
from app.labs.sight import dragging

GRID = 45
STRENGTHS = np.geomspace(1e-3, 1e2, 31)  # of α/L, where a loss that is no quadratic is solved for its path
LEVELS = (0, 1, 3, 6, 10, 15)  # which contours of J are drawn of the approximation too
CERTIFICATE, FORMULA = "Certificate", "The formula against the optimum"


@dataclass(frozen=True, eq=False)
class Seen:
    """A problem of two weights, and the quadratic around its free optimum.

    Attributes:
        posed: the problem.
        around: J(ŵ) + ½(w − ŵ)ᵀH(w − ŵ) with the Hessian at ŵ; J itself where J is a quadratic. Where there is no free
            optimum the Hessian is taken at the reference, and `known` is False.
        known: whether there is a free optimum to expand around.
    """

    posed: Posed
    around: Quadratic
    known: bool

    @property
    def exact(self) -> bool:
        """Whether the formula is no approximation."""
        return self.around is self.posed.loss

    @property
    def scale(self) -> float:
        """L: the largest curvature at ŵ; 1 for a loss that is flat."""
        return self.around.smoothness or 1.0

    @property
    def size(self) -> float:
        """‖ŵ‖, what distances are measured by; 1 where ŵ = 0."""
        return float(np.linalg.norm(self.posed.reference)) or 1.0


def seen(library: Library, problem: Problem) -> Seen:
    """The problem and its quadratic; shared by all parts."""
    posed = library.pose(problem)
    if isinstance(posed.loss, Quadratic):
        return Seen(posed, posed.loss, True)
    w = posed.reference
    return Seen(posed, Quadratic(posed.loss.hessian(w), w, float(posed.loss.value(w))), posed.attained)


def optima(library: Library, problem: Problem) -> Array:
    """The true optima of J + α½‖w‖² by STRENGTHS, as (m, 2)."""
    found = library.once(seen, problem)
    strengths = STRENGTHS * found.scale
    if found.exact:
        return shrunk(found.around, strengths)
    solved = solve_many(found.posed.loss, SquaredL2(), [Penalised(alpha) for alpha in strengths.tolist()])
    return np.array([one.weights for one in solved if one.weights is not None]).reshape(-1, 2)


def contour(problem: Problem, library: Library) -> Answer:
    """The contours of J, those of the quadratic around ŵ, the directions, and the whole ridge path."""
    found = library.once(seen, problem)
    posed = found.posed
    x0, x1, y0, y1 = posed.window
    xs, ys = np.linspace(x0, x1, GRID), np.linspace(y0, y1, GRID)
    values = grid(posed.loss, xs, ys, stand_in=posed.stand_in).values
    levels = plane.levels(values)
    shapes = [marks.curve("hessian_axis", path) for path in dragging.axis_lines(problem)]
    shapes += [marks.curve("eigenvector", path) for path in _axes(found)]
    if found.known and not found.exact:
        for line in LEVELS:
            outline = plane.level_set(found.around, levels[0] + line * levels[2], posed.reference, posed.window)
            shapes += [{**one, **marks.curve("approximation", one["path"])} for one in outline]
    if posed.attained:
        shapes.append(marks.point("free_optimum", plane.pair(posed.reference)))
    hover = "w₁ = %{x}<br>w₂ = %{y}<extra>%{fullData.name}</extra>"
    end = posed.reference[None] if found.known else np.empty((0, 2))
    way = np.concatenate([np.zeros((1, 2)), library.once(optima, problem)[::-1], end])
    traces = [marks.contour("contour", xs, ys, values, levels), marks.line("ridge_path", way, hover)]
    if found.known and not found.exact:
        formula = np.concatenate([np.zeros((1, 2)), shrunk(found.around, STRENGTHS[::-1] * found.scale)])
        traces.append(marks.line("formula_path", formula, hover))
    layout = {**marks.axes(posed.names, posed.window), "meta": {"handles": dragging.handles(problem)}}
    readouts = {"rows": Readout(posed.rows or None, "n", "rows of data behind J")}
    said = " ".join(posed.notes) or "Every direction of the Hessian shrinks by a factor of its own."
    figure = marks.figure(traces, shapes=shapes, **layout)
    return Answer(f"J(w) = {posed.sentence}", {"plane": figure}, readouts, Outcome("converged", said))


def _axes(found: Seen) -> list[str]:
    """Lines through 0 along the two eigenvectors: w̃ slides along them by a factor each."""
    x1 = found.posed.window[1]
    return [polyline([plane.pair(-x1 * q), plane.pair(x1 * q)]) for q in found.around.eigenvectors.T]


def decayed(problem: Problem, strength: float, library: Library) -> Answer:
    """One strength: w̃ and its components, what shrinking in proportion would give, and the factors."""
    found = library.once(seen, problem)
    alpha = strength * found.scale
    solution = solve(found.posed.loss, SquaredL2(), Penalised(alpha))
    w = solution.weights
    formula = shrunk(found.around, alpha) if found.known else None
    proportional = found.posed.reference * (0.0 if w is None else float(np.linalg.norm(w)) / found.size)
    values = found.around.eigenvalues[::-1]
    factors = np.divide(values, values + alpha, out=np.zeros(2), where=values + alpha > 0)
    figures = {
        "plane": marks.figure([], shapes=_points(found, w, formula, proportional)),
        "factors": marks.figure([], shapes=filled(factors)),
        "error": marks.figure([], shapes=[marks.rule("strength_now", x=charted(strength))]),
    }
    readouts = {
        "alpha": Readout(alpha, "α", "strength of the decay: the knob times L"),
        "largest_curvature": Readout(found.scale, "L", "the largest curvature of J at ŵ"),
        **_factor_readouts(values, factors),
        **_point_readouts(found, w, proportional),
        **_formula_readouts(found, w, formula),
        "residual": Readout(
            None if w is None else solution.certificate.residual, "KKT residual",
            "the largest violation of the optimality conditions, relative", group=CERTIFICATE,
        ),
    }  # fmt: skip
    said = _without(solution.outcome) if w is None else _said(found, w, proportional, alpha)
    return Answer(f"minimise J(w) + {numeral(alpha, 4)}·½‖w‖²", figures, readouts, said)


def _points(found: Seen, w: Array | None, formula: Array | None, proportional: Array) -> list[Mark]:
    """The decayed optimum with its components, what shrinking in proportion gives, and what the formula gives."""
    if w is None:
        return []
    return [
        *_components(found, w),
        marks.curve("gap", polyline([plane.pair(w), plane.pair(proportional)])),
        marks.point("proportional", plane.pair(proportional)),
        *([] if formula is None else [marks.point("shrunken", plane.pair(formula))]),
        marks.point("decayed", plane.pair(w)),
    ]


def charted(strength: float) -> float:
    """Where a strength stands on a logarithmic axis that has no 0."""
    return min(max(strength, float(STRENGTHS[0])), float(STRENGTHS[-1]))


def _components(found: Seen, w: Array) -> list[Mark]:
    """From w̃ straight to both axes: what is left of each component."""
    feet = [(q @ w) * q for q in found.around.eigenvectors.T]
    return [marks.curve("component", polyline([plane.pair(w), plane.pair(foot)])) for foot in feet]


def filled(factors: Array) -> list[Mark]:
    """Bars up to each factor, over the places 1, 2, … of a chart."""
    return [
        marks.curve("factor", polyline([(i - 0.3, 0.0), (i - 0.3, h), (i + 0.3, h), (i + 0.3, 0.0)], closed=True))
        for i, h in enumerate(np.round(factors, 5).tolist(), start=1)
    ]


def _factor_readouts(values: Array, factors: Array) -> dict[str, Readout]:
    shown: dict[str, Readout] = {}
    for i, (value, factor) in enumerate(zip(values.tolist(), factors.tolist(), strict=True)):
        sub = "₁₂"[i]
        words = ("steepest", "flattest")[i]
        shown |= {
            f"curvature_{i + 1}": Readout(value, f"λ{sub}", f"curvature along the {words} direction"),
            f"factor_{i + 1}": Readout(factor, f"λ{sub}/(λ{sub}+α)", f"what decay leaves of the {words} direction"),
        }
    freedom = Readout(float(factors.sum()), "Σ λᵢ/(λᵢ+α)", "effective degrees of freedom, of two")
    return {**shown, "freedom": freedom}


def _point_readouts(found: Seen, w: Array | None, proportional: Array) -> dict[str, Readout]:
    shown: dict[str, Readout] = {}
    for i, (name, free) in enumerate(zip(found.posed.names, found.posed.reference.tolist(), strict=True)):
        here, sub = None if w is None else float(w[i]), "₁₂"[i]
        ratio = None if here is None or free == 0 or not found.known else here / free
        shown |= {
            f"w{i + 1}": Readout(here, f"w̃{sub}", f"decayed optimum, {name}"),
            f"ratio_{i + 1}": Readout(ratio, f"w̃{sub}/ŵ{sub}", "above 1 it has grown, below 0 it has turned round"),
        }
    apart = None if w is None else 100 * float(np.linalg.norm(w - proportional)) / found.size
    words = "of w̃ from ŵ shrunk in proportion to the same length, as a share of ‖ŵ‖; 0 where curvatures are equal"
    return {**shown, "from_proportional": Readout(apart, "distance from proportional", words, "%")}


def _formula_readouts(found: Seen, w: Array | None, formula: Array | None) -> dict[str, Readout]:
    if formula is None or w is None:
        return {}
    miss = 100 * float(np.linalg.norm(formula - w)) / found.size
    cost = None if found.exact else float(found.posed.loss.value(formula) - found.posed.loss.value(w))
    return {
        "miss": Readout(miss, "formula − optimum", "distance, as a share of ‖ŵ‖; 0 for a quadratic", "%", FORMULA),
        "miss_cost": Readout(cost, "J(formula) − J(optimum)", "the loss alone, without the penalty", group=FORMULA),
    }


def _without(found: Outcome) -> Outcome:
    """Why there is no optimum, as a sentence."""
    return Outcome(found.kind, f"{found.sentence[:1].upper()}{found.sentence[1:]}.")


def _said(found: Seen, w: Array, proportional: Array, alpha: float) -> Outcome:
    if not found.known:
        return Outcome("converged", "There is no free optimum to expand J around: only the decayed optimum is drawn.")
    if alpha == 0:
        return Outcome("converged", "No decay: w̃ is the free optimum ŵ.")
    apart = 100 * float(np.linalg.norm(w - proportional)) / found.size
    if apart < 1e-6:
        return Outcome("converged", "All that is left shrinks in proportion: w̃ lies on the line from 0 to ŵ.")
    free = found.posed.reference
    grown, turned = np.abs(w) > np.abs(free) * (1 + 1e-9), w * free < 0
    odd = [f"w{'₁₂'[i]} has {'turned round' if turned[i] else 'grown'}" for i in range(2) if grown[i] or turned[i]]
    more = f" Under decay {' and '.join(odd)}." if odd else ""
    return Outcome("converged", f"w̃ is {numeral(apart)} % of ‖ŵ‖ away from shrinking in proportion.{more}")
