"""Reading topics: typed, each event once, resumable.

Workers deliver at least once: after a crash they repeat what they had delivered but not committed yet. A repeated
record carries the same `ce_id` in the same partition, so a reader that remembers the last ids drops it. What a
reader knew is gone when it restarts, so a resumed reader first looks again at the records just before its
committed offset, without handing them out.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Collection, Generator, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

import orjson
from kafka import ConsumerRebalanceListener, TopicPartition
from kafka.errors import KafkaError
from kafka.structs import OffsetAndMetadata
from pydantic import ValidationError

from pipeline.bus.client import broker_errors, open_consumer
from pipeline.bus.events import header
from pipeline.errors import ConfigError, TopicMissing, UnreadableRecord
from pipeline.settings import Settings, load_settings
from schemas.base import Record
from schemas.topics import TOPICS, TopicSpec

Start = Literal["earliest", "latest"] | datetime

_COMMIT_SECONDS = 0.5
_POLL_MS = 200
_ITEMS_BETWEEN_COMMITS = 1000

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Received:
    """One event of a topic. `record` is None for a tombstone: whatever had this key is gone."""

    topic: str
    partition: int
    offset: int
    time: datetime
    key: bytes | None
    value: bytes | None
    headers: tuple[tuple[str, bytes | None], ...]
    spec: TopicSpec

    @property
    def id(self) -> str | None:
        """The `ce_id`: equal ids are one event."""
        return header(self.headers, "ce_id")

    @property
    def record(self) -> Record | None:
        """The typed record.

        Raises:
            UnreadableRecord: the value is not the record that the topic carries.
        """
        if self.value is None:
            return None
        try:
            return self.spec.record.from_json(self.value)
        except (ValidationError, orjson.JSONDecodeError) as error:
            raise UnreadableRecord(
                f"{self.topic}/{self.partition}/{self.offset} is no {self.spec.record.__name__}: {error}"
            ) from error


class SeenIds:
    """The last event ids of one partition, at least `window` of them, in two generations of constant size."""

    def __init__(self, window: int) -> None:
        self._window = window
        self._young: set[str] = set()
        self._old: set[str] = set()

    def add(self, event: str) -> bool:
        """Remember an id; return whether it is new."""
        if event in self._young or event in self._old:
            return False
        self._young.add(event)
        if len(self._young) >= self._window:
            self._old, self._young = self._young, set()
        return True


def topic_spec(topic: str, settings: Settings) -> TopicSpec:
    """Return the contract of a topic, by its full name or its name without the prefix.

    Raises:
        ConfigError: there is no such topic; the sentence lists those there are.
    """
    for spec in TOPICS:
        if topic in {spec.name, settings.topic(spec.name)}:
            return spec
    names = ", ".join(settings.topic(spec.name) for spec in TOPICS)
    raise ConfigError(f"there is no topic {topic!r}; there are {names}")


def subscribe(
    topic: str,
    *,
    group: str | None = None,
    start: Start = "earliest",
    settings: Settings | None = None,
    until_idle: float | None = None,
    stop: Callable[[], bool] | None = None,
) -> Generator[Received, None, None]:
    """Read a topic as typed events, each exactly once, in order per article.

    With a group, reading resumes after the last event whose successor was asked for: an event counts as done when
    the loop comes back for the next one, so a crash inside the loop's body repeats that event. Several readers of
    one group share the partitions.

    Args:
        topic: "news.figures", or "figures".
        group: name of the reader; without it nothing is remembered.
        start: where a new reader begins: earliest, latest, or a moment.
        settings: where the broker is; read from the environment when not given.
        until_idle: stop after so many seconds without an event; by default the generator never ends.
        stop: asked after every event and several times a second; once it says true, reading ends and what the loop
            came back from counts as done.

    Raises:
        ConfigError: no such topic in the contract.
        BrokerError: the broker is absent, refuses, or lacks the topic.
    """
    settings = settings or load_settings()
    reader = _Reader(topic_spec(topic, settings), settings, group, start)
    try:
        yield from reader.events(until_idle, stop or _never)
    finally:
        reader.close()


def _never() -> bool:
    return False


def repeat_window(spec: TopicSpec, settings: Settings) -> int:
    """Return how many records back the first copy of a repeated record can stand in its partition.

    A crash repeats what was in flight and what was delivered since the last commit; both are small next to this.
    """
    items = 2 * settings.chunk_records * settings.chunks_in_flight + _ITEMS_BETWEEN_COMMITS
    return items * spec.fan_out


class _Assignment(ConsumerRebalanceListener):  # type: ignore[misc] # kafka-python is untyped
    """Tells the reader about rebalances. kafka-python calls it on its own thread, where nothing may wait."""

    def __init__(self, reader: _Reader) -> None:
        self._reader = reader

    def on_partitions_revoked(self, revoked: Collection[Any]) -> None:
        """Commit what is done before another reader takes over."""
        self._reader.revoked(revoked)

    def on_partitions_assigned(self, assigned: Collection[Any]) -> None:
        """Hold the new partitions until the reader has looked up where to begin."""
        self._reader.assigned(assigned)


class _Reader:
    """The consumer behind one `subscribe`."""

    def __init__(self, spec: TopicSpec, settings: Settings, group: str | None, start: Start) -> None:
        self._spec = spec
        self._topic = settings.topic(spec.name)
        self._settings = settings
        self._group = group
        self._start = start
        self._window = repeat_window(spec, settings)
        self._fresh: list[Any] = []
        self._seen: dict[int, SeenIds] = {}
        self._resume: dict[int, int] = {}
        self._done: dict[int, int] = {}
        self._committed_at = time.monotonic()
        self._consumer = open_consumer(settings, group=group, start="latest" if start == "latest" else "earliest")
        with broker_errors(settings):
            self._attach()

    def _attach(self) -> None:
        partitions = self._consumer.partitions_for_topic(self._topic)
        if not partitions:
            raise TopicMissing(f"{self._topic} is missing on {self._settings.brokers}; run `copytaster topics create`")
        if self._group is not None:
            self._consumer.subscribe([self._topic], listener=_Assignment(self))
            return
        self._fresh = [TopicPartition(self._topic, partition) for partition in sorted(partitions)]
        self._consumer.assign(self._fresh)
        self._begin()

    def assigned(self, places: Collection[Any]) -> None:
        """Hold new partitions; `_begin` lets them flow."""
        self._consumer.pause(*places)
        self._fresh = list(places)

    def revoked(self, places: Collection[Any]) -> None:
        """Send a commit of what is done ahead of the request to rejoin, and forget the partitions."""
        if offsets := self._finished():
            self._consumer.commit_async(offsets)
        for place in places:
            self._done.pop(place.partition, None)

    def _begin(self) -> None:
        """Set new partitions to where they begin: before the committed offset where there is one."""
        places, self._fresh = self._fresh, []
        unread = []
        for place in places:
            self._seen[place.partition] = SeenIds(self._window)
            self._resume.pop(place.partition, None)
            committed = None if self._group is None else self._consumer.committed(place)
            if committed is None:
                unread.append(place)
                continue
            first = self._consumer.beginning_offsets([place])[place]
            self._resume[place.partition] = committed
            self._consumer.seek(place, max(first, committed - self._window))
        self._seek_to_start(unread)
        self._consumer.resume(*places)

    def _seek_to_start(self, places: list[Any]) -> None:
        if not places or not isinstance(self._start, datetime):
            return
        found = self._consumer.offsets_for_times(dict.fromkeys(places, int(self._start.timestamp() * 1000)))
        ends = self._consumer.end_offsets(places)
        for place in places:
            at = found.get(place)
            self._consumer.seek(place, at.offset if at is not None else ends[place])

    def events(self, until_idle: float | None, stop: Callable[[], bool]) -> Iterator[Received]:
        """Yield new events; commit those that are done."""
        last = time.monotonic()
        while not stop() and (until_idle is None or time.monotonic() - last < until_idle):
            with broker_errors(self._settings):
                polled = self._consumer.poll(timeout_ms=_POLL_MS)
                if self._fresh:
                    self._begin()
                    last = time.monotonic()
                    continue
            for records in polled.values():
                for record in records:
                    event = self._receive(record)
                    if event is not None:
                        yield event
                        last = time.monotonic()
                    # Reached only when the loop came back for more, so this offset is done.
                    if record.offset >= self._resume.get(record.partition, 0):
                        self._done[record.partition] = record.offset + 1
                    if event is not None and stop():
                        return
            if time.monotonic() - self._committed_at >= _COMMIT_SECONDS:
                self._commit()

    def _receive(self, record: Any) -> Received | None:
        headers = tuple(record.headers)
        event = header(headers, "ce_id")
        new = event is None or self._seen[record.partition].add(event)
        if not new or record.offset < self._resume.get(record.partition, 0):
            return None
        moment = datetime.fromtimestamp(record.timestamp / 1000, UTC)
        return Received(
            record.topic, record.partition, record.offset, moment, record.key, record.value, headers, self._spec
        )

    def _finished(self) -> dict[Any, Any]:
        """Return the offsets to commit: after each partition's last event that is done."""
        if self._group is None:
            return {}
        return {
            TopicPartition(self._topic, partition): OffsetAndMetadata(offset, "", -1)
            for partition, offset in self._done.items()
        }

    def _commit(self) -> None:
        self._committed_at = time.monotonic()
        offsets = self._finished()
        if not offsets:
            return
        try:
            self._consumer.commit(offsets, timeout_ms=int(self._settings.request_timeout * 1000))
        except KafkaError as error:
            # The next commit covers these offsets too; if none succeeds, a successor repeats them.
            logger.warning("the offsets of group %s were not committed: %s", self._group, error)
        else:
            self._done.clear()

    def close(self) -> None:
        """Commit what is done and leave the group."""
        try:
            self._commit()
        finally:
            self._consumer.close(autocommit=False)
