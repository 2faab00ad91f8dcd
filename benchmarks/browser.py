"""The page in headless Chromium: what it transfers, and what a hand on a control sees."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from playwright.sync_api import CDPSession, ConsoleMessage, Page, sync_playwright

from benchmarks import chromium
from benchmarks.hand import Hand
from benchmarks.servers import serving
from benchmarks.table import Row
from benchmarks.timing import Pace

PAGE = "/labs/tangency"
QUIET = 700  # ms after which nothing more comes


@dataclass(frozen=True)
class Traffic:
    """What a page transferred, as it came over the wire, heads included."""

    received: list[tuple[str, float]]

    def kilobytes(self, *, having: str = "", without: tuple[str, ...] = ()) -> float:
        """The sum over the addresses that contain one text and none of the others."""
        return (
            sum(size for url, size in self.received if having in url and not any(text in url for text in without))
            / 1000.0
        )


@dataclass(frozen=True)
class Opened:
    """The page, opened and drawn."""

    url: str
    page: Page
    wire: CDPSession
    traffic: Traffic
    said: list[str]

    def anew(self) -> None:
        """With every knob at its default."""
        self.page.goto(self.url)
        self.page.wait_for_selector(".figure.drawn .contourlayer path")
        self.page.wait_for_timeout(QUIET)

    def hand(self) -> Hand:
        """Somebody who watches the picture while turning a control."""
        return Hand(self.page)

    def emptied(self) -> Traffic:
        """From now on."""
        self.page.wait_for_timeout(QUIET)
        self.traffic.received.clear()
        return self.traffic


def rows(pace: Pace) -> list[Row]:
    """All measurements of this group."""
    with serving("app", "/readyz") as server, _opened(f"http://127.0.0.1:{server.port}{PAGE}") as opened:
        found = [_first_view(opened), *_strength_by_request(opened, pace)]
        found += [*_strength(opened, pace), *_minimiser(opened, pace)]
        found.append(_limit("messages on the console", "the same page, all the while", len(opened.said), "", 0))
    return found


@contextmanager
def _opened(url: str) -> Iterator[Opened]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium.path(), args=chromium.SWITCHES)
        page = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
        wire, traffic, said = page.context.new_cdp_session(page), Traffic([]), list[str]()
        _listen(page, wire, traffic, said)
        wire.send("Network.setBlockedURLs", {"urls": ["*sweep=*"]})
        opened = Opened(url, page, wire, traffic, said)
        opened.anew()
        yield opened
        browser.close()


def _listen(page: Page, wire: CDPSession, traffic: Traffic, said: list[str]) -> None:
    addresses: dict[str, str] = {}

    def heard(message: ConsoleMessage) -> None:
        if "sweep=" not in message.location.get("url", ""):  # those that are blocked here
            said.append(message.text)

    wire.on("Network.requestWillBeSent", lambda event: addresses.update({event["requestId"]: event["request"]["url"]}))
    wire.on(
        "Network.loadingFinished",
        lambda event: traffic.received.append((addresses.get(event["requestId"], ""), event["encodedDataLength"])),
    )
    wire.send("Network.enable")
    page.on("console", heard)
    page.on("pageerror", lambda error: said.append(str(error)))


def _first_view(opened: Opened) -> Row:
    size = opened.traffic.kilobytes(without=("plotly",))
    return _limit("first view, without Plotly", "bytes over the wire, gzip", size, "KB", 60)


def _strength_by_request(opened: Opened, pace: Pace) -> list[Row]:
    """Sweeps are held back: each step is a request."""
    hand = opened.hand()
    slider = hand.slider("strength")
    traffic = opened.emptied()
    hand.press(slider, "ArrowRight")
    opened.page.wait_for_timeout(QUIET)
    size = traffic.kilobytes(having="/api/")
    latency = hand.latency(slider, pace.moves // 4)
    return [
        _limit("the strength moves one step, no sweep in the page", "bytes over the wire, gzip", size, "KB", 4),
        Row("key press to changed picture, no sweep in the page", "median", latency, "ms"),
    ]


def _strength(opened: Opened, pace: Pace) -> list[Row]:
    """With the whole slider in the page."""
    opened.wire.send("Network.setBlockedURLs", {"urls": []})
    opened.anew()  # a page does not ask again for a sweep that it was refused
    hand = opened.hand()
    slider = hand.slider("strength")
    traffic = opened.emptied()
    with opened.page.expect_response(lambda answer: "sweep=strength" in answer.url):
        hand.press(slider, "ArrowRight")
    opened.page.wait_for_timeout(QUIET)
    sweep = traffic.kilobytes(having="sweep=")
    latency = hand.latency(slider, pace.moves // 2)
    traffic = opened.emptied()
    held = hand.holding(slider, pace.moves)
    during = traffic.kilobytes(having="/api/")
    dragged = hand.dragging_slider(slider, pace.moves)
    return [
        Row("a whole slider of strengths, once", "bytes over the wire, gzip", sweep, "KB"),
        _limit("a key is held on the strength, sweep in the page", "bytes over the wire, gzip", during, "KB", 4),
        _limit("key press to changed picture, sweep in the page", "median", latency, "ms", 15),
        _least("holding a key on the strength", "pictures a second", held, "/s", 50),
        _least("dragging the strength", "pictures a second", dragged, "/s", 50),
    ]


def _minimiser(opened: Opened, pace: Pace) -> list[Row]:
    """A new contour with each step."""
    opened.anew()  # else the ball's handle may lie on the minimiser's
    hand = opened.hand()
    grip = opened.page.locator('[data-handle="free_optimum"]')
    traffic = opened.emptied()
    hand.press(grip, "ArrowLeft")
    opened.page.wait_for_timeout(QUIET)
    size = traffic.kilobytes(having="/contour?")
    latency = hand.latency(grip, pace.moves // 4, layer="contour")
    dragged = hand.dragging(grip, pace.moves, layer="contour")
    return [
        _limit("a contour", "bytes over the wire, gzip", size, "KB", 40),
        _limit("key press to changed picture, new contour", "median", latency, "ms", 50),
        _least("dragging the minimiser, new contour each time", "pictures a second", dragged, "/s", 15),
    ]


def _limit(what: str, how: str, measured: float, unit: str, target: float) -> Row:
    return Row(what, how, measured, unit, target, at_most=True)


def _least(what: str, how: str, measured: float, unit: str, target: float) -> Row:
    return Row(what, how, measured, unit, target)
