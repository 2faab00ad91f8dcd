"""Common wrong ideas of where the constrained optimum is: where each one lands, and what it costs in loss."""

from typing import Literal

import numpy as np

from app.figures import marks, plane
from app.figures.marks import Array, Mark
from app.geometry.numerals import numeral
from app.labs.lab import Readout
from app.labs.sight.optimum import Sight

Shortcut = Literal["none", "shrink", "project", "snap"]
SHORTCUTS: dict[str, str] = {
    "none": "the truth alone",
    "shrink": "shrink ŵ towards 0",
    "project": "project ŵ onto the ball",
    "snap": "snap to the best corner",
}


def drawn(sight: Sight, shortcut: Shortcut) -> tuple[list[Mark], dict[str, Readout]]:
    """Where a common wrong idea puts the optimum, and what that costs in loss."""
    landed = None if shortcut == "none" else _landing(sight, shortcut)
    cost = share = None
    if landed is not None:
        cost = float(sight.posed.loss.value(landed)) - sight.found.value
        excess = sight.found.value - sight.posed.loss.minimum.value
        share = 100 * cost / excess if excess > 0 else None
    shapes = [] if landed is None else [marks.point("shortcut", plane.pair(landed))]
    return shapes, {
        "shortcut_cost": Readout(cost, "shortcut: extra loss", "J where the shortcut lands, less J(w*)"),
        "shortcut_share": Readout(share, "shortcut: extra, relative", "the same as a share of J(w*) − J(ŵ)", "%"),
    }


def _landing(sight: Sight, shortcut: Shortcut) -> Array | None:
    """The point a shortcut leads to; every one leaves a ŵ inside the ball where it is."""
    free, radius, regularizer = sight.posed.reference, sight.found.radius, sight.regularizer
    if sight.found.weights is None or not sight.posed.attained:
        return None
    if float(regularizer.size(free)) <= radius:
        return free
    if shortcut == "shrink":
        return sight.units.relative_radius(regularizer, radius) * free
    if shortcut == "project":
        return regularizer.project(free, radius)
    arcs = regularizer.boundary(radius)
    if len(arcs) == 1:  # a smooth ball has no corners
        return None
    corners = np.array([arc.points[0] for arc in arcs])
    return np.asarray(corners[int(np.argmin(sight.posed.loss.value(corners)))])


def told(sight: Sight, shortcut: Shortcut, costs: dict[str, Readout]) -> str:
    """What the shortcut leads to, in words."""
    cost, share = costs["shortcut_cost"].value, costs["shortcut_share"].value
    if shortcut == "none" or sight.found.weights is None:
        return ""
    if not isinstance(cost, float):
        return (
            "A smooth ball has no corner to snap to: choose L1, L∞ or the elastic net." if sight.posed.attained else ""
        )
    if cost <= 1e-12 * max(1.0, abs(sight.found.value)):
        return "Here the shortcut leads to the optimum."
    return f"The shortcut costs {numeral(cost)} more loss" + (
        f", {share:.0f} % of what the ball costs." if share else "."
    )
