"""The grammar of numbers: digits, words, and both mixed, with fractions and scales.

    amount   := chain [fraction] | fraction [scale] | vague
    chain    := group {["and"] group}          each group smaller than the last scale before it
    group    := (digits | small) {scale}       3.2 million, two hundred thousand, three lakh crore
    fraction := half | a third | two-thirds | 3/4 | ½

Every function takes token numbers and returns the token number behind what it read.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from pipeline.stages.figures.digits import read_digits, rounded
from pipeline.stages.figures.lexicon import Lexicon
from pipeline.stages.figures.tokens import (
    FRACTION,
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
_HUNDRED: Final = Decimal(100)
_DENOMINATORS: Final = frozenset({2, 3, 4, 5, 6, 8, 10, 12, 16, 20, 25, 32, 64, 100, 128, 1000})
_LOOSE_SHORT: Final = frozenset({"mn", "mln", "mil", "bn", "Bn", "BN", "bln", "tn", "trn", "tln", "MM"})
_UNSURE_SHORT: Final = frozenset({"m", "M", "t", "T", "b", "B", "G", "k", "K"})


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


def _small(t: Tokens, lex: Lexicon, i: int) -> tuple[Decimal, int] | None:
    """Read words below a hundred: "fifty-two"."""
    kind = t.kind_at(i)
    if kind == SMALL:
        return lex.values[t.low[i]], i + 1
    if kind != TENS:
        return None
    value, j = lex.values[t.low[i]], i + 1
    k = j + 1 if t.dash(j) else j
    if t.kind_at(k) == SMALL and 0 < lex.values[t.low[k]] < 10:
        return value + lex.values[t.low[k]], k + 1
    return value, j


def _below_thousand(t: Tokens, lex: Lexicon, i: int) -> tuple[Decimal, int] | None:
    """Read words below a thousand: "three hundred and thirty-one"."""
    first = _small(t, lex, i)
    if first is None:
        return None
    value, j = first
    k = j + 1 if t.dash(j) and t.glued(j) else j
    if t.kind_at(k) != HUNDRED or not value:
        return value, j
    return _after_hundred(t, lex, value * _HUNDRED, k + 1)


def _after_hundred(t: Tokens, lex: Lexicon, value: Decimal, j: int) -> tuple[Decimal, int]:
    """Add the tens and ones behind "hundred"; "and" is taken only where no new number starts."""
    joined = t.at(j) in lex.words("and")
    k = j + 1 if joined or t.dash(j) else j
    if t.kind_at(k) == NUM:
        digits = read_digits(t.word[k], english=True) if joined else None
        fits = digits is not None and 0 < digits < _HUNDRED and digits == digits.to_integral_value()
        fits = fits and t.kind_at(k + 1) not in (HUNDRED, SCALE)
        return (value + digits, k + 1) if digits is not None and fits else (value, j)
    rest = _small(t, lex, k)
    if rest is None or not rest[0] or t.kind_at(rest[1]) in (HUNDRED, SET) or t.at(rest[1]) in ("dozens", "doz"):
        return value, j
    if joined and t.kind_at(rest[1]) == ORDINAL and rest[0] < 10:
        return value, j  # "one hundred and three quarters"
    return value + rest[0], rest[1]


def _spaced_groups(t: Tokens, i: int, value: Decimal) -> tuple[Decimal, int]:
    """Join digit groups that spaces keep apart: 1 234 567."""
    j, text = i + 1, t.word[i]
    if not text.isdecimal() or len(text) > 3 or text[0] == "0":
        return value, j
    while t.kind_at(j) == NUM and t.start[j] == t.end[j - 1] + 1 and t.word[j].split(".")[0].isdecimal():
        group = t.word[j].split(".")
        if len(group[0]) != 3 or len(text) > 12:
            break
        text += t.word[j]
        j += 1
        if len(group) > 1:
            break
    while t.at(j) == "," and t.kind_at(j + 1) == NUM and len(t.word[j + 1]) == 3 and t.word[j + 1][0] == "0":
        text, j = text + t.word[j + 1], j + 2  # "10, 000", as tokenized wires print it
    # A fourth digit would make the last group a number of its own: "423 0000".
    return (Decimal(text) if j > i + 1 else value), j


def _short_scale(t: Tokens, lex: Lexicon, j: int, *, sure: bool) -> Decimal | None:
    """Read an abbreviated scale behind digits: 4bn, 40k, 35m people."""
    word = t.word[j] if j < len(t.word) else ""
    scale = lex.short.get(word)
    if scale is None or (not t.glued(j) and word not in _LOOSE_SHORT and not (sure and word in "mMbB")):
        return None
    if word not in _UNSURE_SHORT or sure:
        return scale
    if word in "kK":
        return scale if t.glued(j) else None
    follower = t.at(j + 1)
    if word == "m" and follower == "of" and t.at(j + 2) in lex.words("determiner"):
        return scale
    noun = t.kind_at(j + 1) == WORD and follower not in lex.words("stop") and follower not in lex.words("dimension")
    if word == "m":
        return scale if noun else None
    if word in "MbB":
        return scale if noun or "." in t.word[j - 1] or not follower or t.kind_at(j + 1) == SYMBOL else None
    return None


def _scales(t: Tokens, lex: Lexicon, j: int, *, digits: bool, sure: bool) -> tuple[Decimal, int]:
    """Read the scale words behind a group and return their product."""
    product = ONE
    if digits:
        short = _short_scale(t, lex, j, sure=sure)
        if short is not None:
            return short, j + 1
    while j < len(t.word):
        k = j + 1 if t.dash(j) and t.glued(j) and t.glued(j + 1) else j
        kind = t.kind_at(k)
        if kind == SCALE or (kind == SET and product == ONE) or (kind == HUNDRED and digits and product == ONE):
            product *= lex.values[t.low[k]]
            j = k + 1
            if kind == HUNDRED and t.kind_at(j) != SCALE:
                break
        elif kind == VAGUE and t.low[k] in lex.values and product == ONE:  # "3 dozens"
            return lex.values[t.low[k]], k + 1
        else:
            break
    return product, j


def _group(t: Tokens, lex: Lexicon, i: int, *, sure: bool = False) -> tuple[Decimal, Decimal, int] | None:
    """Read digits or words with their scales: value, product of the scales, next token."""
    kind = t.kind_at(i)
    if kind == NUM:
        value = read_digits(t.word[i], english=lex.complete)
        if value is None:
            return None
        value, j = _spaced_groups(t, i, value)
        scale, k = _scales(t, lex, j, digits=True, sure=sure)
        if scale == _HUNDRED and k > j:
            value, k = _after_hundred(t, lex, value * _HUNDRED, k)
            scale, k = _scales(t, lex, k, digits=False, sure=sure)
        return value * scale, scale, k
    if kind in (HUNDRED, SCALE, SET):
        value, j = ONE, i
        if kind == HUNDRED:
            value, j = _after_hundred(t, lex, _HUNDRED, i + 1)
    else:
        words = _below_thousand(t, lex, i)
        if words is None:
            return None
        value, j = words
    scale, j = _scales(t, lex, j, digits=False, sure=sure)
    return value * scale, scale, j


def _chain(t: Tokens, lex: Lexicon, i: int, *, sure: bool) -> tuple[Decimal, Decimal, int] | None:
    """Read groups that follow one another, each smaller than the scale before it."""
    first = _group(t, lex, i, sure=sure)
    if first is None:
        return None
    value, scale, j = first
    while scale > _HUNDRED and j < len(t.word) and t.word[j - 1] not in lex.short:
        k = j + 1 if t.at(j) in lex.words("and") else j
        if t.kind_at(k) not in (NUM, SMALL, TENS, HUNDRED):
            break
        more = _group(t, lex, k)
        if more is None or not 0 < more[0] < scale or more[0] != more[0].to_integral_value():
            break
        if t.kind_at(more[2]) in (ORDINAL, HALF) or (t.kind_at(k) == NUM and k == j and more[2] == k + 1):
            break
        value, scale, j = value + more[0], more[1], more[2]
    return value, scale, j


def _denominator(t: Tokens, lex: Lexicon, j: int, numerator: Decimal) -> tuple[Decimal, int] | None:
    """Read the denominator behind a numerator: "thirds", "-fifth", "twenty-firsts"."""
    dashed = t.dash(j)
    k = j + 1 if dashed else j
    base = Decimal(0)
    if t.kind_at(k) == TENS and (t.dash(k + 1) or t.kind_at(k + 1) == ORDINAL):
        base, k = lex.values[t.low[k]], k + 2 if t.dash(k + 1) else k + 1
    if t.kind_at(k) == HALF:
        return Decimal(2), k + 1
    if t.kind_at(k) != ORDINAL:
        return None
    word, rank = t.low[k], lex.values[t.low[k]]
    if base and rank > 9 or (not base and rank < 3):
        return None
    if (not word.endswith("s") and numerator != 1) or (rank == 4 and _stretch(t, lex, j, k)):
        return None
    return base + rank, k + 1


def _stretch(t: Tokens, lex: Lexicon, j: int, k: int) -> bool:
    """Tell whether "quarters" are parts of a year: "the past three quarters"."""
    quarter = t.low[k].startswith("quarter")
    return quarter and (t.at(j - 2) in lex.words("half_before") or t.at(j - 2) == "past")


def _fraction(t: Tokens, lex: Lexicon, i: int) -> tuple[Decimal, int] | None:
    """Read "half", "a third", "three quarters", "3/4", "½" from token i."""
    kind = t.kind_at(i)
    if kind == FRACTION:
        return rounded(Decimal(str(unicodedata.numeric(t.word[i])))), i + 1
    if kind == HALF:
        return Decimal("0.5"), i + 1
    if kind == NUM and t.at(i + 1) in ("/", "⁄") and t.glued(i + 1) and t.glued(i + 2) and t.kind_at(i + 2) == NUM:
        top, bottom = read_digits(t.word[i], english=True), read_digits(t.word[i + 2], english=True)
        if top and bottom and top < bottom and bottom in _DENOMINATORS and t.at(i + 3) not in ("/", "⁄"):
            return rounded(top / bottom), i + 3
        return None
    if t.low[i] in lex.words("article"):
        if t.kind_at(i + 1) == HALF:
            return Decimal("0.5"), i + 2
        over = _denominator(t, lex, i + 1, ONE)
        return (rounded(ONE / over[0]), over[1]) if over else None
    top_words = _below_thousand(t, lex, i)
    if top_words is None:
        return None
    over = _denominator(t, lex, top_words[1], top_words[0])
    return (rounded(top_words[0] / over[0]), over[1]) if over else None


def _and_fraction(t: Tokens, lex: Lexicon, value: Decimal, scale: Decimal, j: int) -> tuple[Decimal, Decimal, int]:
    """Add a fraction behind a number: "two and a half million", "a million and a half", "10 1/2", "3½"."""
    k = j + 1 if t.at(j) in lex.words("and") else j
    direct = k == j and t.kind_at(k) in (NUM, FRACTION) and value == value.to_integral_value()
    part = _fraction(t, lex, k) if k < len(t.word) and (k > j or direct) else None
    if part is None or part[0] >= 1:
        return value, scale, j
    more, after = _scales(t, lex, part[1], digits=False, sure=False)
    if after > part[1] and scale > 1:  # "one billion and a half million"
        return rounded(value + part[0] * more), more, after
    if scale > 1:
        return rounded(value + part[0] * scale), scale, part[1]
    return rounded((value + part[0]) * more), more, after


def _point(t: Tokens, lex: Lexicon, value: Decimal, j: int) -> tuple[Decimal, int]:
    """Read decimals in words: "two point five", "zero point zero three"."""
    if t.at(j) not in lex.words("point"):
        return value, j
    digits, k = "", j + 1
    while t.kind_at(k) in (SMALL, TENS):
        part = _small(t, lex, k)
        if part is None:
            break
        digits, k = digits + str(part[0]), part[1]
    return (value + Decimal(f"0.{digits}"), k) if digits else (value, j)


def _of_scale(t: Tokens, lex: Lexicon, j: int) -> tuple[Decimal, int]:
    """Read the scale that a fraction is taken of: "half a million", "two thirds of a million", "half-million"."""
    k = j
    if t.at(k) == "of":
        k += 1
    if t.at(k) in lex.words("article"):
        k += 1
    elif t.dash(k) and t.glued(k):
        k += 1
    if t.kind_at(k) in (SCALE, SET) or (t.kind_at(k) == HUNDRED and k > j):
        product = lex.values[t.low[k]]
        more, after = _scales(t, lex, k + 1, digits=False, sure=False)
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
    if t.at(i + 1) == "of" and t.kind_at(i + 2) == VAGUE:
        unit = lex.vague[t.low[i + 2]][0]
        return Amount(i, i + 3, None, low * unit, high * unit, form="vague", words=True)
    return Amount(i, i + 1, None, low, high, form="vague", words=True)


def _read_several(t: Tokens, lex: Lexicon, i: int, start: int) -> Amount | None:
    """Read "several thousand", "a few hundred", "a couple of dozen"; i is the scale word."""
    low, high = lex.several[t.low[start]]
    group = _group(t, lex, i) if t.kind[i] != VAGUE else None
    factor = group[0] if group else lex.vague[t.low[i]][0]
    first = _article_before(t, lex, start)
    return Amount(first, group[2] if group else i + 1, None, low * factor, high * factor, form="several", words=True)


def _quantifier_before(t: Tokens, lex: Lexicon, i: int) -> int | None:
    """Return the token of "several" or "few" before the scale word i."""
    k = i - 2 if t.at(i - 1) == "of" else i - 1
    return k if k >= 0 and t.low[k] in lex.several else None


def _read_scale(t: Tokens, lex: Lexicon, i: int, *, sure: bool) -> Amount | None:
    """Read a number that begins with a scale word: "a hundred", "several thousand", "a dozen"."""
    quantifier = _quantifier_before(t, lex, i)
    if quantifier is not None:
        return _read_several(t, lex, i, quantifier)
    first = _article_before(t, lex, i)
    chain = _chain(t, lex, i, sure=sure)
    if chain is None:
        return None
    value, scale, j = chain
    lone = first == i and not (t.dash(j) or t.kind[i] == SET or value > lex.values[t.low[i]])
    if lone or t.at(i - 1) in ("per", "by"):
        return None
    value, j = _over_big(t, lex, value, j)
    value, scale, j = _and_fraction(t, lex, value, scale, j)
    return Amount(first, j, value, scale=scale, words=True)


def _is_ordinal(t: Tokens, j: int) -> bool:
    """Tell whether a number word ends in an ordinal: "twenty-first", "one hundred and fifth"."""
    k = j + 1 if t.dash(j) else j
    return t.kind_at(k) == ORDINAL and t.kind_at(j - 1) in (TENS, HUNDRED, SCALE) and not t.low[k].endswith("s")


def _over_big(t: Tokens, lex: Lexicon, value: Decimal, j: int) -> tuple[Decimal, int]:
    """Divide by hundredths, millionths and the like, which take any numerator."""
    if t.kind_at(j) == ORDINAL and t.low[j].endswith("s") and lex.values[t.low[j]] >= _HUNDRED and value:
        return rounded(value / lex.values[t.low[j]]), j + 1
    return value, j


def _power(t: Tokens, value: Decimal, j: int) -> tuple[Decimal, int]:
    """Read a power behind digits: 1.3x10^6, 10^9."""
    times_ten = t.at(j) in ("x", "×") and t.at(j + 1) == "10"
    k = j + 2 if times_ten else j
    if t.at(k) != "^":
        return value, j
    minus = t.dash(k + 1)
    k += 2 if minus or t.at(k + 1) == "+" else 1
    if t.kind_at(k) != NUM or not t.word[k].isdecimal() or len(t.word[k]) > 2 or not value:
        return value, j
    exponent = -int(t.word[k]) if minus else int(t.word[k])
    return rounded(value.scaleb(exponent) if times_ten else value**exponent), k + 1


def _read_chain(t: Tokens, lex: Lexicon, i: int, *, sure: bool) -> Amount | None:
    fraction = _read_fraction(t, lex, i)
    if fraction is not None:
        return fraction
    chain = _chain(t, lex, i, sure=sure)
    if chain is None:
        return None
    value, scale, j = chain
    if t.kind[i] != NUM:
        value, j = _point(t, lex, value, j)
        if _is_ordinal(t, j):
            return None
        value, j = _over_big(t, lex, value, j)
    else:
        value, j = _power(t, value, j)
    before = j
    if lex.complete:
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
        if scale > 1 and t.low[i] == "quarter" and t.at(i + 1) != "of":
            return Amount(i, j, scale / 4, scale=scale, words=True)
    return None
