"""The demo's accounts: complete when, and only when, everything that went in has come out."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from pipeline.bus.reader import Received
from pipeline.demo import Tally
from schemas import (
    ArticleRef,
    DeadLetter,
    EnrichedArticle,
    Figure,
    FigureRecord,
    Provenance,
    RawItem,
    Record,
    SourcePosition,
    Span,
    Timings,
)
from schemas.ids import content_digest
from schemas.topics import ARTICLES, DEADLETTER, FIGURES, TopicSpec

NOW = datetime(2025, 2, 3, tzinfo=UTC)
FIGURE = Figure(
    figure_id="f1", value=4, kind="count", start=0, end=1, text="4", sentence=Span(start=0, end=1), confidence=1
)


def raw(body: bytes) -> RawItem:
    return RawItem(item_id=f"i{body!r}", source="test", body=body, received_at=NOW)


def received(spec: TopicSpec, record: Record | None) -> Received:
    return Received(spec.name, 0, 0, NOW, b"k", record.to_json() if record else None, (), spec)


def article(body: bytes, *, seconds: float = 0.0, figures: tuple[Figure, ...] = ()) -> EnrichedArticle:
    """Return what an item of these bytes becomes, sunk so many seconds after it was published."""
    return EnrichedArticle(
        article_id="a", version="1", text="4", source="test", figures=figures,
        provenance=Provenance(parser="p", parser_version="1", digest=content_digest(body)),
        timings=Timings(published=NOW, sunk=NOW + timedelta(seconds=seconds)),
    )  # fmt: skip


def test_every_item_must_come_out() -> None:
    """An article or a dead letter settles an item; a tombstone, or another item's article, does not."""
    tally = Tally()
    for body in (b"one", b"two"):
        tally.sent(raw(body))
    tally.take(received(ARTICLES, article(b"one")))
    tally.take(received(ARTICLES, None))
    tally.take(received(ARTICLES, article(b"other")))
    assert not tally.complete
    assert tally.missing == "1 items"
    position = SourcePosition(topic="news.raw", partition=0, offset=1)
    letter = DeadLetter(value=raw(b"two").to_json(), code="no_article", message="no text", stage="normalize",
                        position=position, failed_at=NOW)  # fmt: skip
    tally.take(received(DEADLETTER, letter))
    assert tally.complete
    assert (tally.items, tally.articles, tally.dead_letters) == (2, 2, 1)


def test_derived_records_must_come_out_too() -> None:
    """A figure of an article that is not on its topic is missing."""
    tally = Tally()
    tally.sent(raw(b"one"))
    tally.take(received(ARTICLES, article(b"one", figures=(FIGURE,))))
    assert tally.missing == "1 figures"
    record = FigureRecord(figure=FIGURE, article=ArticleRef.of(article(b"one")))
    tally.take(received(FIGURES, record))
    assert tally.complete


def test_equal_bytes_are_one_item() -> None:
    """A repeat in the seeds is dropped by readers, so nobody waits for it."""
    tally = Tally()
    tally.sent(raw(b"one"))
    tally.sent(raw(b"one"))
    tally.take(received(ARTICLES, article(b"one")))
    assert tally.complete


def test_times_are_measured_from_the_topic_to_the_sink() -> None:
    """Throughput counts from the first item to the last sink; latency is each item's own."""
    tally = Tally()
    for number in range(1, 101):
        tally.take(received(ARTICLES, article(b"%d" % number, seconds=number / 100)))
    assert tally.seconds == 1.0
    assert tally.latency(50) == pytest.approx(0.505)
    assert tally.latency(95) == pytest.approx(0.9505)


def test_nothing_measured_is_zero() -> None:
    """No article, no division by zero."""
    assert (Tally().seconds, Tally().latency(95)) == (0.0, 0.0)
