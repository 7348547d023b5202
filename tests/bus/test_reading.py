"""Publishing and reading on both brokers: acknowledged means there, each event once, resumable, typed."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from pipeline.bus.admin import Admin
from pipeline.bus.client import Producer
from pipeline.bus.events import raw_event
from pipeline.bus.publisher import Publisher
from pipeline.bus.reader import SeenIds, repeat_window, subscribe, topic_spec
from pipeline.errors import BrokerAbsent, ConfigError, DeliveryError, TopicMissing, UnreadableRecord
from pipeline.settings import Settings, load_settings
from schemas import RawItem
from schemas.topics import ENTITIES, RAW
from tests.line import line_settings, publish, raw_item, reading, topics, wait_until

IDLE = 1.5


@pytest.fixture
def settings(broker_address: str) -> Iterator[Settings]:
    """Settings of a line with fresh topics."""
    settings = line_settings(broker_address)
    with topics(settings):
        yield settings


def items(count: int, start: int = 0) -> list[RawItem]:
    """Return raw items numbered from `start`."""
    return [raw_item(b"body %d" % number, wire_id=f"w:{number}") for number in range(start, start + count)]


def bodies(settings: Settings, group: str | None = None, limit: int | None = None) -> list[bytes]:
    """Read bodies until nothing more comes, or until `limit` were seen and asked to go on."""
    seen: list[bytes] = []
    done = (lambda: len(seen) >= limit) if limit else None
    for event in subscribe("raw", settings=settings, group=group, until_idle=IDLE, stop=done):
        record = event.record
        assert isinstance(record, RawItem)
        seen.append(record.body)
    return seen


def test_what_is_acknowledged_is_read_back(settings: Settings) -> None:
    """Everything published comes back, equal, and in order within an article's partition."""
    sent = items(300)
    assert publish(settings, sent) == 300
    events = list(subscribe("raw", settings=settings, until_idle=IDLE))
    assert sorted(event.record.body for event in events) == sorted(item.body for item in sent)  # type: ignore[union-attr]
    for partition in {event.partition for event in events}:
        offsets = [event.offset for event in events if event.partition == partition]
        assert offsets == sorted(offsets)
    assert all(event.topic == settings.topic("raw") for event in events)


def test_a_repeated_event_is_seen_once(settings: Settings) -> None:
    """What a crashed worker would send twice, a reader hands out once."""
    publish(settings, items(50))
    publish(settings, items(60))
    assert len(bodies(settings)) == 60


def test_a_group_resumes_after_what_it_has_done(settings: Settings) -> None:
    """A second run goes on where the first stopped, and repeats nothing, though records were repeated meanwhile."""
    publish(settings, items(40))
    first = bodies(settings, "desk", limit=25)
    publish(settings, items(60))
    second = bodies(settings, "desk")
    assert len(first) == 25
    assert sorted(first + second) == sorted(item.body for item in items(60))


def test_an_event_whose_work_failed_comes_again(settings: Settings) -> None:
    """An event counts as done when the loop comes back for the next one, not when it is handed out."""
    publish(settings, items(5))
    with pytest.raises(RuntimeError, match="desk on fire"):
        for number, event in enumerate(subscribe("raw", settings=settings, group="desk", until_idle=IDLE)):
            if number == 2:
                failed = event.id
                raise RuntimeError("desk on fire")
    again = [event.id for event in subscribe("raw", settings=settings, group="desk", until_idle=IDLE)]
    assert failed in again
    assert len(again) == 3


def test_two_readers_of_a_group_share_the_work(settings: Settings) -> None:
    """Each event goes to one of them: together they see everything, and both have work."""
    with reading(settings, "raw", group="desk") as first, reading(settings, "raw", group="desk") as second:
        sent = 0

        def both_have_work() -> bool:
            nonlocal sent
            sent += publish(settings, items(30, sent))
            return bool(len(first) and len(second))

        wait_until(both_have_work, seconds=60, what=lambda: f"{len(first)} and {len(second)} of {sent}")
        wait_until(
            lambda: len({event.id for event in first.events + second.events}) == sent,
            seconds=30,
            what=lambda: f"{len(first)} and {len(second)} of {sent}",
        )


