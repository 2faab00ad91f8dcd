"""Selection in Python: the same path, folds and weights from scikit-learn, without this project."""

from app.data.library import Library
from app.data.samples import Sample
from app.labs.sparsity.followed_paths import Penalty, followed, ratio_of

_MODELS = {
    "lasso": "Lasso(alpha=alpha, fit_intercept=False, tol=1e-12, max_iter=1_000_000)",
    "elastic_net": "ElasticNet(alpha=alpha, l1_ratio={ratio!r}, fit_intercept=False, tol=1e-12, max_iter=1_000_000)",
    "ridge": "Ridge(alpha=len(X) * alpha, fit_intercept=False)",
}
_KNOTS = """\
knots, _, weights = lars_path(X, y, method="lasso")
print("alpha and weights at the knots:")
print(np.column_stack([knots, weights.T]))
"""
_FIT = """\
def model(X, alpha):
    return {model}


unit = {unit!r}  # what strengths are a share of
alpha = {strength!r} * unit
w = model(X, alpha).fit(X, y).coef_
print("alpha =", alpha)
print("w =", w)
"""
_FOLDS = """\
folds = min({folds}, len(y))
fold = np.random.default_rng({split}).permutation(np.arange(len(y)) % folds)
for share in np.geomspace(1, 1e-4, 61)[::5]:
    losses = []
    for k in range(folds):
        on = fold != k
        centre, level = X[on].mean(axis=0), y[on].mean()
        fitted = model(X[on], share * unit).fit(X[on] - centre, y[on] - level)
        missed = y[~on] - level - (X[~on] - centre) @ fitted.coef_
        losses.append(np.mean(missed ** 2) / 2)
    print(f"{{share:.4g}} of the unit: loss {{np.mean(losses):.6g}} +- {{np.std(losses, ddof=1) / folds ** 0.5:.2g}}")
"""


def script(
    sample: Sample, penalty: Penalty, ratio: float, strength: float, folds: int, split: int, library: Library
) -> str:
    """The fit at this strength, the knots of a lasso, and its folds."""
    found = library.once(followed, sample, ratio_of(penalty, ratio))
    model = _MODELS[penalty].format(ratio=ratio)
    imports = f"from sklearn.linear_model import {model.partition('(')[0]}{', lars_path' * (penalty == 'lasso')}\n\n"
    fit = _FIT.format(model=model, unit=found.unit, strength=strength)
    tested = _FOLDS.format(folds=folds, split=split) if found.drawn.rows > 1 else "# one row cannot be split\n"
    knots = _KNOTS if penalty == "lasso" and found.drawn.rows > 1 else ""
    return f"{found.drawn.python}\n{imports}{fit}{knots}{tested}"
