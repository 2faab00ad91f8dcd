"""Stability lights: whether the step of a walker is short enough, judged before it walks.

On a quadratic a rule with momentum is a 2×2 matrix for each eigenvalue λ of the loss; it settles exactly if all roots
lie inside the unit circle. With η the step, α the decay and β the momentum that says:

gradient descent               η(λ + α) < 2, whichever way the decay enters
momentum                       η(λ + α) < 2(1 + β);           decoupled: ηλ + (1 + β)ηα < 2(1 + β)
Nesterov                       (1 + 2β)η(λ + α) < 2(1 + β);   decoupled: (1 + 2β)ηλ + ηα < 2(1 + β)
a step that is a length        none for λ;                    decoupled: ηα < 2
"""

from dataclasses import dataclass, replace
from html import escape
from typing import Literal

import numpy as np

from app.data.posing import Posed
from app.figures import marks
from app.figures.marks import Figure
from app.geometry import AdamW, Momentum, Nesterov, Quadratic
from app.geometry.numerals import numeral
from app.labs.descent.walkers import CoordinateDescent
from app.labs.descent.walks import Walk

State = Literal["stable", "edge", "unstable"]
STATE_WORDS: dict[State, str] = {"stable": "stable", "edge": "on the edge", "unstable": "unstable"}
HIGHEST = 2.0  # where a bar is cut off
_EXACT = 1e-12


@dataclass(frozen=True)
class Light:
    """What a walker's step comes to, against the most that its rule stands.

    Attributes:
        left: the left side of its condition, as a formula.
        value: that side as a number; None where its step has no limit.
        most: what it must stay below.
        certain: whether the condition is exact: on a quadratic, for whole gradients.
        partial: whether it judges the whole gradient, where each step takes a few rows.
        caption: what to know about it; empty for nothing.
    """

    left: str
    value: float | None
    most: float
    certain: bool = True
    partial: bool = False
    caption: str = ""

    @property
    def state(self) -> State:
        """The colour of the light."""
        if self.value is None:
            return "stable"
        if self.value < self.most * (1.0 - _EXACT):
            return "edge" if self.partial else "stable"
        return "edge" if self.value <= self.most * (1.0 + _EXACT) else "unstable"

    @property
    def share(self) -> float:
        """How much of its limit the step takes up; 1 is the edge."""
        return 0.0 if self.value is None else self.value / self.most

    @property
    def words(self) -> str:
        """The light in words."""
        if self.value is None:
            return self.caption
        whole = replace(self, partial=False).state
        sign, verdict = {"stable": "<", "edge": "=", "unstable": ">"}[whole], STATE_WORDS[whole]
        if not self.certain and whole != "stable":
            verdict = f"may be {verdict}"
        after = f", {self.caption}" if self.caption else ""
        return f"{self.left} = {numeral(self.value)} {sign} {numeral(self.most)}: {verdict}{after}"


def light(posed: Posed, one: Walk) -> Light:
    """The light of a walker."""
    rule, update = one.walking.rule, one.walking.update
    if isinstance(rule, CoordinateDescent):
        return Light("", None, 2.0, caption="no limit: each weight goes to its best place")
    if rule.scale_free:
        return _length_light(one)
    decay = one.rate * one.amount if update in ("l2_gradient", "decoupled") else 0.0
    value, most, left = _condition(one, one.rate * _steepest(posed), decay)
    captions = []
    if not isinstance(posed.loss, Quadratic):
        captions.append("λ is at most that, less where J is flatter")
    partial = one.walking.batch != "all" and posed.rows > 0
    if partial:
        captions.append("for the whole gradient only: the rows of one step can be steeper")
    if isinstance(rule, Nesterov) and rule.schedule == "fista":
        captions.append("for β near 1, where FISTA's schedule leads")
    return Light(left, value, most, isinstance(posed.loss, Quadratic), partial, "; ".join(captions))


def _length_light(one: Walk) -> Light:
    """RMSProp, Adam, AdamW: only a decay beside the step can blow the weights up."""
    own = one.walking.rule.decay if isinstance(one.walking.rule, AdamW) else 0.0
    strength = own + (one.amount if one.walking.update == "decoupled" else 0.0)
    if strength == 0.0:
        said = "no limit: η is a length, about as long as each step; too long, it only circles the goal"
        return Light("", None, 2.0, caption=said)
    return Light("η·α" if not own else "η·(decay)", one.rate * strength, 2.0, caption="the loss sets no limit")


def _condition(one: Walk, steep: float, decay: float) -> tuple[float, float, str]:
    """The left side as a number, its limit, and the left side as a formula."""
    decoupled = one.walking.update == "decoupled"
    match one.walking.rule:
        case Momentum(momentum=beta):
            counted = (1.0 + beta) * decay if decoupled else decay
            left = "ηλ + (1 + β)ηα" if decoupled else "η(λ + α)"
            return steep + counted, 2.0 * (1.0 + beta), left if decay else "η·λ"
        case Nesterov(momentum=given, schedule=schedule):
            beta = 1.0 if schedule == "fista" else given
            counted = decay / (1.0 + 2.0 * beta) if decoupled else decay
            left = "ηλ + ηα/(1 + 2β)" if decoupled else "η(λ + α)"
            return steep + counted, (2.0 + 2.0 * beta) / (1.0 + 2.0 * beta), left if decay else "η·λ"
        case _:
            return steep + decay, 2.0, "η(λ + α)" if decay else "η·λ"


def _steepest(posed: Posed) -> float:
    return float(posed.loss.eigenvalues[-1]) if isinstance(posed.loss, Quadratic) else posed.loss.smoothness


def lights(posed: Posed, walks: tuple[Walk, ...]) -> Figure:
    """A bar for each walker: how much of its limit its step takes up, in the colour of its state."""
    names, found = [one.name for one in walks], [light(posed, one) for one in walks]
    hover = "%{x}: %{y} of its limit<extra>%{fullData.name}</extra>"
    bars = []
    for state in STATE_WORDS:
        mine = [i for i, one in enumerate(found) if one.state == state]
        if mine:
            heights = np.array([min(found[i].share, HIGHEST) for i in mine])
            bars.append(marks.bars(f"light_{state}", [names[i] for i in mine], heights, hover))
    layout = marks.chart("walker", "step, of the longest stable", y_range=(0.0, HIGHEST))
    layout["barmode"] = "overlay"
    layout["xaxis"] |= {"categoryorder": "array", "categoryarray": [escape(one, quote=False) for one in names]}
    layout["xaxis"] |= {"tickvals": list(range(len(names))), "ticktext": [str(one.place) for one in walks]}
    return marks.figure(bars, shapes=[marks.rule("limit", y=1.0)], **layout)
