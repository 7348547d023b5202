"""Items to the broker, acknowledged: one batch at a time, and again after an outage."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Final, Protocol

from pipeline.errors import BrokerError, CopytasterError, DeliveryError
from pipeline.feeds.syndication.clock import Clock
from schemas import RawItem

RETRY_SECONDS: Final = 2.0
"""How often a broker that is away is looked for."""


class Publishes(Protocol):
    """What `pipeline.bus.publisher.Publisher` does for a poller."""

    def publish(self, raw: RawItem) -> None:
        """Queue an item."""

    def flush(self) -> None:
        """Wait until all are acknowledged."""

    def abandon(self) -> None:
        """Close without waiting."""


class Notes(Protocol):
    """What `pipeline.sources.Ledger` does for a poller."""

    def note(self, source: str, *, items: int = 0, rejected: int = 0, size: int = 0, at: datetime) -> None:
        """Note what a source has just sent."""


class Delivery:
    """Publishes what looks have found.

    Args:
        open_publisher: makes a publisher, now and after each outage.
        ledger: notes what each source sends.
        say: gets a sentence for each outage and its end.
        clock: waits.

    Raises:
        BrokerError: no broker answers now.
    """

    def __init__(
        self, open_publisher: Callable[[], Publishes], ledger: Notes, *, say: Callable[[str], None], clock: Clock
    ) -> None:
        self._open = open_publisher
        self._publisher = open_publisher()
        self._ledger = ledger
        self._say = say
        self._clock = clock
        self._turn = asyncio.Lock()

    async def deliver(self, items: Sequence[RawItem], given_up: Callable[[], bool] | None) -> bool:
        """Publish items and return true once all are acknowledged; false where that was given up during an outage.

        Args:
            items: of one source.
            given_up: tells during an outage whether to wait no longer; None: nobody waits.

        Raises:
            DeliveryError: the broker refuses them, or does not acknowledge them and nobody waits.
            BrokerError: the broker refuses us, or lacks the topic.
        """
        async with self._turn:
            while True:
                try:
                    await asyncio.to_thread(self._publish, items)
                except (DeliveryError, BrokerError) as error:
                    if given_up is None or not error.retriable:
                        raise
                    if not await self._wait_for_broker(error, given_up):
                        return False
                else:
                    break
        for item in items:
            self._ledger.note(item.source, items=1, size=len(item.body), at=self._now())
        return True

    def reject(self, source: str) -> None:
        """Note an entry that is no item."""
        self._ledger.note(source, rejected=1, at=self._now())

    def close(self) -> None:
        """Close the publisher; what is written down is acknowledged already."""
        self._publisher.abandon()

    def _publish(self, items: Sequence[RawItem]) -> None:
        for item in items:
            self._publisher.publish(item)
        self._publisher.flush()

    async def _wait_for_broker(self, error: CopytasterError, given_up: Callable[[], bool]) -> bool:
        self._publisher.abandon()
        self._say(f"copytaster: {error}; entries wait until the broker is back")
        while not given_up():
            await self._clock.sleep(RETRY_SECONDS)
            try:
                self._publisher = await asyncio.to_thread(self._open)
            except BrokerError as still:
                if not still.retriable:
                    raise
            else:
                self._say("copytaster: the broker answers again")
                return True
        return False

    def _now(self) -> datetime:
        return datetime.fromtimestamp(self._clock.now(), UTC)
