"""EnrichedArticle: an article with its entities and figures, and when each step was done."""

from __future__ import annotations

from pydantic import Field

from schemas.article import Article
from schemas.base import Instant, Record
from schemas.entity import Entity
from schemas.figure import Figure


class Timings(Record):
    """When each step was done. All that differs between two runs over the same input."""

    received: Instant | None = None
    published: Instant | None = Field(None, description="Time stamp of the raw record on the broker.")
    normalized: Instant | None = None
    enriched: Instant | None = None
    sunk: Instant | None = Field(None, description="Handed to the producer of the output topics.")


class Enrichment(Record):
    """What the stages found in one text; offsets count into exactly that text."""

    entities: tuple[Entity, ...] = ()
    figures: tuple[Figure, ...] = ()


class EnrichedArticle(Article):
    """An article with what was found in it. Key of `news.articles`: `article_id`."""

    entities: tuple[Entity, ...] = ()
    figures: tuple[Figure, ...] = ()
    timings: Timings = Timings()
