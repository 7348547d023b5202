"""The contract of copytaster: the records on its topics. Knows nothing of the pipeline that fills them."""

from schemas.article import Article, ArticleRef, Correction, Dateline, Media, Provenance, Subject
from schemas.base import SCHEMA_VERSION, Record, Span
from schemas.deadletter import DeadLetter, SourcePosition
from schemas.enriched import EnrichedArticle, Enrichment, Timings
from schemas.entity import Entity, EntityRecord, Mention
from schemas.figure import Attribution, Figure, FigureChange, FigureRecord, Period, PlaceRole
from schemas.raw import Hints, RawItem
from schemas.topics import TOPICS, TopicSpec

__all__ = [
    "SCHEMA_VERSION",
    "TOPICS",
    "Article",
    "ArticleRef",
    "Attribution",
    "Correction",
    "Dateline",
    "DeadLetter",
    "EnrichedArticle",
    "Enrichment",
    "Entity",
    "EntityRecord",
    "Figure",
    "FigureChange",
    "FigureRecord",
    "Hints",
    "Media",
    "Mention",
    "Period",
    "PlaceRole",
    "Provenance",
    "RawItem",
    "Record",
    "SourcePosition",
    "Span",
    "Subject",
    "Timings",
    "TopicSpec",
]
