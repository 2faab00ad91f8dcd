"""Numbers in sentences, as the page writes those of its readouts: 4.40×10⁶, not 4.4e+06."""

from math import isfinite

_RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def numeral(number: float, digits: int = 3) -> str:
    """So many significant digits with a true minus sign; a power of ten outside 10⁻⁴ … 10⁶."""
    if not isfinite(number):
        return f"{'−' * (number < 0)}∞"
    rounded = float(f"{number:.{digits}g}") + 0.0  # never −0
    if rounded and not 1e-4 <= abs(rounded) < 1e6:
        mantissa, power = f"{number:.{digits - 1}e}".split("e")
        return f"{mantissa}×10{raised(int(power))}".replace("-", "−")
    return f"{rounded:.15g}".replace("-", "−")


def raised(power: int) -> str:
    """An exponent: ⁻⁵."""
    return str(power).translate(_RAISED)
