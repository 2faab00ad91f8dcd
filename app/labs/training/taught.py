"""From what is taught to the network that learns it: inputs, outputs and cost follow from the lesson."""

from app.data import Lesson
from app.labs.training.layers import Hidden, units
from app.networks import AnyActivation, AnyCost, Architecture, CrossEntropy, QuadraticCost


def architecture_for(lesson: Lesson, hidden: Hidden, activation: AnyActivation) -> Architecture:
    """A network of these hidden layers whose ends fit the lesson."""
    return Architecture((len(lesson.inputs), *units(hidden), lesson.outputs), activation, cost_of(lesson))


def cost_of(lesson: Lesson) -> AnyCost:
    """Cross-entropy for classes, softmax where there are more than two; the quadratic cost for a number."""
    if not lesson.classes:
        return QuadraticCost()
    return CrossEntropy(output="sigmoid" if lesson.outputs == 1 else "softmax")
