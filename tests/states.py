"""Random states of the tangency page: every knob drawn, awkward values more often than their share."""

from typing import Any

import numpy as np

from app.data import Library, Uploads
from app.geometry import Regularizer
from app.labs.lab import Answer
from app.labs.tangency import TANGENCY, TangencyKnobs

LIBRARY = Library(Uploads(None))
REGULARIZERS: list[dict[str, Any]] = [
    *({"kind": kind} for kind in ("l1", "l2", "squared_l2", "linf")),
    *({"kind": "lp", "p": p} for p in (1.0, 1.05, 1.5, 2.0, 3.0, 20.0)),
    *({"kind": "elastic_net", "ratio": ratio} for ratio in (0.0, 0.05, 0.5, 0.95, 1.0 - 1e-9, 1.0)),
    *({"kind": "group", "grouping": grouping} for grouping in ("together", "apart")),
    *({"kind": "quasi", "p": p} for p in (0.2, 0.5, 0.95)),
]
SHORTCUTS = ("none", "shrink", "project", "snap")
BUNDLED = {table.id: table for table in LIBRARY.bundled}


def _one(rng: np.random.Generator, special: tuple[float, ...], low: float, high: float) -> float:
    """A special value two times in three, else any between the bounds."""
    return float(rng.choice(special)) if rng.random() < 2 / 3 else float(rng.uniform(low, high))


def bowl(rng: np.random.Generator) -> dict[str, Any]:
    return {
        "kind": "bowl",
        "curvature_1": _one(rng, (0.05, 1.0, 5.0, 20.0), 0.05, 20),
        "curvature_2": _one(rng, (0.05, 1.0, 5.0, 20.0), 0.05, 20),
        "angle": _one(rng, (0.0, 30.0, 45.0, 90.0, 135.0, 180.0), 0, 180),
        "minimiser_1": _one(rng, (0.0, 1.0, 2.0, -3.0, 3.0, 1e-9), -3, 3),
        "minimiser_2": _one(rng, (0.0, 1.0, -1.0, -3.0, 3.0), -3, 3),
    }


def synthetic_regression(rng: np.random.Generator) -> dict[str, Any]:
    return {
        "kind": "synthetic_regression",
        "rows": int(rng.choice([1, 2, 3, 4, 10, 100, 5000])),
        "correlation": _one(rng, (0.0, 0.5, 0.99, -0.99), -0.99, 0.99),
        "noise": _one(rng, (0.0, 1.0, 10.0), 0, 10),
        "weight_1": _one(rng, (0.0, 2.0, 3.0, -3.0), -3, 3),
        "weight_2": _one(rng, (0.0, 1.0, 3.0, -3.0), -3, 3),
        "seed": int(rng.integers(0, 10_000)),
    }


def synthetic_classification(rng: np.random.Generator) -> dict[str, Any]:
    return {
        "kind": "synthetic_classification",
        "rows": int(rng.choice([1, 2, 3, 10, 60, 300])),
        "distance": _one(rng, (0.0, 2.0, 6.0, 10.0), 0, 10),
        "direction": _one(rng, (0.0, 30.0, 90.0, 360.0), 0, 360),
        "correlation": _one(rng, (0.0, 0.5, 0.99, -0.99), -0.99, 0.99),
        "noise": _one(rng, (0.0, 0.05, 0.5), 0, 0.5),
        "seed": int(rng.integers(0, 10_000)),
    }


def tabled(rng: np.random.Generator, kind: str) -> dict[str, Any]:
    """Columns by name, of any bundled table that has such a target."""
    name = str(rng.choice(sorted(BUNDLED) if kind == "regression" else ["breast_cancer", "iris", "wine"]))
    table = BUNDLED[name]
    numbers = [column for column in table.numbers if column != table.target]
    names = [str(column) for column in rng.permutation(numbers)]
    drawn: dict[str, Any] = {
        "kind": kind, "dataset": name, "first": names[0], "second": names[1],
        "others": str(rng.choice(["absent", "free", "fixed"])), "standardise": bool(rng.random() < 0.6),
    }  # fmt: skip
    if kind == "regression":
        drawn["target"] = table.target if table.target in table.numbers else names[2]
    else:
        drawn["positive"] = str(rng.choice(list(table.levels(table.target))))
    return drawn


def problem(rng: np.random.Generator, *, searched: bool) -> dict[str, Any]:
    """A search over a logistic profile takes seconds: it has a test of its own."""
    kinds = ("bowl", "bowl", "synthetic_regression", "regression", "synthetic_classification", "classification")
    match str(rng.choice(kinds[:4] if searched else kinds)):
        case "bowl":
            return bowl(rng)
        case "synthetic_regression":
            return synthetic_regression(rng)
        case "synthetic_classification":
            return synthetic_classification(rng)
        case kind:
            return tabled(rng, kind)


def form(rng: np.random.Generator) -> dict[str, float]:
    if rng.random() < 0.5:
        return {"radius": _one(rng, (0.0, 0.01, 0.3, 0.5, 0.99, 1.0, 1.2, 10.0), 0, 1.5)}
    return {"strength": float(rng.choice([0.0, 1e-4, 0.5, 1.0, 1e6])) if rng.random() < 0.4
            else float(10 ** rng.uniform(-4, 0.3))}  # fmt: skip


def states(seed: int, count: int) -> list[dict[str, Any]]:
    """The same seed always gives the same states; every regularizer takes its turn."""
    rng = np.random.default_rng(seed)
    return [
        {
            "problem": problem(rng, searched=REGULARIZERS[i % len(REGULARIZERS)]["kind"] == "quasi"),
            "regularizer": REGULARIZERS[i % len(REGULARIZERS)],
            **form(rng),
            "shortcut": str(rng.choice(SHORTCUTS)),
        }
        for i in range(count)
    ]


def knobs(state: dict[str, Any]) -> TangencyKnobs:
    return TangencyKnobs.model_validate(state)


def ask(part: str, state: dict[str, Any] | TangencyKnobs) -> Answer:
    """A part of the page as the API computes it."""
    turned = state if isinstance(state, TangencyKnobs) else knobs(state)
    asked = TANGENCY.parts[part]
    return asked.compute(**TANGENCY.given(asked, turned, LIBRARY))


def value(answer: Answer, readout: str) -> Any:
    return answer.readouts[readout].value


def convex(state: dict[str, Any]) -> bool:
    return isinstance(knobs(state).regularizer, Regularizer)
