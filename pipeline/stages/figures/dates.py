"""Numbers that are dates, years, clock times, phone numbers: no figures."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from pipeline.stages.figures.lexicon import Lexicon
from pipeline.stages.figures.nouns import counts_at
from pipeline.stages.figures.quantities import Quantity
from pipeline.stages.figures.tokens import DASHES, NUM, SYMBOL, WORD, Tokens

_YEARS: Final = (Decimal(1000), Decimal(2199))
_RECENT: Final = (Decimal(1900), Decimal(2050))
_CENTURY: Final = Decimal(1800)
_DAY: Final = Decimal(31)
_ROUND: Final = Decimal(500)
_PHONE_DIGITS: Final = 8


def _bare_year(t: Tokens, q: Quantity) -> Decimal | None:
    """Return the number of a bare four-digit token that can be a year."""
    value = q.value if q.value is not None else q.low
    if value is None or not q.amount.plain or q.unit is not None or len(t.word[q.amount.first]) != 4:
        return None
    return abs(value) if _YEARS[0] <= abs(value) <= _YEARS[1] else None


def is_year(t: Tokens, lex: Lexicon, q: Quantity) -> bool:
    """A bare four-digit number that is a year, or a pair of them: "in 2019", "the 2014-15 season"."""
    year = _bare_year(t, q)
    if year is None:
        return False
    i, j = q.amount.first, q.last
    before = t.low[i - 1]
    if t.low[j] in DASHES and t.glued[j] and t.kind[j + 1] == NUM:
        return True
    if before in lex.words("approximate"):
        return False
    recent = _RECENT[0] <= year <= _RECENT[1]
    counted = counts_at(t, lex, j) and t.low[j] not in lex.words("year_nouns")
    if before in lex.words("before_year") or before.endswith(lex.possessive):
        return not (counted and before in lex.words("unsure_before") and (not recent or year % _ROUND == 0))
    if recent:
        return not (counted and year % _ROUND == 0)
    return not counted and year >= _CENTURY and t.kind[i - 1] != SYMBOL


def _month_before(t: Tokens, lex: Lexicon, i: int) -> int | None:
    """Return the token of a month right before token i, in capitals where the sentence has them."""
    k = i - 2 if t.low[i - 1] == "." else i - 1
    if t.low[k] not in lex.words("months"):
        return None
    return k if t.capital(k) or not t.capital(0) else None


def is_date(t: Tokens, lex: Lexicon, q: Quantity) -> bool:
    """Part of a date: "Oct. 17", "21 February", "5/17/2018"."""
    i, j, value = q.amount.first, q.amount.last, q.amount.value
    if t.kind[i] != NUM or q.money or value is None:
        return False
    months = lex.words("months")
    if q.amount.plain and value <= _DAY:
        if _month_before(t, lex, i) is not None:
            return True
        if t.low[j] in months and (t.low[j] not in lex.words("month_words") or t.capital(j) or not t.capital(0)):
            return True
    if q.form == "range" and t.low[q.last] in months:
        return True
    if t.low[i - 1] == "," and q.amount.plain and len(t.word[i]) == 4 and _ends_date(t, lex, i - 2):
        return True
    return _slashed(t, i, j) and q.form != "fraction"


def _ends_date(t: Tokens, lex: Lexicon, k: int) -> bool:
    """Tell whether a month and a day end at token k: "October 31, 1832", "the 3rd of May, 1880"."""
    if t.low[k] in lex.words("months"):
        return True
    if t.kind[k] == WORD and t.glued[k]:  # "31st"
        k -= 1
    return t.kind[k] == NUM and t.low[k - 1] in lex.words("months")


def _slashed(t: Tokens, i: int, j: int) -> bool:
    """Tell whether slashes, dots or an apostrophe tie a number to others: "5/17", "'98"."""
    behind = t.low[j] in ("/", ".") and t.glued[j] and t.glued[j + 1] and t.kind[j + 1] == NUM
    before = t.low[i - 1] in ("/", ".") and t.glued[i] and t.glued[i - 1] and t.kind[i - 2] == NUM
    return behind or before or (t.low[i - 1] in ("'", "’") and t.glued[i])


def _dialled(t: Tokens, i: int) -> bool:
    """Tell whether a number stands in a run of numbers that begins with zero: "0800 555 111"."""
    if t.kind[i] != NUM or NUM not in (t.kind[i - 1], t.kind[i + 1]):
        return False
    first = i
    while first > 0 and t.kind[first - 1] == NUM and i - first < _PHONE_DIGITS:
        first -= 1
    return t.word[first][0] == "0" and len(t.word[first]) > 2 and t.word[first].isdecimal()


def is_code(t: Tokens, q: Quantity) -> bool:
    """Three numbers with hyphens, or long ones: a date, a phone number, a code."""
    i, j = q.first, q.last
    left = t.low[i - 1] in DASHES and t.glued[i] and t.kind[i - 2] == NUM and t.glued[i - 1]
    right = t.low[j] in DASHES and t.glued[j] and t.glued[j + 1] and t.kind[j + 1] == NUM
    if left or right:
        return True
    if _dialled(t, i) or _dialled(t, q.last - 1):
        return True
    if t.low[i - 1] == "+" and t.glued[i]:
        return len(t.word[i]) > _PHONE_DIGITS
    first, last = t.word[q.amount.first], t.word[q.last - 1]
    pair = q.form == "range" and t.low[q.amount.last] in DASHES and q.unit is None and first.isdecimal()
    return pair and len(first) == 3 and len(last) == 4 and t.kind[q.last] == SYMBOL


def is_clock(t: Tokens, lex: Lexicon, q: Quantity) -> bool:
    """A time of day or an era: "2 p.m.", "17:22", "0401 GMT", "at 1.56pm", "300 BC"."""
    if q.money:
        return False
    i, j = q.amount.first, q.amount.last
    behind = t.low[j] == ":" and t.glued[j] and t.glued[j + 1] and t.kind[j + 1] == NUM
    before = t.low[i - 1] == ":" and t.glued[i] and t.glued[i - 1] and t.kind[i - 2] == NUM
    if behind or before:
        return True
    clock = lex.words("clock")
    for end in (j, q.last):
        if t.low[end] in clock and (t.low[end] not in lex.words("clock_capital") or t.word[end].isupper()):
            return True
    return t.low[j] in lex.words("era") and t.word[j].isupper()


def is_suffixed(t: Tokens, lex: Lexicon, q: Quantity) -> bool:  # noqa: ARG001 - every rule takes the same arguments
    """Letters right behind digits that make an ordinal, a decade or a code: "27th", "1990s", "3D", "5G"."""
    if q.unit is not None:
        behind = q.unit.last if q.unit.first >= q.number_end else q.number_end
        return t.kind[behind] == WORD and t.glued[behind] and t.kind[behind - 1] == NUM
    j = q.last
    return t.kind[j] == WORD and t.glued[j] and t.kind[j - 1] == NUM and not is_multiple(t, q)


def is_multiple(t: Tokens, q: Quantity) -> bool:
    """Tell whether an x right behind a number says how many times: "3.5x earnings"; "4x4" is a name."""
    j = q.last
    return t.low[j] == "x" and t.glued[j] and not (t.glued[j + 1] and t.kind[j + 1] in (NUM, WORD))
