"""Pairs with a noun between their numbers: "one patient in ten", "84 votes to 31"."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from pipeline.stages.figures.digits import rounded
from pipeline.stages.figures.lexicon import Lexicon
from pipeline.stages.figures.nouns import counts_at
from pipeline.stages.figures.quantities import Quantity, read_quantity
from pipeline.stages.figures.tokens import DASHES, NUM, NUMERIC, SMALL, TENS, WORD, Tokens

_NOUN_WORDS: Final = 2  # words between "one" and "in": "one adult patient in ten"
_LEAST_WHOLE: Final = 3
_WHOLE_END: Final = 1000


def _share_joint(t: Tokens, lex: Lexicon, q: Quantity) -> int | None:
    """Return the token of "in" behind "one" and a singular noun."""
    for k in range(q.last, q.last + _NOUN_WORDS + 1):
        if k > q.last and t.low[k] in lex.words("in"):
            return k
        if t.kind[k] != WORD or t.low[k] in lex.words("stop") or lex.shapes[t.low[k]].plural:
            return None
    return None


def _share(t: Tokens, lex: Lexicon, q: Quantity) -> Quantity | None:
    """Read "one patient in ten"; "one soldier in two attacks" and "one man in 2019" are no shares."""
    joint = _share_joint(t, lex, q) if q.value == 1 and q.amount.words else None
    if joint is None or q.value is None:
        return None
    k = joint + 2 if t.low[joint + 1] in lex.words("every") else joint + 1
    whole = read_quantity(t, lex, k) if t.kind[k] in (NUM, SMALL, TENS) else None
    if whole is None or whole.value is None or whole.unit is not None or whole.form != "number":
        return None
    j = whole.last
    verb = t.low[j] in lex.words("verbs") or t.low[j + 1] in lex.words("behind_verb")
    counted = (counts_at(t, lex, j) and not verb) or t.low[j] in DASHES or t.kind[j] in NUMERIC
    if not _LEAST_WHOLE <= whole.value < _WHOLE_END or counted:
        return None
    return replace(q, last=j, value=rounded(q.value / whole.value), form="ratio", number_end=j, inner=(q.last, joint))


def _score(t: Tokens, lex: Lexicon, q: Quantity) -> Quantity | None:
    """Read "84 votes to 31", "six games to four"."""
    j = q.last
    if t.low[j] not in lex.words("score_nouns") or t.low[j + 1] not in lex.words("score_to"):
        return None
    other = read_quantity(t, lex, j + 2) if t.kind[j + 2] in (NUM, SMALL, TENS) else None
    if other is None or q.value is None or other.value is None or other.unit is not None or other.form != "number":
        return None
    if t.low[q.first - 1] in lex.words("range_before") or counts_at(t, lex, other.last):
        return None
    low, high = sorted((q.value, other.value))
    return replace(
        q, last=other.last, value=None, low=low, high=high, form="score", number_end=other.last, inner=(j, j + 1)
    )


def join_across(t: Tokens, lex: Lexicon, q: Quantity) -> Quantity:
    """Return what a bare number makes with another one beyond its noun, or the number itself."""
    if q.unit is not None or q.form != "number" or t.kind[q.last] != WORD:
        return q
    return _share(t, lex, q) or _score(t, lex, q) or q
