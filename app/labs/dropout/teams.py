"""Four networks alike, without and with dropout, without and with max-norm: trained in one run, tested under noise."""

from dataclasses import replace
from typing import NamedTuple

import numpy as np

from app.data import Lesson, Pattern
from app.data.library import Library
from app.figures import marks
from app.figures.diagrams import Diagram, edges, layout, units
from app.figures.marks import Array, Figure, Mark
from app.geometry import Outcome
from app.geometry.numerals import numeral
from app.labs.dropout.controls import DropoutKnobs, Way, dropping
from app.labs.film import Film, Plan, Reel, milliseconds
from app.labs.lab import Answer, Readout
from app.labs.training.changes import changes_of, held
from app.labs.training.layers import Hidden
from app.labs.training.layers import units as units_of
from app.labs.training.pictures import coarse, loss_axes
from app.labs.training.taught import architecture_for
from app.networks import (
    AnyActivation,
    AnyInitial,
    Examples,
    NoDropout,
    Projected,
    Setting,
    Snapshot,
    Supply,
    evaluate,
)
from app.networks.learners import Learner

TEAMS = {"none": "neither", "dropout": "dropout", "bound": "max-norm", "both": "dropout and max-norm"}
ORDER = tuple(TEAMS)
MASK, QUIET = "The mask that is drawn", "Without noise at the test"
MOST_TESTED = 400  # samples of the test that noise is added to
MOST_NOISE, LEVELS = 3.0, 9
TOO_HIGH = 3.0  # times the first loss
_EVERY = 2  # moments between two points of a curve


def plan(
    pattern: Pattern, hidden: Hidden, activation: AnyActivation, initial: AnyInitial, drop: float, drop_inputs: float,
    way: Way, radius: float, rate: float, batch: int, steps: int, seed: int, changes: str, library: Library,
) -> Plan:  # fmt: skip
    """All four on one task from the same weights, with the same minibatches and masks."""
    lesson = library.taught(pattern)
    alike = Setting(architecture_for(lesson, hidden, activation), initial, rate=rate, batch=batch, seed=seed)
    live = {"drop": drop, "drop_inputs": drop_inputs, "radius": radius, "rate": rate}
    later = held(changes_of(changes, DropoutKnobs))
    return Plan(
        lesson.task,
        _settings(alike, way, live),
        steps,
        tuple((moment, _settings(alike, way, live | turned)) for moment, turned in later),
    )


def _settings(alike: Setting, way: Way, live: dict[str, float]) -> tuple[Setting, ...]:
    """One for each team, in their order."""
    plain = replace(alike, rate=live["rate"])
    masked = replace(plain, dropout=dropping(way, live["drop"], live["drop_inputs"]))
    bound = Projected(radius=live["radius"])
    return plain, masked, replace(plain, constraint=bound), replace(masked, constraint=bound)


class Tested(NamedTuple):
    """Loss and accuracy (levels, S) of the test under noise; accuracies are empty where there are no classes."""

    losses: Array
    accuracies: Array


