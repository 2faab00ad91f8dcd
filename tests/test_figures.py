"""Figures: curves that are where they say, marks with a role, numbers that are finite, all of it valid Plotly."""

import re
from itertools import pairwise

import numpy as np
import plotly.graph_objects as go
import pytest

from app.figures import marks, plane
from app.figures.paths import SYMBOLS, arrow, joined, numbers, polyline
from app.figures.roles import ROLES, style
from app.geometry import Arc, Edge


def bezier(path: str, samples: int = 50) -> np.ndarray:
    """Points along an SVG path of M, L, C and Z: read from the text, as a browser would."""
    found: list[np.ndarray] = []
    last = np.zeros(2)
    for letter, text in re.findall(r"([MLCZ])([^MLCZ]*)", path):
        values = np.array(re.findall(r"-?\d+\.?\d*(?:e[-+]?\d+)?", text), dtype=float).reshape(-1, 2)
        if letter == "C":
            for p1, p2, p3 in values.reshape(-1, 3, 2):
                s = np.linspace(0, 1, samples)[:, None]
                found.append((1 - s) ** 3 * last + 3 * (1 - s) ** 2 * s * p1 + 3 * (1 - s) * s**2 * p2 + s**3 * p3)
                last = p3
        elif len(values):
            found.append(values)
            last = values[-1]
    return np.concatenate(found)


def test_eight_hermite_pieces_are_a_circle_to_four_millionths() -> None:
    angles = np.linspace(0, 2 * np.pi, 9)
    arm = 4 * np.tan(np.pi / 16)
    points = np.stack([np.cos(angles), np.sin(angles)], axis=1)
    tangents = arm * np.stack([-np.sin(angles), np.cos(angles)], axis=1)
    radii = np.hypot(*bezier(joined([Arc(points, tangents)])).T)
    assert np.abs(radii - 1).max() < 1e-5  # six digits of the text included


def test_joined_arcs_are_one_closed_path_that_can_be_filled() -> None:
    corners = [(1.0, 0.0), (0.0, 1.0), (-1.0, 0.0), (0.0, -1.0), (1.0, 0.0)]
    path = joined([Edge(*ends) for ends in pairwise(corners)], closed=True)
    assert path == "M1,0L0,1L-1,0L0,-1L1,0Z"


@pytest.mark.parametrize("scale", [1e-9, 1.0, 3e7])
def test_arcs_keep_six_digits_at_every_scale(scale: float) -> None:
    points, tangents = np.array([[1.0, 0.0], [0.0, 1.0]]), np.array([[0.0, 1.656854], [-1.656854, 0.0]])
    curve = joined([Arc(points * scale, tangents * scale)])
    assert curve.count("C") == 1
    radii = np.hypot(*bezier(curve).T) / scale
    assert np.abs(radii - 1).max() < 3e-4  # a quarter of a circle in one cubic
    assert radii[0] == pytest.approx(1, abs=1e-6)
    assert radii[-1] == pytest.approx(1, abs=1e-6)


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_nothing_that_is_not_finite_is_drawn(bad: float) -> None:
    with pytest.raises(ArithmeticError):
        numbers([1.0, bad], "M%.6g,%.6g")
    with pytest.raises(ArithmeticError):
        joined([Arc(np.array([[0.0, bad], [1.0, 0.0]]), np.ones((2, 2)))])
    with pytest.raises(ArithmeticError):
        marks.rounded(np.array([1.0, bad]))


def test_rounding_keeps_six_digits_of_the_largest() -> None:
    values = np.array([123456.789, 0.123456789, -0.0])
    assert marks.rounded(values).tolist() == [123457.0, 0.0, 0.0]
    assert marks.rounded(np.array([1.23456789e-7])).tolist() == [1.23457e-7]


def test_an_arrow_ends_at_its_head_and_its_tip_is_filled() -> None:
    drawn = bezier(arrow((0, 0), (3, 4), 1.0))
    assert drawn[0].tolist() == [0, 0]
    assert [3.0, 4.0] in drawn.tolist()
    assert polyline([(0, 0), (0, 0)]) == arrow((0, 0), (0, 0), 1.0)


def test_contour_lines_lie_within_the_values() -> None:
    values = np.add.outer(np.linspace(-1, 1, 11) ** 2, np.linspace(-1, 1, 11) ** 2)
    start, end, size = plane.levels(values)
    assert values.min() < start < end < values.max()
    assert (end - start) / size == pytest.approx(plane.LINES)
    start, _, size = plane.levels(np.zeros((3, 3)))
    assert size > 0


@pytest.mark.parametrize("role", ROLES)
def test_every_role_has_words_and_both_themes(role: str) -> None:
    assert ROLES[role].label
    assert set(style(role, "light")) == set(style(role, "dark"))
    assert style(role, "light") != style(role, "dark")
    assert ROLES[role].symbol == "" or ROLES[role].symbol in SYMBOLS


