"""Which features a penalty keeps: the coefficient path on real data, and another one beside it."""

from html import escape
from math import log10

import numpy as np

from app.data.library import Library
from app.data.samples import Sample
from app.data.sentences import counted
from app.figures import marks
from app.figures.marks import Mark
from app.geometry import Outcome
from app.geometry.numerals import numeral
from app.labs.lab import Answer, Readout
from app.labs.sparsity.followed_paths import ENDS, WEAKEST, Beside, Followed, Penalty, followed, ratio_of

SERIES = 10  # looks of lines; where there are more features, two share one
LABELLED = 10  # names at the ends of lines
ROOM = 11  # letters beside the chart
APART = 0.08  # of the height of the chart, between two names
NAMES = {"lasso": "the lasso", "ridge": "ridge", "elastic_net": "the elastic net"}
PATH, BESIDE = "The whole path", "The other penalty"


def path(sample: Sample, penalty: Penalty, ratio: float, beside: Beside, library: Library) -> Answer:
    """Every weight by falling strength; for the lasso with its knots, and where a weight leaves again.

    Another penalty may be drawn beside it, each strength as a share of its own unit.
    """
    found = library.once(followed, sample, ratio_of(penalty, ratio))
    other = None if beside == "none" else library.once(followed, sample, ratio_of(beside, ratio))
    names = found.drawn.names
    hover = "α = %{x} of its unit<br>weight = %{y}<extra>%{fullData.name}</extra>"
    traces = [
        marks.line(f"feature_{j % SERIES + 1}", np.stack([found.shares, found.weights[:, j]], axis=-1), hover, name)
        for j, name in enumerate(names)
    ]
    shown = [one.weights for one in (found, other) if one]
    low, high = min(float(one.min()) for one in shown), max(float(one.max()) for one in shown)
    room = 0.06 * (high - low) or 1.0
    span = (low - room, high + room)
    title = (
        found.axis if other is None or other.axis == found.axis else f"{found.axis}; dotted: α/({other.unit_symbol})"
    )
    chart = marks.chart(title, "weights", log_x=True, x_range=ENDS, y_range=span)
    drawn = [*traces, *_other(other, beside), *_events(found)]
    figure = marks.figure(drawn, **chart, annotations=_labels(found, span), margin={"r": 70})
    return Answer(f"J(w) = {found.drawn.sentence}", {"path": figure}, _whole(found), Outcome("converged", _told(found)))


def _whole(found: Followed) -> dict[str, Readout]:
    """What the path as a whole reveals."""
    return {
        "unit": Readout(found.unit, found.unit_symbol, f"what strengths are a share of: {found.unit_words}"),
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
        "features": Readout(len(found.drawn.names), "d", "features", group=PATH),
    }


def _other(found: Followed | None, beside: Beside) -> list[Mark]:
    """The weights under another penalty, all in one look; each says whose it is when it is pointed at."""
    if found is None or beside == "none":
        return []
    hover = "α = %{x} of its unit<br>weight = %{y}"
    whose = [escape(f"{name}, {NAMES[beside]}", quote=False) for name in found.drawn.names]
    points = [np.stack([found.shares, w], axis=-1) for w in found.weights.T]
    return [marks.line("beside", one, f"{hover}<extra>{name}</extra>") for one, name in zip(points, whose, strict=True)]


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
            made.append(marks.dots(role, points, "%{text} at %{x}<extra></extra>", texts=texts))
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
        name = found.drawn.names[j]
        text = escape(name if len(name) <= ROOM else f"{name[: ROOM - 1]}…", quote=False)
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


def moment(sample: Sample, penalty: Penalty, ratio: float, strength: float, beside: Beside, library: Library) -> Answer:
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
        **_numbers_beside(sample, ratio, strength, beside, library),
    }
    figures = {name: marks.figure([], shapes=[rule]) for name in ("path", "validation")}
    some = f"{len(chosen)} of {counted(len(w), 'weight')} {'is' if len(chosen) == 1 else 'are'} not zero"
    some = some if chosen else "every weight is zero"
    objective = f"minimise J(w) + {numeral(strength * found.unit, 4)}·Ω(w), Ω of {NAMES[penalty]}"
    return Answer(objective, figures, readouts, Outcome("converged", f"At this strength {some}."))


def _numbers_beside(
    sample: Sample, ratio: float, strength: float, beside: Beside, library: Library
) -> dict[str, Readout]:
    """The same share of the other penalty's unit."""
    w = None
    if beside != "none":
        w = library.once(followed, sample, ratio_of(beside, ratio)).at(strength)
    whose = NAMES[beside] if beside != "none" else "the other"
    return {
        "beside_nonzero": Readout(
            None if w is None else int(np.count_nonzero(w)), f"{whose}: not 0", "weights of the other penalty that are "
            "not 0, at the same share of its unit", group=BESIDE,
        ),
        "beside_least": Readout(
            None if w is None else float(np.abs(w).min()), f"{whose}: smallest |wⱼ|", "of all weights", group=BESIDE
        ),
        "beside_largest": Readout(
            None if w is None else float(np.abs(w).max()), f"{whose}: largest |wⱼ|", "of all weights", group=BESIDE
        ),
    }  # fmt: skip
