"""A number with its currency or unit.

Grammar: ``quantity := [currency] amount [unit [rate]]``; what two of them make stands in `pairs`.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from pipeline.stages.figures.amounts import Amount, read_amount
from pipeline.stages.figures.digits import printable
from pipeline.stages.figures.groups import ONE
from pipeline.stages.figures.lexicon import Lexicon, Unit
from pipeline.stages.figures.tokens import DASHES, ORDINAL, SCALE, SYMBOL, WORD, Tokens
from pipeline.stages.figures.units import UnitMatch, currency_before, rate_behind, unit_behind


@dataclass(slots=True)
class Quantity:
    """One or two numbers of the text that make one figure; tokens first to last (exclusive)."""

    first: int
    last: int
    amount: Amount
    value: Decimal | None
    low: Decimal | None = None
    high: Decimal | None = None
    unit: UnitMatch | None = None
    form: str = "number"  # number, fraction, vague, several, range, ratio, score, rank
    number_end: int = 0  # the token behind the number itself, before its unit
    inner: tuple[int, int] | None = None  # the noun between two numbers: "one patient in ten"

    @property
    def money(self) -> bool:
        """Tell whether the quantity is an amount of money."""
        return self.unit is not None and self.unit.unit.kind == "money"


def _signed(t: Tokens, lex: Lexicon, first: int) -> bool:
    """Tell whether a minus belongs to the number at token first."""
    if t.low[first - 1] in lex.words("minus"):
        return t.low[first - 2] not in lex.words("or")  # "plus or minus 3"
    free = first < 2 or not t.glued[first - 1] or t.word[first - 2] in "(:"
    return t.low[first - 1] in DASHES and t.glued[first] and free and t.word[first - 1] in "-−–"


def _currency_suffix(t: Tokens, lex: Lexicon, code: str, j: int) -> int:
    """Skip a "US" that only repeats the dollar sign: "$76 US a barrel"."""
    if t.kind[j] != WORD or lex.currency_suffixes.get(t.word[j]) != code:
        return j
    return j + 1 if t.kind[j + 1] == SYMBOL or t.low[j + 1] in lex.words("stop") else j


def _part_of(t: Tokens, lex: Lexicon, amount: Amount) -> UnitMatch | None:
    """Return the unit that a fraction is part of: "half an hour", "a quarter of a mile", "1/16 of a US pint"."""
    j = amount.last + 1 if t.low[amount.last] in lex.words("of") else amount.last
    if t.low[j] not in lex.words("article"):
        return None
    for k in (j + 1, j + 2):
        unit = unit_behind(t, lex, amount.first, k, amount.value) if k < t.size else None
        if unit is not None and unit.unit.kind in ("measure", "percent", "money"):
            return unit
    return None


def _money(t: Tokens, lex: Lexicon, amount: Amount, code: str, first: int) -> Quantity:
    """Return an amount with the currency that stands before it."""
    match = UnitMatch(Unit(code, "money", code), first, amount.last)
    j = _currency_suffix(t, lex, code, amount.last)
    behind = unit_behind(t, lex, amount.first, j, amount.value)
    if behind is not None and behind.unit.code == code:  # "$5 dollars", "£3.50 sterling"
        match.per, j = behind.per, behind.last
    else:
        rate = rate_behind(t, lex, j)
        if rate is not None:
            match.per, j = rate
    match.last = j
    return Quantity(first, j, amount, amount.value, amount.low, amount.high, match, amount.form, amount.last)


def _with_unit(t: Tokens, lex: Lexicon, amount: Amount) -> Quantity:
    """Return an amount with the unit behind it, if there is one."""
    unit = unit_behind(t, lex, amount.first, amount.last, amount.value)
    if unit is None and amount.form == "fraction":
        unit = _part_of(t, lex, amount)
    elif unit is None and amount.form in ("vague", "several") and t.low[amount.last] in lex.words("of"):
        unit = unit_behind(t, lex, amount.first, amount.last + 1, amount.high)
    elif unit is None and amount.scale > ONE and t.low[amount.last] in lex.words("scale_of"):
        unit = unit_behind(t, lex, amount.first, amount.last + 1, amount.value)
    last = unit.last if unit else amount.last
    if (
        unit is not None
        and unit.unit.kind == "money"
        and t.kind[last] == SCALE
        and amount.scale == ONE
        and amount.value
    ):
        scale = lex.values[t.low[last]]  # "75 USD million"
        amount.value, amount.scale, last, unit.last = amount.value * scale, scale, last + 1, last + 1
    return Quantity(amount.first, last, amount, amount.value, amount.low, amount.high, unit, amount.form, amount.last)


def read_quantity(t: Tokens, lex: Lexicon, i: int) -> Quantity | None:
    """Read one number at token i with its currency or unit."""
    money = currency_before(t, lex, i) if i and t.kind[i] != ORDINAL else None
    amount = read_amount(t, lex, i, sure=money is not None)
    if amount is None:
        return None
    prefixed = money is not None and amount.first == i
    quantity = _money(t, lex, amount, *money) if money and prefixed else _with_unit(t, lex, amount)
    if quantity.value is not None and quantity.value > 0 and _signed(t, lex, quantity.first):
        quantity.value, quantity.first = -quantity.value, quantity.first - 1
    return quantity


def representable(q: Quantity) -> bool:
    """Bring the numbers of a quantity into what a record can carry; false where one is beyond that."""
    if q.value is not None:
        number = printable(q.value)
        if number is None:
            return False
        q.value = number
    if q.high is None:
        return True
    low, high = None if q.low is None else printable(q.low), printable(q.high)
    if high is None or (low is None and q.low is not None):
        return False
    q.low, q.high = low, high
    return True
