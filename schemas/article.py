"""Article: a normalized news item. Names follow IPTC ninjs where it has one."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from schemas.base import Identifier, Instant, Record

Status = Literal["usable", "withheld", "cancelled"]
"""IPTC publishing status (NewsML-G2 pubStatus)."""

DateAccuracy = Literal["second", "minute", "day", "month", "year"]
"""How much of an inferred date is known; what lies below it is zero."""

Extent = Literal["full", "excerpt"]
"""Whether the text is the whole story, or what a paywall shows or a feed sums up."""


class Dateline(Record):
    """Where and when a story was filed, as its first line says."""

    place: str | None = None
    date: str | None = Field(None, description="ISO 8601 date, as complete as the text: 2017-03-06, 2017-03.")


class Media(Record):
    """A picture, video or graphic that came with the text."""

    id: str | None = None
    caption: str | None = None
    credit: str | None = None
    taken_on: str | None = Field(None, description="ISO 8601 date.")
    place: str | None = None


class Subject(Record):
    """A subject as the wire gave it."""

    code: str | None = Field(None, description="For example an IPTC media topic, medtop:20000056.")
    name: str | None = None


class Correction(Record):
    """What a correction, kill or advisory says about an earlier version."""

    kind: Literal["correction", "kill", "withdrawal", "advisory"]
    note: str | None = None


class Provenance(Record):
    """Which reader made the article out of which bytes."""

    parser: str
    parser_version: str
    digest: str = Field(description="BLAKE2b-128 of the raw bytes, hexadecimal.")
    warnings: tuple[str, ...] = Field((), description="What could not be read or had to be inferred.")


class Article(Record):
    """A normalized article. Key of `news.normalized`: `article_id`."""

    article_id: Identifier
    version: str = Field(min_length=1, description="The wire's own version, else a digest of the content.")
    status: Status = "usable"
    headline: str | None = None
    byline: str | None = None
    dateline: Dateline | None = None
    slug: str | None = None
    language: str = Field("und", description="BCP 47 tag; und where unknown.")
    published_at: Instant | None = None
    published_accuracy: DateAccuracy | None = Field(None, description="Set where published_at was inferred.")
    updated_at: Instant | None = None
    embargoed_until: Instant | None = None
    urgency: int | None = Field(None, ge=1, le=9, description="1 is the most urgent.")
    genre: str | None = None
    keywords: tuple[str, ...] = ()
    subjects: tuple[Subject, ...] = ()
    extent: Extent = Field("full", description="excerpt: the source holds the rest back, or only sums it up.")
    text: str = Field(description="Canonical text: paragraphs joined by two line feeds, NFC, no boilerplate.")
    media: tuple[Media, ...] = ()
    correction: Correction | None = None
    source: str
    uri: str | None = None
    provenance: Provenance


class ArticleRef(Record):
    """Enough of an article to say where a derived record comes from."""

    article_id: Identifier
    version: str
    status: Status = "usable"
    headline: str | None = None
    source: str
    uri: str | None = None
    language: str = "und"
    published_at: Instant | None = None
    digest: str

    @classmethod
    def of(cls, article: Article) -> ArticleRef:
        """Return the reference of an article."""
        return cls(
            article_id=article.article_id,
            version=article.version,
            status=article.status,
            headline=article.headline,
            source=article.source,
            uri=article.uri,
            language=article.language,
            published_at=article.published_at,
            digest=article.provenance.digest,
        )
