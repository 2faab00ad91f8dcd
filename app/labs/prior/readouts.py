"""The numbers of a belief: the linked pair and its arithmetic, mode and mean, averages, and the proof."""

import numpy as np

from app.figures import plane
from app.figures.marks import Array
from app.geometry import GaussianPosterior
from app.geometry.numerals import numeral
from app.labs.lab import Readout
from app.labs.prior.belief import Belief, Conclusion
from app.labs.prior.drawing import BAND

AVERAGES = "Averages of the posterior"
PROOF = "MAP = penalised optimum"


def readouts(held: Belief, told: Conclusion, drawn: Array) -> dict[str, Readout]:
    """All of a posterior; `drawn` are weights from it (k, 2)."""
    return {**_linked(held), **_estimates(told), **_averages(held, told, drawn), **_proof(held, told)}


def arithmetic(held: Belief) -> str:
    """How the strength of the penalty comes from noise, rows and width, in numbers."""
    law, n, sigma = held.posterior, held.found.rows, held.found.noise
    if held.gaussian:
        return f"σ²/(nτ²) = {numeral(sigma, 4)}²/({n} · {numeral(law.width, 4)}²) = {numeral(law.strength, 4)}"
    return f"σ²/(nb) = {numeral(sigma, 4)}²/({n} · {numeral(law.width, 4)}) = {numeral(law.strength, 4)}"


def _linked(held: Belief) -> dict[str, Readout]:
    scale = "αₘₐₓ, the smallest strength that makes both weights zero"
    if held.gaussian:
        scale = "L, the largest curvature of J: no strength makes both weights zero"
    words = "width of the prior as a share of the length of ŵ of all rows"
    return {
        "width": Readout(held.width, f"{held.symbol}/‖ŵ‖", words),
        "strength": Readout(held.strength, "α/L, α/αₘₐₓ", f"strength of the penalty as a share of {scale}"),
        "alpha": Readout(held.posterior.strength, "α", "the strength of the penalty with the same optimum"),
        "arithmetic": Readout(arithmetic(held), "α =", "from noise, rows and width", group=PROOF),
    }


def _estimates(told: Conclusion) -> dict[str, Readout]:
    mode, mean = plane.pair(told.mode), plane.pair(told.mean)
    zeros = sum(w == 0.0 for w in mode)
    return {
        "mode_1": Readout(mode[0], "mode w₁", "the MAP: the most probable weights together"),
        "mode_2": Readout(mode[1], "mode w₂", "the MAP: the most probable weights together"),
        "mean_1": Readout(mean[0], "mean w₁", "the average of the posterior"),
        "mean_2": Readout(mean[1], "mean w₂", "the average of the posterior"),
        "mode_zeros": Readout(zeros, "zeros in the mode", "how many weights of the mode are exactly 0"),
        "mean_zeros": Readout(
            sum(w == 0.0 for w in mean), "zeros in the mean", "how many weights of the mean are exactly 0"
        ),
    }


def _averages(held: Belief, told: Conclusion, drawn: Array) -> dict[str, Readout]:
    spread = np.sqrt(np.diag(told.covariance))
    law = held.posterior
    evidence = law.log_evidence if isinstance(law, GaussianPosterior) else law.averages.log_evidence
    inside = float(np.mean(np.abs(drawn[:, 0] - told.mean[0]) <= BAND * spread[0])) if len(drawn) else None
    return {
        "spread_1": Readout(float(spread[0]), "sd of w₁", "standard deviation of the posterior", group=AVERAGES),
        "spread_2": Readout(float(spread[1]), "sd of w₂", "standard deviation of the posterior", group=AVERAGES),
        "evidence": Readout(
            evidence, "ln p(y)",
            "logarithm of the evidence: how well prior and noise explain the n − 1 contrasts of y that the intercept "
            "leaves; higher is better",
            group=AVERAGES,
        ),
        "mean_error": Readout(
            told.error, "error of the mean", "of the quadrature, at most; 0 for the closed form of a Gaussian prior",
            group=AVERAGES,
        ),
        "draws_inside": Readout(
            None if inside is None else 100 * inside, "draws within 2 sd of w₁",
            "of those drawn; 95.4 % of a normal law", "%", AVERAGES,
        ),
    }  # fmt: skip


def _proof(held: Belief, told: Conclusion) -> dict[str, Readout]:
    """The penalised optimum, certified on its own, against the mode found by another way."""
    shown = held.posterior.negative_log(np.stack([told.mode, told.tried]))
    return {
        "map_gap": Readout(
            float(shown[0] - shown[1]), "−ln p: penalised − MAP",
            "how much less probable the penalised optimum is than the mode found without it, by normal equations or by "
            "trying all signs; in nats, 0 up to rounding", group=PROOF,
        ),
        "map_residual": Readout(
            told.certificate.residual, "KKT residual", "of the penalised optimum, relative; 0 is exact", group=PROOF
        ),
    }  # fmt: skip
