"""The ledger of sources: what each has sent and its habit, in one small SQLite file that all feeds share.

It is written every few seconds at most, in one short transaction that reads, adds and writes, so any number of
processes may keep the same source. A ledger that cannot be written never stops a feed: that is said once.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from pipeline.limits import MAX_SOURCES
from pipeline.sources.habits import Habit, Verdict, heard, judge

OTHERS: Final = "(others)"
"""Stands for what comes after the first `MAX_SOURCES` names."""

_WRITE_SECONDS: Final = 3.0
_BUSY_SECONDS: Final = 5.0
_FILE: Final = "sources.sqlite"
_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS sources (
    feed TEXT NOT NULL, source TEXT NOT NULL, items INTEGER NOT NULL, rejected INTEGER NOT NULL, bytes INTEGER NOT NULL,
    last REAL, habit BLOB, PRIMARY KEY (feed, source)
) WITHOUT ROWID
"""


@dataclass(frozen=True, slots=True)
class SourceState:
    """What is known of one source of one feed.

    Attributes:
        feed: stdin, watch, http or rss.
        source: name of the wire.
        items: published.
        rejected: inputs that were no item.
        size: bytes of the published items as received.
        last: when the latest item was published; None where none ever was.
        habit: None where nothing was ever published.
    """

    feed: str
    source: str
    items: int = 0
    rejected: int = 0
    size: int = 0
    last: datetime | None = None
    habit: Habit | None = None

    def verdict(self, now: datetime) -> Verdict | None:
        """Return what its silence amounts to; None where it was never heard."""
        return judge(self.habit, now) if self.habit is not None else None


@dataclass(slots=True)
class _Pending:
    items: int = 0
    rejected: int = 0
    size: int = 0
    last: datetime | None = None
    arrivals: list[datetime] = field(default_factory=list)

    def add(self, later: _Pending) -> None:
        self.items += later.items
        self.rejected += later.rejected
        self.size += later.size
        self.last = later.last or self.last
        self.arrivals += later.arrivals


