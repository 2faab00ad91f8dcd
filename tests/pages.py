"""A lab page as a person meets it: what is drawn, what is read, what can be turned."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from tests.page_scripts import AT_REST, COUNT_REQUESTS, DRAWN, FIGURE, PIXEL, SEEN, SKIP

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Locator, Page, Request, WebError

    from tests.conftest import Server

AXE = Path(__file__).parent.parent / "node_modules" / "axe-core" / "axe.min.js"
DESKTOP = {"width": 1440, "height": 900}
# What Chromium says of drawing in space without a graphics card, as here: of its driver, not of the page.
OF_THE_DRIVER = ("GL Driver Message (OpenGL, Performance", "Canvas2D: Multiple readback operations")
PHONE = {"width": 390, "height": 844}
ON_A_PHONE = {"viewport": PHONE, "has_touch": True, "is_mobile": True, "device_scale_factor": 2}


@dataclass(frozen=True)
class LabPage:
    """One lab in one browser page, and what this page complained about."""

    page: "Page"
    heard: list[str]

    def open(self, address: str) -> "LabPage":
        """Go there; return when everything is drawn and nothing is under way."""
        self.page.goto(address)
        self.rest()
        self.page.wait_for_function(DRAWN)
        self.rest()
        return self

    def rest(self) -> None:
        """Wait for the answers that the page has asked for, and for their picture."""
        self.page.evaluate(AT_REST)

    @property
    def query(self) -> dict[str, str]:
        """The knobs in the address."""
        return dict(parse_qsl(urlsplit(self.page.url).query, keep_blank_values=True))

    def has(self, *present: str, without: tuple[str, ...] = ()) -> None:
        """The address has these knobs, not those; while a gesture lasts it may be a quarter of a second behind."""
        deadline = time.monotonic() + 2
        while not (self.query.keys() >= set(present) and self.query.keys().isdisjoint(without)):
            assert time.monotonic() < deadline, (present, without, self.page.url)
            self.page.wait_for_timeout(20)

    def gesture(self) -> None:
        """Let the time go by after which what was turned is one gesture: an entry of the browser's history."""
        self.rest()
        self.page.evaluate(SKIP, 450)
        self.rest()

    def travel(self, go: Callable[[], object]) -> None:
        """Do what goes back or forward in the browser's history, which takes its own time, and wait for the picture."""
        self.page.evaluate(
            "() => { addEventListener('popstate', () => { window.travelled = true; }, { once: true }); }"
        )
        go()
        self.page.wait_for_function("() => window.travelled")
        self.page.evaluate("() => { window.travelled = false; }")
        self.gesture()

    @property
    def picture(self) -> str:
        """What is drawn in all figures: every path on the screen, every colour of a heat map, the names of the axes."""
        seen: str = self.page.evaluate(SEEN)
        assert seen, "nothing is drawn"
        return seen

    @property
    def outcomes(self) -> str:
        """How it went, in all sentences that are visible."""
        return " ".join(self.page.locator(".outcome, .asides").all_inner_texts())

    @property
    def readouts(self) -> dict[str, str]:
        """The visible readouts by name, as text."""
        collect = (
            "(all) => all.filter((one) => !one.hidden).map((one) => [one.dataset.readout, one.lastChild.textContent])"
        )
        return dict(self.page.locator("[data-readout]").evaluate_all(collect))

    @property
    def view(self) -> tuple[str, dict[str, str]]:
        """All figures in their own coordinates, as Plotly has them, and the numbers."""
        return self.page.evaluate(FIGURE), self.readouts

    @property
    def drawn(self) -> list[dict[str, Any]]:
        """The shapes of the first figure, as they were given to Plotly."""
        found: list[dict[str, Any]] = self.page.evaluate("() => document.querySelector('.plot').layout.shapes")
        return found

    def mark(self, role: str) -> tuple[float, float] | None:
        """Where the mark of a role is, in the coordinates of the figure."""
        at = [(one["xanchor"], one["yanchor"]) for one in self.drawn if one["name"] == role]
        return at[0] if at else None

    def row(self, knob: str) -> "Locator":
        """The row of a control that is on the page."""
        return self.page.locator(f'.knob[data-knob="{knob}"]:visible')

    def slider(self, knob: str) -> "Locator":
        return self.row(knob).locator("input[type=range]")

    def handle(self, label: str) -> "Locator":
        """What can be dragged, by its label."""
        return self.page.get_by_role("slider", name=label, exact=True).and_(self.page.locator(".handle"))

    def press(self, target: "Locator", *keys: str) -> None:
        """Focus, press keys one after the other, and wait for what they do."""
        target.focus()
        for key in keys:
            self.page.keyboard.press(key)
        self.rest()

    def choose(self, knob: str, value: str) -> None:
        self.row(knob).locator("select").select_option(value)
        self.rest()

    def type(self, knob: str, text: str) -> None:
        """An exact value into the box beside a slider."""
        box = self.row(knob).locator("input.number")
        box.fill(text)
        box.press("Enter")
        self.rest()

    def unfold(self) -> None:
        """Open everything that is folded but the menus: helps, explanations of readouts, the drop zone."""
        fold = "(all) => all.filter((one) => one.checkVisibility()).forEach((one) => one.click())"
        self.page.locator("details:not(.menu, [open]) > summary, .more[aria-expanded=false]").evaluate_all(fold)
        if self.page.locator("#upload").is_visible():  # not where no knob asks for a table
            self.page.locator("#csv-file").wait_for()

    def pixel(self, x: float, y: float) -> tuple[float, float]:
        """The place on the screen of a point of the first figure."""
        at = self.page.evaluate(PIXEL, [x, y])
        return at[0], at[1]

    def drag(self, start: tuple[float, float], *through: tuple[float, float]) -> None:
        """By mouse, from one place on the screen through others."""
        self.page.mouse.move(*start)
        self.page.mouse.down()
        for place in through:
            self.page.mouse.move(*place, steps=4)
        self.page.mouse.up()
        self.rest()

    def excuse(self, *words: str) -> None:
        """Forget the complaints that a provoked failure must cause; there is at least one, and others stay."""
        provoked = [one for one in self.heard if any(word in one for word in words)]
        assert provoked, self.heard
        self.heard[:] = [one for one in self.heard if one not in provoked]


