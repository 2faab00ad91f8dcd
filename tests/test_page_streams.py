"""A page that trains: it plays what arrives, keeps what it has seen, takes changes on the way, and stops when left."""

import re
import time
from collections.abc import Callable
from pathlib import Path
from urllib.request import urlopen

import pytest

from tests.conftest import Server
from tests.pages import LabPage, desk, on

__all__ = ["desk", "on"]  # fixtures

pytestmark = pytest.mark.browser
LAB = "/labs/cinema"
LONG = "units=64&steps=60000"  # some seconds of computing
LONGER = "units=64&steps=300000"

WATCH = """
() => {
  const place = document.querySelector('[data-readout="step"] dd');
  window.shown = [];
  new MutationObserver(() => window.shown.push(Number(place.textContent)))
    .observe(place, { childList: true, characterData: true, subtree: true });
}
"""
TABS = """
async (query) => {
  const { watch } = await import(document.querySelector("script[type=module]").src.replace("lab.js", "stream.js"));
  const stop = new AbortController();
  const film = (_, i) => `/api/v1/labs/cinema/training/stream?${query}&sweep=moment&seed=${700 + i}`;
  const told = Array.from({ length: 9 }, film).map((url) =>
    watch(url, stop.signal, () => {}, async () => {}).then(() => "whole", (error) => error.name));
  await new Promise((go) => setTimeout(go, 500));
  const since = performance.now();
  await fetch("/healthz", { cache: "no-store", signal: AbortSignal.timeout(3000) }).catch(() => {});
  const waited = performance.now() - since;
  stop.abort();
  return { waited, told: await Promise.all(told) };
}
"""
FILMS = "() => window.asked.filter((one) => one.includes('/stream?') && one.includes('sweep='))"
SINGLES = "() => window.asked.filter((one) => one.includes('/stream?') && !one.includes('sweep='))"