def tested(lesson: Lesson, learners: tuple[Learner, ...], levels: Array, seed: int) -> Tested:
    """Every network under each level of noise: the same noise for all, at every level a multiple of it.

    The samples of a small test are used several times, each with noise of its own.
    """
    count = lesson.test.count
    repeats = max(1, MOST_TESTED // count)
    inputs = np.tile(lesson.test.inputs[:MOST_TESTED], (repeats, 1))
    targets = np.tile(lesson.test.targets[:MOST_TESTED], (repeats, 1))
    noise = np.random.default_rng((seed, 9)).standard_normal(inputs.shape)
    stacked = np.stack([one.parameters for one in learners])
    dropouts = [one.setting.dropout for one in learners]
    architecture = learners[0].setting.architecture
    found = [evaluate(architecture, stacked, Examples(inputs + level * noise, targets), dropouts) for level in levels]
    right = [shares for _, shares in found if shares is not None]
    return Tested(np.array([losses for losses, _ in found]), np.array(right))


def picture(
    plan: Plan, reel: Reel, pattern: Pattern, test_noise: float, sample: int, seed: int, library: Library
) -> Answer:
    """All four at a moment, under noise, and the mask of a sample of the next minibatch."""
    lesson = library.taught(pattern)
    levels = np.append(np.linspace(0.0, MOST_NOISE, LEVELS), test_noise)
    found = tested(lesson, reel.learners, levels, seed)
    shots = tuple(reel.track[-1].models)
    drawn, told = _masked(plan, reel.learners[ORDER.index("dropout")], sample)
    figures = {"network": drawn, "teams": _losses(plan, reel), "noise": _under_noise(levels[:-1], found)}
    readouts = {**_compared(shots, found, test_noise), **told}
    objective = (
        f"minimise the mean cost C, four networks from the same weights; tested with noise σ = {numeral(test_noise)}"
    )
    return Answer(objective, figures, readouts, _outcome(plan, shots))


def _masked(plan: Plan, learner: Learner, sample: int) -> tuple[Figure, dict[str, Readout]]:
    """The network as one sample of the next minibatch sees it in training."""
    setting = learner.setting
    architecture = setting.architecture
    given = Supply([setting], plan.task.training).stretch(learner.step, learner.seen)[0]
    place = (sample - 1) % given.inputs.shape[-1]
    kept = [mask[0, :, place] > 0.0 for mask in given.masks]
    absent = _inputs_left_out(setting, plan.task.training, learner, place)
    off = {0: absent} | {layer: np.flatnonzero(~mask).tolist() for layer, mask in enumerate(kept, start=1)}
    diagram = Diagram(architecture.sizes)
    weights = [np.clip(one, -1e6, 1e6) for one in architecture.weights(learner.parameters)]
    crosses = [
        marks.point("unit_struck", at) for layer, some in off.items() for unit in some
        if (at := diagram.at(layer, unit)) is not None
    ]  # fmt: skip
    hidden = sum(architecture.hidden)
    active = hidden - sum(len(some) for layer, some in off.items() if layer)
    readouts = {
        "active": Readout(active, "hidden units that take part", f"of {hidden}, for this sample", group=MASK),
        "active_share": Readout(
            100.0 * active / hidden if hidden else None, "as a share", "on average the share that is kept", "%", MASK
        ),
        "inputs_left": Readout(
            architecture.sizes[0] - len(absent), "inputs that take part", f"of {architecture.sizes[0]}", group=MASK
        ),
    }  # fmt: skip
    return marks.figure([], shapes=[*edges(diagram, weights, without=off), *crosses]), readouts


def _inputs_left_out(setting: Setting, training: Examples, learner: Learner, place: int) -> list[int]:
    """Which inputs the mask of this sample leaves out: told from inputs that are all 1."""
    if isinstance(setting.dropout, NoDropout) or setting.dropout.shares[0] == 1.0:
        return []
    ones = Examples(np.ones_like(training.inputs), training.targets)
    shown = Supply([setting], ones).stretch(learner.step, learner.seen)[0].inputs
    return np.flatnonzero(shown[0, :-1, place] == 0.0).tolist()


def _losses(plan: Plan, reel: Reel) -> Figure:
    """The test loss of each, without noise, up to the moment; one that runs away leaves the chart."""
    frames = [one for i, one in enumerate(reel.track) if i % _EVERY == 0 or i == reel.moment]
    top = TOO_HIGH * max(frames[0].models[0].validation_loss or 0.0, 1e-6)
    data, ends = list[Mark](), list[float]()
    for place, name in enumerate(ORDER):
        values = np.array([min(one.models[place].validation_loss or 0.0, 1.5 * top) for one in frames])
        points = np.column_stack([[one.models[place].step for one in frames], coarse(values)])
        data.append(marks.line(f"team_{name}", points, "step %{x}: %{y}<extra>%{fullData.name}</extra>"))
        ends += [float(values.min()), float(values.max())]
    turned = [marks.rule("turned", x=plan.step(moment)) for moment, _ in plan.changes]
    return marks.figure(
        data, shapes=turned, **loss_axes(plan, "test loss", (0.9 * min(ends), min(top, 1.05 * max(ends))))
    )


def _under_noise(levels: Array, found: Tested) -> Figure:
    """Accuracy against noise; the loss where there are no classes."""
    classes = found.accuracies.size > 0
    values = 100.0 * found.accuracies[:-1] if classes else np.minimum(found.losses[:-1], 1e6)
    unit = " %" if classes else ""
    data = [
        marks.line(
            f"team_{name}", np.column_stack([levels, coarse(values[:, place], 4)]),
            f"σ = %{{x}}: %{{y}}{unit}<extra>%{{fullData.name}}</extra>",
        )
        for place, name in enumerate(ORDER)
    ]  # fmt: skip
    title = "test accuracy, %" if classes else "test loss"
    low, high = float(values.min()), float(values.max())
    margin = 0.05 * (high - low) or 1.0
    chart = marks.chart(
        "noise σ on the inputs of the test", title, x_range=(0.0, MOST_NOISE), y_range=(low - margin, high + margin)
    )
    return marks.figure(data, **chart)


def _compared(shots: tuple[Snapshot, ...], found: Tested, level: float) -> dict[str, Readout]:
    """Losses and accuracies under the noise that is set, and without."""
    readouts = dict[str, Readout]()
    for place, (name, words) in enumerate(TEAMS.items()):
        noisy = float(min(found.losses[-1, place], 1e150))
        right = 100.0 * float(found.accuracies[-1, place]) if found.accuracies.size else None
        shot = shots[place]
        readouts |= {
            f"noisy_{name}": Readout(
                noisy, f"noisy test loss, {words}", f"with noise σ = {numeral(level)} on the inputs"
            ),
            f"noisy_accuracy_{name}": Readout(
                right, f"noisy test accuracy, {words}", f"with noise σ = {numeral(level)} on the inputs", "%"
            ),
            f"test_{name}": Readout(shot.validation_loss, f"test loss, {words}", "nobody dropped", group=QUIET),
            f"accuracy_{name}": Readout(
                None if shot.validation_accuracy is None else 100.0 * shot.validation_accuracy,
                f"test accuracy, {words}", "the share of the test whose class is right", "%", QUIET,
            ),
            f"training_{name}": Readout(shot.loss, f"training loss, {words}", "nobody dropped", group=QUIET),
        }  # fmt: skip
    return readouts


def _outcome(plan: Plan, shots: tuple[Snapshot, ...]) -> Outcome:
    """Where they are, and who ran away."""
    lost = [
        f"{words[:1].upper()}{words[1:]}: {shot.outcome.sentence}"
        for words, shot in zip(TEAMS.values(), shots, strict=True)
        if shot.outcome is not None and shot.outcome.kind == "diverged"
    ]
    step = max(shot.step for shot in shots)
    every = len(lost) == len(shots)
    return Outcome("diverged" if every else "out_of_steps", " ".join([f"Step {step:,} of {plan.steps:,}.", *lost]))


FILM = Film(plan, picture)


def cost(**given: object) -> float:
    """The training of four, and tests under noise at the moment."""
    moment = given["moment"]
    made = FILM.planned(given)
    tests = 10.0 + 3e-6 * LEVELS * MOST_TESTED * len(ORDER) * made.settings[0].architecture.parameters
    return tests + milliseconds(made, moment if isinstance(moment, int) else 100)


def stage(pattern: Pattern, hidden: Hidden, test_noise: float, library: Library) -> Answer:
    """The places of the units, and the noise that the readouts are at: nothing that a moment changes."""
    lesson = library.taught(pattern)
    sizes = (len(lesson.inputs), *units_of(hidden), lesson.outputs)
    diagram = Diagram(sizes)
    names = lesson.classes if lesson.outputs > 1 else ()
    network = marks.figure(units(diagram), **layout(diagram, lesson.inputs, names))
    noise = marks.figure([], shapes=[marks.rule("noise_now", x=min(test_noise, MOST_NOISE))])
    said = f"The four learn {lesson.sentence}. {' '.join(lesson.notes)}".strip()
    return Answer(
        f"a network of {' – '.join(map(str, sizes))} units", {"network": network, "noise": noise}, {},
        Outcome("converged", said),
    )  # fmt: skip
