"""The weights of a network at a moment: drawn as edges, told where a unit is pointed at, counted."""

from itertools import pairwise

import numpy as np

from app.figures import diagrams, marks
from app.figures.diagrams import Diagram
from app.figures.marks import Array, Figure, Mark
from app.geometry.numerals import numeral
from app.labs.lab import Readout
from app.networks import Learner, Penalty

DEAD = 0.01  # the norm of the incoming weights of a unit that is dead, at most
MOST_TOLD = 40  # units whose numbers are told at each moment: of more, only where they are
WEIGHTS_TOLD = 6  # of a unit
WEIGHTS = "Weights"


def _told(sizes: tuple[int, ...]) -> bool:
    """Whether each unit tells its numbers."""
    return sum(sizes) <= MOST_TOLD


def still(diagram: Diagram) -> list[Mark]:
    """The units of a network that is too large for them to tell their numbers: they do not change."""
    return [] if _told(diagram.sizes) else diagrams.units(diagram)


def drawn(learner: Learner, dead: dict[int, list[int]]) -> Figure:
    """Edges, units with their numbers, and rings around those that are dead."""
    architecture = learner.setting.architecture
    diagram = Diagram(architecture.sizes)
    shapes = diagrams.edges(diagram, architecture.weights(learner.parameters))
    units = diagrams.units(diagram, texts=_texts(learner)) if _told(diagram.sizes) else []
    return marks.figure([*units, *_rings(diagram, dead)], shapes=shapes)


def _texts(learner: Learner) -> list[list[str]]:
    """By layer, what each unit says of itself."""
    architecture = learner.setting.architecture
    layers = zip(architecture.weights(learner.parameters), architecture.biases(learner.parameters), strict=True)
    told = [[_text(w, float(b)) for w, b in zip(W, biases, strict=True)] for W, biases in layers]
    return [[f"input {i + 1}" for i in range(architecture.sizes[0])], *told]


def _text(weights: Array, bias: float) -> str:
    few = ", ".join(numeral(one) for one in weights[:WEIGHTS_TOLD]) + ", …" * (len(weights) > WEIGHTS_TOLD)
    return f"w = ({few}), b = {numeral(bias)}"


def dead_units(norms: tuple[Array, ...]) -> dict[int, list[int]]:
    """Dead units by hidden layer, from 1."""
    hidden = list(enumerate(norms[:-1], start=1))
    return {layer: np.flatnonzero(one <= DEAD).tolist() for layer, one in hidden}


def _rings(diagram: Diagram, dead: dict[int, list[int]]) -> list[Mark]:
    places = [place for layer, some in dead.items() for unit in some if (place := diagram.at(layer, unit))]
    if not places:
        return []
    made = marks.dots("unit_dead", np.array(places), "dead: its weights are gone<extra></extra>")
    return [{**made, "marker": {**made["marker"], "size": diagram.size + 7, "line": {"width": 2}}}]


def readouts(learner: Learner, dead: dict[int, list[int]]) -> dict[str, Readout]:
    """The weights in numbers."""
    gone = sum(len(one) for one in dead.values())
    architecture = learner.setting.architecture
    weights = learner.parameters[architecture.is_weight > 0.0]
    bound = float(learner.multipliers.max()) if learner.multipliers.size else None
    return {
        "dead_units": Readout(gone, "dead units", f"hidden units whose incoming weights have a norm of at most {DEAD}"),
        "zeros": Readout(int((weights == 0.0).sum()), "weights exactly 0", "of all weights", group=WEIGHTS),
        "size": Readout(float(np.linalg.norm(weights)), "‖w‖₂", "the norm of all weights together", group=WEIGHTS),
        "largest": Readout(float(np.abs(weights).max()), "largest |wⱼ|", "of all weights", group=WEIGHTS),
        "longest": Readout(
            float(max(np.linalg.norm(one, axis=1).max() for one in architecture.weights(learner.parameters))),
            "longest ‖w_j‖₂", "of the incoming weights of any unit, outputs included", group=WEIGHTS,
        ),
        "layer_strengths": Readout(
            _by_layer(learner.setting.penalty), "strengths by layer", "of the weights into each layer", group=WEIGHTS
        ),
        "multiplier": Readout(bound, "largest multiplier α_j", "of all groups that are bound", group=WEIGHTS),
    }  # fmt: skip


def _by_layer(penalty: Penalty) -> str | None:
    """Both strengths of each layer, where they are set one by one."""
    both = (("α₁", penalty.l1), ("α₂", penalty.l2))
    said = [f"{name}: {', '.join(numeral(one) for one in given)}" for name, given in both if isinstance(given, tuple)]
    return "; ".join(said) or None


def left_out(diagram: Diagram) -> list[str]:
    """How many of the weights are drawn at most, where they are too many."""
    sizes = diagram.sizes
    all_of_them, most = diagrams.drawn_edges(diagram, [np.empty((out, of)) for of, out in pairwise(sizes)])
    return [f"Of its {all_of_them:,} weights {most} are drawn."] if most < all_of_them else []
