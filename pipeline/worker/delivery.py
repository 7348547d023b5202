"""Delivery of a chunk's events: built into one batch per topic partition, and awaited until all are acknowledged."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Iterable
from typing import Any

from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError

from pipeline.bus.client import partition_for
from pipeline.bus.events import Event
from pipeline.errors import DeliveryError
from pipeline.limits import MAX_DEADLETTER_BYTES
from pipeline.settings import Settings
from pipeline.worker.security import ssl_context

_BATCH_BYTES = 512 * 1024

Batches = dict[tuple[str, int], list[Any]]


class Delivery:
    """An idempotent producer whose every send is awaited. Order is kept within a partition."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._partitions: dict[str, int] = {}
        password = settings.sasl_password
        self._producer = AIOKafkaProducer(
            bootstrap_servers=settings.addresses,
            client_id="copytaster-worker",
            enable_idempotence=True,
            acks="all",
            max_batch_size=_BATCH_BYTES,
            max_request_size=MAX_DEADLETTER_BYTES + 1024 * 1024,
            request_timeout_ms=int(settings.delivery_timeout * 1000),
            retry_backoff_ms=100,
            linger_ms=0,
            security_protocol=settings.security_protocol,
            ssl_context=ssl_context(settings),
            sasl_mechanism=settings.sasl_mechanism or "PLAIN",
            sasl_plain_username=settings.sasl_username,
            sasl_plain_password=password.get_secret_value() if password else None,
        )

    async def start(self, topics: Iterable[str]) -> None:
        """Connect, and learn the partition counts of the topics that will be written."""
        await self._producer.start()
        for topic in topics:
            self._partitions[topic] = len(await self._producer.partitions_for(topic))

    async def stop(self) -> None:
        """Send what is queued and close."""
        await self._producer.stop()

    def batches(self) -> ChunkBatches:
        """Return empty batches for one chunk."""
        return ChunkBatches(self)

    def place(self, event: Event) -> tuple[str, int]:
        """Return the full topic name and the partition of an event."""
        topic = self._settings.topic(event.topic.name)
        return topic, partition_for(event.route, self._partitions[topic])

    def builder(self) -> Any:
        """Return an empty batch of aiokafka."""
        return self._producer.create_batch()

    async def submit(self, chunk: ChunkBatches) -> list[Awaitable[Any]]:
        """Hand a chunk's batches to the producer, and return what to await for their acknowledgement.

        Await it before the next chunk is submitted: so batches of one partition keep their order.
        """

        async def send(place: tuple[str, int], batches: list[Any]) -> list[Awaitable[Any]]:
            topic, partition = place
            return [await self._producer.send_batch(batch, topic, partition=partition) for batch in batches]

        sent = await asyncio.gather(*(send(place, batches) for place, batches in chunk.sealed().items()))
        return [acknowledgement for futures in sent for acknowledgement in futures]

    @staticmethod
    async def acknowledged(futures: list[Awaitable[Any]]) -> None:
        """Wait until every batch is on all in-sync replicas.

        Raises:
            DeliveryError: one is not.
        """
        try:
            await asyncio.gather(*futures)
        except KafkaError as error:
            raise DeliveryError(f"outputs were not acknowledged: {error!r}") from error


class ChunkBatches:
    """The output batches of one chunk, one row of them for each topic partition."""

    def __init__(self, delivery: Delivery) -> None:
        self._delivery = delivery
        self._batches: Batches = {}

    def add(self, event: Event) -> None:
        """Append an event to the batch of its partition; a full batch is followed by a fresh one."""
        place = self._delivery.place(event)
        row = self._batches.setdefault(place, [])
        if not row or not self._append(row[-1], event):
            row.append(self._delivery.builder())
            if not self._append(row[-1], event):
                raise DeliveryError(f"a record for {place[0]} does not fit into an empty batch")

    @staticmethod
    def _append(batch: Any, event: Event) -> bool:
        appended = batch.append(timestamp=None, key=event.key, value=event.value, headers=list(event.headers))
        return appended is not None

    def sealed(self) -> Batches:
        """Close every batch, so that no other send joins it, and return them."""
        for row in self._batches.values():
            for batch in row:
                batch.close()
        return self._batches
