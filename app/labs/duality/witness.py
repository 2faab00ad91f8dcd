"""Where duality fails: a loss that is not convex, with constrained optima that no penalty reaches."""

import numpy as np

from app.figures import marks
from app.figures.paths import joined, polyline
from app.geometry import Arc, Outcome
from app.geometry.duality_gap import LOWEST, height, hull, loss, parted
from app.geometry.numerals import numeral
from app.labs.lab import Answer, Readout

WITNESS = "A loss that is not convex"
_OMEGAS = np.linspace(0.0, 1.35, 109)
_WEIGHTS = np.linspace(-1.75, 1.75, 141)
_NODES = np.linspace(-1.75, 1.75, 21)


def curves() -> Answer:
    """J over Ω, its convex hull, and J over w."""
    hover = "Ω = %{x}<br>J = %{y}<extra>%{fullData.name}</extra>"
    lines = [
        marks.line("witness_hull", np.column_stack([_OMEGAS, hull(_OMEGAS)]), hover),
        marks.line("witness", np.column_stack([_OMEGAS, height(_OMEGAS)]), hover),
    ]
    gap = marks.figure(lines, **marks.chart("Ω(w) = ½w²", "J(w)", x_range=(0.0, 1.35), y_range=(-0.4, 0.06)))
    over = marks.line("witness", np.column_stack([_WEIGHTS, loss(_WEIGHTS)]), "w = %{x}<br>J = %{y}<extra></extra>")
    hill = marks.figure(
        [over], **marks.chart("w", "J(w), and J(w) + α*·½w²", x_range=(-1.75, 1.75), y_range=(-0.4, 0.4))
    )
    said = (
        "Between Ω = 0 and Ω = ¾ the loss lies above its convex hull, the highest convex curve below it: there no α "
        "has its optimum."
    )
    return Answer("J(w) = −w⁴/4 + w⁶/12, Ω(w) = ½w²", {"gap": gap, "hill": hill}, {}, Outcome("converged", said))


def witness(witness: float) -> Answer:
    """Both problems at one level: the constrained optimum, the best bound of the dual, and the gap between them."""
    found = parted(witness)
    u = min(witness, LOWEST)
    slope = found.dual_strength
    ends = [(0.0, found.dual + slope * witness), (1.35, found.dual - slope * (1.35 - witness))]
    gap = marks.figure([], shapes=[
        marks.rule("guide", x=witness),
        marks.curve("witness_support", polyline(ends)),
        marks.curve("gap", polyline([(witness, found.dual), (witness, found.primal)])),
        marks.point("witness_dual", (witness, found.dual)),
        marks.point("optimum", (u, found.primal)),
    ])  # fmt: skip
    top = found.primal + found.multiplier * u
    hill = marks.figure([], shapes=[
        marks.curve("witness_tilted", _tilted(found.multiplier)),
        marks.point("optimum", (found.weight, top)),
    ])  # fmt: skip
    bent = "a local maximum" if found.curvature < 0.0 else "only a local minimum"
    readouts = {
        "witness_weight": Readout(found.weight, "w*", "the constrained optimum; −w* is as good", group=WITNESS),
        "witness_multiplier": Readout(found.multiplier, "α*", "its multiplier", group=WITNESS),
        "witness_curvature": Readout(
            found.curvature, "J″(w*) + α*", "below 0 it is a local maximum of the penalised objective", group=WITNESS
        ),
        "witness_gap": Readout(
            found.gap, "duality gap", "the constrained optimum less the best bound of any α", group=WITNESS
        ),
    }
    if found.gap > 1e-12:
        at = f"w* = {numeral(found.weight, 4)} is {bent} of J + α*Ω at α* = {numeral(found.multiplier, 4)}"
        said = f"{at}: no penalty finds it. The gap is {numeral(found.gap, 4)}."
    else:
        said = "No gap here: some α has its optimum at w*."
    return Answer(
        f"minimise J(w) subject to ½w² ≤ {numeral(witness, 4)}",
        {"gap": gap, "hill": hill},
        readouts,
        Outcome("converged", said),
    )


def _tilted(alpha: float) -> str:
    """J + α·½w² as a path of cubics through a few points, with its slope −w³ + ½w⁵ + αw at each."""
    w = _NODES
    values = loss(w) + 0.5 * alpha * w**2
    slopes = -(w**3) + 0.5 * w**5 + alpha * w
    step = w[1] - w[0]
    return joined([Arc(np.column_stack([w, values]), step * np.column_stack([np.ones_like(w), slopes]))])
