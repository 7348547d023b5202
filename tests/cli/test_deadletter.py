"""`copytaster deadletter`: every failure can be seen whole and goes back once, to where it failed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
import pytest
from kafka import TopicPartition

from pipeline.bus.client import open_consumer
from pipeline.bus.events import deadletter_event, header
from pipeline.bus.publisher import Publisher
from pipeline.bus.redrive import REDRIVEN
from schemas import DeadLetter, SourcePosition
from tests.cli.conftest import Desk
from tests.cli.program import Ran

BINARY = b"\x00\x01\xfe\xff raw bytes \x1b[31m"
FAILED_AT = datetime(2024, 5, 1, 12, tzinfo=UTC)


def _letter(desk: Desk, number: int, **changes: object) -> DeadLetter:
    fields: dict[str, object] = {
        "value": b'{"broken %d' % number,
        "key": b"key-%d" % number,
        "headers": (("ce_id", b"id-%d" % number), ("ct_own", b"1"), ("empty", None)),
        "code": "unreadable_record",
        "message": "the raw record is no JSON",
        "stage": "decode",
        "position": SourcePosition(topic=desk.topic("raw"), partition=number % 3, offset=number),
        "failed_at": FAILED_AT + timedelta(minutes=number),
    }
    return DeadLetter.model_validate(fields | changes)


def _publish(desk: Desk, letters: Sequence[DeadLetter]) -> None:
    with Publisher(desk.settings) as publisher:
        for letter in letters:
            publisher.send(deadletter_event(letter))


@pytest.fixture
def letters(ready_desk: Desk) -> list[DeadLetter]:
    """Return six dead letters that stand on the topic: four unreadable, two binary."""
    made = [_letter(ready_desk, number) for number in range(4)]
    made += [_letter(ready_desk, number, code="binary_item", stage="normalize", value=BINARY) for number in (4, 5)]
    _publish(ready_desk, made)
    return made


def _rows(ran: Ran) -> list[dict[str, Any]]:
    return [orjson.loads(line) for line in ran.lines]


def _raw_records(desk: Desk) -> list[tuple[int, bytes, bytes, dict[str, bytes | None]]]:
    """Return what stands on the raw topic: partition, key, value, headers."""
    consumer = open_consumer(desk.settings, group=None)
    try:
        places = [TopicPartition(desk.topic("raw"), partition) for partition in range(3)]
        ends = consumer.end_offsets(places)
        consumer.assign(places)
        consumer.seek_to_beginning()
        found = []
        while any(consumer.position(place) < ends[place] for place in places):
            for records in consumer.poll(timeout_ms=200).values():
                found += [(r.partition, r.key, r.value, dict(r.headers)) for r in records]
        return sorted(found, key=lambda record: record[1])
    finally:
        consumer.close(autocommit=False)


def test_list_filters_and_counts(ready_desk: Desk, letters: list[DeadLetter]) -> None:
    """Code, stage, time and limit narrow the list; counts by code cover all that match."""
    everything = _rows(ready_desk("deadletter", "list", "--json"))
    assert [row["failed_at"] for row in everything] == [f"2024-05-01T12:0{n}:00Z" for n in range(len(letters))]
    binary = _rows(ready_desk("deadletter", "list", "--json", "--code", "binary_item"))
    assert [row["from"] for row in binary] == [f"{ready_desk.topic('raw')}/1/4", f"{ready_desk.topic('raw')}/2/5"]
    assert binary == _rows(ready_desk("deadletter", "list", "--json", "--stage", "normalize"))
    assert binary == _rows(ready_desk("deadletter", "list", "--json", "--since", "2024-05-01T12:04Z"))
    assert binary == _rows(ready_desk("deadletter", "list", "--json", "--limit", "2"))
    assert ready_desk("deadletter", "list", "--json", "--since", "-1h").out == b""
    counted = ready_desk("deadletter", "list", "--limit", "1").out.decode()
    assert counted.count(ready_desk.topic("raw")) == 1
    assert [line.split() for line in counted.splitlines()[-2:]] == [["unreadable_record", "4"], ["binary_item", "2"]]


def test_show_tells_everything(ready_desk: Desk, letters: list[DeadLetter]) -> None:
    """One dead letter whole: why, where, key, headers, and its bytes, harmless for the terminal."""
    [row] = _rows(ready_desk("deadletter", "list", "--json", "--limit", "1"))
    text = ready_desk("deadletter", "show", row["position"]).out.decode()
    for fact in ("code: binary_item", "stage: normalize", "key: key-5", "header ce_id: id-5", "header empty: (none)"):
        assert fact in text
    assert "00 01 fe ff 20 72 61 77" in text
    assert "\x1b" not in text
    assert ready_desk("deadletter", "show", row["position"], "--raw").out == BINARY
    assert DeadLetter.from_json(ready_desk("deadletter", "show", row["position"], "--json").out) == letters[-1]


@pytest.mark.parametrize("position", ["0/999", "99/0", "here", "1/-1"])
def test_show_of_nothing_is_a_sentence(ready_desk: Desk, position: str) -> None:
    """A position where nothing stands, or that is none, is said."""
    ran = ready_desk("deadletter", "show", "--", position)
    assert (ran.code, ran.out, len(ran.said)) == (2, b"", 1)


def test_redrive_sends_the_original_back_once(ready_desk: Desk, letters: list[DeadLetter]) -> None:
    """Value, key, headers and partition are those that failed; a second run sends nothing, `--again` does."""
    first = ready_desk("deadletter", "redrive", "--all")
    second = ready_desk("deadletter", "redrive", "--all")
    assert (first.code, len(first.lines)) == (0, len(letters))
    assert (second.code, second.out) == (0, b"")
    records = _raw_records(ready_desk)
    assert [record[:3] for record in records] == [(n.position.partition, n.key, n.value) for n in letters]
    for number, record in enumerate(records):
        assert record[3] == {"ce_id": b"id-%d" % number, "empty": b"", REDRIVEN: b"1"}
    assert all(row["redriven"] for row in _rows(ready_desk("deadletter", "list", "--json")))
    assert len(ready_desk("deadletter", "redrive", "--all", "--again").lines) == len(letters)
    assert len(_raw_records(ready_desk)) == 2 * len(letters)


def test_redrive_of_some_leaves_the_others(ready_desk: Desk, letters: list[DeadLetter]) -> None:
    """By code, then by position, then the rest: in the end each went back once, whatever the order."""
    by_code = ready_desk("deadletter", "redrive", "--code", "binary_item", "--json")
    [oldest, *_] = _rows(ready_desk("deadletter", "list", "--json"))
    by_id = ready_desk("deadletter", "redrive", "--id", oldest["position"])
    rest = ready_desk("deadletter", "redrive", "--all")
    assert [len(ran.lines) for ran in (by_code, by_id, rest)] == [2, 1, len(letters) - 3]
    assert [record[1] for record in _raw_records(ready_desk)] == [letter.key for letter in letters]
    repeated = ready_desk("deadletter", "redrive", "--id", oldest["position"])
    assert (repeated.code, repeated.out) == (1, b"")


def test_dry_run_sends_nothing(ready_desk: Desk, letters: list[DeadLetter]) -> None:
    """A dry run names what would go, and neither sends nor remembers."""
    dry = ready_desk("deadletter", "redrive", "--all", "--dry-run")
    assert len(dry.lines) == len(letters)
    assert _raw_records(ready_desk) == []
    assert len(ready_desk("deadletter", "redrive", "--all").lines) == len(letters)


def test_redrive_of_everything_must_be_said(ready_desk: Desk) -> None:
    """Without a choice nothing is sent: a forgotten filter must not send all."""
    ran = ready_desk("deadletter", "redrive")
    assert ran.code == 2
    assert "--all" in ran.err


def test_redrive_counts_how_often(ready_desk: Desk) -> None:
    """What fails again and goes back again carries its count."""
    _publish(ready_desk, [_letter(ready_desk, 0, headers=((REDRIVEN, b"3"),))])
    assert ready_desk("deadletter", "redrive", "--all").code == 0
    [(_, _, _, headers)] = _raw_records(ready_desk)
    assert headers == {REDRIVEN: b"4"}


def test_a_letter_written_twice_goes_back_once(ready_desk: Desk) -> None:
    """A worker that crashed may write a dead letter twice; it is listed and sent back once."""
    _publish(ready_desk, [_letter(ready_desk, 0), _letter(ready_desk, 0)])
    assert len(_rows(ready_desk("deadletter", "list", "--json"))) == 1
    assert len(ready_desk("deadletter", "redrive", "--all").lines) == 1
    assert ready_desk("deadletter", "redrive", "--all").out == b""


@pytest.mark.parametrize("position", [("elsewhere", 0), ("raw", 77)])
def test_a_place_that_is_gone_stops_the_redrive(ready_desk: Desk, position: tuple[str, int]) -> None:
    """Nothing is sent to a topic that is not ours, or to another partition than it came from."""
    name, partition = position
    topic = ready_desk.topic(name) if name == "raw" else name
    gone = SourcePosition(topic=topic, partition=partition, offset=1)
    _publish(ready_desk, [_letter(ready_desk, 0), _letter(ready_desk, 1, position=gone)])
    ran = ready_desk("deadletter", "redrive", "--all")
    assert ran.code in {2, 3}
    assert len(ran.said) == 1
    assert _raw_records(ready_desk) == []


def test_marks_are_cloud_events(ready_desk: Desk, letters: list[DeadLetter]) -> None:
    """Readers of the topic see a redrive as a tombstone that says which letter it is about."""
    from pipeline.bus.deadletters import REDRIVEN_LETTER
    from pipeline.bus.reader import subscribe

    assert ready_desk("deadletter", "redrive", "--all").code == 0
    events = list(subscribe("deadletter", settings=ready_desk.settings, until_idle=3))
    marks = [event for event in events if event.value is None]
    assert len(marks) == len(letters)
    sent = {(event.partition, event.offset) for event in events if event.value is not None}
    assert {(mark.partition, int(header(mark.headers, REDRIVEN_LETTER) or -1)) for mark in marks} == sent
    assert all(mark.id and header(mark.headers, "ce_type") for mark in marks)
