"""Numbers in groups: digits or words below a thousand, each with its scales.

    chain := group {["and"] group}      each group smaller than the last scale before it
    group := (digits | small) {scale}   3.2 million, two hundred thousand, three lakh crore

Every function takes token numbers and returns the token number behind what it read.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from pipeline.stages.figures.lexicon import Lexicon
from pipeline.stages.figures.tokens import (
    DASHES,
    HALF,
    HUNDRED,
    NUM,
    ORDINAL,
    SCALE,
    SET,
    SMALL,
    SYMBOL,
    TENS,
    VAGUE,
    WORD,
    Tokens,
)

ONE: Final = Decimal(1)
HUNDRED_FOLD: Final = Decimal(100)
_MILLION: Final = Decimal(1_000_000)


def small(t: Tokens, lex: Lexicon, i: int) -> tuple[Decimal, int] | None:
    """Read words below a hundred: "fifty-two"."""
    kind = t.kind[i]
    if kind == SMALL:
        return lex.values[t.low[i]], i + 1
    if kind != TENS:
        return None
    value, j = lex.values[t.low[i]], i + 1
    k = j + 1 if t.low[j] in DASHES or t.low[j] in lex.words("tens_and") else j
    if t.kind[k] == SMALL and 0 < lex.values[t.low[k]] < 10:
        return value + lex.values[t.low[k]], k + 1
    return value, j


def below_thousand(t: Tokens, lex: Lexicon, i: int) -> tuple[Decimal, int] | None:
    """Read words below a thousand: "three hundred and thirty-one"."""
    first = small(t, lex, i)
    if first is None:
        return None
    value, j = first
    k = j + 1 if t.low[j] in DASHES and t.glued[j] else j
    if t.kind[k] != HUNDRED or not value:
        return value, j
    return _after_hundred(t, lex, value * lex.values[t.low[k]], k + 1)


def _after_hundred(t: Tokens, lex: Lexicon, value: Decimal, j: int) -> tuple[Decimal, int]:
    """Add the tens and ones behind "hundred"; "and" is taken only where no new number starts."""
    joined = t.low[j] in lex.words("and")
    k = j + 1 if joined or t.low[j] in DASHES else j
    if t.kind[k] == NUM:
        digits = lex.digits.read(t.word[k]) if joined else None
        fits = digits is not None and 0 < digits < HUNDRED_FOLD and digits == digits.to_integral_value()
        fits = fits and t.kind[k + 1] not in (HUNDRED, SCALE)
        return (value + digits, k + 1) if digits is not None and fits else (value, j)
    rest = small(t, lex, k)
    if rest is None or not rest[0] or t.kind[rest[1]] in (HUNDRED, SET) or t.low[rest[1]] in lex.words("vague_sets"):
        return value, j
    if joined and t.kind[rest[1]] == ORDINAL and rest[0] < 10:
        return value, j  # "one hundred and three quarters"
    return value + rest[0], rest[1]


def _spaced_groups(t: Tokens, lex: Lexicon, i: int, value: Decimal) -> tuple[Decimal, int]:
    """Join digit groups that spaces keep apart: 1 234 567."""
    j, text, decimal = i + 1, t.word[i], lex.digits.decimal
    if not text.isdecimal() or len(text) > 3 or text[0] == "0":
        return value, j
    while t.kind[j] == NUM and t.start[j] == t.end[j - 1] + 1 and t.word[j].split(decimal)[0].isdecimal():
        group = t.word[j].split(decimal)
        if len(group[0]) != 3 or len(text) > 12:
            break
        text += t.word[j].replace(decimal, ".")
        j += 1
        if len(group) > 1:
            break
    while t.low[j] == lex.digits.group and t.kind[j + 1] == NUM and len(t.word[j + 1]) == 3 and t.word[j + 1][0] == "0":
        text, j = text + t.word[j + 1], j + 2  # "10, 000", as tokenized wires print it
    # A fourth digit would make the last group a number of its own: "423 0000".
    return (Decimal(text) if j > i + 1 else value), j


def _short_scale(t: Tokens, lex: Lexicon, j: int, *, sure: bool) -> Decimal | None:
    """Read an abbreviated scale behind digits: 4bn, 40k, 35m people."""
    word = t.word[j] if j < t.size else ""
    scale = lex.short.get(word)
    if scale is None:
        return None
    spaced = word in lex.words("short_spaced") or (sure and word in lex.words("short_spaced_money"))
    if not (t.glued[j] or spaced):
        return None
    return scale if sure or word not in lex.words("short_unsure") or _proved(t, lex, j) else None


def _proved(t: Tokens, lex: Lexicon, j: int) -> bool:
    """Tell whether the words around a letter that may be a unit as well show that it is a scale."""
    word, follower = t.word[j], t.low[j + 1]
    if word in lex.words("short_glued"):
        return bool(t.glued[j])
    if word in lex.words("short_before_of") and follower in lex.words("of") and t.low[j + 2] in lex.words("determiner"):
        return True
    noun = t.kind[j + 1] == WORD and follower not in lex.words("stop") and follower not in lex.words("dimension")
    if noun and word in lex.words("short_before_noun"):
        return True
    if word in lex.words("short_at_end"):
        return t.kind[j + 1] == SYMBOL
    return word in lex.words("short_decimal") and lex.digits.decimal in t.word[j - 1]


def scales(t: Tokens, lex: Lexicon, j: int, *, digits: bool, sure: bool) -> tuple[Decimal, int]:
    """Read the scale words behind a group and return their product."""
    product = ONE
    if digits:
        short = _short_scale(t, lex, j, sure=sure)
        if short is not None:
            return short, j + 1
        if t.word[j] in lex.scaled_codes:  # "30 MUSD": the code is read with the units
            return _MILLION, j
    while j < t.size:
        k = j + 1 if t.low[j] in DASHES and t.glued[j] and t.glued[j + 1] else j
        kind = t.kind[k]
        if kind == SCALE or (kind == SET and product == ONE) or (kind == HUNDRED and digits and product == ONE):
            product *= lex.values[t.low[k]]
            j = k + 1
            if kind == HUNDRED and t.kind[j] != SCALE:
                break
        elif kind == VAGUE and t.low[k] in lex.values and product == ONE:  # "3 dozens"
            return lex.values[t.low[k]], k + 1
        else:
            break
    return product, j


def group(t: Tokens, lex: Lexicon, i: int, *, sure: bool = False) -> tuple[Decimal, Decimal, int] | None:
    """Read digits or words with their scales: value, product of the scales, next token."""
    kind = t.kind[i]
    if kind == NUM:
        value = lex.digits.read(t.word[i])
        if value is None:
            return None
        value, j = _spaced_groups(t, lex, i, value)
        scale, k = scales(t, lex, j, digits=True, sure=sure)
        if scale == HUNDRED_FOLD and k > j:
            value, k = _after_hundred(t, lex, value * HUNDRED_FOLD, k)
            scale, k = scales(t, lex, k, digits=False, sure=sure)
        return value * scale, scale, k
    if kind in (HUNDRED, SCALE, SET):
        value, j = ONE, i
        if kind == HUNDRED:
            value, j = _after_hundred(t, lex, lex.values[t.low[i]], i + 1)
    else:
        words = below_thousand(t, lex, i)
        if words is None:
            return None
        value, j = words
    scale, j = scales(t, lex, j, digits=False, sure=sure)
    return value * scale, scale, j


def chain(t: Tokens, lex: Lexicon, i: int, *, sure: bool) -> tuple[Decimal, Decimal, int] | None:
    """Read groups that follow one another, each smaller than the scale before it."""
    first = group(t, lex, i, sure=sure)
    if first is None:
        return None
    value, scale, j = first
    while scale > HUNDRED_FOLD and j < t.size and t.word[j - 1] not in lex.short:
        k = j + 1 if t.low[j] in lex.words("and") else j
        if t.kind[k] not in (NUM, SMALL, TENS, HUNDRED):
            break
        more = group(t, lex, k)
        if more is None or not 0 < more[0] < scale or more[0] != more[0].to_integral_value():
            break
        if t.kind[more[2]] in (ORDINAL, HALF) or (t.kind[k] == NUM and k == j and more[2] == k + 1):
            break
        value, scale, j = value + more[0], more[1], more[2]
    return value, scale, j
