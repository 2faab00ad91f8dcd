"""Casts: settings that are compared take their turns together, and each tells what it would tell alone."""

import asyncio
from collections.abc import Callable, Sequence
from typing import Any

from app.data import Library
from app.data.uploads import Uploads
from app.labs.network import NETWORK
from app.web.films import Films, Showing
from app.web.questions import Question, computed, question
from app.web.rolling import Scene
from app.web.workers import Workers

SHORT = {"sweep": "moment", "steps": "200"}
COMPARED = [{"rate": "0.1"}, {"rate": "0.3"}, {"l2": "0.01", "seed": "3"}, {"drop": "20", "changes": "40:rate=0.03"}]


class Inline(Workers):
    """Work done here and now; what was asked for is noted."""

    def __init__(self) -> None:
        super().__init__(1, waiting=8, deadline=60.0)
        self.casts: list[list[str]] = []

    async def run(self, work: Callable[..., Any], scenes: Sequence[tuple[Scene, Any]], tables: Any) -> Any:  # type: ignore[override]
        self.casts.append([scene.name for scene, _ in scenes])
        await asyncio.sleep(0)
        return work(scenes, tables)


def asked(**given: str) -> Question:
    return question(NETWORK, NETWORK.parts["training"], {**SHORT, **given})


def seen(workers: Inline, questions: list[Question]) -> list[Showing]:
    """All of them watched at once, to their ends."""

    async def all_of_them() -> list[Showing]:
        films = Films(workers)

        async def watch(one: Question) -> Showing:
            async with films.watched(one, (), lambda _: None) as showing:
                await showing.end()
            return showing

        return list(await asyncio.gather(*map(watch, questions)))

    return asyncio.run(all_of_them())


def test_what_is_compared_is_trained_in_one_batch_and_tells_what_each_tells_alone() -> None:
    workers, questions = Inline(), [asked(**one) for one in COMPARED]
    showings = seen(workers, questions)
    assert {len(cast) for cast in workers.casts} == {4}
    for one, showing in zip(questions, showings, strict=True):
        whole = computed(one, Library(Uploads(None)))
        assert whole.endswith(b'"frames":[' + b",".join(showing.frames) + b"]}")


def test_other_data_are_another_cast() -> None:
    workers = Inline()
    seen(workers, [asked(), asked(**{"pattern.kind": "xor"}), asked(rate="0.3")])
    names = {frozenset(cast) for cast in workers.casts}
    assert frozenset({asked().key, asked(rate="0.3").key}) in names
    assert frozenset({asked(**{"pattern.kind": "xor"}).key}) in names
    assert len(names) == 2


def test_what_breaks_is_the_trouble_of_its_own_film_alone() -> None:
    class Broken(Inline):
        async def run(self, work: Callable[..., Any], scenes: Sequence[tuple[Scene, Any]], tables: Any) -> Any:  # type: ignore[override]
            if any(scene.query["seed"] == "9" for scene, _ in scenes):
                raise ArithmeticError("a picture gave up")
            return await super().run(work, scenes, tables)

    async def watch(films: Films, one: Question) -> Exception | None:
        async with films.watched(one, (), lambda _: None) as showing:
            try:
                await showing.end()
            except ArithmeticError as error:
                return error
            return None

    async def both() -> list[Exception | None]:
        films = Films(Broken())
        return list(await asyncio.gather(watch(films, asked(seed="9")), watch(films, asked(rate="0.3"))))

    broken, whole = asyncio.run(both())
    assert isinstance(broken, ArithmeticError)
    assert whole is None
