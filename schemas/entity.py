"""Entity: a person, place, organization or other named thing, with every place where the text names it."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from schemas.article import ArticleRef
from schemas.base import Identifier, Record

EntityType = Literal["person", "organization", "place", "facility", "group", "event", "product", "other"]

Method = Literal["trained", "rules", "spacy", "gazetteer"]
"""The tagger; "gazetteer" where the language of the text has none and only listed names are found."""


class Mention(Record):
    """One mention: `article.text[start:end] == text`, always."""

    start: int = Field(ge=0, description="Code points from the start of the text.")
    end: int = Field(ge=0, description="End-exclusive.")
    text: str


class Entity(Record):
    """One entity of one article; variants of its name are joined."""

    entity_id: Identifier
    type: EntityType
    name: str = Field(description="Canonical name: the fullest form in the text, or the alias table's.")
    mentions: tuple[Mention, ...] = Field(min_length=1)
    links: dict[str, str] = Field({}, description="geonames, iso3166, wikidata … to ids; only where certain.")
    role: str | None = Field(None, description='Title or role, e.g. "Federal Police Brigadier General".')
    salience: float = Field(ge=0, le=1, description="From position and count; 1 is what the story is about.")
    confidence: float = Field(ge=0, le=1)
    method: Method | None = Field(
        None, description="The tagger; gazetteer where the language has none and only listed names are found."
    )


class EntityRecord(Record):
    """One entity of one article version. Key of `news.entities`: `entity.entity_id`."""

    entity: Entity
    article: ArticleRef
