"""A number with its currency or unit, and what two of them make: ranges, ratios, scores, ranks.

quantity := [currency] amount [unit]
range    := "between" quantity "and" quantity | quantity ("to" | "-" | "or") quantity
ratio    := amount ("in" | "out of") amount
rank     := ordinal "of" … amount
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from pipeline.stages.figures.amounts import ONE, Amount, read_amount
from pipeline.stages.figures.digits import printable, rounded
from pipeline.stages.figures.lexicon import Lexicon, Unit
from pipeline.stages.figures.tokens import NUM, NUMERIC, ORDINAL, SMALL, SYMBOL, TENS, WORD, Tokens
from pipeline.stages.figures.units import UnitMatch, currency_before, rate_behind, unit_behind

_MAX_SCORE: Final = Decimal(200)
_RANGE_BEFORE: Final = frozenset({"from", "between", "of"})
_RANK_REACH: Final = 4  # words between "of" and the number of a rank: "second of Mosul's five bridges"


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

    @property
    def money(self) -> bool:
        """Tell whether the quantity is an amount of money."""
        return self.unit is not None and self.unit.unit.kind == "money"


def _signed(t: Tokens, lex: Lexicon, first: int) -> bool:
    """Tell whether a minus belongs to the number at token first."""
    if t.at(first - 1) in lex.words("minus"):
        return True
    free = first < 2 or not t.glued(first - 1) or t.word[first - 2] in "(:"
    return t.dash(first - 1) and t.glued(first) and free and t.word[first - 1] in "-−–"


def _currency_suffix(t: Tokens, lex: Lexicon, code: str, j: int) -> int:
    """Skip a "US" that only repeats the dollar sign: "$76 US a barrel"."""
    if code == "USD" and t.kind_at(j) == WORD and t.word[j] == "US" and j + 1 <= len(t.word):
        follows = t.kind_at(j + 1) == SYMBOL or t.at(j + 1) in lex.words("stop")
        return j + 1 if follows else j
    return j


def _part_of(t: Tokens, lex: Lexicon, amount: Amount) -> UnitMatch | None:
    """Return the unit that a fraction is part of: "half an hour", "a quarter of a mile", "1/16 of a US pint"."""
    j = amount.last + 1 if t.at(amount.last) == "of" else amount.last
    if t.at(j) not in lex.words("article"):
        return None
    for k in (j + 1, j + 2):
        unit = unit_behind(t, lex, amount.first, k, amount.value) if k < len(t.word) else None
        if unit is not None and unit.unit.kind == "measure":
            return unit
    return None


def read_quantity(t: Tokens, lex: Lexicon, i: int) -> Quantity | None:
    """Read one number at token i with its currency or unit."""
    money = currency_before(t, lex, i) if i and t.kind[i] != ORDINAL else None
    amount = read_amount(t, lex, i, sure=money is not None)
    if amount is None:
        return None
    first = amount.first
    if money is not None and amount.first == i:
        code, first = money
        match = UnitMatch(Unit(code, "money", code), first, amount.last)
        j = _currency_suffix(t, lex, code, amount.last)
        behind = unit_behind(t, lex, i, j, amount.value)
        if behind is not None and behind.unit.code == code:  # "$5 dollars", "£3.50 sterling"
            match.per, j = behind.per, behind.last
        else:
            rate = rate_behind(t, lex, j)
            if rate is not None:
                match.per, j = rate
        match.last = j
        quantity = Quantity(first, j, amount, amount.value, amount.low, amount.high, match, amount.form, amount.last)
    else:
        unit = unit_behind(t, lex, amount.first, amount.last, amount.value)
        if unit is None and amount.form == "fraction":
            unit = _part_of(t, lex, amount)
        if amount.form in ("vague", "several") and unit is None and t.at(amount.last) == "of":
            unit = unit_behind(t, lex, amount.first, amount.last + 1, amount.high)
        last = unit.last if unit else amount.last
        quantity = Quantity(first, last, amount, amount.value, amount.low, amount.high, unit, amount.form, amount.last)
    if quantity.value is not None and quantity.value > 0 and _signed(t, lex, first):
        quantity.value, quantity.first = -quantity.value, first - 1
    return quantity


def _second(t: Tokens, lex: Lexicon, j: int) -> Quantity | None:
    """Read the second number of a pair, which may have its own currency sign or article."""
    k = j
    for _ in range(4):
        if k >= len(t.word):
            return None
        if t.kind[k] in NUMERIC:
            break
        if t.kind[k] == WORD and t.low[k] not in lex.words("article") and not _currencyish(t, lex, k):
            return None
        k += 1
    else:
        return None
    return read_quantity(t, lex, k) if k < len(t.word) and t.kind[k] in NUMERIC else None


def _currencyish(t: Tokens, lex: Lexicon, k: int) -> bool:
    return t.word[k] in lex.currency_codes or t.word[k] in ("US", "HK", "AU", "NZ", "C", "A", "RM", "Rs", "S")


def _joiner(t: Tokens, lex: Lexicon, q: Quantity) -> int | None:
    """Return the token behind the word or dash that makes a range."""
    j = q.last
    word = t.at(j)
    if word in ("to", "until", "through"):
        k = j + 2 if t.dash(j + 1) and t.glued(j + 1) else j + 1
        return k
    if t.dash(j):
        if t.at(j + 1) == "to" and t.glued(j + 1):
            return j + 3 if t.dash(j + 2) else j + 2
        return j + 1
    if word == "or":
        return j + 1
    if word == "up" and t.at(j + 1) == "to":
        return j + 2
    if word == "~" and t.glued(j):
        return j + 1
    if word == "and" and _between(t, q.first):
        return j + 1
    return None


def _between(t: Tokens, first: int) -> bool:
    return "between" in (t.at(first - 1), t.at(first - 2))


def _moves(t: Tokens, lex: Lexicon, q: Quantity) -> bool:
    """Tell whether a verb of change makes "to" lead to a new level: "rose 5% to 20%"."""
    return t.at(q.first - 1) != "to" and not lex.words("moves").isdisjoint(t.low[max(0, q.first - 3) : q.first])


def _same_unit(a: UnitMatch | None, b: UnitMatch | None) -> bool:
    if a is None or b is None:
        return True
    return a.unit.code == b.unit.code or (a.unit.kind == b.unit.kind == "measure" and a.unit.code == "deg")


def _rangeable(t: Tokens, lex: Lexicon, q: Quantity, r: Quantity, connector: str) -> bool:
    """Tell whether two numbers make a range and not a score, a change or a list."""
    if q.amount.value is None or r.amount.value is None or not _same_unit(q.unit, r.unit):
        return False
    ranged = t.at(q.first - 1) in _RANGE_BEFORE or t.at(q.first - 2) in _RANGE_BEFORE
    if q.unit is not None and r.unit is None and not q.money and not ranged:
        return False
    if connector == "to" and q.unit is not None and not ranged and _moves(t, lex, q):
        return False
    if connector == "or":
        near = r.amount.value > q.amount.value and r.amount.value <= q.amount.value * 2 + 2
        return near and q.unit is None and abs(r.first - q.last) <= 1
    if connector == "-":
        return q.amount.value < r.amount.value
    return True


def _scaled(q: Quantity, r: Quantity) -> Decimal:
    """Give the first number the scale of the second: "33-35 billion"."""
    value = q.amount.value or Decimal(0)
    scale = r.amount.scale
    if q.amount.scale == ONE and scale > ONE and r.amount.value is not None and value < r.amount.value / scale:
        return value * scale
    return value


def join_range(t: Tokens, lex: Lexicon, q: Quantity) -> Quantity:
    """Return the range that starts with q, or q itself."""
    j = _joiner(t, lex, q)
    if j is None or j >= len(t.word) or q.form not in ("number", "fraction"):
        return q
    connector = "-" if t.dash(q.last) and t.at(q.last + 1) != "to" else t.at(q.last)
    r = _second(t, lex, j)
    if r is not None and connector == "to" and t.dash(r.last) and t.kind_at(r.last + 1) == NUM and t.glued(r.last):
        return q  # "from 24.2 to 33-35 billion": the second number is a range of its own
    if r is None or r.form != q.form or not _rangeable(t, lex, q, r, connector):
        return q
    a, b = _scaled(q, r), r.amount.value or Decimal(0)
    unit = r.unit or q.unit
    if q.unit is not None and (r.unit is None or (q.money and not r.unit.per)):
        unit = UnitMatch(q.unit.unit, q.unit.first, r.last, (r.unit or q.unit).per, q.unit.age)
    first = q.first - 1 if t.at(q.first - 1) == "between" else q.first
    return Quantity(first, r.last, q.amount, None, min(a, b), max(a, b), unit, "range", r.number_end)


def _ratio_joint(t: Tokens, lex: Lexicon, q: Quantity) -> tuple[str, int] | None:
    """Return the kind of a ratio and the token of its second number."""
    j = q.last
    if t.at(j) == "in":
        return "in", j + 2 if t.at(j + 1) == "every" else j + 1
    if t.at(j) == "out" and t.at(j + 1) == "of":
        return "out of", j + 3 if t.at(j + 2) == "every" else j + 2
    return ("over", j + 1) if t.at(j) == "over" else None


def _ratio_holds(t: Tokens, joint: str, part: Decimal, whole: Quantity) -> bool:
    """Tell whether a part and a whole are a share, and not a count in a place or over a time."""
    total = whole.value
    if total is None or whole.unit is not None or whole.form != "number" or (whole.amount.plain and total >= 1900):
        return False
    if joint == "over":
        return total > 0 and t.kind_at(whole.last) == SYMBOL
    if not 0 < part < total:
        return False
    return joint == "out of" or part == 1 or (part < 10 and total <= 10)


def join_ratio(t: Tokens, lex: Lexicon, q: Quantity) -> Quantity:
    """Return "one in five", "two out of three" as a share, or q itself."""
    joint = _ratio_joint(t, lex, q)
    if joint is None or q.unit is not None or q.value is None or t.kind_at(joint[1]) not in NUMERIC:
        return q
    whole = read_quantity(t, lex, joint[1])
    if whole is None or not _ratio_holds(t, joint[0], q.value, whole):
        return q
    share = rounded(q.value / (whole.value or ONE))
    return Quantity(q.first, whole.last, q.amount, share, form="ratio", number_end=whole.last)


def join_score(t: Tokens, lex: Lexicon, q: Quantity) -> Quantity:
    """Return "2-0" as a score where the words around speak of a game or a vote, or q itself."""
    j = q.last
    if not t.dash(j) or not q.amount.plain or not (t.glued(j) and t.glued(j + 1)) or q.unit is not None:
        return q
    r = read_amount(t, lex, j + 1) if t.kind_at(j + 1) == NUM else None
    if (
        r is None
        or not r.plain
        or r.value is None
        or q.value is None
        or abs(q.value) > _MAX_SCORE
        or r.value > _MAX_SCORE
    ):
        return q
    around = [*t.low[max(0, q.first - 8) : q.first], *t.low[r.last : r.last + 6]]
    if t.dash(r.last) or lex.words("score").isdisjoint(around):
        return q
    a, b = abs(q.value), r.value
    return Quantity(q.first, r.last, q.amount, None, min(a, b), max(a, b), form="score", number_end=r.last)


def read_rank(t: Tokens, lex: Lexicon, i: int) -> Quantity | None:
    """Read "the second of Mosul's five": value is the rank, high the size of the set."""
    if t.kind[i] != ORDINAL or t.at(i + 1) not in ("of", "out") or t.low[i].endswith("s"):
        return None
    if t.at(i - 1) in lex.words("article") or t.kind_at(i - 1) in NUMERIC or t.dash(i - 1):
        return None
    for k in range(i + 2, min(i + 3 + _RANK_REACH, len(t.word))):
        if t.kind[k] in (NUM, SMALL, TENS):
            total = read_quantity(t, lex, k)
            if (
                total is None
                or total.value is None
                or total.unit is not None
                or (total.amount.plain and total.value > 1000)
            ):
                return None
            rank = lex.values[t.low[i]]
            if not 1 <= rank <= total.value:
                return None
            return Quantity(i, total.last, total.amount, rank, None, total.value, form="rank", number_end=total.last)
        if t.low[k] not in lex.words("determiner") and not (t.capital(k) or t.low[k].endswith("'s")):
            return None
    return None


def representable(q: Quantity) -> bool:
    """Round the numbers of a quantity to what a record can carry; false where one is beyond that."""
    for name in ("value", "low", "high"):
        number = getattr(q, name)
        if number is None:
            continue
        fitting = printable(number)
        if fitting is None:
            return False
        setattr(q, name, fitting)
    return True
