"""A link that hides controls: they are never seen, their values stay, the rest works, and a dialog makes such links."""

from urllib.parse import parse_qsl, urlsplit

import pytest

from tests.claims import CLAIMS
from tests.page_scripts import CUT, WIDER
from tests.pages import LabPage, anywhere, calm, on
from tests.test_page import audited

__all__ = ["anywhere", "calm", "on"]  # fixtures

pytestmark = pytest.mark.browser
LAB = "/labs/tangency"
KEPT = {"hide": "problem,radius,compare", "problem.kind": "bowl", "problem.angle": "20", "radius": "0.4"}
HIDING = f"{LAB}?" + "&".join(f"{key}={value}" for key, value in KEPT.items())

# Looks at every frame of the screen from the first one on, whether what is hidden can be seen.
FLASH = """
window.flashed = [];
const seen = () => {
  const hiding = location.search.includes("hide=problem,radius,compare");
  const hidden = hiding ? document.querySelectorAll("[data-knob=radius], .group[data-group=problem], #compare") : [];
  flashed.push(...[...hidden].filter((one) => one.checkVisibility()).map((one) => one.outerHTML.slice(0, 60)));
  requestAnimationFrame(seen);
};
requestAnimationFrame(seen);
"""


def test_what_a_link_hides_is_never_seen_and_keeps_its_value_whatever_is_done(anywhere: LabPage) -> None:
    page = anywhere.page
    page.add_init_script(FLASH)
    lab = anywhere.open(HIDING)
    assert (lab.row("strength").count(), lab.row("radius").count(), page.locator(".handle").count()) == (1, 0, 0)
    assert page.locator(".group:visible").evaluate_all("(all) => all.map((one) => one.dataset.group)") == [
        "",
        "regularizer",
    ]
    assert lab.readouts["radius"] == "0.4"
    line = page.locator("#left-out")
    assert line.inner_text() == "Controls hidden by this link: 8 · Show them"
    assert [*page.evaluate(WIDER), *page.evaluate(CUT), *audited(lab)] == []
    before = lab.view
    lab.choose("regularizer.kind", "l2")
    lab.gesture()
    assert lab.query == {**KEPT, "regularizer.kind": "l2"}
    assert lab.view != before
    lab.travel(page.get_by_role("button", name="Undo").click)
    assert (lab.view, lab.query) == (before, KEPT)
    lab.travel(page.get_by_role("button", name="Redo").click)
    page.get_by_role("button", name="Reset").click()
    lab.rest()
    assert (lab.view, lab.query) == (before, KEPT)
    page.locator('[data-preset="decay"]').click()
    lab.rest()
    CLAIMS["tangency", "decay"](lab)
    assert page.locator('[data-preset="decay"]').get_attribute("aria-current") == "true"
    assert lab.query["hide"] == KEPT["hide"]
    assert page.evaluate("window.flashed") == []
    assert not [one for one in page.evaluate("window.asked") if "hide" in one]
    others = {key: value for key, value in lab.query.items() if key != "hide"}
    line.get_by_role("link", name="Show them").click()
    page.wait_for_url(lambda url: "hide" not in url)
    lab.rest()
    assert (lab.query, page.locator("#left-out").count(), lab.row("radius").count()) == (others, 0, 1)


def test_the_dialog_makes_a_link_by_keys_and_the_link_shows_what_was_ticked(anywhere: LabPage) -> None:
    lab, page = anywhere.open(f"{LAB}?regularizer.kind=lp&radius=0.3"), anywhere.page
    rows = page.locator(".knob:visible").evaluate_all("(all) => all.map((one) => one.dataset.knob)")
    lab.press(page.locator("#export summary"), "Enter", "Tab", "Tab", "Enter")
    dialog = page.get_by_role("dialog", name="What the link shows")
    dialog.wait_for()
    boxes = dialog.get_by_role("checkbox")
    offered = boxes.evaluate_all("(all) => all.map((one) => one.value)")
    assert offered == [*rows, "compare", "export", "upload", "presets"]
    assert boxes.evaluate_all("(all) => all.every((one) => one.checked)")
    assert [*page.evaluate(WIDER), *page.evaluate(CUT), *audited(lab, within="dialog")] == []
    page.emulate_media(color_scheme="dark")
    lab.rest()
    assert audited(lab, "cat.color", within="dialog") == []
    lab.press(dialog.get_by_role("button", name="None"), "Enter")
    for name in ("Radius", "Exponent", "Export"):
        lab.press(dialog.get_by_role("checkbox", name=name), "Space")
    link = dialog.locator("pre").inner_text()
    asked = dict(parse_qsl(urlsplit(link).query))
    hidden = "strength,shortcut,problem,regularizer.kind,compare,upload,presets"
    assert asked == {"hide": hidden, "radius": "0.3", "regularizer.kind": "lp"}
    dialog.get_by_role("link", name="Open it").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**hide=**")
    lab.open(page.url)
    assert page.url == link
    assert page.locator(".knob:visible").evaluate_all("(all) => all.map((one) => one.dataset.knob)") == [
        "radius",
        "regularizer.p",
    ]
    gone = ("#compare", "#upload", ".presets")
    assert [one for one in gone if page.locator(one).first.is_visible()] == []
    assert page.locator(".handle").evaluate_all("(all) => all.map((one) => one.dataset.kind)") == ["ray"]


def test_two_settings_hide_alike_and_each_is_still_turned(calm: LabPage) -> None:
    lab = calm.open(f"{LAB}?hide=problem.kind,problem.minimiser_1,radius&strength=0.2&b.strength=0.4")
    page = lab.page
    assert page.locator(".column").count() == 2
    assert page.locator('.handle[data-kind="ray"]').count() == 0
    page.get_by_role("tab", name="Setting B").click()
    lab.press(lab.slider("strength"), "ArrowRight")
    lab.gesture()
    assert lab.query["strength"] == "0.2"
    assert float(lab.query["b.strength"]) > 0.4
    cross = page.locator('.handle[data-handle="free_optimum"]').first
    lab.press(cross, "ArrowRight", "ArrowUp")
    lab.gesture()
    assert "problem.minimiser_1" not in lab.query
    assert float(lab.query["problem.minimiser_2"]) > 1
    assert lab.query["hide"] == "problem.kind,problem.minimiser_1,radius"
    page.get_by_role("button", name="Remove setting A").click()
    lab.rest()
    assert lab.query["hide"] == "problem.kind,problem.minimiser_1,radius"
