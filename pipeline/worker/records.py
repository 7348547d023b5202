"""One raw record in, the events it becomes out: enriched records, or a dead letter. Never an exception."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

import orjson
from pydantic import ValidationError

from pipeline.bus.admin import largest_record
from pipeline.bus.events import TRACEPARENT, Event, article_events, deadletter_event, header
from pipeline.enrich import enrich_item
from pipeline.errors import CopytasterError, InputError, ItemTooLarge, StageError, UnreadableRecord
from pipeline.limits import MAX_MESSAGE_CHARS, MAX_TRACE_CHARS
from schemas import DeadLetter, EnrichedArticle, RawItem, SourcePosition

Clock = Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class RawRecord:
    """A record of the raw topic as the broker handed it over; the time stamp is in milliseconds."""

    topic: str
    partition: int
    offset: int
    timestamp: int
    key: bytes | None
    value: bytes | None
    headers: tuple[tuple[str, bytes | None], ...]


def process(record: RawRecord, clock: Clock) -> list[Event]:
    """Return the events that one raw record becomes. Whatever goes wrong becomes a dead letter with its bytes."""
    stage = "decode"
    try:
        raw = _decode(record)
        stage = "normalize"
        articles = enrich_item(raw, published=datetime.fromtimestamp(record.timestamp / 1000, UTC), clock=clock)
        stage = "sink"
        return _outputs(articles, raw, header(record.headers, TRACEPARENT), clock)
    except Exception as error:  # noqa: BLE001 - the line never stops for one record; the dead letter says all
        return [_dead_letter(record, stage, error, clock())]


def _outputs(articles: list[EnrichedArticle], raw: RawItem, trace: str | None, clock: Clock) -> list[Event]:
    events = []
    for article in articles:
        timings = article.timings.model_copy(update={"sunk": clock()})
        stamped = article.model_copy(update={"timings": timings})
        events += article_events(stamped, time=raw.received_at, trace=trace)
    for event in events:
        if event.value is not None and len(event.value) > largest_record(event.topic):
            size = len(event.value)
            raise ItemTooLarge(f"the {event.topic.name} record of this item has {size:,} bytes, too many to publish")
    return events


def _decode(record: RawRecord) -> RawItem:
    if record.value is None:
        raise UnreadableRecord("the raw record is a tombstone; the raw topic carries items only")
    try:
        return RawItem.from_json(record.value)
    except orjson.JSONDecodeError as error:
        raise UnreadableRecord(f"the raw record is no JSON: {error}") from error
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise UnreadableRecord(f"the raw record is no RawItem: {where}: {first['msg']}") from error


def _dead_letter(record: RawRecord, stage: str, error: Exception, now: datetime) -> Event:
    expected = isinstance(error, InputError)
    message = str(error) if isinstance(error, CopytasterError) else f"{type(error).__name__}: {error}"
    letter = DeadLetter(
        value=record.value or b"",
        key=record.key,
        headers=record.headers,
        code=error.code if isinstance(error, CopytasterError) else StageError.code,
        message=message[:MAX_MESSAGE_CHARS],
        stage=error.stage if isinstance(error, StageError) else stage,
        position=SourcePosition(topic=record.topic, partition=record.partition, offset=record.offset),
        failed_at=now,
        traceparent=header(record.headers, TRACEPARENT),
        trace=None if expected else _trace(error.__cause__ or error),
    )
    return deadletter_event(letter)


def _trace(error: BaseException) -> str:
    # The message stands in its own field; here it could push the frames out, and they are what helps.
    frames = "".join(traceback.format_tb(error.__traceback__))
    return f"{frames[-MAX_TRACE_CHARS + 100 :]}{type(error).__name__}"
