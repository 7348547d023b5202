"""Delivery that is awaited push by push, and that outlives a broker that goes away.

A `Publisher` ends with its first failure, which is right for an archive that is read again. A sender that pushes is
told to come again instead, and the next push may find the broker back.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from pipeline.bus.client import Producer
from pipeline.bus.events import raw_event
from pipeline.errors import BrokerError, DeliveryError
from pipeline.limits import MAX_PUSH_BYTES_IN_AIR
from pipeline.settings import Settings
from schemas import RawItem


class _Batch:
    """The items of one push, on their way."""

    def __init__(self, count: int) -> None:
        self._left = count
        self._lock = threading.Lock()
        self._done = threading.Event()
        self._error: DeliveryError | None = None

    def one_done(self, error: DeliveryError | None) -> None:
        with self._lock:
            self._left -= 1
            self._error = self._error or error
            if not self._left or error is not None:
                self._done.set()

    def wait(self, seconds: float, patience: float) -> None:
        if not self._done.wait(seconds):
            raise DeliveryError(f"the broker did not acknowledge within {patience:g} s")
        if self._error is not None:
            raise self._error


@dataclass(slots=True)
class _Line:
    """A producer, and whether it has failed: then a fresh one forgets what this one was told about the broker."""

    producer: Producer
    broken: bool = False


class Deliveries:
    """Publishes items and returns when the broker has acknowledged them; any number of threads may do so.

    Args:
        settings: where the broker is.
        patience: seconds to wait for an acknowledgement.
        open_producer: makes a producer, at the start and after each failure.

    Attributes:
        failing: the latest push was not acknowledged.

    Raises:
        BrokerError: no broker answers at the start.
    """

    def __init__(
        self, settings: Settings, patience: float, open_producer: Callable[[Settings], Producer] = Producer
    ) -> None:
        self._settings = settings
        self._patience = patience
        self._open = open_producer
        self._lock = threading.Lock()
        self._line = _Line(open_producer(settings))
        self._in_air = 0
        self.failing = False

    def deliver(self, items: Sequence[RawItem]) -> None:
        """Publish and wait.

        What was not acknowledged in time may still arrive; sent again, it has the same ids.

        Raises:
            DeliveryError: not all of it was acknowledged in time.
            BrokerError: the broker cannot be reached.
        """
        if not items:
            return
        ends = time.monotonic() + self._patience
        try:
            line, batch = self._current(), _Batch(len(items))
            for raw in items:
                self._send(line, raw, batch)
            batch.wait(max(ends - time.monotonic(), 0.0), self._patience)
        except (DeliveryError, BrokerError):
            self.failing = True
            raise
        self.failing = False

    def close(self) -> None:
        """Send what is queued and close."""
        self._line.producer.close()

    def _send(self, line: _Line, raw: RawItem, batch: _Batch) -> None:
        event = raw_event(raw)
        size = len(event.value or b"")
        with self._lock:
            if self._in_air and self._in_air + size > MAX_PUSH_BYTES_IN_AIR:
                raise DeliveryError("too much is on its way to the broker already")
            self._in_air += size

        def done(error: DeliveryError | None) -> None:
            with self._lock:
                self._in_air -= size
                line.broken = line.broken or error is not None
            batch.one_done(error)

        topic = self._settings.topic(event.topic.name)
        try:
            line.producer.send(
                topic, value=event.value, key=event.key, headers=event.headers, route=event.route, done=done
            )
        except BrokerError:
            with self._lock:
                self._in_air -= size
                line.broken = True
            raise

    def _current(self) -> _Line:
        with self._lock:
            if self._line.broken:
                old, self._line = self._line, _Line(self._open(self._settings))
                old.producer.abandon()
            return self._line
