"""What a network has learnt, as numbers for whoever takes it elsewhere: a forward pass needs nothing else."""

from typing import Any

from app.data import Library, Taught
from app.geometry import Outcome
from app.knobs import flatten
from app.labs.film import Plan, Reel
from app.labs.lab import Answer
from app.labs.network.features import Features, named
from app.networks import Learner
from app.networks.layer_norms import EPSILON

AT_TEST = "a ← f(Wa + b) by layer; the last one's sum goes through the output's function"
NORMALISED = f"; each hidden sum is normalised first, γ(z − mean)/√(variance + {EPSILON:g}) + β over the layer's units"


def numbers(plan: Plan, reel: Reel, pattern: Taught, features: Features, library: Library) -> Answer:
    """The network at a moment: what it reads, its layers, its functions. Dropout is in the weights, as at test."""
    (learner,) = reel.learners
    lesson, architecture = library.taught(pattern), learner.setting.architecture
    found = {
        "step": learner.step,
        "inputs": list(named(lesson, features)),
        "outputs": list(lesson.classes) if lesson.outputs > 1 else list(lesson.classes[-1:]) or ["y"],
        "activation": flatten(architecture.activation),
        "output": architecture.cost.output,
        "layers": _layers(learner),
    }
    said = f"Step {learner.step} of {plan.steps}. {AT_TEST}{NORMALISED * architecture.layer_norm}."
    return Answer(f"learns {lesson.sentence}", {}, {}, Outcome("stopped", said), found)


def _layers(learner: Learner) -> list[dict[str, Any]]:
    """By layer, weights (n_out, n_in) and biases (n_out,), gains and shifts where it is normalised."""
    architecture, dropout = learner.setting.architecture, learner.setting.dropout
    kept, kept_hidden = dropout.shares
    found: list[dict[str, Any]] = []
    for i, rows in enumerate(architecture.split(learner.parameters)):
        n_in = architecture.sizes[i]
        factor = dropout.test_factor(kept_hidden if i else kept)
        layer = {"weights": factor * rows[:, :n_in], "biases": rows[:, n_in].copy()}
        norm = {"gains": rows[:, -2].copy(), "shifts": rows[:, -1].copy()} if rows.shape[1] > n_in + 1 else {}
        found.append(layer | norm)
    return found
