"""Maintenance: retention, compaction and syncing, one partition after the other, beside the event loop."""

import asyncio
import logging
import time

from pipeline.embedded import compaction
from pipeline.embedded.catalog import Catalog, Topic
from pipeline.embedded.config import BrokerConfig
from pipeline.embedded.coordinator import Coordinator
from pipeline.embedded.log import PartitionLog, sync

logger = logging.getLogger(__name__)


async def maintain(catalog: Catalog, coordinator: Coordinator, config: BrokerConfig) -> None:
    """Go round for ever. A partition that fails is logged and tried again in the next round."""
    while True:
        await asyncio.sleep(config.maintenance_interval)
        if config.flush == "interval":
            await sync(catalog.logs())
            await asyncio.to_thread(catalog.sync)
            await asyncio.to_thread(coordinator.sync)
        for topic in list(catalog.topics.values()):
            for index, log in enumerate(topic.partitions):
                try:
                    await maintain_partition(catalog, config, topic, index)
                except Exception:
                    if not log.closed:
                        logger.exception("maintenance of %s failed", log.directory)
                await asyncio.sleep(0)


async def maintain_partition(catalog: Catalog, config: BrokerConfig, topic: Topic, index: int) -> None:
    """Trim and compact one partition as its topic's settings say."""
    log = topic.partitions[index]
    now_ms = time.time_ns() // 1_000_000
    if not log.closed:
        log.retain(now_ms)
    if log.config.compacted and not log.closed:
        await _compact(catalog, config, topic, index, now_ms)


async def _compact(catalog: Catalog, config: BrokerConfig, topic: Topic, index: int, now_ms: int) -> None:
    log = topic.partitions[index]
    sealed = compaction.eligible(log, now_ms)
    if not sealed:
        return
    horizon = catalog.horizon(topic, index)
    log.cleaning = True
    try:
        work = asyncio.to_thread(compaction.compact, log, sealed, horizon, now_ms, config.compaction_max_keys)
        rounds = await _uninterrupted(log, asyncio.ensure_future(work))
        if log.closed:
            return
        _swap(log, rounds)
    finally:
        log.cleaning = False
    horizon.mark(log.cleaned_to, now_ms, log.config.delete_retention_ms)
    catalog.store_horizon(topic, index, horizon)


async def _uninterrupted(log: PartitionLog, work: asyncio.Future[list[compaction.Round]]) -> list[compaction.Round]:
    """Wait for a round. When the broker stops, see its thread out: it must not outlive the lock."""
    try:
        return await asyncio.shield(work)
    except asyncio.CancelledError:
        log.close()
        await asyncio.wait([work])
        if not work.cancelled():
            work.exception()
        raise


def _swap(log: PartitionLog, rounds: list[compaction.Round]) -> None:
    before = sum(segment.size for one in rounds for segment in one.old)
    for one in rounds:
        log.swap(one.old, one.new, one.written)
        log.cleaned_to = one.cleaned_to
    after = sum(one.new.size for one in rounds)
    logger.info("compacted %s from %d to %d bytes", log.directory, before, after)
