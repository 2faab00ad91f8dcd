"""The same training with scikit-learn's MLPClassifier: tanh, no penalty, shuffled batches; in its data's precision.

In single precision its weights, activations and gradients are single; the rate of its Adam is a double, so that its
updates are computed in double before they are added.
"""

import warnings

from sklearn.exceptions import ConvergenceWarning
from sklearn.neural_network import MLPClassifier

from app.geometry import AnyOptimizer
from benchmarks import network_samples
from benchmarks.network_samples import Layers, Precision, Training


def training(rule: AnyOptimizer, rate: float, steps: int, precision: Precision) -> Training:
    """It never stops early."""
    inputs = network_samples.INPUTS.astype(precision)
    epochs = steps // network_samples.EPOCH

    def work(seed: int) -> MLPClassifier:
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
            return model.fit(inputs, network_samples.TARGETS[:, 0])

    return Training(work, _learnt)


def _learnt(model: MLPClassifier) -> list[Layers]:
    return [[(W.T, b) for W, b in zip(model.coefs_, model.intercepts_, strict=True)]]
