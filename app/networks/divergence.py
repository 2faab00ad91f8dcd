"""Why a network ran away: which factor exceeded what, in a sentence.

Near a minimum, gradient descent multiplies the distance along an eigenvector of the Hessian by 1 − ηλ at each step, and
a decay multiplies each weight by 1 − ηα; below −1, either grows without end. Deep Learning (2016), §4.3 and §8.2.4.
"""

from typing import NamedTuple

import numpy as np

from app.geometry import Momentum, Nesterov
from app.geometry.numerals import numeral
from app.networks.activations import Array
from app.networks.architectures import Architecture
from app.networks.draws import chance
from app.networks.measures import gradient
from app.networks.penalties import amounts
from app.networks.settings import Setting
from app.networks.tasks import Examples

_ROWS = 500  # samples that the curvature is measured on, at most
_ROUNDS = 20  # of the power iteration


class Flight(NamedTuple):
    """How it ran away: all in double, in whatever precision it ran.

    Attributes:
        step: the step that went too far.
        limit: the size of a parameter that is too far.
        earlier: (P,) parameters some steps before.
        last: (P,) parameters one step before.
        moved: (P,) parameters after, perhaps not finite.
        multipliers: (G,) of its constraint, before.
    """

    step: int
    limit: float
    earlier: Array
    last: Array
    moved: Array
    multipliers: Array


def diagnosis(setting: Setting, examples: Examples, flight: Flight) -> str:
    """The sentence: when it was stopped, and why."""
    reason = (
        _decay(setting) or _multiplier(setting, flight) or _length(setting) or _curvature(setting, examples, flight)
    )
    return (
        f"Diverged: {reason or _growth(setting, flight)}. Stopped at step {flight.step}, before the numbers overflow."
    )


def steepest(architecture: Architecture, parameters: Array, examples: Examples) -> float:
    """The largest curvature of the cost, |λ| of its Hessian at (P,), by power iteration on differences of gradients."""
    with np.errstate(all="ignore"):
        v = chance(0, 0).standard_normal(parameters.shape)
        size, found = 1e-6 * max(1.0, float(np.abs(parameters).max())), 0.0
        for _ in range(_ROUNDS):
            v = v * (size / np.linalg.norm(v))
            ahead, behind = (gradient(architecture, at, examples) for at in (parameters + v, parameters - v))
            change = (ahead - behind) / (2.0 * size)
            found = float(change @ v) / size
            if not np.isfinite(found) or not change.any():
                return 0.0
            v = change
    return found


def _bound(setting: Setting) -> float:
    """What η·λ must stay below: 2, or with momentum 2(1 + β); 0 where the rule divides by the gradient's size."""
    rule = setting.rule
    if isinstance(rule, Momentum):
        return 2.0 * (1.0 + rule.momentum)
    if isinstance(rule, Nesterov):
        return 2.0 * (1.0 + rule.momentum) / (1.0 + 2.0 * rule.momentum) if rule.schedule == "constant" else 4.0 / 3.0
    return 0.0 if rule.scale_free else 2.0


def _decay(setting: Setting) -> str:
    """Whether the decay alone flips and grows the weights."""
    in_gradient = setting.penalty.l2_update.kind == "l2_gradient"
    strength = float(amounts(setting.architecture, setting.penalty.l2).max())
    bound = _bound(setting) if in_gradient else 2.0
    worst = max(setting.decay * setting.rate, strength * setting.rate if bound else 0.0)
    bound = bound if worst == strength * setting.rate else 2.0
    if worst <= bound:
        return ""
    return (
        f"the decay's factor 1 − ηα = {numeral(1.0 - worst)} a step is below −1: "
        f"ηα = {numeral(worst)}, above {numeral(bound)}"
    )


def _multiplier(setting: Setting, flight: Flight) -> str:
    """Whether a multiplier has grown until its own decay flips the weights."""
    bound, largest = _bound(setting), float(flight.multipliers.max(initial=0.0))
    if not bound or setting.rate * largest <= bound:
        return ""
    return (
        f"a multiplier grew to {numeral(largest)}, so that its factor 1 − ηα = {numeral(1.0 - setting.rate * largest)} "
        f"a step is below −1: give the multipliers a shorter step"
    )


def _length(setting: Setting) -> str:
    """Whether a rule whose steps are about η long was given an enormous η."""
    if not setting.rule.scale_free or setting.rate < 1e3:
        return ""
    return f"each step moves each parameter by about η = {numeral(setting.rate)}, whatever the slope"


def _curvature(setting: Setting, examples: Examples, flight: Flight) -> str:
    """Whether η exceeds what the steepest curvature allows, where it was before it ran."""
    bound = _bound(setting)
    if not bound:
        return ""
    few = Examples(examples.inputs[:_ROWS], examples.targets[:_ROWS])
    curvature = max(steepest(setting.architecture, at, few) for at in (flight.earlier, flight.last))
    stretch = setting.rate * curvature
    if stretch <= bound:
        return ""
    allowed = "2/L" if bound == 2.0 else f"{numeral(bound)}/L"
    return (
        f"η = {numeral(setting.rate)} is {numeral(stretch)}/L, above {allowed}, where L = {numeral(curvature)} is "
        f"the steepest curvature of the cost: the factor along it is 1 − ηL = {numeral(1.0 - stretch)} a step"
    )


def _growth(setting: Setting, flight: Flight) -> str:
    """What can be said of any flight: by which factor it grew, and what it passed; or that its memory overflowed."""
    before, after = float(np.abs(flight.last).max()), float(np.abs(flight.moved).max())
    passed = f"the largest parameter passed {numeral(flight.limit)}"
    if not np.isfinite(after):
        return f"{passed}: from {numeral(before)} a step of η = {numeral(setting.rate)} times the gradient overflowed"
    if after <= flight.limit:
        return (
            f"gradients so large that in {setting.precision} precision what the optimizer remembers of them overflowed"
        )
    factor = numeral(after / max(before, 1e-300))
    return f"{passed}: it grew by the factor {factor} in one step of η = {numeral(setting.rate)}"
