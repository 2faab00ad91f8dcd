"""The labs, in teaching order: one file is one page."""

from app.labs.descent import DESCENT
from app.labs.duality import DUALITY
from app.labs.early_stopping import EARLY_STOPPING
from app.labs.lab import Lab
from app.labs.prior import PRIOR
from app.labs.shrinkage import SHRINKAGE
from app.labs.sparsity import SPARSITY
from app.labs.tangency import TANGENCY

_ORDER = (TANGENCY, DUALITY, SHRINKAGE, SPARSITY, DESCENT, EARLY_STOPPING, PRIOR)
LABS: dict[str, Lab] = {lab.slug: lab for lab in _ORDER}
