"""The store of answers: the most recently used ones, within its room."""

import gzip

from app.web.store import Encoded, Store, fingerprint


def answer(size: int) -> Encoded:
    return Encoded(b"x" * size, "tag")


def test_the_least_recently_used_makes_room() -> None:
    store = Store(1)  # a million bytes; an answer of 200,000 counts as 300,500
    for name in "abc":
        store.keep(name, answer(200_000))
    assert store.find("a") is not None  # now used last
    store.keep("d", answer(200_000))
    assert [store.find(name) is not None for name in "abcd"] == [True, False, True, True]


def test_what_is_larger_than_the_room_is_not_kept() -> None:
    store = Store(1)
    store.keep("small", answer(100))
    store.keep("large", answer(2_000_000))
    assert store.find("large") is None


def test_an_answer_kept_twice_takes_room_once() -> None:
    store = Store(1)
    for _ in range(10):
        store.keep("a", answer(300_000))
    store.keep("b", answer(300_000))
    assert store.find("a") is not None


def test_the_compressed_form_is_the_same_bytes_every_time() -> None:
    first, second = answer(5000), answer(5000)
    assert first.compressed == second.compressed
    assert gzip.decompress(first.compressed) == first.body
    assert first.worth_compressing
    assert not answer(100).worth_compressing


def test_a_fingerprint_tells_bodies_apart() -> None:
    assert fingerprint(b"a") != fingerprint(b"b")
