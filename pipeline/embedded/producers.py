"""Idempotent producers: what a partition remembers of each, so that a retried batch is stored once.

As Apache Kafka does it: the last five batches of each producer id are recognised when they come again;
anything else must continue the sequence. The memory is rebuilt from the log at start.
"""

from collections import deque
from dataclasses import dataclass, field
from typing import NamedTuple

from pipeline.embedded.batch import Batch
from pipeline.embedded.errors import Code, RequestError

REMEMBERED = 5  # a client has at most five requests in flight when it is idempotent
EXPIRE_AFTER_MS = 86_400_000  # as producer.id.expiration.ms
_WRAP = 0x7FFFFFFF


class Stored(NamedTuple):
    """One batch of a producer: its sequence range and where it went."""

    first: int
    last: int
    base_offset: int


@dataclass(slots=True)
class Producer:
    """One producer id on one partition."""

    epoch: int
    seen_ms: int
    batches: deque[Stored] = field(default_factory=lambda: deque(maxlen=REMEMBERED))


class Producers:
    """All producer ids one partition has seen lately."""

    def __init__(self) -> None:
        self._known: dict[int, Producer] = {}

    def duplicate_of(self, batch: Batch) -> int | None:
        """Return the base offset under which this batch is already stored, None when it is new and in order."""
        known = self._known.get(batch.producer_id)
        if known is None or batch.producer_id < 0:
            return None
        if batch.producer_epoch < known.epoch:
            raise RequestError(Code.INVALID_PRODUCER_EPOCH, f"producer {batch.producer_id} has a newer epoch")
        if batch.producer_epoch > known.epoch:
            if batch.base_sequence != 0:
                raise RequestError(Code.OUT_OF_ORDER_SEQUENCE_NUMBER, "a new epoch starts at sequence 0")
            return None
        last = (batch.base_sequence + batch.last_offset_delta) & _WRAP
        for stored in known.batches:
            if stored.first == batch.base_sequence and stored.last == last:
                return stored.base_offset
        expected = (known.batches[-1].last + 1) & _WRAP
        if batch.base_sequence != expected:
            raise RequestError(
                Code.OUT_OF_ORDER_SEQUENCE_NUMBER, f"sequence {batch.base_sequence} came, {expected} was due"
            )
        return None

    def note(self, batch: Batch, base_offset: int, now_ms: int) -> None:
        """Remember a batch that was stored."""
        if batch.producer_id < 0:
            return
        known = self._known.get(batch.producer_id)
        if known is None or known.epoch != batch.producer_epoch:
            known = self._known[batch.producer_id] = Producer(batch.producer_epoch, now_ms)
        known.seen_ms = now_ms
        last = (batch.base_sequence + batch.last_offset_delta) & _WRAP
        known.batches.append(Stored(batch.base_sequence, last, base_offset))

    def expire(self, now_ms: int) -> None:
        """Forget the producers that have been silent for a day."""
        for producer_id in [key for key, known in self._known.items() if now_ms - known.seen_ms > EXPIRE_AFTER_MS]:
            del self._known[producer_id]
