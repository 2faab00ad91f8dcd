"""When to stop on data that nobody trained on: patience, the epoch it chooses, and the decay that does as well."""

from dataclasses import dataclass
from math import ceil, log

import numpy as np

from app.data.designs import centred, scaled
from app.data.library import Library
from app.data.samples import Sample
from app.data.sampling import Sampled
from app.data.sentences import counted, sample_sentence
from app.figures import marks
from app.figures.marks import Array, Mark
from app.geometry import ClosedDescent, Outcome, Quadratic, Stop, least_squares, nearest_decay, patient_stop
from app.geometry.numerals import numeral
from app.geometry.spectral import shrunk
from app.labs.lab import Answer, Readout

DRAWN = 300  # points of a curve
TRIED = 25  # strengths that somebody would try, one run each
STRENGTHS = np.geomspace(1e-5, 1e3, 161)  # of α/L
CLOSE = 0.01  # of ‖ŵ‖: where a run of descent counts as finished
DECAY = "The decay that does as well"
COST = "Cost, in passes over the training rows"


@dataclass(frozen=True, eq=False)
class Trained:
    """Descent on some rows, judged on the others, every epoch at once.

    Attributes:
        rows: how many are trained on, and how many validate.
        loss: J of the training rows; centred and scaled by them alone.
        validation: the mean loss of the other rows.
        descent: from 0.
        losses: training and validation loss by epoch (2, epochs + 1).
        strengths: of the ridge path (m,), and its validation losses.
    """

    rows: tuple[int, int]
    loss: Quadratic
    validation: Quadratic
    descent: ClosedDescent
    losses: Array
    strengths: Array
    decayed: Array

    @property
    def moves(self) -> bool:
        """Whether the free optimum of the training rows is not 0."""
        return bool(np.any(self.loss.minimiser))

    @property
    def best(self) -> int:
        """The strength of lowest validation loss."""
        return int(np.argmin(self.decayed))


def trained(library: Library, sample: Sample, share: float, split: int, step: float, epochs: int) -> Trained | None:
    """All that does not depend on the patience; None where there are not two rows to split."""
    parted = _parted(library.sampled(sample), share, split)
    if parted is None:
        return None
    loss, validation, rows = parted
    descent = ClosedDescent(loss, step / (loss.smoothness or 1.0))
    walk = descent.weights(np.arange(epochs + 1))
    strengths = (loss.smoothness or 1.0) * STRENGTHS
    decayed = validation.value(shrunk(loss, strengths))
    return Trained(
        rows, loss, validation, descent, np.stack([loss.value(walk), validation.value(walk)]), strengths, decayed
    )


def _parted(found: Sampled, share: float, split: int) -> tuple[Quadratic, Quadratic, tuple[int, int]] | None:
    """Training and validation loss; the validation rows are moved and scaled as the training rows are."""
    n = found.rows
    if n < 2:
        return None
    order = np.random.default_rng(split).permutation(n)
    count = min(max(round(share / 100 * n), 1), n - 1)
    chosen, others = order[:count], order[count:]
    X, y = found.design, found.response
    moved = centred(X[chosen])
    units = np.where(moved.any(axis=0), np.sqrt((moved**2).mean(axis=0)), 1.0)
    away = np.where(moved.any(axis=0), (X[others] - X[chosen].mean(axis=0)) / units, 0.0)
    loss = least_squares(scaled(moved), centred(y[chosen][:, None])[:, 0])
    return loss, least_squares(away, y[others] - y[chosen].mean()), (count, n - count)


