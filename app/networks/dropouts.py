"""Dropout: in each training step, every unit takes part with probability q, drawn for each sample.

Srivastava, Hinton, Krizhevsky, Sutskever & Salakhutdinov (2014), Dropout, §4 and §10; Deep Learning (2016), §7.12.
"""

from abc import ABC, abstractmethod
from typing import Literal

from app.knobs import Knobs, Real, knob


def _share(default: float, of: str) -> Real:
    words = f"The probability that {of} takes part in a training step, drawn for each sample; 1 keeps all."
    found: Real = knob(default, label=f"Keep {of}", symbol="q", ge=0.05, le=1, step=0.05, help=words)
    return found


class Dropout(Knobs, ABC):
    """Who takes part in a training step, and what makes up for it."""

    @property
    @abstractmethod
    def shares(self) -> tuple[float, float]:
        """The probability to keep an input, and a hidden unit."""

    @abstractmethod
    def training_factor(self, keep: float) -> float:
        """What the values of those that take part are multiplied by."""

    @abstractmethod
    def test_factor(self, keep: float) -> float:
        """What all values, which is to say all outgoing weights, are multiplied by at test."""


class NoDropout(Dropout, title="none"):
    """Everybody takes part."""

    kind: Literal["none"] = "none"

    @property
    def shares(self) -> tuple[float, float]:
        """All."""
        return 1.0, 1.0

    def training_factor(self, keep: float) -> float:  # noqa: ARG002
        """1."""
        return 1.0

    def test_factor(self, keep: float) -> float:  # noqa: ARG002
        """1."""
        return 1.0


class _Masked(Dropout):
    keep: Real = _share(0.5, "a hidden unit")
    keep_inputs: Real = _share(1.0, "an input")

    @property
    def shares(self) -> tuple[float, float]:
        """As set."""
        return self.keep_inputs, self.keep


class ClassicDropout(_Masked, title="classic: halve at test"):
    """Masks in training; at test every outgoing weight times q (halved for q = ½). Srivastava et al. (2014), fig. 2."""

    kind: Literal["classic"] = "classic"

    def training_factor(self, keep: float) -> float:  # noqa: ARG002
        """1."""
        return 1.0

    def test_factor(self, keep: float) -> float:
        """q."""
        return keep


class InvertedDropout(_Masked, title="inverted: divide in training"):
    """Masks over q in training; nothing at test. The same in expectation; Srivastava et al. (2014), §10."""

    kind: Literal["inverted"] = "inverted"

    def training_factor(self, keep: float) -> float:
        """1/q."""
        return 1.0 / keep

    def test_factor(self, keep: float) -> float:  # noqa: ARG002
        """1."""
        return 1.0


AnyDropout = NoDropout | ClassicDropout | InvertedDropout
