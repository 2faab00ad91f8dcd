"""The gradient of each layer while four networks train: who learns, who stands still, who runs away."""

import numpy as np

from app.figures import marks
from app.figures.marks import Figure, Mark
from app.geometry import Outcome
from app.geometry.numerals import numeral
from app.labs.film import MOMENTS, Film, Plan, Reel, filmed
from app.labs.lab import Answer, Readout
from app.labs.signal.axes import over_layers
from app.labs.signal.planned import CURES, Cure, Noted, film_milliseconds, noted, plan
from app.labs.training.pictures import TOO_HIGH

EACH = 5  # moments from one column of the map to the next
ROWS = 26  # of the map at most: of a deeper network every second layer
LEAST, MOST = 1e-12, 1e6  # gradient norms that are drawn: what is beyond is drawn there
GROUPS: dict[Cure, str] = {
    "plain": "", "clip": "With clipping", "norm": "With layer norm", "project": "With projection",
}  # fmt: skip
_UNITS = "the largest difference between the numbers of two units of one hidden layer, over all layers"


def picture(plan: Plan, reel: Reel, watch: Cure) -> Answer:
    """Gradient norms by layer now and on the way here, and the losses."""
    track: list[Noted] = list(reel.track)
    place = list(CURES).index(watch)
    figures = {"norms": _profile(track[-1]), "history": _history(plan, track, place), "losses": _losses(plan, track)}
    readouts = {name: one for i, cure in enumerate(CURES) for name, one in _readouts(track, i, cure).items()}
    return Answer(_objective(plan), figures, readouts, _outcome(plan, track[-1]))


def _objective(plan: Plan) -> str:
    plain, clipped, _, projected = plan.settings
    held = projected.constraint
    return (
        f"w ← w − η∂C, η = {numeral(plain.rate, 4)}, minibatches of {min(plain.batch, plan.task.training.count)}; the "
        f"same with ‖∂C‖ ≤ {numeral(clipped.clip, 4)}, with layer norm, with ‖w‖ ≤ {numeral(held.bound, 4)}"
    )


