"""A lab for tests alone that trains a small network on a circle: what a film shows, live changes, divergence."""

import os
from pathlib import Path
from typing import Any

import numpy as np

from app.data import Circle, Curve, Library, Moons
from app.figures import marks
from app.geometry import Outcome
from app.knobs import Knobs, LongText, Real, Whole, knob
from app.labs.film import Film, Plan, Reel, filmed, milliseconds
from app.labs.lab import Answer, Lab, Panel, Part, Preset, Readout, parts
from app.labs.training import turning
from app.labs.training.changes import changes_of, held
from app.networks import AnyCost, Architecture, CrossEntropy, Frame, Penalty, QuadraticCost, Run, Setting

STORY = """<h2>A film</h2><p>It trains.</p><p class="sources">A textbook.</p>"""


class CinemaKnobs(Knobs):
    """Of a training, two of them live; a moment; changes."""

    moment: Whole = turning.moment(seconds=2)
    pattern: Circle | Moons | Curve = knob(Circle(rows=60), label="Data", help="What is learnt.", discriminator="kind")
    units: Whole = knob(6, label="Units", help="Of the only hidden layer.", ge=1, le=64, soft=(1, 16), step=1)
    steps: Whole = turning.steps(400, most=10_000_000)
    rate: Real = turning.rate(0.1)
    l2: Real = turning.l2()
    seed: Whole = turning.seed()
    changes: LongText = turning.changes()


def planned(
    pattern: Circle | Moons | Curve, units: int, steps: int, rate: float, l2: float, seed: int, changes: str,
    library: Library,
) -> Plan:  # fmt: skip
    """One network; its rate and strength as they are turned."""
    lesson = library.taught(pattern)
    outset = {"rate": rate, "l2": l2}
    cost: AnyCost = CrossEntropy() if lesson.classes else QuadraticCost()

    def setting(now: dict[str, float]) -> Setting:
        return Setting(
            Architecture((lesson.task.training.inputs.shape[-1], units, 1), cost=cost), rate=now["rate"],
            penalty=Penalty(l2=now["l2"]), seed=seed,
        )  # fmt: skip

    turned = tuple((at, (setting(outset | now),)) for at, now in held(changes_of(changes, CinemaKnobs)))
    return Plan(lesson.task, (setting(outset),), steps, turned)


def counted(run: Run, frame: Frame) -> Any:  # noqa: ARG001
    """The losses; and a byte more in a file, by which a test sees that somebody computes."""
    if mark := os.environ.get("CINEMA_MARK"):
        with Path(mark).open("ab") as file:
            file.write(b".")
    return frame


def drawn(plan: Plan, reel: Reel, rate: float) -> Answer:
    """The loss up to the moment, and where the first two weights are."""
    losses = np.array([[one.step, one.models[0].loss] for one in reel.track])
    curve = marks.figure(
        [marks.line("walker_1", losses, "%{y}", "loss")], **marks.chart("step", "loss", x_range=(0, plan.steps))
    )
    weights = np.clip(reel.learners[0].parameters[:2], -5, 5)
    plane = marks.figure(
        [], shapes=[marks.point("optimum", (float(weights[0]), float(weights[1])))],
        **marks.axes(("w₁", "w₂"), (-5, 5, -5, 5)),
    )  # fmt: skip
    readouts = {
        "step": Readout(reel.step, "step", "how far it is"),
        "loss": Readout(float(losses[-1, 1]), "loss", "the cost on the samples trained on"),
        "weight": Readout(float(reel.learners[0].parameters[0]), "w₁", "the first weight"),
    }
    said = reel.outcomes[0] or Outcome("stopped", f"Paused after {reel.step} of {plan.steps} steps.")
    return Answer(f"a network at rate {rate:g}", {"curve": curve, "plane": plane}, readouts, said)


def data(pattern: Circle | Moons | Curve, library: Library) -> Answer:
    """The samples, which do not move."""
    inputs = library.taught(pattern).task.training.inputs
    points = np.column_stack([inputs[:, 0], inputs[:, -1]])
    shown = marks.figure([marks.dots("walker_2", points, "%{x}", "samples")])
    return Answer("the samples", {"plane": shown}, {}, Outcome("converged", f"{len(inputs)} samples."))


def cost(library: Library, moment: int, **knobs: Any) -> float:
    """Milliseconds up to a moment."""
    return milliseconds(planned(library=library, **{name: knobs[name] for name in knobs if name != "moment"}), moment)


CINEMA = Lab(
    slug="cinema",
    title="Cinema",
    question="Does it learn?",
    knobs=CinemaKnobs,
    figures=(Panel("plane", "Two weights"), Panel("curve", "Loss", "wide")),
    parts=parts(
        Part("data", data, cost=lambda **_: 0.1), filmed("training", Film(planned, drawn, counted), cost)
    ),
    presets=(Preset("wild", "With long steps it diverges.", {"pattern.kind": "curve", "rate": 50}),),
    script=lambda rate: f"print({rate})\n",
)  # fmt: skip