@pytest.fixture(scope="session")
def mark(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file that grows by a byte for every moment that somebody computes."""
    made = tmp_path_factory.mktemp("cinema") / "mark"
    made.touch()
    return made


@pytest.fixture(scope="session")
def server(serve: Callable[..., Server], mark: Path) -> Server:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CINEMA_MARK", str(mark))
        return serve("tests.playground")


def opened(server: Server, query: str) -> str:
    with urlopen(f"{server.url}{LAB}?{query}") as answer:  # noqa: S310 (this machine's own server)
        return str(answer.read().decode())


def button(lab: LabPage, name: str) -> None:
    lab.page.get_by_role("button", name=name, exact=True).click()


def at_end(lab: LabPage) -> None:
    """Wait for the end of what plays."""
    lab.page.get_by_role("button", name="Play", exact=True).wait_for(timeout=30_000)
    lab.gesture()


def reached(lab: LabPage, moment: int) -> None:
    """Wait until the picture is beyond a moment."""
    lab.page.wait_for_function(
        "(least) => Number(new URLSearchParams(location.search).get('moment')) > least", arg=moment
    )


def stops(lab: LabPage, mark: Path) -> bool:
    """Whether nobody computes any more, soon: a film that nobody stopped would go on for many seconds."""
    deadline = time.monotonic() + 3
    before = -1
    while before != (before := mark.stat().st_size):
        if time.monotonic() > deadline:
            return False
        lab.page.wait_for_timeout(500)
    return True


def chips(lab: LabPage) -> list[str]:
    return [one.removesuffix("×").strip() for one in lab.page.locator(".chips li:has([aria-label])").all_inner_texts()]


def test_the_numbers_of_a_short_film_are_there_without_a_script(server: Server) -> None:
    opened(server, "steps=500&seed=19")  # its worker may have to start first
    html = opened(server, "steps=500")
    assert re.search(r'data-readout="step".*?<dd>500</dd>', html, re.DOTALL)
    assert "Finished: all 500 steps are taken." in html
    since = time.monotonic()
    html = opened(server, f"{LONG}&seed=20")
    assert time.monotonic() - since < 1.5
    assert "Finished" not in html


def test_it_plays_from_the_start_through_all_moments_and_asks_once(desk: LabPage) -> None:
    lab, page = desk.open(f"{LAB}?seed=21"), desk.page
    page.evaluate(WATCH)
    entries = page.evaluate("history.length")
    button(lab, "Play")
    at_end(lab)
    shown = page.evaluate("window.shown")
    assert shown == sorted(set(shown))
    assert len(shown) > 15
    assert (shown[-1], lab.query["moment"]) == (400, "100")
    assert page.evaluate("history.length") == entries + 1
    assert "Finished: all 400 steps" in lab.outcomes
    assert len(page.evaluate(FILMS)) == 1
    page.evaluate("() => { window.asked.length = 0; }")
    button(lab, "Play")
    at_end(lab)
    assert [one for one in page.evaluate("window.asked") if "/api/" in one] == []
    page.go_back()
    lab.rest()
    page.go_back()
    lab.rest()
    assert lab.query == {"seed": "21"}
    assert lab.readouts["step"] == "400"


def test_what_is_played_is_what_is_answered_and_rewinding_gives_the_same_picture(desk: LabPage) -> None:
    lab = desk.open(f"{LAB}?seed=22&moment=30")
    answered = lab.view
    lab.open(f"{LAB}?seed=22&moment=0")
    button(lab, "Play")
    reached(lab, 31)
    button(lab, "Pause")
    lab.gesture()
    lab.page.evaluate("() => { window.asked.length = 0; }")
    button(lab, "To the start")
    lab.rest()
    begun = lab.view
    lab.type("moment", "30")
    assert lab.view == answered
    button(lab, "One step forward")
    lab.rest()
    assert lab.readouts["step"] == "124"
    button(lab, "One step back")
    lab.rest()
    assert lab.view == answered
    button(lab, "To the start")
    lab.rest()
    assert lab.view == begun
    assert lab.page.evaluate(SINGLES) == []
    assert lab.open(f"{LAB}?seed=22&moment=0").view == begun


def test_it_plays_before_the_film_is_whole_and_does_not_overtake_it(desk: LabPage) -> None:
    lab, page = desk.open(f"{LAB}?{LONG}&seed=23&moment=0"), desk.page
    page.evaluate(WATCH)
    button(lab, "Play")
    page.wait_for_function("() => window.shown.length > 5")
    assert page.evaluate("window.swept.length") == 0
    bar = page.get_by_role("progressbar", name="Computing")
    bar.wait_for()
    page.wait_for_function("() => Number(document.getElementById('progress').ariaValueNow) > 5")
    at_end(lab)
    shown = page.evaluate("window.shown")
    assert shown == sorted(shown)
    assert shown[-1] == 60_000
    assert bar.is_hidden()


def test_nothing_is_trained_ahead_for_those_who_only_look(desk: LabPage) -> None:
    lab = desk.open(f"{LAB}?seed=24")
    lab.row("moment").hover()
    lab.slider("moment").focus()
    lab.page.wait_for_timeout(900)
    assert lab.page.evaluate(FILMS) == []
    lab.press(lab.slider("moment"), "ArrowLeft")
    lab.page.wait_for_function("() => window.swept.length")
    assert lab.readouts["step"] == "396"
    assert len(lab.page.evaluate(FILMS)) == 1
    assert lab.page.evaluate(SINGLES) == []


def test_a_single_answer_says_how_far_it_is(desk: LabPage) -> None:
    lab, page = desk, desk.page
    page.goto(f"{LAB}?{LONG}&seed=25")
    page.wait_for_function("() => Number(document.getElementById('progress').ariaValueNow) > 5")
    first = int(page.evaluate("document.getElementById('progress').ariaValueNow"))
    page.wait_for_function("(least) => Number(document.getElementById('progress').ariaValueNow) > least", arg=first)
    lab.rest()
    assert lab.readouts["step"] == "60000"
    assert page.get_by_role("progressbar", name="Computing").is_hidden()


def test_a_knob_that_is_turned_on_the_way_changes_it_from_there_on(desk: LabPage) -> None:
    lab, page = desk.open(f"{LAB}?seed=26&moment=0&steps=2000"), desk.page
    button(lab, "Play")
    reached(lab, 10)
    page.evaluate(WATCH)
    lab.press(lab.slider("rate"), "ArrowRight", "ArrowRight")
    at_end(lab)
    shown = page.evaluate("window.shown")
    assert shown == sorted(shown), "the picture never goes back"
    assert shown[-1] == 2000
    (moment,) = re.findall(r"^(\d+):rate=0\.125893$", lab.query["changes"])
    assert 10 < int(moment) < 100
    assert "rate" not in lab.query
    assert chips(lab) == [f"from {moment} %: Learning rate η = 0.1259"]
    plain = lab.readouts["loss"]
    button(lab, f"Take it back: from {moment} %: Learning rate η = 0.1259")
    lab.gesture()
    assert "changes" not in lab.query
    assert chips(lab) == []
    assert lab.row("changes").count() == 0
    assert lab.readouts["loss"] != plain
    page.go_back()
    lab.rest()
    assert chips(lab) == [f"from {moment} %: Learning rate η = 0.1259"]
    assert lab.readouts["loss"] == plain


def test_a_control_shows_what_holds_at_the_moment(desk: LabPage) -> None:
    lab = desk.open(f"{LAB}?seed=27&moment=50&changes=20:rate=0.3,60:rate=0.5")
    box = lab.row("rate").locator("input.number")
    for moment, value in [("50", "0.3"), ("60", "0.5"), ("10", "0.1"), ("0", "0.1"), ("100", "0.1"), ("20", "0.3")]:
        lab.type("moment", moment)
        assert box.input_value() == value
    lab.type("rate", "0.7")
    lab.gesture()
    assert lab.query["changes"] == "20:rate=0.7,60:rate=0.5"
    lab.type("moment", "100")
    lab.type("rate", "0.2")
    lab.gesture()
    assert lab.query["rate"] == "0.2"
    assert lab.query["changes"] == "20:rate=0.7,60:rate=0.5"
    button(lab, "Clear all")
    lab.gesture()
    assert "changes" not in lab.query
    lab.type("moment", "0")
    lab.type("l2", "0.01")
    lab.gesture()
    assert (lab.query["l2"], "changes" in lab.query) == ("0.01", False)


def test_what_arrives_does_not_write_over_what_is_being_typed(desk: LabPage) -> None:
    lab, page = desk.open(f"{LAB}?{LONG}&moment=0&seed=33"), desk.page
    page.evaluate(WATCH)
    button(lab, "Play")
    for box, typed in [(lab.row("rate").locator("input.number"), "0.25"), (lab.row("units").locator("input"), "12")]:
        box.fill(typed)
        page.evaluate("() => { window.shown.length = 0; }")
        page.wait_for_function("() => window.shown.length > 2")
        assert box.input_value() == typed
    box.press("Enter")
    lab.gesture()
    assert lab.query["units"] == "12"


def test_the_latest_wins_and_the_others_cost_nothing_any_more(desk: LabPage, mark: Path) -> None:
    lab, page = desk.open(f"{LAB}?{LONGER}&moment=0&seed=28"), desk.page
    button(lab, "Play")
    page.wait_for_function("() => Number(document.querySelector('[data-readout=step] dd').textContent) > 0")
    button(lab, "Pause")
    lab.row("seed").locator("input").fill("29")
    lab.row("seed").locator("input").press("Tab")
    lab.type("moment", "0")
    lab.type("steps", "50")
    lab.rest()
    assert stops(lab, mark)
    lab.type("moment", "100")
    page.wait_for_function("() => document.querySelector('[data-readout=step] dd').textContent === '50'")
    assert "Finished: all 50 steps" in lab.outcomes


def test_leaving_the_page_stops_the_work(desk: LabPage, mark: Path) -> None:
    lab, page = desk.open(f"{LAB}?{LONGER}&moment=0&seed=30"), desk.page
    button(lab, "Play")
    page.wait_for_function("() => Number(document.querySelector('[data-readout=step] dd').textContent) > 0")
    page.goto("/labs/tangency")
    assert stops(lab, mark)
    page.go_back()
    page.wait_for_function("() => document.querySelector('[data-readout=step] dd')")
    button(lab, "Play")
    page.wait_for_function("() => Number(document.querySelector('[data-readout=step] dd').textContent) > 3000")
    page.goto("about:blank")
    assert stops(lab, mark)


def test_a_film_that_is_too_long_says_so_where_it_would_play(desk: LabPage) -> None:
    lab, page = desk.open(f"{LAB}?steps=2000000&moment=0"), desk.page
    button(lab, "Play")
    page.get_by_text("seconds of computing, and at most 30 are possible").first.wait_for()
    page.get_by_role("button", name="Play", exact=True).wait_for()
    assert lab.readouts["step"] == "0"
    lab.excuse("422")


def test_many_trainings_of_one_browser_leave_it_connections_for_the_rest(desk: LabPage) -> None:
    desk.open(LAB)
    found = desk.page.evaluate(TABS, LONGER)
    assert found["waited"] < 1000  # all six connections would be taken for many seconds
    assert set(found["told"]) == {"AbortError"}


def test_two_settings_play_together_each_with_its_own_film(desk: LabPage) -> None:
    lab, page = desk.open(f"{LAB}?seed=31&moment=0&b.rate=0.4"), desk.page
    button(lab, "Play")
    at_end(lab)
    films = page.evaluate(FILMS)
    assert len(films) == 2
    assert {"rate=0.4" in one for one in films} == {True, False}
    cells = page.locator('[data-readout="step"] dd').all_inner_texts()
    assert cells == ["400", "400"]
    losses = page.locator('[data-readout="loss"] dd').all_inner_texts()
    assert losses[0] != losses[1]
    lab.type("moment", "50")
    page.get_by_role("tab", name="Setting B").click()
    lab.type("rate", "0.6")
    lab.gesture()
    assert lab.query["b.changes"] == "50:rate=0.6"
    assert "from 50 %: Learning rate η = 0.6" in page.locator(".differs").nth(1).inner_text()
    assert "changes" not in lab.query
    assert chips(lab) == ["from 50 %: Learning rate η = 0.6"]
    page.get_by_role("tab", name="Setting A").click()
    assert chips(lab) == []


def test_divergence_is_told_as_it_ended(desk: LabPage) -> None:
    lab = desk.open(f"{LAB}?moment=0&pattern.kind=curve&rate=50&seed=32")
    button(lab, "Play")
    at_end(lab)
    assert "diverge" in lab.outcomes.lower()
    assert lab.page.locator('.outcome[data-kind="diverged"]').count() == 1
