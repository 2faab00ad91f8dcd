"""What can be turned on the page of units."""

from typing import Any, Literal

from app.data import Circle, Pattern
from app.knobs import Knobs, LongText, Real, Whole, knob
from app.labs.training import turning
from app.labs.training.layers import Hidden
from app.networks import AnyActivation, AnyInitial

STEPS = 100  # of the walks of two weights
Rival = Literal["none", "l2", "l1", "unit", "layer"]
Method = Literal["projected", "multiplied"]
RIVALS: dict[Rival, str] = {
    "none": "no regularizer", "l2": "L2 penalty", "l1": "L1 penalty", "unit": "max-norm by unit",
    "layer": "Frobenius norm by layer",
}  # fmt: skip


def _start(place: int, default: float) -> Any:
    return knob(
        default, label=f"Start, {('first', 'second')[place]} weight", symbol=f"w{'₁₂'[place]}⁽⁰⁾", ge=-2, le=2,
        step=0.01, help="Where both walks of two weights begin. Drag the start in the picture.",
    )  # fmt: skip


def _bound(default: float, label: str, symbol: str, words: str) -> Any:
    return knob(
        default, label=label, symbol=symbol, ge=0, le=1000, soft=(0.1, 100), scale="log", step=0.05, live=True,
        help=words,
    )  # fmt: skip


class UnitsKnobs(Knobs):
    """What can be turned on this page."""

    pair_strength: Real = knob(
        0.5, label="Strength of the penalty on two weights", symbol="α", ge=0, le=100, soft=(0, 2), step=0.02,
        help="The weight of ½‖w‖² beside J. From 1 on the origin is no saddle any more but the only minimum.",
    )  # fmt: skip
    pair_radius: Real = knob(
        1.0, label="Radius of the ball of two weights", symbol="t", ge=0, le=100, soft=(0, 2.5), step=0.02,
        help="The walk with a ball is put back into it after each step. Drag its edge in the picture.",
    )  # fmt: skip
    pair_rate: Real = knob(
        0.2, label="Learning rate of the two weights", symbol="η", ge=1e-4, le=100, soft=(0.01, 10), scale="log",
        step=0.05, help="The step of both walks. Too long, the one without a ball diverges.",
    )  # fmt: skip
    start_1: Real = _start(0, 1.3)
    start_2: Real = _start(1, -1.0)
    pair_step: Whole = knob(
        STEPS, label="Step of the two weights", ge=0, le=STEPS, step=1, play=10,
        help="Where both walks are looked at: play them, step them, or drag them to and fro.",
    )  # fmt: skip
    shown: Rival = knob(
        "unit", label="Network to look at", choices={str(name): words for name, words in RIVALS.items()},
        help="Whose units, norms and multipliers are drawn; all five are trained side by side.",
    )  # fmt: skip
    moment: Whole = turning.moment()
    l2: Real = turning.l2(0.1)
    l1: Real = turning.l1(0.03)
    radius: Real = _bound(
        1.0, "Largest norm of a unit", "c", "What the incoming weights of each unit may have as norm (max-norm)."
    )  # fmt: skip
    layer_radius: Real = _bound(
        2.8, "Largest norm of a layer", "c_F", "What all weights of a layer together may have as (Frobenius) norm."
    )  # fmt: skip
    method: Method = knob(
        "projected", label="How a norm is kept",
        choices={"projected": "projection after each step", "multiplied": "penalty with a multiplier each"},
        help="Rescale what is too long after each step; or let a multiplier for each group grow while its norm is "
        "above the bound and fall else, as in dual ascent.",
    )  # fmt: skip
    pace: Real = knob(
        0.05, label="Step of the multipliers", symbol="η_α", ge=1e-6, le=10, soft=(1e-3, 1), scale="log", step=0.1,
        live=True, help="How fast each multiplier follows what its group exceeds, where multipliers keep the norm.",
    )  # fmt: skip
    rate: Real = turning.rate(0.2)
    changes: LongText = turning.changes()
    pattern: Pattern = knob(
        Circle(share=10, noise=0.5), label="Data", discriminator="kind", help="What all five networks learn."
    )  # fmt: skip
    hidden: Hidden = turning.hidden()
    activation: AnyActivation = turning.activation()
    initial: AnyInitial = turning.initial()
    steps: Whole = turning.steps(700)
    batch: Whole = turning.batch(10)
    seed: Whole = turning.seed()
