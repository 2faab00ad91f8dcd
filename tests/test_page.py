"""Every lab in a real browser: each control acts, the keyboard reaches all, nothing is cut off, no audit complains.

What only looks at a page looks at it in one visit, at each size.
"""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pytest

from app.labs import LABS
from tests.claims import CLAIMS
from tests.page_scripts import ASKED, CANNED, CUT, HOLD, WIDER
from tests.pages import AXE, LabPage, calm, desk, on, phone, quiet

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext

    from tests.conftest import Server

__all__ = ["calm", "desk", "on", "phone"]  # fixtures

pytestmark = pytest.mark.browser
every_lab = pytest.mark.parametrize("slug", LABS)
VISITS = [(size, slug) for size in ("desktop", "phone") for slug in ("", *LABS)]


@pytest.fixture(scope="module", params=VISITS, ids=["-".join(filter(None, one)) or "home" for one in VISITS])
def place(request: pytest.FixtureRequest) -> tuple[str, str]:
    """A size, and a lab or nothing for the home page: tests of one place follow each other."""
    size, slug = request.param
    return size, slug


@pytest.fixture
def visit(place: tuple[str, str], on: Callable[..., LabPage]) -> Iterator[tuple[LabPage, str]]:
    """A page that the tests of a place look at, each leaving it as it was; a test fails if the page complained."""
    size, slug = place
    lab = on(size, "")
    address = f"/labs/{slug}" if slug else "/"
    checked = quiet(lab)
    next(checked)
    if lab.page.evaluate("location.pathname + location.search") != address:
        lab.open(address)
    yield lab, slug
    next(checked, None)


def test_it_opens_with_a_picture_its_numbers_and_a_quiet_console(visit: tuple[LabPage, str]) -> None:
    lab, slug = visit
    if not slug:
        assert lab.page.locator(".cards h3").all_inner_texts() == [lab.title for lab in LABS.values()]
        return
    assert LABS[slug].title in lab.page.title()
    assert lab.picture
    assert lab.readouts
    assert all("NaN" not in text and "undefined" not in text for text in lab.readouts.values())
    assert lab.page.locator(".objective").first.inner_text()
    assert lab.outcomes
    assert lab.page.locator("#trouble").is_hidden()


REACHABLE = """
() => [...document.querySelectorAll("a[href], button, input, select, summary, [tabindex='0']")]
  .filter((one) => one.tabIndex >= 0 && !one.disabled && one.checkVisibility())
  .map((one, i) => (one.dataset.order = String(i), one.outerHTML.slice(0, 120)))
"""
# Notes, for each key that is let go, which element has the focus and whether that can be seen.
HELD = """
() => {
  window.reached = [];
  addEventListener("keyup", () => {
    const one = document.activeElement, style = getComputedStyle(one);
    const ring = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 1 || style.boxShadow !== "none";
    const box = one.getBoundingClientRect();
    window.reached.push([one.dataset.order ?? null, ring && box.width > 0 && box.bottom > 0 && box.top < innerHeight]);
  }, true);
}
"""


def test_the_keyboard_reaches_everything_and_shows_where_it_is(visit: tuple[LabPage, str]) -> None:
    page = visit[0].page
    page.evaluate("() => { document.activeElement.blur(); scrollTo(0, 0); }")
    expected: list[str] = page.evaluate(REACHABLE)
    page.evaluate(HELD)
    for _ in range(len(expected) + 5):
        page.keyboard.press("Tab")
    found = [(int(order), visible) for order, visible in page.evaluate("window.reached") if order is not None]
    assert [one for i, one in enumerate(expected) if i not in dict(found)] == []
    assert [expected[i] for i, visible in found if not visible] == []
    assert sum("handle" in one for one in expected) >= page.locator(".handle").count()


def test_nothing_is_cut_off_or_wider_than_the_screen(visit: tuple[LabPage, str]) -> None:
    lab, slug = visit
    found = [*lab.page.evaluate(WIDER), *lab.page.evaluate(CUT)]
    if slug:
        lab.unfold()
    assert [*found, *lab.page.evaluate(WIDER), *lab.page.evaluate(CUT)] == []


def test_print_hides_the_controls_and_keeps_the_figure_the_numbers_and_the_story(visit: tuple[LabPage, str]) -> None:
    lab, slug = visit
    lab.page.emulate_media(media="print")
    gone = (".panel", ".handles", ".site", ".menu") if slug else (".site",)
    kept = (".plot .main-svg", "#readouts", ".story") if slug else (".cards",)
    assert [one for one in gone if lab.page.locator(one).first.is_visible()] == []
    assert [one for one in kept if not lab.page.locator(one).first.is_visible()] == []
    assert lab.page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"


