"""The address is the whole state: undo and back, refusals, failures, the latest answer, pictures from memory."""

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from tests.pages import LabPage, desk, on

if TYPE_CHECKING:
    from playwright.sync_api import Route

__all__ = ["desk", "on"]  # fixtures

pytestmark = pytest.mark.browser
LAB = "/labs/tangency"


def test_undo_redo_and_the_browsers_back_and_forward_return_the_same_picture(desk: LabPage) -> None:
    lab, page = desk.open(LAB), desk.page
    seen = [(lab.view, lab.query)]
    turns = [
        lambda: lab.press(lab.slider("radius"), *["ArrowLeft"] * 5),
        lambda: lab.choose("regularizer.kind", "l2"),
        lambda: lab.drag(lab.pixel(2, 1), lab.pixel(1, -1)),
    ]
    for turn in turns:
        turn()
        lab.gesture()
        seen.append((lab.view, lab.query))
    assert len({str(one) for one in seen}) == 4
    ways = [
        (lambda: page.get_by_role("button", name="Undo").click(), 2),
        (lambda: page.keyboard.press("Control+z"), 1),
        (page.go_back, 0),
        (lambda: page.get_by_role("button", name="Redo").click(), 1),
        (lambda: page.keyboard.press("Control+Shift+Z"), 2),
        (page.go_forward, 3),
    ]
    for go, expected in ways:
        lab.travel(go)
        assert (lab.view, lab.query) == seen[expected]
    assert page.get_by_role("button", name="Redo").is_disabled()


def test_reset_returns_to_the_defaults_and_can_be_undone(desk: LabPage) -> None:
    lab = desk.open(LAB)
    default = lab.view
    lab.open(f"{LAB}?regularizer.kind=lp&regularizer.p=3&radius=0.2&shortcut=shrink")
    turned = lab.view
    lab.page.get_by_role("button", name="Reset").click()
    lab.rest()
    assert lab.query == {}
    assert lab.view == default
    lab.travel(lab.page.get_by_role("button", name="Undo").click)
    assert lab.view == turned


@pytest.mark.parametrize("text", ["99", "-1", "abc", "NaN", "1e999", "０.4"])
def test_a_refused_value_is_explained_beside_its_control_and_the_picture_stays(desk: LabPage, text: str) -> None:
    lab = desk.open(f"{LAB}?radius=0.4")
    before = lab.view
    lab.type("radius", text)
    error = lab.row("radius").locator(".error")
    error.filter(has_text=" ").wait_for()
    assert len(error.inner_text()) > 10
    assert lab.row("radius").locator("[aria-invalid=true]").count() == 1
    assert lab.view == before
    lab.type("radius", "0.3")
    assert error.inner_text() == ""
    assert lab.page.locator("#trouble").is_hidden()
    assert lab.readouts["radius"] == "0.3"
    lab.excuse("422")


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("radius=99&regularizer.kind=l2", ["radius", "10"]),
        ("old_knob=1&regularizer.kind=l2", ["old_knob"]),
        ("regularizer.kind=l3&radius=0.2", ["regularizer"]),
        ("radius=0.2&strength=0.2&regularizer.kind=l2", ["radius", "strength"]),
        ("problem.kind=regression&problem.dataset=gone&regularizer.kind=l2", ["gone"]),
    ],
)
def test_a_link_that_is_refused_says_why_and_never_half_applies(desk: LabPage, query: str, words: list[str]) -> None:
    lab = desk.open(LAB)
    default = lab.view
    lab.open(f"{LAB}?{query}")
    said = lab.page.locator("#trouble-words").inner_text()
    assert lab.page.locator("#trouble").is_visible()
    assert [word for word in words if word not in said] == []
    assert lab.view == default
    assert lab.row("regularizer.kind").locator("select").input_value() == "l1"
    assert lab.slider("radius").input_value() == "50"
    lab.page.get_by_role("button", name="Reset").click()
    lab.rest()
    assert lab.page.locator("#trouble").is_hidden()
    assert lab.query == {}
    lab.excuse("422")


def test_without_a_network_a_sentence_appears_and_trying_again_works(desk: LabPage) -> None:
    lab = desk.open(LAB)
    before, context = lab.view, lab.page.context
    context.set_offline(True)
    lab.type("radius", "0.437")
    trouble = lab.page.locator("#trouble")
    trouble.wait_for()
    assert trouble.inner_text().startswith("The server does not answer.")
    assert lab.view == before
    context.set_offline(False)
    lab.page.get_by_role("button", name="Try again").click()
    trouble.wait_for(state="hidden")
    lab.rest()
    recovered = lab.view
    assert recovered != before
    lab.excuse("ERR_INTERNET_DISCONNECTED")
    assert lab.open(f"{LAB}?radius=0.437").view == recovered


