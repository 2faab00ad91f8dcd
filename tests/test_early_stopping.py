"""The page on early stopping: its numbers against loops and other libraries, its pictures against its numbers."""

import math
import time
from typing import Any

import numpy as np
import pytest

from app.data import Impossible, Library, Uploads
from app.labs.early_stopping import EARLY_STOPPING, EarlyStoppingKnobs
from app.labs.lab import Answer
from app.web.questions import Question, computed
from tests.test_labs import numbers

LIBRARY = Library(Uploads(None))
BOWL = {"kind": "bowl", "curvature_1": 1, "curvature_2": 4, "minimiser_1": 1, "minimiser_2": 1}


def knobs(**given: Any) -> EarlyStoppingKnobs:
    return EarlyStoppingKnobs.model_validate(given)


def ask(part: str, library: Library = LIBRARY, **given: Any) -> Answer:
    asked = EARLY_STOPPING.parts[part]
    return asked.compute(**EARLY_STOPPING.given(asked, knobs(**given), library))


def value(answer: Answer, name: str) -> Any:
    return answer.readouts[name].value


def every(library: Library = LIBRARY, **given: Any) -> dict[str, Answer]:
    return {name: ask(name, library, **given) for name in EARLY_STOPPING.parts}


def sound(answers: dict[str, Answer]) -> None:
    """Finite, said in a sentence, and drawn within reach of what a browser can place."""
    for name, answer in answers.items():
        values = [one.value for one in answer.readouts.values() if isinstance(one.value, float)]
        assert all(map(math.isfinite, values)), name
        drawn = [abs(one) for one in numbers(dict(answer.figures))]
        assert max(drawn, default=0.0) < 1e9, name
        assert answer.outcome.sentence.rstrip().endswith(".")


def test_the_witness_of_ten_steps() -> None:
    """mathematics.md §3: α = (0.535340, 0.024334), the closest single α 0.446591 is 0.1025 away."""
    found = ask("moment", problem=BOWL, step=0.4, epoch=10)
    assert value(found, "strength_1") == pytest.approx(0.535340, abs=5e-7)
    assert value(found, "strength_2") == pytest.approx(0.024334, abs=5e-7)
    assert value(found, "closest_strength") == pytest.approx(0.446591, abs=5e-7)
    assert value(found, "gap") == pytest.approx(0.1025, abs=5e-5)
    assert value(found, "distance") == pytest.approx(100 * 0.1025 / math.sqrt(2), abs=5e-3)
    assert "0.447" in found.outcome.sentence


@pytest.mark.parametrize("step", [0.05, 1.0, 1.7, 2.0, 2.3])
def test_the_walk_is_the_one_that_steps_take(step: float) -> None:
    problem = {**BOWL, "angle": 30}
    loss = LIBRARY.pose(knobs(problem=problem).problem).loss
    w = np.zeros(2)
    for epoch in range(1, 8):
        w = w - step / loss.smoothness * loss.gradient(w)
        found = ask("moment", problem=problem, step=step, epoch=epoch)
        assert [value(found, "w1"), value(found, "w2")] == pytest.approx(list(w), abs=1e-9)
        assert value(found, "excess") == pytest.approx(float(loss.value(w)), abs=1e-9)


def test_the_marks_are_where_the_numbers_are() -> None:
    found = ask("moment", problem=BOWL, step=0.4, epoch=10)
    shapes = {one["name"]: one for one in found.figures["plane"]["layout"]["shapes"]}
    stopped = shapes["stopped"]
    assert (stopped["xanchor"], stopped["yanchor"]) == pytest.approx((value(found, "w1"), value(found, "w2")), rel=1e-5)
    alpha = value(found, "closest_strength")
    ridge = (1 / (1 + alpha), 4 / (4 + alpha))
    assert (shapes["decayed"]["xanchor"], shapes["decayed"]["yanchor"]) == pytest.approx(ridge, rel=1e-5)
    rule = 1 / (0.1 * 10)
    thumb = shapes["thumb_point"]
    assert (thumb["xanchor"], thumb["yanchor"]) == pytest.approx((1 / (1 + rule), 4 / (4 + rule)), rel=1e-5)
    assert found.figures["match"]["layout"]["shapes"][0]["x0"] == 10
    filters = [one for one in found.figures["filters"]["layout"]["shapes"] if one["name"] == "stopped"]
    assert [one["yanchor"] for one in filters] == pytest.approx([1 - 0.9**10, 1 - 0.6**10], abs=1e-5)


