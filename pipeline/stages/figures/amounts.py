"""The grammar of numbers: digits, words, and both mixed, with fractions and scales.

    amount   := chain [fraction] | fraction [scale] | vague
    fraction := half | a third | two-thirds | 3/4 | ½
    vague    := dozens | hundreds of thousands | several thousand

Chains are read in `groups`. Every function takes token numbers and returns the token number behind what it read.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from pipeline.stages.figures.digits import rounded
from pipeline.stages.figures.groups import HUNDRED_FOLD, ONE, below_thousand, chain, group, scales, small
from pipeline.stages.figures.lexicon import Lexicon
from pipeline.stages.figures.tokens import (
    DASHES,
    FRACTION,
    HALF,
    HUNDRED,
    NUM,
    NUMERIC,
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

_PARTS: Final = frozenset({ORDINAL, HALF, FRACTION})
_DENOMINATORS: Final = frozenset({2, 3, 4, 5, 6, 8, 10, 12, 16, 20, 25, 32, 64, 100, 128, 1000})


@dataclass(slots=True)
class Amount:
    """A number of the text: tokens first to last (exclusive), and what they state."""

    first: int
    last: int
    value: Decimal | None
    low: Decimal | None = None
    high: Decimal | None = None
    form: str = "number"  # number, fraction, vague, several
    scale: Decimal = ONE  # product of the scale words at the end: "3.2 million" → 1,000,000
    plain: bool = False  # bare whole digits: may be a year, a label, a time
    words: bool = False  # begins with a number word


def _article_before(t: Tokens, lex: Lexicon, i: int) -> int:
    """Return the token where the number starts when an article belongs to it ("a hundred")."""
    return i - 1 if i > 0 and t.low[i - 1] in lex.words("article") else i


def _denominator(t: Tokens, lex: Lexicon, j: int, numerator: Decimal) -> tuple[Decimal, int] | None:
    """Read the denominator behind a numerator: "thirds", "-fifth", "twenty-firsts"."""
    dashed = t.low[j] in DASHES
    k = j + 1 if dashed else j
    base = Decimal(0)
    if t.kind[k] == TENS and (t.low[k + 1] in DASHES or t.kind[k + 1] == ORDINAL):
        base, k = lex.values[t.low[k]], k + 2 if t.low[k + 1] in DASHES else k + 1
    if t.kind[k] == HALF:
        return Decimal(2), k + 1
    if t.kind[k] != ORDINAL:
        return None
    word, rank = t.low[k], lex.values[t.low[k]]
    if (base and rank > 9) or (not base and rank < 3):
        return None
    if (word not in lex.words("parts") and numerator != 1) or (rank == 4 and _stretch(t, lex, j, k)):
        return None
    return base + rank, k + 1


def _stretch(t: Tokens, lex: Lexicon, j: int, k: int) -> bool:
    """Tell whether "quarters" are parts of a year: "the past three quarters"."""
    stretched = t.low[j - 2] in lex.words("half_before") or t.low[j - 2] in lex.words("stretch_before")
    return stretched and t.low[k] in lex.words("quarter")


def _fraction(t: Tokens, lex: Lexicon, i: int) -> tuple[Decimal, int] | None:  # noqa: PLR0911 - one return a reading
    """Read "half", "a third", "three quarters", "3/4", "½" from token i."""
    kind = t.kind[i]
    if kind == FRACTION:
        return rounded(Decimal(str(unicodedata.numeric(t.word[i])))), i + 1
    if kind == HALF:
        return Decimal("0.5"), i + 1
    if kind == NUM and t.low[i + 1] in ("/", "⁄") and t.glued[i + 1] and t.glued[i + 2] and t.kind[i + 2] == NUM:
        top, bottom = lex.digits.read(t.word[i]), lex.digits.read(t.word[i + 2])
        if top and bottom and top < bottom and bottom in _DENOMINATORS and t.low[i + 3] not in ("/", "⁄"):
            return rounded(top / bottom), i + 3
        return None
    if t.low[i] in lex.words("article"):
        if t.kind[i + 1] == HALF:
            return Decimal("0.5"), i + 2
        over = _denominator(t, lex, i + 1, ONE)
        return (rounded(ONE / over[0]), over[1]) if over else None
    top_words = below_thousand(t, lex, i)
    if top_words is None:
        return None
    over = _denominator(t, lex, top_words[1], top_words[0])
    return (rounded(top_words[0] / over[0]), over[1]) if over else None


def _hyphened_half(t: Tokens, lex: Lexicon, value: Decimal, scale: Decimal, j: int) -> tuple[Decimal, Decimal, int]:
    """Add a half that hyphens tie to its number: "three-and-a-half thousand", "a four-and-a-half-year deal"."""
    k = j + 2
    while k < j + 6 and (t.low[k] in DASHES or t.low[k] in lex.words("article")):
        k += 1
    if t.kind[k] != HALF or scale > 1:
        return value, scale, j
    more, after = scales(t, lex, k + 1, digits=False, sure=False)
    return (value + Decimal("0.5")) * more, more, after


def _and_fraction(t: Tokens, lex: Lexicon, value: Decimal, scale: Decimal, j: int) -> tuple[Decimal, Decimal, int]:
    """Add a fraction behind a number: "two and a half million", "a million and a half", "10 1/2", "3½"."""
    if t.low[j] in DASHES and t.low[j + 1] in lex.words("and") and t.glued[j + 1]:
        return _hyphened_half(t, lex, value, scale, j)
    k = j + 1 if t.low[j] in lex.words("and") else j
    direct = k == j and t.kind[k] in (NUM, FRACTION) and value == value.to_integral_value()
    spelled = t.kind[j - 1] == NUM and t.kind[k] in (SMALL, TENS)  # "in Ward 4 and three-fifths of the vote"
    part = _fraction(t, lex, k) if k < t.size and ((k > j and not spelled) or direct) else None
    if part is None or part[0] >= 1:
        return value, scale, j
    more, after = scales(t, lex, part[1], digits=False, sure=False)
    if after > part[1] and scale > 1:  # "one billion and a half million"
        return rounded(value + part[0] * more), more, after
    if scale > 1:
        return rounded(value + part[0] * scale), scale, part[1]
    return rounded((value + part[0]) * more), more, after


def _point(t: Tokens, lex: Lexicon, value: Decimal, j: int) -> tuple[Decimal, int]:
    """Read decimals in words: "two point five", "zero point zero three"."""
    if t.low[j] not in lex.words("point"):
        return value, j
    digits, k = "", j + 1
    while t.kind[k] in (SMALL, TENS):
        part = small(t, lex, k)
        if part is None:
            break
        digits, k = digits + str(part[0]), part[1]
    return (value + Decimal(f"0.{digits}"), k) if digits else (value, j)


def _of_scale(t: Tokens, lex: Lexicon, j: int) -> tuple[Decimal, int]:
    """Read the scale that a fraction is taken of: "half a million", "two thirds of a million", "half-million"."""
    k = j
    if t.low[k] in lex.words("of"):
        k += 1
    if t.low[k] in lex.words("article") or (t.low[k] in DASHES and t.glued[k]):
        k += 1
    if t.kind[k] in (SCALE, SET) or (t.kind[k] == HUNDRED and k > j):
        product = lex.values[t.low[k]]
        more, after = scales(t, lex, k + 1, digits=False, sure=False)
        return product * more, after
    return ONE, j


def _read_fraction(t: Tokens, lex: Lexicon, i: int) -> Amount | None:
    part = _fraction(t, lex, i)
    if part is None:
        return None
    scale, j = _of_scale(t, lex, part[1])
    form = "number" if scale > 1 else "fraction"
    words = t.kind[i] not in (NUM, FRACTION)
    return Amount(i, j, rounded(part[0] * scale), form=form, scale=scale, words=words)


def _read_vague(t: Tokens, lex: Lexicon, i: int) -> Amount | None:
    """Read "dozens", "hundreds of thousands", "tens of millions"."""
    low, high = lex.vague[t.low[i]]
    if t.low[i + 1] in lex.words("of") and t.kind[i + 2] == VAGUE:
        unit = lex.vague[t.low[i + 2]][0]
        return Amount(i, i + 3, None, low * unit, high * unit, form="vague", words=True)
    return Amount(i, i + 1, None, low, high, form="vague", words=True)


def _read_several(t: Tokens, lex: Lexicon, i: int, start: int) -> Amount | None:
    """Read "several thousand", "a few hundred", "a couple of dozen"; i is the scale word."""
    low, high = lex.several[t.low[start]]
    read = group(t, lex, i) if t.kind[i] != VAGUE else None
    factor = read[0] if read else lex.vague[t.low[i]][0]
    first = _article_before(t, lex, start)
    return Amount(first, read[2] if read else i + 1, None, low * factor, high * factor, form="several", words=True)


def _quantifier_before(t: Tokens, lex: Lexicon, i: int) -> int | None:
    """Return the token of "several" or "few" before the scale word i."""
    k = i - 2 if t.low[i - 1] in lex.words("of") else i - 1
    return k if k >= 0 and t.low[k] in lex.several else None


def _read_scale(t: Tokens, lex: Lexicon, i: int, *, sure: bool) -> Amount | None:
    """Read a number that begins with a scale word: "a hundred", "several thousand", "a dozen"."""
    quantifier = _quantifier_before(t, lex, i)
    if quantifier is not None:
        return _read_several(t, lex, i, quantifier)
    first = _article_before(t, lex, i)
    read = chain(t, lex, i, sure=sure)
    if read is None:
        return None
    value, scale, j = read
    lone = first == i and not (t.low[j] in DASHES or t.kind[i] == SET or value > lex.values[t.low[i]])
    if (lone and t.low[i] not in lex.words("stands_alone")) or t.low[i - 1] in lex.words("scale_of_rate"):
        return None
    value, j = _over_big(t, lex, value, j)
    value, scale, j = _and_fraction(t, lex, value, scale, j)
    return Amount(first, j, value, scale=scale, words=True)


def _is_ordinal(t: Tokens, lex: Lexicon, j: int) -> bool:
    """Tell whether a number word ends in an ordinal: "twenty-first", "one hundred and fifth"."""
    k = j + 1 if t.low[j] in DASHES else j
    return t.kind[k] == ORDINAL and t.kind[j - 1] in (TENS, HUNDRED, SCALE) and t.low[k] not in lex.words("parts")


def _over_big(t: Tokens, lex: Lexicon, value: Decimal, j: int) -> tuple[Decimal, int]:
    """Divide by hundredths, millionths and the like, which take any numerator."""
    if t.low[j] in lex.words("parts") and lex.values[t.low[j]] >= HUNDRED_FOLD and value:
        return rounded(value / lex.values[t.low[j]]), j + 1
    return value, j


def _power(t: Tokens, value: Decimal, j: int) -> tuple[Decimal, int]:
    """Read a power behind digits: 1.3x10^6, 10^9."""
    times_ten = t.low[j] in ("x", "×") and t.low[j + 1] == "10"
    k = j + 2 if times_ten else j
    if t.low[k] != "^":
        return value, j
    minus = t.low[k + 1] in DASHES
    k += 2 if minus or t.low[k + 1] == "+" else 1
    if t.kind[k] != NUM or not t.word[k].isdecimal() or len(t.word[k]) > 2 or not value:
        return value, j
    exponent = -int(t.word[k]) if minus else int(t.word[k])
    return rounded(value.scaleb(exponent) if times_ten else value**exponent), k + 1


def _plain_digits(t: Tokens, lex: Lexicon, i: int) -> bool:
    """Tell whether digits stand alone, so that nothing behind them can belong to the number."""
    follower = t.low[i + 1]
    if t.kind[i + 1] not in (WORD, SYMBOL) or t.word[i + 1] in lex.short_marks or follower in lex.number_joints:
        return False
    return t.kind[i + 2] not in NUMERIC


def _read_chain(t: Tokens, lex: Lexicon, i: int, *, sure: bool) -> Amount | None:
    if t.kind[i] == NUM and _plain_digits(t, lex, i):
        number = lex.digits.read(t.word[i])
        return None if number is None else Amount(i, i + 1, number, plain=t.word[i].isdecimal())
    parts = not _PARTS.isdisjoint(t.kinds) or "/" in t.seen or "⁄" in t.seen
    fraction = _read_fraction(t, lex, i) if parts else None
    if fraction is not None:
        return fraction
    read = chain(t, lex, i, sure=sure)
    if read is None:
        return None
    value, scale, j = read
    if t.kind[i] != NUM:
        value, j = _point(t, lex, value, j)
        if _is_ordinal(t, lex, j):
            return None
        value, j = _over_big(t, lex, value, j)
    else:
        value, j = _power(t, value, j)
    before = j
    if parts and lex.complete:
        value, scale, j = _and_fraction(t, lex, value, scale, j)
    plain = before == j == i + 1 and t.kind[i] == NUM and t.word[i].isdecimal()
    return Amount(i, j, value, scale=scale, plain=plain, words=t.kind[i] != NUM)


def read_amount(t: Tokens, lex: Lexicon, i: int, *, sure: bool = False) -> Amount | None:
    """Read the number that starts at token i.

    Args:
        t: the tokens of the sentence.
        lex: the words of the language.
        i: a token of a numeric kind.
        sure: a currency stands before the number, so that a single letter behind it is a scale ("$5m").
    """
    kind = t.kind[i]
    if kind in (NUM, SMALL, TENS, FRACTION):
        return _read_chain(t, lex, i, sure=sure)
    if kind == VAGUE:
        quantifier = _quantifier_before(t, lex, i)
        return _read_several(t, lex, i, quantifier) if quantifier is not None else _read_vague(t, lex, i)
    if kind in (HUNDRED, SCALE, SET):
        return _read_scale(t, lex, i, sure=sure)
    first = _article_before(t, lex, i)
    if kind == HALF or first < i:
        amount = _read_fraction(t, lex, i if kind == HALF else first)
        if amount is not None and kind == HALF:
            amount.first = first
        return amount
    if kind == ORDINAL:  # "quarter million"
        scale, j = _of_scale(t, lex, i + 1)
        quarter = t.low[i] in lex.words("quarter") and t.low[i] not in lex.words("parts")
        if scale > 1 and quarter and t.low[i - 1] not in lex.words("half_before"):
            return Amount(i, j, scale / 4, scale=scale, words=True)
    return None