def test_a_new_reader_can_begin_at_the_end(settings: Settings) -> None:
    """`latest` shows what comes, not what was."""
    publish(settings, items(10))
    assert not list(subscribe("raw", settings=settings, start="latest", until_idle=1.0))


def test_a_foreign_value_is_named_and_the_rest_is_read(settings: Settings) -> None:
    """A record that is not what the topic promises raises when it is opened, not when it is read."""
    producer = Producer(settings)
    producer.send(settings.topic("raw"), value=b"{not json", key=b"k", done=lambda _error: None)
    producer.close()
    (event,) = subscribe("raw", settings=settings, until_idle=IDLE)
    with pytest.raises(UnreadableRecord, match="no RawItem"):
        _ = event.record


def test_a_record_that_cannot_be_delivered_is_an_error(settings: Settings) -> None:
    """Nothing is dropped silently: a failed delivery surfaces, and counts nothing after it as acknowledged."""
    huge = raw_item(b"x" * (17 * 1024 * 1024), wire_id="huge")
    with pytest.raises(DeliveryError), Publisher(settings) as publisher:
        publisher.publish(items(1)[0], "small")
        publisher.flush()
        publisher.send(raw_event(huge), "huge")
        publisher.flush()
    assert publisher.last_token == "small"


def test_topics_are_created_once_and_differences_are_said(settings: Settings) -> None:
    """`create` is idempotent, changes nothing that exists, and says where that is not as the settings want it."""
    changed = settings.model_copy(update={"partitions": 5, "retention_hours": 1.0})
    with Admin(settings) as admin, Admin(changed) as other:
        assert {made.outcome for made in admin.create()} == {"exists"}
        assert all(not made.differences for made in admin.create())
        raw = other.create([RAW])[0]
    assert raw.outcome == "exists"
    assert any("3 partitions" in difference for difference in raw.differences)
    assert any("retention.ms" in difference for difference in raw.differences)


def test_topics_are_described_with_their_lag(settings: Settings) -> None:
    """An operator sees how much the workers still have to do."""
    publish(settings, items(30))
    with Admin(settings) as admin:
        states = {state.spec.name: state for state in admin.describe()}
    assert states["raw"].records == states["raw"].lag == 30
    assert len(states["raw"].partitions) == 3
    assert states["articles"].configs["cleanup.policy"] == "compact"


def test_a_missing_topic_is_a_sentence(broker_address: str) -> None:
    """Nobody waits for a topic that does not exist, and nothing creates it silently."""
    settings = line_settings(broker_address)
    with pytest.raises(TopicMissing, match="copytaster topics create"):
        next(subscribe("raw", settings=settings))
    with Admin(settings) as admin:
        assert settings.topic("raw") not in admin.existing()
        with pytest.raises(TopicMissing, match="topics create"):
            admin.require()


def test_an_absent_broker_is_a_sentence() -> None:
    """The sentence says where nobody answered and how to change that."""
    settings = load_settings(brokers="127.0.0.1:1")
    for attempt in (
        lambda: Admin(settings),
        lambda: Producer(settings),
        lambda: next(subscribe("raw", settings=settings)),
    ):
        with pytest.raises(BrokerAbsent, match=r"127\.0\.0\.1:1.*copytaster broker"):
            attempt()


def test_an_unknown_topic_lists_those_there_are() -> None:
    """A mistyped topic is answered with the right names."""
    with pytest.raises(ConfigError, match=r"news\.figures"):
        topic_spec("figurs", load_settings())
    assert topic_spec("news.entities", load_settings()) is topic_spec("entities", load_settings()) is ENTITIES


def test_the_memory_of_ids_is_bounded_and_long_enough() -> None:
    """At least a window of ids is remembered, at most two, and that covers what a crash can repeat."""
    seen = SeenIds(100)
    assert all(seen.add(str(number)) for number in range(1000))
    assert not any(seen.add(str(number)) for number in range(900, 1000))
    assert len(seen._young) + len(seen._old) <= 200
    settings = load_settings()
    assert repeat_window(ENTITIES, settings) > settings.chunk_records * settings.chunks_in_flight * ENTITIES.fan_out
