"""Watched folders: a file is taken when it is complete, and no sooner."""

from __future__ import annotations

import os
import time
from pathlib import Path

from pipeline.feeds.folder import DONE, FAILED, REASON, Folder

SETTLE = 2.0


class Watched:
    """A folder whose time is told to it. Its files are written "now", `age` seconds before it looks."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.folder = Folder(path, SETTLE)
        self.now = 50.0

    def write(self, name: str, text: str = "news", *, age: float = 0.0) -> Path:
        path = self.path / name
        path.write_text(text, encoding="utf-8")
        self.touch(path, age)
        return path

    def touch(self, path: Path, age: float = 0.0) -> None:
        os.utime(path, (self.wall() - age,) * 2)

    def wall(self) -> float:
        return 1_700_000_000 + self.now

    def look(self, *, after: float = 0.0) -> list[str]:
        self.now += after
        return [found.path.name for found in self.folder.complete(self.now, self.wall())]


def test_a_file_is_complete_when_it_has_settled(tmp_path: Path) -> None:
    """Nobody has written for the settle time: complete."""
    watched = Watched(tmp_path)
    watched.write("a.txt")
    assert watched.look() == []
    assert watched.look(after=1.9) == []
    assert watched.look(after=0.2) == ["a.txt"]


def test_a_growing_file_is_left_alone(tmp_path: Path) -> None:
    """Every change of size or time starts the settle time anew."""
    watched = Watched(tmp_path)
    path = watched.write("a.txt")
    assert watched.look() == []
    for text in ("news and", "news and more"):
        watched.now += 1.5
        watched.write(path.name, text)
        assert watched.look() == []
    watched.now += 1.5
    watched.touch(path)
    assert watched.look() == []
    assert watched.look(after=2.1) == ["a.txt"]


def test_unfinished_and_hidden_names_are_ignored(tmp_path: Path) -> None:
    """Writers that use the common names for unfinished files are understood; folders and links are not read."""
    watched = Watched(tmp_path)
    for name in (".hidden", "a.tmp", "b.part"):
        watched.write(name, age=60)
    (tmp_path / "folder").mkdir()
    (tmp_path / "link.txt").symlink_to(tmp_path / ".hidden")
    assert watched.look() == []
    assert watched.look(after=10) == []
    assert watched.folder.names == frozenset()


def test_a_renamed_file_is_complete_at_once(tmp_path: Path) -> None:
    """Write under an ignored name, rename: the file is taken by the next look."""
    watched = Watched(tmp_path)
    path = watched.write("a.txt.part")
    assert watched.look() == []
    path.rename(tmp_path / "a.txt")
    assert watched.look(after=0.2) == ["a.txt"]


def test_a_file_that_was_there_before_is_complete_at_once(tmp_path: Path) -> None:
    """A start, or a restart, does not wait for files that nobody has touched for long."""
    watched = Watched(tmp_path)
    watched.write("a.txt", age=3)
    watched.write("b.txt", age=1)
    assert watched.look() == ["a.txt"]
    assert watched.look(after=2.1) == ["a.txt", "b.txt"]


def test_the_oldest_file_goes_first(tmp_path: Path) -> None:
    """Versions of one story are dropped in order and must be published in order."""
    watched = Watched(tmp_path)
    watched.write("a.txt", age=10)
    watched.write("b.txt", age=30)
    watched.write("c.txt", age=20)
    assert watched.look() == ["b.txt", "c.txt", "a.txt"]


def test_a_file_that_is_put_away_is_gone(tmp_path: Path) -> None:
    """Done files move to .done, failed ones to .failed beside their reason; none is seen again."""
    watched = Watched(tmp_path)
    for name in ("a.txt", "b.txt"):
        watched.write(name, age=60)
    good, bad = watched.folder.complete(watched.now, watched.wall())
    watched.folder.put_away(good, None)
    watched.folder.put_away(bad, "it is empty")
    assert watched.look(after=60) == []
    assert (tmp_path / DONE / "a.txt").read_text() == "news"
    assert (tmp_path / FAILED / "b.txt").read_text() == "news"
    assert (tmp_path / FAILED / f"b.txt{REASON}").read_text() == "it is empty\n"


def test_putting_away_overwrites_nothing(tmp_path: Path) -> None:
    """A wire that uses the same name every day keeps all its files."""
    watched = Watched(tmp_path)
    for text in ("one", "two", "three"):
        watched.write("a.txt", text, age=60)
        for found in watched.folder.complete(watched.now, watched.wall()):
            watched.folder.put_away(found, None)
    assert sorted(path.read_text() for path in (tmp_path / DONE).iterdir()) == ["one", "three", "two"]


def test_a_change_during_the_reading_is_noticed(tmp_path: Path) -> None:
    """A file that grew while it was read is a new version: it must not be put away."""
    watched = Watched(tmp_path)
    path = watched.write("a.txt", age=60)
    (found,) = watched.folder.complete(watched.now, watched.wall())
    assert watched.folder.unchanged(found)
    path.write_text("news and more", encoding="utf-8")
    assert not watched.folder.unchanged(found)
    path.unlink()
    assert not watched.folder.unchanged(found)


def test_the_real_clocks_fit_together(tmp_path: Path) -> None:
    """File times are compared with the wall clock, looks with the monotonic one."""
    path = tmp_path / "a.txt"
    path.write_text("news", encoding="utf-8")
    folder = Folder(tmp_path, 3600)
    assert folder.complete(time.monotonic(), time.time()) == []
    os.utime(path, (time.time() - 4000,) * 2)
    assert [found.path for found in Folder(tmp_path, 3600).complete(time.monotonic(), time.time())] == [path]
