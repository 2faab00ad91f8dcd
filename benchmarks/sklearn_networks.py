"""The same training with scikit-learn's MLPClassifier: tanh, no penalty, shuffled batches."""

import warnings

from sklearn.exceptions import ConvergenceWarning
from sklearn.neural_network import MLPClassifier

from app.geometry import AnyOptimizer
from benchmarks import network_samples


def trained(rule: AnyOptimizer, rate: float, seed: int, epochs: int) -> float:
    """Its last loss; it never stops early."""
    model = MLPClassifier(
        network_samples.SIZES[1:-1],
        activation="tanh",
        solver="adam" if rule.kind == "adam" else "sgd",
        alpha=0.0,
        batch_size=network_samples.BATCH,
        learning_rate_init=rate,
        max_iter=epochs,
        n_iter_no_change=epochs + 1,
        tol=0.0,
        momentum=0.0,
        nesterovs_momentum=False,
        random_state=seed,
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # it was told to stop
        return float(model.fit(network_samples.INPUTS, network_samples.TARGETS[:, 0]).loss_)
