"""What labs that train draw alike: samples, what a network says, its losses with and without the penalty, its weights.

Still pictures (`samples`, `loss_axes`) belong into a part that does not depend on the moment; what moves is drawn by
the others, rounded to what a picture can show, because a page keeps a hundred of them.
"""

from collections.abc import Callable, Sequence
from math import floor, log10

import numpy as np

from app.data import Curve, Lesson, Pattern
from app.data.lessons import true_curve
from app.figures import marks
from app.figures.digits import rounded
from app.figures.marks import Array, Figure, Mark
from app.labs.film import Plan, Reel
from app.networks import Examples, Snapshot, predict
from app.networks.architectures import Architecture
from app.networks.learners import Learner

Says = Callable[[Array], Array]  # inputs (m, d) of a lesson -> what a network says (m, n_out)

CELLS = 32  # of a surface along each side
POINTS = 81  # of a curve
MOST_DOTS = 400  # of training, and of the test
WORST = 20.0  # per cent below 0
BINS = 21  # of a histogram; odd, so that 0 is in the middle of one
MOST_POINTS = 52  # of a line over the steps
TOO_HIGH = 5.0  # times the first loss: what is drawn of a loss that runs away


def coarse(values: Array, digits: int = 3) -> Array:
    """So many significant digits of the largest value: for traces of which a page keeps a hundred. All finite."""
    largest = float(np.abs(rounded(values)).max(initial=0.0))
    return values if largest == 0.0 else np.round(values, digits - 1 - floor(log10(largest))) + 0.0


def shots(reel: Reel, model: int = 0) -> list[Snapshot]:
    """The snapshots of one network, by moment, of a film that records frames (`frames_only`)."""
    return [frame.models[model] for frame in reel.track]


def said_by(learner: Learner) -> Says:
    """What a network says at test of inputs (m, d), as a function to be drawn."""

    def says(inputs: Array) -> Array:
        setting = learner.setting
        return predict(setting.architecture, learner.parameters, inputs, setting.dropout)

    return says


# Samples, and what a network says of the inputs.


def samples(lesson: Lesson, pattern: Pattern, *, test: bool = True) -> Figure:
    """The samples of a lesson along a line or in a plane, on its axes; nothing but an empty figure beyond two inputs.

    Args:
        lesson: what is taught.
        pattern: what it was made of; of a curve the true one is drawn too.
        test: whether those of the test are drawn.
    """
    if lesson.window is None:
        return marks.figure([])
    both = (("sample", lesson.task.training), *((("test", lesson.test),) if test else ()))
    if len(lesson.inputs) == 1:
        drawn = [dot for role, some in both for dot in _values(role, some)]
        heights = np.concatenate([lesson.task.training.targets, lesson.test.targets])
        margin = 0.15 * float(np.ptp(heights)) + 0.1
        ends = float(heights.min()) - margin, float(heights.max()) + margin
        axes = marks.chart(lesson.inputs[0], "y", x_range=lesson.window, y_range=ends)
        return marks.figure([*_truth(lesson, pattern), *drawn], **axes)
    drawn = [dot for role, some in both for dot in _classes(role, some, lesson)]
    names = (lesson.inputs[0], lesson.inputs[1])
    return marks.figure(drawn, **marks.axes(names, (*lesson.window, *lesson.window)))


def _values(role: str, some: Examples) -> list[Mark]:
    points = np.column_stack([some.inputs[:MOST_DOTS, 0], some.targets[:MOST_DOTS, 0]])
    return [_small(marks.dots(role, coarse(points), "x = %{x}<br>y = %{y}<extra></extra>"))]


def _classes(role: str, some: Examples, lesson: Lesson) -> list[Mark]:
    """Those of each of the two classes; hollow in the test."""
    hover = "x₁ = %{x}<br>x₂ = %{y}<extra></extra>"
    targets, inputs = some.targets[:MOST_DOTS, 0], some.inputs[:MOST_DOTS]
    return [
        _small(marks.dots(f"{role}_{i}", coarse(inputs[targets == i]), hover))
        for i in range(len(lesson.classes))
        if (targets == i).any()
    ]


