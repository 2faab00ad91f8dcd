"""Every lab as it opens and in each of its presets, computed once: several test files look at it."""

from functools import cache

import pytest

from app.data import Library, Uploads
from app.knobs import Knobs
from app.labs import LABS
from app.labs.lab import Answer, Lab
from app.web.queries import parse, text

LIBRARY = Library(Uploads(None))
VIEWS = [(slug, view) for slug, lab in LABS.items() for view in ("", *(one.id for one in lab.presets))]
each_view = pytest.mark.parametrize(("slug", "view"), VIEWS, ids=["-".join(filter(None, one)) for one in VIEWS])


def turned(lab: Lab, view: str) -> Knobs:
    given = next((one.knobs for one in lab.presets if one.id == view), {})
    return parse(lab.knobs, {key: text(value) for key, value in given.items()})


@cache
def answers(slug: str, view: str) -> dict[str, Answer]:
    """What the parts of a lab answer in a view."""
    lab = LABS[slug]
    knobs = turned(lab, view)
    return {name: part.compute(**lab.given(part, knobs, LIBRARY)) for name, part in lab.parts.items()}