def curves(sample: Sample, share: float, split: int, step: float, epochs: int, library: Library) -> Answer:
    """Training and validation loss by epoch, and the validation loss of the ridge path at α = 1/(ητ)."""
    found, drawn = library.once(trained, sample, share, split, step, epochs), library.sampled(sample)
    over = f"{found.rows[0]:,} of {counted(drawn.rows, 'row')}" if found else counted(drawn.rows, "row")
    told = sample_sentence(drawn.target, len(drawn.names), over, standardise=True)
    objective = f"w ← w − η∇J(w) from w = 0, J(w) = {told}"
    if found is None:
        return Answer(objective, {"curves": _empty(epochs)}, {}, Outcome("stopped", "One row cannot be split in two."))
    shown = np.unique(np.round(np.linspace(0, epochs, DRAWN)).astype(int))
    shown = np.unique(np.concatenate([np.arange(min(epochs, 60) + 1), shown]))
    hover = "epoch %{x}<br>loss %{y}<extra>%{fullData.name}</extra>"
    top = 1.15 * float(found.losses[:, 0].max()) or 1.0
    traces = [
        marks.line(role, np.stack([shown, np.minimum(losses[shown], 10.0 * top)], axis=1), hover)
        for role, losses in zip(("training", "validation"), found.losses, strict=True)
    ]
    equal = 1.0 / (found.descent.step * found.strengths)
    on = equal <= epochs
    ridge = np.stack([equal[on], np.minimum(found.decayed[on], 10.0 * top)], axis=1)
    traces += [marks.line("ridge_validation", ridge, hover)] if len(ridge) > 1 else []
    low = 0.9 * float(min(found.losses.min(), found.decayed.min()))
    chart = marks.chart("epochs τ; for weight decay 1/(ηα)", "mean loss J", x_range=(0, epochs), y_range=(low, top))
    notes = " ".join(drawn.notes)
    parted = f"Trained on {counted(found.rows[0], 'row')}, judged on {counted(found.rows[1], 'other')}."
    said = f"{parted} {found.descent.sentence} {notes}"
    readouts = {
        "training_rows": Readout(found.rows[0], "rows trained on", "chosen at random by the seed of the split"),
        "validation_rows": Readout(found.rows[1], "rows that judge", "never trained on"),
    }
    went = Outcome("diverged" if found.descent.regime == "divergent" else "converged", said.strip())
    return Answer(objective, {"curves": marks.figure(traces, **chart)}, readouts, went)


def _empty(epochs: int) -> Mark:
    return marks.figure([], **marks.chart("epochs τ", "mean loss J", x_range=(0, epochs), y_range=(0, 1)))


def choice(
    sample: Sample, share: float, split: int, step: float, epochs: int, patience: int, library: Library
) -> Answer:
    """Where patience stops and what it keeps, the decay that does as well, and what each of them costs."""
    found = library.once(trained, sample, share, split, step, epochs)
    objective = f"stop after {counted(patience, 'epoch')} without a lower validation loss; keep the best weights"
    if found is None:
        return Answer(objective, {}, {}, Outcome("stopped", "Nothing is left to validate on."))
    stop = patient_stop(found.losses[1], patience)
    shapes = [marks.rule("ended", x=stop.ended), marks.rule("chosen", x=stop.chosen)]
    equal = 1.0 / (found.descent.step * found.strengths[found.best])
    if found.moves and equal <= epochs:
        shapes.append(marks.point("decayed", (equal, float(found.decayed[found.best]))))
    shapes.append(marks.point("stopped", (stop.chosen, float(found.losses[1, stop.chosen]))))
    readouts = {**_chosen(found, stop), **_equal_decay(found, stop), **_costs(found, stop)}
    figure = marks.figure([], shapes=shapes)
    return Answer(
        objective, {"curves": figure}, readouts, Outcome(stop.kind, f"{stop.sentence} {_compared(found, stop)}")
    )


