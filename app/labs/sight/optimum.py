"""What a lab shows of an optimum: the picture that explains it, the numbers that prove it, one sentence."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from math import dist

import numpy as np

from app.data.posing import Posed
from app.figures import plane
from app.figures.marks import Array, Mark, point
from app.geometry import (
    Constrained,
    Convex,
    Edge,
    Form,
    NonConvex,
    Penalised,
    Piece,
    Quadratic,
    Regularizer,
    Solution,
    SquaredL2,
    effective_degrees_of_freedom,
    plane_optimum,
    solve,
)
from app.labs.lab import Readout
from app.labs.sight.scales import Scale

AnyRegularizer = Convex | NonConvex

CERTIFIED = 1e-8  # relative KKT residual above which the marker is hollow and the page says so
ARROW, CONE, WAY = 0.16, 0.22, 0.36  # lengths of −∇J, of the cone, of an endless way: shares of the window's width


@dataclass(frozen=True, eq=False)
class Sight:
    """An optimum in view: the problem, the form that was solved, and what was found."""

    posed: Posed
    regularizer: AnyRegularizer
    units: Scale
    form: Form
    found: Solution

    @property
    def width(self) -> float:
        """The width of the window, in weights."""
        return self.posed.window[1] - self.posed.window[0]

    @property
    def certified(self) -> bool:
        """Whether the optimum is proven to the tolerance of the page."""
        return self.found.certificate.residual <= CERTIFIED

    @cached_property
    def twin(self) -> Array | None:
        """The same optimum asked for in the other form: by the multiplier found, or by the radius found."""
        if self.found.weights is None or not self.found.unique:  # of many optima two forms may take different ones
            return None
        if isinstance(self.form, Penalised):
            return self._optimum(Constrained(self.found.radius))
        if self.found.strength is None or not self.found.active:
            return None
        return self._optimum(Penalised(self.found.strength))

    def _optimum(self, form: Form) -> Array | None:
        if isinstance(self.regularizer, NonConvex) and not isinstance(self.posed.loss, Quadratic):
            return None  # a search of seconds for a point that need not be the same
        if isinstance(self.posed.loss, Quadratic) and isinstance(self.regularizer, Convex):
            return np.array(plane_optimum(self.posed.loss, self.regularizer, form)[:2])
        return solve(self.posed.loss, self.regularizer, form).weights

    @cached_property
    def distance(self) -> float | None:
        """How far the optima of both forms are from each other."""
        if self.twin is None or self.found.weights is None:
            return None
        return dist(plane.pair(self.twin), plane.pair(self.found.weights))

    @property
    def apart(self) -> bool:
        """Whether penalty and constraint part, as they may where Ω is not convex."""
        return self.distance is not None and self.distance > 1e-3 * self.width

    @cached_property
    def normals(self) -> Array:
        """The extreme rays of the normal cone at the optimum; none where it is not on the boundary or at 0."""
        weights = self.found.weights
        if weights is None or not self.found.active or not isinstance(self.regularizer, Regularizer):
            return np.empty((0, 2))
        return self.regularizer.normals(weights)

    @cached_property
    def relative_radius(self) -> float:
        """The radius of the ball in the units of the slider."""
        return self.units.relative_radius(self.regularizer, self.found.radius)

    @cached_property
    def sphere(self) -> Sequence[Piece]:
        """The boundary of the ball."""
        return self.regularizer.boundary(self.found.radius)

    @cached_property
    def place(self) -> str:
        """Where on the ball the optimum lies, in words."""
        if self.found.weights is None:
            return "nowhere: there is no optimum"
        if not self.found.active:
            return "inside the ball"
        first, second = plane.pair(self.found.weights)
        if not (first or second):
            return "0: the ball is this point" if isinstance(self.form, Constrained) else "0: every weight is zero"
        if len(self.normals) == 2:
            return "a corner: " + ("|w₁| = |w₂|" if first and second else "w₂ = 0" if first else "w₁ = 0")
        straight = isinstance(self.sphere[0], Edge)
        return "an edge: no weight is zero" if straight else "a smooth point of the boundary"


def drawn(sight: Sight) -> list[Mark]:
    """The ball, the contour through the optimum, the normal cone, −∇J, and the optimum in both forms."""
    posed, found = sight.posed, sight.found
    shapes = [plane.ball(sight.sphere)] if found.radius > 0 else []
    if found.weights is None:
        return shapes + _endless(sight)
    centre = posed.reference if posed.attained else found.weights
    shapes += plane.level_set(posed.loss, found.value, centre, posed.window, posed.stand_in)
    if found.active:
        shapes += plane.normal_cone(found.weights, sight.normals, CONE * sight.width)
        shapes += plane.pull(found.weights, -posed.loss.gradient(found.weights), ARROW * sight.width)
    if sight.twin is not None:
        shapes.append(point("penalised_apart" if sight.apart else "penalised_twin", plane.pair(sight.twin)))
    return [*shapes, point(_marker(sight), plane.pair(found.weights))]


def _endless(sight: Sight) -> list[Mark]:
    """From 0 the way along which J falls for ever, where that is why there is no optimum."""
    way = sight.posed.loss.minimum.descent
    return [] if way is None else plane.pull(np.zeros(2), way, WAY * sight.width, "descent_direction")


def _marker(sight: Sight) -> str:
    if isinstance(sight.regularizer, NonConvex):
        return "optimum_searched"
    return "optimum" if sight.certified else "optimum_uncertain"


def radius_handles(sight: Sight) -> list[Mark]:
    """The ball's handle: on its boundary, on the ray to ŵ, where the relative radius can be read off."""
    if sight.found.weights is None and not isinstance(sight.form, Constrained):
        return []
    unit = np.array(sight.units.unit)
    at = sight.relative_radius * unit
    return [plane.ray_handle("ball", "radius of the ball", at, "radius", unit)]


