"""One moment of gradient descent beside the weight decay that comes closest: in the plane, and by direction."""

import numpy as np

from app.data.library import Library
from app.data.sentences import counted
from app.figures import marks, plane
from app.figures.marks import Array, Mark
from app.figures.paths import polyline
from app.geometry import Outcome, largest_filter_gap, matching_strengths, share_reached
from app.geometry.numerals import numeral
from app.labs.early_stopping.walk import CURVATURES, DIRECTIONS, FAR, PlaneProblem, Walked, cut, walked
from app.labs.lab import Answer, Readout

TRAIL = 12  # steps behind w^(τ) that are drawn strongly
ROUNDED = 1e-9  # % of ‖ŵ‖: below, a distance is rounding
RULE = "Rule of thumb α = 1/(ητ)"


def moment(problem: PlaneProblem, step: float, epoch: int, library: Library) -> Answer:
    """One τ: where descent is, and the ridge optimum that comes closest."""
    found = library.once(walked, problem, step)
    strength = float(found.nearest.strengths[epoch])
    near = found.moves and float(found.nearest.distances[epoch]) <= FAR * found.size
    alpha = strength if near and np.isfinite(strength) else None
    figures = {
        "plane": marks.figure([], shapes=_points(found, epoch)),
        "filters": marks.figure([], shapes=_filters(found, epoch, alpha)),
        "match": marks.figure([], shapes=[marks.rule("moment", x=max(epoch, 1))]),
        "distance": marks.figure([], shapes=[marks.rule("moment", x=max(epoch, 1))]),
    }
    readouts = {**_moment_readouts(found, epoch, alpha), **_direction_readouts(found, epoch, alpha)}
    return Answer(f"w^({epoch}) against argmin J(w) + α·½‖w‖²", figures, readouts, _said(found, epoch, alpha))


def _points(found: Walked, epoch: int) -> list[Mark]:
    x0, x1, y0, y1 = found.posed.window
    here, near = found.weights[epoch], found.nearest.weights[epoch]
    behind = cut(found.weights[max(0, epoch - TRAIL) : epoch + 1], found.posed.window)
    shapes = [marks.curve("trail", polyline(behind.tolist()))] if len(behind) > 1 else []
    inside = x0 <= here[0] <= x1 and y0 <= here[1] <= y1
    if inside:
        shapes.append(marks.curve("gap", polyline([plane.pair(here), plane.pair(near)])))
    shapes.append(marks.point("decayed", plane.pair(near)))
    if epoch:
        shapes.append(marks.point("thumb_point", plane.pair(found.by_rule[epoch - 1])))
    return [*shapes, marks.point("stopped", plane.pair(here))] if inside else shapes


def _filters(found: Walked, epoch: int, alpha: float | None) -> list[Mark]:
    """Both filters over all curvatures, and where the two directions are on them."""
    scale = found.loss.smoothness or 1.0
    reached = np.clip(share_reached(CURVATURES * found.descent.step * scale, np.array(float(epoch))), -2.0, 3.0)
    shapes = [marks.curve("trail", _line(reached))]
    own = found.loss.eigenvalues / scale
    if alpha is not None:
        kept = CURVATURES / (CURVATURES + alpha / scale)
        shapes.append(marks.curve("closest", _line(kept)))
    here = found.descent.filters(epoch)
    for share, done in zip(own, here, strict=True):
        if share >= CURVATURES[0] and -0.2 <= done <= 1.6:
            shapes.append(marks.point("stopped", (float(share), float(done))))
        if share >= CURVATURES[0]:
            left = 0.0 if alpha is None else float(share / (share + alpha / scale))
            shapes.append(marks.point("decayed", (float(share), left)))
    return shapes


def _line(shares: Array) -> str:
    """A filter over the curvatures, in as few digits as can be seen: a frame for each τ is sent at once."""
    return polyline(np.stack([CURVATURES, np.round(shares, 4)], axis=1).tolist())


