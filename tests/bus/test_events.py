"""Events: what one article puts on the topics, under which ids, and into which partition."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from aiokafka.partitioner import DefaultPartitioner

from pipeline.bus.client import calc_crc32c, partition_for
from pipeline.bus.events import Event, article_events, deadletter_event, header, raw_event
from schemas import (
    Article,
    ArticleRef,
    DeadLetter,
    EnrichedArticle,
    Entity,
    EntityRecord,
    Figure,
    FigureRecord,
    Mention,
    Provenance,
    RawItem,
    SourcePosition,
    Span,
    Timings,
)

NOW = datetime(2024, 5, 1, 12, tzinfo=UTC)


def article(status: str = "usable", *, digest: str = "d1", timings: Timings | None = None) -> EnrichedArticle:
    """Return an article with one entity and one figure."""
    mention = Mention(start=0, end=4, text="Oslo")
    entity = Entity(
        entity_id="geonames:3143244", type="place", name="Oslo", mentions=(mention,), salience=1, confidence=1
    )
    figure = Figure(
        figure_id="f1", value=40, kind="count", start=5, end=7, text="40", sentence=Span(start=0, end=7), confidence=1
    )
    return EnrichedArticle(
        article_id="a1",
        version="3",
        status=status,
        text="Oslo 40",
        source="test wire",
        provenance=Provenance(parser="p", parser_version="1", digest=digest),
        entities=(entity,),
        figures=(figure,),
        timings=timings or Timings(),
    )


def events(article: EnrichedArticle) -> list[Event]:
    """Return the article's events."""
    return article_events(article, time=NOW, trace="00-abc-def-01")


def ids(found: list[Event]) -> list[str | None]:
    """Return the `ce_id` of each event."""
    return [header(event.headers, "ce_id") for event in found]


def test_an_article_reaches_every_topic_under_its_key() -> None:
    """Desks, analysts and models each find their records under the key that the contract names."""
    assert [(event.topic.name, event.key) for event in events(article())] == [
        ("entities", b"geonames:3143244"),
        ("figures", b"f1"),
        ("normalized", b"a1"),
        ("articles", b"a1"),
    ]
    assert {event.route for event in events(article())} == {"a1"}


def test_records_read_back_as_what_they_were() -> None:
    """The value of each event is the record that the topic's contract promises."""
    whole = article()
    by_topic = {event.topic.name: event.topic.record.from_json(event.value or b"") for event in events(whole)}
    assert by_topic["articles"] == whole
    assert isinstance(by_topic["normalized"], Article)
    assert not hasattr(by_topic["normalized"], "figures")
    assert by_topic["figures"] == FigureRecord(figure=whole.figures[0], article=ArticleRef.of(whole))
    assert by_topic["entities"] == EntityRecord(entity=whole.entities[0], article=ArticleRef.of(whole))
    for event in events(whole):
        assert event.value == by_topic[event.topic.name].to_json(), "the bytes are those of the record itself"


def test_a_cancelled_article_is_followed_by_a_tombstone() -> None:
    """A kill leaves nothing on the compacted topic of articles."""
    last = [(event.topic.name, event.value is None) for event in events(article("cancelled"))][-2:]
    assert last == [("articles", False), ("articles", True)]
    assert len(set(ids(events(article("cancelled"))))) == 5


def test_ids_depend_on_the_content_and_on_nothing_else() -> None:
    """The same input gives the same `ce_id` whenever it runs; changed bytes under one version give another."""
    later = Timings(sunk=datetime(2030, 1, 1, tzinfo=UTC))
    assert ids(events(article())) == ids(events(article(timings=later)))
    assert not set(ids(events(article()))) & set(ids(events(article(digest="d2"))))
    assert len(set(ids(events(article())))) == 4


def test_events_are_cloudevents() -> None:
    """Any CloudEvents consumer can read the headers: binary mode of the Kafka binding."""
    names = dict(events(article())[-1].headers)
    assert names["ce_specversion"] == b"1.0"
    assert names["ce_type"] == b"copytaster.article"
    assert names["ce_source"] == b"/test%20wire"
    assert names["ce_subject"] == b"a1"
    assert names["ce_time"] == b"2024-05-01T12:00:00Z"
    assert names["content-type"] == b"application/json"
    assert names["ce_dataschema"] == b"urn:copytaster:EnrichedArticle:1.0"
    assert names["traceparent"] == b"00-abc-def-01"


def test_a_raw_item_sent_twice_is_one_event() -> None:
    """A feed that repeats itself is recognised; changed hints are a change."""
    first = RawItem(item_id="i", source="s", body=b"x", received_at=NOW)
    again = first.model_copy(update={"received_at": datetime(2025, 1, 1, tzinfo=UTC)})
    other = RawItem.model_validate({**first.model_dump(), "hints": {"headline": "new"}})
    assert ids([raw_event(first)]) == ids([raw_event(again)]) != ids([raw_event(other)])


def test_a_dead_letter_is_known_by_where_it_stood() -> None:
    """A crash that repeats a dead letter repeats its id; the code is readable without opening the value."""
    letter = DeadLetter(
        value=b"\x00",
        key=b"k",
        code="no_article",
        message="m",
        stage="normalize",
        position=SourcePosition(topic="news.raw", partition=1, offset=9),
        failed_at=NOW,
    )
    again = letter.model_copy(update={"failed_at": datetime(2025, 1, 1, tzinfo=UTC)})
    assert ids([deadletter_event(letter)]) == ids([deadletter_event(again)])
    assert header(deadletter_event(letter).headers, "ct_code") == "no_article"
    assert deadletter_event(letter).key == b"k"


@pytest.mark.parametrize("route", ["a", "article", "0" * 32, "é"])
def test_our_partitioner_is_everybodys(route: str) -> None:
    """A producer in any language that keys by article id meets our partition."""
    theirs = DefaultPartitioner()(route.encode(), list(range(7)), list(range(7)))
    assert partition_for(route, 7) == theirs


def test_checksums_are_native_and_right() -> None:
    """kafka-python sums with native code; the check value of CRC-32C is 0xE3069283 (RFC 3720, B.4 lists others)."""
    assert calc_crc32c(memoryview(b"123456789")) == 0xE3069283
    assert calc_crc32c.__defaults__[0].__module__ == "pipeline.bus.client"
