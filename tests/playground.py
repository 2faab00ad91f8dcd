"""A lab for tests alone, with one of everything that a page draws and turns: ``python -m tests.playground``.

Gradient descent on J = ½(w₁² + 5w₂²) from (2, 1): after k steps wᵢ = (1 − ηλᵢ)ᵏ wᵢ(0).
"""

import numpy as np
import uvicorn
from jinja2 import ChoiceLoader, DictLoader

from app.figures import marks
from app.figures.marks import Array
from app.geometry import Outcome
from app.knobs import Knobs, Real, Switch, Whole, knob
from app.labs import LABS
from app.labs.lab import Answer, Lab, Panel, Part, Preset, Readout, parts
from app.main import create_app
from app.settings import Settings
from tests import cinema

START, CURVATURES = np.array([2.0, 1.0]), np.array([1.0, 5.0])
STEPS = 60
STORY = """{% macro preset(id) %}
{% for one in presets if one.id == id %}
<li><a data-preset="{{ one.id }}" href="{{ one.href }}">{{ one.sentence }}</a></li>
{% endfor %}
{% endmacro %}
<h2>A walk</h2><p>Each step goes down {{ "\\\\nabla J" | math }}.</p>
<ul class="presets">{{ preset("late") }}</ul>
<p class="sources">A textbook.</p>
"""


class PlaygroundKnobs(Knobs):
    """A knob that plays, one on a log scale, one that the play does not touch."""

    step: Whole = knob(
        10, label="Step", symbol="k", help="How far the walk has come.", ge=0, le=STEPS, step=1, play=1.2
    )
    rate: Real = knob(
        0.1, label="Learning rate", symbol="η", help="The length of a step.", ge=1e-3, le=1, soft=(1e-3, 1),
        step=0.05, scale="log",
    )  # fmt: skip
    shaded: Switch = knob(True, label="Band", help="Whether the band is drawn.")


def walked(rate: float, steps: Array) -> Array:
    """Where the walk is after so many steps (m,): (m, 2)."""
    return START * (1 - rate * CURVATURES) ** steps[:, None]


def loss(points: Array) -> Array:
    """J at points (…, 2)."""
    return 0.5 * np.asarray((CURVATURES * points**2).sum(axis=-1)) + 1e-12


def trail(rate: float, shaded: bool) -> Answer:
    """The whole walk, faint, with the loss along it."""
    steps = np.arange(STEPS + 1.0)
    points = walked(rate, steps)
    side = np.linspace(-2.5, 2.5, 21)
    values = loss(np.stack(np.meshgrid(side, side), axis=-1))
    plane = marks.figure([
        marks.contour("contour", side, side, values, (0.5, 20.0, 0.75)), marks.line("path", points, "", "the walk"),
    ], **marks.axes(("w₁", "w₂"), (-2.5, 2.5, -2.5, 2.5)))  # fmt: skip
    curve = np.stack([steps + 1, loss(points)], axis=1)
    drawn = [marks.line("walker_1", curve, "%{y}", "gradient descent")]
    if shaded:
        drawn.append(marks.band("walker_2", curve[:, 0], curve[:, 1] / 2, curve[:, 1] * 2, "within a factor of 2"))
    handle = {"kind": "point", "role": "walker_1", "label": "learning rate", "at": [50 * rate, 1.0]}
    losses = marks.figure(
        drawn, **marks.chart("step k + 1", "loss J", log_x=True, log_y=True, x_range=(0.05, 100)),
        meta={"handles": [{**handle, "kind": "ray", "knob": "rate", "unit": [50, 0]}]},
    )  # fmt: skip
    readouts = {
        "limit": Readout(2 / CURVATURES.max(), "2/L", "where it diverges"),
        "none": Readout(None, "nothing", "never shown"),
        "factor": Readout(float(1 - 5 * rate), "1 − ηL", "the factor of a step", None, "Certificate"),
    }
    return Answer(
        "w ← w − η∇J(w)", {"plane": plane, "losses": losses}, readouts, Outcome("converged", "The trail is drawn.")
    )


def place(step: int, rate: float) -> Answer:
    """Where the walk is now."""
    (at,) = walked(rate, np.array([float(step)]))
    plane = marks.figure([], shapes=[marks.point("optimum", (float(at[0]), float(at[1])))])
    losses = marks.figure([], shapes=[marks.rule("optimum", x=step + 1.0)])
    readouts = {"at": Readout(step, "k", "the step"), "loss": Readout(float(loss(at)), "J", "the loss here")}
    said = Outcome("stopped", f"After {step} steps the walk is paused.")
    return Answer(f"J after {step} steps", {"plane": plane, "losses": losses}, readouts, said)


def filters(rate: float) -> Answer:
    """Bars by name, and values as colours."""
    names = [f"a rather long name <{i}>" for i in range(8)]
    bars = marks.figure(
        [marks.bars("feature_1", names, rate * np.arange(8.0), "%{y}", "all of them")],
        annotations=[{"name": "feature_1", "text": "the longest", "x": 7, "y": 7 * rate, "yshift": 8}],
        **marks.chart("direction", "share"),
    )  # fmt: skip
    side = np.linspace(0, 1, 9)
    heat = marks.figure(
        [marks.heat("contour", side, side, rate * np.outer(side, side), "%{z}")], **marks.chart("x", "y")
    )
    outcome = Outcome("converged", "Every direction has its share.")
    return Answer("the shares", {"shares": bars, "heat": heat}, {}, outcome)


def _script(rate: float) -> str:
    return f"print({rate})\n"


PLAYGROUND = Lab(
    slug="playground",
    title="Playground",
    question="Does everything move?",
    knobs=PlaygroundKnobs,
    figures=(
        Panel("plane", "Two weights"), Panel("losses", "Loss by step", "wide"), Panel("shares", "Shares", "wide"),
        Panel("heat", "Heat"),
    ),
    parts=parts(
        Part("trail", trail, cost=lambda **_: 0.001),
        Part("filters", filters, cost=lambda **_: 0.001),
        Part("place", place, cost=lambda **_: 0.001, sweeps=("step",)),
    ),
    presets=(Preset("late", "After 40 steps little is left.", {"step": 40, "rate": 0.05}),),
    script=_script,
)  # fmt: skip


def main() -> None:
    """Serve the labs and this one, as `python -m app` does."""
    settings = Settings()
    app = create_app(settings)
    templates = app.state.templates
    templates.loader = ChoiceLoader(
        [templates.loader, DictLoader({"labs/playground.html": STORY, "labs/cinema.html": cinema.STORY})]
    )
    uvicorn.run(app, host=settings.host, port=settings.port, access_log=False, server_header=False)


if __name__ in ("__main__", "__mp_main__"):  # its worker processes know these labs too
    LABS.update({one.slug: one for one in (PLAYGROUND, cinema.CINEMA)})
if __name__ == "__main__":
    main()
