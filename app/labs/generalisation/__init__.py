"""Bias, variance and the strength between: what does a penalty do to the error on new cases?

Ridge on polynomials or waves, fitted to many training sets from one truth. Geman, Bienenstock & Doursat (1992); ESL
§2.9, §7.3; Deep Learning (2016) §5.2, §5.4.4, §7.5; Bishop (1995), Training with noise is equivalent to Tikhonov
regularization.
"""

from app.data.library import Library
from app.data.samples import Sample, TableSample
from app.knobs import Knobs, Real, Whole, knob
from app.labs.generalisation import curves, fits, noisy_copies, noisy_network, shifts
from app.labs.generalisation.drawn import Basis, Places, Truth, width
from app.labs.generalisation.script import script
from app.labs.generalisation.shifts import Drift
from app.labs.lab import Lab, Panel, Part, Preset, parts

DRIFTS = {"inputs": "the inputs (covariate shift)", "truth": "the truth (concept shift)"}


class GeneralisationKnobs(Knobs):
    """What can be turned on this page."""

    strength: Real = knob(
        0.01, label="Strength", symbol="α", ge=0, le=1e6, soft=(1e-6, 10), scale="log", step=0.2, play=10,
        help="The weight of ½‖w‖² beside the mean loss. Every feature has mean square 1; the level is never penalised.",
    )  # fmt: skip
    degree: Whole = knob(
        12, label="Degree", symbol="d", ge=1, le=30, step=1,
        help="The highest polynomial, or the highest order of the waves: how much the model could follow.",
    )  # fmt: skip
    basis: Basis = knob(
        "polynomial", label="Features", choices={"polynomial": "polynomials", "waves": "waves: cosines and sines"},
        help="What is made of x: Legendre polynomials, or two waves for each order.",
    )  # fmt: skip
    truth: Truth = knob(
        "sine", label="Truth", symbol="f", choices={"sine": "a sine", "step": "a step", "bump": "a narrow bump"},
        help="The curve that all training sets lie around.",
    )  # fmt: skip
    samples: Whole = knob(
        20, label="Samples in each training set", symbol="n", ge=2, le=200, soft=(4, 200), scale="log", step=0.1,
        help="How many cases each fit sees: more of them leave less variance, and the bias as it is.",
    )  # fmt: skip
    noise: Real = knob(
        0.4, label="Noise of y", symbol="σ", ge=0, le=2, step=0.05,
        help="The spread of y around the true curve: its square is what no fit can know.",
    )  # fmt: skip
    places: Places = knob(
        "even", label="Places of the samples", choices={"even": "evenly spaced", "random": "drawn anew for each set"},
        help="Where the inputs of the training sets are: at random there are gaps, in which free fits swing far.",
    )  # fmt: skip
    sets: Whole = knob(
        100, label="Training sets", symbol="M", ge=10, le=500, scale="log", step=0.1, soft=(10, 500),
        help="How many training sets are drawn from the same truth, each with a fit of its own.",
    )  # fmt: skip
    seed: Whole = knob(0, label="Seed", ge=0, le=9999, step=1, help="Draws other training sets from the same law.")
    sample: Sample = knob(
        TableSample(), label="Data with noisy inputs", discriminator="kind",
        help="The rows that are copied with noise on their inputs, and fitted by least squares.",
    )  # fmt: skip
    input_noise: Real = knob(
        0.5, label="Noise on the inputs", symbol="σ", ge=0, le=2, step=0.05,
        help="The spread of what is added to every feature in every copy: one strength, α = σ².",
    )  # fmt: skip
    copies: Whole = knob(
        300, label="Noisy copies", ge=1, le=1000, scale="log", step=0.1, soft=(1, 1000),
        help="How many noisy copies of all rows are fitted at once: the more, the closer to the expectation.",
    )  # fmt: skip
    drift: Drift = knob(
        "inputs", label="What moves", choices=DRIFTS,
        help="How new cases differ from the training sets: other x and the same truth, or the same x and another one.",
    )  # fmt: skip
    shift: Real = knob(
        0.5, label="Shift", symbol="δ", ge=0, le=2, step=0.05,
        help="How far the new cases, or the truth, have moved since the training.",
    )  # fmt: skip


def _ensemble_milliseconds(basis: Basis, degree: int, samples: int, sets: int, places: str, strengths: int) -> float:
    """One singular value decomposition for each design, and p weights for each set and strength."""
    p = width(basis, degree)
    designs, least = sets if places == "random" else 1, p * min(samples, p)
    return 0.4 + designs * (0.02 + 1.2e-6 * samples * least) + 2.5e-6 * sets * strengths * least


def _fits_milliseconds(basis: Basis, degree: int, samples: int, sets: int, places: str, **_: object) -> float:
    """One ensemble, and fresh cases for each set, which are drawn once for all strengths."""
    return 3.0 + _ensemble_milliseconds(basis, degree, samples, sets, places, 1) + 5e-3 * sets


