"""Early stopping in Python: the same numbers from NumPy alone, without this project."""

from app.data.library import Library
from app.data.problems import Bowl, Regression
from app.data.samples import Sample
from app.data.sentences import counted
from app.labs.early_stopping.walk import PlaneProblem

_FREE = """\
others = X[:, 2:]  # free, always at their best: taken out of the two weights of the picture and of y
X, y = (one - others @ np.linalg.lstsq(others, one, rcond=None)[0] for one in (X[:, :2], y))
"""
_DATA = """\
H = X.T @ X / len(y)
minimiser = np.linalg.lstsq(X, y, rcond=None)[0]
"""
_PLANE = """\
eta = {step!r} / np.linalg.eigvalsh(H)[-1]
w = np.zeros(2)
for _ in range({epoch}):
    w = w - eta * H @ (w - minimiser)
print("after {steps}: w =", w)
alphas = np.geomspace(1e-6, 1e6, 100_001) * np.trace(H)
values, vectors = np.linalg.eigh(H)
ridge = (values / (values + alphas[:, None]) * (vectors.T @ minimiser)) @ vectors.T
nearest = np.argmin(np.linalg.norm(ridge - w, axis=1))
print("closest decay: alpha =", alphas[nearest], "at a distance of", np.linalg.norm(ridge[nearest] - w))

"""
_TRAIN = """\
order = np.random.default_rng({split}).permutation(len(y))
count = min(max(round({share!r} / 100 * len(y)), 1), len(y) - 1)
train, judge = order[:count], order[count:]
mean, spread = X[train].mean(axis=0), X[train].std(axis=0)
varies = spread > 1e-12 * abs(X[train]).max(axis=0)
X = np.where(varies, (X - mean) / np.where(varies, spread, 1.0), 0.0)
y = y - y[train].mean()
eta = {step!r} / np.linalg.eigvalsh(X[train].T @ X[train] / count)[-1]
w, best, waited = np.zeros(X.shape[1]), None, 0
for epoch in range({epochs} + 1):
    loss = np.mean((X[judge] @ w - y[judge]) ** 2) / 2
    best, waited = ((loss, epoch, w), 0) if best is None or loss < best[0] else (best, waited + 1)
    if waited >= {patience}:
        break
    w = w - eta * X[train].T @ (X[train] @ w - y[train]) / count
print("kept: the weights of epoch", best[1], "with the validation loss", best[0])
print(best[2])
"""


def script(
    problem: PlaneProblem, step: float, epoch: int, sample: Sample, share: float, split: int, epochs: int,
    patience: int, library: Library,
) -> str:  # fmt: skip
    """Descent and the closest decay in the plane, then training with patience, as lines of Python."""
    plane = library.pose(problem).python
    if isinstance(problem, Regression) and problem.others == "free":
        plane += _FREE
    if isinstance(problem, Regression) and problem.others == "fixed":
        plane += "y = y - offset\n"
    if not isinstance(problem, Bowl):
        plane += _DATA
    drawn = library.sampled(sample)
    training = _TRAIN.format(step=step, split=split, share=share, epochs=epochs, patience=patience)
    if drawn.rows < 2:
        training = "# one row cannot be split into rows to train on and rows to validate on\n"
    return plane + _PLANE.format(step=step, epoch=epoch, steps=counted(epoch, "step")) + drawn.python + training
