"""What an answer costs the server: CPU of its whole process tree per request, and bytes, over a connection kept open.

Three servers stand side by side: this project, an empty validated FastAPI route under the same settings, and the same
slider demo as a Dash app. They take turns.
"""

import json
import random
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from importlib.util import find_spec
from math import nan
from statistics import median

from benchmarks.servers import PROCESSES, Server, serving
from benchmarks.table import Row, dearer, faster
from benchmarks.timing import Pace

BROWSER = {"Accept-Encoding": "gzip, deflate, br", "Accept": "*/*", "User-Agent": "Mozilla/5.0 (X11; Linux x86_64)"}
API = "/api/v1/labs/tangency"
REPEATED = f"{API}/solution?radius=0.4321"
SWEEP = f"{API}/solution?sweep=radius"
DASH = "Dash callback"


@dataclass(frozen=True)
class Request:
    """What a client asks."""

    path: str
    headers: Mapping[str, str] = field(default_factory=lambda: BROWSER)
    body: bytes | None = None
    status: int = 200


@dataclass(frozen=True)
class Step:
    """One step of a hand: the requests that it makes of a server, new ones each time.

    Attributes:
        name: by which its cost is found.
        server: who is asked.
        requests: makes them.
        share: how many of the pace's requests make a turn.
    """

    name: str
    server: Server
    requests: Callable[[], list[Request]]
    share: float = 1.0


@dataclass(frozen=True)
class Cost:
    """What one step cost: CPU seconds of the server, bytes of its answers."""

    cpu: float
    bytes: float


def rows(pace: Pace) -> list[Row]:
    """All comparisons of this group."""
    if not (PROCESSES / "self" / "stat").exists():
        return [Row("CPU of servers", "skipped: it is read from Linux's clocks of other processes", nan)]
    with ExitStack() as stack:
        ours = stack.enter_context(serving("app", "/readyz"))
        empty = stack.enter_context(serving("benchmarks.empty_route", "/empty"))
        dash = stack.enter_context(serving("benchmarks.dash_peer", "/_dash-layout")) if find_spec("dash") else None
        positions = len(json.loads(ours.ask(SWEEP, {}).body)["values"])
        costs = measured(steps(ours, empty, dash), pace)
    if dash is None:
        return [*_routes(costs), Row("the same slider demo in Dash", "skipped: dash is in the extra `bench`", nan)]
    return [*_routes(costs), *_beside_dash(costs, positions)]


def steps(ours: Server, empty: Server, dash: Server | None) -> list[Step]:
    """Everything that is asked."""
    radii, places = _fresh(0.05, 0.95), _fresh(0.5, 2.9)

    def moved(*parts: str) -> list[Request]:
        """What the page asks of these parts when the minimiser was dragged."""
        where = f"problem.minimiser_1={next(places)}&problem.minimiser_2=1.05"
        radius = {"solution": f"&radius={next(radii)}"}
        return [Request(f"{API}/{part}?{where}{radius.get(part, '')}") for part in parts]

    def floats() -> list[Request]:
        return [Request(f"/empty?minimiser_1={next(places)}&minimiser_2=1.05&radius={next(radii)}")]

    def conditional(path: str, etag: str) -> list[Request]:
        return [Request(path, {**BROWSER, "If-None-Match": etag}, status=304)]

    compared = (
        []
        if dash is None
        else [Step("dash", dash, lambda: [_callback(float(next(radii)), float(next(places)))], share=0.15)]
    )
    known = ours.ask(REPEATED, BROWSER).headers["etag"]
    return [
        Step("radius", ours, lambda: [Request(f"{API}/solution?radius={next(radii)}")]),
        Step("minimiser", ours, lambda: moved("solution")),
        Step("contour", ours, lambda: moved("contour")),
        Step("contour + solution", ours, lambda: moved("contour", "solution")),
        Step("contour + path + solution", ours, lambda: moved("contour", "path", "solution")),
        Step("repeated", ours, lambda: [Request(REPEATED)]),
        Step("known", ours, lambda: conditional(REPEATED, known)),
        Step("unseen", ours, lambda: conditional(f"{API}/solution?radius={next(radii)}", "*")),
        Step("sweep", ours, lambda: [Request(f"{SWEEP}&problem.minimiser_1={next(places)}")], share=0.05),
        Step("1 float", empty, lambda: [Request(f"/empty?radius={next(radii)}")]),
        Step("3 floats", empty, floats),
        *compared,
    ]


