"""Replay: every item at least once, none skipped, whenever it was killed."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import ConfigError, DeliveryError
from pipeline.feeds.archive import Archive
from pipeline.feeds.position import Position
from pipeline.feeds.replay import Progress, Replay
from tests.feeds.archives import MemoryPublisher, indexed, name, write


class MortalPosition(Position):
    """A position of a process that can be killed: afterwards nothing is written any more."""

    alive = True

    def save(self, acknowledged: int) -> None:
        """Save while alive."""
        if self.alive:
            super().save(acknowledged)


class Ticks:
    """A clock that goes on by itself, so that the position is saved every few items."""

    def __init__(self, step: float) -> None:
        self._now = 0.0
        self._step = step

    def __call__(self) -> float:
        """Return the time."""
        self._now += self._step
        return self._now


def replay(
    found: Archive,
    publisher: MemoryPublisher,
    position: Position | None,
    *,
    loops: int = 1,
    wait: Callable[[float], bool] = lambda _seconds: False,
    look: Callable[[Progress], None] = lambda _progress: None,
) -> Replay:
    return Replay(
        found,
        publisher,  # type: ignore[arg-type] # it has what a replay asks of a publisher
        position=position,
        loops=loops,
        now=Ticks(0.01),
        wait=wait,
        look=look,
    )


def sent(publisher: MemoryPublisher) -> list[str]:
    return [name(raw) for raw in publisher.sent]


def numbered(folder: Path, count: int) -> Archive:
    """Return an archive of items named 0, 1, 2 and so on."""
    return indexed(write(folder / "a.jsonl", *((str(number), number) for number in range(count))))


def test_a_finished_replay_leaves_no_state(tmp_path: Path) -> None:
    """The next run of the same command begins anew."""
    state = tmp_path / "state" / "position.json"
    publisher = MemoryPublisher(lag=3)
    run = replay(numbered(tmp_path, 5), publisher, Position(state, "a"))
    assert run.run()
    assert sent(publisher) == ["0", "1", "2", "3", "4"]
    assert run.progress.acknowledged == run.progress.total == 5
    assert not state.exists()


def test_a_stopped_replay_goes_on_after_the_last_acknowledged_item(tmp_path: Path) -> None:
    """Ctrl-C waits for what is in the air; the same command sends the rest and nothing twice."""
    found, position = numbered(tmp_path, 9), Position(tmp_path / "state.json", "a")
    first, second = MemoryPublisher(lag=4), MemoryPublisher()
    assert not replay(found, first, position, wait=lambda _seconds: len(first.sent) == 5).run()
    assert replay(found, second, position).run()
    assert sent(first) + sent(second) == [str(number) for number in range(9)]


@given(
    count=st.integers(1, 300),
    loops=st.integers(1, 3),
    lag=st.integers(0, 100),
    deaths=st.lists(st.integers(1, 400), max_size=4),
)
def test_whenever_it_is_killed_no_item_is_skipped(count: int, loops: int, lag: int, deaths: list[int]) -> None:
    """Killed at any items, with any number in the air: each round's items are all sent, in order, repeats aside."""
    expected = [str(number) for number in range(count)] * loops
    with tempfile.TemporaryDirectory() as folder:
        found = numbered(Path(folder), count)
        reached = 0
        for death in [*deaths, None]:
            position = MortalPosition(Path(folder, "state.json"), "a")
            publisher = Killed(position, lag, death) if death else MemoryPublisher(lag)
            begin = position.load()
            assert begin <= reached, "items were skipped"
            try:
                finished = replay(found, publisher, position, loops=loops).run()
            except Died:
                finished = False
            assert sent(publisher) == expected[begin : begin + len(publisher.sent)]
            reached = max(reached, begin + len(publisher.sent))
            if finished:
                break
        assert reached == len(expected)


class Died(BaseException):
    """Stands for kill -9: nothing is written after it."""


class Killed(MemoryPublisher):
    """Ends the process at one publish call; what is in the air is not acknowledged."""

    def __init__(self, position: MortalPosition, lag: int, death: int) -> None:
        super().__init__(lag, breaks_at=death)
        self._position = position

    def publish(self, raw: object, token: object = None) -> None:
        """Publish, or die."""
        try:
            super().publish(raw, token)  # type: ignore[arg-type] # handed on
        except DeliveryError:
            self._position.alive = False
            raise Died from None


def test_a_broken_delivery_saves_only_what_was_acknowledged(tmp_path: Path) -> None:
    """Items that were in the air when the broker vanished are sent again."""
    found, position = numbered(tmp_path, 20), Position(tmp_path / "state.json", "a")
    with pytest.raises(DeliveryError):
        replay(found, MemoryPublisher(lag=4, breaks_at=11), position).run()
    assert position.load() == 6


def test_progress_is_shown_while_it_runs(tmp_path: Path) -> None:
    """The bar moves, and ends at the total."""
    seen: list[tuple[int, int]] = []
    found = numbered(tmp_path, 400)
    replay(found, MemoryPublisher(), None, look=lambda shown: seen.append((shown.sent, shown.total))).run()
    assert len(seen) > 3
    assert seen == sorted(seen)
    assert seen[-1] == (400, 400)


def test_a_loop_sends_the_same_items_under_the_same_ids(tmp_path: Path) -> None:
    """A later round makes load, not news: readers drop it."""
    publisher = MemoryPublisher()
    assert replay(numbered(tmp_path, 3), publisher, None, loops=2).run()
    assert publisher.sent[:3] == publisher.sent[3:]


@pytest.mark.parametrize("content", [b"", b"no json", b"[]", b'{"archive": "a"}'])
def test_a_broken_position_is_said(tmp_path: Path, content: bytes) -> None:
    """A state file that cannot be read stops the replay with what to do; it never begins somewhere."""
    state = tmp_path / "state.json"
    state.write_bytes(content)
    with pytest.raises(ConfigError, match="--no-resume"):
        Position(state, "a").load()


def test_a_position_of_another_archive_is_refused(tmp_path: Path) -> None:
    """--state with a file of another archive would skip items of this one."""
    Position(tmp_path / "state.json", "a").save(7)
    with pytest.raises(ConfigError, match="another archive"):
        Position(tmp_path / "state.json", "b").load()
