"""Priors in Python: MAP, posterior mean and draws from NumPy and scikit-learn, without this project."""

from app.data.library import Library
from app.data.problems import Regression
from app.labs.prior.belief import Prior, belief
from app.labs.prior.rows import RowsProblem

_FREE = """\
others = X[:, 2:]  # free, always at their best: taken out of the two weights of the picture and of y
X, y = (one - others @ np.linalg.lstsq(others, one, rcond=None)[0] for one in (X[:, :2], y))
"""
_ROWS = """\
{order}level = y[:{rows}].mean()
X, y = X[:{rows}] - X[:{rows}].mean(axis=0), y[:{rows}] - level  # the intercept has a flat prior
n, sigma = len(y), {noise!r}
"""
_GAUSSIAN = """\
tau = {width!r}
precision = X.T @ X / sigma**2 + np.eye(2) / tau**2
mean = np.linalg.solve(precision, X.T @ y / sigma**2)
alpha = sigma**2 / (n * tau**2)
print("alpha =", alpha, " MAP = posterior mean =", mean)
print("ridge:", np.linalg.solve(X.T @ X / n + alpha * np.eye(2), X.T @ y / n))
draws = np.random.default_rng({seed}).multivariate_normal(mean, np.linalg.inv(precision), {draws})
intercepts = np.random.default_rng([{seed}, 1]).normal(level, sigma / np.sqrt(n), {draws})
"""
_LAPLACE = """\
from sklearn.linear_model import Lasso

b = {width!r}
alpha = sigma**2 / (n * b)
mode = Lasso(alpha, fit_intercept=False, tol=1e-12, max_iter=1_000_000).fit(X, y).coef_
print("alpha =", alpha, " MAP = lasso =", mode)
# The mean by the midpoint rule: no closed form holds for two weights.
spread = 12 * np.sqrt(np.diag(np.linalg.inv(X.T @ X / sigma**2 + np.eye(2) / (2 * b**2))))
w = np.stack(np.meshgrid(*(m + s * np.linspace(-1, 1, 1200) for m, s in zip(mode, spread)), indexing="ij"), axis=-1)
log = -np.square(y - w @ X.T).sum(axis=-1) / (2 * sigma**2) - abs(w).sum(axis=-1) / b
mass = np.exp(log - log.max())
print("posterior mean =", np.einsum("ij,ijk->k", mass, w) / mass.sum())
"""


def script(
    problem: RowsProblem, rows: int, noise: float, prior: Prior, width: float | None, strength: float | None,
    draws: int, seed: int, library: Library,
) -> str:  # fmt: skip
    """The posterior of the rows seen as lines of Python."""
    held = belief(library, problem, rows, noise, prior, width, strength)
    lines = held.found.posed.python
    shuffled = isinstance(problem, Regression)
    if isinstance(problem, Regression) and problem.others == "free":
        lines += _FREE
    if isinstance(problem, Regression) and problem.others == "fixed":
        lines += "y = y - offset\n"
    order = "order = np.random.default_rng(0).permutation(len(y))\nX, y = X[order], y[order]\n" if shuffled else ""
    lines += _ROWS.format(order=order, rows=held.found.rows, noise=held.found.noise)
    if prior == "gaussian":
        return lines + _GAUSSIAN.format(width=held.posterior.width, seed=seed, draws=draws)
    return lines + _LAPLACE.format(width=held.posterior.width)
