"""One update, and how J falls when it is repeated on the same sample."""

import numpy as np

from app.data.library import Library
from app.figures import marks
from app.geometry import Outcome
from app.geometry.numerals import numeral
from app.labs.backprop.network import PARAMETERS, PARTS, CostKind, Network, Parameters, PenaltyKind, Sample
from app.labs.backprop.passed import passed, signed
from app.labs.lab import Answer, Readout
from app.networks import AnyActivation, Frame, Run, Setting, Task, advance, begin, frame_of

UPDATES = 40
UPDATE = "One update"


def fall(
    parameters: Parameters, sample: Sample, activation: AnyActivation, cost: CostKind, regularizer: PenaltyKind,
    strength: float, rate: float, library: Library,
) -> Answer:  # fmt: skip
    """w → w − η∂J, once with its numbers, and again and again as a curve."""
    network = Network(parameters, sample, activation, cost, regularizer, strength)
    seen = library.once(passed, network)
    setting = Setting(network.architecture, rate=rate, batch=1, penalty=network.penalty)
    run = begin(Task(network.examples), [setting], UPDATES, [network.row])
    frames = _walked(run)
    before, after = (_objective(frame) for frame in frames[:2])
    slope = np.array([seen.slope(one) for one in PARAMETERS])
    decay = 1.0 - rate * strength * PARTS[regularizer][1]
    readouts = {
        "after": Readout(after, "J after one update", "with the same sample", group=UPDATE),
        "fell": Readout(after - before, "change of J", "what the update did", group=UPDATE),
        "expected": Readout(
            -rate * float(slope @ slope), "expected change", "−η‖∂J‖², if J were as straight as its slope says",
            group=UPDATE,
        ),
        "kept_share": Readout(
            decay, "1 − ηα", "what the squared part of the penalty alone leaves of each weight in one update",
            group=UPDATE,
        ),
    }  # fmt: skip
    ended = frames[-1].models[0].outcome
    outcome = ended if ended is not None and ended.kind == "diverged" else _fell(before, after, decay)
    return Answer(_rule(regularizer, strength), {"fall": _chart(frames)}, readouts, outcome)


def _walked(run: Run) -> list[Frame]:
    """Before the first update and after each, until the end."""
    frames = [frame_of(run.task, run.learners)]
    while run.going:
        run, frame = advance(run, 1)
        frames.append(frame)
    return frames


def _objective(frame: Frame) -> float:
    return frame.models[0].loss + frame.models[0].penalty


def _rule(regularizer: PenaltyKind, strength: float) -> str:
    rules = {
        "l2": "w → (1 − ηα)w − η∂C, b → b − η∂C",
        "l1": "w → w − ηα sgn(w) − η∂C, b → b − η∂C",
        "elastic": "w → (1 − ηα/2)w − ½ηα sgn(w) − η∂C, b → b − η∂C",
    }
    return f"{rules[regularizer]}, α = {numeral(strength, 4)}"


def _chart(frames: list[Frame]) -> marks.Figure:
    """J and C over the updates; where they run away they leave the chart."""
    steps = np.arange(len(frames), dtype=float)
    whole, cost = np.array([_objective(one) for one in frames]), np.array([one.models[0].loss for one in frames])
    top = 5.0 * max(float(whole[0]), 1e-9)
    hover = "update %{x}<br>%{y}<extra>%{fullData.name}</extra>"
    lines = [
        marks.line(role, np.column_stack([steps, np.clip(some, -1.5 * top, 1.5 * top)]), hover)
        for role, some in (("cost_penalised", whole), ("cost_training", cost))
    ]
    shown = np.concatenate([whole, cost])
    ends = max(-top, min(0.0, float(shown.min()))), min(top, 1.06 * float(shown.max())) or 1.0
    first = marks.point("graph_updated", (1.0, float(np.clip(whole[1], -1.5 * top, 1.5 * top))))
    return marks.figure(
        lines, shapes=[first], **marks.chart("updates", "J and C", x_range=(-0.5, UPDATES + 0.5), y_range=ends)
    )


def _fell(before: float, after: float, decay: float) -> Outcome:
    """What one update did, in a sentence."""
    if after < before:
        said = f"One update takes J from {signed(before)} to {signed(after)}."
    elif after == before:
        said = f"J stays at {signed(before)}: nothing comes back to any parameter."
    else:
        said = f"One update takes J up, from {signed(before)} to {signed(after)}: η is too long for the slope to hold."
    flips = " The decay's factor 1 − ηα is below 0: it flips the weights." if decay < 0.0 else ""
    return Outcome("converged" if after <= before else "out_of_steps", said + flips)