def _small(dots: Mark) -> Mark:
    return {**dots, "marker": {**dots["marker"], "size": 6}}


def _truth(lesson: Lesson, pattern: Pattern) -> list[Mark]:
    if not isinstance(pattern, Curve) or lesson.window is None:
        return []
    x = np.linspace(*lesson.window, 161)
    return [marks.line("truth", np.column_stack([x, coarse(true_curve(pattern, x))]), "f(%{x}) = %{y}")]


def surface(lesson: Lesson, says: Says, *, discretise: bool = False, cells: int = CELLS) -> Figure:
    """What a network says over the line or the plane of its inputs; an empty figure beyond two inputs.

    In the plane the probability of class 1 in per cent, as colours; discretised, 0 or 100 for the class it chooses.
    Along a line the curve that it says. Lay it over `samples`, which has the axes.

    Args:
        lesson: what was taught.
        says: the network, of the lesson's own inputs: see `said_by`; transform them within it where it has features.
        discretise: whether only the class is drawn.
        cells: of the surface along each side.
    """
    if lesson.window is None:
        return marks.figure([])
    if len(lesson.inputs) == 1:
        x = np.linspace(*lesson.window, POINTS)
        heights = np.clip(says(x[:, None])[:, 0], -1e6, 1e6)
        hover = "says %{y} at x = %{x}<extra></extra>"
        return marks.figure([marks.line("says_line", np.column_stack([x.round(3), coarse(heights)]), hover)])
    across = middles(lesson.window, cells)
    chances = says(squared(across))[:, 0].reshape(cells, cells)
    if discretise:
        return marks.figure([_heat("says", across, (chances > 0.5).astype(float))])
    return marks.figure([{**_heat("says", across, chances), "zsmooth": "best"}])


def middles(window: tuple[float, float], cells: int) -> Array:
    """(cells,) the middles of cells between the ends of a window."""
    low, high = window
    return low + (np.arange(cells) + 0.5) * (high - low) / cells


def squared(across: Array) -> Array:
    """(m², 2) the points of a square grid, row by row from below."""
    return np.stack(np.meshgrid(across, across), axis=-1).reshape(-1, 2)


def _heat(role: str, across: Array, chances: Array) -> Mark:
    """Probabilities as colours, in whole per cent: half the bytes of fractions."""
    place = "x₁ = %{x}<br>x₂ = %{y}<br>class 1: %{z} %<extra></extra>"
    found = marks.heat(role, across.round(4), across.round(4), np.round(100.0 * chances), place)
    return {**found, "z": np.round(100.0 * np.clip(chances, 0.0, 1.0)).astype(np.int8), "zmin": 0, "zmax": 100}


# Losses and accuracies.


def losses(plan: Plan, seen: Sequence[Snapshot]) -> Figure:
    """The loss up to the moment: training and test without the penalty, and what is minimised, with it.

    The third is drawn where there is a penalty. A loss that runs away leaves the chart at `TOO_HIGH` times the first.

    Args:
        plan: of the film.
        seen: the snapshots of one network up to the moment: see `shots`.
    """
    top = TOO_HIGH * max(seen[0].loss + seen[0].penalty, seen[0].validation_loss or 0.0, 1e-9)
    series = {"cost_penalised": [one.loss + one.penalty for one in seen]} if any(one.penalty for one in seen) else {}
    series |= {"cost_training": [one.loss for one in seen]}
    series |= {"cost_test": [one.validation_loss or 0.0 for one in seen]} if seen[0].validation_loss is not None else {}
    drawn = [_series(role, seen, np.minimum(values, 1.5 * top), "loss %{y}") for role, values in series.items()]
    high = min(top, 1.05 * max(float(np.max(one["y"])) for one in drawn))
    return marks.figure(drawn, shapes=_turned(plan), **loss_axes(plan, "mean loss C", (0.0, high or 1.0), seen))