def centre(target: "Locator") -> tuple[float, float]:
    """The middle of an element, on the screen."""
    box = target.bounding_box()
    assert box, f"{target} is not on the page"
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def listen(context: "BrowserContext", origin: str) -> list[str]:
    """What the pages of a context say on their console, their errors, and what they ask of others: best nothing."""
    heard: list[str] = []

    def said(message: "ConsoleMessage") -> None:
        if not any(word in message.text for word in OF_THE_DRIVER):
            heard.append(f"console {message.type}: {message.text} ({message.location.get('url')})")

    def failed(error: "WebError") -> None:
        heard.append(f"error: {error.error}")

    def asked(request: "Request") -> None:
        if urlsplit(request.url).scheme not in {"data", "blob"} and not request.url.startswith(f"{origin}/"):
            heard.append(f"a request to another origin: {request.url}")

    context.on("console", said)
    context.on("weberror", failed)
    context.on("request", asked)
    return heard


@pytest.fixture(scope="module")
def on(browser: "Browser", server: "Server") -> Iterator[Callable[..., LabPage]]:
    """A page of a size, shared by the tests of a module: Plotly, once parsed, opens again in a third of the time."""
    pages: dict[str, LabPage] = {}

    def page_on(size: str, ahead: str = "sweeps") -> LabPage:
        name = f"{size} {ahead}"
        if name not in pages:
            options = ON_A_PHONE if size == "phone" else {"viewport": DESKTOP}
            context = browser.new_context(base_url=server.url, **options)
            context.set_default_timeout(15_000)
            context.add_init_script(COUNT_REQUESTS + ("" if ahead else "window.nothingAhead = true;"))
            pages[name] = LabPage(context.new_page(), listen(context, server.url))
        return pages[name]

    yield page_on
    for one in pages.values():
        one.page.context.close()


@pytest.fixture
def desk(on: Callable[..., LabPage]) -> Iterator[LabPage]:
    """A page on a desktop; the test fails if it complained."""
    yield from quiet(on("desktop"))


@pytest.fixture
def calm(on: Callable[..., LabPage]) -> Iterator[LabPage]:
    """A page on a desktop that fetches nothing ahead, for what needs no frames; the test fails if it complained."""
    yield from quiet(on("desktop", ""))


@pytest.fixture
def phone(on: Callable[..., LabPage]) -> Iterator[LabPage]:
    """A page on a phone that is touched; the test fails if it complained."""
    yield from quiet(on("phone"))


@pytest.fixture
def calm_phone(on: Callable[..., LabPage]) -> Iterator[LabPage]:
    """A page on a phone that fetches nothing ahead; the test fails if it complained."""
    yield from quiet(on("phone", ""))


@pytest.fixture(params=["desktop", "phone"])
def anywhere(request: pytest.FixtureRequest, on: Callable[..., LabPage]) -> Iterator[LabPage]:
    """A page at either size; the test fails if it complained."""
    yield from quiet(on(request.param))


def quiet(lab: LabPage) -> Iterator[LabPage]:
    lab.heard.clear()
    lab.page.context.set_offline(False)
    lab.page.unroute_all(behavior="ignoreErrors")
    lab.page.emulate_media(media="screen", color_scheme="light")
    yield lab
    assert not lab.heard, "\n".join(lab.heard)