def test_the_rule_of_thumb_misses_by_what_the_book_says() -> None:
    """labs.md §6, in the limit of small steps: 0.204 at λ = 2.51α; 0.632 and 0.500 at λ = α."""
    found = ask("moment", problem=BOWL, step=0.01, epoch=200)
    assert value(found, "filter_gap") == pytest.approx(0.204, abs=2e-3)
    assert value(found, "filter_gap_at") == pytest.approx(2.51, abs=0.01)
    shown = value(found, "filters_at_one")
    assert shown.startswith("0.633")  # 1 − (1 − 1/200)²⁰⁰, on its way to 1 − 1/e
    assert shown.endswith("0.500")


def test_the_distance_curve_is_what_the_moments_say() -> None:
    walk = ask("walk", problem=BOWL, step=0.4)
    curve = next(one for one in walk.figures["distance"]["data"] if one["meta"]["role"] == "closest")
    for epoch in (1, 5, 50):
        shown = ask("moment", problem=BOWL, step=0.4, epoch=epoch)
        assert curve["y"][epoch - 1] == pytest.approx(value(shown, "distance") / 100, abs=1e-5)
    assert value(walk, "worst") == pytest.approx(100 * max(curve["y"]), rel=1e-4)
    assert value(walk, "worst_time") == int(np.argmax(curve["y"])) + 1


def diabetes(share: float, split: int) -> tuple[np.ndarray, ...]:
    """Training and validation rows, centred and scaled by the training rows, by NumPy alone."""
    table = LIBRARY.table("diabetes")
    X = np.column_stack([table.column(name) for name in table.numbers if name != table.target])
    y = table.column(table.target)
    order = np.random.default_rng(split).permutation(len(y))
    count = round(share / 100 * len(y))
    train, judge = order[:count], order[count:]
    mean, spread = X[train].mean(axis=0), X[train].std(axis=0)
    return (
        (X[train] - mean) / spread,
        y[train] - y[train].mean(),
        (X[judge] - mean) / spread,
        y[judge] - y[train].mean(),
    )


@pytest.mark.parametrize(("share", "split", "step", "patience"), [(10, 0, 0.5, 20), (8, 1, 1.0, 20), (30, 5, 1.5, 3)])
def test_patience_on_diabetes_by_a_loop(share: float, split: int, step: float, patience: int) -> None:
    X, y, Z, t = diabetes(share, split)
    step_size = step / np.linalg.eigvalsh(X.T @ X / len(y))[-1]
    w, best, waited, losses = np.zeros(10), (math.inf, 0), 0, []
    for epoch in range(201):
        losses.append(float(np.mean((Z @ w - t) ** 2) / 2))
        best, waited = ((losses[-1], epoch), 0) if losses[-1] < best[0] else (best, waited + 1)
        if waited == patience:
            break
        w = w - step_size * X.T @ (X @ w - y) / len(y)
    found = ask("choice", share=share, split=split, step=step, patience=patience)
    assert value(found, "chosen") == best[1]
    assert value(found, "ended") == epoch
    assert value(found, "stopped_loss") == pytest.approx(best[0], rel=1e-9)
    free = np.linalg.lstsq(X, y, rcond=None)[0]
    assert value(found, "free_loss") == pytest.approx(float(np.mean((Z @ free - t) ** 2) / 2), rel=1e-9)
    assert value(found, "stopping_cost") == epoch


def test_the_decay_that_does_as_well_by_scikit_learn() -> None:
    from sklearn.linear_model import Ridge

    X, y, Z, t = diabetes(10, 0)
    found = ask("choice")
    alpha = value(found, "best_strength")

    def judged(strength: float) -> float:
        ridge = Ridge(strength * len(y), fit_intercept=False).fit(X, y)
        return float(np.mean((Z @ ridge.coef_ - t) ** 2) / 2)

    assert value(found, "best_loss") == pytest.approx(judged(alpha), rel=1e-9)
    around = [judged(alpha * factor) for factor in np.geomspace(1e-3, 1e3, 61)]
    assert value(found, "best_loss") <= min(around) * (1 + 1e-3)
    assert value(found, "near_loss") == pytest.approx(judged(value(found, "near_strength")), rel=1e-9)


