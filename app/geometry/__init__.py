"""The geometry of regularization: losses, the balls that bound them, and where the two touch.

Pure mathematics on NumPy arrays. A loss J and a regularizer Ω meet in a form (free, penalised, constrained); `solve`
finds their optimum and proves it, `follow` gives its path, `strength_at` and `radius_at` map penalty to constraint.
"""

from app.geometry.certificates import Certificate, certify
from app.geometry.contours import Surface, Surrogate, grid, surrogate
from app.geometry.coordinate_descent import descend_coordinates
from app.geometry.early_stopping import ClosedDescent, share_reached
from app.geometry.elastic_paths import elastic_net_path, largest_elastic_strength, path_residuals
from app.geometry.equivalence import radius_at, strength_at
from app.geometry.forms import Constrained, Form, Free, Penalised
from app.geometry.group import GroupNorm
from app.geometry.homotopy import LassoPath, PathEvent, lasso_path
from app.geometry.laplace_posteriors import LaplacePosterior
from app.geometry.level_curves import level_curve
from app.geometry.logistic import Logistic
from app.geometry.losses import Loss, Minimum, Quadratic, least_squares, sum_of_squares
from app.geometry.matching_decay import Nearest, largest_filter_gap, matching_strengths, matching_times, nearest_decay
from app.geometry.minibatches import LogisticRows, Rows, SquaredRows, rows_of
from app.geometry.multipliers import Ascent, column_ascent, dual_ascent, primal_dual_flow
from app.geometry.noisy_inputs import augmented, under_dropout, under_input_noise, with_penalty
from app.geometry.nonconvex import NonConvex, QuasiNorm
from app.geometry.optimizer import Memory, Optimizer, constant
from app.geometry.optimizers import Adam, AdamW, AnyOptimizer, GradientDescent, Momentum, Nesterov, RMSProp
from app.geometry.outcomes import Outcome
from app.geometry.paths import Path, follow
from app.geometry.patience import Stop, patient_stop
from app.geometry.planes import Profile, profile
from app.geometry.posteriors import GaussianPosterior, LaplaceApproximation, laplace_approximation
from app.geometry.random_bowls import Bowls, optima_in_diamonds, optima_in_discs, random_bowls, share_at_corners
from app.geometry.regularizer import Arc, Array, Edge, Norm, Piece, Regularizer
from app.geometry.regularizers import L1, L2, Convex, ElasticNet, Group, LInfinity, Lp, Partition, SquaredL2
from app.geometry.scalar_maps import diagonal_formula, elastic_net_map, hard_threshold, lasso_map, ridge_map
from app.geometry.slices import Slice
from app.geometry.solutions import Solution
from app.geometry.solvers import CertifiedOptimum, certified_plane_optimum, plane_optimum, solve, solve_many
from app.geometry.spectral import effective_degrees_of_freedom, ridge_path, shrunk
from app.geometry.trajectories import Trajectory, Walker, walk
from app.geometry.two_sided import TwoSided
from app.geometry.updates import (
    AnyUpdate,
    DecoupledDecay,
    GradientDecay,
    Projection,
    SignShrinkage,
    SoftThreshold,
    Unregularized,
    Update,
)
from app.geometry.validation import ValidationCurve, fold_of_each_row, validation_curve

__all__ = [
    "L1",
    "L2",
    "Adam",
    "AdamW",
    "AnyOptimizer",
    "AnyUpdate",
    "Arc",
    "Array",
    "Ascent",
    "Bowls",
    "Certificate",
    "CertifiedOptimum",
    "ClosedDescent",
    "Constrained",
    "Convex",
    "DecoupledDecay",
    "Edge",
    "ElasticNet",
    "Form",
    "Free",
    "GaussianPosterior",
    "GradientDecay",
    "GradientDescent",
    "Group",
    "GroupNorm",
    "LInfinity",
    "LaplaceApproximation",
    "LaplacePosterior",
    "LassoPath",
    "Logistic",
    "LogisticRows",
    "Loss",
    "Lp",
    "Memory",
    "Minimum",
    "Momentum",
    "Nearest",
    "Nesterov",
    "NonConvex",
    "Norm",
    "Optimizer",
    "Outcome",
    "Partition",
    "Path",
    "PathEvent",
    "Penalised",
    "Piece",
    "Profile",
    "Projection",
    "Quadratic",
    "QuasiNorm",
    "RMSProp",
    "Regularizer",
    "Rows",
    "SignShrinkage",
    "Slice",
    "SoftThreshold",
    "Solution",
    "SquaredL2",
    "SquaredRows",
    "Stop",
    "Surface",
    "Surrogate",
    "Trajectory",
    "TwoSided",
    "Unregularized",
    "Update",
    "ValidationCurve",
    "Walker",
    "augmented",
    "certified_plane_optimum",
    "certify",
    "column_ascent",
    "constant",
    "descend_coordinates",
    "diagonal_formula",
    "dual_ascent",
    "effective_degrees_of_freedom",
    "elastic_net_map",
    "elastic_net_path",
    "fold_of_each_row",
    "follow",
    "grid",
    "hard_threshold",
    "laplace_approximation",
    "largest_elastic_strength",
    "largest_filter_gap",
    "lasso_map",
    "lasso_path",
    "least_squares",
    "level_curve",
    "matching_strengths",
    "matching_times",
    "nearest_decay",
    "optima_in_diamonds",
    "optima_in_discs",
    "path_residuals",
    "patient_stop",
    "plane_optimum",
    "primal_dual_flow",
    "profile",
    "radius_at",
    "random_bowls",
    "ridge_map",
    "ridge_path",
    "rows_of",
    "share_at_corners",
    "share_reached",
    "shrunk",
    "solve",
    "solve_many",
    "strength_at",
    "sum_of_squares",
    "surrogate",
    "under_dropout",
    "under_input_noise",
    "validation_curve",
    "walk",
    "with_penalty",
]
