"""Topics: made, described, changed, refused, removed."""

from __future__ import annotations

import pytest

from tests.conformance.clients import BrokerError, Client, Producer
from tests.conformance.clients.interface import Admin
from tests.conformance.conftest import MakeTopic
from tests.conformance.waiting import contents, eventually

UNKNOWN_TOPIC = 3
INVALID_TOPIC = 17
TOPIC_ALREADY_EXISTS = 36
INVALID_PARTITIONS = 37
INVALID_CONFIG = 40


def _refusal(error: BrokerError) -> str:
    """Some clients keep the code, others only the name of the error or the broker's words."""
    return str(error).lower().replace("_", "")


def test_create_with_settings(admin: Admin, make_topic: MakeTopic) -> None:
    """A topic has the partitions and settings it was made with, and defaults for the rest."""
    topic = make_topic(3, **{"cleanup.policy": "compact", "retention.ms": "86400000", "segment.bytes": "2097152"})
    assert admin.topics()[topic] == 3
    config = admin.config(topic)
    assert config["cleanup.policy"] == "compact"
    assert config["retention.ms"] == "86400000"
    assert config["segment.bytes"] == "2097152"
    assert config["max.message.bytes"] == "1048588"


def test_default_settings(admin: Admin, make_topic: MakeTopic) -> None:
    """Without settings a topic keeps records for a week, whatever their size."""
    config = admin.config(make_topic())
    assert config["cleanup.policy"] == "delete"
    assert config["retention.ms"] == "604800000"
    assert config["retention.bytes"] == "-1"
    assert config["message.timestamp.type"] == "CreateTime"


def test_create_again(admin: Admin, make_topic: MakeTopic) -> None:
    """A name is taken once."""
    topic = make_topic(2)
    with pytest.raises(BrokerError) as refused:
        admin.create_topic(topic, 2)
    assert refused.value.code == TOPIC_ALREADY_EXISTS
    assert admin.topics()[topic] == 2


@pytest.mark.parametrize(
    ("partitions", "config", "code"),
    [
        (0, {}, INVALID_PARTITIONS),
        (1, {"no.such.setting": "1"}, INVALID_CONFIG),
        (1, {"retention.ms": "a week"}, INVALID_CONFIG),
        (1, {"cleanup.policy": "shred"}, INVALID_CONFIG),
        (1, {"max.message.bytes": "-5"}, INVALID_CONFIG),
    ],
)
def test_create_refused(admin: Admin, name: str, partitions: int, config: dict[str, str], code: int) -> None:
    """A topic that makes no sense is not made."""
    with pytest.raises(BrokerError) as refused:
        admin.create_topic(name, partitions, config)
    # librdkafka refuses zero partitions by itself.
    assert refused.value.code in ({code, None} if partitions == 0 else {code})
    assert name not in admin.topics()


@pytest.mark.parametrize("bad", ["white space", "slash/slash", "..", "x" * 250])
def test_names_refused(admin: Admin, bad: str) -> None:
    """A name must be fit for a directory: letters, digits, dot, dash, underscore, at most 249."""
    with pytest.raises(BrokerError) as refused:
        admin.create_topic(bad)
    assert refused.value.code == INVALID_TOPIC


def test_more_partitions(client: Client, admin: Admin, producer: Producer, make_topic: MakeTopic) -> None:
    """Partitions can be added, and the records of the old ones stay."""
    topic = make_topic(1)
    producer.send(topic, b"old", partition=0).result()
    admin.add_partitions(topic, 3)
    eventually(lambda: admin.topics()[topic] == 3)
    with client.producer() as fresh:
        assert fresh.send(topic, b"new", partition=2).result() == 0
    assert {(r.partition, r.value) for r in contents(client, topic, range(3))} == {(0, b"old"), (2, b"new")}


@pytest.mark.parametrize("total", [1, 2])
def test_partitions_never_shrink(admin: Admin, make_topic: MakeTopic, total: int) -> None:
    """As many partitions as there are, or fewer, is refused."""
    topic = make_topic(2)
    with pytest.raises(BrokerError) as refused:
        admin.add_partitions(topic, total)
    assert refused.value.code == INVALID_PARTITIONS
    assert admin.topics()[topic] == 2


def test_delete_and_make_anew(client: Client, admin: Admin, make_topic: MakeTopic) -> None:
    """A deleted topic is gone with its records and settings; one of the same name starts empty."""
    topic = make_topic(1, **{"retention.ms": "12345678"})
    with client.producer() as producer:
        for number in range(5):
            producer.send(topic, b"old %d" % number, partition=0).result()
    admin.delete_topic(topic)
    eventually(lambda: topic not in admin.topics())
    with pytest.raises(BrokerError) as refused:
        admin.delete_topic(topic)
    assert refused.value.code == UNKNOWN_TOPIC

    admin.create_topic(topic, 1)
    eventually(lambda: topic in admin.topics())
    assert admin.config(topic)["retention.ms"] == "604800000"
    assert contents(client, topic) == []
    with client.producer() as producer:
        assert producer.send(topic, b"new", partition=0).result() == 0
    assert [r.value for r in contents(client, topic)] == [b"new"]


def test_change_settings(admin: Admin, make_topic: MakeTopic) -> None:
    """A setting can be changed while the topic lives."""
    topic = make_topic(1, **{"retention.ms": "1000000"})
    admin.set_config(topic, {"retention.ms": "2000000"})
    eventually(lambda: admin.config(topic)["retention.ms"] == "2000000")


@pytest.mark.parametrize("config", [{"retention.ms": "soon"}, {"no.such.setting": "1"}])
def test_change_refused(admin: Admin, make_topic: MakeTopic, config: dict[str, str]) -> None:
    """A bad setting changes nothing."""
    topic = make_topic(1, **{"retention.ms": "1000000"})
    with pytest.raises(BrokerError) as refused:
        admin.set_config(topic, config)
    assert refused.value.code == INVALID_CONFIG or "invalidconfig" in _refusal(refused.value)
    assert admin.config(topic)["retention.ms"] == "1000000"


def test_settings_of_an_unknown_topic(admin: Admin, name: str) -> None:
    """What is not there has no settings."""
    with pytest.raises(BrokerError) as refused:
        admin.config(name)
    assert refused.value.code in {UNKNOWN_TOPIC, None}
