"""Xavier's two conditions: what each layer does to the mean square of the signal, predicted and measured."""

import numpy as np

from app.data import Pattern
from app.data.library import Library
from app.figures import digits, marks
from app.figures.marks import Array, Figure
from app.geometry import Outcome
from app.geometry.numerals import numeral
from app.labs.lab import Answer, Readout
from app.labs.signal.axes import over_layers
from app.labs.signal.measured import Chain, Measured, Outset, chained, measured
from app.labs.signal.stack import Stack
from app.networks import AnyActivation, AnyInitial
from app.networks.variances import homogeneous

LOWEST, HIGHEST = 1e-140, 1e140  # that are drawn
FORWARD, BACKWARD = "Forward: z", "Backward: ∂C/∂z"


def variances(
    pattern: Pattern, depth: int, width: int, widening: float, activation: AnyActivation, initial: AnyInitial,
    samples: int, draws: int, seed: int, library: Library,
) -> Answer:  # fmt: skip
    """The products of the factors, measured on some draws and predicted."""
    outset = Outset(Stack(depth, width, widening, activation), initial, samples, seed)
    found = library.once(measured, pattern, outset, draws)
    ahead = None if found.sizes is None else (found.sizes.forward[:-1], found.sizes.linear_forward[:-1])
    behind = None if found.sizes is None else (found.sizes.backward[::-1], found.sizes.linear_backward[::-1])
    hidden = found.forward[:, :-1]  # the one number of a lone output is no average over units
    there, back = (chained(one, homogeneous=homogeneous(activation)) for one in (hidden, found.backward[:, ::-1]))
    layers = np.arange(1, found.forward.shape[1] + 1, dtype=float)
    figures = {
        "forward": _figure("measured_forward", layers[:-1], there, hidden[0], ahead, "E z²"),
        "backward": _figure("measured_backward", layers[::-1], back, found.backward[0, ::-1], behind, "E (∂C/∂z)²"),
    }
    readouts = {
        **_conditions(found, initial),
        **_compared("forward", FORWARD, there, ahead, "last hidden layer"),
        **_compared("backward", BACKWARD, back, behind, "first hidden layer"),
    }
    return Answer(_objective(activation), figures, readouts, _said(found, draws))


def _objective(activation: AnyActivation) -> str:
    share = {"linear": "1", "relu": "½", "leaky_relu": "(1 + ℓ²)/2"}.get(activation.kind, "E f(z)²/E z²")
    return f"E z² of a layer = n_in·s²·g times that before it, g = {share}; E δ² = n_out·s²·E f′² times that after it"


def _figure(
    role: str, layers: Array, chain: Chain, single: Array, wanted: tuple[Array, Array] | None, title: str
) -> Figure:
    """Measured with its standard error, predicted, and one single draw, over the layers in their order."""
    means, relative = chain.means, chain.relative
    there = _drawn(means)
    sure = there & np.isfinite(relative)
    hover = "layer %{x}<br>%{y}<extra>%{fullData.name}</extra>"
    traces = []
    if relative[sure].any():
        spread = np.minimum(2.0 * relative[sure], 0.999)
        low, high = means[sure] * (1.0 - spread), means[sure] * (1.0 + 2.0 * relative[sure])
        band = marks.band("error_band", layers[sure], np.maximum(low, LOWEST), np.minimum(high, HIGHEST))
        traces.append({**band, "y": digits.significant(np.concatenate([low, high[::-1]]))})
    rows = [] if wanted is None else [("factors_linear", wanted[1]), ("factors_activation", wanted[0])]
    for name, heights in [*rows, ("one_draw", single)]:
        kept = _drawn(heights)
        if kept.any():
            traces.append(marks.line(name, np.column_stack([layers, heights])[kept], hover, log_y=True))
    if there.any():
        points = np.column_stack([layers, means])[there]
        traces.append({**marks.dots(role, points, hover), "y": digits.significant(points[:, 1])})
    ends = [float(np.concatenate([one["y"] for one in traces]).min()), 1.0] if traces else [0.1, 1.0]
    highest = float(np.concatenate([one["y"] for one in traces]).max()) if traces else 1.0
    heights_range = (10.0 ** np.floor(np.log10(ends[0])), 10.0 ** np.ceil(np.log10(highest) + 1e-9))
    return marks.figure(traces, **over_layers(len(layers), title, heights_range, log_y=True))


