"""Uploads are content-addressed, bounded, private, and safe against what others do at the same time."""

import os
import stat
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import pytest

from app.data import CsvRefused, Uploads


def content(number: int) -> bytes:
    return f"a,b,c\n1,2,{number}\n".encode()


@pytest.fixture(params=["folder", "memory"])
def uploads(request: pytest.FixtureRequest, tmp_path: Path) -> Uploads:
    return Uploads(tmp_path / "kept" if request.param == "folder" else None, most_files=3)


def test_what_is_put_is_found_until_it_is_dropped(uploads: Uploads) -> None:
    table = uploads.put(content(3))
    assert uploads.find(table.id) == content(3)
    assert uploads.drop(table.id)
    assert uploads.find(table.id) is None
    assert not uploads.drop(table.id)


def test_the_same_content_has_one_place(uploads: Uploads) -> None:
    assert uploads.put(content(3)).id == uploads.put(content(3)).id


def test_what_is_refused_is_not_kept(tmp_path: Path) -> None:
    uploads = Uploads(tmp_path)
    with pytest.raises(CsvRefused):
        uploads.put(b"a,b\n1\n")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "name",
    ["", "csv-", "../secret", "csv-../../etc/passwd", "csv-0123456789abcdeF", "csv-0123456789abcdef0"],
)
def test_no_other_name_reaches_the_disk(tmp_path: Path, name: str) -> None:
    (tmp_path / "secret.csv").write_bytes(b"secret")
    (tmp_path / "kept").mkdir()
    (tmp_path / "kept" / f"{name.replace('/', '')}.csv").write_bytes(b"secret")
    uploads = Uploads(tmp_path / "kept")
    assert uploads.find(name) is None
    assert not uploads.drop(name)
    assert (tmp_path / "secret.csv").exists()


def test_the_oldest_goes_first_and_putting_again_makes_new(uploads: Uploads) -> None:
    ids = [uploads.put(content(number)).id for number in range(3)]
    uploads.put(content(0))
    newest = uploads.put(content(3)).id
    found = [uploads.find(name) is not None for name in (*ids, newest)]
    assert found == [True, False, True, True]


def test_bytes_are_bounded_too(tmp_path: Path) -> None:
    for uploads in (Uploads(tmp_path, most_bytes=40), Uploads(None, most_bytes=40)):
        ids = [uploads.put(content(number)).id for number in range(10, 14)]  # 13 bytes each
        assert [uploads.find(name) is not None for name in ids] == [False, True, True, True]


def test_the_newest_stays_even_if_it_is_too_large(tmp_path: Path) -> None:
    for uploads in (Uploads(tmp_path, most_bytes=5), Uploads(None, most_bytes=5)):
        first, second = uploads.put(content(1)), uploads.put(content(2))
        assert uploads.find(first.id) is None
        assert uploads.find(second.id) == content(2)


def test_files_are_private(tmp_path: Path) -> None:
    table = Uploads(tmp_path / "kept").put(content(3))
    path = tmp_path / "kept" / f"{table.id}.csv"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_a_changed_file_is_not_what_the_link_means(tmp_path: Path) -> None:
    uploads = Uploads(tmp_path)
    table = uploads.put(content(3))
    (tmp_path / f"{table.id}.csv").write_bytes(content(4))
    assert uploads.find(table.id) is None


def test_half_written_files_are_cleared_away_once_they_are_old(tmp_path: Path) -> None:
    old, young, foreign = tmp_path / ".old.part", tmp_path / ".young.part", tmp_path / "notes.txt"
    for path in (old, young, foreign):
        path.write_bytes(b"half")
    os.utime(old, (0, 0))
    os.utime(foreign, (0, 0))
    Uploads(tmp_path, most_files=1).put(content(3))
    assert [path.exists() for path in (old, young, foreign)] == [False, True, True]


def test_where_nothing_can_be_written_memory_will_do(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    uploads = Uploads(tmp_path / "file" / "kept")
    table = uploads.put(content(3))
    assert uploads.find(table.id) == content(3)
    assert "memory until the server stops" in uploads.kept


def test_where_it_is_kept_is_said(tmp_path: Path) -> None:
    assert "data folder" in Uploads(tmp_path).kept
    assert "200 files or 100 MB" in Uploads(tmp_path).kept
    assert str(tmp_path) not in Uploads(tmp_path).kept


def test_a_folder_that_goes_away_costs_nothing_but_says_so(tmp_path: Path) -> None:
    uploads = Uploads(tmp_path / "kept")
    (tmp_path / "kept").rmdir()
    table = uploads.put(content(3))
    assert uploads.find(table.id) == content(3)
    assert "memory" in uploads.kept


def _put(folder: Path, number: int) -> str:
    return Uploads(folder, most_files=20).put(content(number)).id


def test_processes_put_the_same_at_the_same_time(tmp_path: Path) -> None:
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        ids = list(pool.map(_put, [tmp_path] * 40, [number % 4 for number in range(40)]))
    assert len(set(ids)) == 4
    assert all(Uploads(tmp_path).find(name) is not None for name in ids)
    assert len(list(tmp_path.iterdir())) == 4


def test_threads_put_more_than_there_is_room_for(uploads: Uploads, tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        ids = list(pool.map(lambda number: uploads.put(content(number)).id, range(60)))
    assert 1 <= sum(uploads.find(name) is not None for name in ids) <= 3
    assert not list(tmp_path.rglob("*.part"))