class Ledger:
    """Notes what one feed publishes. Use it as a context manager: leaving it writes what is pending.

    Args:
        state_dir: where the file lives; made when it is not there.
        feed: name of the kind of feed.
        complain: gets one sentence when the ledger cannot be kept.
    """

    def __init__(self, state_dir: Path, feed: str, complain: Callable[[str], None]) -> None:
        self._state_dir = state_dir.expanduser()
        self._feed = feed
        self._complain = complain
        self._lock = threading.Lock()
        self._pending: dict[str, _Pending] = {}
        self._known: dict[str, SourceState] = {}
        self._complained = False
        self._closing = threading.Event()
        self._writer = threading.Thread(target=self._write_often, name="ledger", daemon=True)

    def note(self, source: str, *, items: int = 0, rejected: int = 0, size: int = 0, at: datetime) -> None:
        """Note what a source has just sent.

        Args:
            source: name of the wire.
            items: how many were published.
            rejected: how many inputs were no item.
            size: bytes of the published items as received.
            at: now.
        """
        with self._lock:
            if source not in self._known:
                source = source if len(self._known) < MAX_SOURCES else OTHERS
                self._known.setdefault(source, SourceState(self._feed, source))
            known, pending = self._known[source], self._pending.setdefault(source, _Pending())
            pending.items += items
            pending.rejected += rejected
            pending.size += size
            habit, last = known.habit, known.last
            if items:
                pending.last = last = at if last is None else max(at, last)
                fresh = heard(habit, at)
                if fresh is not habit:
                    pending.arrivals.append(at)
                habit = fresh
            self._known[source] = replace(
                known,
                items=known.items + items,
                rejected=known.rejected + rejected,
                size=known.size + size,
                last=last,
                habit=habit,
            )

    def states(self) -> list[SourceState]:
        """Return the sources of this feed: what this process has sent, and when any process has heard them.

        So a source that says nothing after a restart is in the list, and so is what it used to do.
        """
        try:
            kept = {state.source: state for state in read_sources(self._state_dir) if state.feed == self._feed}
        except OSError:
            kept = {}
        with self._lock:
            for source, state in kept.items():
                known = self._known.get(source) or SourceState(self._feed, source)
                if known.last is None or (state.last is not None and state.last > known.last):
                    known = replace(known, last=state.last, habit=state.habit)
                kept[source] = known
            return [state for _, state in sorted((self._known | kept).items())]

    def flush(self) -> None:
        """Write what is pending, and take over what other processes have learned."""
        with self._lock:
            pending, self._pending = self._pending, {}
        if not pending:
            return
        try:
            with _opened(self._state_dir) as file:
                habits = {source: _add(file, self._feed, source, tally) for source, tally in pending.items()}
        except (sqlite3.Error, OSError) as error:
            self._put_back(pending)
            if not self._complained:
                self._complained = True
                self._complain(
                    f"copytaster: the ledger of sources in {self._state_dir} cannot be kept ({error}); the feed goes on"
                )
            return
        with self._lock:
            for source, habit in habits.items():
                known = self._known[source]
                newer = habit is not None and (known.habit is None or habit.last >= known.habit.last)
                self._known[source] = replace(known, habit=habit) if newer else known

    def _put_back(self, pending: dict[str, _Pending]) -> None:
        with self._lock:
            for source, later in self._pending.items():
                pending.setdefault(source, _Pending()).add(later)
            self._pending = pending

    def _write_often(self) -> None:
        while not self._closing.wait(_WRITE_SECONDS):
            self.flush()

    def __enter__(self) -> Self:
        """Begin to write now and then."""
        self._writer.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Write what is pending."""
        self._closing.set()
        self._writer.join()
        self.flush()


def read_sources(state_dir: Path) -> list[SourceState]:
    """Return every source that any feed has noted, by feed and name; nothing where no feed ever ran.

    Raises:
        OSError: the file is there, but cannot be read.
    """
    if not (state_dir.expanduser() / _FILE).exists():
        return []
    try:
        with _opened(state_dir.expanduser()) as file:
            rows = file.execute(
                "SELECT feed, source, items, rejected, bytes, last, habit FROM sources ORDER BY feed, source"
            ).fetchall()
            return [_state(row) for row in rows]
    except (sqlite3.Error, ValueError, TypeError) as error:
        raise OSError(f"the ledger of sources in {state_dir} cannot be read: {error}") from error


def forget_source(state_dir: Path, source: str) -> bool:
    """Forget a source that is gone for good, in every feed; return whether it was known.

    Raises:
        OSError: the ledger cannot be written.
    """
    if not (state_dir.expanduser() / _FILE).exists():
        return False
    try:
        with _opened(state_dir.expanduser()) as file:
            return file.execute("DELETE FROM sources WHERE source = ?", (source,)).rowcount > 0
    except sqlite3.Error as error:
        raise OSError(f"the ledger of sources in {state_dir} cannot be written: {error}") from error


@contextmanager
def _opened(state_dir: Path) -> Iterator[sqlite3.Connection]:
    """Yield the file inside one transaction that no other process can come between."""
    state_dir.mkdir(parents=True, exist_ok=True)
    with closing(sqlite3.connect(state_dir / _FILE, timeout=_BUSY_SECONDS, isolation_level=None)) as file:
        file.execute(_SCHEMA)
        file.execute("BEGIN IMMEDIATE")
        yield file
        file.execute("COMMIT")


def _add(file: sqlite3.Connection, feed: str, source: str, tally: _Pending) -> Habit | None:
    """Add a tally to a source's row and return its habit: that of all processes together."""
    row = file.execute(
        "SELECT feed, source, items, rejected, bytes, last, habit FROM sources WHERE feed = ? AND source = ?",
        (feed, source),
    ).fetchone()
    state = _state(row) if row is not None else SourceState(feed, source)
    habit = state.habit
    for moment in tally.arrivals:
        habit = heard(habit, moment)
    last = max(filter(None, (state.last, tally.last)), default=None)
    file.execute(
        "INSERT OR REPLACE INTO sources VALUES (?, ?, ?, ?, ?, ?, ?)",
        (
            feed,
            source,
            state.items + tally.items,
            state.rejected + tally.rejected,
            state.size + tally.size,
            last.timestamp() if last else None,
            habit.to_json() if habit else None,
        ),
    )
    return habit


def _state(row: tuple[str, str, int, int, int, float | None, bytes | None]) -> SourceState:
    feed, source, items, rejected, size, last, habit = row
    return SourceState(
        feed,
        source,
        items,
        rejected,
        size,
        datetime.fromtimestamp(last, UTC) if last is not None else None,
        Habit.from_json(habit) if habit is not None else None,
    )
