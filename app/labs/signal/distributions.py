"""What runs through the network that is trained, before its first step: each layer as a histogram."""

import numpy as np

from app.data import Pattern
from app.data.library import Library
from app.figures import marks
from app.figures.marks import Array, Figure
from app.geometry import Outcome
from app.labs.lab import Answer, Readout
from app.labs.signal.axes import over_layers
from app.labs.signal.measured import Outset, first
from app.labs.signal.stack import Stack
from app.labs.training.pictures import coarse
from app.networks import AnyActivation, AnyInitial
from app.networks.architectures import Architecture

BINS = 41
BOUNDED = {"tanh": (-1.0, 1.0), "sigmoid": (0.0, 1.0)}
FLAT = 0.1  # of its steepest: a smaller slope counts as saturated
STATE = "Units before training"


def distributions(
    pattern: Pattern, depth: int, width: int, widening: float, activation: AnyActivation, initial: AnyInitial,
    samples: int, seed: int, library: Library,
) -> Answer:  # fmt: skip
    """Activations and gradients by layer, of all units and samples."""
    outset = Outset(Stack(depth, width, widening, activation), initial, samples, seed)
    architecture, found = library.once(first, pattern, outset)
    ends = BOUNDED.get(activation.kind)
    active = [one.ravel() for one in found.activations]
    errors = [one.ravel() for one in found.errors]
    figures = {
        "activations": _histograms("active_heat", active, ends, "a"),
        "gradients": _histograms("error_heat", errors, None, "∂C/∂z"),
    }
    readouts = {**_reach(errors), **_state(architecture, found.activations)}
    return Answer(_objective(architecture, initial), figures, readouts, _said(active, errors))


def _objective(architecture: Architecture, initial: AnyInitial) -> str:
    sizes = architecture.sizes
    shape = f"{sizes[0]} inputs, {len(sizes) - 2} layers of {_units(sizes[1:-1])} units, {sizes[-1]} output"
    plural = "s" if sizes[-1] > 1 else ""
    return f"a = f(Wa + b) by layer: {shape}{plural}, weights {_drawn(initial)}, biases 0"


def _units(hidden: tuple[int, ...]) -> str:
    return str(hidden[0]) if len(set(hidden)) == 1 else f"{hidden[0]} to {hidden[-1]}"


def _drawn(initial: AnyInitial) -> str:
    match initial.kind:
        case "zero":
            return "all 0"
        case "constant":
            return f"all {initial.value:g}"
        case "xavier":
            return "with s² = 2/(n_in + n_out)"
        case "he":
            return "with s² = 2/n_in"
        case _:
            return f"with s = {initial.scale:g}"


def _histograms(role: str, layers: list[Array], ends: tuple[float, float] | None, title: str) -> Figure:
    """The shares of each layer by size, as colours; on a scale of decades where nothing bounds the values."""
    decades = ends is None
    shown = [np.log10(np.abs(one[one != 0.0])) if decades else one for one in layers]
    title = f"log₁₀|{title}|" if decades else title
    places = np.arange(1, len(layers) + 1, dtype=float)
    if not any(len(one) for one in shown):
        return marks.figure([], **over_layers(len(layers), title, (-1.0, 1.0)))
    low, high = ends or _room(shown)
    bounds = np.linspace(low, high, BINS + 1)
    counts = [np.histogram(np.clip(one, low, high), bounds)[0] for one in shown]
    shares = np.column_stack([100.0 * count / all_of.size for count, all_of in zip(counts, layers, strict=True)])
    middles = (bounds[:-1] + bounds[1:]) / 2
    hover = "layer %{x}<br>around %{y}: %{z:.3~r} % of it<extra></extra>"
    heat = marks.heat(role, places, middles, np.ascontiguousarray(coarse(shares)), hover)
    lines = _quantiles(places, shown)
    return marks.figure([heat, *lines], **over_layers(len(layers), title, (low, high)))


