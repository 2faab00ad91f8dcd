"""The formula font that the pages carry: small, with its licence, and with every character that a formula shows."""

import re
from html import unescape
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont
from starlette.testclient import TestClient

from app.labs import LABS
from scripts import subset_font

FONTS = Path(__file__).parent.parent / "static" / "fonts"
FONT, MORE = FONTS / "stix-two-math-subset.woff2", FONTS / "stix-two-math-more.woff2"
INVISIBLE = {*"\t\n\r\u200b\u2061\u2062\u2063\u2064\ufe00\u00a0"}


@pytest.fixture(scope="module")
def font() -> TTFont:
    return TTFont(FONT)


def italic(letter: str) -> str:
    """What a browser draws for a letter alone in <mi> (MathML Core, text-transform: math-auto)."""
    if letter == "h":
        return "ℎ"
    first = {("A", "Z"): 0x1D434, ("a", "z"): 0x1D44E, ("α", "ω"): 0x1D6FC}
    for (start, end), italics in first.items():
        if start <= letter <= end:
            return chr(italics + ord(letter) - ord(start))
    return {"ϵ": "𝜖", "ϕ": "𝜙", "∂": "𝜕"}.get(letter, letter)


def drawn(formula: str) -> set[str]:
    """The characters of a MathML formula as they are drawn."""
    single = re.findall(r"<mi>(.)</mi>", formula)
    rest = re.sub(r"<mi>.</mi>|<mtext>.*?</mtext>|<annotation.*?</annotation>", "", formula, flags=re.DOTALL)
    return {italic(letter) for letter in single} | set(unescape(re.sub(r"<[^>]*>", "", rest))) - INVISIBLE


def test_it_is_small_and_has_its_licence() -> None:
    assert FONT.stat().st_size < 9_500  # every first visit
    assert MORE.stat().st_size < 9_500  # where it is needed
    assert "SIL OPEN FONT LICENSE Version 1.1" in (FONTS / "stix-two-math-OFL.txt").read_text(encoding="utf-8")


def test_it_still_knows_how_to_set_mathematics(font: TTFont) -> None:
    """Scripts shrink, radicals and brackets grow: without MATH a browser guesses, and subscripts sit badly."""
    table = font["MATH"].table
    assert 60 <= table.MathConstants.ScriptPercentScaleDown <= 80
    glyphs = font.getBestCmap()
    stretched = set(table.MathVariants.VertGlyphCoverage.glyphs)
    assert {glyphs[ord(bracket)] for bracket in "()[]{}|‖√∑"} <= stretched


@pytest.mark.parametrize("address", ["/", *(f"/labs/{slug}" for slug in LABS)])
def test_it_has_every_character_of_the_pages(client: TestClient, font: TTFont, address: str) -> None:
    formulas = re.findall(r"<math.*?</math>", client.get(address).text, re.DOTALL)
    assert formulas or address == "/"
    here = characters(font) | characters(TTFont(MORE))
    missing = set().union(*map(drawn, formulas)) - here
    assert not missing, f"add {sorted(missing)} to scripts/subset_font.py, then make font"


def characters(font: TTFont) -> set[str]:
    return {chr(code) for code in font.getBestCmap()}


def test_the_second_file_is_fetched_for_what_it_has_and_for_nothing_else() -> None:
    style = (FONTS.parent / "css" / "app.css").read_text(encoding="utf-8")
    ranges = re.findall(r"U\+([0-9A-F]+)", style)
    assert {chr(int(code, 16)) for code in ranges} == set(subset_font.MORE)
    assert set(subset_font.MORE) <= characters(TTFont(MORE))
