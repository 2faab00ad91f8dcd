"""What all train alike: networks of these sizes on exclusive or, in batches, alone or many at once."""

import numpy as np

from benchmarks.samples import Array

SIZES, BATCH, MANY = (2, 16, 16, 1), 32, 64
INPUTS: Array = np.random.default_rng(0).standard_normal((1024, 2))
TARGETS: Array = (INPUTS[:, :1] * INPUTS[:, 1:] > 0.0).astype(float)  # xor
EPOCH = len(INPUTS) // BATCH
