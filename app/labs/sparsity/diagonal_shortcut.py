"""The diagonal formula sgn(ŵᵢ)·max(|ŵᵢ| − α/Hᵢᵢ, 0) beside the optimum under L1: one point only if H is diagonal."""

import numpy as np

from app.data.library import Library
from app.data.problems import Bowl, Regression, SyntheticRegression
from app.figures import marks, plane
from app.figures.marks import Array
from app.figures.paths import polyline
from app.geometry import L1, Outcome, Penalised, Quadratic, diagonal_formula, follow, grid, lasso_map, solve
from app.geometry.numerals import numeral
from app.labs.lab import Answer, Readout
from app.labs.sight import dragging

PlaneProblem = Bowl | SyntheticRegression | Regression
GRID = 45
FORMULA = "The diagonal formula"


def quadratic(library: Library, problem: PlaneProblem) -> Quadratic:
    """J of the two weights, which is a quadratic here."""
    loss = library.pose(problem).loss
    if not isinstance(loss, Quadratic):
        raise TypeError("this page is about quadratics")
    return loss


def ways(problem: PlaneProblem, library: Library) -> Answer:
    """The contours of J, the true path under L1, and the way that the formula takes."""
    posed, loss = library.pose(problem), quadratic(library, problem)
    x0, x1, y0, y1 = posed.window
    xs, ys = np.linspace(x0, x1, GRID), np.linspace(y0, y1, GRID)
    values = grid(loss, xs, ys).values
    strengths = np.linspace(0.0, _end(loss), 61)
    guessed = lasso_map(loss.minimiser, strengths[:, None], np.diag(loss.curvature))
    hover = "w₁ = %{x}<br>w₂ = %{y}<extra>%{fullData.name}</extra>"
    traces = [
        marks.contour("contour", xs, ys, values, plane.levels(values)),
        marks.line("lasso_path", follow(loss, L1()).weights, hover),
        marks.line("diagonal_path", guessed, hover),
    ]
    shapes = [*(marks.curve("hessian_axis", path) for path in dragging.axis_lines(problem))]
    shapes.append(marks.point("free_optimum", plane.pair(posed.reference)))
    layout = {**marks.axes(posed.names, posed.window), "meta": {"handles": dragging.handles(problem)}}
    off = _coupling(loss)
    readouts = {
        "coupling": Readout(
            off, "H₁₂/√(H₁₁H₂₂)", "how the two weights depend on each other: 0 where H is diagonal", group=FORMULA
        )
    }
    said = (
        "H is diagonal: the formula is the optimum."
        if off == 0
        else "H is not diagonal: the two weights trade against each other, and the formula knows nothing of it."
    )
    figure = marks.figure(traces, shapes=shapes, **layout)
    said = " ".join([said, *posed.notes])
    return Answer(f"J(w) = {posed.sentence}", {"formula": figure}, readouts, Outcome("converged", said))


def _end(loss: Quadratic) -> float:
    """The strength from which on both are zero."""
    formula = np.abs(loss.minimiser) * np.diag(loss.curvature)
    return float(max(formula.max(), np.abs(loss.curvature @ loss.minimiser).max()))


def _coupling(loss: Quadratic) -> float:
    (a, b), (_, c) = loss.curvature.tolist()
    return b / (a * c) ** 0.5 if a * c > 0 else 0.0


def shortcut(problem: PlaneProblem, strength: float, library: Library) -> Answer:
    """One strength: the optimum, what the formula says, and what that costs."""
    loss = quadratic(library, problem)
    unit = float(np.abs(loss.curvature @ loss.minimiser).max()) or 1.0
    alpha = strength * unit
    solution = solve(loss, L1(), Penalised(alpha))
    w = loss.minimiser if solution.weights is None else solution.weights
    guess = diagonal_formula(loss, alpha)
    radius = float(np.abs(w).sum())
    shapes = [plane.ball(L1().boundary(radius))] if radius > 0 else []
    shapes += [
        marks.curve("gap", polyline([plane.pair(w), plane.pair(guess)])),
        marks.point("optimum", plane.pair(w)),
        marks.point("diagonal", plane.pair(guess)),
    ]
    cost = _objective(loss, guess, alpha) - _objective(loss, w, alpha)
    readouts = {
        "plane_alpha": Readout(alpha, "α", "the strength in the plane: the knob times its own αₘₐₓ", group=FORMULA),
        "truth_1": Readout(float(w[0]), "w₁*", "the true optimum", group=FORMULA),
        "truth_2": Readout(float(w[1]), "w₂*", "the true optimum", group=FORMULA),
        "guess_1": Readout(float(guess[0]), "w₁ by the formula", "sgn(ŵ₁)·max(|ŵ₁| − α/H₁₁, 0)", group=FORMULA),
        "guess_2": Readout(float(guess[1]), "w₂ by the formula", "sgn(ŵ₂)·max(|ŵ₂| − α/H₂₂, 0)", group=FORMULA),
        "formula_error": Readout(float(np.abs(guess - w).max()), "largest difference", "of a weight", group=FORMULA),
        "formula_cost": Readout(
            cost, "what it costs", "J + α‖w‖₁ at the formula's point, less that at the optimum", group=FORMULA
        ),
        "plane_residual": Readout(
            solution.certificate.residual, "KKT residual", "of the true optimum, relative", group=FORMULA
        ),
    }
    return Answer(
        f"minimise J(w) + {numeral(alpha, 4)}·‖w‖₁",
        {"formula": marks.figure([], shapes=shapes)},
        readouts,
        _said(w, guess),
    )


def _objective(loss: Quadratic, w: Array, alpha: float) -> float:
    return float(loss.value(w)) + alpha * float(np.abs(w).sum())


def _said(w: Array, guess: Array) -> Outcome:
    if np.abs(w - guess).max() <= 1e-9 * max(1.0, float(np.abs(w).max())):
        return Outcome("converged", "The diagonal formula gives the optimum here.")
    wrong = [f"w{'₁₂'[i]}" for i in range(2) if (w[i] == 0) != (guess[i] == 0)]
    more = f" It is wrong about which weights are zero: {' and '.join(wrong)}." if wrong else ""
    return Outcome("converged", f"The diagonal formula misses the optimum by {numeral(np.abs(w - guess).max())}.{more}")
