"""Records as CloudEvents 1.0 in Kafka's binary mode: attributes in headers, the record as the value.

Source: CloudEvents, Kafka Protocol Binding 1.0.2, section 3.2.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

from schemas import SCHEMA_VERSION, ArticleRef, DeadLetter, EnrichedArticle, EntityRecord, FigureRecord, RawItem
from schemas.article import Article
from schemas.ids import content_digest, event_id
from schemas.topics import ARTICLES, DEADLETTER, ENTITIES, FIGURES, NORMALIZED, RAW, TopicSpec

Headers = tuple[tuple[str, bytes], ...]

CONTENT_TYPE = b"application/json"
TRACEPARENT = "traceparent"


@dataclass(frozen=True, slots=True)
class Event:
    """One record bound for a topic.

    `route` decides the partition (the article id), `key` is what consumers join and compaction keeps; a value of
    None is a tombstone.
    """

    topic: TopicSpec
    route: str
    key: bytes | None
    value: bytes | None
    headers: Headers


def header(headers: Iterable[tuple[str, bytes | None]], name: str) -> str | None:
    """Return the first header of that name as text, or None."""
    for key, value in headers:
        if key == name and value is not None:
            return value.decode("utf-8", "replace")
    return None


def _headers(spec: TopicSpec, *, event: str, source: str, subject: str, time: datetime, trace: str | None) -> Headers:
    attributes = [
        ("ce_specversion", b"1.0"),
        ("ce_id", event.encode()),
        ("ce_type", spec.event_type.encode()),
        ("ce_source", f"/{quote(source, safe='')}".encode()),
        ("ce_subject", subject.encode()),
        ("ce_time", time.isoformat().replace("+00:00", "Z").encode()),
        ("ce_dataschema", f"urn:copytaster:{spec.record.__name__}:{SCHEMA_VERSION}".encode()),
        ("content-type", CONTENT_TYPE),
    ]
    if trace:
        attributes.append((TRACEPARENT, trace.encode()))
    return tuple(attributes)


def raw_event(raw: RawItem) -> Event:
    """Return the event that publishes a raw item. The same bytes and hints give the same `ce_id`."""
    hints = raw.hints.to_json()
    event = event_id(raw.item_id, raw.hints.version or "", content_digest(raw.body + hints), RAW.event_type, "")
    headers = _headers(RAW, event=event, source=raw.source, subject=raw.item_id, time=raw.received_at, trace=None)
    return Event(RAW, raw.item_id, raw.item_id.encode(), raw.to_json(), headers)


def article_events(article: EnrichedArticle, *, time: datetime, trace: str | None) -> list[Event]:
    """Return everything that one version of an article puts on the downstream topics.

    A cancelled version is followed by a tombstone, so that compaction forgets the article.

    Args:
        article: the enriched article.
        time: when the raw item was received (`ce_time`; it depends on the input alone).
        trace: the raw record's W3C traceparent, handed on.
    """
    return [_event(spec, article, key, value, time=time, trace=trace) for spec, key, value in _derived(article)]


def deadletter_event(letter: DeadLetter) -> Event:
    """Return the event of a dead letter. Its id is where the record stood, so that a repeat is recognised."""
    place = letter.position
    where = f"{place.topic}/{place.partition}/{place.offset}"
    event = event_id(where, "", content_digest(letter.value), DEADLETTER.event_type, letter.code)
    headers = _headers(
        DEADLETTER,
        event=event,
        source=place.topic,
        subject=where,
        time=letter.failed_at,
        trace=letter.traceparent,
    )
    return Event(DEADLETTER, where, letter.key, letter.to_json(), (*headers, ("ct_code", letter.code.encode())))


def _derived(article: EnrichedArticle) -> Iterable[tuple[TopicSpec, str, bytes | None]]:
    reference = ArticleRef.of(article)
    for entity in article.entities:
        yield ENTITIES, entity.entity_id, EntityRecord.model_construct(entity=entity, article=reference).to_json()
    for figure in article.figures:
        yield FIGURES, figure.figure_id, FigureRecord.model_construct(figure=figure, article=reference).to_json()
    yield NORMALIZED, article.article_id, plain_article(article).to_json()
    yield ARTICLES, article.article_id, article.to_json()
    if article.status == "cancelled":
        yield ARTICLES, article.article_id, None


def plain_article(article: EnrichedArticle) -> Article:
    """Return the normalized article without what was found in it."""
    return Article.model_construct(**{name: getattr(article, name) for name in Article.model_fields})


def _event(
    spec: TopicSpec, article: Article, key: str, value: bytes | None, *, time: datetime, trace: str | None
) -> Event:
    role = "tombstone" if value is None else key
    event = event_id(article.article_id, article.version, article.provenance.digest, spec.event_type, role)
    headers = _headers(spec, event=event, source=article.source, subject=article.article_id, time=time, trace=trace)
    return Event(spec, article.article_id, key.encode(), value, headers)
