"""The stage: text and entities in, figures out. Pure, deterministic, linear in the length of the text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from pipeline.stages.figures.across import join_across
from pipeline.stages.figures.approximations import EXACT, approximation
from pipeline.stages.figures.claims import Claim
from pipeline.stages.figures.counted import age_behind_name, describe
from pipeline.stages.figures.identity import Identities
from pipeline.stages.figures.labels import is_label
from pipeline.stages.figures.lexicon import Lexicon
from pipeline.stages.figures.neighbours import merge_bounds, share_ahead, share_back
from pipeline.stages.figures.pairs import join_parts, join_range, join_ratio, join_score, read_rank
from pipeline.stages.figures.periods import periods_of
from pipeline.stages.figures.places import Named, Scene, is_wider, mentions_of, places_of, within
from pipeline.stages.figures.quantities import Quantity, read_quantity, representable
from pipeline.stages.figures.quotes import quoted_spans
from pipeline.stages.figures.record import Article, Circumstances, figure
from pipeline.stages.figures.sources import attribution_of, find_sources
from pipeline.stages.figures.tables import load
from pipeline.stages.figures.terms import assign_terms
from pipeline.stages.figures.tokens import DASHES, NUMERIC, ORDINAL, WORD, Tokens, sentences
from schemas.base import Span
from schemas.entity import Entity
from schemas.figure import Attribution, Figure

_LOOSE_NAMES = frozenset({"person", "place"})  # entities that never hold a number of their own


def _joined(t: Tokens, lex: Lexicon, q: Quantity) -> Quantity:
    """Return what a quantity makes with the number behind it."""
    if t.low[q.last] not in lex.joints and t.kind[q.last] not in NUMERIC:
        return join_across(t, lex, q)
    for join in (join_score, join_range, join_ratio, join_parts):
        joined = join(t, lex, q)
        if joined is not q:
            return joined
    return q


def _quantities(t: Tokens, lex: Lexicon) -> Iterator[Quantity]:
    """Yield the quantities of a sentence from left to right; none overlaps the one before."""
    i, kinds = t.next_number(0), t.kind
    while i >= 0:
        rank = read_rank(t, lex, i) if kinds[i] == ORDINAL else None
        q = rank or read_quantity(t, lex, i)
        if q is None:
            i = t.next_number(i + 1)
            continue
        if q.form in ("number", "fraction"):
            q = _joined(t, lex, q)
        yield q
        i = t.next_number(max(q.last, i + 1))


def _in_name(t: Tokens, q: Quantity, named: list[Named]) -> bool:
    """Tell whether the number is part of a name that the article's entities know: "Group of 20"."""
    start, end = t.start[q.first], t.end[q.last - 1]
    return any(
        one.mention.start < start and end <= one.mention.end and one.entity.type not in _LOOSE_NAMES for one in named
    )


def _unclear(t: Tokens, lex: Lexicon, q: Quantity) -> bool:
    """Tell whether a word behind an amount may be a scale that nobody knows: "$3,5 bilhões", "$35억달러"."""
    j = q.amount.last
    if t.kind[j] != WORD or (q.unit is not None and q.unit.last > j):
        return False
    return t.glued[j] or t.low[j] in lex.words("unclear")


def _keeps(t: Tokens, lex: Lexicon, claim: Claim) -> bool:
    """Tell whether a claim says enough to be a figure; outside a known language only a unit does."""
    q = claim.quantity
    if not lex.complete:
        return q.unit is not None and not _unclear(t, lex, q)
    if q.form == "vague" and claim.unit is None:
        loose = t.low[q.first] in lex.words("vague_with_noun")  # "Scores fell in maths"
        return t.low[q.last] not in lex.words("of") and t.low[q.last] not in DASHES and not loose
    return True


def _claim(t: Tokens, lex: Lexicon, q: Quantity, named: list[Named]) -> Claim | None:
    """Return the claim that a quantity makes, or nothing where it is no figure."""
    claim = Claim(q, None, EXACT)
    if named and age_behind_name(t, claim, named):
        claim.settle()
        return claim
    if lex.complete and (is_label(t, lex, q) or (named and _in_name(t, q, named))):
        return None
    describe(t, lex, claim)
    claim.approximate = approximation(t, lex, q, claim.noun.last if claim.noun else q.last)
    claim.settle()
    return claim if _keeps(t, lex, claim) else None


def _claims(t: Tokens, lex: Lexicon, named: list[Named]) -> list[Claim]:
    """Return what the numbers of a sentence claim, in order."""
    claims: list[Claim] = []
    for q in _quantities(t, lex):
        claim = _claim(t, lex, q, named) if representable(q) else None
        if claim is not None:
            claims.append(claim)
    return merge_bounds(t, lex, claims) if len(claims) > 1 else claims


def _sentence(t: Tokens, lex: Lexicon, named: list[Named], article: Article) -> list[Figure]:
    """Return the figures of one sentence: its claims with where, who and when."""
    claims = _claims(t, lex, named)
    if not claims:
        return []
    span = Span(start=t.begin, end=t.finish)
    if not lex.complete:
        return [figure(t, claim, Circumstances(), article, span) for claim in claims]
    share_ahead(t, lex, claims)
    assign_terms(t, lex, claims)
    share_back(t, lex, claims)
    sources = find_sources(t, lex, named)
    said: dict[tuple[int, str | None], Attribution] = {}
    when = periods_of(t, lex, article.language, claims, article.today)
    where = places_of(t, lex, claims, named, sources) if named else [()] * len(claims)
    figures: list[Figure] = []
    for n, (claim, places, period) in enumerate(zip(claims, where, when, strict=True)):
        source = attribution_of(t, lex, claim, sources, named, said) if sources else None
        carried = article.scene.place(t, claim, places, wider=is_wider(t, lex, claims, n))
        around = Circumstances(places or carried, source, period, bool(carried))
        figures.append(figure(t, claim, around, article, span))
    return figures


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
        Figures sorted by `start`, with unique ids; an id depends on what is claimed, not on the number.
    """
    lex = load(language)
    named = mentions_of(entities)
    starts = [one.mention.start for one in named]
    article = Article(
        language=language,
        today=now.date() if now else None,
        quotes=quoted_spans(text),
        identities=Identities(scope),
        scene=Scene(lex, named, starts),
    )
    figures: list[Figure] = []
    for begin, finish in sentences(text, lex.words("abbreviations")):
        if lex.anchor.search(text, begin, finish) is None:
            continue
        t = Tokens(text, begin, finish, lex)
        inside = within(named, starts, begin, finish) if named else []
        figures += _sentence(t, lex, inside, article)
    return tuple(figures)
