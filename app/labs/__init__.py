"""The labs, in teaching order: one file is one page."""

from app.labs.backprop import BACKPROP
from app.labs.descent import DESCENT
from app.labs.dropout import DROPOUT
from app.labs.duality import DUALITY
from app.labs.early_stopping import EARLY_STOPPING
from app.labs.generalisation import GENERALISATION
from app.labs.lab import Lab
from app.labs.landscape import LANDSCAPE
from app.labs.network import NETWORK
from app.labs.prior import PRIOR
from app.labs.shrinkage import SHRINKAGE
from app.labs.signal import SIGNAL
from app.labs.sparsity import SPARSITY
from app.labs.tangency import TANGENCY
from app.labs.units import UNITS

_ORDER = (
    TANGENCY,
    DUALITY,
    SHRINKAGE,
    SPARSITY,
    DESCENT,
    EARLY_STOPPING,
    PRIOR,
    NETWORK,
    UNITS,
    DROPOUT,
    SIGNAL,
    BACKPROP,
    GENERALISATION,
    LANDSCAPE,
)
LABS: dict[str, Lab] = {lab.slug: lab for lab in _ORDER}
