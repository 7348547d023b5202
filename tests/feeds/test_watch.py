"""The watch: nothing is put away before it is acknowledged, nothing is published twice."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from pipeline.errors import BrokerAbsent, BrokerRefused, ConfigError, DeliveryError
from pipeline.feeds.folder import DONE, FAILED, Folder
from pipeline.feeds.watch import Watch, alone_in
from tests.feeds.archives import MemoryPublisher, line, name, write


class Notes:
    """A ledger that remembers what it was told."""

    def __init__(self) -> None:
        self.said: list[tuple[str, int, int, int]] = []

    def note(self, source: str, *, items: int = 0, rejected: int = 0, size: int = 0, at: datetime) -> None:
        """Remember."""
        assert at.tzinfo is not None
        self.said.append((source, items, rejected, size))


def watch(
    folder: Path, publishers: MemoryPublisher | list[MemoryPublisher], complaints: list[str], notes: Notes | None = None
) -> Watch:
    """Return a watch that takes the publishers one after the other; settle time 0: a file is complete at once."""
    ready = publishers if isinstance(publishers, list) else [publishers]

    def opened() -> MemoryPublisher:
        if not ready:
            raise BrokerAbsent("no broker answers")
        return ready.pop(0)

    return Watch(
        Folder(folder, 0.0),
        opened,  # type: ignore[arg-type] # all it asks for
        source="test",
        ledger=notes or Notes(),  # type: ignore[arg-type] # all it asks for
        complain=complaints.append,
    )


class Stuck(MemoryPublisher):
    """Acknowledges nothing."""

    def flush(self) -> None:
        """Wait in vain."""
        raise DeliveryError("not acknowledged in time")


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


def stop_after(count: int) -> Callable[[float], bool]:
    """Return a wait that takes no time and says stop the given time."""
    left = iter(range(count))
    return lambda _seconds: next(left, None) is None


def test_an_outage_is_waited_for(tmp_path: Path) -> None:
    """While the broker is away, twice, the file stays; it goes out once it is back; each change is said once."""
    write(tmp_path / "a.jsonl", ("one", 1))
    publisher, complaints, notes = MemoryPublisher(), [], Notes()
    stuck = [Stuck(), Stuck()]
    watched = watch(tmp_path, [*stuck, publisher], complaints, notes)
    watched.run(stop_after(20), once=False)
    assert [name(raw) for raw in publisher.sent] == ["one"]
    assert [path.name for path in (tmp_path / DONE).iterdir()] == ["a.jsonl"]
    assert ["files stay" in complaints[0], "again" in complaints[1], len(complaints)] == [True, True, 2]
    assert (watched.done.files, watched.done.items) == (1, 1)
    assert [(source, items) for source, items, _, _ in notes.said] == [("test", 1)]
    watched.close()
    assert [(one.abandoned, one.closed) for one in (*stuck, publisher)] == [(True, False), (True, False), (False, True)]


def test_a_stop_is_answered_during_an_outage(tmp_path: Path) -> None:
    """Nobody waits for a broker that does not come; the file is there for the next start."""
    path = write(tmp_path / "a.jsonl", ("one", 1))
    complaints: list[str] = []
    watch(tmp_path, [Stuck()], complaints).run(stop_after(50), once=False)
    assert path.exists()
    assert len(complaints) == 1


def test_once_does_not_wait(tmp_path: Path) -> None:
    """For cron an outage is a failed run."""
    write(tmp_path / "a.jsonl", ("one", 1))
    with pytest.raises(DeliveryError):
        watch(tmp_path, [Stuck(), MemoryPublisher()], []).run(never, once=True)


def test_a_refusal_is_not_waited_for(tmp_path: Path) -> None:
    """Wrong credentials do not get better by waiting."""

    class Refusing(MemoryPublisher):
        """Is not let in."""

        def flush(self) -> None:
            """Hear it."""
            raise BrokerRefused("the broker refuses the user")

    write(tmp_path / "a.jsonl", ("one", 1))
    with pytest.raises(BrokerRefused):
        watch(tmp_path, [Refusing(), MemoryPublisher()], []).run(never, once=False)


def test_what_is_published_and_rejected_is_noted(tmp_path: Path) -> None:
    """The ledger hears of items by their source, and of bytes and rejected lines, after the acknowledgement."""
    (tmp_path / "a.jsonl").write_text(line("one", 1) + "\nno json\n", encoding="utf-8")
    notes = Notes()
    watch(tmp_path, MemoryPublisher(), [], notes).look(never)
    assert notes.said == [("test", 1, 0, len(line("one", 1))), ("test", 0, 1, 0)]


def test_a_folder_that_goes_away_is_said(tmp_path: Path) -> None:
    """A share that is unmounted ends the watch with a sentence, not a traceback."""
    folder = tmp_path / "drop"
    folder.mkdir()
    watched = watch(folder, MemoryPublisher(), [])
    folder.rmdir()
    with pytest.raises(ConfigError, match="cannot be watched any more"):
        watched.run(never, once=False)


def test_a_file_that_cannot_be_moved_ends_the_watch(tmp_path: Path) -> None:
    """To go on would publish it at every look; the sentence names it."""
    write(tmp_path / "a.jsonl", ("one", 1))
    (tmp_path / DONE).write_bytes(b"in the way")
    publisher = MemoryPublisher()
    with pytest.raises(ConfigError, match=r"a\.jsonl is published, but cannot be moved"):
        watch(tmp_path, publisher, []).run(never, once=False)
    assert len(publisher.sent) == 1
