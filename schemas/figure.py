"""Figure: a number that the text claims, with what is counted, what happened, where, when and who says so."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from schemas.article import ArticleRef
from schemas.base import Identifier, Number, Record, Span

Approximation = Literal["exact", "about", "more_than", "less_than", "at_least", "at_most", "range", "several"]
FigureKind = Literal["count", "money", "percent", "measure", "ratio", "ordinal", "other"]


class PlaceRole(Record):
    """A place that a figure is tied to."""

    entity_id: Identifier
    name: str
    role: Literal["in", "from", "to"]


class Attribution(Record):
    """Who says so."""

    entity_id: Identifier | None = Field(None, description="Set where the source is a tagged entity.")
    text: str | None = Field(None, description='The source in the words of the text: "aid agencies".')
    cue: str = Field(description='The words that attribute: "according to", "said".')
    hedge: str | None = Field(None, description='"estimated", "believed", "reportedly" ….')


class Period(Record):
    """The time a figure speaks of; dates are resolved only against a date that is known."""

    text: str
    start: str | None = Field(None, description="ISO 8601 date.")
    end: str | None = Field(None, description="ISO 8601 date, inclusive.")
    accuracy: Literal["day", "week", "month", "year"] | None = None


class Figure(Record):
    """One figure. `article.text[start:end] == text`, always."""

    figure_id: Identifier = Field(description="Stable across versions of the article: the claim, not its number.")
    value: Number | None = Field(None, description="The number as stated; none where only a range is stated.")
    low: Number | None = Field(None, description="Lower bound that the words imply; none where there is none.")
    high: Number | None = Field(None, description="Upper bound that the words imply; none where there is none.")
    approximation: Approximation = "exact"
    approximation_cue: Span | None = Field(None, description='Where the text says "more than", "nearly" ….')
    kind: FigureKind
    unit: str | None = Field(None, description="Singular noun, UCUM symbol, ISO 4217 code or %.")
    unit_text: str | None = Field(None, description="The unit as written.")
    unit_derived: bool = Field(default=False, description='The unit is implied, not written: "40,000 fled".')
    term: str | None = Field(None, description="What happened: displaced, killed, injured, missing ….")
    object: str | None = Field(None, description='The counted noun with its modifiers: "Syrian refugees".')
    places: tuple[PlaceRole, ...] = ()
    attribution: Attribution | None = None
    period: Period | None = None
    quoted: bool = Field(default=False, description="The figure stands inside quotation marks.")
    start: int = Field(ge=0, description="Code points from the start of the text.")
    end: int = Field(ge=0, description="End-exclusive.")
    text: str
    sentence: Span
    confidence: float = Field(ge=0, le=1)


class FigureRecord(Record):
    """A figure with its article. Key of `news.figures`: `figure.figure_id`."""

    figure: Figure
    article: ArticleRef


class FigureChange(Record):
    """How a figure moved between two versions of an article. Key of `news.figure-changes`: the article id."""

    change: Literal["added", "changed", "retracted"]
    figure_id: Identifier
    old: Figure | None = None
    new: Figure | None = None
    reason: str = Field(description="update, correction, kill ….")
    article: ArticleRef
    old_version: str | None = None
    new_version: str | None = None
