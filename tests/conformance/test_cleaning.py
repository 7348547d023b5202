"""What a broker drops by itself: superseded keys, tombstones, what is too old, what is too much."""

from __future__ import annotations

import os

import pytest

from tests.conformance.clients import Client, Producer
from tests.conformance.conftest import MakeTopic
from tests.conformance.waiting import contents, eventually

# Cleaning is the broker's own work: one client sees it as well as three.
pytestmark = pytest.mark.parametrize("client", ["kafka-python"], indirect=True)

CLEANING_DEADLINE = 45.0
COMPACT_SOON = {
    "cleanup.policy": "compact",
    "segment.ms": "100",
    "min.cleanable.dirty.ratio": "0.001",
    "min.compaction.lag.ms": "0",
    "max.compaction.lag.ms": "500",
    "delete.retention.ms": "100",
}
DAY = 24 * 3600 * 1000


def _kept(client: Client, producer: Producer, topic: str) -> dict[bytes | None, list[bytes | None]]:
    """Values by key, oldest first, after one more record that lets the broker close the segment before it."""
    producer.send(topic, b"tick", key=b"tick", partition=0).result()
    kept: dict[bytes | None, list[bytes | None]] = {}
    for record in contents(client, topic):
        kept.setdefault(record.key, []).append(record.value)
    kept.pop(b"tick")
    return kept


def test_compaction_keeps_the_last_of_each_key(client: Client, producer: Producer, make_topic: MakeTopic) -> None:
    """In the end each key has its last value, at its old offset, and a tombstoned key is gone altogether."""
    topic = make_topic(**COMPACT_SOON)
    for version in range(5):
        for key in range(10):
            producer.send(topic, b"%d.%d" % (key, version), key=b"key-%d" % key, partition=0)
    producer.flush()
    producer.send(topic, None, key=b"key-3", partition=0).result()
    producer.send(topic, None, key=b"key-7", partition=0).result()

    wanted = {b"key-%d" % key: [b"%d.4" % key] for key in range(10) if key not in {3, 7}}
    eventually(lambda: _kept(client, producer, topic) == wanted, CLEANING_DEADLINE, every=0.3)
    offsets = {r.key: r.offset for r in contents(client, topic)}
    assert [offsets[b"key-%d" % key] for key in (0, 1, 9)] == [40, 41, 49]


def test_compaction_leaves_the_end_alone(client: Client, producer: Producer, make_topic: MakeTopic) -> None:
    """Offsets go on after compaction, and a reader passes over the holes."""
    topic = make_topic(**COMPACT_SOON)
    for version in range(20):
        producer.send(topic, b"%d" % version, key=b"same", partition=0).result()
    eventually(lambda: _kept(client, producer, topic) == {b"same": [b"19"]}, CLEANING_DEADLINE, every=0.3)
    offset = producer.send(topic, b"next", key=b"same", partition=0).result()
    with client.consumer() as consumer:
        assert consumer.end((topic, 0)) == offset + 1
        consumer.assign({(topic, 0): 3})
        (record,) = [r for r in eventually(lambda: consumer.poll(0.5)) if r.key == b"same"][:1]
        assert record.value in {b"19", b"next"}


def test_retention_by_size(client: Client, producer: Producer, make_topic: MakeTopic) -> None:
    """Old segments go when a partition outgrows its size; what is left is whole and its end is untouched."""
    topic = make_topic(**{"segment.bytes": "1048576", "retention.bytes": "2097152"})
    for _ in range(60):
        producer.send(topic, os.urandom(100_000), partition=0)
    producer.flush()
    with client.consumer() as consumer:
        begin = eventually(lambda: consumer.begin((topic, 0)), CLEANING_DEADLINE)
        assert consumer.end((topic, 0)) == 60
    begin = eventually(lambda: contents(client, topic)[0].offset)
    assert 20 <= 60 - begin < 60


def test_retention_by_time(client: Client, producer: Producer, make_topic: MakeTopic) -> None:
    """Segments whose records are all too old go; younger ones stay."""
    now = eventually(lambda: _broker_time(client, producer, make_topic()))
    topic = make_topic(**{"segment.ms": "100", "retention.ms": str(DAY)})
    for number in range(10):
        producer.send(topic, b"old %d" % number, partition=0, timestamp=now - 2 * DAY).result()

    def young() -> list[bytes | None]:
        producer.send(topic, b"young", partition=0, timestamp=now).result()
        return [r.value for r in contents(client, topic)]

    eventually(lambda: b"old 9" not in young(), CLEANING_DEADLINE, every=0.3)
    assert set(young()) == {b"young"}


def _broker_time(client: Client, producer: Producer, topic: str) -> int:
    producer.send(topic, b"now", partition=0).result()
    return contents(client, topic)[0].timestamp
