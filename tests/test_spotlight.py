"""What a pressed preset brings to light beside its figure, what a legend lists, and how a phone reaches each figure."""

import pytest

from tests.page_scripts import SKIP
from tests.pages import LabPage, calm, on, phone

__all__ = ["calm", "on", "phone"]  # fixtures

pytestmark = pytest.mark.browser

VISIBLE = """
() => Object.fromEntries(document.querySelector("[data-figure=path] .plot").data
  .filter((one) => /^feature/.test(one.meta.role)).map((one) => [one.name, one.visible]))
"""
SCROLLS = """
() => {
  window.scrolls = [];
  window.scrollBy = (options) => window.scrolls.push(options.behavior);
}
"""
IN_VIEW = """
(one) => {
  const { top, bottom } = one.getBoundingClientRect();
  return top >= 0 && bottom <= innerHeight;
}
"""


def claimed(lab: LabPage) -> list[str | None]:
    return [one.get_attribute("data-readout") for one in lab.page.locator(".claimed").all()]


def press(lab: LabPage, preset: str) -> None:
    lab.page.locator(f'[data-preset="{preset}"]').click()
    lab.rest()


def test_the_numbers_of_a_claim_stand_beside_its_figure_until_a_knob_is_turned(calm: LabPage) -> None:
    lab = calm.open("/labs/duality")
    press(lab, "hilltop")
    line = lab.page.locator('[data-panel="hill"] .reading')
    assert line.inner_text() == "w* = 0.5 · α* = 0.21875 · J″(w*) + α* = −0.375"
    assert claimed(lab) == ["witness_weight", "witness_multiplier", "witness_curvature"]
    lab.page.evaluate(SKIP, 600)
    spoken = lab.page.locator("#spoken").inner_text()
    assert spoken.startswith(line.inner_text())
    assert "local maximum" in spoken
    press(lab, "decay")
    assert lab.page.locator(".reading").all_inner_texts() == ["t = 1.3017 · α* = 1"]
    assert claimed(lab) == ["t", "multiplier"]
    lab.press(lab.slider("strength"), "ArrowRight")
    assert lab.page.locator(".reading").count() == 0
    assert claimed(lab) == []
    press(lab, "decay")
    lab.page.get_by_role("button", name="Reset").click()
    lab.rest()
    assert lab.page.locator(".reading").count() == 0


def test_the_line_follows_the_numbers_and_names_what_is_no_number(calm: LabPage) -> None:
    lab = calm.open("/labs/tangency")
    press(lab, "corner")
    assert lab.page.locator(".reading").inner_text() == "zeros = 1 · w* lies at: a corner: w₂ = 0"
    press(lab, "edge")
    assert lab.page.locator(".reading").inner_text() == "zeros = 0 · w* lies at: an edge: no weight is zero"


@pytest.mark.parametrize(("motion", "behaviour"), [("no-preference", "smooth"), ("reduce", "auto")])
def test_the_way_to_a_figure_is_smooth_unless_motion_is_unwanted(phone: LabPage, motion: str, behaviour: str) -> None:
    lab, page = phone.open("/labs/duality"), phone.page
    page.emulate_media(reduced_motion=motion)  # type: ignore[arg-type]
    page.evaluate(SCROLLS)
    press(lab, "hilltop")
    page.get_by_role("button", name="Back to the story").wait_for()
    assert page.evaluate("window.scrolls") == [behaviour]
    page.emulate_media(reduced_motion=None)


def test_features_that_share_a_look_have_entries_of_their_own(calm: LabPage) -> None:
    lab = calm.open("/labs/sparsity?sample.kind=table&sample.dataset=breast_cancer")
    names = lab.page.locator("#legend-path button").all_inner_texts()
    visible = lab.page.evaluate(VISIBLE)
    assert len(visible) == 29
    assert visible.keys() <= set(names)
    lab.page.locator("#legend-path button").filter(has_text="mean radius").click()
    lab.rest()
    assert [name for name, shown in lab.page.evaluate(VISIBLE).items() if not shown] == ["mean radius"]


def test_a_phone_reaches_each_figure_by_its_heading(phone: LabPage) -> None:
    lab, page = phone.open("/labs/sparsity"), phone.page
    page.emulate_media(reduced_motion="reduce")
    headings = page.locator(".block h2").all_inner_texts()
    list_of = page.get_by_label("Go to")
    assert list_of.locator("option").all_inner_texts()[1:-3] == headings
    for heading in (headings[-1], headings[1], "Controls", "Story", headings[0]):
        list_of.select_option(heading)
        assert list_of.input_value() == ""
        goal = {"Controls": ".panel .tools", "Story": ".story h2"}.get(heading, f'h2:text-is("{heading}")')
        assert page.locator(goal).first.evaluate(IN_VIEW), heading
        assert list_of.evaluate(IN_VIEW)
    page.emulate_media(reduced_motion=None)
    assert lab.page.locator("#trouble").is_hidden()
