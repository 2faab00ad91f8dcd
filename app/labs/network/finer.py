"""The finer points of a training: what is left as it is until somebody wants to choose."""

from typing import Any, Literal

from app.knobs import Knobs, Real, Switch, Whole, knob
from app.networks import Precision


class Usual(Knobs, title="as usual"):
    """Cross-entropy for classes, the square for numbers; L1 by sign and L2 in the gradient; inverted dropout."""

    kind: Literal["usual"] = "usual"


class Chosen(Knobs, title="chosen one by one"):
    """All that the playground does not ask at once."""

    kind: Literal["chosen"] = "chosen"
    cost: Literal["usual", "quadratic"] = knob(
        "usual", label="Cost", choices={"usual": "cross-entropy", "quadratic": "quadratic"},
        help="How wrong an answer is. The square of a saturated sigmoid has almost no slope: it learns slowly where it "
        "is most wrong. A number is always learnt by squares.",
    )  # fmt: skip
    l1_update: Literal["sign", "soft"] = knob(
        "sign", label="L1 by", choices={"sign": "the sign: a constant step", "soft": "soft threshold: lands on 0"},
        help="Both lower C + α₁‖w‖₁. The step of constant length jumps over 0; the threshold makes weights exactly 0. "
        "With L2 beside it this is the elastic net.",
    )  # fmt: skip
    l2_update: Literal["gradient", "decoupled"] = knob(
        "gradient", label="L2 by", choices={"gradient": "its gradient", "decoupled": "a decay beside the step"},
        help="One and the same for plain gradient descent; not for rules with a memory, such as Adam.",
    )  # fmt: skip
    dropout: Literal["inverted", "classic"] = knob(
        "inverted", label="Dropout",
        choices={"inverted": "inverted: divide in training", "classic": "classic: scale at test"},
        help="What makes up for the units left out: those left are divided by their share in training, or all are "
        "multiplied by it at test.",
    )  # fmt: skip
    drop_inputs: Real = knob(
        0, label="Dropout of the inputs", unit="%", ge=0, le=90, step=5,
        help="The share of the inputs that each sample does without in training.",
    )  # fmt: skip
    clip: Real = knob(
        0, label="Clip the gradient at", ge=0, le=1e6, soft=(0.01, 10), scale="log", step=0.1,
        help="What the norm of the cost's gradient may be at most: a longer one is shortened. 0 clips nothing.",
    )  # fmt: skip
    layer_norm: Switch = knob(
        False, label="Layer norm",
        help="Brings the sums of each hidden layer to mean 0 and variance 1 for every sample, then scales and shifts.",
    )  # fmt: skip
    patience: Whole = knob(
        0, label="Patience", unit="epochs", ge=0, le=1000, soft=(0, 100), step=1,
        help="Stops when the test loss has had no new lowest value for so many epochs, and takes the best weights "
        "back. 0 never stops. The test judges here, so it is no test any more.",
    )  # fmt: skip
    precision: Precision = knob(
        "double", label="Precision", choices={"double": "double: 16 digits", "single": "single: 7 digits"},
        help="Of every number in training: single, the default of PyTorch and JAX, halves the memory that a step reads "
        "and writes; the way drifts apart from that of double by rounding, which shows after some hundred steps.",
    )  # fmt: skip


Finer = Usual | Chosen


def _factor(place: int) -> Any:
    return knob(
        1.0, label=f"Weights into layer {place}", unit="times", ge=0, le=100, soft=(0, 3), step=0.1,
        help="What both strengths are multiplied by for the weights into this layer; the last layer is the output.",
    )  # fmt: skip


class Alike(Knobs, title="the same for all layers"):
    """One strength for all weights."""

    kind: Literal["alike"] = "alike"


class ByLayer(Knobs, title="one by one"):
    """A strength for each layer: those of the page, times a factor."""

    kind: Literal["by_layer"] = "by_layer"
    factor_1: Real = _factor(1)
    factor_2: Real = _factor(2)
    factor_3: Real = _factor(3)
    factor_4: Real = _factor(4)
    factor_5: Real = _factor(5)
    factor_6: Real = _factor(6)
    factor_7: Real = _factor(7)


Spread = Alike | ByLayer


def by_layer(spread: Spread, strength: float, layers: int) -> float | tuple[float, ...]:
    """α, or α by layer of weights."""
    if isinstance(spread, Alike):
        return strength
    factors = [spread.factor_1, spread.factor_2, spread.factor_3, spread.factor_4]
    factors += [spread.factor_5, spread.factor_6, spread.factor_7]
    return tuple(strength * factor for factor in factors[:layers])
