"""The geometry of regularization: losses, the balls that bound them, and where the two touch.

Pure mathematics on NumPy arrays. A loss J and a regularizer Ω meet in a form (free, penalised, constrained); `solve`
finds their optimum and proves it, `follow` gives its path, `strength_at` and `radius_at` map penalty to constraint.
"""

from app.geometry.certificates import Certificate, certify
from app.geometry.contours import Surface, Surrogate, grid, surrogate
from app.geometry.equivalence import radius_at, strength_at
from app.geometry.forms import Constrained, Form, Free, Penalised
from app.geometry.group import GroupNorm
from app.geometry.level_curves import level_curve
from app.geometry.logistic import Logistic
from app.geometry.losses import Loss, Minimum, Quadratic, least_squares, sum_of_squares
from app.geometry.nonconvex import NonConvex, QuasiNorm
from app.geometry.outcomes import Outcome
from app.geometry.paths import Path, follow
from app.geometry.planes import Profile, profile
from app.geometry.regularizer import Arc, Array, Norm, Regularizer
from app.geometry.regularizers import L1, L2, Convex, ElasticNet, Group, LInfinity, Lp, Partition, SquaredL2
from app.geometry.slices import Slice
from app.geometry.solutions import Solution
from app.geometry.solvers import CertifiedOptimum, certified_plane_optimum, plane_optimum, solve, solve_many
from app.geometry.spectral import effective_degrees_of_freedom

__all__ = [
    "L1",
    "L2",
    "Arc",
    "Array",
    "Certificate",
    "CertifiedOptimum",
    "Constrained",
    "Convex",
    "ElasticNet",
    "Form",
    "Free",
    "Group",
    "GroupNorm",
    "LInfinity",
    "Logistic",
    "Loss",
    "Lp",
    "Minimum",
    "NonConvex",
    "Norm",
    "Outcome",
    "Partition",
    "Path",
    "Penalised",
    "Profile",
    "Quadratic",
    "QuasiNorm",
    "Regularizer",
    "Slice",
    "Solution",
    "SquaredL2",
    "Surface",
    "Surrogate",
    "certified_plane_optimum",
    "certify",
    "effective_degrees_of_freedom",
    "follow",
    "grid",
    "least_squares",
    "level_curve",
    "plane_optimum",
    "profile",
    "radius_at",
    "solve",
    "solve_many",
    "strength_at",
    "sum_of_squares",
    "surrogate",
]