def readouts(sight: Sight) -> dict[str, Readout]:
    """The numbers: the linked pair, the optimum, what it costs, and the certificate."""
    return {**_linked(sight), **_weights(sight), **_certificate(sight)}


def _linked(sight: Sight) -> dict[str, Readout]:
    found, units = sight.found, sight.units
    there = found.weights is not None or isinstance(sight.form, Constrained)
    radius = sight.relative_radius if there else None
    strength = None if found.strength is None else found.strength / units.strength
    return {
        "radius": Readout(radius, "t/‖ŵ‖", "radius of the ball as a share of the one that reaches ŵ"),
        "strength": Readout(strength, "α/αₘₐₓ", f"strength as a share of {units.strength_words}"),
        "t": Readout(found.radius if there else None, "t", "radius of the ball, in the norm itself"),
        "multiplier": Readout(
            found.strength,
            "α*",
            "multiplier of the constraint, and strength of the penalty: one number; none where the ball is a point",
        ),
        "active": Readout(found.active, "active", "whether the constraint holds w* back; if not, α* = 0"),
    }


def _weights(sight: Sight) -> dict[str, Readout]:
    found = sight.found
    first, second = (None, None) if found.weights is None else plane.pair(found.weights)
    known = found.weights is not None and sight.posed.loss.minimum.attained
    shown: dict[str, Readout] = {
        "w1": Readout(first, "w₁*", sight.posed.names[0]),
        "w2": Readout(second, "w₂*", sight.posed.names[1]),
        "zeros": Readout(
            None if first is None else (first == 0) + (second == 0), "zeros", "how many weights are exactly 0"
        ),
        "place": Readout(sight.place, "w* lies at", "where on the ball the optimum is"),
        "loss": Readout(None if first is None else found.value, "J(w*)", "the loss at the optimum"),
        "excess": Readout(
            found.value - sight.posed.loss.minimum.value if known else None, "J(w*) − J(ŵ)", "what the constraint costs"
        ),
    }
    freedom, loss = None, sight.posed.loss
    if isinstance(sight.regularizer, SquaredL2) and isinstance(loss, Quadratic) and found.strength is not None:
        freedom = float(effective_degrees_of_freedom(loss.eigenvalues, found.strength))
    words = "effective degrees of freedom: how much of the two directions weight decay leaves"
    return {**shown, "freedom": Readout(freedom, "Σ λᵢ/(λᵢ+α)", words)}


def _certificate(sight: Sight) -> dict[str, Readout]:
    certificate, there = sight.found.certificate, sight.found.weights is not None
    return {
        "residual": Readout(
            certificate.residual if there else None,
            "KKT residual",
            "the largest violation of stationarity, feasibility and complementarity, relative; 0 is exact",
        ),
        "gap": Readout(
            certificate.gap if there else None,
            "duality gap",
            "how much lower J could still be at most, relative; none where Ω is not convex",
        ),
        "twin": Readout(
            sight.distance,
            "penalised − constrained",
            "distance between the optima of the two forms: one point if J and Ω are convex",
        ),
    }
