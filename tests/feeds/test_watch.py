"""The watch: nothing is put away before it is acknowledged, nothing is published twice."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.errors import ConfigError, DeliveryError
from pipeline.feeds.folder import DONE, FAILED, Folder
from pipeline.feeds.watch import Watch, alone_in
from tests.feeds.archives import MemoryPublisher, line, name, write


def watch(folder: Path, publisher: MemoryPublisher, complaints: list[str]) -> Watch:
    # Settle time 0: a file is complete at the first look.
    return Watch(Folder(folder, 0.0), publisher, "test", complaints.append)  # type: ignore[arg-type] # all it asks for


def never(_seconds: float) -> bool:
    return False


def test_files_are_published_and_put_away(tmp_path: Path) -> None:
    """What was dropped is on the topic once, and in .done."""
    write(tmp_path / "a.jsonl", ("one", 1), ("two", 2))
    publisher, complaints = MemoryPublisher(), []
    watched = watch(tmp_path, publisher, complaints)
    watched.look(never)
    watched.look(never)
    assert [name(raw) for raw in publisher.sent] == ["one", "two"]
    assert [path.name for path in (tmp_path / DONE).iterdir()] == ["a.jsonl"]
    assert (watched.done.files, watched.done.items, watched.done.failed) == (1, 2, 0)
    assert complaints == []


def test_a_file_stays_until_the_broker_has_it(tmp_path: Path) -> None:
    """No acknowledgement, no move: the next start publishes the file again, under the same ids."""
    write(tmp_path / "a.jsonl", ("one", 1))

    class Stuck(MemoryPublisher):
        """Acknowledges nothing."""

        def flush(self) -> None:
            """Wait in vain."""
            raise DeliveryError("not acknowledged in time")

    stuck, publisher = Stuck(), MemoryPublisher()
    with pytest.raises(DeliveryError):
        watch(tmp_path, stuck, []).look(never)
    assert (tmp_path / "a.jsonl").exists()
    watch(tmp_path, publisher, []).look(never)
    assert [raw.item_id for raw in publisher.sent] == [raw.item_id for raw in stuck.sent]
    assert not (tmp_path / "a.jsonl").exists()


def test_a_file_that_fails_says_why_in_one_sentence(tmp_path: Path) -> None:
    """Empty and broken files go to .failed; the good lines of a broken one are published."""
    (tmp_path / "a.txt").touch()
    (tmp_path / "b.jsonl").write_text(line("one", 1) + "\nno json\nnot even\n", encoding="utf-8")
    publisher, complaints = MemoryPublisher(), []
    watched = watch(tmp_path, publisher, complaints)
    watched.look(never)
    assert [name(raw) for raw in publisher.sent] == ["one"]
    assert watched.done.failed == len(complaints) == 2
    assert any("a.txt" in sentence and "empty" in sentence for sentence in complaints)
    assert any("b.jsonl:2" in sentence and "1 more" in sentence and "1 others were published" in sentence
               for sentence in complaints)  # fmt: skip
    assert {path.name for path in (tmp_path / FAILED).iterdir()} >= {"a.txt", "b.jsonl"}


def test_a_file_that_grows_while_it_is_read_comes_again(tmp_path: Path) -> None:
    """The lines that were appended meanwhile are not lost with the move."""
    path = write(tmp_path / "a.jsonl", ("one", 1))

    class Appending(MemoryPublisher):
        """Somebody appends while this publishes."""

        def flush(self) -> None:
            """Acknowledge; the file has changed by now."""
            if self.flushes == 0:
                with path.open("a", encoding="utf-8") as more:
                    more.write(line("two", 2) + "\n")
            super().flush()

    publisher = Appending()
    watched = watch(tmp_path, publisher, [])
    watched.look(never)
    assert path.exists()
    watched.look(never)
    assert [name(raw) for raw in publisher.sent] == ["one", "one", "two"]
    assert not path.exists()


def test_once_ends_when_everything_is_done(tmp_path: Path) -> None:
    """--once takes what is there and leaves by itself."""
    write(tmp_path / "a.jsonl", ("one", 1))
    publisher = MemoryPublisher()
    watch(tmp_path, publisher, []).run(never, once=True)
    assert len(publisher.sent) == 1


def test_it_stops_when_it_is_told(tmp_path: Path) -> None:
    """A stop is answered between two looks; files stay where they are."""
    looks = iter([False, False, True])
    watch(tmp_path, MemoryPublisher(), []).run(lambda _seconds: next(looks), once=False)
    assert next(looks, None) is None


def test_a_folder_has_one_watcher(tmp_path: Path) -> None:
    """Two watchers would publish each file twice: the second one is told."""
    with alone_in(tmp_path), pytest.raises(ConfigError, match="another copytaster"), alone_in(tmp_path):
        pass
    with alone_in(tmp_path):
        pass


def test_a_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    """A mistyped folder stops at once."""
    with pytest.raises(ConfigError, match="cannot be watched"), alone_in(tmp_path / "nowhere"):
        pass
