"""A reader far behind the embedded broker: nothing is dropped for it, and nobody's memory grows with its lag."""

from __future__ import annotations

from pathlib import Path

import psutil
import pytest

from pipeline.bus.reader import subscribe
from schemas import RawItem
from tests.embedded_broker import EmbeddedKafka
from tests.line import line_settings, publish, raw_item, topics

ITEM_BYTES = 4_000
MEGABYTE = 1_000_000
FLAT = 64 * MEGABYTE
"""What a process may grow by while 200 MB pass: caches and allocator, but no lag."""


def body(number: int) -> bytes:
    """Return an item's body, different for each number all the way through."""
    return (b"%08d " % number) * (ITEM_BYTES // 9)


@pytest.mark.timeout(300)
@pytest.mark.parametrize(
    "megabytes",
    [pytest.param(40, id="40MB"), pytest.param(200, id="200MB", marks=pytest.mark.complete)],
)
def test_a_lagging_reader_loses_nothing_and_costs_no_memory(tmp_path: Path, megabytes: int) -> None:
    """Promise 6: a reader that comes late finds every record; broker and reader stay as small as they were."""
    count = megabytes * MEGABYTE // ITEM_BYTES
    with EmbeddedKafka(tmp_path) as kafka:
        settings = line_settings(kafka.address)
        broker, reader = psutil.Process(kafka.pid), psutil.Process()
        with topics(settings):
            publish(settings, (raw_item(body(number), wire_id=f"w:{number}") for number in range(1000)))
            before, mine = broker.memory_info().rss, reader.memory_info().rss
            publish(settings, (raw_item(body(number), wire_id=f"w:{number}") for number in range(1000, count)))
            filled = broker.memory_info().rss
            seen = bytearray(count)
            for event in subscribe("raw", settings=settings, until_idle=5.0, stop=lambda: all(seen[-3:]) and all(seen)):
                item = event.record
                assert isinstance(item, RawItem)
                number = int(item.body[:8])
                assert item.body == body(number)
                seen[number] = 1
            read, mine_after = broker.memory_info().rss, reader.memory_info().rss
    assert all(seen), f"{count - sum(seen)} of {count} records are missing"
    assert filled - before < FLAT, f"the broker grew by {(filled - before) / MEGABYTE:.0f} MB while it was written"
    assert read - filled < FLAT, f"the broker grew by {(read - filled) / MEGABYTE:.0f} MB while it was read"
    # The publisher may hold 64 MB in the air; the reader adds nothing that grows with the lag.
    assert mine_after - mine < 2 * FLAT, f"publisher and reader grew by {(mine_after - mine) / MEGABYTE:.0f} MB"
