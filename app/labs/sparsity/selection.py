"""Which features a penalty keeps: the coefficient path on real data, and how many of them cross-validation wants."""

from html import escape
from math import log10

import numpy as np

from app.data.library import Library
from app.data.samples import Sample
from app.data.sentences import counted
from app.figures import marks
from app.figures.marks import Mark
from app.geometry import Outcome, ValidationCurve, validation_curve
from app.labs.lab import Answer, Readout
from app.labs.sparsity.followed_paths import WEAKEST, Followed, Penalty, followed, ratio_of

TRIED = np.geomspace(1.0, WEAKEST, 61)  # strengths that are cross-validated
LABELLED = 10  # names at the ends of lines
APART = 0.08  # of the height of the chart, between two names
NAMES = {"lasso": "the lasso", "ridge": "ridge", "elastic_net": "the elastic net"}
ENDS = (1.0, 0.7 * WEAKEST)  # with room for the last label of the axis
PATH, FOLDS = "The whole path", "Cross-validation"


def path(sample: Sample, penalty: Penalty, ratio: float, library: Library) -> Answer:
    """Every weight by falling strength; for the lasso with its knots, and where a weight leaves again."""
    found = library.once(followed, sample, ratio_of(penalty, ratio))
    names = found.drawn.names
    hover = "α = %{x:.3g} of its unit<br>weight = %{y:.4g}<extra>%{fullData.name}</extra>"
    traces = [
        marks.line(f"feature_{j % 8 + 1}", np.stack([found.shares, found.weights[:, j]], axis=-1), hover, name)
        for j, name in enumerate(names)
    ]
    low, high = float(found.weights.min()), float(found.weights.max())
    room = 0.06 * (high - low) or 1.0
    span = (low - room, high + room)
    title = "α/αₘₐₓ, falling" if found.ratio else "α/(10·L), falling"
    chart = marks.chart(title, "weights", log_x=True, x_range=ENDS, y_range=span)
    figure = marks.figure([*traces, *_events(found)], **chart, annotations=_labels(found, span), margin={"r": 70})
    readouts = {
        "unit": Readout(
            found.unit, "αₘₐₓ" if found.ratio else "10·L", f"what strengths are a share of: {found.unit_words}"
        ),
        "knots": Readout(
            len(found.knots.strengths) if found.knots else None,
            "knots",
            "where a weight enters or leaves, and the end",
            group=PATH,
        ),
        "order": Readout(
            _order(found), "order of entry", "the features, by the strength at which they enter first", group=PATH
        ),
        "leaves": Readout(
            _leaving(found), "leaves again", "features whose weight is 0 again at a smaller strength", group=PATH
        ),
        "came_back": Readout(_returning(found), "comes back", "features that enter once more after that", group=PATH),
        "path_residual": Readout(
            found.residual, "largest KKT residual", "over all points of the path, relative: 0 is exact", group=PATH
        ),
        "sample_rows": Readout(found.drawn.rows, "n", "rows of the data", group=PATH),
        "features": Readout(len(names), "d", "features", group=PATH),
    }
    return Answer(f"J(w) = {found.drawn.sentence}", {"path": figure}, readouts, Outcome("converged", _told(found)))


def _events(found: Followed) -> list[Mark]:
    """Knots on the zero line: circles where a weight enters, crosses where one leaves."""
    made = []
    for role, verb, enters in (("enters", "enters", True), ("leaves", "leaves", False)):
        events = [one for one in found.events if one.enters == enters]
        at = np.array([found.knots.strengths[one.knot] / found.unit for one in events if found.knots])
        seen = at >= WEAKEST
        if seen.any():
            points = np.stack([at[seen], np.zeros(int(seen.sum()))], axis=-1)
            texts = [
                f"{found.drawn.names[one.feature]} {verb}" for one, there in zip(events, seen, strict=True) if there
            ]
            made.append(marks.dots(role, points, "%{text} at %{x:.4g}<extra></extra>", texts=texts))
    return made


def _labels(found: Followed, span: tuple[float, float]) -> list[Mark]:
    """Names at the ends of the largest weights, as far as there is room between them."""
    ends, gap = found.weights[-1], APART * (span[1] - span[0])
    placed: list[float] = []
    made = []
    for j in np.argsort(-np.abs(ends))[:LABELLED].tolist():
        y = float(ends[j])
        if y == 0 or any(abs(y - other) < gap for other in placed):
            continue
        placed.append(y)
        text = escape(found.drawn.names[j][:14], quote=False)
        place = {"x": log10(WEAKEST), "xanchor": "left", "xshift": 3, "y": y}
        made.append({**place, "text": text, "showarrow": False, "font": {"size": 11}})
    return made


def _order(found: Followed) -> str | None:
    return _listed([one.feature for one in found.events if one.enters], found.drawn.names)


