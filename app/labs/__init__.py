"""The labs, in teaching order: one file is one page."""

from app.labs.lab import Lab
from app.labs.tangency import TANGENCY

LABS: dict[str, Lab] = {lab.slug: lab for lab in (TANGENCY,)}
