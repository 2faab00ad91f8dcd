"""The strip of norms by unit, the multipliers, and the network with its dead units."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from app.figures import marks
from app.figures.diagrams import Diagram, edges, layout, units
from app.figures.marks import Array, Figure, Mark
from app.geometry.numerals import numeral
from app.labs.training.pictures import coarse
from app.networks import Architecture
from app.networks.group_multipliers import GroupMultipliers
from app.networks.learners import Learner
from app.networks.vitality import Vitality

MOST_BARS = 96  # units that have a bar; of more, the first
_LABELS = 13  # names below an axis, at most
Places = NDArray[np.intp]


class Seen(NamedTuple):
    """The network that is looked at.

    Attributes:
        learner: where it is.
        norms: (U,) of the incoming weights of each unit, layer after layer, outputs last.
        starved: (U,) which are dead for want of weights.
        stuck: (U,) which are dead in another way.
    """

    learner: Learner
    norms: Array
    starved: NDArray[np.bool_]
    stuck: NDArray[np.bool_]

    @property
    def architecture(self) -> Architecture:
        """Its architecture."""
        return self.learner.setting.architecture


def seen(learner: Learner, norms: Sequence[Array], alive: Vitality) -> Seen:
    """Who is alive, as one row of units; the outputs are never called dead."""
    outputs = np.zeros(len(norms[-1]), dtype=bool)
    starved, stuck = (np.concatenate([*part, outputs]) for part in (alive.starved, alive.stuck))
    return Seen(learner, np.concatenate(norms), starved, stuck)


def unit_names(architecture: Architecture) -> list[str]:
    """1·1, 1·2, … by hidden layer and number; "out" for the outputs, numbered if there are several."""
    hidden = [f"{layer}·{unit}" for layer, n in enumerate(architecture.hidden, start=1) for unit in range(1, n + 1)]
    outputs = architecture.sizes[-1]
    return [*hidden, *(["out"] if outputs == 1 else [f"out {i}" for i in range(1, outputs + 1)])]


def strip(found: Seen, bound: float | None, share: float | None, highest: float) -> Figure:
    """‖w_j‖ of each unit as a bar, the dead marked, and the bound.

    Args:
        found: the network.
        bound: c of each unit; None for none.
        share: c_F of each layer; None for none.
        highest: the largest norm of the film so far, so that the axis does not jump.
    """
    names = unit_names(found.architecture)[:MOST_BARS]
    last = len(found.norms) - found.architecture.sizes[-1]
    hidden = np.arange(min(last, MOST_BARS))
    outputs = np.arange(last, min(len(found.norms), MOST_BARS))
    data = [
        _bars(role, places, found.norms, names) for role, places in (("norm_alive", hidden), ("norm_output", outputs))
    ]
    data += [
        _flags(role, np.flatnonzero(which[:MOST_BARS]), names)
        for role, which in (("unit_starved", found.starved), ("unit_stuck", found.stuck))
        if which[:MOST_BARS].any()
    ]
    shapes = [marks.rule("unit_bound", y=bound)] if bound is not None else []
    shapes += _shares(found.architecture, share) if share is not None else []
    top = 1.1 * max(highest, 0.1)
    chart = marks.chart("unit: layer · number", "norm ‖wⱼ‖", y_range=(-0.06 * top, top))
    return marks.figure([one for one in data if len(one["x"])], shapes=shapes, **_with_names(chart, names))


def _with_names(chart: Mark, names: Sequence[str]) -> Mark:
    every = -(-len(names) // _LABELS)
    ticks = {"tickvals": list(range(0, len(names), every)), "ticktext": list(names[::every])}
    return {**chart, "xaxis": {**chart["xaxis"], **ticks, "range": [-0.7, len(names) - 0.3], "zeroline": False}}


def _bars(role: str, places: Places, heights: Array, names: Sequence[str]) -> Mark:
    """Bars at places of an axis of numbers, which its ticks call by name."""
    shown = coarse(np.clip(heights[places], 0.0, 1e6), 4)
    made = marks.bars(role, [names[i] for i in places], shown, "%{text}: %{y}<extra>%{fullData.name}</extra>")
    return {**made, "text": made["x"], "textposition": "none", "x": places.tolist()}


def _flags(role: str, places: Places, names: Sequence[str]) -> Mark:
    """A mark on the axis for each dead unit."""
    points = np.column_stack([places, np.zeros(len(places))]).astype(float)
    hover = "%{text}<extra>%{fullData.name}</extra>"
    return marks.dots(role, points, hover, texts=[names[i] for i in places])


def _shares(architecture: Architecture, bound: float) -> list[Mark]:
    """What each unit of a layer could have if all had the same: c_F/√units, layer by layer."""
    drawn, start = [], 0
    for n in architecture.sizes[1:]:
        end, height = min(start + n, MOST_BARS), min(bound / n**0.5, 1e6)
        if end > start:
            drawn.append(
                marks.curve("layer_share", f"M{numeral(start - 0.45, 6)},{numeral(height, 6)}H{numeral(end - 0.55, 6)}")
            )
        start += n
    return drawn


def multipliers(asked: GroupMultipliers, found: Array, names: Sequence[str]) -> Figure:
    """What stationarity asks of each group, and what its multiplier has found by itself, where there is one."""
    shown = np.arange(min(len(names), MOST_BARS))
    data = [_bars("multiplier", shown, found, names)] if len(found) else []
    points = np.column_stack([shown, coarse(np.minimum(asked.asked[shown], 1e6), 4)])
    hover = "%{text}: %{y}<extra>%{fullData.name}</extra>"
    data.append(marks.dots("multiplier_asked", points, hover, texts=names[: len(shown)]))
    top = 1.15 * max(float(asked.asked.max(initial=0.0)), float(found.max(initial=0.0)), 1e-3)
    chart = marks.chart("unit: layer · number; or layer", "multiplier α", y_range=(-0.05 * top, min(top, 1e6)))
    return marks.figure(data, **_with_names(chart, list(names)[:MOST_BARS]))


def diagram(sizes: tuple[int, ...], inputs: Sequence[str]) -> Figure:
    """Where the units are: what no moment changes."""
    return marks.figure([], **layout(Diagram(sizes), inputs))


def drawn(found: Seen) -> Figure:
    """The weights, and the units by who is alive."""
    architecture = found.architecture
    shape = Diagram(architecture.sizes)
    weights = [np.clip(one, -1e6, 1e6) for one in architecture.weights(found.learner.parameters)]
    states, start = list[dict[str, list[int]]](), 0
    for n in architecture.sizes[1:]:
        part = slice(start, start + n)
        states.append(
            {
                "unit_starved": np.flatnonzero(found.starved[part]).tolist(),
                "unit_stuck": np.flatnonzero(found.stuck[part]).tolist(),
            }
        )
        start += n
    return marks.figure(units(shape, states), shapes=edges(shape, weights))