def _leaving(found: Followed) -> str | None:
    return _listed([one.feature for one in found.events if not one.enters], found.drawn.names)


def _returning(found: Followed) -> str | None:
    """The features that enter a second time."""
    entered = [one.feature for one in found.events if one.enters]
    return _listed([j for i, j in enumerate(entered) if j in entered[:i]], found.drawn.names)


def _listed(features: list[int], names: tuple[str, ...]) -> str | None:
    """Their names, each once, at most twenty."""
    once = [names[j] for j in dict.fromkeys(features)]
    return ", ".join(once[:20]) + (", …" if len(once) > 20 else "") or None


def _told(found: Followed) -> str:
    notes = " ".join(found.drawn.notes)
    if not found.weights.any():
        return notes or "Every weight is zero at every strength: nothing is left to explain."
    said = {
        1.0: "Between two knots every weight of the lasso is a straight line in α: the path is exact.",
        0.0: "Ridge shrinks every weight, and makes none exactly zero.",
    }.get(found.ratio, "The elastic net selects like the lasso, and shrinks those that are alike together.")
    if notes and found.ratio < 1:
        notes += " With this penalty the optimum is unique all the same, at every strength above 0."
    return f"{said} {notes}".strip()


def moment(sample: Sample, penalty: Penalty, ratio: float, strength: float, library: Library) -> Answer:
    """One strength: what is selected."""
    found = library.once(followed, sample, ratio_of(penalty, ratio))
    w, loss = found.at(strength), found.drawn.loss
    rule = marks.rule("strength_now", x=max(strength, WEAKEST))
    chosen = [found.drawn.names[j] for j in np.argsort(-np.abs(w)) if w[j] != 0]
    nothing = float(loss.value(np.zeros(len(w))))
    readouts = {
        "alpha": Readout(strength * found.unit, "α", "the strength: the knob times its unit"),
        "nonzero": Readout(len(chosen), "weights that are not 0", "how many features are selected"),
        "zeros": Readout(len(w) - len(chosen), "exact zeros", "how many weights are exactly 0"),
        "selected": Readout(
            ", ".join(chosen[:12]) + (", …" if len(chosen) > 12 else "") or "none",
            "selected",
            "by the size of their weights",
        ),
        "freedom": Readout(
            found.freedom(strength, w), "degrees of freedom", "of the lasso the number of weights, of ridge Σλᵢ/(λᵢ+α)"
        ),
        "least_weight": Readout(float(np.abs(w).min()), "smallest |wⱼ|", "the smallest of all weights"),
        "largest_weight": Readout(float(np.abs(w).max()), "largest |wⱼ|", "the largest of all weights"),
        "norm": Readout(float(np.abs(w).sum()), "‖w‖₁", "the sum of the sizes"),
        "explained": Readout(
            100 * (1 - float(loss.value(w)) / nothing) if nothing else None,
            "R²",
            "share of the variance of y that is explained",
            "%",
        ),
    }
    figures = {name: marks.figure([], shapes=[rule]) for name in ("path", "validation")}
    some = f"{len(chosen)} of {counted(len(w), 'weight')} {'is' if len(chosen) == 1 else 'are'} not zero"
    some = some if chosen else "every weight is zero"
    objective = f"minimise J(w) + {strength * found.unit:.4g}·Ω(w), Ω of {NAMES[penalty]}"
    return Answer(objective, figures, readouts, Outcome("converged", f"At this strength {some}."))


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
    hover = "α = %{x:.3g} of its unit<br>loss = %{y:.4g}<extra>%{fullData.name}</extra>"
    low, high = curve.losses - curve.errors, curve.losses + curve.errors
    top = 1.15 * max(float(high[0]), 1e-300)
    span = (min(0.9 * float(curve.training.min()), 0.98 * float(low.min())), top)
    title = "α/αₘₐₓ, falling" if rho else "α/(10·L), falling"
    chart = marks.chart(
        title, "loss J on held-back rows", log_x=True, x_range=ENDS, y_range=(max(span[0], 0.0), span[1])
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
    best, rule = f"{TRIED[curve.lowest]:.3g}", f"{TRIED[curve.chosen]:.3g}"
    said = f"The lowest loss is at {best}; within one standard error of it, {rule} is the strongest penalty."
    if not found.weights.any():
        said = "There is nothing to explain: every strength does as well."
    elif curve.lowest == 0:
        end = "αₘₐₓ, which on all rows leaves no weight" if found.ratio else "10·L, where ridge still leaves a model"
        said = f"The lowest loss is at the strongest penalty tried, {end}."
    elif curve.lowest == len(TRIED) - 1:
        said = f"The lowest loss is at the end, at {best}: a weaker penalty may do better. Within one error: {rule}."
    return Outcome("converged", few + said)
