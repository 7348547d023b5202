"""From a claim to the record: bounds, confidence and id."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from pydantic import TypeAdapter

from pipeline.stages.figures.claims import Claim
from pipeline.stages.figures.identity import Identities
from pipeline.stages.figures.places import Scene
from pipeline.stages.figures.quotes import is_quoted
from pipeline.stages.figures.tokens import Tokens
from schemas.base import Span
from schemas.figure import Attribution, Figure, Period, PlaceRole

# Confidence in hundredths.
_STATED, _COUNTED, _IMPLIED, _BARE, _LONE_ONE = 95, 90, 75, 60, 50
_WORD_ONE = 20  # "one" is a pronoun as often as a number
_COMPOSED = 5  # two numbers read as one figure
_CARRIED = 10  # the place comes from an earlier sentence


_READ = TypeAdapter(Figure).validator.validate_python  # a third cheaper than the constructor, and as strict


@dataclass(slots=True)
class Article:
    """What the sentences of one text share."""

    language: str
    today: date | None
    quotes: list[tuple[int, int]]
    identities: Identities
    scene: Scene


@dataclass(slots=True)
class Circumstances:
    """Where, who and when of one claim."""

    places: tuple[PlaceRole, ...] = ()
    source: Attribution | None = None
    period: Period | None = None
    carried: bool = False


def _confidence(claim: Claim, around: Circumstances) -> float:
    """Return how sure the grammar is: a stated unit is sure, a bare number is not."""
    q = claim.quantity
    if claim.unit is None:
        score = _LONE_ONE if q.value == 1 else _BARE
    elif claim.derived:
        score = _IMPLIED
    else:
        score = _COUNTED if claim.kind in ("count", "ratio", "ordinal") else _STATED
    score -= _WORD_ONE if q.value == 1 and q.amount.words else 0
    score -= _COMPOSED if q.form not in ("number", "fraction") else 0
    score -= _CARRIED if around.carried else 0
    return score / 100


def figure(t: Tokens, claim: Claim, around: Circumstances, article: Article, sentence: Span) -> Figure:
    """Return the record of one claim."""
    q, approximate = claim.quantity, claim.approximate
    start, end = t.start[q.first], t.end[q.last - 1]
    cue = approximate.cue
    read: Figure = _READ(
        {
            "figure_id": article.identities.name(t, claim, () if around.carried else around.places),
            "value": q.value,
            "low": approximate.low,
            "high": approximate.high,
            "approximation": approximate.kind,
            "approximation_cue": Span(start=t.start[cue[0]], end=t.end[cue[1] - 1]) if cue else None,
            "kind": claim.kind,
            "unit": claim.unit,
            "unit_text": claim.unit_text,
            "unit_derived": claim.derived,
            "term": claim.term,
            "object": claim.object,
            "places": around.places,
            "attribution": around.source,
            "period": around.period,
            "quoted": bool(article.quotes) and is_quoted(article.quotes, start),
            "start": start,
            "end": end,
            "text": t.text[start:end],
            "sentence": sentence,
            "confidence": _confidence(claim, around),
        }
    )
    return read