def _drawn(heights: Array) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
    return np.asarray(np.isfinite(heights) & (heights > LOWEST) & (heights < HIGHEST))


def _conditions(found: Measured, initial: AnyInitial) -> dict[str, Readout]:
    """n_in·s² and n_out·s² of the layer of weights in the middle."""
    sizes = found.architecture.sizes
    middle = len(sizes) // 2
    n_in, n_out = sizes[middle - 1], sizes[middle]
    ahead, behind = initial.variance_factors(n_in, n_out)
    where = f"of the layer of weights from {n_in} to {n_out} units"
    return {
        "condition_forward": Readout(ahead, "n_in·s²", f"1 keeps the variance forward, as if linear; {where}"),
        "condition_backward": Readout(behind, "n_out·s²", f"1 keeps the variance backward, as if linear; {where}"),
    }


def _compared(
    name: str, group: str, chain: Chain, wanted: tuple[Array, Array] | None, where: str
) -> dict[str, Readout]:
    """Measured and predicted at the far end, and how far apart the factors of single layers are."""
    means, relative = chain.means, chain.relative
    found = {
        f"{name}_measured": Readout(
            _shown(float(means[-1])), "measured", f"the mean square at the {where}: product of the factors",
            group=group,
        ),
        f"{name}_error": Readout(
            _shown(float(100.0 * relative[-1])), "standard error", "of that, from the spread of the draws", "%", group
        ),
    }  # fmt: skip
    if wanted is None:
        return found
    ideal = wanted[0][1:] / np.where(wanted[0][:-1] > 0.0, wanted[0][:-1], 1.0)
    known = np.isfinite(chain.factors)
    certain = known & np.isfinite(chain.errors) & (chain.errors > 0.0)
    away = (chain.factors - ideal)[certain] / chain.errors[certain]
    return found | {
        f"{name}_predicted": Readout(_shown(float(wanted[0][-1])), "predicted", f"at the {where}", group=group),
        f"{name}_factor": Readout(
            float(np.median(chain.factors[known])) if known.any() else None, "factor of a layer",
            "measured, the median layer", group=group,
        ),
        f"{name}_ideal": Readout(
            _shown(float(np.median(ideal))), "factor, predicted", "n·s² times the activation's own, the median layer",
            group=group,
        ),
        f"{name}_away": Readout(
            _shown(float(np.sqrt(np.mean(away**2)))) if len(away) else None, "gap in standard errors",
            "root mean square over the layers of measured − predicted factor, in standard errors: near 1 where the "
            "prediction holds",
            group=group,
        ),
    }  # fmt: skip


def _shown(number: float) -> float | None:
    return number if np.isfinite(number) else None


def _said(found: Measured, draws: int) -> Outcome:
    if found.sizes is None:
        return Outcome("converged", "Nothing is drawn: all weights are one number, so there is no variance to predict.")
    sizes = found.architecture.sizes
    ratio = (len(sizes) - 2) / (sum(sizes[1:-1]) / (len(sizes) - 2))
    dead = int((found.forward[:, -2] == 0.0).sum())
    if homogeneous(found.architecture.activation):
        said = f"Each factor is the mean of {draws} draws of the network."
    else:
        said = f"Each factor is a ratio of means over {draws} draws of the network."
    if dead:
        said += f" In {dead} of them nothing reaches the last hidden layer: a factor is that of draws still alive."
    if ratio <= 0.5 or not homogeneous(found.architecture.activation):  # where f saturates, size does not run off
        return Outcome("converged", said)
    return Outcome(
        "converged",
        f"{said} With {numeral(ratio, 2)} times as many layers as units one network is no average: single draws stray "
        "from it by ever more, most of them below.",
    )
