"""What the parts of a lab answer, each film trained once: many tests look at one from several sides."""

import inspect
from typing import Any

from app.labs.film import Film, Reel
from app.labs.lab import Answer, Part

_ROLLED: dict[tuple[Any, ...], dict[int, Reel]] = {}


def answered(part: Part, given: dict[str, Any]) -> Answer:
    """`part.compute`, but for the training of a film that has been trained before, or up to an earlier moment.

    It is a pure function of what its plan takes; that a moment is the same however a film is cut, and alone the same as
    among all, is asked in tests/test_films.py and tests/test_labs.py.
    """
    film = part.compute
    if not isinstance(film, Film):
        return part.compute(**given)
    plan, moment = film.planned(given), given[film.along]
    taken = [given[name] for name in inspect.signature(film.plan).parameters]
    key = (film.plan, film.record, *((type(one), one) for one in taken))  # 1 and 1.0 and True are not the same
    reels = _ROLLED.setdefault(key, {0: film.start(plan)})
    before = max(one for one in reels if one <= moment)
    reels[moment] = film.rolled(plan, reels[before], moment)
    return film.drawn(plan, reels[moment], given)
