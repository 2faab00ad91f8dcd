"""How many features cross-validation wants: the loss on rows that were held back, and the one-standard-error rule."""

import numpy as np

from app.data.library import Library
from app.data.samples import Sample
from app.data.sentences import counted
from app.figures import marks
from app.geometry import Outcome, ValidationCurve, validation_curve
from app.geometry.numerals import numeral
from app.labs.lab import Answer, Readout
from app.labs.sparsity.followed_paths import ENDS, WEAKEST, Followed, Penalty, followed, ratio_of

TRIED = np.geomspace(1.0, WEAKEST, 61)  # strengths that are cross-validated
FOLDS = "Cross-validation"


def validated(library: Library, sample: Sample, ratio: float, folds: int, split: int) -> ValidationCurve | None:
    """The validation curve of a path; None where there are not two rows."""
    found = library.once(followed, sample, ratio)
    drawn = found.drawn
    if drawn.rows < 2:
        return None
    return validation_curve(drawn.design, drawn.response, ratio, TRIED * found.unit, folds, split)


def validation(sample: Sample, penalty: Penalty, ratio: float, folds: int, split: int, library: Library) -> Answer:
    """The loss on rows that were held back, by strength, with its standard error and the rule of one of them."""
    rho = ratio_of(penalty, ratio)
    found, curve = library.once(followed, sample, rho), library.once(validated, sample, rho, folds, split)
    if curve is None:
        return Answer(
            "no fold", {}, {}, Outcome("stopped", "One row cannot be split into folds: nothing can be held back.")
        )
    hover = "α = %{x} of its unit<br>loss = %{y}<extra>%{fullData.name}</extra>"
    low, high = curve.losses - curve.errors, curve.losses + curve.errors
    top = 1.15 * max(float(high[0]), 1e-300)
    span = (min(0.9 * float(curve.training.min()), 0.98 * float(low.min())), top)
    chart = marks.chart(
        found.axis, "loss J on held-back rows", log_x=True, x_range=ENDS, y_range=(max(span[0], 0.0), span[1])
    )
    traces = [
        marks.band("standard_error", TRIED, np.clip(low, -top, 2 * top), np.clip(high, -top, 2 * top)),
        marks.line("training", np.stack([TRIED, curve.training], axis=-1), hover),
        marks.line("validation", np.stack([TRIED, np.minimum(curve.losses, 2 * top)], axis=-1), hover),
    ]
    shapes = [marks.rule("lowest", x=float(TRIED[curve.lowest])), marks.rule("one_error", x=float(TRIED[curve.chosen]))]
    figure = marks.figure(traces, shapes=shapes, **chart)
    return Answer(
        "the mean loss over all held-back rows",
        {"validation": figure},
        _chosen(found, curve),
        _advised(found, curve, folds),
    )


def _chosen(found: Followed, curve: ValidationCurve) -> dict[str, Readout]:
    best, rule = TRIED[curve.lowest], TRIED[curve.chosen]
    counts = [int(np.count_nonzero(found.at(float(share)))) for share in (best, rule)]
    return {
        "best": Readout(
            float(best), "lowest at", "strength with the lowest validation loss, in units of the knob", group=FOLDS
        ),
        "best_loss": Readout(
            float(curve.losses[curve.lowest]), "lowest loss", "mean over all held-back rows", group=FOLDS
        ),
        "standard_error": Readout(
            float(curve.errors[curve.lowest]), "± one standard error", "of that loss, from how much the folds differ",
            group=FOLDS,
        ),
        "rule": Readout(
            float(rule), "one-standard-error rule",
            "the largest strength whose loss is within one standard error of the lowest", group=FOLDS,
        ),
        "rule_loss": Readout(float(curve.losses[curve.chosen]), "loss by the rule", "at that strength", group=FOLDS),
        "nonzero_best": Readout(
            counts[0], "features at the lowest", "weights that are not 0 there, fitted on all rows", group=FOLDS
        ),
        "nonzero_rule": Readout(
            counts[1], "features by the rule", "weights that are not 0 there, fitted on all rows", group=FOLDS
        ),
        "folds_used": Readout(curve.folds, "folds", "as many as asked for, or one for each row", group=FOLDS),
    }  # fmt: skip


def _advised(found: Followed, curve: ValidationCurve, folds: int) -> Outcome:
    few = f"There are only {counted(curve.folds, 'row')}: each is a fold of its own. " if curve.folds < folds else ""
    best, rule = f"{numeral(TRIED[curve.lowest])}", f"{numeral(TRIED[curve.chosen])}"
    said = f"The lowest loss is at {best}; within one standard error of it, {rule} is the strongest penalty."
    if not found.weights.any():
        said = "There is nothing to explain: every strength does as well."
    elif curve.lowest == 0:
        end = "αₘₐₓ, which on all rows leaves no weight" if found.ratio else "10·L, where ridge still leaves a model"
        said = f"The lowest loss is at the strongest penalty tried, {end}."
    elif curve.lowest == len(TRIED) - 1:
        said = f"The lowest loss is at the end, at {best}: a weaker penalty may do better. Within one error: {rule}."
    return Outcome("converged", few + said)
