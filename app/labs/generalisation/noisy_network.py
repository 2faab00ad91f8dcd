"""Noise on the input of a network is Tikhonov's penalty only to second order: of its slopes, not of its weights.

½E(f(x + ε) − y)² = ½(f − y)² + ½σ²(f′² + (f − y)f″) + O(σ⁴); near a minimum the last term is small on average, which
leaves ½σ² times the mean of f′². Bishop (1995), eq. 16-20.
"""

from dataclasses import dataclass

import numpy as np

from app.data.library import Library
from app.figures import marks
from app.figures.marks import Array
from app.geometry import Adam, Outcome
from app.labs.generalisation.drawn import Law, Places, Truth, sets_of
from app.labs.lab import Answer, Readout
from app.networks import Architecture, Examples, QuadraticCost, Setting, Tanh, Task, advance, begin, predict

UNITS, STEPS, RATE = 8, 800, 0.03
NOISES = np.linspace(0.0, 1.0, 41)
ORDER = 40  # of the Gauss-Hermite quadrature
NUDGE = 1e-3  # of the differences that give slopes
NETWORK = "A network with noise on its input"


@dataclass(frozen=True, eq=False)
class Taught:
    """A small network taught the first training set: what it says at its rows (n,), with slopes and bends."""

    said: Array
    slope: Array
    bend: Array
    y: Array
    noisy: Array  # ½E(f(x + σε) − y)², the mean over the rows, by σ

    @property
    def lowest(self) -> float:
        """The loss without noise."""
        return 0.5 * float(np.mean((self.said - self.y) ** 2))

    def tikhonov(self, noises: Array) -> Array:
        """J + ½σ²·mean f′²."""
        return np.asarray(self.lowest + 0.5 * noises**2 * np.mean(self.slope**2))

    def second_order(self, noises: Array) -> Array:
        """J + ½σ²·mean(f′² + (f − y)f″): all of the second order."""
        return np.asarray(self.lowest + 0.5 * noises**2 * np.mean(self.slope**2 + (self.said - self.y) * self.bend))


def taught(library: Library, law: Law) -> Taught:
    """Train it, and take its expected loss under noise by quadrature."""
    sets = library.once(sets_of, law)
    x, y = np.broadcast_to(sets.x, sets.y.shape)[0], sets.y[0]
    architecture = Architecture((1, UNITS, 1), Tanh(), QuadraticCost())
    setting = Setting(architecture, optimizer=Adam(), rate=RATE, batch=len(x), seed=law.seed)
    run, _ = advance(begin(Task(Examples(x[:, None], y[:, None])), [setting], STEPS), STEPS)
    parameters = run.learners[0].parameters

    def f(at: Array) -> Array:
        return predict(architecture, parameters, at.reshape(-1, 1)).reshape(at.shape)

    left, here, right = (f(x + side * NUDGE) for side in (-1.0, 0.0, 1.0))
    bend = (right - 2.0 * here + left) / NUDGE**2
    at, weights = np.polynomial.hermite_e.hermegauss(ORDER)
    moved = f(x[:, None] + (NOISES[:, None, None] * at))
    noisy = 0.5 * np.square(moved - y[:, None]) @ weights / weights.sum()
    return Taught(here, (right - left) / (2.0 * NUDGE), bend, y, noisy.mean(axis=-1))


def network(truth: Truth, noise: float, samples: int, places: Places, sets: int, seed: int, library: Library) -> Answer:
    """The expected loss of one network under noise on its input, and both approximations, by σ."""
    found = library.once(taught, Law(truth, noise, samples, places, sets, seed))
    curves = {
        "noisy_exact": found.noisy,
        "slope_penalty": found.tikhonov(NOISES),
        "second_order": found.second_order(NOISES),
    }
    top = 2.2 * float(found.noisy[-1]) or 1.0
    hover = "σ = %{x}<br>loss = %{y}<extra>%{fullData.name}</extra>"
    traces = [
        marks.line(role, np.stack([NOISES, np.clip(values, -top, 2.0 * top)], axis=1), hover)
        for role, values in curves.items()
    ]
    chart = marks.chart("noise on the input σ", "expected loss", x_range=(0.0, 1.0), y_range=(0.0, top))
    small, large = (found.second_order(NOISES)[i] - found.noisy[i] for i in (2, 20))
    told = {
        "network_loss": (found.lowest, "loss without noise", "of a 1-8-1 tanh network on the first training set"),
        "mean_slope": (float(np.mean(found.slope**2)), "mean f′²", "what the noise penalises, in place of ‖w‖²"),
        "small_gap": (float(small), "error of the second order at σ = 0.05", "second order minus exact expectation"),
        "large_gap": (float(large), "error of the second order at σ = 0.5", "second order minus exact expectation"),
    }
    readouts = {name: Readout(*one, group=NETWORK) for name, one in told.items()}
    said = "The second order holds for small noise only; beyond, the noise averages over the bends of the network."
    objective = "½E(f(x + ε) − y)² ≈ J + ½σ²·mean f′², for a trained network f and noise ε of spread σ on its input"
    return Answer(objective, {"network": marks.figure(traces, **chart)}, readouts, Outcome("converged", said))
