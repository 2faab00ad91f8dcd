"""Films of trainings: however they are cut, what changes on the way, what ends early."""

from typing import Any

import numpy as np
import pytest

from app.data import Blobs, Circle, Pattern, teach
from app.geometry import Outcome
from app.knobs import Knobs, LongText, Real, Refused
from app.labs.film import MOMENTS, Cut, Film, Plan, Reel, bitten_together, filmed
from app.labs.lab import Answer, Readout
from app.labs.training import turning
from app.labs.training.changes import Change, changes_of, held
from app.networks import Architecture, Examples, Frame, Penalty, Run, Setting, Task, advance, begin, change

NETWORK = Architecture((2, 6, 1))


def plan(pattern: Pattern, steps: int, rate: float) -> Plan:
    return Plan(teach(pattern).task, (Setting(NETWORK, rate=rate), Setting(NETWORK, rate=rate, seed=1)), steps)


def picture(plan: Plan, reel: Reel, rate: float) -> Answer:
    loss = reel.track[-1].models[0].loss
    said = Outcome("converged", f"{reel.moment} of {plan.steps} at {rate}.")
    return Answer("training", {}, {"loss": Readout(loss, "C", "the cost")}, said)


FILM = Film(plan, picture)
TASK = teach(Circle(rows=100)).task
SETTING = Setting(NETWORK, rate=0.3)


def parameters(reel: Reel) -> Any:
    return np.stack([one.parameters for one in reel.learners])


def test_it_depends_on_the_knobs_of_its_plan_and_of_its_picture_and_on_the_moment() -> None:
    part = filmed("training", FILM, lambda **_: 1.0)
    assert set(part.knobs) == {"pattern", "steps", "rate", "moment"}
    assert part.sweeps == ("moment",)
    assert part.streams


@pytest.mark.parametrize("steps", [10, 250, 1000])
def test_a_moment_is_the_same_however_the_film_is_cut(steps: int) -> None:
    made = plan(Circle(rows=60), steps, 0.2)
    whole = FILM.rolled(made, FILM.start(made), 40)
    bites = FILM.start(made)
    while bites.moment < 40:
        bites = FILM.bitten(made, bites, 3)
    run, frame = advance(begin(made.task, made.settings, steps), made.step(40))
    assert len(whole.track) == len(bites.track) == 41
    for reel in (whole, bites):
        assert np.array_equal(parameters(reel), np.stack([one.parameters for one in run.learners]))
        assert [one.loss for one in reel.track[-1].models] == [one.loss for one in frame.models]
        assert reel.step == run.step == round(steps * 0.4)
    assert [one.step for one in whole.track] == [one.step for one in bites.track]


def test_its_answer_is_the_picture_at_the_moment() -> None:
    given = {"pattern": Blobs(), "steps": 200, "rate": 0.5}
    early, late = (FILM(**given, moment=moment).readouts["loss"].value for moment in (3, 100))
    reel = FILM.rolled(plan(**given), FILM.start(plan(**given)), 3)
    assert early == reel.track[-1].models[0].loss
    assert late < early  # type: ignore[operator]


def test_what_changes_on_the_way_holds_from_that_moment_on_and_changes_nothing_before() -> None:
    slow = (Setting(NETWORK, rate=0.01),)
    still, turned = Plan(TASK, (SETTING,), 300), Plan(TASK, (SETTING,), 300, ((50, slow),))
    film = Film(plan, picture)
    before = [film.rolled(one, film.start(one), 50) for one in (still, turned)]
    assert np.array_equal(parameters(before[0]), parameters(before[1]))
    after = film.rolled(turned, before[1], 80)
    run, _ = advance(begin(TASK, (SETTING,), 300), 150)
    expected, _ = advance(change(run, slow), 90)
    assert np.array_equal(parameters(after), np.stack([one.parameters for one in expected.learners]))
    assert not np.array_equal(parameters(after), parameters(film.rolled(still, before[0], 80)))


def test_a_training_that_has_ended_stays_where_it_is() -> None:
    wild = Plan(TASK, (Setting(NETWORK, rate=3.0, penalty=Penalty(l2=1.0)),), 500)
    reel = FILM.rolled(wild, FILM.start(wild), MOMENTS)
    assert reel.moment == MOMENTS
    (ending,) = reel.outcomes
    assert ending is not None
    assert ending.kind == "diverged"
    assert np.isfinite(parameters(reel)).all()
    done = Plan(TASK, (SETTING,), 20)
    (ending,) = FILM.rolled(done, FILM.start(done), MOMENTS).outcomes
    assert ending is not None
    assert ending.kind == "out_of_steps"


