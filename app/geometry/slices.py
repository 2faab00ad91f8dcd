"""Slices: a loss on a plane through its weights, all others held where they are."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from app.geometry.losses import Loss, Minimum
from app.geometry.spectra import Array, read_only


@dataclass(frozen=True, eq=False)
class Slice(Loss):
    """J on the plane {origin + a₁u + a₂v}: a loss of (a₁, a₂). Contours of a d-dimensional loss go through it.

    Attributes:
        loss: J of d weights.
        origin: the point (d,) of the plane where a = 0.
        u: the first direction (d,).
        v: the second direction (d,).
    """

    loss: Loss
    origin: Array
    u: Array
    v: Array

    def __post_init__(self) -> None:
        for name in ("origin", "u", "v"):
            vector = read_only(getattr(self, name))
            if vector.shape != (self.loss.dimension,):
                raise ValueError(f"{name} must have {self.loss.dimension} entries: got {vector.shape}")
            object.__setattr__(self, name, vector)

    @property
    def dimension(self) -> int:
        """Two."""
        return 2

    @cached_property
    def flat(self) -> Loss:
        """The same function without the other d − 2 dimensions, where the loss can be written so."""
        return self.loss.restricted(self.origin, self.basis)

    @cached_property
    def basis(self) -> Array:
        """u and v as rows (2, d)."""
        return read_only([self.u, self.v])

    @cached_property
    def smoothness(self) -> float:
        """L·λmax(BBᵀ), with L of the whole loss."""
        return self.loss.smoothness * float(np.linalg.norm(self.basis, 2)) ** 2

    @property
    def minimum(self) -> Minimum:
        """The lowest point of the plane."""
        return self.flat.minimum

    def value(self, w: Array) -> Array:
        """J(origin + Bᵀa)."""
        return self.loss.value(self._lifted(w))

    def gradient(self, w: Array) -> Array:
        """B∇J."""
        return self.loss.gradient(self._lifted(w)) @ self.basis.T

    def hessian(self, w: Array) -> Array:
        """B∇²J Bᵀ."""
        return np.asarray(self.basis @ self.loss.hessian(self._lifted(w)) @ self.basis.T)

    def evaluate(self, w: Array) -> tuple[Array, Array, Array]:
        """Value, gradient and Hessian in one pass."""
        value, gradient, hessian = self.loss.evaluate(self._lifted(w))
        return value, gradient @ self.basis.T, self.basis @ hessian @ self.basis.T

    def lattice(self, xs: Array, ys: Array) -> Array:
        """Exact values over a grid."""
        return self.flat.lattice(xs, ys)

    def restricted(self, origin: Array, basis: Array) -> Loss:
        """A slice of a slice goes straight through the whole."""
        return self.loss.restricted(self._lifted(origin), basis @ self.basis)

    def _lifted(self, a: Array) -> Array:
        return self.origin + np.asarray(a, dtype=float) @ self.basis
