"""Losses: smooth functions of the weights, vectorised over leading axes. The mean loss is meant everywhere.

Weights have the shape (…, d), values (…), gradients (…, d), Hessians (…, d, d).
"""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from app.geometry.plane_quadratic import Plane, PlaneQuadratic, around
from app.geometry.spectra import Array, column_lengths, orthonormal_columns, read_only, spectrum, spectrum_of_root


@dataclass(frozen=True, eq=False)
class Minimum:
    """Where a loss is lowest, or why it is nowhere.

    Attributes:
        attained: whether any weights reach the lowest value.
        unique: whether only one point does.
        weights: a minimiser (d,), the one of smallest Euclidean norm if there are several; None if not attained.
        value: the lowest value; its infimum if not attained, the value at the saddle if there is no infimum.
        reason: the same in one sentence.
        descent: if not attained, a unit direction (d,) along which J falls for ever from any w; None if none is known.
    """

    attained: bool
    unique: bool
    weights: Array | None
    value: float
    reason: str
    descent: Array | None = None


class Loss(ABC):
    """A smooth function of w, vectorised over leading axes."""

    @property
    @abstractmethod
    def dimension(self) -> int:
        """The number d of weights."""

    @property
    @abstractmethod
    def smoothness(self) -> float:
        """A constant L with Hessian ≼ L·I everywhere."""

    @property
    @abstractmethod
    def minimum(self) -> Minimum:
        """Where J is lowest, or why it is nowhere."""

    @abstractmethod
    def value(self, w: Array) -> Array:
        """J(w): weights (…, d) to values (…)."""

    @abstractmethod
    def gradient(self, w: Array) -> Array:
        """∇J(w): weights (…, d) to gradients (…, d)."""

    @abstractmethod
    def hessian(self, w: Array) -> Array:
        """∇²J(w): weights (…, d) to symmetric matrices (…, d, d)."""

    @abstractmethod
    def evaluate(self, w: Array) -> tuple[Array, Array, Array]:
        """Value, gradient and Hessian in one pass: what one Newton step needs."""

    @cached_property
    def at_zero(self) -> tuple[Array, Array, Array]:
        """The same at 0, where every search starts."""
        return self.evaluate(np.zeros(self.dimension))

    @abstractmethod
    def lattice(self, xs: Array, ys: Array) -> Array:
        """Exact values over a rectangular grid of a loss of two weights, of the shape (len(ys), len(xs))."""

    @abstractmethod
    def restricted(self, origin: Array, basis: Array) -> "Loss":
        """The same loss on the affine set {origin + Bᵀa}: a loss of a (k,), with basis B (k, d)."""


