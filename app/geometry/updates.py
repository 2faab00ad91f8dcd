"""How a regularizer enters a step: in the gradient, or after the rule has moved the weights.

Updates work on weights (…, d). Their `amount` is a strength α ≥ 0, for a projection the radius t ≥ 0; amount
and the step η (`rate`) broadcast against the leading axes with a last axis of 1.
"""

from abc import ABC, abstractmethod
from typing import Literal

import numpy as np

from app.geometry.optimizer import Array
from app.geometry.projections import soft_threshold
from app.geometry.regularizers import L1, Convex
from app.knobs import Knobs, knob


class Update(Knobs, ABC):
    """Two places where a regularizer can enter a step: before the rule's own movement, and after it."""

    @abstractmethod
    def slope(self, w: Array, amount: Array) -> Array | float:
        """What is added to the gradient at w."""

    @abstractmethod
    def settle(self, moved: Array, before: Array, amount: Array, rate: Array) -> Array:
        """Where the weights are put after the rule has moved them from `before` to `moved`."""


class Unregularized(Update, title="no penalty"):
    """The loss alone."""

    kind: Literal["none"] = "none"

    def slope(self, w: Array, amount: Array) -> float:  # noqa: ARG002
        """Nothing."""
        return 0.0

    def settle(self, moved: Array, before: Array, amount: Array, rate: Array) -> Array:  # noqa: ARG002
        """Where the rule moved them."""
        return moved


class GradientDecay(Update, title="L2 in the gradient"):
    """∇J + αw: the gradient of J + α½‖w‖². Deep Learning (2016), eq. 7.3."""

    kind: Literal["l2_gradient"] = "l2_gradient"

    def slope(self, w: Array, amount: Array) -> Array:
        """The gradient of α½‖w‖²."""
        return amount * w

    def settle(self, moved: Array, before: Array, amount: Array, rate: Array) -> Array:  # noqa: ARG002
        """Where the rule moved them."""
        return moved


class DecoupledDecay(Update, title="decoupled decay"):
    """w ← (1 − ηα)w − the rule's step: the same as L2 in the gradient for gradient descent, and for it only.

    Loshchilov & Hutter (2019), Decoupled weight decay regularization, §2.
    """

    kind: Literal["decoupled"] = "decoupled"

    def slope(self, w: Array, amount: Array) -> float:  # noqa: ARG002
        """Nothing."""
        return 0.0

    def settle(self, moved: Array, before: Array, amount: Array, rate: Array) -> Array:
        """Shorter by ηα of what they were before."""
        return moved - rate * amount * before


class SignShrinkage(Update, title="L1 by sign"):
    """∇J + α·sgn(w) with sgn(0) = 0: a step of constant length, which jumps over 0. Nielsen, ch. 3, eq. 97."""

    kind: Literal["l1_sign"] = "l1_sign"

    def slope(self, w: Array, amount: Array) -> Array:
        """A subgradient of α‖w‖₁."""
        return amount * np.sign(w)

    def settle(self, moved: Array, before: Array, amount: Array, rate: Array) -> Array:  # noqa: ARG002
        """Where the rule moved them."""
        return moved


class SoftThreshold(Update, title="L1 by soft threshold"):
    """w ← S(w − the rule's step, ηα): ISTA with gradient descent, FISTA with Nesterov's momentum; it lands on 0.

    Beck & Teboulle (2009), A fast iterative shrinkage-thresholding algorithm, §1.1 and §4.
    """

    kind: Literal["l1_prox"] = "l1_prox"

    def slope(self, w: Array, amount: Array) -> float:  # noqa: ARG002
        """Nothing."""
        return 0.0

    def settle(self, moved: Array, before: Array, amount: Array, rate: Array) -> Array:  # noqa: ARG002
        """The prox of ηα‖w‖₁."""
        return soft_threshold(moved, rate * amount)


class Projection(Update, title="projection after each step"):
    """w ← the nearest point of the ball {‖w‖ ≤ t}: projected gradient descent. Parikh & Boyd (2014), §4.2 and §1.2."""

    kind: Literal["projection"] = "projection"
    regularizer: Convex = knob(
        L1(), label="Ball", symbol="Ω", discriminator="kind", help="Whose ball the weights are put back into."
    )

    def slope(self, w: Array, amount: Array) -> float:  # noqa: ARG002
        """Nothing."""
        return 0.0

    def settle(self, moved: Array, before: Array, amount: Array, rate: Array) -> Array:  # noqa: ARG002 (a set has no step)
        """The projection onto the ball of radius `amount`."""
        return self.regularizer.project(moved, amount[..., 0])


AnyUpdate = Unregularized | GradientDecay | DecoupledDecay | SignShrinkage | SoftThreshold | Projection
