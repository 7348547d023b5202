"""Archives: original order, whatever the files look like, and what is left out is said."""

from __future__ import annotations

import gzip
import tempfile
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import ConfigError
from pipeline.feeds.archive import Archive, Selection
from tests.feeds.archives import BEGIN, archive, indexed, line, name, write

HOURS = st.one_of(st.none(), st.integers(0, 6))


def names(found: Archive) -> list[str]:
    return [name(item.raw) for item in found]


def test_files_are_merged_by_date(tmp_path: Path) -> None:
    """Original order holds across files, not only within one."""
    write(tmp_path / "a.jsonl", ("one", 1), ("four", 4))
    write(tmp_path / "b.jsonl", ("two", 2), ("three", 3), ("five", 5))
    assert names(indexed(tmp_path)) == ["one", "two", "three", "four", "five"]


def test_a_file_in_disorder_is_put_in_order(tmp_path: Path) -> None:
    """Order is by date, not by line."""
    write(tmp_path / "a.jsonl", ("three", 3), ("one", 1), ("two", 2))
    assert names(indexed(tmp_path)) == ["one", "two", "three"]


@given(files=st.lists(st.lists(HOURS, max_size=8), min_size=1, max_size=4))
def test_order_is_stable_and_complete(files: list[list[int | None]]) -> None:
    """Every item once; by date; what has no date, or an equal one, keeps its place after the item before it."""
    expected, moment = [], -1
    with tempfile.TemporaryDirectory() as folder:
        for number, hours in enumerate(files):
            items = [(f"{number}.{place}", hour) for place, hour in enumerate(hours)]
            if items:
                write(Path(folder, f"{number}.jsonl"), *items)
            for item, hour in items:
                moment = moment if hour is None else hour
                expected.append((moment, item))
        found = archive(Path(folder))
        found.index(pytest.fail)
        assert names(found) == [item for _, item in sorted(expected, key=lambda one: one[0])]
        assert found.total == len(expected)


def test_it_reads_the_same_twice(tmp_path: Path) -> None:
    """A loop, and a resume, see the items in the same order each time."""
    write(tmp_path / "a.jsonl", ("b", 2), ("a", 1), ("c", None))
    write(tmp_path / "b.jsonl", ("d", 1), ("e", None))
    found = indexed(tmp_path)
    assert names(found) == names(found) == names(indexed(tmp_path))


def test_pages_and_packed_files_take_part(tmp_path: Path) -> None:
    """An archive may mix what the intake can read; only the dates decide."""
    (tmp_path / "page.json").write_text(line("page", 2), encoding="utf-8")
    with gzip.open(tmp_path / "wire.jsonl.gz", "wt", encoding="utf-8") as packed:
        packed.write(line("late", 3) + "\n" + line("early", 1) + "\n")
    assert names(indexed(tmp_path)) == ["early", "page", "late"]


def test_what_is_no_item_is_said_once(tmp_path: Path) -> None:
    """A rejected item is one sentence that names its place, and the rest is replayed."""
    path = tmp_path / "a.jsonl"
    path.write_text(line("one", 1) + "\nno json\n" + line("two", 2) + "\n", encoding="utf-8")
    (tmp_path / "empty.txt").touch()
    found = archive(tmp_path)
    complaints: list[str] = []
    found.index(complaints.append)
    assert names(found) == ["one", "two"]
    assert found.rejected == len(complaints) == 2
    assert f"{path}:2" in complaints[0]
    assert "empty.txt" in complaints[1]


def test_hidden_files_and_readmes_are_no_news(tmp_path: Path) -> None:
    """A folder is walked as the intake walks it."""
    write(tmp_path / "a.jsonl", ("one", 1))
    for other in (".hidden.jsonl", "README.md", "notes.md"):
        write(tmp_path / other, ("no", 1))
    (tmp_path / ".done").mkdir()
    write(tmp_path / ".done" / "b.jsonl", ("no", 1))
    assert names(indexed(tmp_path)) == ["one"]


def test_a_selection_includes_both_ends(tmp_path: Path) -> None:
    """--since and --until take what lies on them; undated items go with the item before them."""
    write(tmp_path / "a.jsonl", ("first", None), ("one", 1), ("two", 2), ("with two", None), ("three", 3), ("four", 4))
    wanted = Selection(BEGIN + timedelta(hours=2), BEGIN + timedelta(hours=3))
    found = indexed(tmp_path, selection=wanted)
    assert names(found) == ["two", "with two", "three"]
    assert found.total == 3
    assert found.last == BEGIN + timedelta(hours=3)


def test_the_digest_tells_archives_apart(tmp_path: Path) -> None:
    """A position is found again for the same archive, and never used for another."""
    path = write(tmp_path / "a.jsonl", ("one", 1))
    before = archive(tmp_path).digest()
    assert archive(tmp_path).digest() == before
    assert archive(tmp_path, selection=Selection(since=BEGIN)).digest() != before
    with path.open("a", encoding="utf-8") as more:
        more.write(line("two", 2) + "\n")
    assert archive(tmp_path).digest() != before


def test_a_path_that_is_not_there_stops_at_once(tmp_path: Path) -> None:
    """A mistyped path is a usage error, before anything is sent."""
    with pytest.raises(ConfigError, match="nowhere is not there"):
        archive(tmp_path / "nowhere")


def test_files_are_opened_when_their_time_comes(tmp_path: Path) -> None:
    """An archive of many files needs few of them at a time: a later file is not touched before its date."""
    write(tmp_path / "a.jsonl", ("one", 1), ("two", 2))
    later = write(tmp_path / "b.jsonl", ("three", 3), ("four", 4))
    found = iter(indexed(tmp_path))
    assert [name(next(found).raw)] == ["one"]
    later.unlink()
    assert [name(item.raw) for item in found] == ["two"]
