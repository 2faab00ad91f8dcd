"""Noise on the inputs of a linear model is Tikhonov's penalty, α = σ²: many noisy copies of a table beside ridge.

For the sum of squares, E‖(X + E)w − y‖² = ‖Xw − y‖² + nσ²‖w‖²; in J, ½E‖(X + E)w − y‖²/n = J(w) + ½σ²‖w‖².
Bishop (1995), Training with noise is equivalent to Tikhonov regularization; Deep Learning (2016), §7.5.
"""

from dataclasses import dataclass

import numpy as np

from app.data.library import Library
from app.data.samples import Sample
from app.data.sampling import Sampled
from app.figures import marks
from app.figures.marks import Array
from app.geometry import Outcome, under_input_noise
from app.geometry.numerals import numeral
from app.geometry.spectral import shrunk
from app.labs.lab import Answer, Readout

NOISES = np.round(np.arange(0.0, 2.0001, 0.05), 6)
TRIED = NOISES[::4]  # where the copies are fitted
COPIES = "Noise on the inputs"
DRAWN = 10  # weights on the chart


@dataclass(frozen=True, eq=False)
class Copies:
    """Means over noisy copies X + σE of a table, from which every σ follows.

    Attributes:
        sampled: the table.
        cross: the mean of XᵀE/n (d, d).
        square: the mean of EᵀE/n (d, d).
        pull: the mean of Eᵀy/n (d,).
        count: how many copies.
    """

    sampled: Sampled
    cross: Array
    square: Array
    pull: Array
    count: int

    def moments(self, noise: float) -> tuple[Array, Array]:
        """(X + σE)ᵀ(X + σE)/n (d, d) and (X + σE)ᵀy/n (d,), means over the copies."""
        X, y = self.sampled.design, self.sampled.response
        mixed = self.cross + self.cross.T
        return X.T @ X / len(y) + noise * mixed + noise**2 * self.square, X.T @ y / len(y) + noise * self.pull

    def fit(self, noise: float) -> Array:
        """Least squares (d,) on all copies at once."""
        return np.asarray(np.linalg.lstsq(*self.moments(noise), rcond=None)[0])

    def doubt(self, noise: float, ridge: Array) -> Array:
        """The standard error (d,) of that fit, to first order in 1/copies; at the ridge w of strength σ².

        The fit solves Σ(x + σe)(y − (x + σe)ᵀw) = 0. At the ridge each term has mean 0 over e and all rows, with
        r = y − Xw, the covariance V = σ²((‖r‖²/n + σ²‖w‖²)I + ‖w‖²XᵀX/n − σ²wwᵀ), as Xᵀr/n = σ²w there. The fit
        then has the covariance H⁻¹VH⁻¹/(nC), H = XᵀX/n + σ²I, over C copies: Huber's sandwich (1967).
        """
        X, y, size = self.sampled.design, self.sampled.response, ridge @ ridge
        gram, missed, eye = X.T @ X / len(y), y - X @ ridge, np.eye(len(ridge))
        spread = (missed @ missed / len(y) + noise**2 * size) * eye + size * gram - noise**2 * np.outer(ridge, ridge)
        back = np.linalg.pinv(gram + noise**2 * eye, hermitian=True)
        variances = np.diagonal(back @ spread @ back) * noise**2 / (len(y) * self.count)
        return np.asarray(np.sqrt(np.maximum(variances, 0.0)))

    def loss(self, noise: float, w: Array) -> float:
        """½‖(X + σE)w − y‖²/n at w, the mean over the copies."""
        gram, pull = self.moments(noise)
        y = self.sampled.response
        return float(0.5 * (w @ gram @ w - 2.0 * pull @ w + y @ y / len(y)))

    def loss_doubt(self, noise: float, w: Array) -> float:
        """Its standard error, exact: each residual is r + σ‖w‖z with z normal, whose square varies by 4r²s² + 2s⁴."""
        missed = self.sampled.response - self.sampled.design @ w
        square = noise**2 * float(w @ w)
        variance = square * float(np.mean(missed**2)) + 0.5 * square**2
        return float(np.sqrt(variance / (len(missed) * self.count)))


def copied(library: Library, sample: Sample, copies: int, seed: int) -> Copies:
    """Noise is drawn once for all σ."""
    found = library.sampled(sample)
    X, y = found.design, found.response
    chance, (n, d) = np.random.default_rng((seed, 2)), X.shape
    cross, square, pull = np.zeros((d, d)), np.zeros((d, d)), np.zeros(d)
    for _ in range(copies):
        noise = chance.standard_normal((n, d))
        cross += X.T @ noise / (n * copies)
        square += noise.T @ noise / (n * copies)
        pull += noise.T @ y / (n * copies)
    return Copies(found, cross, square, pull, copies)


