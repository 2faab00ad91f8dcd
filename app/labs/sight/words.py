"""What a lab says of an optimum, in sentences: what was solved, and how it went."""

from app.geometry import Constrained, Outcome, Penalised
from app.geometry.numerals import numeral
from app.labs.sight.optimum import Sight


def objective(sight: Sight) -> str:
    """What was really solved, in words and symbols."""
    formula = sight.regularizer.written(sight.regularizer.formula)
    loss = f"J(w) = {sight.posed.sentence}"
    match sight.form:
        case Constrained(radius):
            return f"minimise J(w) subject to {formula} ≤ {numeral(float(sight.regularizer.level(radius)), 4)}, {loss}"
        case Penalised(strength):
            return f"minimise J(w) + {numeral(strength, 4)}·{formula}, {loss}"
        case _:
            return f"minimise {loss}"


def outcome(sight: Sight) -> Outcome:
    """How it went: what the solver says, then what it means, then what is awkward about the data."""
    found = sight.found
    said = [_sentence(found.outcome.sentence)]
    if found.outcome.kind == "converged":
        if not found.active:
            said = ["The constraint is inactive: the ball holds the free optimum, α* = 0."]
        elif found.strength is None:
            least = found.smallest_strength
            every = (
                "no finite multiplier exists." if least is None else f"every α ≥ {numeral(least, 4)} is a multiplier."
            )
            said = [f"The ball is the point 0: {every}"]
        else:
            said = [f"The constraint is active: α* = {numeral(found.strength, 4)}, w* is at {sight.place}."]
    if found.weights is not None and not sight.certified:
        said.append(f"This optimum is not certified: its KKT residual is {numeral(found.certificate.residual, 2)}.")
    if sight.apart:
        said.append("Penalty and constraint part here: the penalty's optimum is another point.")
    return Outcome(found.outcome.kind, " ".join([*said, *_notes(sight)]))


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:].rstrip('.')}."


def _notes(sight: Sight) -> list[str]:
    """What is awkward about the data; that J alone has no optimum is said by the solver, or no longer matters."""
    why = sight.posed.loss.minimum.reason.lower()
    notes = [note for note in sight.posed.notes if note.lower() != f"{why}."]
    if sight.found.weights is not None and not sight.posed.attained:
        notes.append("Without a ball or a penalty J has no finite optimum here.")
    return notes
