"""The stage: text and entities in, figures out. Pure, deterministic, linear in the length of the text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime

from pipeline.stages.figures.approximations import approximation
from pipeline.stages.figures.claims import Claim
from pipeline.stages.figures.counted import describe, share_unit
from pipeline.stages.figures.identity import Identities
from pipeline.stages.figures.labels import is_label
from pipeline.stages.figures.lexicon import Lexicon, load
from pipeline.stages.figures.periods import periods_of
from pipeline.stages.figures.places import Named, mentions_of, places_of, within
from pipeline.stages.figures.quantities import (
    Quantity,
    join_range,
    join_ratio,
    join_score,
    read_quantity,
    read_rank,
    representable,
)
from pipeline.stages.figures.quotes import is_quoted, quoted_spans
from pipeline.stages.figures.sources import attribution_of, find_sources
from pipeline.stages.figures.terms import assign_terms
from pipeline.stages.figures.tokens import NUMERIC, Tokens, sentences
from schemas.base import Span
from schemas.entity import Entity
from schemas.figure import Attribution, Figure, Period, PlaceRole

_LOANED_NAMES = frozenset({"person", "place"})


def _quantities(t: Tokens, lex: Lexicon) -> Iterator[Quantity]:
    """Yield the quantities of a sentence from left to right; none overlaps the one before."""
    i, size = 0, len(t.word)
    kinds = t.kind
    while i < size:
        if kinds[i] not in NUMERIC:
            i += 1
            continue
        q = read_rank(t, lex, i) or read_quantity(t, lex, i)
        if q is None:
            i += 1
            continue
        if q.form in ("number", "fraction"):
            q = _joined(t, lex, q)
        yield q
        i = max(q.last, i + 1)


def _joined(t: Tokens, lex: Lexicon, q: Quantity) -> Quantity:
    """Return what a quantity makes with the number behind it."""
    for join in (join_score, join_range, join_ratio):
        joined = join(t, lex, q)
        if joined is not q:
            return joined
    return q


def _named(t: Tokens, q: Quantity, named: list[Named]) -> bool:
    """Tell whether the number is part of a name that the article's entities know: "Group of 20"."""
    start, end = t.start[q.first], t.end[q.last - 1]
    return any(
        one.mention.start < start and end <= one.mention.end and one.entity.type not in _LOANED_NAMES for one in named
    )


def _claims(t: Tokens, lex: Lexicon, named: list[Named]) -> list[Claim]:
    claims: list[Claim] = []
    for q in _quantities(t, lex):
        if not representable(q):
            continue
        if lex.complete and (is_label(t, lex, q) or (named and _named(t, q, named))):
            continue
        claim = Claim(q, None, approximation(t, lex, q, q.last))
        describe(t, lex, claim)
        if claim.noun is not None and claim.approximate.cue is None:
            claim.approximate = approximation(t, lex, q, claim.last)
        if keeps(t, lex, claim):
            claims.append(claim)
    share_unit(t, claims)
    return claims


def keeps(t: Tokens, lex: Lexicon, claim: Claim) -> bool:
    """Tell whether a claim says enough to be a figure."""
    q = claim.quantity
    if not lex.complete:
        return q.unit is not None
    if q.form == "vague":
        return claim.noun is not None or t.at(q.last) not in ("of", "-") or claim.unit is not None
    return True


def _confidence(claim: Claim) -> float:
    """Return how sure the grammar is: a stated unit is sure, a bare number is not."""
    form = claim.quantity.form
    if claim.unit is None:
        score = 0.5 if claim.quantity.value == 1 else 0.6
    elif claim.kind in ("money", "percent", "measure"):
        score = 0.95 if not claim.derived else 0.8
    else:
        score = 0.75 if claim.derived else 0.9
    if claim.quantity.value == 1 and claim.quantity.amount.words:
        score -= 0.2
    if form in ("range", "ratio", "score", "rank", "vague", "several"):
        score -= 0.05
    return round(score, 2)


def _figure(
    t: Tokens,
    claim: Claim,
    where: tuple[PlaceRole, ...],
    source: Attribution | None,
    period: Period | None,
    quotes: list[tuple[int, int]],
    identities: Identities,
) -> Figure:
    q, approximate = claim.quantity, claim.approximate
    start, end = t.start[q.first], t.end[q.last - 1]
    cue = approximate.cue
    return Figure(
        figure_id=identities.name(t, claim, where),
        value=q.value,
        low=approximate.low,
        high=approximate.high,
        approximation=approximate.kind,
        approximation_cue=Span(start=t.start[cue[0]], end=t.end[cue[1] - 1]) if cue else None,
        kind=claim.kind,
        unit=claim.unit,
        unit_text=claim.unit_text,
        unit_derived=claim.derived,
        term=claim.term,
        object=claim.object,
        places=where,
        attribution=source,
        period=period,
        quoted=is_quoted(quotes, start),
        start=start,
        end=end,
        text=t.text[start:end],
        sentence=Span(start=t.begin, end=t.finish),
        confidence=_confidence(claim),
    )


def _sentence(
    t: Tokens, lex: Lexicon, language: str, named: list[Named], now: date | None
) -> Iterator[tuple[Claim, tuple[PlaceRole, ...], Attribution | None, Period | None]]:
    """Yield the claims of one sentence with where, who and when."""
    claims = _claims(t, lex, named)
    if not claims:
        return
    if not lex.complete:
        for claim in claims:
            yield claim, (), None, None
        return
    assign_terms(t, lex, claims)
    sources = find_sources(t, lex)
    spans = [(t.start[s.name[0]], t.end[s.name[1] - 1]) for s in sources]
    taken = {one.mention.start for one in named if any(a <= one.mention.start < b for a, b in spans)}
    where = places_of(t, claims, named, taken) if named else [()] * len(claims)
    when = periods_of(t, language, claims, now)
    for n, claim in enumerate(claims):
        yield claim, where[n], attribution_of(t, lex, claim, sources, named), when[n]


def detect_figures(
    text: str,
    entities: Sequence[Entity] = (),
    *,
    now: datetime | None = None,
    language: str = "en",
    scope: str = "",
) -> tuple[Figure, ...]:
    """Return every figure that a text claims, in the order of the text.

    Args:
        text: any text; offsets of the figures count its code points.
        entities: the entities of the same text; places and sources are taken from them.
        now: the article's date, against which "in the past week" is resolved; unresolved without it.
        language: BCP 47 tag; "und" is read as English. Of a language without word lists only digits with a currency
            or a unit symbol are taken, without terms, places, sources and periods.
        scope: the article id, part of each `figure_id`.

    Returns:
        Figures sorted by `start`, with unique ids; the id depends on what is claimed, not on the number.
    """
    lex = load(language)
    named = mentions_of(entities)
    starts = [one.mention.start for one in named]
    quotes = quoted_spans(text)
    identities = Identities(scope)
    today = now.date() if now else None
    figures: list[Figure] = []
    search = lex.anchor.search
    for begin, finish in sentences(text, lex.words("abbreviations")):
        if search(text, begin, finish) is None:
            continue
        t = Tokens(text, begin, finish, lex)
        inside = within(named, starts, begin, finish) if named else []
        for claim, where, source, period in _sentence(t, lex, language, inside, today):
            figures.append(_figure(t, claim, where, source, period, quotes, identities))
    return tuple(figures)
