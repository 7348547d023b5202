"""The dead letters as they stand on their topic now, and which of them were sent back already.

A dead letter that was sent back is followed, in its own partition, by a tombstone with its key whose header
`ct_redriven_letter` is the letter's offset. So whoever reads the topic knows, and the mark lives as long as the letter.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Self

from kafka import TopicPartition

from pipeline.bus.client import broker_errors, open_consumer
from pipeline.bus.events import header
from pipeline.bus.reader import Received, SeenIds, repeat_window
from pipeline.errors import TopicMissing
from pipeline.settings import Settings
from schemas import DeadLetter
from schemas.topics import DEADLETTER

REDRIVEN_LETTER = "ct_redriven_letter"
"""Header of a mark: the offset of the dead letter that was sent back."""

_POLL_MS = 500


@dataclass(frozen=True, slots=True)
class Letter:
    """A dead letter and where it stands on the dead letter topic."""

    received: Received
    record: DeadLetter

    @property
    def place(self) -> tuple[int, int]:
        """Partition and offset."""
        return self.received.partition, self.received.offset

    @property
    def position(self) -> str:
        """Partition and offset as a person writes them: 3/17."""
        return f"{self.received.partition}/{self.received.offset}"


@dataclass(frozen=True, slots=True)
class Selection:
    """Which dead letters are meant; what is empty or None does not narrow."""

    codes: frozenset[str] = frozenset()
    stages: frozenset[str] = frozenset()
    since: datetime | None = None
    places: frozenset[tuple[int, int]] = frozenset()

    def __contains__(self, letter: Letter) -> bool:
        """Tell whether a dead letter is meant."""
        return (
            (not self.codes or letter.record.code in self.codes)
            and (not self.stages or letter.record.stage in self.stages)
            and (self.since is None or letter.record.failed_at >= self.since)
            and (not self.places or letter.place in self.places)
        )


class DeadLetters:
    """The dead letter topic as it stood when this was made; reading it never takes anything off it.

    Use it as a context manager. Every method raises `BrokerError`.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._topic = settings.topic(DEADLETTER.name)
        self._consumer = open_consumer(settings, group=None)
        with broker_errors(settings):
            partitions = self._consumer.partitions_for_topic(self._topic)
            if not partitions:
                raise TopicMissing(f"{self._topic} is missing on {settings.brokers}; run `copytaster topics create`")
            self._places = [TopicPartition(self._topic, partition) for partition in sorted(partitions)]
            self._begins = self._consumer.beginning_offsets(self._places)
            self._ends = self._consumer.end_offsets(self._places)

    def __enter__(self) -> Self:
        """Return self."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the connection."""
        self._consumer.close(autocommit=False)

    def redriven(self) -> set[tuple[int, int]]:
        """Return the places of the dead letters that were sent back."""
        return {
            (event.partition, int(offset))
            for event in self._events(self._begins)
            if event.value is None and (offset := header(event.headers, REDRIVEN_LETTER)) and offset.isdigit()
        }

    def letters(self) -> Iterator[Letter]:
        """Yield every dead letter once, in order within a partition; a worker that crashed may have written it twice.

        Raises:
            UnreadableRecord: something else stands on the topic.
        """
        seen = {place.partition: SeenIds(repeat_window(DEADLETTER, self._settings)) for place in self._places}
        for event in self._events(self._begins):
            if event.value is not None and (event.id is None or seen[event.partition].add(event.id)):
                yield _letter(event)

    def letter(self, partition: int, offset: int) -> Letter | None:
        """Return the dead letter at a place; None where there is none any more, or never was.

        Raises:
            UnreadableRecord: something else stands there.
        """
        place = TopicPartition(self._topic, partition)
        if place not in self._begins or not self._begins[place] <= offset < self._ends[place]:
            return None
        event = next(self._events({place: offset}), None)
        return None if event is None or event.offset != offset or event.value is None else _letter(event)

    def _events(self, starts: dict[Any, int]) -> Iterator[Received]:
        """Yield what stands between the starts and the ends."""
        with broker_errors(self._settings):
            self._consumer.assign(list(starts))
            self._consumer.resume(*starts)
            for place, offset in starts.items():
                self._consumer.seek(place, offset)
            left = set(starts)
            while left := {place for place in left if self._consumer.position(place) < self._ends[place]}:
                self._consumer.pause(*(starts.keys() - left))
                for records in self._consumer.poll(timeout_ms=_POLL_MS).values():
                    yield from (_received(record) for record in records)


def _received(record: Any) -> Received:
    moment = datetime.fromtimestamp(record.timestamp / 1000, UTC)
    headers = tuple(record.headers)
    return Received(
        record.topic, record.partition, record.offset, moment, record.key, record.value, headers, DEADLETTER
    )


def _letter(event: Received) -> Letter:
    record = event.record
    assert isinstance(record, DeadLetter)  # noqa: S101 - a value of this topic's contract is nothing else
    return Letter(event, record)
