"""What the page claims of training, in sentences that perform themselves."""

from app.knobs import Scalar
from app.labs.lab import Preset

_FORTY: dict[str, Scalar] = {
    "pattern.kind": "circle", "pattern.share": 10, "pattern.noise": 0.4, "hidden.kind": "3", "hidden.units_1": 8,
    "hidden.units_2": 8, "hidden.units_3": 8, "optimizer.kind": "adam", "rate": 0.01, "steps": 3000,
}  # fmt: skip
_DIGITS: dict[str, Scalar] = {
    "pattern.kind": "digits", "hidden.kind": "1", "hidden.units_1": 32, "activation.kind": "relu",
    "optimizer.kind": "adam", "rate": 0.003, "batch": 32, "steps": 3000,
}  # fmt: skip

PRESETS = (
    Preset(
        "rescue",
        "Forty noisy samples are learnt by heart, all of them right, until α₂ = 0.01 is turned on half-way: the test "
        "loss falls from 1.94 to 0.53.",
        {**_FORTY, "changes": "50:l2=0.01"},
        shows=("losses", "test_loss", "highest_test"),
    ),
    Preset(
        "zeros",
        "With this seed L1 by soft threshold makes 15 of 40 weights exactly 0; by its sign, as books write it, none.",
        {"l1": 0.003, "steps": 3000, "finer.kind": "chosen", "finer.l1_update": "soft"},
        shows=("spread", "zeros"),
    ),
    Preset(
        "features",
        "With x₁² and x₂² as inputs, two weights and a bias tell the ring from the disc: 95 % of the test, no hidden "
        "unit.",
        {"hidden.kind": "0", "rate": 0.3, "features.kind": "chosen", "features.x1": False, "features.x2": False},
        shows=("says", "test_accuracy", "weights"),
    ),
    Preset(
        "digits",
        "A 64-32-10 network, a fifth of its hidden units dropped in each step, learns 1,438 handwritten digits and "
        "reads 97.2 % of 359 others.",
        {**_DIGITS, "drop": 20},
        shows=("says", "test_accuracy"),
    ),
    Preset(
        "runaway",
        "Breaks: η = 1 with α₂ = 3 multiplies every weight by −2 a step before the data have any say.",
        {"rate": 1, "l2": 3},
        shows=("losses", "step", "size"),
    ),
)
