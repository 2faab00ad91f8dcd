"""The tangency page: marks are where the numbers say, what can be dragged turns the right knobs."""

import math

import pytest

from tests.claims import number
from tests.pages import LabPage, centre, desk, on, phone

__all__ = ["desk", "on", "phone"]  # fixtures

pytestmark = pytest.mark.browser
LAB = "/labs/tangency"
FREE, FIRST_AXIS, SECOND_AXIS = "free optimum ŵ", "axis 1 of the Hessian", "axis 2 of the Hessian"
BALL = "radius of the ball"

# How many pixels a place of the screen is away from the drawn ball.
ON_EDGE = """
([x, y]) => {
  const ball = [...document.querySelectorAll(".shapelayer path")].find((one) => getComputedStyle(one).fill !== "none"
    && getComputedStyle(one).fillOpacity < 0.2 && one.getTotalLength() > 20);
  const box = ball.getScreenCTM(), length = ball.getTotalLength();
  const away = (i) => {
    const at = ball.getPointAtLength((i / 2000) * length).matrixTransform(box);
    return Math.hypot(at.x - x, at.y - y);
  };
  return Math.min(...Array.from({ length: 2000 }, (_, i) => away(i)));
}
"""


def test_the_marks_are_where_the_numbers_say(desk: LabPage) -> None:
    lab = desk.open(f"{LAB}?regularizer.kind=l2&problem.angle=30&radius=0.6")
    shown, optimum = lab.readouts, lab.mark("optimum")
    assert optimum == pytest.approx((number(shown["w1"]), number(shown["w2"])), abs=1e-4)
    assert optimum
    assert math.hypot(*optimum) == pytest.approx(number(shown["t"]), abs=1e-4)
    drawn = lab.page.locator(".shapelayer path").evaluate_all(
        "(all) => all.map((one) => one.getBoundingClientRect()).map((b) => [b.x + b.width / 2, b.y + b.height / 2])"
    )
    assert min(math.dist(one, lab.pixel(*optimum)) for one in drawn) < 1
    assert math.dist(centre(lab.handle(FREE)), lab.pixel(2, 1)) < 1
    assert math.dist(centre(lab.handle(BALL)), lab.pixel(-1.2, -0.6)) < 1


@pytest.mark.parametrize(
    "query",
    [
        "radius=1", "radius=0.5", "regularizer.kind=l2&radius=0.7", "regularizer.kind=linf&radius=1.4",
        "problem.kind=regression&regularizer.kind=l2&radius=0.9",
        "problem.kind=bowl&problem.curvature_1=0.2&problem.curvature_2=10&problem.angle=40&regularizer.kind=l2&radius=0.5",
    ],
)  # fmt: skip
def test_the_balls_handle_is_on_its_edge_and_covers_no_mark(desk: LabPage, query: str) -> None:
    lab = desk.open(f"{LAB}?{query}")
    for shortcut in ("none", "shrink", "project", "snap"):
        lab.choose("shortcut", shortcut)
        grip = centre(lab.handle(BALL))
        marks = [lab.pixel(one["xanchor"], one["yanchor"]) for one in lab.drawn if "xanchor" in one]
        handles = [centre(one) for one in lab.page.locator('.handle:not([data-handle="ball"])').all()]
        assert min(math.dist(grip, one) for one in [*marks, *handles]) > 24, shortcut
        assert lab.page.evaluate(ON_EDGE, list(grip)) < 3, shortcut


def test_the_minimiser_is_dragged_by_mouse(desk: LabPage) -> None:
    lab = desk.open(LAB)
    before = lab.picture
    lab.drag(centre(lab.handle(FREE)), lab.pixel(0, 2), lab.pixel(-1, -1.5))
    lab.gesture()
    assert lab.query.keys() == {"problem.kind", "problem.minimiser_1", "problem.minimiser_2"}
    assert float(lab.query["problem.minimiser_1"]) == pytest.approx(-1, abs=0.03)
    assert float(lab.query["problem.minimiser_2"]) == pytest.approx(-1.5, abs=0.03)
    assert lab.picture != before
    assert math.dist(centre(lab.handle(FREE)), lab.pixel(-1, -1.5)) < 2


def test_the_ball_is_dragged_by_its_handle_and_by_its_edge(desk: LabPage) -> None:
    lab = desk.open(f"{LAB}?radius=0.5")
    lab.drag(centre(lab.handle(BALL)), lab.pixel(-1.6, -0.8))
    lab.gesture()
    assert lab.query == {"radius": "0.8"}
    assert lab.readouts["t"] == "2.4"
    lab.drag(lab.pixel(0, -2.4), lab.pixel(0, -1.2))
    lab.gesture()
    assert float(lab.query["radius"]) == pytest.approx(0.4, abs=0.011)


