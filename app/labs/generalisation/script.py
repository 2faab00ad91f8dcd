"""Bias and variance in Python: the same numbers from NumPy alone, without this project."""

import inspect

from app.data.library import Library
from app.data.samples import Sample
from app.labs.generalisation.drawn import CURVES, JUMPS, REACH, Basis, Places, Truth
from app.labs.generalisation.shifts import Drift

_BASES = {
    "polynomial": """\
def phi(x):
    orders = np.arange(1, {degree} + 1)
    return np.polynomial.legendre.legvander(x / 2, {degree})[..., 1:] * np.sqrt(2 * orders + 1)
""",
    "waves": """\
def phi(x):
    angles = np.pi * np.arange(1, {degree} + 1) * x[..., None] / 2
    return np.sqrt(2) * np.concatenate([np.cos(angles), np.sin(angles)], axis=-1)
""",
}
_PLACES = {
    "even": "x = np.tile(-2 + 4 * (np.arange({samples}) + 0.5) / {samples}, ({sets}, 1))",
    "random": "x = rng.uniform(-2, 2, ({sets}, {samples}))",
}
_SETS = """\


def ridge(X, y, alpha):
    \"\"\"Least squares of J + alpha * |w|^2 / 2 with a free level, as a function of features.\"\"\"
    n, p = X.shape
    rows = np.concatenate([X - X.mean(axis=0), np.sqrt(n * alpha) * np.eye(p)])
    w = np.linalg.lstsq(rows, np.concatenate([y - y.mean(), np.zeros(p)]), rcond=1e-8)[0]
    return lambda features: y.mean() + (features - X.mean(axis=0)) @ w


rng = np.random.default_rng({seed})
{places}
y = f(x) + {noise!r} * rng.standard_normal(({sets}, {samples}))
fits = [ridge(phi(places), values, {strength!r}) for places, values in zip(x, y)]
at, weights = np.polynomial.legendre.leggauss(128)
edges = {edges}  # between them nothing jumps
nodes = np.concatenate([(a + b + (b - a) * at) / 2 for a, b in zip(edges, edges[1:])])
shares = np.concatenate([(b - a) * weights / 8 for a, b in zip(edges, edges[1:])])
said = np.array([fit(phi(nodes)) for fit in fits])
bias = (said.mean(axis=0) - f(nodes)) ** 2 @ shares
variance = said.var(axis=0) @ shares
print("noise =", {noise!r} ** 2, " bias^2 =", bias, " variance =", variance)
print("expected error =", {noise!r} ** 2 + bias + variance)
later = np.random.default_rng(({seed}, 1))
fresh = later.uniform(-2, 2, ({sets}, 100))
t = f(fresh) + {noise!r} * later.standard_normal(fresh.shape)
print("error on fresh cases =", np.mean([np.mean((fit(phi(a)) - b) ** 2) for fit, a, b in zip(fits, fresh, t)]))
where, truth = {moved}


def errors(alpha):
    \"\"\"The expected error on new cases before and after the shift.\"\"\"
    fits = [ridge(phi(places), values, alpha) for places, values in zip(x, y)]
    before, after = (np.array([fit(phi(at)) for fit in fits]) for at in (nodes, where))
    return [{noise!r} ** 2 + np.mean((a - b) ** 2 @ shares) for a, b in ((before, f(nodes)), (after, truth))]


tried = [0, *np.geomspace(1e-6, 10, 71)]
before, after = np.transpose([errors(alpha) for alpha in tried])
best = np.argmin(before)
print("best strength =", tried[best], " error =", before[best], " after the shift =", after[best])

"""
_COPIES = """\
n, d = X.shape
sigma, later = {input_noise!r}, np.random.default_rng(({seed}, 2))
gram, pull = np.zeros((d, d)), np.zeros(d)
for _ in range({copies}):
    noisy = X + sigma * later.standard_normal((n, d))
    gram, pull = gram + noisy.T @ noisy, pull + noisy.T @ y
print("least squares on noisy copies =", np.linalg.lstsq(gram, pull, rcond=None)[0].tolist())
rows = np.concatenate([X, np.sqrt(n) * sigma * np.eye(d)])
print("ridge with alpha = sigma^2 =", np.linalg.lstsq(rows, np.concatenate([y, np.zeros(d)]), rcond=None)[0].tolist())
"""


def script(
    truth: Truth, noise: float, samples: int, places: Places, sets: int, seed: int, basis: Basis, degree: int,
    strength: float, drift: Drift, shift: float, sample: Sample, input_noise: float, copies: int, library: Library,
) -> str:  # fmt: skip
    """The decomposition at one strength, the error after the shift, and noisy copies beside ridge."""
    curve = inspect.getsource(CURVES[truth]).replace(" -> Array", "").replace(": Array", "")
    named = curve.replace(f"def {CURVES[truth].__name__}(", "def f(")
    moved = f"nodes + {shift!r}, f(nodes + {shift!r})" if drift == "inputs" else f"nodes, f(nodes - {shift!r})"
    sets_lines = _SETS.format(
        seed=seed, places=_PLACES[places].format(samples=samples, sets=sets), noise=noise, sets=sets, samples=samples,
        strength=strength, moved=moved, edges=_edges(truth, shift if drift == "inputs" else -shift),
    )  # fmt: skip
    head = f"import numpy as np\n\n\n{named}\n\n{_BASES[basis].format(degree=degree)}"
    return head + sets_lines + library.sampled(sample).python + _COPIES.format(
        input_noise=input_noise, seed=seed, copies=copies
    )  # fmt: skip


def _edges(truth: Truth, moved: float) -> list[float]:
    """The ends of the pieces on which neither f(x) nor f(x + moved) jumps."""
    jumps = {place for jump in JUMPS[truth] for place in (jump, jump - moved) if abs(place) < REACH}
    return [-REACH, *sorted(jumps), REACH]