AUDIT = """
async ([within, only]) => (await axe.run(document.querySelector(within), only.length ? { runOnly: only } : {}))
  .violations.map((one) => `${one.id}: ${one.help}: ` +
  one.nodes.map((node) => node.target.join(" ") + " " + (node.any[0]?.message ?? "")).join("; "))
"""


def audited(lab: LabPage, *kinds: str, within: str = "html") -> list[str]:
    """What an audit finds on the page, or in a part of it; with all its rules, or with those of some kinds."""
    if not lab.page.evaluate("'axe' in window"):
        lab.page.evaluate(AXE.read_text())
    violations: list[str] = lab.page.evaluate(AUDIT, [within, list(kinds)])
    return violations


def test_an_accessibility_audit_finds_nothing_in_either_theme(visit: tuple[LabPage, str]) -> None:
    """All its rules in the light, and in the dark those about colours, which is what a theme changes."""
    lab, slug = visit
    page = lab.page
    if slug:
        lab.unfold()
    found = {"light": audited(lab)}
    page.emulate_media(color_scheme="dark")
    lab.rest()
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    found["dark"] = audited(lab, "cat.color")
    if slug:
        page.get_by_role("button", name="Keys").click()
        page.locator("dialog[open]").wait_for()
        found["dialog"] = audited(lab, within="dialog")
        page.keyboard.press("Escape")
    assert {theme: words for theme, words in found.items() if words} == {}


PRESETS = [(lab.slug, one.id) for lab in LABS.values() for one in lab.presets]


@pytest.mark.parametrize(("slug", "preset"), PRESETS, ids=map("-".join, PRESETS))
def test_a_preset_performs_its_sentence_pressed_or_as_a_link(calm: LabPage, slug: str, preset: str) -> None:
    """Pressed from wherever the page is: the view of its link, nothing cut off, and what its sentence claims."""
    lab, page = calm, calm.page
    if page.evaluate("location.pathname") != f"/labs/{slug}" or page.locator(".column").count() != 1:
        lab.open(f"/labs/{slug}")
    link = page.locator(f'[data-preset="{preset}"]')
    link.evaluate("(one) => one.click()")
    lab.rest()
    assert page.locator("#trouble").is_hidden()
    assert link.get_attribute("aria-current") == "true"
    assert [*page.evaluate(WIDER), *page.evaluate(CUT)] == []
    pressed, address = lab.view, page.url
    lab.open(f"/labs/{slug}{link.get_attribute('href')}")
    assert (lab.view, page.url) == (pressed, address)
    CLAIMS[slug, preset](lab)


# Waits until the options have come from their source.
OTHER_OPTION = """
async (select) => {
  const fits = (one) => !one.disabled && one.value && one.value !== select.value;
  const other = () => [...select.options].find(fits)?.value;
  for (let tries = 0; !other() && tries < 60; tries += 1) await new Promise(requestAnimationFrame);
  return other() ?? "";
}
"""
# The controls that are on the page, each with its knob.
CONTROLS = """
(all) => {
  const control = "input[type=range], input[type=number], input[role=switch], select";
  return all.filter((row) => row.checkVisibility())
    .map((row) => [row.querySelector(control)?.id, row.dataset.knob]).filter(([id]) => id);
}
"""
# Breast cancer has one column of classes: every other target would be refused, and is disabled.
FORCED = "target-classification"


@every_lab
def test_every_control_turns_its_knob(calm: LabPage, slug: str) -> None:
    """Each slider and stepper by an arrow key, each select, each switch by Space, in every variant of every union.

    The knob is then in the address, and the page asks a part about it. What the answers say to every knob is asked in
    tests/test_turns.py, and what they draw in the presets: here they come at once and are always the same.
    """
    lab, page, address = calm, calm.page, f"/labs/{slug}"
    lab.open(address)
    page.evaluate(CANNED)
    seen = set[str]()
    dead = dead_controls(lab, seen)
    unions: list[str] = page.locator(".knob.choice:visible").evaluate_all("(all) => all.map((one) => one.dataset.knob)")
    for union in unions:
        # A variant of one union need not exist with those of another.
        page.locator("#reset").evaluate("(one) => one.click()")
        for kind in lab.row(union).locator("option").evaluate_all("(all) => all.map((one) => one.value)"):
            if kind != lab.row(union).locator("select").input_value():
                lab.row(union).locator("select").select_option(kind)
                seen.add(f"{union}={kind}")
                dead += [] if page.evaluate(ASKED, union) else [f"{union}={kind}"]
            dead += dead_controls(lab, seen)
    assert len(seen) >= len(LABS[slug].knobs.model_fields) - 2
    assert dead == []
    assert page.locator("#trouble").is_hidden()
    assert lab.view