@dataclass(frozen=True, eq=False)
class Quadratic(Loss):
    """J(w) = lowest + ½(w − ŵ)ᵀH(w − ŵ): written around ŵ, so that nothing cancels near the optimum.

    Attributes:
        curvature: H (d, d), symmetric. An indefinite H is legal: it has a saddle and no minimum.
        minimiser: ŵ (d,), the stationary point; where H is singular its flat part is removed (smallest norm).
        lowest: J(ŵ).
        root: R (r, d) with H = RᵀR where one is known: the eigenvalues of nearly collinear data keep the digits
            that they lose in H (Golub & Van Loan, Matrix Computations, §5.3.7).
    """

    curvature: Array
    minimiser: Array
    lowest: float = 0.0
    root: Array | None = None

    def __post_init__(self) -> None:
        h, w = read_only(self.curvature), read_only(self.minimiser)
        crooked = h.shape == h.T.shape and np.count_nonzero(h != h.T) and np.abs(h - h.T).max() > 1e-9 * np.abs(h).max()
        if h.shape != (w.size, w.size) or not w.size or crooked:
            raise ValueError(f"H must be symmetric and fit ŵ: got {h.shape} and {w.shape}")
        object.__setattr__(self, "curvature", h)
        object.__setattr__(self, "lowest", float(self.lowest))
        object.__setattr__(self, "root", None if self.root is None else read_only(self.root))
        values, vectors = self.spectrum
        if np.count_nonzero(values) < len(values):
            flat = vectors[:, values == 0.0]
            w = read_only(w - flat @ (flat.T @ w))
        object.__setattr__(self, "minimiser", w)

    @property
    def dimension(self) -> int:
        """The number d of weights."""
        return self.minimiser.size

    @cached_property
    def spectrum(self) -> tuple[Array, Array]:
        """Eigenvalues (d,), ascending, 0 where they are no more than rounding; unit eigenvectors in columns (d, d)."""
        values, vectors = spectrum(self.curvature) if self.root is None else spectrum_of_root(self.root)
        values.flags.writeable = vectors.flags.writeable = False
        return values, vectors

    @property
    def eigenvalues(self) -> Array:
        """λ (d,), ascending."""
        return self.spectrum[0]

    @property
    def eigenvectors(self) -> Array:
        """Q (d, d): H = Q diag(λ) Qᵀ."""
        return self.spectrum[1]

    @cached_property
    def convex(self) -> bool:
        """Whether no curvature is negative."""
        return bool(self.eigenvalues[0] >= 0.0)

    @cached_property
    def plane(self) -> Plane:
        """The quadratic of two weights as Python floats."""
        if self.dimension != 2:
            raise ValueError(f"a plane has two weights, not {self.dimension}")
        (h11, h12), (_, h22) = self.curvature.tolist()
        w1, w2 = self.minimiser.tolist()
        small, large = self.eigenvalues.tolist()
        cosine, sine = self.eigenvectors[:, 1].tolist()
        return Plane(h11, h12, h22, w1, w2, self.lowest, small, large, cosine, sine)

    @cached_property
    def prepared(self) -> PlaneQuadratic:
        """The same for the exact solvers."""
        return around(self.plane)

    @cached_property
    def smoothness(self) -> float:
        """L = max|λᵢ|."""
        return max(abs(float(self.eigenvalues[0])), abs(float(self.eigenvalues[-1])))

    @cached_property
    def minimum(self) -> Minimum:
        """ŵ, unless H has a negative eigenvalue."""
        low, flat = float(self.eigenvalues[0]), self.dimension - np.count_nonzero(self.eigenvalues)
        if low < 0.0:
            return Minimum(False, False, None, self.lowest, "no minimum: the curvature is negative in a direction")
        if flat:
            words = "one direction" if flat == 1 else f"{flat} directions"
            reason = f"the loss is flat in {words}: of its minimisers the one of smallest norm is taken"
            return Minimum(True, False, self.minimiser, self.lowest, reason)
        return Minimum(True, True, self.minimiser, self.lowest, "one minimiser")

    def value(self, w: Array) -> Array:
        """Lowest + ½Σλᵢ(qᵢᵀ(w − ŵ))²."""
        along = (w - self.minimiser) @ self.eigenvectors
        return np.asarray(self.lowest + 0.5 * ((along * along) @ self.eigenvalues))

    def gradient(self, w: Array) -> Array:
        """H(w − ŵ)."""
        return (w - self.minimiser) @ self.curvature

    def hessian(self, w: Array) -> Array:
        """H, the same at every w."""
        return np.broadcast_to(self.curvature, (*np.shape(w)[:-1], self.dimension, self.dimension))

    def evaluate(self, w: Array) -> tuple[Array, Array, Array]:
        """Value, gradient and Hessian."""
        return self.value(w), self.gradient(w), self.hessian(w)

    def lattice(self, xs: Array, ys: Array) -> Array:
        """One product of two thin matrices, whatever the number of rows was.

        Expanded around the middle of the grid: ŵ may be far away where columns are nearly collinear.
        """
        h11, h12, h22, w1, w2, lowest, small, large, cosine, sine = self.plane
        x, y = 0.5 * float(xs[0] + xs[-1]), 0.5 * float(ys[0] + ys[-1])
        far, near = cosine * (x - w1) + sine * (y - w2), cosine * (y - w2) - sine * (x - w1)
        middle = lowest + 0.5 * (large * far * far + small * near * near)
        dx, dy = xs - x, ys - y
        left, right = np.ones((len(dy), 3)), np.ones((3, len(dx)))
        left[:, 1] = middle + dy * (large * far * sine + small * near * cosine + 0.5 * h22 * dy)
        left[:, 2] = h12 * dy
        right[0] = dx * (large * far * cosine - small * near * sine + 0.5 * h11 * dx)
        right[2] = dx
        return np.asarray(left @ right)

    def restricted(self, origin: Array, basis: Array) -> "Quadratic":
        """J on {origin + Bᵀa}: again a sum of squares."""
        root, lengths = self.factor @ basis.T, np.abs(basis) @ column_lengths(self.factor)
        return sum_of_squares(root, self.factor @ (self.minimiser - origin), self.lowest, lengths)

    @cached_property
    def factor(self) -> Array:
        """R with H = RᵀR, for positive semidefinite H."""
        if self.root is not None:
            return self.root
        values, vectors = self.spectrum
        if values[0] < 0.0:
            raise ValueError("H is indefinite: it is not RᵀR")
        return read_only(np.sqrt(values)[:, None] * vectors.T)


def least_squares(X: Array, y: Array) -> Quadratic:
    """J(w) = ‖Xw − y‖²/(2n) as a quadratic; X (n, d), y (n,). There is no intercept: centre X and y for one.

    ŵ comes from the singular values of X, not of XᵀX. Collinear, duplicate or zero columns and n < d are legal: ŵ is
    then the minimiser of smallest norm and `minimum.unique` is False.
    """
    X, y = np.asarray(X, dtype=float), np.asarray(y, dtype=float)
    if X.ndim != 2 or y.shape != X.shape[:1] or not X.size:
        raise ValueError(f"X must be (n, d) and y (n,): got {X.shape} and {y.shape}")
    scale = len(y) ** -0.5
    return sum_of_squares(X * scale, y * scale)


def sum_of_squares(R: Array, target: Array, lowest: float = 0.0, lengths: Array | None = None) -> Quadratic:
    """The quadratic lowest + ½‖Rw − target‖²; R (m, d), target (m,).

    `lengths` (d,) say how long the columns of R were before something was taken from them: what is left of a column
    that shrank to rounding is nothing.
    """
    basis, back = orthonormal_columns(R, lengths)
    along = basis.T @ target
    rest = target - basis @ along
    full = len(back) == basis.shape[1]
    root: Array = np.asarray(np.linalg.qr(R, mode="r")) if full else basis.T @ R
    return Quadratic(root.T @ root, back @ along, lowest + 0.5 * float(rest @ rest), root)
