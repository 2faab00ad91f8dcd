"""Many training sets from one truth, and ridge on polynomials or waves fitted to each of them."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.polynomial import legendre

from app.data import clouds
from app.data.library import Library
from app.figures.marks import Array
from app.geometry.ensembles import Decomposition, Ensemble, decompose, ridge_ensemble

Truth = Literal["sine", "step", "bump"]
Basis = Literal["polynomial", "waves"]
Places = Literal["even", "random"]

REACH = 2.0  # training inputs are between −2 and 2
STRENGTHS = np.concatenate([[0.0], np.geomspace(1e-6, 10.0, 71)])  # where curves are drawn
FRESH = 100  # new cases for each training set
NODES = 128  # of the quadrature over x, for each piece without a jump

CURVES = {"sine": clouds.sine, "step": clouds.step, "bump": clouds.bump}
JUMPS: dict[Truth, tuple[float, ...]] = {"sine": (), "step": (0.0,), "bump": ()}


def true_values(truth: Truth, x: Array) -> Array:
    """f(x)."""
    return np.asarray(CURVES[truth](x))


def features(basis: Basis, degree: int, x: Array) -> Array:
    """φ(x) (…, p) of inputs (…): each feature has mean 0 and mean square 1 over [−2, 2].

    Legendre polynomials √(2k + 1)·P_k(x/2), or √2·cos(πkx/2) and √2·sin(πkx/2), k = 1, …, degree.
    """
    orders = np.arange(1, degree + 1)
    if basis == "polynomial":
        return np.asarray(legendre.legvander(x / REACH, degree)[..., 1:] * np.sqrt(2 * orders + 1))
    angles = np.pi * orders * x[..., None] / REACH
    return np.asarray(np.sqrt(2.0) * np.concatenate([np.cos(angles), np.sin(angles)], axis=-1))


def width(basis: Basis, degree: int) -> int:
    """p, the number of weights that are penalised."""
    return degree if basis == "polynomial" else 2 * degree


@dataclass(frozen=True)
class Law:
    """What training sets are drawn from, and how many: frozen knobs."""

    truth: Truth
    noise: float
    samples: int
    places: Places
    sets: int
    seed: int


@dataclass(frozen=True, eq=False)
class Sets:
    """M training sets, and fresh cases for each.

    Attributes:
        x: (M, n) places, or (1, n) where they are the same for all.
        y: (M, n).
        fresh_x: (M, T) of cases that no fit has seen.
        fresh_y: (M, T).
    """

    x: Array
    y: Array
    fresh_x: Array
    fresh_y: Array


def drawn(law: Law, shift: float = 0.0) -> Sets:
    """Training sets with inputs from [−2, 2], moved by a shift."""
    chance, later = np.random.default_rng(law.seed), np.random.default_rng((law.seed, 1))
    even = (-REACH + 2 * REACH * (np.arange(law.samples) + 0.5) / law.samples)[None]
    x = even if law.places == "even" else chance.uniform(-REACH, REACH, (law.sets, law.samples))
    x = x + shift
    y = true_values(law.truth, x) + law.noise * chance.standard_normal((law.sets, law.samples))
    fresh = later.uniform(-REACH, REACH, (law.sets, FRESH)) + shift
    return Sets(x, y, fresh, true_values(law.truth, fresh) + law.noise * later.standard_normal(fresh.shape))


def nodes(truth: Truth, moved: float = 0.0) -> tuple[Array, Array]:
    """Places and shares of Gauss-Legendre quadrature for the mean over [−2, 2], beside the truth f(x + moved).

    Each piece between two jumps has a rule of its own: across a jump the error falls only as 1/NODES.
    """
    jumps = (jump - moved for jump in JUMPS[truth])
    edges = np.array([-REACH, *(one for one in jumps if abs(one) < REACH), REACH])
    at, weights = legendre.leggauss(NODES)
    middles, halves = (edges[1:] + edges[:-1])[:, None] / 2.0, np.diff(edges)[:, None] / 2.0
    return (middles + halves * at).ravel(), (halves * weights).ravel() / (2.0 * REACH)


@dataclass(frozen=True, eq=False)
class Fitted:
    """An ensemble at the strengths of the curves, and what its errors are made of."""

    sets: Sets
    ensemble: Ensemble
    parts: Decomposition
    training: Array  # the mean squared error on the rows trained on (A,)

    @property
    def best(self) -> int:
        """The strength of the lowest expected error."""
        return int(np.argmin(self.parts.total))


def split(law: Law, basis: Basis, degree: int, ensemble: Ensemble) -> Decomposition:
    """The decomposition over [−2, 2]."""
    at, shares = nodes(law.truth)
    return decompose(ensemble, features(basis, degree, at), true_values(law.truth, at), shares, law.noise**2)


def fitted(library: Library, law: Law, basis: Basis, degree: int) -> Fitted:
    """Everything at all strengths of the curves."""
    sets = library.once(sets_of, law)
    rows = features(basis, degree, sets.x)
    ensemble = ridge_ensemble(rows, sets.y, STRENGTHS)
    return Fitted(sets, ensemble, split(law, basis, degree, ensemble), training_error(ensemble, rows, sets.y))


def training_error(ensemble: Ensemble, rows: Array, y: Array) -> Array:
    """The mean squared error (A,) over all sets on their own rows."""
    said = ensemble.predict(rows if len(rows) > 1 else rows[0])
    return np.asarray(np.square(said - y[:, None, :]).mean(axis=(0, 2)))


@dataclass(frozen=True, eq=False)
class Fresh:
    """Cases that no fit has seen, ready to be predicted: features (M, T, p) and y (M, T)."""

    rows: Array
    y: Array


def fresh(library: Library, law: Law, basis: Basis, degree: int) -> Fresh:
    """Those of a law, for all strengths."""
    sets = library.once(sets_of, law)
    return Fresh(features(basis, degree, sets.fresh_x), sets.fresh_y)


def sets_of(library: Library, law: Law) -> Sets:  # noqa: ARG001
    """The training sets of a law, drawn once for all degrees and strengths."""
    return drawn(law)


@dataclass(frozen=True, eq=False)
class Measured:
    """The squared error on fresh cases beside what it should be, by strength (A,).

    Attributes:
        error: the mean over all fresh cases.
        spread: its standard error, from the means of the sets.
        difference: error − (σ² + bias² + variance).
        doubt: the standard error of that difference, given the training sets.
    """

    error: Array
    spread: Array
    difference: Array
    doubt: Array


def measured(law: Law, basis: Basis, degree: int, cases: Fresh, ensemble: Ensemble) -> Measured:
    """Fresh cases of each training set, judged by its own fit."""
    each = np.square(ensemble.predict(cases.rows) - cases.y[:, None, :]).mean(axis=-1)
    at, shares = nodes(law.truth)
    away = ensemble.predict(features(basis, degree, at)) - true_values(law.truth, at)
    apart = each - (law.noise**2 + away**2 @ shares)
    root = np.sqrt(len(each))
    spread, doubt = (one.std(axis=0, ddof=1) / root for one in (each, apart))
    return Measured(each.mean(axis=0), spread, apart.mean(axis=0), doubt)