def test_the_axes_of_the_hessian_are_dragged(desk: LabPage) -> None:
    """An axis ends at distance 2/√λ from ŵ: put at angle 45° and distance √2, it means φ = 45° and λ = 2."""
    lab = desk.open(LAB)
    lab.drag(centre(lab.handle(FIRST_AXIS)), lab.pixel(2 + 1, 1 + 1))
    lab.gesture()
    assert float(lab.query["problem.angle"]) == pytest.approx(45, abs=0.8)
    assert float(lab.query["problem.curvature_1"]) == pytest.approx(2, rel=0.02)
    assert "problem.curvature_2" not in lab.query
    lab.drag(centre(lab.handle(SECOND_AXIS)), lab.pixel(2 - 2, 1))
    lab.gesture()
    assert float(lab.query["problem.angle"]) == pytest.approx(90, abs=0.8)
    assert float(lab.query["problem.curvature_2"]) == pytest.approx(1, rel=0.02)


def test_what_can_be_dragged_can_be_touched(phone: LabPage) -> None:
    lab = phone.open(LAB)
    lab.page.locator(".figure").scroll_into_view_if_needed()
    touch(lab, centre(lab.handle(FREE)), lab.pixel(-1, -1))
    assert float(lab.query["problem.minimiser_1"]) == pytest.approx(-1, abs=0.05)
    assert float(lab.query["problem.minimiser_2"]) == pytest.approx(-1, abs=0.05)
    assert lab.page.evaluate("scrollY") == (top := lab.page.evaluate("scrollY"))
    (x, y), (x0, y0) = centre(lab.handle(BALL)), lab.pixel(0, 0)
    touch(lab, (x, y), (x0 + 1.6 * (x - x0), y0 + 1.6 * (y - y0)))  # from half of the way to ŵ
    assert float(lab.query["radius"]) == pytest.approx(0.8, abs=0.03)
    touch(lab, centre(lab.handle(FIRST_AXIS)), lab.pixel(-1 + 2**0.5, -1 + 2**0.5))
    assert float(lab.query["problem.angle"]) == pytest.approx(45, abs=2)
    assert lab.page.evaluate("scrollY") == top


def touch(lab: LabPage, start: tuple[float, float], end: tuple[float, float]) -> None:
    """One finger, down at a place, over several others, up."""
    devtools = lab.page.context.new_cdp_session(lab.page)
    steps = [tuple(a + (b - a) * i / 6 for a, b in zip(start, end, strict=True)) for i in range(7)]
    for i, (x, y) in enumerate(steps):
        kind = "touchMove" if i else "touchStart"
        devtools.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y}]})
    devtools.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    devtools.detach()
    lab.gesture()


@pytest.mark.parametrize(
    ("label", "keys", "expected"),
    [
        (FREE, ["ArrowRight"], {"problem.minimiser_1": 2.05}),
        (FREE, ["ArrowDown", "ArrowDown"], {"problem.minimiser_2": 0.9}),
        (FREE, ["Shift+ArrowLeft"], {"problem.minimiser_1": 1.5}),
        (BALL, ["ArrowUp"], {"radius": 0.51}),
        (BALL, ["Shift+ArrowLeft"], {"radius": 0.4}),
        (FIRST_AXIS, ["ArrowLeft"], {"problem.angle": 1}),
        (FIRST_AXIS, ["ArrowRight"], {"problem.angle": 180}),  # the same axis as 0°, from its other side
        (FIRST_AXIS, ["ArrowDown"], {"problem.curvature_1": 10**0.05}),
        (SECOND_AXIS, ["Shift+ArrowUp"], {"problem.curvature_2": 5 / 10**0.5}),
    ],
)
def test_handles_obey_the_arrow_keys(desk: LabPage, label: str, keys: list[str], expected: dict[str, float]) -> None:
    lab = desk.open(LAB)
    before = lab.view
    lab.press(lab.handle(label), *keys)
    lab.has(*expected)
    lab.gesture()
    turned = {key: float(value) for key, value in lab.query.items() if key != "problem.kind"}
    assert turned == pytest.approx(expected, rel=0.06)
    if "problem.angle" not in expected or expected["problem.angle"] != 180:
        assert lab.view != before
    heard = lab.handle(label).get_attribute("aria-valuetext") or ""
    assert any(f"{value:.4g}" in heard for value in turned.values())


def test_the_legend_hides_what_is_pressed(desk: LabPage) -> None:
    lab = desk.open(LAB)
    before = lab.picture
    button = lab.page.locator('#legend-plane [data-role="ball"]')
    button.click()
    lab.rest()
    assert button.get_attribute("aria-pressed") == "false"
    assert lab.picture != before
    assert lab.handle(BALL).count() == 0
    lab.page.locator('#legend-plane [data-role="ball"]').click()
    lab.rest()
    assert lab.picture == before
