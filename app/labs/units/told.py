"""The numbers of the five at a moment, and how it went in a sentence."""

import numpy as np

from app.figures.marks import Array
from app.geometry import Outcome
from app.labs.film import Plan
from app.labs.lab import Readout
from app.labs.units.controls import RIVALS
from app.labs.units.rivals import ORDER, Moment
from app.labs.units.strip import Seen
from app.networks.group_multipliers import GroupMultipliers

LOOKED, REST = "The network that is looked at", "Training losses and accuracies"


def compared(now: Moment) -> dict[str, Readout]:
    """The numbers that decide between the five."""
    losses = {
        f"test_{name}": Readout(
            shot.validation_loss,
            f"test loss, {RIVALS[name]}",
            "the mean cost of the samples that nothing is learnt from",
        )
        for name, shot in zip(ORDER, now.shots, strict=True)
    }
    deaths = {
        f"dead_{name}": Readout(
            dead, f"dead, {RIVALS[name]}",
            "hidden units whose activation varies by less than 0.01 (standard deviation) over all samples trained on",
        )
        for name, dead in zip(ORDER, now.dead, strict=True)
    }  # fmt: skip
    return losses | deaths


def looked(
    now: Moment, place: int, found: Seen, asked: GroupMultipliers, own: Array
) -> dict[str, Readout]:  # fmt: skip
    """The network that is looked at, unit by unit, and the multipliers of its bound."""
    return {
        "step": Readout(now.shots[place].step, "step", "how many minibatches it has learnt from", group=LOOKED),
        "hidden_units": Readout(
            len(found.starved) - found.architecture.sizes[-1], "hidden units", "of all hidden layers", group=LOOKED
        ),
        "starved": Readout(
            now.starved[place], "of them starved", "dead, their incoming weights of a norm below 0.05", group=LOOKED
        ),
        "stuck": Readout(
            now.stuck[place], "of them stuck", "dead with weights: a ReLU at 0 or a saturated unit, or one that is fed "
            "nothing", group=LOOKED,
        ),
        "largest_norm": Readout(
            float(found.norms.max()), "largest ‖wⱼ‖", "of the incoming weights of a unit", group=LOOKED
        ),
        "largest_bias": Readout(
            max(float(np.abs(one).max()) for one in found.architecture.biases(found.learner.parameters)),
            "largest bias", "biases are neither penalised nor bounded", group=LOOKED,
        ),
        **_multipliers(asked, own),
    }  # fmt: skip


def _multipliers(asked: GroupMultipliers, own: Array) -> dict[str, Readout]:
    """What the bound asks of its groups, and what their multipliers have found."""
    gap = float(np.abs(own - asked.asked).max()) if len(own) else None
    return {
        "at_bound": Readout(
            int(asked.active.sum()), "groups at the bound", "units (or layers) whose norm has reached c: only those "
            "can have a multiplier", group=LOOKED,
        ),
        "positive": Readout(
            int((own > 0.0).sum()) if len(own) else None, "multipliers above 0", "of those that found themselves",
            group=LOOKED,
        ),
        "largest_multiplier": Readout(
            float(asked.asked.max()), "largest multiplier asked for", "αⱼ = −⟨∇ⱼC, wⱼ⟩/‖wⱼ‖², where the bound is "
            "reached", group=LOOKED,
        ),
        "multiplier_gap": Readout(
            gap, "largest |α found − α asked|", "how far the multipliers are from what stationarity asks for",
            group=LOOKED,
        ),
        "residual": Readout(
            float(min(asked.residuals.max(), 1e150)), "largest KKT residual", "max ‖∇ⱼC + αⱼwⱼ‖ over the groups: "
            "0 where training has come to rest", group=LOOKED,
        ),
    }  # fmt: skip


def rest(now: Moment) -> dict[str, Readout]:
    """Training losses and test accuracies of all."""
    rest = dict[str, Readout]()
    for name, shot in zip(ORDER, now.shots, strict=True):
        right = shot.validation_accuracy
        rest[f"training_{name}"] = Readout(
            shot.loss, f"training loss, {RIVALS[name]}", "the mean cost, without any penalty", group=REST
        )
        rest[f"accuracy_{name}"] = Readout(
            None if right is None else 100.0 * right, f"test accuracy, {RIVALS[name]}",
            "the share of the test whose class is right", "%", REST,
        )  # fmt: skip
    return rest


def outcome(plan: Plan, now: Moment, place: int) -> Outcome:
    """The counts in a sentence, and who ran away."""
    counts = ", ".join(f"{RIVALS[name]} {dead}" for name, dead in zip(ORDER, now.dead, strict=True))
    lost = [
        f"{RIVALS[name][:1].upper()}{RIVALS[name][1:]}: {shot.outcome.sentence}"
        for name, shot in zip(ORDER, now.shots, strict=True)
        if shot.outcome is not None and shot.outcome.kind == "diverged"
    ]
    here = now.shots[place].outcome
    kind = "out_of_steps" if here is None else here.kind
    step = max(shot.step for shot in now.shots)
    return Outcome(kind, " ".join([f"Step {step:,} of {plan.steps:,}. Dead hidden units: {counts}.", *lost]))
