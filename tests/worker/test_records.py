"""One raw record in, events out: whatever is wrong with it becomes a dead letter with its bytes, never an exception."""

from __future__ import annotations

from datetime import UTC, datetime

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline import enrich
from pipeline.bus import events
from pipeline.enrich import enrich_item
from pipeline.limits import MAX_MESSAGE_CHARS, MAX_TRACE_CHARS
from pipeline.worker import records
from pipeline.worker.records import RawRecord, process
from schemas import DeadLetter, EnrichedArticle, RawItem
from schemas.deadletter import SourcePosition
from tests.line import raw_item

NOW = datetime(2024, 5, 1, tzinfo=UTC)
BODY = orjson.dumps(
    {"uri": "x:1", "version": "1", "headline": "Flood", "body_text": "More than 40,000 people fled Mosul, the UN said."}
)


def record(value: bytes | None, **more: object) -> RawRecord:
    """Return a raw record at a known place."""
    place = {"topic": "news.raw", "partition": 2, "offset": 7, "timestamp": 1_700_000_000_000, "key": b"k"}
    return RawRecord(**{**place, "value": value, "headers": (("traceparent", b"00-a-b-01"),), **more})  # type: ignore[arg-type]


def run(value: bytes | None) -> list[events.Event]:
    """Process a record with that value."""
    return process(record(value), lambda: NOW)


def dead_letter(found: list[events.Event]) -> DeadLetter:
    """Return the one dead letter among the events; there must be nothing else."""
    (event,) = found
    assert event.topic.name == "deadletter"
    assert event.value is not None
    return DeadLetter.from_json(event.value)


def test_an_article_carries_its_times_and_its_trace() -> None:
    """A desk can see how long each step took, and follow a record from the wire."""
    found = run(raw_item(BODY, wire_id="x:1").to_json())
    article = EnrichedArticle.from_json(found[-1].value or b"")
    assert article.timings.published == datetime.fromtimestamp(1_700_000_000, UTC)
    assert article.timings.normalized == article.timings.enriched == article.timings.sunk == NOW
    assert {events.header(event.headers, "traceparent") for event in found} == {"00-a-b-01"}
    assert [figure.value for figure in article.figures] == [40000]


def test_the_worker_runs_what_the_library_runs() -> None:
    """`enrich_item` and the worker give the same article, timings aside."""
    item = raw_item(BODY, wire_id="x:1")
    (alone,) = enrich_item(item)
    from_worker = EnrichedArticle.from_json(run(item.to_json())[-1].value or b"")
    assert from_worker.model_copy(update={"timings": alone.timings}) == alone


@pytest.mark.parametrize(
    ("value", "code", "stage"),
    [
        (None, "unreadable_record", "decode"),
        (b"", "unreadable_record", "decode"),
        (b"\xff\x00\xfe", "unreadable_record", "decode"),
        (b"{}", "unreadable_record", "decode"),
        (b'{"item_id": 3}', "unreadable_record", "decode"),
        (raw_item(b"", wire_id="w").to_json(), "empty_item", "normalize"),
        (raw_item(b'{"broken": ', wire_id="w").to_json(), "malformed_item", "normalize"),
    ],
)
def test_bad_input_becomes_a_dead_letter(value: bytes | None, code: str, stage: str) -> None:
    """The dead letter has the bytes as they came, a bounded code, and where the record stood."""
    letter = dead_letter(run(value))
    assert (letter.code, letter.stage) == (code, stage)
    assert letter.value == (value or b"")
    assert letter.key == b"k"
    assert letter.headers == (("traceparent", b"00-a-b-01"),)
    assert letter.position == SourcePosition(topic="news.raw", partition=2, offset=7)
    assert letter.message
    assert letter.trace is None


def test_a_broken_stage_becomes_a_dead_letter_with_its_stack(monkeypatch: pytest.MonkeyPatch) -> None:
    """Our own faults are dead letters too, with what a developer needs to mend them."""

    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError("x" * 10_000)

    monkeypatch.setattr(enrich, "detect_figures", broken)
    letter = dead_letter(run(raw_item(BODY, wire_id="x:1").to_json()))
    assert (letter.code, letter.stage) == ("stage_failed", "figures")
    assert len(letter.message) <= MAX_MESSAGE_CHARS
    assert letter.trace is not None
    assert "ZeroDivisionError" in letter.trace
    assert len(letter.trace) <= MAX_TRACE_CHARS


def test_an_article_too_large_to_publish_becomes_a_dead_letter(monkeypatch: pytest.MonkeyPatch) -> None:
    """An output that no broker would take does not end the worker, again and again."""
    monkeypatch.setattr(records, "largest_record", lambda _spec: 100)
    letter = dead_letter(run(raw_item(BODY, wire_id="x:1").to_json()))
    assert (letter.code, letter.stage) == ("item_too_large", "sink")


@given(st.binary(max_size=300))
def test_no_bytes_raise(value: bytes) -> None:
    """Whatever stands on the raw topic, the line goes on."""
    assert dead_letter(run(value)).value == value


@given(st.binary(max_size=300))
def test_no_body_raises(body: bytes) -> None:
    """Whatever a wire sends, it becomes articles or a dead letter that carries it."""
    item = raw_item(body, wire_id="w")
    found = run(item.to_json())
    assert found
    if found[0].topic.name == "deadletter":
        assert RawItem.from_json(dead_letter(found).value).body == body
