"""How often the optimum is a corner: many random bowls, each solved exactly in the diamond and in the disc."""

from dataclasses import dataclass

import numpy as np

from app.data.library import Library
from app.figures import marks
from app.figures.marks import Array
from app.figures.paths import polyline
from app.geometry import Outcome, optima_in_diamonds, optima_in_discs, random_bowls, share_at_corners
from app.geometry.numerals import numeral
from app.labs.lab import Answer, Readout

SIZES = np.linspace(0.05, 1.0, 20)
DOTS = 400  # optima that are drawn
BOWLS = "Random bowls"


@dataclass(frozen=True, eq=False)
class Shares:
    """By the size of the ball, as a share of ŵ (m,): the share of optima with an exact zero, in both balls."""

    diamond: Array
    disc: Array


def shares(library: Library, bowls: int, condition: float, draw: int) -> Shares:
    """Every bowl solved at every size."""
    del library
    made = random_bowls(bowls, condition, draw)
    sizes = np.abs(made.minimisers).sum(axis=1)
    diamond = optima_in_diamonds(made, SIZES[:, None] * sizes)
    return Shares(share_at_corners(diamond), share_at_corners(optima_in_discs(made, SIZES[:, None])))


def by_size(bowls: int, condition: float, draw: int, library: Library) -> Answer:
    """The share of corners for every size of the ball."""
    found = library.once(shares, bowls, condition, draw)
    hover = "size %{x:.2f}: %{y:.1f} %<extra>%{fullData.name}</extra>"
    traces = [
        marks.line("corner_l1", np.stack([SIZES, 100 * found.diamond], axis=-1), hover),
        marks.line("corner_l2", np.stack([SIZES, 100 * found.disc], axis=-1), hover),
    ]
    chart = marks.chart("size of the ball, as a share of ŵ", "optima with a zero, %", x_range=(0, 1), y_range=(-2, 102))
    said = "The smaller the diamond, the more often its optimum is a corner. The disc never has one."
    return Answer(
        f"{bowls:,} random bowls at each size",
        {"shares": marks.figure(traces, **chart)},
        {},
        Outcome("converged", said),
    )


def corners(bowls: int, condition: float, ball: float, draw: int) -> Answer:
    """The optima at one size of the ball, on both boundaries."""
    made = random_bowls(bowls, condition, draw)
    sizes = np.abs(made.minimisers).sum(axis=1)
    diamond, disc = optima_in_diamonds(made, ball * sizes), optima_in_discs(made, np.full(bowls, ball))
    at = {"l1": float(share_at_corners(diamond)), "l2": float(share_at_corners(disc))}
    drawn = slice(0, DOTS)
    scaled = diamond[drawn] / (ball * sizes[drawn, None])
    hover = "(%{x}, %{y})<extra>%{fullData.name}</extra>"
    turn = np.linspace(0, 2 * np.pi, 73)
    shapes = [
        marks.curve("ball", polyline([(1, 0), (0, 1), (-1, 0), (0, -1)], closed=True)),
        marks.curve("disc", polyline(np.stack([np.cos(turn), np.sin(turn)], axis=-1).tolist(), closed=True)),
    ]
    traces = [marks.dots("corner_l2", disc[drawn] / ball, hover), marks.dots("corner_l1", scaled, hover)]
    layout = marks.axes(("w₁, as a share of the radius", "w₂, as a share of the radius"), (-1.3, 1.3, -1.3, 1.3))
    spread = 100 * float(np.sqrt(at["l1"] * (1 - at["l1"]) / bowls))
    readouts = {
        "corner_l1": Readout(100 * at["l1"], "L1: optima at a corner", "share of bowls with an exact 0", "%", BOWLS),
        "corner_l2": Readout(100 * at["l2"], "L2: optima with a zero", "the same in the disc", "%", BOWLS),
        "corner_error": Readout(spread, "± one standard error", "of the share for L1", "%", BOWLS),
        "inside": Readout(
            100 * float((np.abs(made.minimisers).sum(axis=1) <= ball * sizes).mean()), "free optimum inside",
            "share of the bowls that the diamond does not hold back", "%", BOWLS,
        ),
    }  # fmt: skip
    figures = {
        "bowls": marks.figure(traces, shapes=shapes, **layout),
        "shares": marks.figure([], shapes=[marks.rule("size_now", x=ball)]),
    }
    many = f"Of {bowls:,} random bowls {100 * at['l1']:.1f} % have their optimum at a corner of the diamond"
    said = f"{many}; in the disc none has a zero."
    if at["l2"] > 0:
        said = f"{many}, {numeral(100 * at['l2'])} % have a zero in the disc."
    return Answer(f"minimise J(w) subject to ‖w‖ ≤ {numeral(ball)}·‖ŵ‖", figures, readouts, Outcome("converged", said))
