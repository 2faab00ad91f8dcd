"""The loss of a 2-16-16-1 network on a plane of its parameters, over 500 points: a grid as one batch of networks.

Peers are the package loss-landscapes and the loop that people write in PyTorch, both in single precision as PyTorch has
it, as our networks are here. Neither is a dependency: where installed, they are measured.
"""

from collections.abc import Callable
from dataclasses import replace
from importlib.util import find_spec
from math import nan

import numpy as np

from app.geometry import Adam
from app.networks import (
    Architecture,
    Examples,
    Landscape,
    ParameterPlane,
    Setting,
    Task,
    advance,
    begin,
    evaluate,
    landscape,
    random_plane,
)
from benchmarks.samples import Array
from benchmarks.table import Row, faster
from benchmarks.timing import Contender, Pace, medians

ARCHITECTURE = Architecture((2, 16, 16, 1))
COARSE, FINE = 51, 101
INPUTS: Array = np.random.default_rng(0).standard_normal((500, 2))
TARGETS: Array = (INPUTS[:, :1] * INPUTS[:, 1:] > 0.0).astype(float)  # xor
EXAMPLES = Examples(INPUTS, TARGETS)
STEPS = 150  # of Adam: a trained network, right about 96 % of the points
SHIFTS = np.linspace(-0.1, 0.1, 4)  # another plane each time
TOLERANCE = 1e-3  # of the range of the loss over the grid
AIMS = {"loss-landscapes": (5.0, 40.0), "PyTorch, a loop": (7.0, 40.0)}  # times faster: exact, and interpolated
Work = Callable[[float], object]


def rows(pace: Pace) -> list[Row]:
    """All comparisons of this group."""
    plane = trained_plane()
    works: dict[str, Work] = {
        "ours": lambda shift: grid(moved(plane, shift), COARSE, exact=True),
        "interpolated": lambda shift: grid(moved(plane, shift), FINE),
        **_peers(plane),
    }
    brief = replace(pace, rounds=min(pace.rounds, 5), seconds=0.0)  # a grid of a peer takes a second
    took = medians([Contender(name, work, SHIFTS) for name, work in works.items()], brief)
    found = [line for peer in AIMS for line in _beside(peer, took)]
    return [*found, Row("its error, as a share of its range", "in double precision", error(plane), "", TOLERANCE, True)]


def _beside(peer: str, took: dict[str, float]) -> list[Row]:
    what, (coarse, fine) = "plane of 2-16-16-1, 500 points,", AIMS[peer]
    known = peer in took
    return [
        faster(f"{what} {size}×{size}{how}", peer if known else f"{peer} (not installed)", took[ours], theirs, aim)
        for size, how, ours, theirs, aim in (
            (COARSE, "", "ours", took.get(peer, nan), coarse if known else None),
            (FINE, " interpolated", "interpolated", took.get(f"{peer}, fine", nan), fine if known else None),
        )
    ]


def _peers(plane: ParameterPlane) -> dict[str, Work]:
    """Those that are installed, each with a coarse and a fine grid."""
    if find_spec("torch") is None:
        return {}
    from benchmarks import torch_planes

    works = {"PyTorch, a loop": torch_planes.looped}
    if find_spec("loss_landscapes") is not None:
        works["loss-landscapes"] = torch_planes.packaged
    made: dict[str, Work] = {}
    for name, work in works.items():
        made[name] = lambda shift, work=work: work(moved(plane, shift), COARSE)  # type: ignore[misc]
        made[f"{name}, fine"] = lambda shift, work=work: work(moved(plane, shift), FINE)  # type: ignore[misc]
    return made


def trained_plane() -> ParameterPlane:
    """Two random directions, filter-normalised, through a trained network."""
    setting = Setting(ARCHITECTURE, optimizer=Adam(), rate=0.01)
    run, _ = advance(begin(Task(EXAMPLES), [setting]), STEPS)
    return random_plane(ARCHITECTURE, run.learners[0].parameters, 0)


def moved(plane: ParameterPlane, shift: float) -> ParameterPlane:
    """The same a little further along."""
    return ParameterPlane(plane.at(np.array([shift, shift])), plane.u, plane.v)


def grid(plane: ParameterPlane, size: int, *, exact: bool = False) -> Landscape:
    """Values over the square from −1 to 1."""
    axis = np.linspace(-1.0, 1.0, size)
    return landscape(ARCHITECTURE, plane, EXAMPLES, axis, axis, exact=exact)


def error(plane: ParameterPlane) -> float:
    """The largest error of an interpolated grid, against each of its networks in double precision."""
    axis = np.linspace(-1.0, 1.0, FINE)
    found = grid(plane, FINE)
    assert found.method == "interpolated", "the interpolation fell back to exact values"
    true = evaluate(ARCHITECTURE, plane.at(np.stack(np.meshgrid(axis, axis), axis=-1).reshape(-1, 2)), EXAMPLES)[0]
    return float(np.abs(found.cost.ravel() - true).max() / np.ptp(true))