def _room(shown: list[Array]) -> tuple[float, float]:
    """Whole decades around all but the smallest two hundredths of a layer; those are drawn at the edge."""
    low = min(float(np.quantile(one, 0.02)) for one in shown if len(one))
    high = max(float(one.max()) for one in shown if len(one))
    return float(np.floor(low)), max(float(np.ceil(high)), float(np.floor(low)) + 1.0)


def _quantiles(places: Array, shown: list[Array]) -> list[marks.Mark]:
    """The middle of each layer and where nine tenths of it lie; layers that are all 0 have none."""
    kept = [(place, np.quantile(one, (0.5, 0.05, 0.95))) for place, one in zip(places, shown, strict=True) if len(one)]
    at, heights = np.array([place for place, _ in kept]), np.array([values for _, values in kept])
    hover = "layer %{x}<br>%{y}<extra>%{fullData.name}</extra>"
    rows = zip(("median_line", "quantile_line", "quantile_line"), heights.T, strict=True)
    return [marks.line(role, np.column_stack([at, row]), hover) for role, row in rows]


def _reach(errors: list[Array]) -> dict[str, Readout]:
    """How much of the gradient is left at the first layer."""
    sizes = [float(np.sqrt(np.mean(one * one))) if np.abs(one).max() < 1e150 else 1e150 for one in errors]
    share = sizes[0] / sizes[-1] if sizes[-1] else 0.0
    return {
        "reach": Readout(
            min(share, 1e150), "gradient, first layer/output",
            "the root mean square of ∂C/∂z of the first layer over that of the output, before the first step",
        )
    }  # fmt: skip


def _state(architecture: Architecture, activations: list[Array]) -> dict[str, Readout]:
    """Saturation of tanh and sigmoid, dead units of the ReLU."""
    kind = architecture.activation.kind
    found = {}
    if kind in BOUNDED:
        steepest = 1.0 if kind == "tanh" else 0.25
        shares = [100.0 * float((architecture.activation.slope(one) < FLAT * steepest).mean()) for one in activations]
        words = "the share of activations where the slope f′ is below a tenth of its largest"
        found["saturated"] = Readout(float(np.mean(shares)), "saturated", f"{words}, in all layers", "%")
        found["saturated_last"] = Readout(shares[-1], "saturated, last layer", words, "%", STATE)
    if kind == "relu":
        dead = [100.0 * float((one.max(axis=0) <= 0.0).mean()) for one in activations]
        words = "the share of units that are 0 for every sample, so that no gradient comes to their weights"
        silent = 100.0 * float(np.mean([(one == 0.0).mean() for one in activations]))
        found["silent"] = Readout(
            silent, "activations 0", "the share that is exactly 0, and so on no scale of decades", "%", STATE
        )
        found["dead"] = Readout(float(np.mean(dead)), "dead units", f"{words}, in all layers", "%")
        found["dead_last"] = Readout(dead[-1], "dead units, last layer", words, "%", STATE)
    return found


def _said(active: list[Array], errors: list[Array]) -> Outcome:
    """Where the signal ends, or leaves what numbers can hold."""
    silent = [i for i, one in enumerate(active, start=1) if not one.any()]
    unheard = [i for i, one in enumerate(errors, start=1) if not one.any()]
    huge = max(float(np.abs(one).max()) for one in (*active, *errors))
    if huge >= 1e150:
        return Outcome("diverged", "The signal exceeds 10¹⁵⁰ on its way: it is drawn as if it stopped there.")
    if silent:
        return Outcome("out_of_steps", f"From layer {silent[0]} on every activation is 0: nothing runs further.")
    if unheard:
        return Outcome("out_of_steps", f"No gradient comes back to layer {unheard[-1]} or any before it.")
    off = float(np.mean([(one == 0.0).mean() for one in active]))
    zeros = f" Not drawn: the {100 * off:.0f} % of activations that are 0." if off else ""
    return Outcome("converged", f"Every layer gives something on, and something comes back to every layer.{zeros}")