def accuracies(plan: Plan, seen: Sequence[Snapshot]) -> Figure:
    """The share that is right up to the moment, in per cent; where a number is learnt, the share of its variance told.

    That is 1 − ‖y − a‖²/‖y − ȳ‖², below 0 for what is worse than the mean; it is cut off at −`WORST` %.
    """
    if seen[0].accuracy is None:
        return _told(plan, seen)
    series = {"accuracy_training": [one.accuracy for one in seen]}
    series["accuracy_test"] = [one.validation_accuracy for one in seen]
    drawn = [
        _series(role, seen, np.array([100.0 * (value or 0.0) for value in values]), "%{y} %")
        for role, values in series.items()
        if values[0] is not None
    ]
    return marks.figure(drawn, shapes=_turned(plan), **loss_axes(plan, "right, %", (0.0, 103.0), seen))


def _told(plan: Plan, seen: Sequence[Snapshot]) -> Figure:
    """R² of both, from half the mean squared distance."""
    losses = {"training": [one.loss for one in seen], "test": [one.validation_loss or 0.0 for one in seen]}
    both = {"training": plan.task.training, "test": plan.task.validation}
    drawn = []
    for name, examples in both.items():
        spread = float(examples.targets.var(axis=0).sum()) if examples is not None else 0.0
        if spread > 0.0:
            told = np.maximum(100.0 * (1.0 - 2.0 * np.array(losses[name]) / spread), -WORST)
            words = f"share of the variance told, {name}"
            drawn.append(_series(f"accuracy_{name}", seen, told, "%{y} %", words))
    axes = loss_axes(plan, "variance told, %", (-WORST, 103.0), seen)
    return marks.figure(drawn, shapes=_turned(plan), **axes)


def loss_axes(
    plan: Plan, title: str, heights: tuple[float, float], seen: Sequence[Snapshot] = ()
) -> Mark:  # fmt: skip
    """The axes of anything over the steps of a film: all of them, or those up to where what was seen diverged."""
    ended = seen[-1].outcome if seen else None
    last = seen[-1].step if ended is not None and ended.kind == "diverged" else plan.steps
    return marks.chart("step", title, x_range=(-0.01 * last, 1.01 * last), y_range=heights)


def over_steps(role: str, seen: Sequence[Snapshot], values: Sequence[float], word: str, name: str = "") -> Mark:
    """One number for each moment as a line over the steps; `word` is what it is called when pointed at."""
    return _series(role, seen, np.asarray(values, dtype=float), f"{word} %{{y}}", name)


def _series(role: str, seen: Sequence[Snapshot], values: Array, word: str, name: str = "") -> Mark:
    """A line over the steps; of many moments every second, so that a film stays small."""
    points = np.column_stack([[one.step for one in seen], coarse(values, 4)])
    stride = -(-len(points) // MOST_POINTS)
    thinned = points[(len(points) - 1) % stride :: stride]
    return marks.line(role, thinned, f"step %{{x}}<br>{word}<extra>%{{fullData.name}}</extra>", name)


def _turned(plan: Plan) -> list[Mark]:
    """Where something was turned while it ran."""
    return [marks.rule("turned", x=plan.step(moment)) for moment, _ in plan.changes]


# Weights.


def histogram(architecture: Architecture, parameters: Array) -> Figure:
    """How the weights of each layer are spread: the share of its weights by size, one stepped line for each layer.

    All layers have the same bins, around 0 and out to the largest weight.
    """
    layers = [one.ravel() for one in architecture.weights(parameters)]
    reach = max(1e-9, *(float(np.abs(one).max(initial=0.0)) for one in layers))
    bounds = np.linspace(-reach, reach, BINS + 1)
    middle = coarse((bounds[:-1] + bounds[1:]) / 2)
    drawn = []
    for place, one in enumerate(layers, start=1):
        shares = 100.0 * np.histogram(one, bounds)[0] / one.size
        hover = f"layer {place}: %{{y}} % of {one.size:,} weights<br>around %{{x}}<extra></extra>"
        made = marks.line(f"layer_{min(place, 7)}", np.column_stack([middle, coarse(shares)]), hover)
        drawn.append({**made, "line": {**made["line"], "shape": "hvh"}})
    axes = marks.chart("weight", "share of its layer, %", x_range=(-1.02 * reach, 1.02 * reach), y_range=(0.0, 100.0))
    return marks.figure(drawn, **axes)
