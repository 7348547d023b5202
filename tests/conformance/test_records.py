"""What is produced is what is read: bytes, order, acknowledgements, refusals."""

from __future__ import annotations

import os
from typing import Any

import pytest

from tests.conformance.clients import CLIENTS, BrokerError, Client, Producer
from tests.conformance.clients.interface import Admin
from tests.conformance.conftest import MakeTopic
from tests.conformance.waiting import contents

UNKNOWN_TOPIC = 3
MESSAGE_TOO_LARGE = 10
EPOCH = 1_700_000_000_000


def test_round_trip(client: Client, producer: Producer, make_topic: MakeTopic) -> None:
    """Keys, absent and empty values, headers and timestamps come back as they went in, in order."""
    # Retention goes by the records' own timestamps, and these are years old.
    topic = make_topic(**{"retention.ms": "-1"})
    sent: list[tuple[bytes | None, bytes | None, tuple[tuple[str, bytes], ...]]] = [
        (b"key", b"value", (("ce_id", b"1"), ("ce_type", "Überschrift".encode()))),
        (None, b"no key", ()),
        (b"tombstone", None, (("why", b"retracted"),)),
        (b"empty", b"", (("empty", b""),)),
        (b"", b"empty key", ()),
        (bytes(range(256)), bytes(range(255, -1, -1)), (("twice", b"1"), ("once", b"x"), ("twice", b"2"))),
    ]
    for number, (key, value, headers) in enumerate(sent):
        producer.send(topic, value, key=key, headers=headers, timestamp=EPOCH + number, partition=0)
    producer.flush()

    records = contents(client, topic)
    assert [(r.key, r.value, r.headers) for r in records] == sent
    assert [r.timestamp for r in records] == [EPOCH + n for n in range(len(sent))]
    assert [r.offset for r in records] == list(range(len(sent)))


@pytest.mark.parametrize("writer", ["aiokafka", "librdkafka"])
def test_header_without_a_value(
    every_client: dict[str, Client], client: Client, make_topic: MakeTopic, writer: str
) -> None:
    """A header may have no value, which is not the same as an empty one (kafka-python can only read it)."""
    topic = make_topic()
    headers = (("absent", None), ("empty", b""), ("absent", None))
    with every_client[writer].producer() as producer:
        producer.send(topic, b"x", headers=headers).result()
    assert contents(client, topic)[0].headers == headers


def test_a_record_of_one_megabyte(client: Client, producer: Producer, make_topic: MakeTopic) -> None:
    """A record just under the default limit passes unchanged."""
    topic = make_topic()
    value = os.urandom(1_048_000)
    assert producer.send(topic, value).result() == 0
    assert contents(client, topic)[0].value == value


@pytest.mark.parametrize(
    ("client", "codec"),
    [(name, codec) for name, kind in CLIENTS.items() for codec in kind.codecs],
    indirect=["client"],
)
def test_compression(client: Client, make_topic: MakeTopic, codec: str) -> None:
    """Compressed batches come back as the records they hold, with consecutive offsets."""
    topic = make_topic()
    values = [b"%d says the wire, again and again. " % n * 50 for n in range(200)]
    with client.producer(compression=codec, linger_ms=20) as producer:
        for value in values:
            producer.send(topic, value, headers=(("h", b"1"),))
        producer.flush()
    records = contents(client, topic)
    assert [r.value for r in records] == values
    assert [r.offset for r in records] == list(range(200))


def test_order_within_each_partition(client: Client, make_topic: MakeTopic) -> None:
    """With many requests in flight, each partition keeps the order of the sends."""
    topic = make_topic(3)
    with client.producer(linger_ms=1, idempotent=True) as producer:
        for number in range(1500):
            producer.send(topic, b"%d" % number, partition=number % 3)
        producer.flush()
    records = contents(client, topic, range(3))
    for partition in range(3):
        values = [int(r.value or b"") for r in records if r.partition == partition]
        assert values == list(range(partition, 1500, 3))


def test_a_key_keeps_its_partition(client: Client, producer: Producer, make_topic: MakeTopic) -> None:
    """Records of one key meet in one partition, and keys spread over all of them."""
    topic = make_topic(4)
    for number in range(200):
        producer.send(topic, b"%d" % number, key=b"article-%d" % (number % 40))
    producer.flush()
    places: dict[bytes | None, set[int]] = {}
    for record in contents(client, topic, range(4)):
        places.setdefault(record.key, set()).add(record.partition)
    assert len(places) == 40
    assert all(len(partitions) == 1 for partitions in places.values())
    assert set.union(*places.values()) == {0, 1, 2, 3}


@pytest.mark.parametrize("acks", [0, 1, "all"])
def test_acknowledgements(client: Client, make_topic: MakeTopic, acks: Any) -> None:
    """Each kind of acknowledgement delivers; with one, the offset is known."""
    topic = make_topic()
    with client.producer(acks=acks) as producer:
        offsets = [producer.send(topic, b"%d" % n, partition=0).result() for n in range(5)]
        producer.flush()
    if acks != 0:
        assert offsets == [0, 1, 2, 3, 4]
    with client.consumer() as consumer:
        consumer.assign({(topic, 0): 0})
        values: list[bytes | None] = []
        while len(values) < 5:
            values += [r.value for r in consumer.poll(5)]
    assert values == [b"0", b"1", b"2", b"3", b"4"]


def test_idempotent_producers_side_by_side(client: Client, make_topic: MakeTopic) -> None:
    """Two idempotent producers on one partition each keep their own sequence."""
    topic = make_topic()
    with client.producer(idempotent=True) as one, client.producer(idempotent=True) as two:
        for number in range(200):
            one.send(topic, b"1:%d" % number, partition=0)
            two.send(topic, b"2:%d" % number, partition=0)
        one.flush()
        two.flush()
    values = [r.value for r in contents(client, topic)]
    assert [v for v in values if v and v.startswith(b"1:")] == [b"1:%d" % n for n in range(200)]
    assert [v for v in values if v and v.startswith(b"2:")] == [b"2:%d" % n for n in range(200)]


def test_a_record_too_large_is_refused(client: Client, make_topic: MakeTopic) -> None:
    """Beyond max.message.bytes the producer is told so; its other records are not harmed."""
    topic = make_topic(**{"max.message.bytes": "20000"})
    with client.producer() as producer:
        assert producer.send(topic, b"before", partition=0).result() == 0
        with pytest.raises(BrokerError) as refused:
            producer.send(topic, os.urandom(30_000), partition=0).result()
        assert refused.value.code == MESSAGE_TOO_LARGE
        assert producer.send(topic, b"after", partition=0).result() == 1
    assert [r.value for r in contents(client, topic)] == [b"before", b"after"]


def test_producing_creates_no_topic(client: Client, admin: Admin, name: str) -> None:
    """A send to a topic that is not there fails, and does not create it."""
    with client.producer(give_up_ms=700) as producer, pytest.raises(BrokerError) as refused:
        producer.send(name, b"x").result()
    assert refused.value.code in {UNKNOWN_TOPIC, None}
    assert name not in admin.topics()


def test_clients_read_each_other(every_client: dict[str, Client], client: Client, make_topic: MakeTopic) -> None:
    """What any client wrote, plain or compressed, this client reads."""
    topic = make_topic()
    expected = []
    for writer, other in every_client.items():
        for codec in (None, "gzip"):
            with other.producer(compression=codec) as producer:
                expected.append((writer.encode(), (("codec", str(codec).encode()),)))
                producer.send(topic, writer.encode(), headers=expected[-1][1]).result()
    assert [(r.value, r.headers) for r in contents(client, topic)] == expected
