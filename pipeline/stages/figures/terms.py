"""What happened: the term of each claim, and the people that a term implies ("40,000 fled")."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from pipeline.stages.figures.claims import Claim
from pipeline.stages.figures.counted import governed
from pipeline.stages.figures.lexicon import Lexicon, Term
from pipeline.stages.figures.neighbours import is_part
from pipeline.stages.figures.nouns import Noun, counted_noun, unit_of
from pipeline.stages.figures.tokens import NUMERIC, Tokens

_RIGHT: Final = 14  # tokens behind the noun in which its verb is looked for
_LEFT: Final = 22  # tokens before the number, for "the number of displaced … to nearly 210,000"
_AUXILIARIES: Final = 7  # words between a bare number and its verb
_SUBJECT: Final = 9  # words before a number that gives the size of a population
_LINKS: Final = 3  # tokens between two members of a list
_ASIDE: Final = 8  # tokens from a number in brackets to the closing one
_PEOPLE: Final = frozenset({"person", "household"})


@dataclass(slots=True)
class Hit:
    """A term in the sentence: tokens first to last (exclusive)."""

    first: int
    last: int
    term: Term


def find_terms(t: Tokens, lex: Lexicon) -> list[Hit]:
    """Return the terms of a sentence in order; a form that two terms share gives both."""
    hits: list[Hit] = []
    terms, low = lex.terms, t.low
    skip = 0
    for i in t.where(lex.term_starts):
        if i < skip:
            continue
        for term in terms[low[i]]:
            size = len(term.words)
            if (skip in (0, i + size) or i >= skip) and (size == 1 or tuple(low[i : i + size]) == term.words):
                hits.append(Hit(i, i + size, term))
                skip = i + size
    return hits


def _fits(claim: Claim, hit: Hit) -> bool:
    if claim.kind == "measure":
        return hit.term.things and claim.noun is not None and not claim.age
    if claim.kind not in ("count", "other", "ratio", "ordinal"):
        return False
    if claim.unit in _PEOPLE:
        return hit.term.people
    if claim.noun is not None and claim.noun.first <= hit.first < claim.noun.last:
        return True  # "12 deaths"
    return hit.term.things or claim.bare


def _inside(claim: Claim, hits: list[Hit]) -> Hit | None:
    """Return the term within the counted noun itself: "12 deaths", "200 displaced families"."""
    if claim.noun is None or claim.kind not in ("count", "ratio"):
        return None
    return next((hit for hit in hits if claim.noun.first <= hit.first < claim.noun.last and _fits(claim, hit)), None)


def _adjacent_left(t: Tokens, lex: Lexicon, claim: Claim, hits: list[Hit]) -> Hit | None:
    """Return the verb right before the number: "killed at least 12", "wounding another 30", "Fatalities: 3"."""
    first = claim.first
    while t.low[first - 1] in lex.words("determiners_before") or t.low[first - 1] in lex.words("states"):
        first -= 1
    return next((hit for hit in hits if hit.last == first and _fits(claim, hit)), None)


def _active(t: Tokens, lex: Lexicon, hit: Hit, limit: int) -> bool:
    """Tell whether a verb takes the next claim as its object: "4 soldiers died and 3 were hurt, killing one"."""
    linked = t.low[hit.first - 1] in lex.words("links") or t.low[hit.first - 1] in lex.words("relative")
    return linked and (t.kind[hit.last] in NUMERIC or hit.last == limit)


def _to_the_right(t: Tokens, lex: Lexicon, claim: Claim, hits: list[Hit], limit: int) -> Hit | None:
    end = min(claim.last + _RIGHT, limit)
    for hit in hits:
        if hit.first < claim.last:
            continue
        if hit.first >= end or not lex.words("clause_ends").isdisjoint(t.low[claim.last : hit.first]):
            return None
        if not _active(t, lex, hit, limit) and _fits(claim, hit):
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


def _among(t: Tokens, lex: Lexicon, claim: Claim) -> bool:
    """Tell whether the words before a claim make it part of the one before: "including nine women", "of whom 4"."""
    if " ".join(t.low[claim.quantity.last : claim.quantity.last + 2]) in lex.words("among"):
        return True  # "nine of them women"
    before = t.low[claim.first - 2 : claim.first] if claim.first > 1 else t.low[: claim.first]
    return bool(before) and (before[-1] in lex.words("including") or " ".join(before) in lex.words("among"))


def _alike(claim: Claim, other: Claim) -> bool:
    return claim.kind == "count" and (claim.unit in _PEOPLE) == (other.unit in _PEOPLE)


def _listed(t: Tokens, lex: Lexicon, left: Claim, right: Claim) -> bool:
    """Tell whether only links stand between two claims: "12 soldiers and three civilians", "300 families (1,400"."""
    between = t.low[left.last : right.first]
    return 0 < len(between) <= _LINKS and lex.words("links").issuperset(between)


def _inherit(t: Tokens, lex: Lexicon, claim: Claim, before: Claim | None) -> str | None:
    """Return the term of the claim before, in a list or as a part of it."""
    if before is None:
        return None
    if _among(t, lex, claim):
        if claim.bare and claim.kind == "other" and before.kind == "count":
            claim.unit, claim.derived, claim.kind = before.unit, True, "count"
        return before.term if _alike(claim, before) else None
    return before.term if _alike(claim, before) and _listed(t, lex, before, claim) else None


def _near(t: Tokens, lex: Lexicon, claim: Claim, hits: list[Hit], limit: int) -> Hit | None:
    """Return the verb behind a claim where only auxiliaries stand between: "23 km of road were damaged"."""
    hit = _to_the_right(t, lex, claim, hits, limit)
    return hit if hit is not None and lex.words("aux").issuperset(t.low[claim.last : hit.first]) else None


def _of_measure(t: Tokens, lex: Lexicon, claim: Claim, hits: list[Hit], limit: int) -> Hit | None:
    """Return the term of a measure of something: "seized 1.4 kg of heroin"; only words right beside it say so."""
    return _adjacent_left(t, lex, claim, hits) or _near(t, lex, claim, hits, limit)


def _pick(t: Tokens, lex: Lexicon, claim: Claim, hits: list[Hit], *, left: int, right: int) -> Hit | None:
    """Return the term of one claim; neighbours bound the search on both sides."""
    hit = _inside(claim, hits) or _adjacent_left(t, lex, claim, hits)
    if hit is None and claim.first and _among(t, lex, claim):
        return _near(t, lex, claim, hits, right)
    return hit or _to_the_right(t, lex, claim, hits, right) or _to_the_left(t, lex, claim, hits, left)


def _imply_people(t: Tokens, lex: Lexicon, claim: Claim, hit: Hit) -> None:
    """Make a bare number a count of people where its term says so."""
    between = t.low[claim.last : hit.first]
    stated = hit.last < claim.first and lex.words("states").issuperset(t.low[hit.last : claim.first])
    next_to = len(between) <= _AUXILIARIES and lex.words("aux").issuperset(between) and hit.first >= claim.last
    object_ = hit.last <= claim.first and claim.first - hit.last <= 1
    if stated and lex.shapes[t.low[hit.first - 1]].plural:  # "Houses destroyed: 410"
        noun = lex.shapes[t.low[hit.first - 1]].singular
        claim.unit, claim.derived, claim.kind = unit_of(noun, lex), True, "count"
    elif hit.term.people and (next_to or object_ or stated or _number_of(t, lex, claim)):
        claim.unit, claim.derived, claim.kind = "person", True, "count"


def _imply_same(claim: Claim, hit: Hit, before: Claim | None) -> None:
    """Make a bare number count what the claim before it counts: "35 homes were destroyed and 115 damaged"."""
    if before is not None and before.kind == "count" and before.unit not in _PEOPLE and hit.term.things:
        claim.unit, claim.derived, claim.kind = before.unit, True, "count"


def _number_noun(t: Tokens, lex: Lexicon, first: int) -> Noun | None:
    """Return what is counted where the sentence names a number of it: "the number of refugees rose to 571,000"."""
    if lex.words("counting").isdisjoint(t.seen):
        return None
    for k in range(first - 1, max(0, first - _LEFT), -1):
        if t.low[k] in lex.words("of") and t.low[k - 1] in lex.words("counting"):
            return counted_noun(t, lex, k, one=False)
        if t.low[k] in lex.words("clause_ends"):
            return None
    return None


def _collective(t: Tokens, lex: Lexicon, k: int) -> bool:
    """Tell whether a word is one for a group of people: "a crew of three"."""
    return t.low[k] in lex.words("collectives") and t.low[k] not in lex.words("collectives_of_things")


def _population(t: Tokens, lex: Lexicon, claim: Claim) -> None:
    """Make a bare number a count of what its subject names: "the population, which … to number 750,000"."""
    phrase = governed(t, lex, claim)
    if phrase is not None:
        head = t.low[phrase[1] - 1]
        claim.object, claim.kind, claim.derived = t.slice(*phrase), "count", True
        claim.unit = "person" if head in lex.words("populations") else unit_of(lex.shapes[head].singular, lex)
        return
    if t.low[claim.first - 1] in lex.words("of") and _collective(t, lex, claim.first - 2):
        claim.unit, claim.derived, claim.kind = "person", True, "count"
        return
    if t.low[claim.first - 1] in lex.words("states") and t.low[claim.first - 2] in lex.words("sizes"):
        claim.unit, claim.derived, claim.kind = "person", True, "count"  # "[size=around 50]"
        return
    noun = _number_noun(t, lex, claim.first)
    if noun is not None:
        claim.unit, claim.derived, claim.kind = noun.unit, True, "count"
        return
    subject = t.low[max(0, claim.first - _SUBJECT) : claim.first]
    if not lex.words("residents").isdisjoint(subject) and t.low[claim.first - 1] in lex.words("equals"):
        claim.unit, claim.derived, claim.kind = "person", True, "count"


def _aside(t: Tokens, claim: Claim) -> bool:
    """Tell whether a claim stands in brackets or is an age, and so between no other claim and its verb."""
    return claim.age or (t.low[claim.first - 1] == "(" and ")" in t.low[claim.last : claim.last + _ASIDE])


def _bounds(t: Tokens, lex: Lexicon, claims: list[Claim]) -> list[tuple[int, int]]:
    """Return between which tokens the term of each claim is looked for."""
    aside = [_aside(t, claim) for claim in claims]
    size = len(claims)
    bounds = []
    for n, claim in enumerate(claims):
        before = next((claims[m] for m in range(n - 1, -1, -1) if not aside[m]), None)
        skipped = n + 1 < size and is_part(t, lex, claim, claims[n + 1])
        after = next((claims[m] for m in range(n + 1 + skipped, size) if not aside[m]), None)
        left, right = before.last if before else 0, after.first if after else t.size
        if aside[n] and not claim.age:
            left, right = claim.first - 1, t.low.index(")", claim.last)
        bounds.append((left, right))
    return bounds


def _assign(t: Tokens, lex: Lexicon, claim: Claim, hit: Hit, before: Claim | None) -> None:
    if claim.bare:
        _imply_people(t, lex, claim, hit)
    if claim.bare:
        _imply_same(claim, hit, before)
    if claim.noun is not None and hit.term.people and claim.noun.word in lex.words("remains"):
        claim.unit = "person"
    claim.term = hit.term.name if claim.unit else None


def _spread(t: Tokens, lex: Lexicon, claims: list[Claim], found: list[Hit | None]) -> None:
    """Give the verb behind a list to all of it: "12 soldiers and three civilians were killed"."""
    for n in range(len(claims) - 2, -1, -1):
        claim, after, hit = claims[n], claims[n + 1], found[n + 1]
        ahead = hit is not None and hit.first >= after.last
        things = after.kind == "measure" and claim.kind == "count" and claim.unit not in _PEOPLE
        alike = things or _alike(claim, after)
        if ahead and claim.term is None and alike and _listed(t, lex, claim, after):
            claim.term, found[n] = after.term, hit


def _main(claims: list[Claim], n: int) -> Claim | None:
    """Return the claim before one that is no age."""
    return next((claims[m] for m in range(n - 1, -1, -1) if not claims[m].age), None)


def _headed(t: Tokens, lex: Lexicon, claims: list[Claim], hits: list[Hit]) -> None:
    """Give the term of a heading to the counts below it: "Affected by district: North 4,310 people; South 2,905"."""
    colon = t.low.index(":") if ":" in t.seen else 0
    hit = next((hit for hit in hits if hit.last <= colon), None)
    if hit is None or claims[0].first < colon:
        return
    subject = t.low[hit.first - 1]
    for claim in claims:
        if claim.bare and claim.kind == "other" and t.capital(claim.first - 1):  # "Houses destroyed: Norte 212; …"
            counted = unit_of(lex.shapes[subject].singular, lex) if hit.first and lex.shapes[subject].plural else None
            unit = counted or ("person" if hit.term.people else None)
            if unit is not None:
                claim.unit, claim.derived, claim.kind = unit, True, "count"
        if claim.term is None and claim.kind == "count" and _fits(claim, hit):
            claim.term = hit.term.name


def assign_terms(t: Tokens, lex: Lexicon, claims: list[Claim]) -> None:
    """Fill the term of every claim of a sentence, and the unit that it implies."""
    hits = find_terms(t, lex)
    bounds = _bounds(t, lex, claims) if hits else []
    found: list[Hit | None] = [None] * len(claims)
    for n, claim in enumerate(claims):
        before = claims[n - 1] if n else None
        if hits and claim.kind == "measure":
            found[n] = hit = _of_measure(t, lex, claim, hits, bounds[n][1])
            claim.term = hit.term.name if hit else None
        elif not hits and claim.bare and claim.kind == "other":
            _inherit(t, lex, claim, _main(claims, n))
        elif hits and claim.kind in ("count", "other", "ratio", "ordinal"):
            whole = before is not None and is_part(t, lex, before, claim)
            left, right = bounds[n]
            found[n] = hit = _pick(t, lex, claim, hits, left=left, right=claim.last if whole else right)
            if hit is not None:
                _assign(t, lex, claim, hit, before)
            else:
                claim.term = _inherit(t, lex, claim, _main(claims, n))
        if claim.bare and claim.kind == "other" and claim.quantity.form not in ("score", "rank"):
            _population(t, lex, claim)
    if hits:
        _spread(t, lex, claims, found)
        _headed(t, lex, claims, hits)
