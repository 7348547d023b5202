"""Records as CloudEvents 1.0 in Kafka's binary mode: attributes in headers, the record as the value.

Source: CloudEvents, Kafka Protocol Binding 1.0.2, section 3.2.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

import orjson

from schemas import SCHEMA_VERSION, ArticleRef, DeadLetter, EnrichedArticle, RawItem
from schemas.article import Article
from schemas.base import to_bytes
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


class _Describer:
    """Writes the CloudEvents headers of events that share source, subject, time and trace."""

    def __init__(self, source: str, subject: str, time: datetime, trace: str | None) -> None:
        self._shared: Headers = (
            ("ce_specversion", b"1.0"),
            ("ce_source", f"/{quote(source, safe='')}".encode()),
            ("ce_subject", subject.encode()),
            ("ce_time", time.isoformat().replace("+00:00", "Z").encode()),
            ("content-type", CONTENT_TYPE),
            *(((TRACEPARENT, trace.encode()),) if trace else ()),
        )

    def __call__(self, spec: TopicSpec, event: str) -> Headers:
        schema = f"urn:copytaster:{spec.record.__name__}:{SCHEMA_VERSION}"
        return (
            *self._shared,
            ("ce_id", event.encode()),
            ("ce_type", spec.event_type.encode()),
            ("ce_dataschema", schema.encode()),
        )


def raw_event(raw: RawItem) -> Event:
    """Return the event that publishes a raw item. The same bytes and hints give the same `ce_id`."""
    hints = raw.hints.to_json()
    event = event_id(raw.item_id, raw.hints.version or "", content_digest(raw.body + hints), RAW.event_type, "")
    describe = _Describer(raw.source, raw.item_id, raw.received_at, None)
    return Event(RAW, raw.item_id, raw.item_id.encode(), raw.to_json(), describe(RAW, event))


def article_events(article: EnrichedArticle, *, time: datetime, trace: str | None) -> list[Event]:
    """Return everything that one version of an article puts on the downstream topics.

    A cancelled version is followed by a tombstone, so that compaction forgets the article.

    Args:
        article: the enriched article.
        time: when the raw item was received (`ce_time`; it depends on the input alone).
        trace: the raw record's W3C traceparent, handed on.
    """
    describe = _Describer(article.source, article.article_id, time, trace)
    events = []
    for spec, key, value in _derived(article):
        role = "tombstone" if value is None else key
        event = event_id(article.article_id, article.version, article.provenance.digest, spec.event_type, role)
        events.append(Event(spec, article.article_id, key.encode(), value, describe(spec, event)))
    return events


def deadletter_event(letter: DeadLetter) -> Event:
    """Return the event of a dead letter. Its id is where the record stood, so that a repeat is recognised."""
    place = letter.position
    where = f"{place.topic}/{place.partition}/{place.offset}"
    event = event_id(where, "", content_digest(letter.value), DEADLETTER.event_type, letter.code)
    headers = _Describer(place.topic, where, letter.failed_at, letter.traceparent)(DEADLETTER, event)
    return Event(DEADLETTER, where, letter.key, letter.to_json(), (*headers, ("ct_code", letter.code.encode())))


def _derived(article: EnrichedArticle) -> Iterable[tuple[TopicSpec, str, bytes | None]]:
    # Turning models into plain data costs most here, so it is done once for all the records.
    plain = article.to_plain()
    reference = orjson.Fragment(ArticleRef.of(article).to_json())
    for entity, found in zip(article.entities, plain["entities"], strict=True):
        yield ENTITIES, entity.entity_id, to_bytes({"entity": found, "article": reference})
    for figure, found in zip(article.figures, plain["figures"], strict=True):
        yield FIGURES, figure.figure_id, to_bytes({"figure": found, "article": reference})
    yield (
        NORMALIZED,
        article.article_id,
        to_bytes({name: plain[name] for name in Article.model_fields if name in plain}),
    )
    yield ARTICLES, article.article_id, to_bytes(plain)
    if article.status == "cancelled":
        yield ARTICLES, article.article_id, None
