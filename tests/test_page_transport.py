"""What plays: play, pause, step and scrub through frames in memory; and a lab with one of everything, drawn."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from tests.conftest import Server
from tests.page_scripts import CUT, WIDER
from tests.pages import LabPage, anywhere, centre, desk, on, phone

if TYPE_CHECKING:
    from playwright.sync_api import Route

__all__ = ["anywhere", "desk", "on", "phone"]  # fixtures

pytestmark = pytest.mark.browser
LAB = "/labs/playground"

# Every value of the step that the readout shows, and how often the picture changes.
WATCH = """
() => {
  const place = document.querySelector('[data-readout="at"] dd');
  window.shown = [];
  const observer = new MutationObserver(() => window.shown.push(Number(place.textContent)));
  observer.observe(place, { childList: true, characterData: true, subtree: true });
}
"""


@pytest.fixture(scope="session")
def server(serve: Callable[..., Server]) -> Server:
    """The labs, and one that plays."""
    return serve("tests.playground")


def button(lab: LabPage, name: str) -> None:
    lab.page.get_by_role("button", name=name, exact=True).click()


def ended(lab: LabPage) -> list[float]:
    """Wait for the end; the values that were shown on the way."""
    lab.page.get_by_role("button", name="Play", exact=True).wait_for()
    lab.gesture()
    shown: list[float] = lab.page.evaluate("window.shown")
    return shown


def test_it_plays_to_the_end_through_memory_as_one_entry_of_the_history(desk: LabPage) -> None:
    lab, page = desk.open(f"{LAB}?step=10"), desk.page
    page.wait_for_function("() => window.swept.length")
    page.evaluate(WATCH)
    entries = page.evaluate("() => { window.asked.length = 0; return history.length; }")
    button(lab, "Play")
    page.wait_for_function("() => Number(new URLSearchParams(location.search).get('step')) > 12")
    shown = ended(lab)
    assert shown == sorted(set(shown))
    assert len(shown) > 20
    assert (shown[-1], lab.query) == (60, {"step": "60"})
    assert page.evaluate("history.length") == entries + 1
    asked = [one for one in page.evaluate("window.asked") if "sweep=" not in one]
    assert len(asked) == 1  # at the end, in full
    assert "After 60 steps" in lab.outcomes
    lab.travel(page.go_back)
    assert lab.query == {"step": "10"}
    assert lab.readouts["at"] == "10"


def test_at_the_end_it_begins_anew(desk: LabPage) -> None:
    lab = desk.open(f"{LAB}?step=60")
    lab.page.evaluate(WATCH)
    button(lab, "Play")
    shown = ended(lab)
    assert shown[0] < 6
    assert shown[-1] == 60


def test_space_plays_and_pauses_while_the_focus_is_in_it(desk: LabPage) -> None:
    lab, page = desk.open(LAB), desk.page
    page.evaluate(WATCH)
    for place in (lab.slider("step"), lab.row("step").locator(".number")):
        place.focus()
        page.keyboard.press("Space")
        page.wait_for_function("() => window.shown.length > 3")
        page.keyboard.press("Space")
        lab.gesture()
        stopped = lab.readouts["at"]
        assert 0 < int(stopped) < 60
        assert lab.query["step"] == stopped
        page.wait_for_timeout(200)
        assert lab.readouts["at"] == stopped
        button(lab, "To the start")
        lab.rest()
        page.evaluate("() => { window.shown.length = 0; }")
    assert lab.slider("rate").evaluate("(one) => { one.focus(); return one.value; }")
    page.keyboard.press("Space")
    page.wait_for_timeout(200)
    assert lab.readouts["at"] == "0"


def test_steps_and_the_way_to_the_start(desk: LabPage) -> None:
    lab = desk.open(f"{LAB}?step=20")
    for name, expected in [
        ("One step forward", "21"),
        ("One step back", "20"),
        ("One step back", "19"),
        ("To the start", "0"),
    ]:
        button(lab, name)
        lab.rest()
        assert lab.readouts["at"] == expected
    lab.gesture()
    assert lab.query == {"step": "0"}


def test_nothing_plays_by_itself_and_little_moves_for_those_who_want_it_so(desk: LabPage) -> None:
    lab, page = desk, desk.page
    page.emulate_media(reduced_motion="reduce")
    lab.open(f"{LAB}?step=0")
    page.evaluate(WATCH)
    page.wait_for_timeout(600)
    assert page.evaluate("window.shown") == []
    button(lab, "Play")
    assert 1 <= len(ended(lab)) <= 5
    page.emulate_media(reduced_motion="no-preference")


def test_while_the_positions_are_loading_it_says_so_and_then_plays(desk: LabPage) -> None:
    held: list[Route] = []

    def hold(route: "Route") -> None:
        if "sweep=" in route.request.url:
            held.append(route)
        else:
            route.fallback()

    page = desk.page
    page.route("**/place?*", hold)
    lab = desk.open(f"{LAB}?step=0")
    page.evaluate(WATCH)
    button(lab, "Play")
    page.get_by_text("Loading every position").wait_for()
    page.locator("#progress").wait_for()
    assert lab.readouts["at"] == "0"
    for one in held:
        one.continue_()
    assert ended(lab)[-1] == 60
    assert page.locator("#progress").is_hidden()
    assert page.get_by_text("Loading every position").count() == 0


def test_another_knob_may_be_turned_meanwhile_and_a_preset_ends_it(desk: LabPage) -> None:
    lab, page = desk.open(f"{LAB}?step=0"), desk.page
    page.evaluate(WATCH)
    button(lab, "Play")
    page.wait_for_function("() => window.shown.length > 3")
    lab.press(lab.slider("rate"), "ArrowLeft")
    page.wait_for_function("() => window.shown.at(-1) > 30")
    lab.page.locator('[data-preset="late"]').click()
    lab.gesture()
    assert lab.query == {"step": "40", "rate": "0.05"}
    page.wait_for_timeout(300)
    assert lab.readouts["at"] == "40"
    assert page.get_by_role("button", name="Play", exact=True).is_visible()


def test_a_handle_on_a_log_axis_goes_by_factors(desk: LabPage) -> None:
    lab = desk.open(LAB)
    grip = lab.handle("learning rate")
    x, y = centre(grip)
    at = lab.page.evaluate(
        "(values) => { const p = document.querySelectorAll('.plot')[1], a = p._fullLayout.xaxis;"
        " return values.map((one) => p.getBoundingClientRect().left + a._offset + a.d2p(one)); }",
        [5, 15],
    )
    assert x == pytest.approx(at[0], abs=1)
    lab.drag((x, y), (at[1], y + 40))
    lab.gesture()
    assert float(lab.query["rate"]) == pytest.approx(0.3, rel=0.06)
    moved = centre(grip)
    assert moved[0] == pytest.approx(at[1], abs=6)
    assert moved[1] == pytest.approx(y, abs=1)
    lab.press(grip, "ArrowLeft")
    lab.gesture()
    assert float(lab.query["rate"]) < 0.3


def test_readouts_keep_the_order_of_the_parts_fold_their_groups_and_leave_out_what_is_not_there(desk: LabPage) -> None:
    lab = desk.open(LAB)
    assert list(lab.readouts) == ["limit", "at", "loss", "factor"]
    fold = lab.page.locator(".fold")
    assert fold.locator("summary").first.inner_text() == "Certificate"
    row = lab.page.locator('[data-readout="factor"]')
    assert row.is_hidden()
    fold.locator("summary").first.click()
    assert row.is_visible()


def test_every_figure_has_its_heading_its_words_and_its_legend(desk: LabPage) -> None:
    lab = desk.open(LAB)
    blocks = lab.page.locator(".block")
    assert blocks.locator("h2").all_inner_texts() == ["Two weights", "Loss by step", "Shares", "Heat"]
    assert blocks.nth(0).locator(".outcome").inner_text() == "After 10 steps the walk is paused."
    assert blocks.nth(0).locator(".asides").inner_text() == "The trail is drawn."
    assert blocks.nth(2).locator(".outcome").inner_text() == "Every direction has its share."
    assert blocks.nth(1).locator(".legend button").all_inner_texts()[:2] == ["gradient descent", "within a factor of 2"]
    wide, square = (blocks.nth(i).locator(".figure").bounding_box() for i in (1, 0))
    assert wide
    assert square
    assert wide["width"] > 1.5 * wide["height"]
    assert square["width"] == pytest.approx(square["height"], abs=1)


def test_charts_are_dressed_for_the_theme(desk: LabPage) -> None:
    lab, page = desk.open(LAB), desk.page
    collect = """() => [".barlayer path", ".scatterlayer .lines path", ".scatterlayer .fills path", ".annotation-text"]
      .map((one) => [...document.querySelectorAll(one)].at(-1)).map((one) => one.style.fill + one.style.stroke)"""
    light = page.evaluate(collect)
    page.emulate_media(color_scheme="dark")
    lab.rest()
    dark = page.evaluate(collect)
    assert all(light)
    assert all(one != other for one, other in zip(light, dark, strict=True))


def test_many_figures_fit(anywhere: LabPage) -> None:
    lab = anywhere.open(LAB)
    assert [*lab.page.evaluate(WIDER), *lab.page.evaluate(CUT)] == []
