"""What clients rely on but never show: sequences, generations, checksums and error codes, asked for directly."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from kafka.protocol.consumer import (
    HeartbeatRequest,
    HeartbeatResponse,
    JoinGroupRequest,
    JoinGroupResponse,
    OffsetCommitRequest,
    OffsetCommitResponse,
    SyncGroupRequest,
    SyncGroupResponse,
)

from tests.conformance.clients import Client
from tests.conformance.conftest import MakeTopic
from tests.conformance.waiting import contents
from tests.conformance.wire import Wire, batch

OFFSET_OUT_OF_RANGE = 1
CORRUPT_MESSAGE = 2
UNKNOWN_TOPIC = 3
ILLEGAL_GENERATION = 22
INCONSISTENT_GROUP_PROTOCOL = 23
UNKNOWN_MEMBER = 25
INVALID_SESSION_TIMEOUT = 26
UNSUPPORTED_VERSION = 35
OUT_OF_ORDER_SEQUENCE = 45
INVALID_PRODUCER_EPOCH = 47
MEMBER_ID_REQUIRED = 79

# Of the clients only one is needed, to make topics and to look at what they hold.
pytestmark = [
    pytest.mark.parametrize("client", ["kafka-python"], indirect=True),
    pytest.mark.usefixtures("client"),
]


@pytest.fixture
def wire(broker_address: str) -> Iterator[Wire]:
    """A bare connection."""
    with Wire(broker_address) as connection:
        yield connection


@pytest.fixture
def topic(make_topic: MakeTopic) -> str:
    """A topic that keeps what these tests write, whatever its timestamp."""
    return make_topic(**{"retention.ms": "-1"})


def test_a_repeated_batch_counts_once(client: Client, wire: Wire, topic: str) -> None:
    """A batch that is sent again, as after a lost answer, gets the old offset and is not stored twice."""
    producer = wire.producer_id()
    first = batch([b"a", b"b"], producer=producer, sequence=0)
    second = batch([b"c"], producer=producer, sequence=2)
    assert wire.produce(topic, first) == (0, 0)
    assert wire.produce(topic, second) == (0, 2)
    assert wire.produce(topic, first) == (0, 0)
    assert wire.produce(topic, second) == (0, 2)
    assert [r.value for r in contents(client, topic)] == [b"a", b"b", b"c"]


def test_each_of_the_last_five_batches_may_be_repeated(client: Client, wire: Wire, topic: str) -> None:
    """As many as a client keeps in flight, in any order."""
    producer = wire.producer_id()
    batches = [batch([b"%d" % n], producer=producer, sequence=n) for n in range(5)]
    assert [wire.produce(topic, one) for one in batches] == [(0, n) for n in range(5)]
    assert [wire.produce(topic, one) for one in reversed(batches)] == [(0, n) for n in range(4, -1, -1)]
    assert len(contents(client, topic)) == 5


def test_a_gap_in_the_sequence_is_refused(client: Client, wire: Wire, topic: str) -> None:
    """A batch whose predecessor is missing is not stored: order before speed."""
    producer = wire.producer_id()
    assert wire.produce(topic, batch([b"0"], producer=producer, sequence=0)) == (0, 0)
    assert wire.produce(topic, batch([b"2"], producer=producer, sequence=2))[0] == OUT_OF_ORDER_SEQUENCE
    assert wire.produce(topic, batch([b"1"], producer=producer, sequence=1)) == (0, 1)
    assert [r.value for r in contents(client, topic)] == [b"0", b"1"]


def test_an_old_epoch_is_refused(wire: Wire, topic: str) -> None:
    """A producer that has been followed by a newer epoch of itself is out."""
    number, epoch = wire.producer_id()
    assert wire.produce(topic, batch([b"new"], producer=(number, epoch + 1), sequence=0)) == (0, 0)
    code, _ = wire.produce(topic, batch([b"old"], producer=(number, epoch), sequence=0))
    assert code == INVALID_PRODUCER_EPOCH


def test_producer_ids_differ(wire: Wire) -> None:
    """No two producers get the same id."""
    assert len({wire.producer_id() for _ in range(20)}) == 20


def test_a_damaged_batch_is_refused(client: Client, wire: Wire, topic: str) -> None:
    """One flipped bit, and the batch is not stored."""
    damaged = bytearray(batch([b"pristine"]))
    damaged[-3] ^= 1
    assert wire.produce(topic, bytes(damaged))[0] == CORRUPT_MESSAGE
    assert contents(client, topic) == []


def test_error_codes_of_unknown_places(wire: Wire, topic: str, name: str) -> None:
    """Topics and offsets that do not exist are named as such, and asking creates nothing."""
    assert wire.produce(name, batch([b"x"]))[0] == UNKNOWN_TOPIC
    assert wire.metadata(name, create=True) == UNKNOWN_TOPIC
    assert wire.metadata(name, create=False) == UNKNOWN_TOPIC
    assert wire.fetch(name, 0).error_code == UNKNOWN_TOPIC
    assert wire.fetch(topic, 1).error_code == OFFSET_OUT_OF_RANGE
    assert wire.fetch(topic, -1).error_code == OFFSET_OUT_OF_RANGE


def test_a_fetch_keeps_to_its_size(wire: Wire, topic: str) -> None:
    """At least one batch however small the limit; within it otherwise."""
    for number in range(10):
        assert wire.produce(topic, batch([b"%d" % number * 1000])) == (0, number)
    size = len(batch([b"0" * 1000]))
    assert len(bytes(wire.fetch(topic, 0, max_bytes=1).records)) <= size
    assert len(bytes(wire.fetch(topic, 0, max_bytes=3 * size).records)) == 3 * size
    assert len(bytes(wire.fetch(topic, 0).records)) == 10 * size


def test_an_idle_fetch_returns(wire: Wire, topic: str) -> None:
    """Where nothing comes, a fetch ends empty after its waiting time, with the end of the log."""
    assert wire.produce(topic, batch([b"x"])) == (0, 0)
    answer = wire.fetch(topic, 1, max_wait_ms=200)
    assert (answer.error_code, answer.high_watermark, bytes(answer.records or b"")) == (0, 1, b"")


def test_an_unknown_version_of_the_first_question(wire: Wire) -> None:
    """A client from the future learns, in the oldest form, what the broker speaks."""
    api_versions, newest = 18, 99
    request = api_versions.to_bytes(2, "big") + newest.to_bytes(2, "big") + (7).to_bytes(4, "big") + b"\xff\xff\x00"
    wire.send(len(request).to_bytes(4, "big") + request)
    answer = wire.frame()
    assert int.from_bytes(answer[:4], "big") == 7
    assert int.from_bytes(answer[4:6], "big") == UNSUPPORTED_VERSION
    assert int.from_bytes(answer[6:10], "big") > 0, "and at least the versions of that question itself"


def test_nonsense_ends_the_connection_only(broker_address: str, topic: str) -> None:
    """Bytes that are no request close their connection; the next one is served."""
    with Wire(broker_address) as bad:
        bad.send(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert bad.frame() == b""
    with Wire(broker_address) as good:
        assert good.produce(topic, batch([b"x"])) == (0, 0)


def _join(
    wire: Wire, group: str, member: str = "", protocol: str = "range", session_ms: int = 6000
) -> JoinGroupResponse:
    request = JoinGroupRequest(
        group_id=group,
        session_timeout_ms=session_ms,
        rebalance_timeout_ms=6000,
        member_id=member,
        group_instance_id=None,
        protocol_type="consumer",
        protocols=[JoinGroupRequest.JoinGroupRequestProtocol(name=protocol, metadata=b"me")],
    )
    return wire.ask(request, 5, JoinGroupResponse)


def _sync(wire: Wire, group: str, member: str, generation: int) -> SyncGroupResponse:
    assignment = SyncGroupRequest.SyncGroupRequestAssignment(member_id=member, assignment=b"all")
    request = SyncGroupRequest(
        group_id=group,
        generation_id=generation,
        member_id=member,
        group_instance_id=None,
        assignments=[assignment],
    )
    return wire.ask(request, 3, SyncGroupResponse)


def _heartbeat(wire: Wire, group: str, member: str, generation: int) -> int:
    request = HeartbeatRequest(group_id=group, generation_id=generation, member_id=member, group_instance_id=None)
    return int(wire.ask(request, 3, HeartbeatResponse).error_code)


def _commit(wire: Wire, group: str, topic: str, member: str, generation: int) -> int:
    of_topic = OffsetCommitRequest.OffsetCommitRequestTopic
    place = of_topic.OffsetCommitRequestPartition(
        partition_index=0, committed_offset=5, committed_leader_epoch=-1, committed_metadata=""
    )
    request = OffsetCommitRequest(
        group_id=group,
        generation_id_or_member_epoch=generation,
        member_id=member,
        group_instance_id=None,
        topics=[of_topic(name=topic, partitions=[place])],
    )
    return int(wire.ask(request, 7, OffsetCommitResponse).topics[0].partitions[0].error_code)


def _joined(wire: Wire, group: str) -> tuple[str, int]:
    invitation = _join(wire, group)
    assert invitation.error_code == MEMBER_ID_REQUIRED
    answer = _join(wire, group, invitation.member_id)
    assert (answer.error_code, answer.leader) == (0, answer.member_id)
    synced = _sync(wire, group, answer.member_id, answer.generation_id)
    assert (synced.error_code, bytes(synced.assignment)) == (0, b"all")
    return answer.member_id, answer.generation_id


def test_only_the_present_generation_commits(wire: Wire, topic: str, name: str) -> None:
    """A member commits and beats in its generation; a stale one and a stranger are refused."""
    member, generation = _joined(wire, name)
    assert _heartbeat(wire, name, member, generation) == 0
    assert _commit(wire, name, topic, member, generation) == 0
    assert _commit(wire, name, topic, member, generation - 1) == ILLEGAL_GENERATION
    assert _heartbeat(wire, name, member, generation - 1) == ILLEGAL_GENERATION
    assert _commit(wire, name, topic, "stranger", generation) == UNKNOWN_MEMBER
    assert _heartbeat(wire, name, "stranger", generation) == UNKNOWN_MEMBER
    # A plain commit, as of an admin or an assigned reader, must not disturb a group with members.
    assert _commit(wire, name, topic, "", -1) == UNKNOWN_MEMBER


def test_a_rejoin_makes_a_new_generation(wire: Wire, topic: str, name: str) -> None:
    """When the leader joins again the old generation ends for commits too."""
    member, generation = _joined(wire, name)
    answer = _join(wire, name, member)
    assert (answer.error_code, answer.generation_id) == (0, generation + 1)
    assert _sync(wire, name, member, generation + 1).error_code == 0
    assert _commit(wire, name, topic, member, generation) == ILLEGAL_GENERATION
    assert _commit(wire, name, topic, member, generation + 1) == 0


def test_members_must_agree_on_an_assignor(broker_address: str, wire: Wire, name: str) -> None:
    """Who shares no assignor with the group cannot join it."""
    _joined(wire, name)
    with Wire(broker_address) as other:
        answer = _join(other, name, protocol="something else")
        if answer.error_code == MEMBER_ID_REQUIRED:
            answer = _join(other, name, answer.member_id, protocol="something else")
    assert answer.error_code == INCONSISTENT_GROUP_PROTOCOL


def test_a_session_has_bounds(wire: Wire, name: str) -> None:
    """A session timeout of a tenth of a second, or of a year, is refused."""
    assert _join(wire, name, session_ms=100).error_code == INVALID_SESSION_TIMEOUT
    assert _join(wire, name, session_ms=2_000_000_000).error_code == INVALID_SESSION_TIMEOUT


def test_a_plain_commit_needs_no_members(wire: Wire, topic: str, name: str) -> None:
    """A group without members takes commits from outside."""
    assert _commit(wire, name, topic, "", -1) == 0