def _chosen(found: Trained, stop: Stop) -> dict[str, Readout]:
    later = int(np.argmin(found.losses[1]))
    return {
        "chosen": Readout(stop.chosen, "chosen τ", "the epoch whose weights are kept"),
        "ended": Readout(stop.ended, "training ended at", "the last epoch that was trained"),
        "stopped_loss": Readout(float(found.losses[1, stop.chosen]), "validation loss, stopped", "of the kept weights"),
        "free_loss": Readout(
            float(found.validation.value(found.loss.minimiser)), "validation loss, never stopped",
            "of the free optimum ŵ of the training rows",
        ),
        "lowest_epoch": Readout(
            later if later != stop.chosen else None, "lowest of all epochs at",
            "where more patience would have led within the epochs allowed",
        ),
    }  # fmt: skip


def _equal_decay(found: Trained, stop: Stop) -> dict[str, Readout]:
    """The best strength on the path, and the one whose weights are closest to those that were kept."""
    kept = found.descent.weights(stop.chosen)
    near = nearest_decay(found.loss, kept)
    size = float(np.linalg.norm(found.loss.minimiser)) or 1.0
    there = found.moves and bool(np.isfinite(near.strengths))
    return {
        "best_strength": Readout(
            float(found.strengths[found.best]) if found.moves else None, "best α",
            "the strength of lowest validation loss", group=DECAY,
        ),
        "best_loss": Readout(
            float(found.decayed[found.best]), "its validation loss", "of that ridge optimum", group=DECAY
        ),
        "near_strength": Readout(
            float(near.strengths) if there else None, "closest α", "whose weights are closest to the kept ones",
            group=DECAY,
        ),
        "near_distance": Readout(
            100 * float(near.distances) / size, "its distance", "from the kept weights, as a share of ‖ŵ‖", "%", DECAY
        ),
        "near_loss": Readout(
            float(found.validation.value(near.weights)), "its loss on validation", "of the closest ridge optimum",
            group=DECAY,
        ),
    }  # fmt: skip


def _costs(found: Trained, stop: Stop) -> dict[str, Readout]:
    """One gradient reads all rows twice: Xw, then Xᵀ of the residual; that is the pass everything is counted in."""
    n, d = found.rows[0], found.loss.dimension
    exact = d / 2 + 5 * d * d / n
    return {
        "stopping_cost": Readout(
            stop.ended, "early stopping", "one run, patience included: every τ on the way", group=COST
        ),
        "descent_cost": Readout(
            _runs(found), f"decay, {TRIED} strengths by descent",
            f"one run for each from L/1000 to 10L, to within {100 * CLOSE:.0f} % of its optimum", group=COST,
        ),
        "exact_cost": Readout(
            exact, "decay, all strengths at once",
            "the products XᵀX and one eigendecomposition, about 10d³: cheap while d is small", group=COST,
        ),
    }  # fmt: skip


def _runs(found: Trained) -> int | None:
    """Epochs of descent on J + α½‖w‖² until the slowest direction is close, summed over the strengths tried."""
    values = found.loss.eigenvalues[found.loss.eigenvalues > 0.0]
    if found.descent.regime not in ("monotone", "one_step") or not len(values):
        return None
    tried = found.loss.smoothness * np.geomspace(1e-3, 10.0, TRIED)
    # The same pace: the steepest direction of J + α½‖w‖² is L + α.
    pace = found.descent.step * found.loss.smoothness * (values[0] + tried) / (found.loss.smoothness + tried)
    left = np.log1p(-np.minimum(pace, 1.0 - 1e-9))
    return int(np.sum([ceil(log(CLOSE) / one) for one in left]))


def _compared(found: Trained, stop: Stop) -> str:
    """Stopping beside decay, on the rows that judge."""
    if not found.moves:
        return "The free optimum is 0, and so is that of every decay."
    here, best = float(found.losses[1, stop.chosen]), float(found.decayed[found.best])
    if here == 0.0 or abs(best / here - 1.0) < 5e-4:
        return "The best weight decay does exactly as well."
    better = "better" if best < here else "worse"
    alpha = found.strengths[found.best]
    return f"The best weight decay, α = {numeral(alpha)}, does {numeral(100 * abs(best / here - 1), 2)} % {better}."
