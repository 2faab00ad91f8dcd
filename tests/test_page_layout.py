"""Nothing is wider than the screen and no word is cut off, in any preset, at either size; themes and print."""

import pytest

from app.labs import LABS
from tests.pages import LabPage, anywhere, desk, on, phone

__all__ = ["anywhere", "desk", "on", "phone"]  # fixtures

pytestmark = pytest.mark.browser
every_lab = pytest.mark.parametrize("slug", LABS)

# Words that are cut off by their own box, and words of the figure that leave it.
CUT = """
() => {
  const words = (one) => `${one.tagName} ${one.textContent.trim().slice(0, 60)}`;
  const boxes = "label, dt, dd, summary, button, p, li, h1, h2, h3, a, .unit, .number, .objective, .outcome";
  const cut = [...document.querySelectorAll(boxes)].filter((one) => {
    if (!one.checkVisibility() || one.closest(".unseen, .skip")) return false;
    const style = getComputedStyle(one);
    return !/auto|scroll/.test(style.overflowX) && one.clientWidth > 0 && one.scrollWidth > one.clientWidth + 1;
  });
  const texts = [...document.querySelectorAll(".plot :is(.xtick, .ytick, .g-xtitle, .g-ytitle) text")];
  const outside = texts.filter((one) => {
    const box = one.getBoundingClientRect(), frame = one.closest(".plot").getBoundingClientRect();
    return box.left < frame.left - 1 || box.right > frame.right + 1 || box.bottom > frame.bottom + 1;
  });
  return [...cut, ...outside].map(words);
}
"""
WIDER = """
() => {
  const page = document.scrollingElement;
  const own = (one) => /auto|scroll|clip|hidden/.test(getComputedStyle(one).overflowX);
  const scrolls = (one) => one && one !== document.body && (own(one) || scrolls(one.parentElement));
  const wide = [...document.body.querySelectorAll("*")].filter((one) => one.checkVisibility()
    && !one.closest("svg, .handles") && one.getBoundingClientRect().right > page.clientWidth + 1 && !scrolls(one));
  const sideways = page.scrollWidth > page.clientWidth ? ["the page scrolls sideways"] : [];
  return [...sideways, ...wide.map((one) => one.outerHTML.slice(0, 100))];
}
"""


@every_lab
def test_nothing_is_cut_off_or_wider_than_the_screen(anywhere: LabPage, slug: str) -> None:
    lab = anywhere.open(f"/labs/{slug}")
    found = {"default": [*lab.page.evaluate(WIDER), *lab.page.evaluate(CUT)]}
    for preset in LABS[slug].presets:
        lab.page.locator(f'[data-preset="{preset.id}"]').click()
        lab.rest()
        found[preset.id] = [*lab.page.evaluate(WIDER), *lab.page.evaluate(CUT)]
    lab.unfold()
    found["unfolded"] = [*lab.page.evaluate(WIDER), *lab.page.evaluate(CUT)]
    assert {name: words for name, words in found.items() if words} == {}


IN_VIEW = """
(one) => {
  const { top, bottom } = one.getBoundingClientRect();
  return top >= 0 && bottom <= innerHeight;
}
"""


@every_lab
def test_a_preset_shows_the_figure_and_the_way_back_to_the_story(phone: LabPage, slug: str) -> None:
    lab = phone.open(f"/labs/{slug}")
    link, figure = lab.page.locator("[data-preset]").last, lab.page.locator(".figure").first
    link.scroll_into_view_if_needed()
    link.click()
    lab.rest()
    assert figure.evaluate(IN_VIEW)
    assert not link.evaluate(IN_VIEW)
    lab.page.get_by_role("button", name="Back to the story").click()
    assert link.evaluate(IN_VIEW)
    assert link.evaluate("(one) => one === document.activeElement")
    assert lab.page.locator("#back").is_hidden()


def test_the_home_page_fits_and_lists_every_lab(anywhere: LabPage) -> None:
    page = anywhere.page
    page.goto("/")
    assert [*page.evaluate(WIDER), *page.evaluate(CUT)] == []
    assert page.locator(".cards h3").all_inner_texts() == [lab.title for lab in LABS.values()]
    page.locator(".cards a").first.click()
    assert page.url.endswith(f"/labs/{next(iter(LABS))}")


@every_lab
def test_print_hides_the_controls_and_keeps_the_figure_the_numbers_and_the_story(desk: LabPage, slug: str) -> None:
    lab = desk.open(f"/labs/{slug}")
    lab.page.emulate_media(media="print")
    assert [one for one in (".panel", ".handles", ".site", ".menu") if lab.page.locator(one).first.is_visible()] == []
    assert [
        one for one in (".plot .main-svg", "#readouts", ".story") if not lab.page.locator(one).first.is_visible()
    ] == []
    assert lab.page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"


def test_the_theme_is_light_dark_or_the_systems_and_is_remembered(desk: LabPage) -> None:
    slug = next(iter(LABS))
    lab, page = desk.open(f"/labs/{slug}"), desk.page
    paper = "() => [getComputedStyle(document.body).backgroundColor, document.querySelector('.xtitle').style.fill]"
    button = page.locator("#theme")
    seen = {}
    for choice in ("light", "dark", "auto"):
        button.click()
        lab.rest()
        assert button.inner_text() == f"Theme: {choice}"
        seen[choice] = page.evaluate(paper)
    assert all(one != other for one, other in zip(seen["light"], seen["dark"], strict=True))
    assert seen["auto"] == seen["light"]
    page.emulate_media(color_scheme="dark")
    lab.rest()
    assert page.evaluate(paper) == seen["dark"]
    page.emulate_media(color_scheme="light")
    button.click()
    button.click()
    lab.open(f"/labs/{slug}")
    assert button.inner_text() == "Theme: dark"
    assert page.evaluate(paper) == seen["dark"]
    page.evaluate("localStorage.clear()")
