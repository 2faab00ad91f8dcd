"""Digits: what a picture can show of a number, and nothing that is not finite."""

from math import floor, isfinite, log10

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

DIGITS = 6


def rounded(values: Array) -> Array:
    """Six significant digits of the largest value: what a picture can show, at half the bytes.

    Raises:
        ArithmeticError: for what is not finite: no NaN or infinity ever leaves the server.
    """
    largest = float(np.abs(values).max(initial=0.0))
    if not isfinite(largest):
        raise ArithmeticError(f"a trace is not finite: its largest value is {largest}")
    if largest == 0.0:
        return np.ascontiguousarray(values)  # a column of a matrix is not, and then cannot be encoded
    return np.asarray(np.round(values, DIGITS - 1 - floor(log10(largest))) + 0.0)


def significant(values: Array) -> Array:
    """Six significant digits of each value, as a logarithmic axis needs. Raises ArithmeticError as `rounded` does."""
    rounded(values)
    sizes = np.abs(values)
    digits = DIGITS - 1.0 - np.floor(np.log10(sizes, out=np.zeros(sizes.shape), where=sizes > 0.0))
    decades = 10.0 ** np.minimum(digits, 300.0)
    return np.asarray(np.round(values * decades) / decades + 0.0)
