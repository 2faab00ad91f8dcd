"""What labs that train say alike: the readouts of a network at a moment, and how its training went."""

from collections.abc import Sequence

from app.geometry import Outcome
from app.geometry.numerals import numeral
from app.labs.film import Plan
from app.labs.lab import Readout
from app.networks import Snapshot

TOO_LONG = 2.0  # times the first loss: no penalty, bound or noise does that to a network that learns


def readouts(shot: Snapshot, prefix: str = "", group: str = "") -> dict[str, Readout]:
    """Step, epochs, losses with and without the penalty, accuracies: the numbers of every training.

    Args:
        shot: one network at one moment.
        prefix: before each name, where a lab shows several networks; a readout's name is unique in its lab.
        group: the fold that they are put into.
    """
    test, right = shot.validation_loss, shot.validation_accuracy

    def percent(share: float | None) -> float | None:
        return None if share is None else 100.0 * share

    found = {
        "step": Readout(shot.step, "step", "how many steps it has taken, one minibatch each"),
        "epochs": Readout(shot.epoch, "epochs", "how often it has seen each sample trained on, on average"),
        "training_loss": Readout(
            shot.loss,
            "training loss C",
            "the mean cost of all samples trained on: nobody dropped, no noise, no penalty",
        ),
        "penalty": Readout(shot.penalty, "penalty αΩ", "α₁‖w‖₁ + α₂½‖w‖² over all weights; biases are free"),
        "penalised_loss": Readout(
            shot.loss + shot.penalty, "C + αΩ", "what is minimised: the training loss with its penalty"
        ),
        "test_loss": Readout(test, "test loss", "the mean cost of the samples that nothing is learnt from"),
        "gap": Readout(
            None if test is None else test - shot.loss, "test − training loss", "what was learnt by heart, in loss"
        ),
        "training_accuracy": Readout(
            percent(shot.accuracy), "training accuracy", "the share of the samples trained on whose class is right", "%"
        ),
        "test_accuracy": Readout(percent(right), "test accuracy", "the share of the test whose class is right", "%"),
    }
    return {f"{prefix}{name}": one._replace(group=group) for name, one in found.items()}


def on_the_way(seen: Sequence[Snapshot], prefix: str = "", group: str = "On the way") -> dict[str, Readout]:
    """Where the test loss was lowest and highest so far, of the moments recorded: what stopping early had saved.

    Args:
        seen: the snapshots of one network up to the moment.
        prefix: before each name.
        group: the fold that they are put into.
    """
    losses = [one.validation_loss for one in seen if one.validation_loss is not None]
    low = losses.index(min(losses)) if losses else 0
    found = {
        "lowest_test": Readout(min(losses, default=None), "lowest test loss", "of all moments up to this one"),
        "lowest_at": Readout(
            seen[low].step if losses else None, "at step", "where stopping would have been best, so far"
        ),
        "highest_test": Readout(max(losses, default=None), "highest test loss", "of all moments up to this one"),
    }
    return {f"{prefix}{name}": one._replace(group=group) for name, one in found.items()}


def went(plan: Plan, seen: Sequence[Snapshot]) -> Outcome:
    """How a training went up to the last moment seen: the engine's own sentence at its end, and where it is before."""
    shot = seen[-1]
    if shot.outcome is not None:
        kind, sentence = shot.outcome
        return Outcome(kind, sentence if kind == "diverged" else f"{sentence}{_rose(seen)}")
    return Outcome("out_of_steps", f"Step {shot.step:,} of {plan.steps:,}.")


def _rose(seen: Sequence[Snapshot]) -> str:
    """That the loss ended above where it began, and that the steps are too long where it ended far above."""
    first, last = seen[0].loss, seen[-1].loss
    if last <= first:
        return ""
    why = ": the steps are too long" if last > TOO_LONG * first else ""
    return f" The training loss ended above where it began, {numeral(last)} against {numeral(first)}{why}."