def test_the_curves_are_the_losses() -> None:
    found = ask("curves", epochs=50)
    shown = {one["meta"]["role"]: one for one in found.figures["curves"]["data"]}
    _, y, _, t = diabetes(10, 0)
    assert shown["training"]["y"][0] == pytest.approx(float(np.mean(y**2) / 2), rel=1e-5)
    assert shown["validation"]["y"][0] == pytest.approx(float(np.mean(t**2) / 2), rel=1e-5)
    assert (np.diff(shown["training"]["y"]) < 0).all()
    assert (value(found, "training_rows"), value(found, "validation_rows")) == (44, 398)


def test_patience_can_end_before_the_lowest_loss() -> None:
    found = ask("choice", sample={"kind": "table"}, share=50, split=1, step=1, patience=20, epochs=5000)
    assert value(found, "ended") == value(found, "chosen") + 20
    assert value(found, "lowest_epoch") > value(found, "ended")


def test_a_step_that_overshoots_goes_too_far_after_an_odd_number() -> None:
    """1 − (1 − 1.7)³ = 1.343 along the steepest direction: more than all of it, which no decay leaves."""
    found = ask("moment", problem={"kind": "bowl"}, step=1.7, epoch=3)
    assert value(found, "reached_2") == pytest.approx(1 + 0.7**3)
    assert value(found, "strength_2") is None
    assert "jumps across its optimum" in ask("walk", problem={"kind": "bowl"}, step=1.7).outcome.sentence


@pytest.mark.parametrize("step", [0.01, 1.0, 2.0, 2.4, 100])
@pytest.mark.parametrize("epoch", [0, 1, 200])
def test_steps_at_both_ends_are_answered_in_sentences(step: float, epoch: int) -> None:
    answers = every(step=step, epoch=epoch, epochs=10_000, patience=0)
    sound(answers)
    if step > 2:
        assert answers["walk"].outcome.kind == "diverged"
        assert "factor along the steepest direction" in answers["walk"].outcome.sentence
    assert "nothing is trained" in answers["choice"].outcome.sentence
    assert value(answers["choice"], "chosen") == 0


@pytest.mark.parametrize(
    "sample",
    [
        {"kind": "synthetic", "rows": 1},
        {"kind": "synthetic", "rows": 2, "features": 50},
        {"kind": "synthetic", "rows": 20, "features": 50, "correlation": 1},
        {"kind": "synthetic", "rows": 30, "informative": 0, "noise": 0},
        {"kind": "synthetic", "rows": 100, "correlation": 1},
        {"kind": "table", "dataset": "wine"},
        {"kind": "table", "dataset": "breast_cancer", "standardise": False},
    ],
)
@pytest.mark.parametrize("share", [1, 50, 99])
def test_awkward_samples_are_answered(sample: dict[str, Any], share: float) -> None:
    answers = {name: ask(name, sample=sample, share=share, epochs=1000) for name in ("curves", "choice")}
    sound(answers)
    if sample.get("rows") == 1:
        assert "cannot be split" in answers["curves"].outcome.sentence
        assert not answers["choice"].readouts


@pytest.mark.parametrize(
    "problem",
    [
        {"kind": "bowl", "minimiser_1": 0, "minimiser_2": 0},
        {"kind": "bowl", "curvature_1": 0.05, "curvature_2": 20, "angle": 77},
        {"kind": "synthetic_regression", "rows": 1},
        {"kind": "synthetic_regression", "rows": 2, "correlation": 0.99},
        {"kind": "regression", "dataset": "diabetes", "others": "free", "standardise": False},
        {"kind": "regression", "dataset": "wine", "others": "fixed"},
    ],
)
def test_awkward_planes_are_answered(problem: dict[str, Any]) -> None:
    for epoch in (0, 3, 200):
        sound({name: ask(name, problem=problem, epoch=epoch) for name in ("contour", "walk", "moment")})


def csv(rows: int, features: int) -> bytes:
    rng = np.random.default_rng(0)
    cells = rng.normal(size=(rows, features + 1))
    head = ",".join([*(f"x{j}" for j in range(features)), "target"])
    return "\n".join([head, *(",".join(f"{cell:.6g}" for cell in row) for row in cells)]).encode()


def test_an_upload_of_fifty_features() -> None:
    library = Library(Uploads(None))
    table = library.add(csv(120, 49))
    sample = {"kind": "table", "dataset": table.id, "target": "target"}
    answers = {name: ask(name, library, sample=sample, share=50) for name in ("curves", "choice")}
    sound(answers)
    assert value(answers["curves"], "training_rows") == 60
    assert value(answers["choice"], "chosen") <= 5  # nothing but noise: there is nothing to learn
    library.drop(table.id)
    with pytest.raises(Impossible):
        ask("contour", library, problem={"kind": "regression", "dataset": table.id})


