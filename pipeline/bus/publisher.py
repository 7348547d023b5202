"""Publishing with a bounded number of records in the air, and a record of how far all are acknowledged."""

from __future__ import annotations

import threading
from collections import deque
from types import TracebackType
from typing import Self

from pipeline.bus.client import Producer
from pipeline.bus.events import Event, raw_event
from pipeline.errors import DeliveryError
from pipeline.settings import Settings
from schemas import RawItem

MAX_RECORDS_IN_AIR = 10_000
MAX_BYTES_IN_AIR = 64 * 1024 * 1024
"""Slow brokers slow the publisher here; without it kafka-python queues all that it is given, in memory."""


class _Delivery:
    """One record on its way."""

    __slots__ = ("done", "error", "size", "token")

    def __init__(self, token: object, size: int) -> None:
        self.token = token
        self.size = size
        self.done = False
        self.error: DeliveryError | None = None


class Publisher:
    """Sends events and knows the last one up to which every event is acknowledged.

    Use it as a context manager: leaving it in peace waits for every delivery.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._producer = Producer(settings)
        self._in_air: deque[_Delivery] = deque()
        self._bytes = 0
        self._changed = threading.Condition()
        self._failed: DeliveryError | None = None
        self.acknowledged = 0
        self.last_token: object = None

    def publish(self, raw: RawItem, token: object = None) -> None:
        """Publish one raw item on the raw topic; see `send`."""
        self.send(raw_event(raw), token)

    def send(self, event: Event, token: object = None) -> None:
        """Queue an event; blocks while too much is in the air.

        Args:
            event: what to send.
            token: becomes `last_token` once this event and all before it are acknowledged.

        Raises:
            DeliveryError: an earlier event failed for good. Nothing after `last_token` may be taken as delivered.
            BrokerError: the broker cannot be reached.
        """
        self._queue(
            self._settings.topic(event.topic.name), event.key, event.value, event.headers, token, route=event.route
        )

    def send_to(
        self,
        topic: str,
        partition: int,
        *,
        key: bytes | None,
        value: bytes | None,
        headers: tuple[tuple[str, bytes | None], ...],
        token: object = None,
    ) -> None:
        """Queue a record, as it is, for one partition of a topic by its full name; see `send`."""
        self._queue(topic, key, value, headers, token, partition=partition)

    def _queue(
        self,
        topic: str,
        key: bytes | None,
        value: bytes | None,
        headers: tuple[tuple[str, bytes | None], ...],
        token: object,
        *,
        route: str | None = None,
        partition: int | None = None,
    ) -> None:
        delivery = _Delivery(token, len(value or b"") + len(key or b""))
        self._wait_for_room(delivery.size)
        with self._changed:
            self._in_air.append(delivery)
            self._bytes += delivery.size
        self._producer.send(
            topic,
            value=value,
            key=key,
            headers=headers,
            route=route,
            partition=partition,
            done=lambda error: self._done(delivery, error),
        )

    def flush(self) -> None:
        """Wait until every event is acknowledged.

        Raises:
            DeliveryError: one was not, or not in time.
        """
        with self._changed:
            done = self._changed.wait_for(
                lambda: not self._in_air or self._failed is not None, self._settings.delivery_timeout + 5
            )
        if self._failed is not None:
            raise self._failed
        if not done:
            raise DeliveryError(f"{len(self._in_air)} records were not acknowledged in time")

    def close(self) -> None:
        """Close after sending what is queued; nobody is told whether it was acknowledged."""
        self._producer.close()

    def abandon(self) -> None:
        """Close after a failure, without waiting; what was not acknowledged may still arrive."""
        self._producer.abandon()

    def _wait_for_room(self, size: int) -> None:
        def room() -> bool:
            few = len(self._in_air) < MAX_RECORDS_IN_AIR and self._bytes + size <= MAX_BYTES_IN_AIR
            return few or not self._in_air or self._failed is not None

        with self._changed:
            if not self._changed.wait_for(room, self._settings.delivery_timeout + 5):
                raise DeliveryError("the broker acknowledges nothing; it is stuck or its disk is full")
        if self._failed is not None:
            raise self._failed

    def _done(self, delivery: _Delivery, error: DeliveryError | None) -> None:
        with self._changed:
            delivery.done, delivery.error = True, error
            # Strictly in order: after a failure nothing more counts as acknowledged, so a resume repeats, never skips.
            while self._in_air and self._in_air[0].done and self._failed is None:
                head = self._in_air[0]
                if head.error is not None:
                    self._failed = head.error
                    break
                self._in_air.popleft()
                self._bytes -= head.size
                self.acknowledged += 1
                self.last_token = head.token
            self._changed.notify_all()

    def __enter__(self) -> Self:
        """Return self."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Wait for the deliveries unless an error is on its way; close in any case."""
        try:
            if error is None:
                self.flush()
        finally:
            self.close()