COMPARED = (
    Plan(TASK, (SETTING,), 300),
    Plan(Task(TASK.training, TASK.validation), (Setting(NETWORK, rate=0.05, penalty=Penalty(l2=0.01)),), 300),
    Plan(TASK, (Setting(NETWORK, rate=0.3, seed=5), Setting(Architecture((2, 3, 1)))), 300),
    Plan(TASK, (SETTING,), 300, ((3, (Setting(NETWORK, rate=1.0, noise=0.2),)),)),
    Plan(TASK, (Setting(NETWORK, rate=3.0, penalty=Penalty(l2=1.0)),), 300),  # diverges
)


def test_films_that_join_are_rolled_together_bit_for_bit_as_each_alone() -> None:
    reels = [FILM.start(one) for one in COMPARED]
    batched = 0
    while due := [i for i, one in enumerate(reels) if one.moment < 8]:
        first = min(due, key=lambda i: reels[i].moment)
        cut = Cut(FILM, COMPARED[first], reels[first])
        cast = [first, *(i for i in due if i != first and Cut(FILM, COMPARED[i], reels[i]).joins(cut))]
        batched = max(batched, len(cast))
        for i, reel in zip(cast, bitten_together([Cut(FILM, COMPARED[i], reels[i]) for i in cast], 7), strict=True):
            reels[i] = reel
    assert batched == len(COMPARED)
    assert reels[-1].outcomes[0] is not None
    for one, reel in zip(COMPARED, reels, strict=True):
        alone = FILM.rolled(one, FILM.start(one), 8)
        assert reel.outcomes == alone.outcomes
        for mine, other in zip(reel.learners, alone.learners, strict=True):
            assert np.array_equal(mine.parameters, other.parameters)
        for ours, theirs in zip(reel.track, alone.track, strict=True):
            assert [(m.step, m.loss, m.validation_loss) for m in ours.models] == [
                (m.step, m.loss, m.validation_loss) for m in theirs.models
            ]


def test_only_who_learns_the_same_at_the_same_step_joins() -> None:
    cut = Cut(FILM, COMPARED[0], FILM.start(COMPARED[0]))
    elsewhere = Plan(teach(Circle(rows=100, seed=1)).task, (SETTING,), 300)
    own = Plan(Task(Examples(TASK.training.inputs[None], TASK.training.targets[None])), (SETTING,), 300)
    for other in (elsewhere, Plan(TASK, (SETTING,), 200), own):
        assert not Cut(FILM, other, FILM.start(other)).joins(cut)
    assert not Cut(FILM, COMPARED[0], FILM.bitten(COMPARED[0], cut.reel, 1)).joins(cut)
    assert not Cut(FILM, own, FILM.start(own)).joins(Cut(FILM, own, FILM.start(own)))


def test_what_is_recorded_is_what_the_film_says() -> None:
    noted = Film(plan, picture, record=largest)
    made = plan(Circle(), 50, 0.1)
    track = noted.rolled(made, noted.start(made), 4).track
    assert len(track) == 5
    assert track[0] == max(np.abs(one.parameters).max() for one in begin(made.task, made.settings).learners)


def largest(run: Run, frame: Frame) -> float:  # noqa: ARG001
    return float(max(np.abs(one.parameters).max() for one in run.learners))


class Turned(Knobs):
    rate: Real = turning.rate()
    l2: Real = turning.l2()
    still: Real = 1.0
    changes: LongText = turning.changes()


def test_changes_are_read_in_the_order_of_their_moments() -> None:
    found = changes_of("60:l2=0.01,40:rate=3e-1,60:l2=0.02", Turned)
    assert found == (Change(40, "rate", 0.3), Change(60, "l2", 0.02))
    assert held(found) == [(40, {"rate": 0.3}), (60, {"rate": 0.3, "l2": 0.02})]
    assert changes_of("", Turned) == ()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("40", "not understood"), ("x:rate=1", "not understood"), ("40:rate=nan", "not understood"),
        ("40:rate=1e", "not a number"), ("0:rate=1", "moment 0"), ("100:rate=1", "moment 100"),
        ("999:l2=1", "moment 999"),
        ("40:still=2", "can be turned: rate, l2"), ("40:changes=1", "can be turned"), ("40:rate=-1", "greater than"),
        ("40:rate=1e9", "less than"), (",", "not understood"), ("40:rate=1," * 17 + "41:l2=0", "at most 16"),
    ],
)  # fmt: skip
def test_what_cannot_change_is_refused_in_words(text: str, words: str) -> None:
    with pytest.raises(Refused, match=words) as refused:
        changes_of(text, Turned)
    assert refused.value.errors[0][0] == "changes"
