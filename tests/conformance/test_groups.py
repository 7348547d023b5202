"""Consumer groups: who reads what, what is remembered, what happens when members come, go and die."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.conformance.clients import BrokerError, Client, Consumer, Producer
from tests.conformance.clients.interface import Admin, Partition
from tests.conformance.conftest import MakeTopic
from tests.conformance.waiting import DEADLINE, eventually, read
from tests.guard import GuardedProcess

NON_EMPTY_GROUP = 68
GROUP_ID_NOT_FOUND = 69
deletes_groups = pytest.mark.parametrize("client", ["kafka-python", "librdkafka"], indirect=True)
"""aiokafka has no call for it."""


def _fill(producer: Producer, topic: str, count: int, partitions: int = 1) -> None:
    for number in range(count):
        producer.send(topic, b"%d" % number, partition=number % partitions)
    producer.flush()


def _settle(consumers: list[Consumer], wanted: list[int]) -> None:
    """Let the members take part until they hold as many partitions as wanted, none of them twice."""
    over = threading.Event()
    held: list[set[Partition]] = [set() for _ in consumers]

    def take_part(place: int) -> None:
        while not over.is_set():
            consumers[place].poll(0.05)
            held[place] = consumers[place].assignment()

    def agreed() -> bool:
        return [len(some) for some in held] == wanted and len(set.union(*held)) == sum(wanted)

    # Each in a thread of its own: a poll may wait for a rebalance, which waits for the polls of the others.
    with ThreadPoolExecutor(len(consumers)) as pool:
        parts = [pool.submit(take_part, place) for place in range(len(consumers))]
        try:
            eventually(lambda: agreed() or any(part.done() for part in parts))
        finally:
            over.set()
        for part in parts:
            part.result(DEADLINE)


def _refused_with(refused: BrokerError, code: int, name: str) -> bool:
    # kafka-python keeps only the name of this error.
    return refused.code == code or name in str(refused)


def test_commit_and_resume(client: Client, producer: Producer, make_topic: MakeTopic, name: str) -> None:
    """A member that comes back goes on where its group had committed, not where it had read to."""
    topic = make_topic()
    _fill(producer, topic, 10)
    with client.consumer(group=name) as consumer:
        consumer.subscribe(topic)
        assert len(read(consumer, 10)) == 10
        assert consumer.committed((topic, 0)) is None
        consumer.commit({(topic, 0): (4, "")})
        assert consumer.committed((topic, 0)) == 4
    with client.consumer(group=name) as consumer:
        consumer.subscribe(topic)
        assert [r.offset for r in read(consumer, 6)] == [4, 5, 6, 7, 8, 9]


def test_a_group_may_start_at_the_end(client: Client, producer: Producer, make_topic: MakeTopic, name: str) -> None:
    """Without a commit a group starts where its members ask: here after what is already there."""
    topic = make_topic()
    _fill(producer, topic, 3)
    with client.consumer(group=name, reset="latest") as consumer:
        consumer.subscribe(topic)
        _settle([consumer], [1])

        def arrived() -> list[int]:
            producer.send(topic, b"new", partition=0).result()
            return [r.offset for r in consumer.poll(0.3)]

        assert min(eventually(arrived)) >= 3


def test_two_members_share_and_hand_over(client: Client, producer: Producer, make_topic: MakeTopic, name: str) -> None:
    """Two members split the partitions; when one leaves, the other has them all and misses nothing."""
    topic = make_topic(4)
    with client.consumer(group=name) as stays:
        stays.subscribe(topic)
        _settle([stays], [4])
        with client.consumer(group=name) as leaves:
            leaves.subscribe(topic)
            _settle([stays, leaves], [2, 2])
        _settle([stays], [4])
        _fill(producer, topic, 40, partitions=4)
        assert sorted(int(r.value or b"") for r in read(stays, 40)) == list(range(40))


def test_a_dead_member_is_replaced(client: Client, producer: Producer, make_topic: MakeTopic, name: str) -> None:
    """The partitions of a killed member go to the others after its session timeout."""
    topic = make_topic(4)
    command = [sys.executable, "-m", "tests.conformance.member", client.name, client.address, name, topic]
    doomed = GuardedProcess(command, stdout=subprocess.PIPE)
    try:
        assert _next_line(doomed) == "0 1 2 3"
        with client.consumer(group=name, session_timeout_ms=1000) as survivor:
            survivor.subscribe(topic)
            _settle([survivor], [2])
            doomed.kill()
            _settle([survivor], [4])
            _fill(producer, topic, 8, partitions=4)
            assert len(read(survivor, 8)) == 8
    finally:
        doomed.kill()


def _next_line(process: GuardedProcess) -> str:
    line = process.read_line(DEADLINE)
    assert line, "the member got no partitions in time"
    return line


@pytest.mark.parametrize("client", ["kafka-python"], indirect=True)
def test_members_of_different_clients(
    every_client: dict[str, Client], producer: Producer, make_topic: MakeTopic, name: str
) -> None:
    """Members written with different clients understand each other and split the partitions."""
    topic = make_topic(3)
    consumers = [other.consumer(group=name) for other in every_client.values()]
    try:
        for consumer in consumers:
            consumer.subscribe(topic)
        _settle(consumers, [1, 1, 1])
        _fill(producer, topic, 30, partitions=3)
        end = time.monotonic() + DEADLINE
        values: list[int] = []
        while len(values) < 30 and time.monotonic() < end:
            values += [int(r.value or b"") for consumer in consumers for r in consumer.poll(0.1)]
        assert sorted(values) == list(range(30))
    finally:
        for consumer in consumers:
            consumer.close()


def test_commits_are_shared_between_clients(
    every_client: dict[str, Client], client: Client, make_topic: MakeTopic, name: str
) -> None:
    """What one client committed for a group every other reads."""
    topic = make_topic()
    with client.consumer(group=name) as consumer:
        consumer.assign({(topic, 0): 0})
        consumer.commit({(topic, 0): (17, "")})
    for other in every_client.values():
        with other.consumer(group=name) as reader, other.admin() as admin:
            reader.assign({(topic, 0): None})
            assert reader.committed((topic, 0)) == 17
            assert admin.group_offsets(name) == {(topic, 0): 17}


@pytest.mark.parametrize("client", ["kafka-python", "aiokafka"], indirect=True)
def test_metadata_of_a_commit(
    every_client: dict[str, Client], client: Client, make_topic: MakeTopic, name: str
) -> None:
    """The text beside a committed offset is kept as it was given (confluent-kafka cannot be asked for it)."""
    topic = make_topic()
    with client.consumer(group=name) as consumer:
        consumer.assign({(topic, 0): 0})
        consumer.commit({(topic, 0): (17, f"für {client.name}")})
    for other in ("kafka-python", "aiokafka"):
        with every_client[other].admin() as admin:
            assert admin.group_metadata(name) == {(topic, 0): f"für {client.name}"}


def test_a_later_commit_wins(client: Client, make_topic: MakeTopic, name: str) -> None:
    """A group may go back: the last commit counts, not the highest; each partition has its own."""
    topic = make_topic(2)
    with client.consumer(group=name) as consumer:
        consumer.assign({(topic, 0): 0, (topic, 1): 0})
        consumer.commit({(topic, 0): (100, "forward"), (topic, 1): (7, "")})
        consumer.commit({(topic, 0): (50, "back")})
        assert (consumer.committed((topic, 0)), consumer.committed((topic, 1))) == (50, 7)


def test_list_and_describe(client: Client, admin: Admin, make_topic: MakeTopic, name: str) -> None:
    """A group is listed while it has members or commits; its description follows its members."""
    topic = make_topic()
    with client.consumer(group=name) as consumer:
        consumer.subscribe(topic)
        _settle([consumer], [1])
        assert name in admin.groups()
        described = eventually(lambda: admin.group(name))
        assert (described.state, described.members) == ("Stable", 1)
        consumer.commit({(topic, 0): (1, "")})
    eventually(lambda: admin.group(name).members == 0)
    assert admin.group(name).state == "Empty"
    assert name in admin.groups()
    assert admin.group_offsets(name) == {(topic, 0): 1}


@deletes_groups
def test_delete_a_group(client: Client, admin: Admin, make_topic: MakeTopic, name: str) -> None:
    """A group with members stays; an empty one goes, with its commits; one that is not there is an error."""
    topic = make_topic()
    with client.consumer(group=name) as consumer:
        consumer.subscribe(topic)
        _settle([consumer], [1])
        consumer.commit({(topic, 0): (1, "")})
        with pytest.raises(BrokerError) as refused:
            admin.delete_group(name)
        assert _refused_with(refused.value, NON_EMPTY_GROUP, "NonEmptyGroup")
    eventually(lambda: admin.group(name).members == 0)
    admin.delete_group(name)
    eventually(lambda: name not in admin.groups())
    with pytest.raises(BrokerError) as refused:
        admin.delete_group(name)
    assert _refused_with(refused.value, GROUP_ID_NOT_FOUND, "GroupIdNotFound")
    with client.consumer(group=name) as consumer:
        consumer.assign({(topic, 0): 0})
        assert consumer.committed((topic, 0)) is None


def test_new_partitions_reach_the_group(client: Client, admin: Admin, make_topic: MakeTopic, name: str) -> None:
    """A member notices partitions that are added to its topic and reads them from their beginning."""
    topic = make_topic(1)
    with client.consumer(group=name) as consumer:
        consumer.subscribe(topic)
        _settle([consumer], [1])
        admin.add_partitions(topic, 2)
        eventually(lambda: admin.topics()[topic] == 2)
        with client.producer() as producer:
            producer.send(topic, b"early", partition=1).result()
        (record,) = read(consumer, 1)
        assert (record.partition, record.offset, record.value) == (1, 0, b"early")