WATCH_RADIUS = """
() => {
  const place = document.querySelector('[data-readout="t"] dd');
  window.shown = [place.textContent];
  const observer = new MutationObserver(() => window.shown.push(place.textContent));
  observer.observe(place, { childList: true, characterData: true, subtree: true });
}
"""


def test_an_older_answer_never_replaces_a_newer_one(desk: LabPage) -> None:
    """The first answer is held back until the second has been shown; sweeps do not come at all."""
    held: list[Route] = []

    def delayed(route: "Route") -> None:
        if "sweep=" in route.request.url or "radius=0.51" in route.request.url:
            held.append(route)
        else:
            route.fallback()

    page = desk.page
    page.route("**/solution?*", delayed)
    lab = desk.open(LAB)
    page.evaluate(WATCH_RADIUS)
    lab.slider("radius").focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_timeout(400)
    assert any("radius=0.51" in one.request.url for one in held)
    page.keyboard.press("End")
    lab.page.wait_for_function("() => window.shown.at(-1) === '4.5'")
    for one in held:
        one.continue_()
    page.wait_for_timeout(300)
    assert page.evaluate("window.shown") == ["1.5", "4.5"]
    assert lab.query["radius"] == "1.5"
    expected = lab.view
    assert lab.open(f"{LAB}?radius=1.5").view == expected


# Many small steps, as a hand makes them that does not rest; a busy machine may show so few frames that it seems to.
SCRUB = """
async (knob) => {
  const slider = document.querySelector(`[data-knob="${knob}"] input[type=range]`);
  const frame = () => new Promise(requestAnimationFrame);
  const picture = () => [...document.querySelectorAll(".shapelayer path")].map((one) => one.getAttribute("d")).join();
  const pictures = new Set(), before = window.asked.length;
  let rests = 0;
  for (let i = 0, last = performance.now(); i < 15; i += 1, last = performance.now()) {
    slider.stepDown();
    slider.dispatchEvent(new Event("input", { bubbles: true }));
    await frame();
    await frame();
    pictures.add(picture());
    if (performance.now() - last > 140) rests += 1;
  }
  return [pictures.size, window.asked.slice(before), rests];
}
"""


@pytest.mark.parametrize("knob", ["strength", "radius"])
def test_while_a_sweep_is_in_the_page_moving_the_slider_asks_for_nothing(desk: LabPage, knob: str) -> None:
    lab, page = desk.open(f"{LAB}?regularizer.kind=l2&{knob}=0.8"), desk.page
    swept = f"sweep={knob}"
    lab.slider(knob).focus()
    page.wait_for_function("(swept) => window.swept.some((one) => one.includes(swept))", arg=swept)
    page.evaluate("() => { window.asked.length = 0; }")
    pictures, asked, rests = page.evaluate(SCRUB, knob)
    assert len(asked) <= rests
    assert pictures >= 12
    scrubbed = lab.view
    lab.gesture()
    at_rest = [one for one in page.evaluate("window.asked") if "sweep=" not in one]
    assert [urlsplit(one).path for one in at_rest] == ["/api/v1/labs/tangency/solution"]
    assert lab.view == scrubbed
    assert lab.open(page.url).view == scrubbed


def test_a_gesture_is_one_entry_of_the_history(desk: LabPage) -> None:
    lab = desk.open(LAB)
    entries = lab.page.evaluate("history.length")
    lab.press(lab.slider("radius"), *["ArrowRight"] * 12)
    lab.gesture()
    assert lab.page.evaluate("history.length") == entries + 1
    assert lab.query == {"radius": "0.62"}


def test_turning_a_knob_asks_only_for_the_parts_that_depend_on_it(desk: LabPage) -> None:
    lab = desk.open(LAB)
    lab.page.evaluate("() => { window.asked.length = 0; }")
    lab.choose("shortcut", "project")
    asked = [one.split("?")[0].rsplit("/", 1)[1] for one in lab.page.evaluate("window.asked") if "sweep=" not in one]
    assert asked == ["solution"]
    lab.page.evaluate("() => { window.asked.length = 0; }")
    lab.choose("regularizer.kind", "l2")
    asked = [one.split("?")[0].rsplit("/", 1)[1] for one in lab.page.evaluate("window.asked") if "sweep=" not in one]
    assert sorted(asked) == ["path", "solution"]
