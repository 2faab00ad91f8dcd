"""Points drawn from a known law: inputs (n, d) about 2 wide around 0, and classes or values.

Each function stands alone, on NumPy only: what a page exports as Python is its source.
"""

import numpy as np

from app.geometry.spectra import Array


def circle(rng: np.random.Generator, rows: int, noise: float) -> tuple[Array, Array]:
    """A disc of radius 1, and around it a ring from 1.4 to 2: X (n, 2), classes (n,) 1 in the disc, 0 in the ring."""
    inside = np.arange(rows) % 2 == 0
    radius = np.where(inside, np.sqrt(rng.random(rows)), rng.uniform(1.4, 2.0, rows))
    angle = rng.uniform(0.0, 2.0 * np.pi, rows)
    X = np.column_stack([radius * np.cos(angle), radius * np.sin(angle)])
    return X + noise * rng.standard_normal((rows, 2)), inside.astype(float)


def xor(rng: np.random.Generator, rows: int, noise: float) -> tuple[Array, Array]:
    """Four squares that keep 0.2 off the axes: X (n, 2), classes (n,) 1 where both inputs have one sign."""
    X = rng.uniform(0.2, 2.0, (rows, 2)) * rng.choice([-1.0, 1.0], (rows, 2))
    y = (X[:, 0] * X[:, 1] > 0.0).astype(float)
    return X + noise * rng.standard_normal((rows, 2)), y


def blobs(rng: np.random.Generator, rows: int, noise: float) -> tuple[Array, Array]:
    """Points around (1, 1) and (−1, −1): X (n, 2), classes (n,)."""
    first = np.arange(rows) % 2 == 0
    X = np.where(first, 1.0, -1.0)[:, None] + noise * rng.standard_normal((rows, 2))
    return X, first.astype(float)


def spiral(rng: np.random.Generator, rows: int, noise: float) -> tuple[Array, Array]:
    """Two arms of 1¾ turns, half a turn apart: X (n, 2), classes (n,)."""
    first = np.arange(rows) % 2 == 0
    along = np.sqrt(rng.random(rows))
    angle = 3.5 * np.pi * along + np.where(first, 0.0, np.pi)
    X = 2.0 * along[:, None] * np.column_stack([np.sin(angle), np.cos(angle)])
    return X + noise * rng.standard_normal((rows, 2)), first.astype(float)


def moons(rng: np.random.Generator, rows: int, noise: float) -> tuple[Array, Array]:
    """Two half circles that reach into each other: X (n, 2), classes (n,)."""
    upper = np.arange(rows) % 2 == 0
    angle = rng.uniform(0.0, np.pi, rows)
    side = np.where(upper, 1.0, -1.0)
    X = side[:, None] * np.column_stack([np.cos(angle) - 0.5, np.sin(angle) - 0.25])
    return 1.2 * X + noise * rng.standard_normal((rows, 2)), upper.astype(float)


def sine(x: Array) -> Array:
    """sin 2x."""
    return np.asarray(np.sin(2.0 * x))


def step(x: Array) -> Array:
    """−1 left of 0, else 1."""
    return np.where(x < 0.0, -1.0, 1.0)


def bump(x: Array) -> Array:
    """2 exp(−8x²) − ½: flat but for a narrow hill."""
    return np.asarray(2.0 * np.exp(-8.0 * x**2) - 0.5)


def slope(X: Array) -> Array:
    """(x₁ + x₂)/4 of X (n, 2), as (n, 1): a plane from −1 to 1 between two corners of the square."""
    return np.asarray(X.sum(axis=1, keepdims=True) / 4.0)


def hills(X: Array) -> Array:
    """Σ ± exp(−2‖x − c‖²) of X (n, 2), as (n, 1): six places c in two rows, hills and hollows by turns."""
    found = np.zeros((len(X), 1))
    for i in range(3):
        for j in range(2):
            centre = np.array([4.0 * (i - 1) / 3.0, 5.0 * (2 * j - 1) / 6.0])
            away = ((X - centre) ** 2).sum(axis=1, keepdims=True)
            found += (-1.0) ** (i + j + 1) * np.exp(-2.0 * away)
    return found
