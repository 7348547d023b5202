"""The topics: what each carries, what its key is, how long it is kept. Names are without the prefix."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from schemas.article import Article
from schemas.base import Record
from schemas.deadletter import DeadLetter
from schemas.enriched import EnrichedArticle
from schemas.entity import EntityRecord
from schemas.figure import FigureChange, FigureRecord
from schemas.raw import RawItem

DEFAULT_PREFIX = "news"


@dataclass(frozen=True, slots=True)
class TopicSpec:
    """The contract of one topic.

    Every topic but the dead letters is partitioned by article id, whatever its key: so one article's records
    meet in one partition number, in order, and state kept by article id needs no second trip to the broker.
    `fan_out` is about how many records one rich article puts on the topic.
    """

    name: str
    key: str
    record: type[Record]
    event_type: str
    cleanup: Literal["delete", "compact"]
    fan_out: int
    says: str


RAW = TopicSpec("raw", "item id", RawItem, "copytaster.raw", "delete", 1, "items as received; kept for replay")
NORMALIZED = TopicSpec(
    "normalized", "article id", Article, "copytaster.normalized", "compact", 1, "normalized articles"
)
ARTICLES = TopicSpec(
    "articles",
    "article id",
    EnrichedArticle,
    "copytaster.article",
    "compact",
    1,
    "articles with entities and figures",
)
ENTITIES = TopicSpec(
    "entities",
    "entity id",
    EntityRecord,
    "copytaster.entity",
    "delete",
    25,
    "one record per entity per article version",
)
FIGURES = TopicSpec(
    "figures", "figure id", FigureRecord, "copytaster.figure", "compact", 10, "figures; a tombstone retracts one"
)
FIGURE_CHANGES = TopicSpec(
    "figure-changes", "article id", FigureChange, "copytaster.figure-change", "delete", 10, "figures that moved"
)
DEADLETTER = TopicSpec(
    "deadletter",
    "as received",
    DeadLetter,
    "copytaster.deadletter",
    "delete",
    1,
    "records that failed, with their bytes",
)

TOPICS: tuple[TopicSpec, ...] = (RAW, NORMALIZED, ARTICLES, ENTITIES, FIGURES, FIGURE_CHANGES, DEADLETTER)
