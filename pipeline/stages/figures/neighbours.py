"""What the claims of a sentence share: a bare number takes the unit of the one it is listed or compared with."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from itertools import pairwise
from typing import Final

from pipeline.stages.figures.approximations import Approximate
from pipeline.stages.figures.claims import Claim
from pipeline.stages.figures.lexicon import Lexicon
from pipeline.stages.figures.tokens import NUMERIC, SYMBOL, WORD, Tokens

_PART_REACH: Final = 4  # tokens between a part and its whole: "22 of the last 32 games"
_ROW_REACH: Final = 6  # tokens of a row's name: "; Northern Border District 2,905"
_TOTAL_REACH: Final = 5  # tokens between "the total" and its number
_COMPARED_REACH: Final = 3
_MORE_REACH: Final = 8  # tokens between a count and "20 more"
_LOWER: Final = frozenset({"more_than", "at_least"})
_UPPER: Final = frozenset({"less_than", "at_most"})
_ROW_STARTS: Final = frozenset({";", ","})
_ROW_MARKS: Final = frozenset({":", "(", "-", "–", "—"})
_ROW_ENDS: Final = frozenset({";", ",", ".", ")", "", "("})


def _free(claim: Claim) -> bool:
    return claim.bare and claim.kind == "other" and claim.quantity.form in ("number", "range", "several", "vague")


def is_part(t: Tokens, lex: Lexicon, part: Claim, whole: Claim) -> bool:
    """Tell whether a claim is part of the next one: "three of its four clinics", "27 of 34 drones"."""
    between = t.low[part.quantity.last : whole.first]
    if not between or between[0] not in lex.words("of") or len(between) > _PART_REACH:
        return False
    small = lex.words("determiner") | lex.words("article") | lex.words("part_of")
    return all(low in small or low.endswith(lex.possessive) for low in between[1:])


def _give(giver: Claim, taker: Claim) -> None:
    taker.unit, taker.kind, taker.derived = giver.unit, giver.kind, True


def _bounds(a: Claim, b: Claim) -> bool:
    """Tell whether two claims are the lower and the upper bound of one number."""
    kinds = {a.approximate.kind, b.approximate.kind}
    if kinds.isdisjoint(_LOWER) or kinds.isdisjoint(_UPPER) or a.quantity.value is None or b.quantity.value is None:
        return False
    same = a.unit == b.unit or (a.bare and b.approximate.cue is not None)
    low, high = (a, b) if a.approximate.kind in _LOWER else (b, a)
    return same and low.quantity.value < high.quantity.value  # type: ignore[operator] # both are set


def merge_bounds(t: Tokens, lex: Lexicon, claims: list[Claim]) -> list[Claim]:
    """Make one range of two bounds: "more than 20 but fewer than 30 people"."""
    merged: list[Claim] = []
    for claim in claims:
        before = merged[-1] if merged else None
        between = t.low[before.quantity.last : claim.first] if before else []
        linked = len(between) == 1 and between[0] in lex.words("bound_links")
        if before is None or not linked or not _bounds(before, claim):
            merged.append(claim)
            continue
        a, b = before.quantity, claim.quantity
        low, high = sorted((a.value or Decimal(0), b.value or Decimal(0)))
        claim.quantity = replace(b, first=a.first, value=None, low=low, high=high, form="range")
        claim.approximate = Approximate("range", low, high, before.approximate.cue)
        claim.settle()
        merged[-1] = claim
    return merged


def share_ahead(t: Tokens, lex: Lexicon, claims: list[Claim]) -> None:
    """Give bare numbers the unit of the next: "12 or 13 people", "three of its four clinics", "30 x 40 x 20 cm"."""
    for claim, after in reversed(list(pairwise(claims))):
        if after.kind == "count" and claim.bare and claim.kind == "ratio" and is_part(t, lex, claim, after):
            claim.unit, claim.derived = after.unit, True
        if not _free(claim) or after.bare:
            continue
        between = t.low[claim.last : after.first]
        alone = len(between) == 1
        if after.kind == "count" and alone and between[0] in lex.words("links"):
            _give(after, claim)
            claim.object = after.object
        elif (after.kind in ("count", "measure") and not after.age and is_part(t, lex, claim, after)) or (
            alone and after.kind == "measure" and between[0] in lex.words("times")
        ):
            _give(after, claim)


def _more(t: Tokens, lex: Lexicon, before: Claim, claim: Claim) -> bool:
    """Tell whether a bare number adds to what was counted just before: "20 more", "another 15"."""
    j = claim.quantity.last
    if claim.first - before.last > _MORE_REACH:
        return False
    if t.low[j] in lex.words("more"):
        return t.kind[j + 1] == SYMBOL or t.low[j + 1] in lex.words("stop")
    return t.low[claim.first - 1] in lex.words("another") and t.kind[j] == SYMBOL


def _row(t: Tokens, lex: Lexicon, before: Claim, claim: Claim) -> bool:
    """Tell whether a bare number stands in a row of its own: "; Eastern District 2,905", ", Coast (114)"."""
    between = range(before.last + (t.low[before.last] == ")"), claim.first)
    if not 1 < len(between) <= _ROW_REACH:
        return False
    start, end, links = t.low[between[0]], t.low[claim.last], lex.words("and")
    if not ((start in _ROW_STARTS or start in links) and (end in _ROW_ENDS or end in links)):
        return False
    small = _ROW_MARKS | lex.words("of") | lex.words("definite")
    names = [k for k in between[1:] if t.low[k] not in small]
    return bool(names) and all(t.kind[k] == WORD and t.capital(k) for k in names)


def _total(t: Tokens, lex: Lexicon, before: Claim, claim: Claim) -> bool:
    """Tell whether a bare number sums up what was counted: "bringing the total to 203"."""
    between = t.low[max(before.last, claim.first - _TOTAL_REACH) : claim.first]
    return between[-1:] != [] and between[-1] in lex.words("equals") and not lex.words("totals").isdisjoint(between)


def _compared(t: Tokens, lex: Lexicon, before: Claim, claim: Claim) -> bool:
    """Tell whether a bare number is what the one before it is compared with: "to 41 from 35", "up from 870"."""
    between = t.low[max(before.last, claim.first - _COMPARED_REACH) : claim.first]
    text = " ".join(between)
    return any(text.endswith(cue) for cue in lex.words("compared")) and t.kind[claim.last] not in NUMERIC


_SPANS: Final = frozenset({"s", "min", "h", "d", "wk", "mo", "a"})


def _likely(lex: Lexicon, claim: Claim) -> bool:
    """Tell whether a later bare number may be of the same kind: not where the claim is an age, a time or a multiple."""
    multiple = claim.unit == lex.implied.get("x")
    return not (claim.age or multiple or (claim.kind == "measure" and claim.unit in _SPANS))


def share_back(t: Tokens, lex: Lexicon, claims: list[Claim]) -> None:
    """Give bare numbers that nothing else explains the unit and term of the one before."""
    before: Claim | None = None
    for claim in claims:
        if before is not None and _free(claim) and not before.bare and before.kind != "ratio":
            _share_one(t, lex, before, claim)
        before = claim if before is None or _likely(lex, claim) else before


def _share_one(t: Tokens, lex: Lexicon, before: Claim, claim: Claim) -> None:
    compared = _compared(t, lex, before, claim)
    if before.kind != "count":
        if compared and claim.quantity.last == claim.last and _likely(lex, before):
            _give(before, claim)
    elif (
        (compared and _likely(lex, before))
        or _row(t, lex, before, claim)
        or _more(t, lex, before, claim)
        or _total(t, lex, before, claim)
    ):
        _give(before, claim)
        claim.term = before.term
