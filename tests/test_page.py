"""Every lab in a real browser: each control acts, the keyboard reaches all, nothing is cut off, no audit complains."""

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import pytest

from app.labs import LABS
from app.web.queries import text
from tests.claims import CLAIMS
from tests.pages import AXE, LabPage, anywhere, desk, on, phone

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator

    from tests.conftest import Server

__all__ = ["anywhere", "desk", "on", "phone"]  # fixtures

pytestmark = pytest.mark.browser
every_lab = pytest.mark.parametrize("slug", LABS)
EVERYWHERE = ["/", *(f"/labs/{slug}" for slug in LABS)]

# Waits until the options have come from their source.
OTHER_OPTION = """
async (select) => {
  const fits = (one) => !one.disabled && one.value && one.value !== select.value;
  const other = () => [...select.options].find(fits)?.value;
  for (let tries = 0; !other() && tries < 60; tries += 1) await new Promise(requestAnimationFrame);
  return other() ?? "";
}
"""


@every_lab
def test_it_opens_with_a_picture_its_numbers_and_a_quiet_console(anywhere: LabPage, slug: str) -> None:
    lab = anywhere.open(f"/labs/{slug}")
    assert LABS[slug].title in lab.page.title()
    assert lab.picture
    assert lab.readouts
    assert all("NaN" not in text and "undefined" not in text for text in lab.readouts.values())
    assert lab.page.locator(".objective").first.inner_text()
    assert lab.outcomes
    assert lab.page.locator("#trouble").is_hidden()


# Where a knob acts that does nothing where its lab begins, nor in a preset.
MORE: dict[str, list[str]] = {"descent": ["walker_1.kind=walking&walker_1.update=projection&problem.kind=regression"]}


@every_lab
def test_every_control_changes_the_address_and_the_view(desk: LabPage, slug: str) -> None:
    """Each slider and stepper by an arrow key, each select, each switch by Space, in every variant of every union.

    What does nothing where a lab begins (the strength of a penalty that nobody has chosen) does something elsewhere.
    """
    presets = [urlencode({key: text(value) for key, value in one.knobs.items()}) for one in LABS[slug].presets]
    seen, dead = tried_from(desk, f"/labs/{slug}", None)
    assert len(seen) >= len(LABS[slug].knobs.model_fields) - 2
    for query in [*presets, *MORE.get(slug, [])]:
        if dead:
            again, still = tried_from(desk, f"/labs/{slug}?{query}", set(dead))
            dead = {name: why for name, why in dead.items() if name not in again or name in still}
    assert dead == {}


def tried_from(lab: LabPage, address: str, wanted: set[str] | None) -> tuple[set[str], dict[str, str]]:
    """Each control and each kind (or those wanted) from one state: what was tried, and why it did nothing."""
    lab.open(address)
    seen, dead = set[str](), dict[str, str]()
    dead |= dead_controls(lab, seen, wanted)
    for union in lab.page.locator(".knob.choice:visible").evaluate_all("(all) => all.map((one) => one.dataset.knob)"):
        if wanted is not None and not any(name.startswith(union.removesuffix("kind")) for name in wanted):
            continue
        lab.open(address)  # a variant of one union need not exist with every variant of another
        for kind in lab.row(union).locator("option").evaluate_all("(all) => all.map((one) => one.value)"):
            if kind != lab.row(union).locator("select").input_value():
                dead |= dead_kind(lab, union, kind)
                seen.add(f"{union}={kind}")
            dead |= dead_controls(lab, seen, wanted)
    return seen, dead


def dead_kind(lab: LabPage, union: str, kind: str) -> dict[str, str]:
    """A variant that changes nothing, or is refused: why."""
    before = lab.view
    lab.choose(union, kind)
    why = refused(lab) or ("nothing changed" if lab.view == before else "")
    return {f"{union}={kind}": why} if why and f"{union}={kind}" not in SAME else {}


def refused(lab: LabPage) -> str:
    """Why the last turn was refused; it is then undone."""
    if lab.page.locator("#trouble").is_hidden():
        return ""
    why = lab.page.locator("#trouble-words").inner_text()
    lab.gesture()
    lab.page.get_by_role("button", name="Undo").click()
    lab.gesture()
    lab.excuse("422")
    return why


CONTROLS = "input[type=range], input[type=number], input[role=switch], select"

# Breast cancer has one column of classes: every other target would be refused, and is disabled.
FORCED = "target-classification"
SAME = {"ball.kind=squared_l2"}  # the ball of ½‖w‖² is that of ‖w‖


def dead_controls(lab: LabPage, tried: set[str], wanted: set[str] | None) -> dict[str, str]:
    """The controls on the page, not tried before, that change no picture and no readout, or are refused: why."""
    turned, dead = set(), dict[str, str]()
    for row in lab.page.locator(".knob:not(.choice):visible").all():
        control = row.locator(CONTROLS).first
        name, knob = control.get_attribute("id") or "", row.get_attribute("data-knob") or ""
        if name in tried or (wanted is not None and name not in wanted):
            continue
        tried.add(name)
        before = lab.view
        if not turn(lab, control):
            dead |= {} if name.endswith(FORCED) else {name: "has nothing to choose"}
        elif why := refused(lab):
            dead[name] = why
        elif lab.view == before:
            dead[name] = "nothing changed"
        else:
            turned.add(knob)
    linked = {one: other for _, one, other in LINKED}
    lab.has(*(one for one in turned if one not in linked))
    assert all(one in lab.query or linked[one] in lab.query for one in turned & linked.keys())
    return dead


