"""One weight at a time: what each penalty leaves of it, and what one step of descent takes from it.

Both are the diagonal case, in which every weight is a problem of its own (ESL, table 3.4; NNDL, ch. 3, eq. 95-97).
"""

import numpy as np

from app.figures import marks
from app.figures.marks import Array
from app.figures.paths import polyline
from app.geometry import Outcome, elastic_net_map, hard_threshold, lasso_map, ridge_map
from app.geometry.numerals import numeral
from app.labs.lab import Answer, Readout

REACH = 3.0  # of both axes of the maps
START = 1.6  # where the weight begins that takes many steps
STEPS = 60
MAPS, STEP = "One weight", "One step"


def maps(threshold: float, ratio: float) -> Answer:
    """Soft threshold, proportional shrinking, elastic net and hard threshold, side by side."""
    s = threshold
    knee = min(ratio * s, REACH)
    end = np.array([-REACH, -knee, knee, REACH])
    at = elastic_net_map(end, s, ratio)
    flat = min(s, REACH)
    soft = np.array([-REACH, -flat, flat, REACH])
    shapes = [
        marks.curve("unchanged", polyline([(-REACH, -REACH), (REACH, REACH)])),
        marks.curve("ridge_map", _line(np.array([-REACH, REACH]), ridge_map([-REACH, REACH], s))),
        marks.curve("elastic_map", _line(end, at)),
        marks.curve("lasso_map", _line(soft, lasso_map(soft, s))),
        marks.curve("hard_map", _jump(flat)),
    ]
    layout = marks.chart("ŵ, without a penalty", "w, with it", x_range=(-REACH, REACH), y_range=(-REACH, REACH))
    shown = {
        f"{name}_{size}": Readout(
            float(value), f"{label} of {size_words}", f"what is left of a weight of {size_words}", group=MAPS
        )
        for size, size_words, v in (("small", "0.5", 0.5), ("large", "2", 2.0))
        for name, label, value in (
            ("soft", "soft threshold", lasso_map(v, s)),
            ("shrunk", "proportional shrinking", ridge_map(v, s)),
            ("net", "elastic net", elastic_net_map(v, s, ratio)),
            ("hard", "hard threshold", hard_threshold(v, s)),
        )
    }  # fmt: skip
    said = "Only shrinking in proportion never gives 0. Soft thresholding is continuous; the hard threshold jumps."
    if threshold == 0:
        said = "Without a penalty every map leaves every weight where it is."
    return Answer(
        f"minimise ½(w − ŵ)² + {numeral(s, 4)}·Ω(w)", {"maps": marks.figure([], shapes=shapes, **layout)}, shown,
        Outcome("converged", said),
    )  # fmt: skip


def _line(x: Array, y: Array) -> str:
    return polyline(np.stack([x, y], axis=-1).tolist())


def _jump(s: float) -> str:
    """Three pieces: what is larger stays, what is smaller is gone."""
    pieces = [((-REACH, -REACH), (-s, -s)), ((-s, 0.0), (s, 0.0)), ((s, s), (REACH, REACH))]
    return "".join(polyline(piece) for piece in pieces)


def steps(decay: float) -> Answer:
    """What one step takes, by size of the weight; and a weight under many steps, with nothing but the penalty."""
    taken = [
        marks.curve("sign_step", polyline([(0.0, decay), (2.0, decay)])),
        marks.curve("ridge_map", polyline([(0.0, 0.0), (2.0, 2.0 * decay)])),
        marks.rule("equal_pull", x=1.0),
    ]
    sign, soft, share = walked(decay)
    along = np.arange(STEPS + 1.0)
    walks = [marks.curve(role, _line(along, w)) for role, w in
             (("sign_step", sign), ("lasso_map", soft), ("ridge_map", share))]  # fmt: skip
    figures = {
        "taken": marks.figure([], shapes=taken, **marks.chart(
            "|w|, the size of the weight", "taken by one step", x_range=(0, 2), y_range=(0, 2.1 * max(decay, 0.01))
        )),
        "walks": marks.figure([], shapes=walks, **marks.chart(
            "steps", "w", x_range=(0, STEPS), y_range=(min(-0.2, float(sign.min()) * 1.1), START * 1.05)
        )),
    }  # fmt: skip
    return Answer(
        f"w ← w − ηα·∂Ω(w) with ηα = {numeral(decay, 4)}",
        figures,
        _step_readouts(sign, soft, share),
        _said(decay, sign),
    )


def walked(decay: float) -> tuple[Array, Array, Array]:
    """A weight from START under STEPS steps of the penalty alone: sign step, soft threshold, proportional step."""
    sign, soft, share = [START], [START], [START]
    for _ in range(STEPS):
        sign.append(sign[-1] - decay * ((sign[-1] > 0) - (sign[-1] < 0)))
        soft.append(max(soft[-1] - decay, 0.0))
        share.append((1.0 - decay) * share[-1])
    return np.array(sign), np.array(soft), np.array(share)


def _step_readouts(sign: Array, soft: Array, share: Array) -> dict[str, Readout]:
    zero = np.flatnonzero(soft == 0.0)
    last = sign[-20:]
    return {
        "lands": Readout(
            int(zero[0]) if zero.size else None, "soft threshold lands", "on 0, after so many steps", group=STEP
        ),
        "chatter": Readout(
            float(np.abs(last).max()) if zero.size else None, "sign step still at",
            "how far from 0 it jumps to and fro in its last 20 steps", group=STEP,
        ),
        "left_by_l2": Readout(float(share[-1]), f"left by L2 after {STEPS} steps", "small, and never 0", group=STEP),
        "sooner": Readout(
            int(np.argmax(soft < share)) if (soft < share).any() else None, "L1 overtakes L2 at step",
            "L2 takes more where |w| > 1, L1 where |w| < 1", group=STEP,
        ),
    }  # fmt: skip


def _said(decay: float, sign: Array) -> Outcome:
    if decay == 0:
        return Outcome("stopped", "A step of size 0 takes nothing.")
    said, last = "L1 takes a constant from every weight, L2 a proportion", float(np.abs(sign[-20:]).max())
    if last < 1e-12:
        return Outcome("converged", f"{said}; the sign step meets 0 by luck.")
    if last <= decay:
        return Outcome("converged", f"{said}. The sign step jumps over 0; the soft threshold lands on it.")
    return Outcome("stopped", f"{said}: {STEPS} steps are too few to reach 0.")
