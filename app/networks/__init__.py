"""Networks: multilayer perceptrons, what regularizes them, and how they are trained.

Pure NumPy, batched over settings and seeds. A Setting says what is trained and how; `begin` makes a Run of some of
them, `advance` takes it further and gives a Frame of what can be drawn. `predict`, `evaluate`, `gradient` and `signals`
are the same networks as functions of their parameters, and `landscape` is their cost on a plane of those.
"""

from app.networks.activations import Activation, AnyActivation, LeakyReLU, Linear, ReLU, Sigmoid, Tanh
from app.networks.architectures import Architecture
from app.networks.constraints import AnyConstraint, Constraint, Multiplied, Projected, Unconstrained
from app.networks.costs import AnyCost, Cost, CrossEntropy, QuadraticCost
from app.networks.divergence import steepest
from app.networks.draws import Given, Supply, initial_parameters
from app.networks.dropouts import AnyDropout, ClassicDropout, Dropout, InvertedDropout, NoDropout
from app.networks.frames import Frame, Snapshot, frame_of
from app.networks.initials import AnyInitial, Constant, He, Initial, Large, Small, Xavier, Zero
from app.networks.landscapes import Landscape, landscape
from app.networks.learners import Learner
from app.networks.measures import Signals, evaluate, forward, gradient, predict, signals
from app.networks.parameter_planes import (
    ParameterPlane,
    PrincipalPlane,
    axes_plane,
    filter_normalised,
    plane_through,
    principal_plane,
    random_plane,
)
from app.networks.penalties import Penalty, elastic_net
from app.networks.runs import Run, advance, begin, change, rewind
from app.networks.settings import Precision, Setting
from app.networks.tasks import Examples, Task

__all__ = [
    "Activation",
    "AnyActivation",
    "AnyConstraint",
    "AnyCost",
    "AnyDropout",
    "AnyInitial",
    "Architecture",
    "ClassicDropout",
    "Constant",
    "Constraint",
    "Cost",
    "CrossEntropy",
    "Dropout",
    "Examples",
    "Frame",
    "Given",
    "He",
    "Initial",
    "InvertedDropout",
    "Landscape",
    "Large",
    "LeakyReLU",
    "Learner",
    "Linear",
    "Multiplied",
    "NoDropout",
    "ParameterPlane",
    "Penalty",
    "Precision",
    "PrincipalPlane",
    "Projected",
    "QuadraticCost",
    "ReLU",
    "Run",
    "Setting",
    "Sigmoid",
    "Signals",
    "Small",
    "Snapshot",
    "Supply",
    "Tanh",
    "Task",
    "Unconstrained",
    "Xavier",
    "Zero",
    "advance",
    "axes_plane",
    "begin",
    "change",
    "elastic_net",
    "evaluate",
    "filter_normalised",
    "forward",
    "frame_of",
    "gradient",
    "initial_parameters",
    "landscape",
    "plane_through",
    "predict",
    "principal_plane",
    "random_plane",
    "rewind",
    "signals",
    "steepest",
]
