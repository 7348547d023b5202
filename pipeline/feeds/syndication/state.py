"""What a poller remembers, in SQLite: where each feed stands, which entries it has had, by which names they go.

Everything that one look has changed is written in one transaction, after the broker has acknowledged what was
published. A process that is killed before that repeats the look, with the same ids.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Final, Self

import orjson

from pipeline.errors import ConfigError
from pipeline.feeds.syndication.options import Subscription

MAX_ALIASES: Final = 8
"""Most names of one kind that are kept of one entry: a feed with a new guid at every look must not grow without end."""

_BUSY_SECONDS: Final = 30.0
_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS feeds (
    feed TEXT PRIMARY KEY, moved TEXT, etag TEXT, modified TEXT, body TEXT, due REAL NOT NULL, quiet REAL NOT NULL,
    failures INTEGER NOT NULL, read INTEGER NOT NULL, arrivals TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS entries (
    id INTEGER PRIMARY KEY, feed TEXT NOT NULL, source TEXT NOT NULL, wire_id TEXT NOT NULL, digest TEXT NOT NULL,
    gone REAL
);
CREATE UNIQUE INDEX IF NOT EXISTS entries_by_feed ON entries (feed, wire_id);
CREATE INDEX IF NOT EXISTS entries_by_source ON entries (source, wire_id);
CREATE TABLE IF NOT EXISTS articles (
    source TEXT NOT NULL, wire_id TEXT NOT NULL, digest TEXT NOT NULL, version TEXT NOT NULL, size INTEGER NOT NULL,
    feed TEXT NOT NULL, PRIMARY KEY (source, wire_id)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS aliases (
    feed TEXT NOT NULL, kind TEXT NOT NULL, value TEXT NOT NULL, entry INTEGER NOT NULL, seen REAL NOT NULL,
    PRIMARY KEY (feed, kind, value)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS aliases_by_entry ON aliases (entry, kind, seen);
CREATE INDEX IF NOT EXISTS aliases_by_value ON aliases (kind, value);
"""


@dataclass(slots=True)
class FeedState:
    """Where a feed stands. Times are seconds since the epoch.

    Attributes:
        moved: the address that a permanent redirect gave.
        etag: of the last answer, as it came.
        modified: its Last-Modified, as it came.
        body: digest of the last body.
        due: when to look again.
        quiet: until when the server asks to be left alone.
        failures: in a row.
        read: whether it was ever read to its end.
        arrivals: when its last entries came out.
    """

    moved: str | None = None
    etag: str | None = None
    modified: str | None = None
    body: str | None = None
    due: float = 0.0
    quiet: float = 0.0
    failures: int = 0
    read: bool = False
    arrivals: list[float] = field(default_factory=list)


@dataclass(slots=True)
class Known:
    """An entry that a feed has had: the id it was first published under, and what it said at the last look."""

    id: int | None
    wire_id: str
    digest: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """What was last published of an article: its digest, version and length, and the feed that it came from."""

    digest: str
    version: str
    size: int
    feed: str


@dataclass(frozen=True, slots=True)
class Seen:
    """An entry as it stands in a feed now: what it is known as, and every name that it goes by."""

    known: Known
    names: tuple[tuple[str, str], ...]