def measured(asked: list[Step], pace: Pace) -> dict[str, Cost]:
    """The median cost of each step; in turns, the first turn, which warms up, not counted."""
    seen: dict[str, list[Cost]] = {step.name: [] for step in asked}
    rounds = max(1, pace.rounds // 2)
    for turn in range(rounds + 1):
        for step in asked:
            cost = _turn(step, max(2, round(pace.requests * step.share)))
            if turn:
                seen[step.name].append(cost)
    return {
        name: Cost(median(one.cpu for one in costs), median(one.bytes for one in costs)) for name, costs in seen.items()
    }


def _turn(step: Step, repeats: int) -> Cost:
    step.server.connection.close()  # a connection that was idle while others had their turn is gone
    _taken(step)
    before = step.server.cpu()
    received = sum(_taken(step) for _ in range(repeats))
    return Cost((step.server.cpu() - before) / repeats, received / repeats)


def _taken(step: Step) -> int:
    received = 0
    for request in step.requests():
        answer = step.server.ask(request.path, request.headers, request.body)
        assert answer.status == request.status, f"{request.path} answered {answer.status}: {answer.body[:300]!r}"
        received += answer.size
    return received


def _routes(costs: Mapping[str, Cost]) -> list[Row]:
    route = "empty validated FastAPI route"
    return [
        dearer(f"CPU: {what}", route, costs[ours].cpu, costs[theirs].cpu, target)
        for what, ours, theirs, target in (
            ("solution, strength moved, new each time", "radius", "1 float", 2.5),
            ("solution, minimiser moved, new each time", "minimiser", "3 floats", 2.5),
            ("solution, repeated: from memory", "repeated", "1 float", None),
            ("conditional, 304", "known", "1 float", None),
            ("conditional, 304, computed by nobody before", "unseen", "1 float", None),
            ("contour, minimiser moved, new each time", "contour", "3 floats", None),
        )
    ]


def _beside_dash(costs: Mapping[str, Cost], positions: int) -> list[Row]:
    theirs, sweep = costs["dash"], costs["sweep"]
    swept = Cost(sweep.cpu / positions, sweep.bytes / positions)
    found = []
    for what, ours, times, share in (
        ("new contour, same picture", costs["contour + solution"], 20, 1 / 2),
        ("new contour and path", costs["contour + path + solution"], None, None),
        ("strength, a request a step", costs["radius"], None, None),
        (f"strength, {positions} steps swept at once", swept, 40, 1 / 50),
    ):
        sizes = {"ours": f"{ours.bytes / 1000:.2f} KB", "theirs": f"{theirs.bytes / 1000:.1f} KB"}
        found += [
            faster(f"CPU a step: {what}", DASH, ours.cpu, theirs.cpu, times),
            Row(f"bytes a step: {what}", DASH, ours.bytes / theirs.bytes, "×", share, at_most=True, **sizes),
        ]
    return found


def _callback(radius: float, first: float) -> Request:
    values = {"radius": radius, "first": first, "second": 1.05}
    body = {
        "output": "plane.figure", "outputs": {"id": "plane", "property": "figure"},
        "inputs": [{"id": name, "property": "value", "value": value} for name, value in values.items()],
        "changedPropIds": ["radius.value"], "parsedChangedPropsIds": ["radius.value"],
    }  # fmt: skip
    headers = {**BROWSER, "Content-Type": "application/json"}
    return Request("/_dash-update-component", headers, json.dumps(body).encode())


def _fresh(low: float, high: float) -> Iterator[str]:
    """Numbers that were not asked before."""
    drawn, seen = random.Random(0), set[str]()  # noqa: S311 (nothing secret)
    while True:
        number = f"{drawn.uniform(low, high):.6f}"
        if number not in seen:
            seen.add(number)
            yield number