def dead_controls(lab: LabPage, tried: set[str]) -> list[str]:
    """The controls on the page, not tried before, about which no part was asked when they were turned."""
    dead, turned = [], set[str]()
    for name, knob in lab.page.locator(".knob:not(.choice)").evaluate_all(CONTROLS):
        if name in tried:
            continue
        tried.add(name)
        if turn(lab, name):
            turned.add(knob)
            dead += [] if lab.page.evaluate(ASKED, knob) else [name]
        elif not name.endswith(FORCED):
            dead.append(f"{name} has nothing to choose")
    follows = {one: other for _, one, other in LINKED}
    written = lab.page.evaluate("() => (skip(450), decodeURIComponent(location.search))")
    missing = [one for one in turned if f"{one}=" not in written and f"{follows.get(one, one)}=" not in written]
    return dead + missing


def turn(lab: LabPage, name: str) -> bool:
    """One step, away from where it stands; whether there is anything else to choose."""
    kind, at_the_end = lab.page.evaluate(HOLD, name)
    if kind == "select":
        control = lab.page.locator(f'[id="{name}"]')
        other = control.evaluate(OTHER_OPTION)
        if other:
            control.select_option(other)
        return bool(other)
    lab.page.keyboard.press("Space" if kind == "switch" else "ArrowDown" if at_the_end else "ArrowUp")
    return True


LINKED = [
    (slug, name, field["x-knob"]["linked"])
    for slug, lab in LABS.items()
    for name, field in lab.knobs.model_json_schema()["properties"].items()
    if field.get("x-knob", {}).get("linked")
]


@pytest.mark.parametrize(("slug", "turned", "follower"), LINKED)
def test_linked_sliders_move_each_other_and_one_of_them_is_in_the_address(
    desk: LabPage, slug: str, turned: str, follower: str
) -> None:
    lab = desk.open(f"/labs/{slug}")
    lab.press(lab.slider(follower), "ArrowRight")
    lab.has(follower, without=(turned,))
    followed = lab.slider(follower).input_value(), lab.row(follower).locator(".number").input_value()
    lab.press(lab.slider(turned), *["ArrowLeft"] * 8)
    lab.has(turned, without=(follower,))
    assert lab.slider(follower).input_value() != followed[0]
    assert lab.row(follower).locator(".number").input_value() != followed[1]


PLAYED = [
    (slug, name)
    for slug, lab in LABS.items()
    for name, field in lab.knobs.model_json_schema()["properties"].items()
    if field.get("x-knob", {}).get("play")
]


@pytest.mark.parametrize(("slug", "knob"), PLAYED)
def test_what_plays_moves_through_memory_and_stops_where_it_is_told(desk: LabPage, slug: str, knob: str) -> None:
    lab = desk.open(f"/labs/{slug}")
    row = lab.row(knob)
    row.get_by_role("button", name="To the start", exact=True).click()
    lab.gesture()
    before = lab.picture
    lab.page.evaluate("() => { window.asked.length = 0; }")
    row.get_by_role("button", name="Play", exact=True).click()
    lab.page.wait_for_function(
        "(slider) => Number(slider.value) >= 5", arg=lab.slider(knob).element_handle(), timeout=60_000
    )
    row.get_by_role("button", name="Pause", exact=True).click()
    lab.gesture()
    # Once, in full, at the end; but for a film, whose moments are complete in themselves.
    swept = {name for name, part in LABS[slug].parts.items() if knob in part.sweeps and not part.streams}
    asked = [one.split("?")[0].rsplit("/", 1)[1] for one in lab.page.evaluate("window.asked") if "sweep=" not in one]
    assert sorted(one for one in asked if one in swept) == sorted(swept)
    assert lab.picture != before
    assert knob in lab.query
    place = lab.slider(knob).input_value()
    lab.page.wait_for_timeout(200)
    assert lab.slider(knob).input_value() == place


@pytest.fixture(scope="module")
def scriptless(browser: "Browser", server: "Server") -> Iterator["BrowserContext"]:
    """A browser that runs no scripts."""
    context = browser.new_context(base_url=server.url, java_script_enabled=False)
    yield context
    context.close()


@every_lab
def test_without_javascript_the_story_its_formulas_and_the_numbers_are_there(
    scriptless: "BrowserContext", slug: str
) -> None:
    page = scriptless.new_page()
    page.goto(f"/labs/{slug}")
    assert page.locator(".story h2").first.is_visible()
    formulas = page.locator(".story math").evaluate_all(
        "(all) => all.map((one) => one.getBoundingClientRect()).map(({ width, height }) => [width, height])"
    )
    assert formulas
    assert all(width > 5 and height > 5 for width, height in formulas)
    words = page.locator("[data-readout] dd").all_text_contents()
    assert sum(any(sign.isdigit() for sign in word) for word in words) >= 3
    assert any(page.locator(".objective").all_inner_texts())
    assert any(page.locator(".outcome").all_inner_texts())
    assert "JavaScript" in page.locator("noscript").inner_text()
    page.close()
