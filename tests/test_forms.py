"""Forms: what a regularizer is asked to do."""

import numpy as np
import pytest

from app.geometry.forms import Constrained, Free, Penalised
from app.geometry.regularizers import L1


def test_a_form_is_one_slot_with_one_prox() -> None:
    """Kills: a strength that forgets the step, a projection that depends on it."""
    v = np.array([2.0, -0.5])
    assert Free().prox(L1(), v, 3.0) is v
    np.testing.assert_array_equal(Penalised(0.4).prox(L1(), v, 2.0), [1.2, 0.0])
    np.testing.assert_array_equal(Constrained(1.0).prox(L1(), v, 2.0), [1.0, 0.0])
    for refused in (-1.0, float("nan"), float("inf")):
        with pytest.raises(ValueError, match="finite number ≥ 0"):
            Penalised(refused)
        with pytest.raises(ValueError, match="finite number ≥ 0"):
            Constrained(refused)
