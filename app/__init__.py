"""Normball: what regularization does to the optimum of a loss, to see and to touch."""

import os

# Before NumPy is imported: two processes with two BLAS threads each ran 43 times slower than with one each.
for _library in ("OPENBLAS", "OMP", "MKL"):
    os.environ.setdefault(f"{_library}_NUM_THREADS", "1")

__version__ = "0.1.0"
