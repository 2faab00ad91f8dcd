"""Presets on a phone, the home page, and the theme."""

import pytest

from app.labs import LABS
from tests.page_scripts import CUT, WIDER
from tests.pages import LabPage, calm_phone, desk, on

__all__ = ["calm_phone", "desk", "on"]  # fixtures

pytestmark = pytest.mark.browser
every_lab = pytest.mark.parametrize("slug", LABS)

IN_VIEW = """
(one) => {
  const { top, bottom } = one.getBoundingClientRect();
  return top >= 0 && bottom <= innerHeight;
}
"""


@every_lab
def test_on_a_phone_presets_fit_and_show_the_figure_and_the_way_back_to_the_story(
    calm_phone: LabPage, slug: str
) -> None:
    lab, page = calm_phone.open(f"/labs/{slug}"), calm_phone.page
    *others, last = LABS[slug].presets
    names = [panel.name for panel in LABS[slug].figures]
    panel = next((one for one in last.shows if one in names), names[0])
    link, figure = page.locator(f'[data-preset="{last.id}"]'), page.locator(f'[data-panel="{panel}"] .figure')
    link.scroll_into_view_if_needed()
    link.click()
    lab.rest()
    page.wait_for_function(IN_VIEW, arg=figure.element_handle())  # it may be scrolled to smoothly
    assert not link.evaluate(IN_VIEW)
    found = {last.id: [*page.evaluate(WIDER), *page.evaluate(CUT)]}
    page.get_by_role("button", name="Back to the story").click()
    page.wait_for_function(IN_VIEW, arg=link.element_handle())
    assert link.evaluate("(one) => one === document.activeElement")
    assert page.locator("#back").is_hidden()
    for preset in others:
        page.locator(f'[data-preset="{preset.id}"]').evaluate("(one) => one.click()")
        lab.rest()
        found[preset.id] = [*page.evaluate(WIDER), *page.evaluate(CUT)]
    assert {name: words for name, words in found.items() if words} == {}


def test_a_card_of_the_home_page_leads_to_its_lab(desk: LabPage) -> None:
    page = desk.page
    page.goto("/")
    page.locator(".cards a").first.click()
    assert page.url.endswith(f"/labs/{next(iter(LABS))}")


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
