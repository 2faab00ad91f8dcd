"""What of a problem can be dragged: a bowl's minimiser and the axes of its Hessian; data stay as they are."""

import math

import numpy as np

from app.data.problems import Bowl, Problem
from app.figures import plane
from app.figures.marks import Array, Mark
from app.figures.paths import polyline

AXIS_REACH = 2.0  # the axes of the Hessian are drawn to the ellipse J = ½·AXIS_REACH²


def axis_lines(problem: Problem) -> list[str]:
    """The axes of a bowl's Hessian as paths through its minimiser."""
    if not isinstance(problem, Bowl):
        return []
    centre = np.array([problem.minimiser_1, problem.minimiser_2])
    return [polyline([plane.pair(centre - axis), plane.pair(centre + axis)]) for axis in _axes(problem)]


def _axes(bowl: Bowl) -> list[Array]:
    """The half axes of the ellipse J = ½·AXIS_REACH²: along each eigenvector, of length AXIS_REACH/√λ."""
    turn = math.radians(bowl.angle)
    along, across = np.array([math.cos(turn), math.sin(turn)]), np.array([-math.sin(turn), math.cos(turn)])
    return [AXIS_REACH / bowl.curvature_1**0.5 * along, AXIS_REACH / bowl.curvature_2**0.5 * across]


def handles(problem: Problem) -> list[Mark]:
    """The handles of a bowl: its minimiser, and the end of each axis."""
    if not isinstance(problem, Bowl):
        return []
    centre = np.array([problem.minimiser_1, problem.minimiser_2])
    knobs = ("problem.minimiser_1", "problem.minimiser_2")
    made = [plane.point_handle("free_optimum", "free optimum ŵ", centre, knobs)]
    for i, axis in enumerate(_axes(problem)):
        turned = {"angle": "problem.angle", "curvature": f"problem.curvature_{i + 1}"}
        label = f"axis {i + 1} of the Hessian"
        made.append(plane.axis_handle(label, centre, axis, AXIS_REACH, turned, 90.0 * i))
    return made