def _moment_readouts(found: Walked, epoch: int, alpha: float | None) -> dict[str, Readout]:
    apart = 100 * float(found.nearest.distances[epoch]) / found.size
    here = found.weights[epoch]
    thumb = 1.0 / (found.descent.step * epoch) if epoch else None
    off = 100 * float(np.linalg.norm(found.by_rule[epoch - 1] - here)) / found.size if epoch else None
    gap = largest_filter_gap(epoch) if epoch else None
    left = float(found.loss.value(here)) - found.loss.lowest
    return {
        "tau": Readout(epoch, "τ", "steps of gradient descent from w = 0"),
        "closest_strength": Readout(
            alpha, "closest α", "the one strength of decay that comes closest; none at τ = 0, or for ŵ = 0"
        ),
        "distance": Readout(apart, "distance", "from w^(τ) to that ridge optimum, as a share of ‖ŵ‖", "%"),
        "gap": Readout(float(found.nearest.distances[epoch]), "‖w^(τ) − w(α)‖", "the same, as a length"),
        "w1": Readout(float(here[0]), "w₁^(τ)", found.posed.names[0]),
        "w2": Readout(float(here[1]), "w₂^(τ)", found.posed.names[1]),
        "excess": Readout(left, "J(w^(τ)) − J(ŵ)", "what of the loss is left to fit"),
        "rule_strength": Readout(thumb, "1/(ητ)", "the strength by the rule of thumb", group=RULE),
        "rule_distance": Readout(off, "its distance", "of its ridge optimum from w^(τ), as a share of ‖ŵ‖", "%", RULE),
        "filter_gap": Readout(
            None if gap is None else float(gap.differences), "largest filter difference",
            "over all curvatures up to 1/η: 0.204 for small steps, up to ½ for long ones", group=RULE,
        ),
        "filter_gap_at": Readout(
            None if gap is None else float(gap.shares), "at λ/α", "where it is largest: 2.51 for small steps",
            group=RULE,
        ),
        "filters_at_one": Readout(
            None if gap is None else f"{numeral(1.0 - (1.0 - 1.0 / epoch) ** epoch, 4)} and 0.500",
            "both filters at λ = α",
            "stopping, and decay: 0.632 and 0.500 for small steps", group=RULE,
        ),
    }  # fmt: skip


def _direction_readouts(found: Walked, epoch: int, alpha: float | None) -> dict[str, Readout]:
    """Both filters of each direction, and the strength that this direction alone would need."""
    shown: dict[str, Readout] = {}
    each = matching_strengths(found.descent, epoch)
    for i, (value, done) in enumerate(zip(found.loss.eigenvalues, found.descent.filters(epoch), strict=True)):
        own = float(each.values[i]) if each.exist[i] else None
        kept = 0.0 if alpha is None or value == 0.0 else float(value / (value + alpha))
        left = kept if found.moves else None
        k, sub = i + 1, "₁₂"[i]
        shown |= {
            f"reached_{k}": Readout(
                float(done), f"1 − (1 − ηλ{sub})^τ", f"share of ŵ that descent has reached along axis {k}",
                group=DIRECTIONS,
            ),
            f"kept_{k}": Readout(
                left, f"λ{sub}/(λ{sub} + α)", f"share of ŵ that the closest decay leaves along axis {k}",
                group=DIRECTIONS,
            ),
            f"strength_{k}": Readout(
                own, f"α{sub} = λ{sub}r/(1 − r)", f"the strength that τ steps equal along axis {k}; none where "
                "descent overshoots", group=DIRECTIONS,
            ),
        }  # fmt: skip
    return shown


def _said(found: Walked, epoch: int, alpha: float | None) -> Outcome:
    """What this τ shows."""
    here, size, steps = found.weights[epoch], found.size, counted(epoch, "step")
    if not found.moves:
        return Outcome("stopped", "The free optimum is 0: descent stays there, and so does every decay.")
    if epoch == 0:
        return Outcome("stopped", "Nothing is trained yet: no step, or an infinite penalty.")
    away = float(np.linalg.norm(here - found.loss.minimiser)) / size
    if away > FAR:
        return Outcome("diverged", f"After {steps} w is {numeral(away)}·‖ŵ‖ away from ŵ: outside of the picture.")
    apart = 100 * float(found.nearest.distances[epoch]) / size
    if alpha is None:
        return Outcome("stopped", f"After {steps} no decay is closer than w = 0: descent has turned away from ŵ.")
    if apart < 0.05:
        close = "up to rounding" if apart < ROUNDED else f"to {numeral(apart, 1)} %"
        return Outcome("stopped", f"Stopping after {steps} and decay with α = {numeral(alpha)} agree {close}.")
    return Outcome(
        "stopped", f"The closest decay, α = {numeral(alpha)}, is {numeral(apart)} % of ‖ŵ‖ away from {steps}."
    )