class State:
    """The memory of pollers that publish to one place. Use it as a context manager.

    Args:
        path: the file; its folder is made.

    Raises:
        ConfigError: the file cannot be opened, or is none of ours.
    """

    def __init__(self, path: Path) -> None:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._base = sqlite3.connect(path, timeout=_BUSY_SECONDS, isolation_level=None)
            self._base.execute("PRAGMA journal_mode=WAL")
            self._base.execute("PRAGMA synchronous=NORMAL")
            self._base.executescript(_SCHEMA)
        except (OSError, sqlite3.Error) as error:
            raise ConfigError(f"{path} cannot keep what was read ({error}); give another file with --state") from error

    def __enter__(self) -> Self:
        """Return self."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the file."""
        self._base.close()

    def feed(self, one: Subscription) -> FeedState | None:
        """Return where a feed stands, None where it was never asked for."""
        row = self._base.execute(
            "SELECT moved, etag, modified, body, due, quiet, failures, read, arrivals FROM feeds WHERE feed = ?",
            (one.key,),
        ).fetchone()
        if row is None:
            return None
        moved, etag, modified, body, due, quiet, failures, read, arrivals = row
        return FeedState(moved, etag, modified, body, due, quiet, failures, bool(read), orjson.loads(arrivals))

    def known(self, one: Subscription, names: Iterable[tuple[str, str]]) -> dict[tuple[str, str], Known]:
        """Return the entries of a feed that go by some names."""
        found: dict[tuple[str, str], Known] = {}
        by_id: dict[int, Known] = {}
        for kind, value in names:
            row = self._base.execute(
                "SELECT e.id, e.wire_id, e.digest FROM aliases a JOIN entries e ON e.id = a.entry"
                " WHERE a.feed = ? AND a.kind = ? AND a.value = ?",
                (one.key, kind, value),
            ).fetchone()
            if row is not None:
                found[kind, value] = by_id.setdefault(row[0], Known(*row))
        return found

    def elsewhere(self, one: Subscription, kind: str, value: str) -> str | None:
        """Return the id under which another feed of the same wire has an entry of that name."""
        row = self._base.execute(
            "SELECT e.wire_id FROM aliases a JOIN entries e ON e.id = a.entry"
            " WHERE a.kind = ? AND a.value = ? AND e.source = ? AND e.feed != ? ORDER BY e.id LIMIT 1",
            (kind, value, one.source, one.key),
        ).fetchone()
        return None if row is None else str(row[0])

    def told(self, one: Subscription, wire_id: str) -> Told | None:
        """Return what was last published of an article of a wire."""
        row = self._base.execute(
            "SELECT digest, version, size, feed FROM articles WHERE source = ? AND wire_id = ?", (one.source, wire_id)
        ).fetchone()
        return None if row is None else Told(*row)

    def stands(self, told: Told, wire_id: str) -> bool:
        """Tell whether the feed that an article came from still has it as it was published."""
        row = self._base.execute(
            "SELECT 1 FROM entries WHERE feed = ? AND wire_id = ? AND digest = ? AND gone IS NULL",
            (told.feed, wire_id, told.digest),
        ).fetchone()
        return row is not None

    def taken(self, one: Subscription, wire_id: str) -> bool:
        """Tell whether an entry of a feed was published under an id."""
        row = self._base.execute("SELECT 1 FROM entries WHERE feed = ? AND wire_id = ?", (one.key, wire_id)).fetchone()
        return row is not None

    def save(self, one: Subscription, state: FeedState) -> None:
        """Write down where a feed stands."""
        self._base.execute(
            "INSERT OR REPLACE INTO feeds VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                one.key, state.moved, state.etag, state.modified, state.body, state.due, state.quiet, state.failures,
                state.read,                 orjson.dumps(state.arrivals).decode(),
            ),
        )  # fmt: skip

    def record(
        self,
        one: Subscription,
        state: FeedState,
        seen: Iterable[Seen],
        told: Mapping[str, Told],
        *,
        now: float,
        forget_before: float,
    ) -> None:
        """Write down a whole look at once: where the feed stands, and the entries that it has now.

        Args:
            one: the feed.
            state: where it stands.
            seen: every entry that it has now.
            told: what was published, by wire id.
            now: seconds since the epoch.
            forget_before: entries that left the feed before this are forgotten.
        """
        base = self._base
        base.execute("BEGIN IMMEDIATE")
        try:
            self.save(one, state)
            base.execute("UPDATE entries SET gone = ? WHERE feed = ? AND gone IS NULL", (now, one.key))
            for entry in seen:
                self._remember(one, entry, now)
            base.executemany(
                "INSERT OR REPLACE INTO articles VALUES (?, ?, ?, ?, ?, ?)",
                [(one.source, wire_id, it.digest, it.version, it.size, it.feed) for wire_id, it in told.items()],
            )
            self._forget(one, forget_before)
            base.execute("COMMIT")
        except BaseException:
            base.execute("ROLLBACK")
            raise

    def _forget(self, one: Subscription, before: float) -> None:
        base, left = self._base, (one.key, before)
        base.execute("DELETE FROM aliases WHERE entry IN (SELECT id FROM entries WHERE feed = ? AND gone < ?)", left)
        if base.execute("DELETE FROM entries WHERE feed = ? AND gone < ?", left).rowcount:
            base.execute(
                "DELETE FROM articles WHERE source = ? AND NOT EXISTS (SELECT 1 FROM entries e"
                " WHERE e.source = articles.source AND e.wire_id = articles.wire_id)",
                (one.source,),
            )

    def _remember(self, one: Subscription, seen: Seen, now: float) -> None:
        known, feed = seen.known, one.key
        row = self._base.execute(
            "INSERT INTO entries (feed, source, wire_id, digest, gone) VALUES (?, ?, ?, ?, NULL)"
            " ON CONFLICT (feed, wire_id)"
            " DO UPDATE SET digest = excluded.digest, gone = NULL"
            " RETURNING id",
            (feed, one.source, known.wire_id, known.digest),
        ).fetchone()
        entry = row[0]
        for kind, value in seen.names:
            self._base.execute("INSERT OR REPLACE INTO aliases VALUES (?, ?, ?, ?, ?)", (feed, kind, value, entry, now))
        for kind in {kind for kind, _ in seen.names}:
            self._base.execute(
                "DELETE FROM aliases WHERE feed = ? AND kind = ? AND entry = ? AND value NOT IN"
                " (SELECT value FROM aliases WHERE entry = ? AND kind = ? ORDER BY seen DESC, value LIMIT ?)",
                (feed, kind, entry, entry, kind, MAX_ALIASES),
            )

    def size(self) -> tuple[int, int, int]:
        """Return the number of entries, of names and of articles that are remembered."""
        counts = [self._base.execute(f"SELECT count(*) FROM {table}") for table in ("entries", "aliases", "articles")]  # noqa: S608 - names of our own
        entries, names, articles = (int(count.fetchone()[0]) for count in counts)
        return entries, names, articles
