"""The coefficient path of a lasso, a ridge or an elastic net on all features of a table, followed once and shared."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from app.data.library import Library
from app.data.samples import Sample
from app.data.sampling import Sampled
from app.figures.marks import Array
from app.geometry import (
    LassoPath,
    PathEvent,
    effective_degrees_of_freedom,
    elastic_net_path,
    largest_elastic_strength,
    lasso_path,
    path_residuals,
    shrunk,
)

Penalty = Literal["lasso", "elastic_net", "ridge"]
Beside = Literal["none", "ridge", "elastic_net", "lasso"]
WEAKEST = 1e-4  # the last strength of a chart
ENDS = (1.0, 0.7 * WEAKEST)  # with room for the last label of the axis
DRAWN = np.geomspace(1.0, WEAKEST, 121)
RIDGE_UNIT = 10.0  # times L: where no strength makes the weights zero


@dataclass(frozen=True, eq=False)
class Followed:
    """A path by falling strength.

    Attributes:
        drawn: the data.
        ratio: ρ: 1 for the lasso, 0 for ridge.
        unit: the α that the strength 1 means.
        shares: α/unit (m,) at the points of the path, falling from 1.
        weights: (m, d).
        knots: the whole path of a lasso, None for the others.
        residual: the largest KKT residual at any of the points.
    """

    drawn: Sampled
    ratio: float
    unit: float
    shares: Array
    weights: Array
    knots: LassoPath | None
    residual: float

    @property
    def hessian(self) -> Array:
        """XᵀX/n."""
        return self.drawn.loss.curvature

    @property
    def pull(self) -> Array:
        """Xᵀy/n."""
        return self.hessian @ self.drawn.loss.minimiser

    @property
    def unit_words(self) -> str:
        """What strengths are a share of."""
        return (
            "αₘₐₓ, the smallest strength that makes every weight zero"
            if self.ratio
            else "10·L, as no strength makes every weight zero"
        )

    @property
    def unit_symbol(self) -> str:
        """What the strength 1 means."""
        return "αₘₐₓ" if self.ratio else "10·L"

    @property
    def axis(self) -> str:
        """The title of an axis of strengths that fall."""
        return "α/αₘₐₓ, falling" if self.ratio else "α/(10·L), falling"

    @property
    def events(self) -> tuple[PathEvent, ...]:
        """Which features enter and leave at the knots of a lasso."""
        return self.knots.events if self.knots else ()

    def at(self, strength: float) -> Array:
        """The weights (d,) at a strength, in the units of the knob."""
        alpha = strength * self.unit
        if self.knots:
            return self.knots.at_strength(alpha)
        if self.ratio == 0.0 or alpha == 0.0:
            return shrunk(self.drawn.loss, alpha)
        return np.asarray(elastic_net_path(self.hessian, self.pull, self.ratio, np.array([alpha]))[0])

    def freedom(self, strength: float, w: Array) -> float:
        """Effective degrees of freedom: the number of weights of a lasso, Σλᵢ/(λᵢ+α(1−ρ)) over those that are not 0.

        Zou, Hastie, Tibshirani (2007), On the degrees of freedom of the lasso; for the elastic net their §5.
        """
        on = w != 0.0
        if self.ratio == 1.0 or not on.any():
            return float(on.sum())
        values = np.maximum(np.linalg.eigvalsh(self.hessian[np.ix_(on, on)]), 0.0)
        return float(effective_degrees_of_freedom(values, strength * self.unit * (1.0 - self.ratio)))


def ratio_of(penalty: Penalty, ratio: float) -> float:
    """ρ of a penalty; only the elastic net has a choice."""
    return {"lasso": 1.0, "ridge": 0.0, "elastic_net": ratio}[penalty]


def followed(library: Library, sample: Sample, ratio: float) -> Followed:
    """The whole path; every part and every frame shares it."""
    drawn = library.sampled(sample)
    hessian, pull = drawn.loss.curvature, drawn.loss.curvature @ drawn.loss.minimiser
    unit = largest_elastic_strength(pull, ratio)
    unit = (RIDGE_UNIT * drawn.loss.smoothness if unit is None else unit) or 1.0
    knots, shares = None, DRAWN
    if ratio == 1.0:
        knots = lasso_path(hessian, pull)
        bends = knots.strengths[(knots.strengths > WEAKEST * unit) & (knots.strengths < unit)] / unit
        shares = np.unique(np.concatenate([DRAWN, bends]))[::-1]
        weights = knots.at_strengths(shares * unit)
    else:
        weights = elastic_net_path(hessian, pull, ratio, shares * unit)
    residual = float(path_residuals(hessian, pull, ratio, shares * unit, weights).max())
    return Followed(drawn, ratio, unit, shares, weights, knots, residual)