XS = np.linspace(-1, 1, 5)
SLOPE = np.stack([XS, XS], axis=1)
TRACES = {
    "contour": marks.contour("contour", XS, XS, np.outer(XS, XS), (0.0, 1.0, 0.1)),
    "heat": marks.heat("contour", XS, XS, np.outer(XS, XS), "%{z}<extra></extra>"),
    "line": marks.line("path", SLOPE, "%{x}<extra></extra>", "a <b>bold</b> name"),
    "dots": marks.dots("feature_1", SLOPE, "%{text}<extra></extra>", texts=["a", "b", "<i>c</i>", "d", "e"]),
    "bars": marks.bars("feature_2", ["a", "b", "<i>c</i>"], np.arange(3.0), "%{y}<extra></extra>"),
    "band": marks.band("feature_3", XS, XS - 1, XS + 1),
}
SHAPES = [
    marks.curve("ball", "M0,0L1,1Z"), marks.point("optimum", (0.0, 1.0)), marks.rule("path", x=2.0),
    marks.rule("path", y=-1.0),
]  # fmt: skip


def test_every_kind_of_mark_is_valid_plotly_and_has_a_role() -> None:
    made = marks.figure([*TRACES.values()], shapes=SHAPES, **marks.axes(("a", "b"), (-1.0, 1.0, -1.0, 1.0)))
    drawn = go.Figure(made)
    assert [trace.type for trace in drawn.data] == ["contour", "heatmap", "scatter", "scatter", "bar", "scatter"]
    assert {trace.meta["role"] for trace in drawn.data} <= ROLES.keys()
    assert [shape.name for shape in drawn.layout.shapes] == ["ball", "optimum", "path", "path"]


def test_names_from_a_table_are_words_never_markup() -> None:
    assert TRACES["line"]["name"] == TRACES["line"]["meta"]["name"] == "a &lt;b&gt;bold&lt;/b&gt; name"
    assert TRACES["dots"]["text"][2] == TRACES["bars"]["x"][2] == "&lt;i&gt;c&lt;/i&gt;"
    assert marks.chart("<b>x</b>", "y")["xaxis"]["title"]["text"] == "&lt;b&gt;x&lt;/b&gt;"


def test_a_band_goes_out_along_one_curve_and_back_along_the_other() -> None:
    assert TRACES["band"]["x"].tolist() == [*XS, *XS[::-1]]
    assert TRACES["band"]["y"].tolist() == [*(XS - 1), *(XS[::-1] + 1)]


def test_a_rule_crosses_the_whole_chart_at_its_value() -> None:
    upright, level = marks.rule("path", x=2.0), marks.rule("path", y=-1.0)
    assert (upright["x0"], upright["x1"], upright["y0"], upright["y1"], upright["yref"]) == (2, 2, 0, 1, "y domain")
    assert (level["y0"], level["y1"], level["x0"], level["x1"], level["xref"]) == (-1, -1, 0, 1, "x domain")
    with pytest.raises(ArithmeticError):
        marks.rule("path", x=np.inf)


def test_a_chart_takes_its_ranges_in_values() -> None:
    layout = marks.chart("λ", "J", log_x=True, x_range=(1e-3, 1e13), y_range=(0.0, 2.0))
    assert (layout["xaxis"]["type"], layout["xaxis"]["range"]) == ("log", [-3.0, 13.0])
    assert layout["xaxis"]["dtick"] == 2  # sixteen decades: a tick at every second
    assert ("type" in layout["yaxis"], layout["yaxis"]["range"]) == (False, [0.0, 2.0])
    go.Figure({"data": [], "layout": layout})


def test_a_frame_leaves_out_what_its_roles_give_and_nothing_else() -> None:
    frame = marks.moving(marks.figure([], shapes=SHAPES, meta={"handles": []}))
    ball, optimum, upright, _ = frame["layout"]["shapes"]
    assert ball == {"name": "ball", "path": "M0,0L1,1Z"}
    assert set(optimum) == {"name", "path", "xanchor", "yanchor"}
    assert (upright["type"], upright["name"], upright["x0"]) == ("line", "path", 2.0)
    assert frame["layout"]["meta"] == {"handles": []}


def test_a_single_cubic_is_drawn_as_a_curve_and_an_edge_as_a_line() -> None:
    points = np.array([[0.0, 0.0], [2.0, 0.0]])
    assert joined([Arc(points, np.array([[2.0, 1.0], [2.0, -1.0]]))]).startswith("M0,0C")
    assert joined([Edge((0.0, 0.0), (2.0, 0.0))]) == "M0,0L2,0"
