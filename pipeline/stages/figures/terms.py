"""What happened: the term of each claim, and the people that a term implies ("40,000 fled")."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from pipeline.stages.figures.claims import Claim
from pipeline.stages.figures.counted import governed
from pipeline.stages.figures.lexicon import Lexicon, Term
from pipeline.stages.figures.nouns import singular, unit_of
from pipeline.stages.figures.tokens import NUMERIC, Tokens

_RIGHT: Final = 14  # tokens behind the noun in which its verb is looked for
_LEFT: Final = 22  # tokens before the number, for "the number of displaced … to nearly 210,000"
_AUXILIARIES: Final = 7  # words between a bare number and its verb
_SUBJECT: Final = 9  # words before a number that gives the size of a population
_PEOPLE: Final = frozenset({"person", "household"})


@dataclass(slots=True)
class Hit:
    """A term in the sentence: tokens first to last (exclusive)."""

    first: int
    last: int
    term: Term


def find_terms(t: Tokens, lex: Lexicon) -> list[Hit]:
    """Return the terms of a sentence in order."""
    hits: list[Hit] = []
    terms, low = lex.terms, t.low
    if terms.keys().isdisjoint(t.seen):
        return hits
    skip = 0
    for i in [i for i, word in enumerate(low) if word in terms]:
        if i < skip:
            continue
        for term in terms[low[i]]:
            size = len(term.words)
            if size == 1 or tuple(low[i : i + size]) == term.words:
                hits.append(Hit(i, i + size, term))
                skip = i + size
                break
    return hits


def _fits(claim: Claim, hit: Hit) -> bool:
    if claim.kind not in ("count", "other", "ratio", "ordinal"):
        return False
    if claim.unit in _PEOPLE:
        return hit.term.people
    return hit.term.things or claim.bare


def _inside(claim: Claim, hits: list[Hit]) -> Hit | None:
    """Return the term within the counted noun itself: "12 deaths", "200 displaced families"."""
    if claim.noun is None or claim.kind not in ("count", "ratio"):
        return None
    return next((hit for hit in hits if claim.noun.first <= hit.first < claim.noun.last), None)


def _adjacent_left(t: Tokens, lex: Lexicon, claim: Claim, hits: list[Hit]) -> Hit | None:
    """Return the verb right before the number: "killed at least 12", "wounding another 30"."""
    first = claim.first
    if t.low[first - 1] in lex.words("determiners_before"):
        first -= 1
    hit = next((hit for hit in hits if hit.last == first), None)
    return hit if hit is not None and _fits(claim, hit) else None


def _to_the_right(t: Tokens, lex: Lexicon, claim: Claim, hits: list[Hit], limit: int) -> Hit | None:
    end = min(claim.last + _RIGHT, limit)
    for hit in hits:
        if hit.first < claim.last:
            continue
        if hit.first >= end or not lex.words("clause_ends").isdisjoint(t.low[claim.last : hit.first]):
            return None
        active = (
            t.low[hit.first - 1] in lex.words("links") or t.low[hit.first - 1] in lex.words("relative")
        ) and t.kind[hit.last] in NUMERIC
        if not active and _fits(claim, hit):
            return hit
    return None


def _to_the_left(t: Tokens, lex: Lexicon, claim: Claim, hits: list[Hit], limit: int) -> Hit | None:
    """Return a noun or verb before the number that governs it: "the death toll rose to 35"."""
    begin = max(claim.first - _LEFT, limit)
    for hit in reversed(hits):
        if hit.last > claim.first:
            continue
        if hit.first < begin or not lex.words("clause_ends").isdisjoint(t.low[hit.last : claim.first]):
            return None
        if _fits(claim, hit) and (claim.bare or _governs(t, lex, hit, claim)):
            return hit
    return None


def _governs(t: Tokens, lex: Lexicon, hit: Hit, claim: Claim) -> bool:
    """Tell whether a verb before a counted noun takes it as object, with at most a few words between."""
    between = t.low[hit.last : claim.first]
    return len(between) <= 4 and lex.words("ties_off").isdisjoint(between)


def _number_of(t: Tokens, lex: Lexicon, claim: Claim) -> bool:
    """Tell whether the sentence names a number, toll or total that the claim gives."""
    return not lex.words("counting").isdisjoint(t.low[max(0, claim.first - _LEFT) : claim.first])


def _inherit(t: Tokens, lex: Lexicon, claim: Claim, before: Claim | None) -> str | None:
    """Return the term of the claim before, in a list: "killed 12 soldiers and three civilians"."""
    if before is None or before.term is None or claim.kind != "count":
        return None
    between = t.low[before.last : claim.first]
    listed = len(between) <= 3 and bool(between) and lex.words("links").issuperset(between)
    return before.term if listed and (claim.unit in _PEOPLE) == (before.unit in _PEOPLE) else None


def _pick(t: Tokens, lex: Lexicon, claim: Claim, hits: list[Hit], *, left: int, right: int) -> Hit | None:
    """Return the term of one claim; neighbours bound the search on both sides."""
    return (
        _inside(claim, hits)
        or _adjacent_left(t, lex, claim, hits)
        or _to_the_right(t, lex, claim, hits, right)
        or _to_the_left(t, lex, claim, hits, left)
    )


def _imply_people(t: Tokens, lex: Lexicon, claim: Claim, hit: Hit) -> None:
    """Make a bare number a count of people where its term says so."""
    between = t.low[claim.last : hit.first]
    next_to = len(between) <= _AUXILIARIES and lex.words("aux").issuperset(between) and hit.first >= claim.last
    object_ = hit.last <= claim.first and claim.first - hit.last <= 1
    if hit.term.people and (next_to or object_ or _number_of(t, lex, claim)):
        claim.unit, claim.derived, claim.kind = "person", True, "count"


def _imply_same(claim: Claim, hit: Hit, before: Claim | None) -> None:
    """Make a bare number count what the claim before it counts: "35 homes were destroyed and 115 damaged"."""
    if before is not None and before.kind == "count" and before.unit not in _PEOPLE and hit.term.things:
        claim.unit, claim.derived, claim.kind = before.unit, True, "count"


def _population(t: Tokens, lex: Lexicon, claim: Claim) -> None:
    """Make a bare number a count of what its subject names: "the population, which … to number 750,000"."""
    phrase = governed(t, lex, claim)
    if phrase is not None:
        head = t.low[phrase[1] - 1]
        claim.object, claim.kind, claim.derived = t.slice(*phrase), "count", True
        claim.unit = "person" if head in lex.words("populations") else unit_of(singular(head, lex), lex)
        return
    subject = t.low[max(0, claim.first - _SUBJECT) : claim.first]
    if not lex.words("residents").isdisjoint(subject) and t.low[claim.first - 1] in lex.words("equals"):
        claim.unit, claim.derived, claim.kind = "person", True, "count"


def assign_terms(t: Tokens, lex: Lexicon, claims: list[Claim]) -> None:
    """Fill the term of every claim of a sentence, and the unit that it implies."""
    hits = find_terms(t, lex)
    for n, claim in enumerate(claims):
        before = claims[n - 1] if n else None
        after = claims[n + 1] if n + 1 < len(claims) else None
        if hits and claim.kind in ("count", "other", "ratio", "ordinal"):
            hit = _pick(t, lex, claim, hits, left=before.last if before else 0, right=after.first if after else t.size)
            if hit is not None:
                if claim.bare:
                    _imply_people(t, lex, claim, hit)
                if claim.bare:
                    _imply_same(claim, hit, before)
                claim.term = hit.term.name if claim.unit else None
            else:
                claim.term = _inherit(t, lex, claim, before)
        if claim.bare and claim.kind == "other" and claim.quantity.form not in ("score", "rank"):
            _population(t, lex, claim)