def turn(lab: LabPage, control: "Locator") -> bool:
    """One step, away from where it stands; whether there is anything else to choose."""
    if control.evaluate("(one) => one.tagName") == "SELECT":
        other = control.evaluate(OTHER_OPTION)
        if other:
            control.select_option(other)
            lab.rest()
        return bool(other)
    if control.get_attribute("role") == "switch":
        lab.press(control, "Space")
    else:
        at_the_end = control.evaluate("(one) => Number(one.value) >= Number(one.max)")
        lab.press(control, *(["ArrowDown"] if at_the_end else ["ArrowUp"]) * 3)
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
    swept = {name for name, part in LABS[slug].parts.items() if knob in part.sweeps}
    asked = [one.split("?")[0].rsplit("/", 1)[1] for one in lab.page.evaluate("window.asked") if "sweep=" not in one]
    assert sorted(one for one in asked if one in swept) == sorted(swept)  # once, in full, at the end
    assert lab.picture != before
    assert knob in lab.query
    place = lab.slider(knob).input_value()
    lab.page.wait_for_timeout(200)
    assert lab.slider(knob).input_value() == place


@pytest.mark.parametrize(("slug", "preset"), [(lab.slug, one.id) for lab in LABS.values() for one in lab.presets])
def test_a_preset_performs_its_sentence(desk: LabPage, slug: str, preset: str) -> None:
    lab = desk.open(f"/labs/{slug}")
    lab.page.locator(f'[data-preset="{preset}"]').click()
    lab.rest()
    assert lab.page.locator("#trouble").is_hidden()
    CLAIMS[slug, preset](lab)


@every_lab
def test_every_preset_link_is_the_view_that_a_press_gives(desk: LabPage, slug: str) -> None:
    lab = desk.open(f"/labs/{slug}")
    for link in lab.page.locator("[data-preset]").all():
        link.click()
        lab.rest()
        assert lab.page.locator("#trouble").is_hidden()
        pressed, address = lab.view, lab.page.url
        assert link.get_attribute("aria-current") == "true"
        lab.open(f"/labs/{slug}{link.get_attribute('href')}")
        assert (lab.view, lab.page.url) == (pressed, address)


@every_lab
def test_without_javascript_the_story_its_formulas_and_the_numbers_are_there(
    browser: "Browser", server: "Server", slug: str
) -> None:
    context = browser.new_context(base_url=server.url, java_script_enabled=False)
    page = context.new_page()
    page.goto(f"/labs/{slug}")
    assert page.locator(".story h2").first.is_visible()
    formulas = [one.bounding_box() for one in page.locator(".story math").all()]
    assert formulas
    assert all(box and box["width"] > 5 and box["height"] > 5 for box in formulas)
    words = page.locator("[data-readout] dd").all_text_contents()
    assert sum(any(sign.isdigit() for sign in word) for word in words) >= 3
    assert any(page.locator(".objective").all_inner_texts())
    assert any(page.locator(".outcome").all_inner_texts())
    assert "JavaScript" in page.locator("noscript").inner_text()
    context.close()


AUDIT = """
async () => (await axe.run(document)).violations.map((one) => `${one.id}: ${one.help}: ` +
  one.nodes.map((node) => node.target.join(" ") + " " + (node.any[0]?.message ?? "")).join("; "))
"""


def audited(lab: LabPage) -> list[str]:
    lab.page.evaluate(AXE.read_text())
    violations: list[str] = lab.page.evaluate(AUDIT)
    return violations


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("address", EVERYWHERE)
def test_an_accessibility_audit_finds_nothing(anywhere: LabPage, address: str, theme: Any) -> None:
    page = anywhere.page
    page.emulate_media(color_scheme=theme)
    page.goto(address)
    assert page.evaluate("document.documentElement.dataset.theme") == theme
    if address != "/":
        page.locator(".handle").first.wait_for()
        anywhere.unfold()
    assert audited(anywhere) == []
    if address != "/":
        page.get_by_role("button", name="Keys").click()
        page.locator("dialog[open]").wait_for()
        assert audited(anywhere) == []


REACHABLE = """
() => [...document.querySelectorAll("a[href], button, input, select, summary, [tabindex='0']")]
  .filter((one) => one.tabIndex >= 0 && !one.disabled && one.checkVisibility())
  .map((one, i) => (one.dataset.order = String(i), one.outerHTML.slice(0, 120)))
"""
HELD = """
() => {
  const one = document.activeElement, style = getComputedStyle(one);
  const ring = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 1 || style.boxShadow !== "none";
  const box = one.getBoundingClientRect();
  return [one.dataset.order ?? null, ring && box.width > 0 && box.bottom > 0 && box.top < innerHeight];
}
"""


@pytest.mark.parametrize("address", EVERYWHERE)
def test_the_keyboard_reaches_everything_and_shows_where_it_is(anywhere: LabPage, address: str) -> None:
    page = anywhere.page
    page.goto(address)
    if address != "/":
        page.locator(".handle").first.wait_for()
        anywhere.rest()
    expected: list[str] = page.evaluate(REACHABLE)
    reached, unseen = set(), []
    for _ in range(len(expected) + 5):
        page.keyboard.press("Tab")
        order, visible = page.evaluate(HELD)
        if order is not None:
            reached.add(int(order))
            unseen += [] if visible else [expected[int(order)]]
    assert [one for i, one in enumerate(expected) if i not in reached] == []
    assert unseen == []
    handles = page.locator(".handle").count()
    assert sum("handle" in one for one in expected) >= handles
