"""Fair timing: contenders take turns in one process, each measured by its CPU time, and medians are compared."""

import gc
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import cycle, islice
from statistics import median
from typing import Any


@dataclass(frozen=True)
class Pace:
    """How long to measure.

    Attributes:
        rounds: turns of each contender, of which the median counts.
        seconds: CPU time of one turn.
        requests: HTTP requests of one turn.
        moves: steps of a hand in the browser.
    """

    rounds: int
    seconds: float
    requests: int
    moves: int


FULL = Pace(rounds=15, seconds=0.03, requests=250, moves=100)
QUICK = Pace(rounds=1, seconds=0.0, requests=4, moves=10)


@dataclass(frozen=True)
class Contender:
    """Work to be timed: a function of one argument and the arguments that it is given in turn.

    The arguments differ, so that nobody is faster by remembering its last answer.
    """

    name: str
    work: Callable[[Any], object]
    inputs: Sequence[Any]


def medians(contenders: Sequence[Contender], pace: Pace) -> dict[str, float]:
    """CPU seconds of one call, by contender: each in turn, round after round.

    The first calls, which prepare, are not counted; a turn goes on with the inputs where the last one ended.
    """
    supplies = {one.name: cycle(one.inputs) for one in contenders}
    repeats = {one.name: _repeats(one, pace.seconds) for one in contenders}
    spent: dict[str, list[float]] = {one.name: [] for one in contenders}
    gc.collect()
    gc.disable()
    try:
        for _ in range(pace.rounds):
            for one in contenders:
                batch = list(islice(supplies[one.name], repeats[one.name]))
                spent[one.name].append(_seconds(one.work, batch) / len(batch))
    finally:
        gc.enable()
    return {name: median(times) for name, times in spent.items()}


def _repeats(one: Contender, seconds: float) -> int:
    """How many calls fill a turn; the slowest part of the estimate, its first call, is left out."""
    one.work(one.inputs[0])
    if not seconds:
        return 1
    calls = 1
    while True:
        taken = _seconds(one.work, list(islice(cycle(one.inputs), calls)))
        if taken >= seconds / 4:
            return max(1, round(calls * seconds / taken))
        calls *= 4


def _seconds(work: Callable[[Any], object], batch: Sequence[Any]) -> float:
    start = time.process_time()
    for given in batch:
        work(given)
    return time.process_time() - start
