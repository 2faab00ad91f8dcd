"""Numbers in sentences are written as the page writes those of its readouts."""

import math

import pytest

from app.geometry.numerals import numeral


@pytest.mark.parametrize(
    ("number", "written"),
    [
        (0.0, "0"), (-2.0, "−2"), (1000.0, "1000"), (12345.0, "12300"), (4.4e6, "4.40×10⁶"), (999_999.0, "1.00×10⁶"),
        (-3.96e20, "−3.96×10²⁰"), (2e-5, "2.00×10⁻⁵"), (1e-4, "0.0001"), (math.inf, "∞"), (-math.inf, "−∞"),
        (-0.0, "0"),
    ],
)  # fmt: skip
def test_powers_of_ten_are_raised(number: float, written: str) -> None:
    assert numeral(number) == written
