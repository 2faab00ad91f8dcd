"""Which observations a logistic loss can send to zero: separability, decided by a theorem of the alternative."""

import numpy as np
from numpy.typing import NDArray

from app.geometry.spectra import Array, orthonormal_columns, unit

_TOLERANCE = 1e-9


def separated(signed: Array) -> NDArray[np.bool_]:
    """The observations (n,) that some direction of recession leaves behind.

    Rows of `signed` (n, d) are aᵢ = yᵢxᵢ. A direction d with Ad ≥ 0 never raises a logistic loss and sends the
    observations with aᵢᵀd > 0 to zero: the minimum is attained if and only if there is none (Albert & Anderson 1984,
    Biometrika 71(1), §2: complete separation leaves all behind, quasi-complete some). Stiemke's alternative: either
    Ad ≥ 0, Ad ≠ 0, or Aᵀλ = 0 with every λᵢ > 0. The nearest point r = Aᵀ(1 + μ), μ ≥ 0, to 0 decides: r = 0 is
    the second, and otherwise r is such a direction d, by the optimality conditions Ar ≥ 0 and rᵀr = (1 + μ)ᵀAr > 0.
    Angles below 1e-9 count as zero.
    """
    rows, present, _ = _tame(signed)
    left, behind = np.arange(len(rows)), np.zeros(len(rows), dtype=bool)
    while left.size:
        direction = _direction(rows[left])
        gone = rows[left] @ direction > _TOLERANCE
        if not gone.any():
            break
        behind[left[gone]] = True
        left = left[~gone]
    found = np.zeros(len(signed), dtype=bool)
    found[np.flatnonzero(present)[behind]] = True
    return found


def recession(signed: Array) -> Array | None:
    """The unit d (d,) that `separated` finds first: a logistic loss falls along it for ever, from any w; or None."""
    rows, _, back = _tame(signed)
    return unit(back @ _direction(rows))


def _tame(signed: Array) -> tuple[Array, NDArray[np.bool_], Array]:
    """Unit rows in an orthonormal basis, which of them are not 0, and the way back from a direction in that basis.

    Neither a change of basis nor positive lengths of rows change the cone.
    """
    rows, back = orthonormal_columns(signed)
    lengths = np.sqrt(np.einsum("ij,ij->i", rows, rows))
    present = lengths > 1e-14
    return rows[present] / lengths[present, None], present, back


def _direction(rows: Array) -> Array:
    """A unit d with Ad ≥ 0, Ad ≠ 0 for unit rows A (m, r), or 0 if there is none.

    Non-negative least squares by active sets (Lawson & Hanson 1974, Solving Least Squares Problems, ch. 23).
    """
    base = rows.sum(axis=0)
    weights, active = np.zeros(len(rows)), np.zeros(len(rows), dtype=bool)
    rest = base
    for _ in range(20 * sum(rows.shape)):
        total = len(rows) + float(weights.sum())
        size = float(np.linalg.norm(rest))
        if size <= _TOLERANCE * total:
            return np.zeros_like(base)
        pull = rows @ (rest / size)
        pull[active] = 0.0
        worst = int(np.argmin(pull))
        if pull[worst] >= -_TOLERANCE:
            return np.where(np.isfinite(rest), rest, 0.0) / size
        active[worst] = True
        weights, active = _solved(rows, base, weights, active)
        rest = base + weights[active] @ rows[active]
    return np.zeros_like(base)


def _solved(rows: Array, base: Array, weights: Array, active: NDArray[np.bool_]) -> tuple[Array, NDArray[np.bool_]]:
    """The inner loop: solve on the active set, stepping back to where a weight would turn negative."""
    active, weights = active.copy(), weights.copy()
    while active.any():
        wanted = np.zeros_like(weights)
        wanted[active] = np.linalg.lstsq(rows[active].T, -base, rcond=None)[0]
        bad = active & (wanted <= 0.0)
        if not bad.any():
            return wanted, active
        step = float(np.min(weights[bad] / (weights[bad] - wanted[bad])))
        weights = weights + step * (wanted - weights)
        active &= weights > 1e-14 * weights.max()
        weights[~active] = 0.0
    return weights, active
