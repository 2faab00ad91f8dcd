"""The film of the five: test losses and dead units over the steps, and one of them looked at closely."""

from collections.abc import Sequence

import numpy as np

from app.data import Pattern
from app.data.library import Library
from app.figures import marks
from app.figures.marks import Figure
from app.geometry import Outcome
from app.labs.film import Film, Plan, Reel, milliseconds
from app.labs.lab import Answer
from app.labs.training.layers import Hidden, units
from app.labs.training.pictures import coarse, loss_axes
from app.labs.units import strip, told
from app.labs.units.controls import RIVALS, Rival
from app.labs.units.rivals import ORDER, Moment, plan, record
from app.networks.constraints import Multiplied, Projected
from app.networks.group_multipliers import GroupMultipliers, multipliers_asked
from app.networks.vitality import vitality

TOO_HIGH = 3.0  # times the first loss: what is drawn of a test loss
_EVERY = 2  # moments between two points of a curve


def picture(plan: Plan, reel: Reel, shown: Rival) -> Answer:
    """All five at a moment."""
    place = ORDER.index(shown)
    track: Sequence[Moment] = reel.track
    learner = reel.learners[place]
    alive = vitality(learner.setting.architecture, learner.parameters, plan.task.training)
    found = strip.seen(learner, track[-1].shots[place].norms, alive)
    bounded = reel.learners[ORDER.index("layer" if shown == "layer" else "unit")]
    asked = _asked(plan, reel, shown)
    figures = {
        "network": strip.drawn(found),
        "strip": _strip(found, shown, _highest(track, place)),
        "rivals": _losses(plan, track),
        "deaths": _deaths(plan, track, len(found.starved) - found.architecture.sizes[-1]),
        "multipliers": strip.multipliers(asked, bounded.multipliers, _groups(found, shown)),
    }
    readouts = {
        **told.compared(track[-1]),
        **told.looked(track[-1], place, found, asked, bounded.multipliers),
        **told.rest(track[-1]),
    }
    objective = f"minimise the mean cost C, five networks, each with its own regularizer; looked at: {RIVALS[shown]}"
    return Answer(objective, figures, readouts, told.outcome(plan, track[-1], place))


def _asked(plan: Plan, reel: Reel, shown: Rival) -> GroupMultipliers:
    """What stationarity asks of the groups of the bounded network that is nearest to the one looked at."""
    learner = reel.learners[ORDER.index("layer" if shown == "layer" else "unit")]
    setting = learner.setting
    assert isinstance(setting.constraint, Projected | Multiplied)  # noqa: S101 (as `rivals.plan` makes them)
    return multipliers_asked(
        setting.architecture, learner.parameters, plan.task.training, setting.constraint.bound,
        setting.constraint.scope,
    )  # fmt: skip


def _groups(found: strip.Seen, shown: Rival) -> list[str]:
    if shown != "layer":
        return strip.unit_names(found.architecture)
    return [f"layer {i}" for i in range(1, len(found.architecture.sizes))]


def _highest(track: Sequence[Moment], place: int) -> float:
    """The largest norm up to here, of what can be drawn."""
    return min(1e6, max(float(one.max()) for seen in track for one in seen.shots[place].norms))


def _strip(found: strip.Seen, shown: Rival, highest: float) -> Figure:
    constraint = found.learner.setting.constraint
    bound = constraint.bound if shown == "unit" else None
    share = constraint.bound if shown == "layer" else None
    return strip.strip(found, bound, share, max(highest, min(bound or 0.0, 2.0 * highest)))


def _kept(track: Sequence[Moment]) -> list[Moment]:
    """Every other moment, and the last."""
    return [one for i, one in enumerate(track) if i % _EVERY == 0 or i == len(track) - 1]


def _losses(plan: Plan, track: Sequence[Moment]) -> Figure:
    """The test loss of each up to the moment; one that runs away leaves the chart."""
    kept = _kept(track)
    top = TOO_HIGH * max((track[0].shots[0].validation_loss or 0.0), 1e-6)
    data, ends = [], list[float]()
    for place, name in enumerate(ORDER):
        values = np.array([min(one.shots[place].validation_loss or 0.0, 1.5 * top) for one in kept])
        steps = [one.shots[place].step for one in kept]
        points = np.column_stack([steps, coarse(values)])
        data.append(marks.line(f"rival_{name}", points, "step %{x}: %{y}<extra>%{fullData.name}</extra>"))
        ends += [float(values.min()), float(values.max())]
    return marks.figure(
        data, shapes=_turned(plan), **loss_axes(plan, "test loss", (0.9 * min(ends), min(1.05 * max(ends), top)))
    )


def _deaths(plan: Plan, track: Sequence[Moment], hidden: int) -> Figure:
    """How many hidden units of each are dead, up to the moment."""
    kept = _kept(track)
    data = []
    for place, name in enumerate(ORDER):
        points = np.array([[one.shots[place].step, one.dead[place]] for one in kept], dtype=float)
        hover = "step %{x}: %{y} dead<extra>%{fullData.name}</extra>"
        data.append(marks.line(f"rival_{name}", points, hover))
    axes = loss_axes(plan, f"dead of {hidden} hidden units", (-0.04 * hidden - 0.1, 1.06 * hidden + 0.1))
    return marks.figure(data, shapes=_turned(plan), **axes)


def _turned(plan: Plan) -> list[marks.Mark]:
    return [marks.rule("turned", x=plan.step(moment)) for moment, _ in plan.changes]


FILM = Film(plan, picture, record)


def cost(**given: object) -> float:
    """The training of five, and at each moment a look at every sample to see who is dead."""
    moment = given["moment"]
    return 20.0 + milliseconds(FILM.planned(given), moment if isinstance(moment, int) else 100)


def stage(pattern: Pattern, hidden: Hidden, library: Library) -> Answer:
    """The places of the units, and what is learnt: nothing that a moment changes."""
    lesson = library.taught(pattern)
    sizes = (len(lesson.inputs), *units(hidden), lesson.outputs)
    figure = strip.diagram(sizes, lesson.inputs)
    said = f"The five learn {lesson.sentence}. {' '.join(lesson.notes)}".strip()
    return Answer(
        f"a network of {' – '.join(map(str, sizes))} units", {"network": figure}, {}, Outcome("converged", said)
    )


def stage_cost(**_: object) -> float:
    """A drawing."""
    return 1.0
