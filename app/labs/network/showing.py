"""The two parts of the page: the ground, which no training moves, and the training at a moment."""

from itertools import pairwise

from app.data import Lesson, Library, Relief, Taught
from app.data.sentences import counted
from app.figures import diagrams, marks
from app.figures.diagrams import Diagram
from app.figures.marks import Figure, Mark
from app.geometry import Outcome
from app.geometry.numerals import numeral
from app.labs.film import Plan, Reel
from app.labs.lab import Answer, Readout
from app.labs.network import answers, mosaic, relief, weighed
from app.labs.network.features import ChosenFeatures, Features, chosen, given, named
from app.labs.network.knobs import View
from app.labs.training import pictures, telling
from app.labs.training.layers import Hidden, units
from app.labs.training.pictures import Says
from app.networks import Learner, Multiplied, Projected, Setting

NETWORK = "The network and its data"


def ground(pattern: Taught, features: Features, hidden: Hidden, show_test: bool, library: Library) -> Answer:
    """The samples, the units, all axes: what neither a step nor a strength moves."""
    lesson = library.taught(pattern)
    names, layers = named(lesson, features), units(hidden)
    diagram = Diagram((len(names), *layers, lesson.outputs))
    outputs = lesson.classes if lesson.outputs > 1 else (lesson.classes[-1:] or ("y",))
    if len(lesson.classes) == 2:
        outputs = (f"is {lesson.classes[1]}",)
    figures = {
        "says": _still(lesson, pattern, show_test),
        "network": marks.figure(weighed.still(diagram), **diagrams.layout(diagram, names, outputs)),
    }
    tiles = mosaic.mosaic(pattern, lesson, layers)
    figures["units"] = marks.figure([], **(mosaic.axes(tiles) if tiles else _without_tiles(layers)))
    sizes = "-".join(str(size) for size in diagram.sizes)
    learns = f"Learns {lesson.sentence}."
    told = " ".join((learns, *weighed.left_out(diagram), *_notes(lesson, features), *lesson.notes))
    objective = f"a {sizes} network learns {lesson.sentence}"
    return Answer(objective, figures, _counts(lesson, diagram), Outcome("converged", told))


def _still(lesson: Lesson, pattern: Taught, show_test: bool) -> Figure:
    """What lies under what the network says."""
    if isinstance(pattern, Relief):
        return relief.samples(lesson, test=show_test)
    return answers.ground(lesson) if lesson.window is None else pictures.samples(lesson, pattern, test=show_test)


def _without_tiles(layers: tuple[int, ...]) -> Mark:
    """Why no unit is drawn, in the place of their pictures."""
    why = "Inputs that are no plane<br>give no picture of a unit." if layers else "There is no hidden unit."
    hidden: Mark = {"visible": False, "range": [0, 1]}
    return {"xaxis": hidden, "yaxis": hidden, "annotations": [{"x": 0.5, "y": 0.5, "text": why}]}


def _notes(lesson: Lesson, features: Features) -> list[str]:
    """What of the knobs does not count here."""
    if not isinstance(features, ChosenFeatures) or chosen(lesson, features):
        return []
    if lesson.window is not None and len(lesson.inputs) == 2:
        return ["A network needs inputs: none is chosen, so it is given x₁ and x₂ as they are."]
    return ["Functions of x₁ and x₂ are for points in the plane: the network is given all inputs as they are."]


def _counts(lesson: Lesson, diagram: Diagram) -> dict[str, Readout]:
    sizes = diagram.sizes
    weights = [n_in * n_out for n_in, n_out in pairwise(sizes)]
    return {
        "weights": Readout(sum(weights), "weights", "what penalties and bounds act on", group=NETWORK),
        "biases": Readout(sum(sizes[1:]), "biases", "one for each unit; never penalised, never bound", group=NETWORK),
        "trained_on": Readout(lesson.task.training.count, "samples trained on", "n", group=NETWORK),
        "tested_on": Readout(lesson.test.count, "samples of the test", "that nothing is learnt from", group=NETWORK),
    }


def picture(plan: Plan, reel: Reel, pattern: Taught, features: Features, view: View, library: Library) -> Answer:
    """The network at a moment: what it says, its weights, how it came there."""
    lesson, learner, seen = library.taught(pattern), reel.learners[0], pictures.shots(reel)
    names, shot = chosen(lesson, features), pictures.shots(reel)[-1]
    architecture = learner.setting.architecture
    tiles = mosaic.mosaic(pattern, lesson, architecture.hidden)
    dead = weighed.dead_units(shot.norms)
    figures = {
        "says": _said(lesson, says(learner, names), view),
        "network": weighed.drawn(learner, dead),
        "losses": pictures.losses(plan, seen),
        "accuracies": pictures.accuracies(plan, seen),
        "spread": pictures.histogram(architecture, learner.parameters),
        "units": marks.figure(
            mosaic.drawn(tiles, lesson, architecture, learner.parameters, names) if tiles else []
        ),
    }  # fmt: skip
    read = telling.readouts(shot) | telling.on_the_way(seen) | weighed.readouts(learner, dead)
    return Answer(written(learner.setting), figures, read, telling.went(plan, seen))


def says(learner: Learner, names: tuple[str, ...]) -> Says:
    """What the network says of points (m, d) of the lesson."""
    plain = pictures.said_by(learner)
    return lambda inputs: plain(given(inputs, names))


def _said(lesson: Lesson, network: Says, view: View) -> Figure:
    if relief.is_one(lesson):
        return relief.surface(lesson, network, signs=view == "classes")
    if lesson.window is not None:
        return pictures.surface(lesson, network, discretise=view == "classes")
    return marks.figure(answers.said(lesson, network(lesson.test.inputs)))


def _bound(setting: Setting) -> str:
    """What bounds the weights, after what is minimised."""
    constraint = setting.constraint
    if not isinstance(constraint, Projected | Multiplied):
        return ""
    whose = "‖w_j‖₂ of each unit" if constraint.scope == "unit" else "‖W‖_F of each layer"
    how = "projection" if isinstance(constraint, Projected) else "multipliers"
    return f" subject to {whose} ≤ {numeral(constraint.radius, 4)}, by {how}"


def written(setting: Setting) -> str:
    """What is minimised and how, in words and symbols."""
    cost = setting.architecture.cost
    named_cost = "cross-entropy" if cost.kind == "cross_entropy" else "half the squared distance"
    terms = [f"C, the mean {named_cost}"]
    for symbol, strength, measure in (("α₁", setting.penalty.l1, "‖w‖₁"), ("α₂", setting.penalty.l2, "½‖w‖²")):
        values = strength if isinstance(strength, tuple) else (strength,)
        if any(values):
            said = numeral(values[0], 4) if len(set(values)) == 1 else f"({', '.join(numeral(one) for one in values)})"
            terms.append(f"{symbol}{measure} with {symbol} = {said}")
    terms[-1] += _bound(setting)
    rule = type(setting.optimizer).model_config.get("title") or setting.optimizer.kind.replace("_", " ")
    pace = f"η = {numeral(setting.rate, 4)}, {counted(setting.batch, 'sample')} a step"
    said = f"minimise {' + '.join(terms)}; {rule}, {pace}"
    return f"{said}, in single precision" if setting.precision == "single" else said