def tikhonov(sample: Sample, copies: int, seed: int, library: Library) -> Answer:
    """Weights and expected losses by σ: ridge as lines, least squares on noisy copies as dots."""
    found = library.once(copied, sample, copies, seed)
    loss, names = found.sampled.loss, found.sampled.names
    ridge = shrunk(loss, NOISES**2)
    fitted = np.stack([found.fit(sigma) for sigma in TRIED])
    hover = "σ = %{x}<br>weight = %{y}<extra>%{fullData.name}</extra>"
    shown = np.argsort(-np.abs(ridge[0]), kind="stable")[:DRAWN].tolist()
    lines = [
        marks.line(f"feature_{place}", np.stack([NOISES, ridge[:, j]], axis=1), hover, names[j])
        for place, j in enumerate(shown, start=1)
    ]
    dots = [marks.dots("noisy_fit", np.stack([TRIED, fitted[:, j]], axis=1), hover) for j in shown]
    drawn = np.concatenate([ridge[:, shown].ravel(), fitted[:, shown].ravel()])
    low, high = float(drawn.min()), float(drawn.max())
    room = 0.08 * (high - low) or 1.0
    chart = marks.chart("noise on the inputs σ", "weights", x_range=(-0.03, 2.03), y_range=(low - room, high + room))
    figures = {"weights": marks.figure([*lines, *dots], **chart), "losses": _losses(found)}
    more = f" The {DRAWN} largest of {len(names)} weights are drawn." if len(names) > DRAWN else ""
    said = f"Lines are ridge with α = σ², dots are least squares on {copies:,} noisy copies of all rows.{more}"
    notes = " ".join(found.sampled.notes)
    objective = f"½E‖(X + E)w − y‖²/n = J(w) + ½σ²‖w‖², J(w) = {found.sampled.sentence}"
    return Answer(objective, figures, {}, Outcome("converged", f"{said} {notes}".strip()))


def _losses(found: Copies) -> dict[str, object]:
    """At the free optimum ŵ: the loss on the copies, and J + ½σ²‖ŵ‖²."""
    loss = found.sampled.loss
    w = loss.minimiser
    exact = np.stack([NOISES, loss.lowest + 0.5 * NOISES**2 * (w @ w)], axis=1)
    seen = np.stack([TRIED, [found.loss(sigma, w) for sigma in TRIED]], axis=1)
    hover = "σ = %{x}<br>loss = %{y}<extra>%{fullData.name}</extra>"
    traces = [marks.line("tikhonov_loss", exact, hover), marks.dots("noisy_loss", seen, hover)]
    top = 1.08 * float(max(exact[-1, 1], seen[-1, 1])) or 1.0
    chart = marks.chart("noise on the inputs σ", "loss at ŵ", x_range=(-0.03, 2.03), y_range=(0.0, top))
    return marks.figure(traces, **chart)


def noise_now(sample: Sample, copies: int, seed: int, input_noise: float, library: Library) -> Answer:
    """One σ: how far both fits are apart, and how far chance would put them."""
    found = library.once(copied, sample, copies, seed)
    loss = found.sampled.loss
    ridge = under_input_noise(loss, input_noise**2).minimiser
    fit, doubt = found.fit(input_noise), found.doubt(input_noise, ridge)
    apart = np.abs(fit - ridge)
    worst = int(np.argmax(apart))
    exact = float(loss.value(ridge)) + 0.5 * input_noise**2 * float(ridge @ ridge)
    readouts = {
        "noise_strength": Readout(input_noise**2, "α = σ²", "the strength of the ridge that the noise amounts to"),
        "weights_apart": Readout(
            float(apart[worst]), "largest difference of a weight",
            "between ridge with α = σ² and least squares on the noisy copies", group=COPIES,
        ),
        "weights_doubt": Readout(
            float(doubt[worst]) if copies > 1 else None, "its standard error",
            "what chance does to that weight, to first order in 1/copies", group=COPIES,
        ),
        "ridge_norm": Readout(float(np.linalg.norm(ridge)), "‖w‖ of the ridge", "what the noise leaves", group=COPIES),
        "expected_loss": Readout(exact, "J(w) + ½σ²‖w‖²", "exact, at the weights of the ridge", group=COPIES),
        "noisy_loss": Readout(
            found.loss(input_noise, ridge), "½‖(X + E)w − y‖²/n", "the mean over the copies, at the same weights",
            group=COPIES,
        ),
        "noisy_loss_error": Readout(
            found.loss_doubt(input_noise, ridge), "its standard error", "what chance does to that mean, exact",
            group=COPIES,
        ),
    }  # fmt: skip
    shapes = [marks.rule("input_noise_now", x=input_noise)]
    figures = {name: marks.figure([], shapes=shapes) for name in ("weights", "losses")}
    said = (
        f"Noise of spread {input_noise:g} is ridge with α = {numeral(input_noise**2, 4)}: the fits differ by at most "
    )
    objective = f"minimise J(w) + {numeral(input_noise**2, 4)}·½‖w‖²"
    return Answer(objective, figures, readouts, Outcome("converged", f"{said}{numeral(apart[worst])} in a weight."))
