"""When to stop: the patience rule as a function of the curve of validation losses."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike


@dataclass(frozen=True, slots=True)
class Stop:
    """Where training ends, and which weights are kept.

    Attributes:
        chosen: the epoch whose weights are kept: the lowest validation loss that was seen.
        ended: the last epoch that was trained: the patience ran out there, or the curve ended.
        waited: epochs since the last improvement.
        kind: "stopped" by patience, or "out_of_steps" where the curve ended first.
        sentence: the same for people.
    """

    chosen: int
    ended: int
    waited: int
    kind: Literal["stopped", "out_of_steps"]
    sentence: str


def patient_stop(losses: ArrayLike, patience: int) -> Stop:
    """Stop after so many epochs in a row without a new lowest validation loss; keep the best weights seen.

    Deep Learning, algorithm 7.1, checked after every epoch. With patience 0 that algorithm trains not at all. An equal
    loss is no improvement; a loss that is not finite is none either, so that divergence runs out of patience.

    Args:
        losses: validation losses (m,) from epoch 0, before any training.
        patience: p ≥ 0.
    """
    curve = np.asarray(losses, dtype=float)
    if curve.ndim != 1 or not curve.size:
        raise ValueError(f"a curve of losses is needed, from epoch 0: got the shape {curve.shape}")
    if patience < 0:
        raise ValueError(f"a patience is a number of epochs ≥ 0, not {patience}")
    chosen = ended = 0
    while ended - chosen < patience and ended + 1 < curve.size:
        ended += 1
        if curve[ended] < curve[chosen]:
            chosen = ended
    ran_out = ended - chosen >= patience
    kind: Literal["stopped", "out_of_steps"] = "stopped" if ran_out else "out_of_steps"
    return Stop(chosen, ended, ended - chosen, kind, _sentence(chosen, ended, patience, ran_out))


def _sentence(chosen: int, ended: int, patience: int, ran_out: bool) -> str:
    if patience == 0:
        return "Patience 0 does not wait for a single epoch: nothing is trained, and the start is kept."
    if not ran_out and chosen == ended:
        return f"The validation loss was still falling when training ended at epoch {ended}: give it more epochs."
    if not ran_out:
        return f"Training ended at epoch {ended} before the patience ran out: the weights of epoch {chosen} are kept."
    waited = "1 epoch" if patience == 1 else f"{patience} epochs"
    return f"{waited.capitalize()} without improvement: stopped at {ended}, the weights of epoch {chosen} are kept."
