"""Where a partition begins and ends, what was written when, and what happens outside."""

from __future__ import annotations

import pytest

from tests.conformance.clients import BrokerError, Client, Producer
from tests.conformance.clients.interface import Admin
from tests.conformance.conftest import MakeTopic
from tests.conformance.waiting import contents, eventually, read

OFFSET_OUT_OF_RANGE = 1
EPOCH = 1_700_000_000_000
FOREVER = {"retention.ms": "-1"}


def _fill(producer: Producer, topic: str, count: int) -> None:
    """Records 0, 1, 2 … of which each is 1000 ms younger than the one before."""
    for number in range(count):
        producer.send(topic, b"%d" % number, partition=0, timestamp=EPOCH + 1000 * number)
    producer.flush()


def test_begin_and_end(client: Client, producer: Producer, make_topic: MakeTopic) -> None:
    """An empty partition begins and ends at 0; the end moves with each record, the beginning does not."""
    topic = make_topic(2, **FOREVER)
    with client.consumer() as consumer:
        assert (consumer.begin((topic, 0)), consumer.end((topic, 0))) == (0, 0)
        _fill(producer, topic, 7)
        assert (consumer.begin((topic, 0)), consumer.end((topic, 0))) == (0, 7)
        assert (consumer.begin((topic, 1)), consumer.end((topic, 1))) == (0, 0)


def test_offset_by_time(client: Client, producer: Producer, make_topic: MakeTopic) -> None:
    """The first record not older than a time: before all, at one, between two, after the last."""
    topic = make_topic(**FOREVER)
    _fill(producer, topic, 10)
    place = (topic, 0)
    with client.consumer() as consumer:
        assert consumer.offset_at(place, EPOCH - 1) == 0
        assert consumer.offset_at(place, EPOCH) == 0
        assert consumer.offset_at(place, EPOCH + 4000) == 4
        assert consumer.offset_at(place, EPOCH + 4001) == 5
        assert consumer.offset_at(place, EPOCH + 9000) == 9
        assert consumer.offset_at(place, EPOCH + 9001) is None


def test_offset_by_time_within_a_batch(client: Client, make_topic: MakeTopic) -> None:
    """The answer is exact also inside a (compressed) batch."""
    topic = make_topic(**FOREVER)
    with client.producer(linger_ms=200, compression="gzip") as producer:
        _fill(producer, topic, 50)
    with client.consumer() as consumer:
        assert [consumer.offset_at((topic, 0), EPOCH + 1000 * n - 1) for n in (0, 1, 17, 49)] == [0, 1, 17, 49]


def test_offset_by_time_of_an_empty_partition(client: Client, make_topic: MakeTopic) -> None:
    """Where nothing was written there is nothing after any time."""
    topic = make_topic()
    with client.consumer() as consumer:
        assert consumer.offset_at((topic, 0), EPOCH) is None


def test_reset_to_the_earliest(client: Client, producer: Producer, make_topic: MakeTopic) -> None:
    """A reader whose offset is gone starts at the first record there is."""
    topic = make_topic(**FOREVER)
    _fill(producer, topic, 5)
    with client.consumer(reset="earliest") as consumer:
        consumer.assign({(topic, 0): 1000})
        assert [r.offset for r in read(consumer, 5)] == [0, 1, 2, 3, 4]


def test_reset_to_the_latest(client: Client, producer: Producer, make_topic: MakeTopic) -> None:
    """A reader whose offset is gone waits for what comes next."""
    topic = make_topic(**FOREVER)
    _fill(producer, topic, 5)
    with client.consumer(reset="latest") as consumer:
        consumer.assign({(topic, 0): 1000})

        def arrived() -> list[int]:
            producer.send(topic, b"new", partition=0).result()
            return [r.offset for r in consumer.poll(0.3)]

        assert min(eventually(arrived)) >= 5


def test_no_reset_is_an_error(client: Client, producer: Producer, make_topic: MakeTopic) -> None:
    """A reader that asked for it is told that its offset is gone."""
    topic = make_topic(**FOREVER)
    _fill(producer, topic, 5)
    with client.consumer(reset="none") as consumer:
        consumer.assign({(topic, 0): 1000})
        with pytest.raises(BrokerError):
            eventually(lambda: consumer.poll(0.5))


def test_delete_records(client: Client, admin: Admin, producer: Producer, make_topic: MakeTopic) -> None:
    """Records before an offset go away; the rest keeps its offsets; the end stays."""
    topic = make_topic(**FOREVER)
    _fill(producer, topic, 10)
    assert admin.delete_records((topic, 0), 6) == 6
    with client.consumer() as consumer:
        assert (consumer.begin((topic, 0)), consumer.end((topic, 0))) == (6, 10)
        assert consumer.offset_at((topic, 0), EPOCH) == 6
    assert [(r.offset, r.value) for r in contents(client, topic)] == [(n, b"%d" % n) for n in range(6, 10)]


def test_delete_records_beyond_the_end(admin: Admin, producer: Producer, make_topic: MakeTopic) -> None:
    """What is not there yet cannot be deleted."""
    topic = make_topic(**FOREVER)
    _fill(producer, topic, 3)
    with pytest.raises(BrokerError) as refused:
        admin.delete_records((topic, 0), 4)
    assert refused.value.code == OFFSET_OUT_OF_RANGE


def test_delete_all_records(client: Client, admin: Admin, producer: Producer, make_topic: MakeTopic) -> None:
    """A partition can be emptied; its offsets go on where they were."""
    topic = make_topic(**FOREVER)
    _fill(producer, topic, 4)
    assert admin.delete_records((topic, 0), 4) == 4
    assert contents(client, topic) == []
    assert producer.send(topic, b"next", partition=0).result() == 4
    assert [(r.offset, r.value) for r in contents(client, topic)] == [(4, b"next")]
