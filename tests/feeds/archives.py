"""Small archives on disk, and a publisher that only remembers."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

from pipeline.errors import DeliveryError
from pipeline.feeds.archive import Archive, Selection
from schemas import RawItem

BEGIN = datetime(2020, 1, 1, tzinfo=UTC)
RECEIVED = datetime(2024, 5, 1, 12, tzinfo=UTC)


def line(name: str, hour: int | None) -> str:
    """Return one wire item, dated so many hours after `BEGIN`, or not at all."""
    item = {"uri": f"urn:{name}", "headline": name, "body_text": f"Story {name} has some words."}
    if hour is not None:
        item["versioncreated"] = (BEGIN + timedelta(hours=hour)).isoformat()
        item["firstcreated"] = item["versioncreated"]
    return json.dumps(item)


def write(path: Path, *items: tuple[str, int | None]) -> Path:
    """Write a JSON Lines file of items."""
    path.write_text("".join(line(name, hour) + "\n" for name, hour in items), encoding="utf-8")
    return path


def archive(*paths: Path, selection: Selection | None = None) -> Archive:
    """Return an archive that is not indexed yet."""
    return Archive(paths, source="test", received_at=RECEIVED, selection=selection)


def indexed(*paths: Path, selection: Selection | None = None) -> Archive:
    """Return an archive that holds no item that is rejected."""
    found = archive(*paths, selection=selection)
    complaints: list[str] = []
    found.index(complaints.append)
    assert not complaints
    return found


def name(raw: RawItem) -> str:
    """Return the name that `line` was given."""
    return str(json.loads(raw.body)["headline"])


class MemoryPublisher:
    """Remembers what it was given; acknowledges all but the last `lag` items, and all when flushed.

    Args:
        lag: items in the air.
        breaks_at: the publish call, counted from 1, that fails; None never fails.
    """

    def __init__(self, lag: int = 0, breaks_at: int | None = None) -> None:
        self._lag = lag
        self._breaks_at = breaks_at
        self._tokens: list[object] = []
        self.sent: list[RawItem] = []
        self.last_token: object = None
        self.flushes = 0
        self.abandoned = self.closed = False

    def close(self) -> None:
        """Close."""
        self.closed = True

    def abandon(self) -> None:
        """Close without waiting."""
        self.abandoned = True

    def publish(self, raw: RawItem, token: object = None) -> None:
        """Remember an item."""
        if self._breaks_at is not None and len(self.sent) + 1 >= self._breaks_at:
            raise DeliveryError("the broker is gone")
        self.sent.append(raw)
        self._tokens.append(token)
        if len(self._tokens) > self._lag:
            self.last_token = self._tokens[-1 - self._lag]

    def flush(self) -> None:
        """Acknowledge all."""
        self.flushes += 1
        if self._tokens:
            self.last_token = self._tokens[-1]