def _kept(norms: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> list[float]:
    """Three digits each, within what is drawn."""
    return [float(f"{one:.3g}") for one in np.clip(norms, LEAST, MOST)]


def _profile(now: Noted) -> Figure:
    """‖∂C/∂W‖ of every layer at this moment, a line for each network."""
    hover = "layer %{x}<br>‖∂C/∂W‖ = %{y}<extra>%{fullData.name}</extra>"
    traces: list[Mark] = []
    heights: list[float] = []
    for cure, norms in zip(CURES, now.norms, strict=True):
        kept = _kept(norms)
        heights += kept
        places = np.arange(1, len(kept) + 1)
        drawn = marks.line(f"cure_{cure}", np.column_stack([places, kept]), hover, log_y=True)
        traces.append({**drawn, "x": places})
    low, high = (float(edge) for edge in (np.floor(np.log10(min(heights))), np.ceil(np.log10(max(heights)) + 1e-9)))
    ends = (10.0**low, 10.0 ** max(high, low + 1.0))
    count = len(now.norms[0])
    return marks.figure(traces, **over_layers(count, "‖∂C/∂W‖ now", ends, word="layer of weights", log_y=True))


def _history(plan: Plan, track: list[Noted], place: int) -> Figure:
    """log₁₀‖∂C/∂W‖ of one network, layer by layer, at some moments up to this one."""
    seen = track[::EACH]
    norms = np.array([_kept(one.norms[place]) for one in seen])
    steps = plan.steps * EACH * np.arange(len(seen)) / MOMENTS
    stride = -(-norms.shape[1] // ROWS)
    layers = np.arange(1, norms.shape[1] + 1, stride, dtype=float)
    hover = "step %{x}, layer %{y}<br>10^%{z} = ‖∂C/∂W‖<extra></extra>"
    sizes = np.ascontiguousarray(np.round(np.log10(norms[:, ::stride]), 1).T)
    heat = marks.heat("gradient_heat", steps, layers, sizes, hover)
    low, high = float(np.floor(sizes.min())), float(np.ceil(sizes.max()))
    half = plan.steps * EACH / MOMENTS / 2
    axes = marks.chart(
        "step", "layer of weights", x_range=(-half, plan.steps + half), y_range=(0.5, norms.shape[1] + 0.5)
    )
    return marks.figure([{**heat, "zmin": low, "zmax": max(high, low + 2.0)}], **axes)


def _losses(plan: Plan, track: list[Noted]) -> Figure:
    """The loss of every network up to this moment; what runs away leaves the chart, and ends where it stopped."""
    moments = sorted({*range(0, len(track), 4), len(track) - 1})
    top = TOO_HIGH * max(min(track[0].losses), 1e-9)
    hover = "step %{x}<br>loss %{y}<extra>%{fullData.name}</extra>"
    traces, highest = [], 0.0
    for place, cure in enumerate(CURES):
        # The step that a network took, not the moment's: one that diverged takes no more.
        seen = {track[i].steps[place]: min(float(f"{track[i].losses[place]:.3g}"), 1.5 * top) for i in moments}
        highest = max(highest, *seen.values())
        traces.append(marks.line(f"cure_{cure}", np.array(list(seen.items()), dtype=float), hover))
    room = (-0.01 * plan.steps, 1.01 * plan.steps)
    high = min(top, 1.05 * highest) or 1.0
    return marks.figure(traces, **marks.chart("step", "loss C", x_range=room, y_range=(0.0, high)))


def _readouts(track: list[Noted], place: int, cure: Cure) -> dict[str, Readout]:
    """Loss, the gradient's reach, and how different the units are."""
    now, group = track[-1], GROUPS[cure]
    first, last = float(now.norms[place][0]), float(now.norms[place][-1])
    steepest = max(float(one.norms[place].max()) for one in track)
    found = {
        f"loss_{cure}": Readout(
            now.losses[place], "loss C", f"the mean cost of all samples, {CURES[cure]}, at this moment", group=group
        ),
        f"test_{cure}": Readout(
            now.tests[place], "test loss", f"the mean cost of the samples held back, {CURES[cure]}", group=group
        ),
        f"first_{cure}": Readout(
            first, "gradient, first layer", "‖∂C/∂W‖ of the first layer of weights, at this moment", group=group
        ),
        f"ratio_{cure}": Readout(
            min(first / last, 1e150) if last else None, "first/last layer", "‖∂C/∂W‖ of the first layer over the last",
            group=group,
        ),
        f"steepest_{cure}": Readout(
            steepest, "largest gradient", "of any layer at any moment so far", group=group
        ),
        f"units_{cure}": Readout(
            now.spreads[place], "difference between units", f"{_UNITS}: 0 where they are all equal", group=group
        ),
    }  # fmt: skip
    if place == 0:
        found["step"] = Readout(max(now.steps), "step", "how many minibatches have been learnt from")
    return found


def _outcome(plan: Plan, now: Noted) -> Outcome:
    """How each fared; those that ran away with the engine's own reason."""
    words = []
    for place, cure in enumerate(CURES):
        ended, name = now.outcomes[place], CURES[cure].capitalize()
        if ended is not None and ended.kind == "diverged":
            reason = ended.sentence.removeprefix("Diverged: ").rstrip(".")
            words.append(
                f"{name}: diverged, {reason}." if place == 0 else f"{name}: diverged at step {now.steps[place]}."
            )
    if not words:
        words = [f"Step {max(now.steps):,} of {plan.steps:,}."]
    if now.spreads[0] == 0.0:
        words.append("All units of a layer are equal, to the last bit.")
    elif now.spreads[0] < 1e-12:
        words.append("The units of a layer are equal but for rounding: sums were taken in another order.")
    kind = now.outcomes[0].kind if now.outcomes[0] is not None else "out_of_steps"
    return Outcome(kind, " ".join(words))


FILM = Film(plan=plan, picture=picture, record=noted)


def _milliseconds(moment: int, watch: Cure, **knobs: object) -> float:  # noqa: ARG001 (of the picture alone)
    return 1.0 + film_milliseconds(FILM.planned(knobs), moment)


TRAINING = filmed("training", FILM, _milliseconds)
