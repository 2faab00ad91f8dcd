"""Linear algebra that keeps its digits: spectra of H, and the column space of X."""

from math import atan2, cos, hypot, sin
from sys import float_info

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]

# Columns of unit length whose smallest singular value is below this count as collinear: H holds the squares, and
# 1e-8 squared is what double precision no longer tells from 0.
RANK_TOLERANCE = 1e-8


def read_only(values: ArrayLike) -> Array:
    """A contiguous copy that cannot be written to; ValueError unless all of it is finite."""
    copy = np.array(values, dtype=np.float64, order="C")
    if np.count_nonzero(np.isfinite(copy)) < copy.size:
        raise ValueError("every number must be finite")
    copy.flags.writeable = False
    return copy


def unit(vector: Array) -> Array | None:
    """Its direction; None for 0."""
    length = float(np.linalg.norm(vector))
    return read_only(vector / length) if length > 0.0 else None


def orthonormal_columns(X: Array, lengths: Array | None = None) -> tuple[Array, Array]:
    """An orthonormal basis Q (n, r) of the column space of X (n, d), and the way back B (d, r).

    For z (r,), w = Bz is the solution of smallest norm of Xw = Qz. The rank r is decided on columns divided by
    `lengths` (their own, unless X is what is left of longer columns), so that the units of the features do not matter.
    """
    lengths = column_lengths(X) if lengths is None else lengths
    lengths = np.where(lengths > 0.0, lengths, 1.0)
    left, sizes, right = np.linalg.svd(X / lengths, full_matrices=False)
    rank = int(np.sum(sizes > RANK_TOLERANCE))
    if rank == X.shape[1]:
        return left, right.T / sizes / lengths[:, None]
    coordinates = sizes[:rank, None] * right[:rank] * lengths
    return left[:, :rank], np.linalg.pinv(coordinates)


def column_lengths(X: Array) -> Array:
    """Euclidean lengths (d,) of the columns of X (n, d)."""
    return np.asarray(np.sqrt(np.einsum("ij,ij->j", X, X)))


def spectrum(H: Array) -> tuple[Array, Array]:
    """Eigenvalues of a symmetric H (d, d), ascending and exactly 0 where they are rounding; eigenvectors in columns."""
    if len(H) == 2:
        return _spectrum_of_two(H)
    values, vectors = np.linalg.eigh(H)
    noise = 4 * len(H) * np.finfo(float).eps * np.abs(values).max()
    return np.where(np.abs(values) <= noise, 0.0, values), vectors


def spectrum_of_root(R: Array) -> tuple[Array, Array]:
    """The same of H = RᵀR, from the singular values of R (r, d): small eigenvalues keep the digits they lose in H."""
    d = R.shape[1]
    _, sizes, right = np.linalg.svd(R)
    values = np.zeros(d)
    values[d - len(sizes) :] = sizes[::-1] ** 2
    return values, np.ascontiguousarray(right[::-1].T)


def _spectrum_of_two(H: Array) -> tuple[Array, Array]:
    (a, b), (_, c) = H.tolist()
    angle, middle, reach = 0.5 * atan2(2.0 * b, a - c), 0.5 * (a + c), hypot(0.5 * (a - c), b)
    # The eigenvalue of larger size first: the other follows from the determinant without cancellation.
    far = middle + reach if middle >= 0.0 else middle - reach
    near = (a * c - b * b) / far if far else 0.0
    if abs(near) <= 8.0 * float_info.epsilon * abs(far):
        near = 0.0
    x, y = cos(angle), sin(angle)
    return np.array([min(near, far), max(near, far)]), np.array([[-y, x], [x, y]])