def _curve_milliseconds(basis: Basis, degree: int, samples: int, sets: int, places: str, **_: object) -> float:
    p = width(basis, degree)
    return 6.0 + _ensemble_milliseconds(basis, degree, samples, sets, places, 72) + 1e-3 * sets * (p + samples)


def _degree_milliseconds(samples: int, sets: int, places: str, **_: object) -> float:
    each = (_ensemble_milliseconds("polynomial", one, samples, sets, places, 1) for one in range(1, 31))
    return sum(each) + 30 * (1.5 + 2e-4 * sets)


def _shift_milliseconds(basis: Basis, degree: int, samples: int, sets: int, places: str, **_: object) -> float:
    again = _ensemble_milliseconds(basis, degree, samples, sets, places, 96) + 3e-7 * sets * 96 * width(basis, degree)
    return 80.0 + 11 * again + 0.1 * width(basis, degree) ** 2


def _shifted_milliseconds(basis: Basis, degree: int, samples: int, sets: int, places: str, **_: object) -> float:
    """One training where it is tested; all others are remembered."""
    return 4.0 + 1.5 * _ensemble_milliseconds(basis, degree, samples, sets, places, 96)


def _copies_milliseconds(sample: Sample, copies: int, library: Library, **_: object) -> float:
    rows, features = library.extent(sample)
    return 3.0 + 0.3 * features + copies * (0.02 + 1.4e-5 * rows * features + 4e-8 * rows * features**2)


def _now_milliseconds(sample: Sample, copies: int, library: Library, **_: object) -> float:
    """The copies are drawn once for all σ."""
    return 2.5 + 0.1 * _copies_milliseconds(sample, copies, library)


PRESETS = (
    Preset(
        "underfitting",
        "Underfitting: straight lines through a sine agree and are wrong: bias² is over 20 times the variance.",
        {"degree": 1, "strength": 0, "truth": "sine"},
        shows=("fits", "bias", "variance"),
    ),
    Preset(
        "right",
        "Right: α = 0.25 leaves about a quarter of the error of free fits, some bias in place of most of the variance.",
        {"degree": 12, "strength": 0.25, "truth": "sine"},
        shows=("strengths", "expected", "free_error", "bias", "variance"),
    ),
    Preset(
        "overfitting",
        "Overfitting: free polynomials of degree 12 cost 0.058 on their own rows, over 13 times that on new ones.",
        {"degree": 12, "strength": 0, "truth": "sine"},
        shows=("fits", "training_error", "measured", "expected"),
    ),
    Preset(
        "copies",
        "Least squares on noisy copies of the diabetes patients is ridge: noise of σ = ½ is the strength α = ¼.",
        {"input_noise": 0.5, "copies": 1000, "sample.kind": "table", "sample.dataset": "diabetes", "seed": 3},
        shows=("weights", "noise_strength", "weights_apart", "weights_doubt"),
    ),
    Preset(
        "shift",
        "Breaks: where new cases lie a quarter outside, the best strength fails, and none does as well as new data.",
        {"shift": 1, "drift": "inputs", "degree": 5, "truth": "sine"},
        shows=("shift", "shifted_error", "hindsight_error", "retrained_error"),
    ),
)

GENERALISATION = Lab(
    slug="generalisation",
    title="Generalisation",
    question="What does the strength trade between bias and variance?",
    knobs=GeneralisationKnobs,
    figures=(
        Panel("fits", "Fits of many training sets", "wide"),
        Panel("strengths", "What the error is made of, by strength", "wide"),
        Panel("degrees", "And by degree", "wide"),
        Panel("weights", "Weights fitted to noisy inputs, and ridge", "wide"),
        Panel("losses", "The loss on noisy inputs, and J with its penalty", "wide"),
        Panel("network", "The same for a network", "wide"),
        Panel("shift", "When new cases come from elsewhere", "wide"),
        Panel("beyond", "The fits as far as new cases go", "wide"),
    ),
    parts=parts(
        Part("data", fits.data, cost=lambda sets, samples, **_: 0.5 + 5e-5 * sets * (samples + 100)),
        Part("strengths", curves.strengths, cost=_curve_milliseconds),
        Part("fits", fits.fits, cost=_fits_milliseconds, sweeps=("strength",)),
        Part("degrees", curves.degrees, cost=_degree_milliseconds),
        Part("tikhonov", noisy_copies.tikhonov, cost=_copies_milliseconds),
        Part("noise_now", noisy_copies.noise_now, cost=_now_milliseconds, sweeps=("input_noise",)),
        Part("network", noisy_network.network, cost=lambda samples, **_: 20.0 + 0.15 * samples),
        Part("shifts", shifts.shifts, cost=_shift_milliseconds),
        Part("shifted", shifts.shifted, cost=_shifted_milliseconds, sweeps=("shift",)),
    ),
    presets=PRESETS,
    script=script,
)
