"""The Faust app: wiring only. Chunks of raw records in, enriched records out, offsets after delivery."""

from __future__ import annotations

import asyncio
import logging
import os
import time
from collections import deque
from datetime import UTC, datetime
from typing import Any, NoReturn

import faust
from yarl import URL

from pipeline.settings import Settings
from pipeline.worker.chunks import ChunkConsumer, ChunkSchema, ChunkTransport
from pipeline.worker.delivery import Delivery
from pipeline.worker.records import RawRecord, process
from pipeline.worker.security import ssl_context
from schemas.topics import RAW, TOPICS

logger = logging.getLogger(__name__)

EXIT_LOST_GRIP = 70
"""Exit code (EX_SOFTWARE) of a worker that could not even deliver a dead letter."""

_SLICE_SECONDS = 0.05
_SETTLE_SECONDS = 6.0


class ChunkApp(faust.App):  # type: ignore[misc] # Faust is untyped here
    """Faust with our transport, and without its folders."""

    def _new_transport(self) -> Any:
        return ChunkTransport(self.conf.broker_consumer, self)

    def _create_directories(self) -> None:
        """Make none: without tables a worker has nothing to keep on disk, and may not be allowed to."""


class CopyTaster:
    """One worker process: a Faust app with one agent, and the producer of its outputs.

    Between taking a chunk and acknowledging it lie four steps, in this order for each partition: enrich every
    record (a failure becomes a dead letter), submit the batches, await every acknowledgement, acknowledge the chunk
    oldest first. Faust commits acknowledged offsets only.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._delivery = Delivery(settings)
        self._flight: deque[tuple[Any, asyncio.Task[None]]] = deque()
        self._held = 0
        self._idle = asyncio.Event()
        self._idle.set()
        self.records = 0
        self.app = _faust_app(settings)
        self.app.agent(
            self.app.topic(settings.topic(RAW.name), schema=ChunkSchema(), value_serializer="raw"),
            name="copytaster",
            concurrency=1,
        )(self._take)

    async def start(self) -> None:
        """Connect the producer, then start taking chunks."""
        await self._delivery.start(self._settings.topic(spec.name) for spec in TOPICS if spec is not RAW)
        await self.app.start()
        consumer: ChunkConsumer = self.app.consumer
        consumer.settle = self._settle

    async def stop(self) -> None:
        """Take no more, finish what is held, commit, leave the group."""
        self.app.consumer.stop_flow()
        self.app.flow_control.suspend()
        self.app.flow_control.clear()
        await self._settle()
        await self.app.consumer.commit_all()
        await self.app.stop()
        await self._delivery.stop()

    async def _take(self, stream: Any) -> None:
        async for event in stream.noack().events():
            self._held += 1
            self._idle.clear()
            try:
                await self._work_off(event)
            except asyncio.CancelledError:
                # A rebalance or a stop: nothing of this chunk is acknowledged, so whoever has the partition repeats it.
                self._release()
                raise
            except BaseException as error:  # noqa: BLE001 - Faust would acknowledge the chunk and carry on
                _exit(error)

    async def _work_off(self, event: Any) -> None:
        batches = self._delivery.batches()
        slice_end = time.monotonic() + _SLICE_SECONDS
        records: list[RawRecord] = event.value
        for record in records:
            for output in process(record, _now):
                batches.add(output)
            if time.monotonic() > slice_end:
                # Lets acknowledgements, heartbeats and signals in while a long chunk is enriched.
                await asyncio.sleep(0)
                slice_end = time.monotonic() + _SLICE_SECONDS
        futures = await self._delivery.submit(batches)
        before = self._flight[-1][1] if self._flight else None
        self._flight.append((event, asyncio.create_task(self._land(event, futures, before))))
        while len(self._flight) >= self._settings.chunks_in_flight:
            await asyncio.shield(self._flight[0][1])

    async def _land(self, event: Any, futures: list[Any], before: asyncio.Task[None] | None) -> None:
        try:
            await self._delivery.acknowledged(futures)
            if before is not None:
                await before
            event.ack()
        except BaseException as error:  # noqa: BLE001 - an unacknowledged output must never be committed past
            _exit(error)
        self.records += len(event.value)
        self._flight.popleft()
        self._release()

    def _release(self) -> None:
        self._held -= 1
        if not self._held:
            self._idle.set()

    async def _settle(self) -> None:
        try:
            await asyncio.wait_for(self._idle.wait(), _SETTLE_SECONDS)
        except TimeoutError:
            logger.warning(
                "%d chunks were still in flight after %.0f s and will be repeated", self._held, _SETTLE_SECONDS
            )


def _now() -> datetime:
    return datetime.now(UTC)


def _exit(error: BaseException) -> NoReturn:
    """End the process before anything is acknowledged: the supervisor starts a fresh one at the committed offset."""
    logger.critical("the worker ends, because it cannot deliver", exc_info=error)
    logging.shutdown()
    os._exit(EXIT_LOST_GRIP)


def _faust_app(settings: Settings) -> ChunkApp:
    context = ssl_context(settings)
    credentials: Any = faust.SSLCredentials(context=context) if context else None
    if settings.sasl_password is not None and settings.security_protocol.startswith("SASL"):
        credentials = faust.SASLCredentials(
            username=settings.sasl_username,
            password=settings.sasl_password.get_secret_value(),
            mechanism=settings.sasl_mechanism,
            ssl_context=context,
        )
    return ChunkApp(
        settings.group,
        broker=[URL(f"kafka://{address}") for address in settings.addresses],
        broker_credentials=credentials,
        broker_client_id="copytaster-worker",
        broker_session_timeout=settings.session_timeout,
        broker_heartbeat_interval=settings.session_timeout / 3,
        broker_commit_interval=settings.commit_interval,
        broker_commit_livelock_soft_timeout=300.0,
        broker_max_poll_records=settings.chunk_records,
        broker_request_timeout=max(settings.request_timeout, settings.session_timeout + 1),
        consumer_auto_offset_reset="earliest",
        stream_buffer_maxsize=settings.chunks_in_flight,
        stream_wait_empty=False,
        key_serializer="raw",
        value_serializer="raw",
        topic_disable_leader=True,
        topic_allow_declare=False,
        web_enabled=False,
        autodiscover=False,
    )