def test_a_frame_is_the_answer_at_its_position() -> None:
    import orjson

    part = EARLY_STOPPING.parts["moment"]
    swept = orjson.loads(computed(Question(EARLY_STOPPING, part, knobs(problem=BOWL, step=0.4), "epoch"), LIBRARY))
    assert swept["values"] == list(range(201))
    single = ask("moment", problem=BOWL, step=0.4, epoch=10)
    assert swept["frames"][10]["readouts"]["gap"] == value(single, "gap")


def test_the_script_gives_the_same_numbers(capsys: pytest.CaptureFixture[str]) -> None:
    for given in (
        {"problem": BOWL, "step": 0.4, "epoch": 10},
        {"problem": {"kind": "regression", "others": "free"}, "epoch": 6},
        {"problem": {"kind": "regression", "dataset": "wine", "others": "fixed"}, "epoch": 6, "share": 30},
        {"problem": {"kind": "synthetic_regression"}, "sample": {"kind": "synthetic"}, "share": 50, "patience": 3},
    ):
        exec(EARLY_STOPPING.python(knobs(**given), LIBRARY), {})  # noqa: S102 (our own script)
        told = capsys.readouterr().out
        moment, choice = ask("moment", **given), ask("choice", **given)
        w = told.split("w = [")[1].split("]")[0].split()
        assert [float(one) for one in w] == pytest.approx(
            [value(moment, "w1"), value(moment, "w2")], rel=1e-4, abs=1e-6
        )
        alpha, distance = (float(one) for one in told.split("alpha = ")[1].split("\n")[0].split(" at a distance of "))
        assert alpha == pytest.approx(value(moment, "closest_strength"), rel=1e-3)
        assert distance == pytest.approx(value(moment, "gap"), rel=1e-3, abs=1e-6)
        kept, loss = told.split("weights of epoch ")[1].split("\n")[0].split(" with the validation loss ")
        assert int(kept) == value(choice, "chosen")
        assert float(loss) == pytest.approx(value(choice, "stopped_loss"), rel=1e-9)


def test_the_largest_knobs_take_less_than_half_a_second() -> None:
    given = {"sample": {"kind": "synthetic", "rows": 5000, "features": 50}, "share": 50, "epochs": 10_000}
    begin = time.process_time()
    every(Library(Uploads(None)), **given)
    assert time.process_time() - begin < 1.5  # all parts and the drawing of the sample; each alone stays below 0.5


def test_an_axis_hides_unequal_curvatures_and_the_page_says_so() -> None:
    shown = ask("walk", problem={"kind": "bowl", "curvature_1": 1, "curvature_2": 5, "minimiser_2": 0})
    assert value(shown, "worst") == pytest.approx(0, abs=1e-9)
    assert "on an axis" in shown.readouts["worst"].help
    (round_one,) = [one for one in EARLY_STOPPING.presets if one.id == "round"]
    assert "for every ŵ" in round_one.sentence
    at = ask("moment", problem={"kind": "bowl", "curvature_1": 1, "curvature_2": 5, "minimiser_2": 0}, epoch=1)
    assert "Stopping after 1 step and decay" in at.outcome.sentence
    assert "agree up to rounding" in at.outcome.sentence
    assert 'print("after 1 step: w =", w)' in EARLY_STOPPING.python(knobs(epoch=1), LIBRARY)


def test_training_is_said_to_be_over_the_rows_trained_on() -> None:
    shown = ask("curves", share=10)
    assert "over 44 of 442 rows" in shown.objective
    assert "Trained on 44 rows, judged on 398 others." in shown.outcome.sentence
    two = ask("curves", sample={"kind": "synthetic", "rows": 2})
    assert "Trained on 1 row, judged on 1 other." in two.outcome.sentence


def test_no_decay_is_named_where_every_one_agrees() -> None:
    nothing = {"kind": "bowl", "minimiser_1": 0, "minimiser_2": 0}
    shown = ask("moment", problem=nothing)
    assert value(shown, "closest_strength") is None
    assert value(shown, "kept_1") is None
    assert shown.outcome.sentence == "The free optimum is 0: descent stays there, and so does every decay."
    told = ask("choice", sample={"kind": "synthetic", "rows": 2})
    assert value(told, "best_strength") is None
    assert value(told, "near_strength") is None
    assert "every decay" in told.outcome.sentence
