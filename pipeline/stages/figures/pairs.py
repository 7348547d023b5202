"""What two numbers make: ranges, shares, scores, ranks and money in two parts.

range: "between A and B", "A to B", "A-B", "A or B". ratio: "one in five", "two out of three". score: "2-0".
rank: "the second of Mosul's five". parts: "three dollars and 50 cents".
"""

from __future__ import annotations

from decimal import Decimal
from enum import Enum, auto
from typing import Final

from pipeline.stages.figures.digits import rounded
from pipeline.stages.figures.groups import ONE
from pipeline.stages.figures.lexicon import Lexicon
from pipeline.stages.figures.quantities import Quantity, read_quantity
from pipeline.stages.figures.tokens import DASHES, NUM, NUMERIC, SMALL, SYMBOL, TENS, WORD, Tokens
from pipeline.stages.figures.units import UnitMatch

_MAX_SCORE: Final = Decimal(200)
_MAX_VOTES: Final = Decimal(3000)  # the largest parliament
_SCORE_LEFT: Final = 8  # tokens around a score in which a game or a vote shows
_SCORE_RIGHT: Final = 6
_RANK_REACH: Final = 4  # words between "of" and the number of a rank
_PREFIX: Final = 4  # tokens between a joint and its number: "to US $93"
_FIRST_YEAR: Final = 1900
_HUNDREDTHS: Final = Decimal(100)


class Joint(Enum):
    """What ties two numbers; the words for it are data."""

    TO = auto()
    DASH = auto()
    OR = auto()
    AND = auto()
    IN = auto()
    OUT_OF = auto()
    OVER = auto()


def _second(t: Tokens, lex: Lexicon, j: int) -> Quantity | None:
    """Read the second number of a pair, which may have its own currency sign or article."""
    for k in range(j, min(j + _PREFIX, t.size)):
        if t.kind[k] in NUMERIC:
            return read_quantity(t, lex, k)
        money = t.word[k] in lex.currency_codes or t.word[k] in lex.currency_prefixes
        if t.kind[k] == WORD and t.low[k] not in lex.words("article") and not money:
            return None
    return None


def _joint(t: Tokens, lex: Lexicon, q: Quantity) -> tuple[Joint, int] | None:  # noqa: PLR0911 - one return a joint
    """Return the kind of a joint behind a number, and the token behind it."""
    j, word = q.last, t.low[q.last]
    if word in lex.words("to"):
        return Joint.TO, j + 2 if t.low[j + 1] in DASHES and t.glued[j + 1] else j + 1
    if t.low[j] in DASHES:
        if t.low[j + 1] in lex.words("to") and t.glued[j + 1]:  # "0-to-60"
            return Joint.TO, j + 3 if t.low[j + 2] in DASHES else j + 2
        return Joint.DASH, j + 1
    if word in lex.words("or"):
        return Joint.OR, j + 1
    if word in lex.words("up") and t.low[j + 1] in lex.words("to"):
        return Joint.TO, j + 2
    if word in lex.words("and") and not lex.words("between").isdisjoint((t.low[q.first - 1], t.low[q.first - 2])):
        return Joint.AND, j + 1
    return (Joint.DASH, j + 1) if word == "~" and t.glued[j] else None


def _moves(t: Tokens, lex: Lexicon, q: Quantity) -> bool:
    """Tell whether a verb of change makes "to" lead to a new level: "rose 5% to 20%"."""
    before = t.low[max(0, q.first - 3) : q.first]
    return t.low[q.first - 1] not in lex.words("to") and not lex.words("moves").isdisjoint(before)


def _same_unit(a: UnitMatch | None, b: UnitMatch | None) -> bool:
    if a is None or b is None:
        return True
    if a.age != b.age:
        return False
    return a.unit.code == b.unit.code or (a.unit.kind == b.unit.kind == "measure" and a.unit.code == "deg")


def _rangeable(t: Tokens, lex: Lexicon, q: Quantity, r: Quantity, joint: Joint) -> bool:
    """Tell whether two numbers make a range and not a change, a list or two figures."""
    a, b = q.amount.value, r.amount.value
    if a is None or b is None or not _same_unit(q.unit, r.unit):
        return False
    if q.unit is None and r.unit is not None and r.unit.first < r.amount.first:
        return False  # "up in 2015 to $221bn"
    ranged = not lex.words("range_before").isdisjoint((t.low[q.first - 1], t.low[q.first - 2]))
    if (
        q.unit is not None
        and not ranged
        and ((r.unit is None and not q.money) or (joint is Joint.TO and _moves(t, lex, q)))
    ):
        return False
    if joint is Joint.OR:
        return a < b <= a * 2 + 2 and q.unit is None and r.first - q.last <= 1
    return joint is not Joint.DASH or a < b


def _scaled(q: Quantity, r: Quantity) -> Decimal:
    """Give the first number the scale of the second: "33-35 billion"."""
    a, b, scale = q.amount.value or Decimal(0), r.amount.value or Decimal(0), r.amount.scale
    return a * scale if q.amount.scale == ONE < scale and a < b / scale else a


def _voted(t: Tokens, lex: Lexicon, q: Quantity, r: Quantity) -> bool:
    """Tell whether "12 to 5" is a vote: two bare numbers behind a verb of voting."""
    bare = q.unit is None and r.unit is None and q.amount.scale == r.amount.scale == ONE
    return bare and not lex.words("voting").isdisjoint(t.low[max(0, q.first - 2) : q.first])


def join_range(t: Tokens, lex: Lexicon, q: Quantity) -> Quantity:
    """Return the range that starts with q, or q itself."""
    joint = _joint(t, lex, q)
    r = _second(t, lex, joint[1]) if joint is not None else None
    if joint is None or r is None or r.form != q.form or not _rangeable(t, lex, q, r, joint[0]):
        return q
    if joint[0] is Joint.TO and t.low[r.last] in DASHES and t.glued[r.last] and t.kind[r.last + 1] == NUM:
        return q  # "from 24.2 to 33-35 billion": the second number is a range of its own
    if joint[0] is Joint.TO and _voted(t, lex, q, r):
        a, b = q.value or Decimal(0), r.value or Decimal(0)
        return Quantity(q.first, r.last, q.amount, None, min(a, b), max(a, b), form="score", number_end=r.last)
    a, b = _scaled(q, r), r.amount.value or Decimal(0)
    unit = r.unit or q.unit
    if q.unit is not None and (r.unit is None or (q.money and not r.unit.per)):
        unit = UnitMatch(q.unit.unit, q.unit.first, r.last, (r.unit or q.unit).per, q.unit.age)
    first = q.first - 1 if t.low[q.first - 1] in lex.words("between") else q.first
    return Quantity(first, r.last, q.amount, None, min(a, b), max(a, b), unit, "range", r.number_end)


def _ratio_joint(t: Tokens, lex: Lexicon, q: Quantity) -> tuple[Joint, int] | None:
    """Return the kind of a ratio and the token of its second number."""
    j = q.last
    kind: Joint | None = None
    if t.low[j] in lex.words("in"):
        kind, j = Joint.IN, j + 1
    elif t.low[j] in lex.words("out") and t.low[j + 1] in lex.words("of"):
        kind, j = Joint.OUT_OF, j + 2
    elif t.low[j] in lex.words("of") and t.low[j + 1] in lex.words("every"):
        kind, j = Joint.OUT_OF, j + 1
    elif t.low[j] in lex.words("over"):
        kind, j = Joint.OVER, j + 1
    return (kind, j + 1 if t.low[j] in lex.words("every") else j) if kind else None


def _share(t: Tokens, joint: Joint, part: Decimal, whole: Quantity) -> bool:
    """Tell whether a part and a whole are a share, and not a count in a place or over a time."""
    total = whole.value
    if total is None or whole.unit is not None or whole.form != "number":
        return False
    if whole.amount.plain and total >= _FIRST_YEAR:
        return False
    if joint is Joint.OVER:
        return total > 0 and t.kind[whole.last] == SYMBOL
    return 0 < part < total and (joint is Joint.OUT_OF or part == 1 or (part < 10 and total <= 10))


def join_ratio(t: Tokens, lex: Lexicon, q: Quantity) -> Quantity:
    """Return "one in five", "two out of three" as a share, or q itself."""
    joint = _ratio_joint(t, lex, q)
    if joint is None or q.unit is not None or q.value is None or t.kind[joint[1]] not in NUMERIC:
        return q
    whole = read_quantity(t, lex, joint[1])
    if whole is None or not _share(t, joint[0], q.value, whole):
        return q
    share = rounded(q.value / (whole.value or ONE))
    return Quantity(q.first, whole.last, q.amount, share, form="ratio", number_end=whole.last)


def _score_dash(t: Tokens, j: int) -> int | None:
    """Return the token behind the dash of a score: "2-0", "2 – 0"."""
    if t.low[j] not in DASHES or t.low[j + 1] in DASHES or t.glued[j] != t.glued[j + 1]:
        return None
    return j + 1 if t.kind[j + 1] == NUM and t.low[j + 2] not in DASHES else None


def join_score(t: Tokens, lex: Lexicon, q: Quantity) -> Quantity:
    """Return "2-0" as a score, or q itself.

    Small whole numbers with a dash are a score where the words around speak of a game or a vote, and also where the
    second is not larger than the first, for then they are no range.
    """
    j = _score_dash(t, q.last)
    if j is None or not q.amount.plain or q.unit is not None or q.value is None:
        return q
    other = read_quantity(t, lex, j)
    if other is None or not other.amount.plain or other.unit is not None or other.value is None:
        return q
    a, b = abs(q.value), other.value
    around = [*t.low[max(0, q.first - _SCORE_LEFT) : q.first], *t.low[other.last : other.last + _SCORE_RIGHT]]
    if max(a, b) > _MAX_SCORE and (max(a, b) > _MAX_VOTES or lex.words("votes").isdisjoint(around)):
        return q
    if b > a and lex.words("score").isdisjoint(around):
        return q
    return Quantity(q.first, other.last, q.amount, None, min(a, b), max(a, b), form="score", number_end=other.last)


def _bare_part(t: Tokens, lex: Lexicon, q: Quantity, part: Quantity) -> Quantity:
    """Return money with cents that name no unit: "15 dollars 50", "thirteen dollars forty-five"."""
    whole = q.unit is not None and q.unit.first >= q.number_end and q.value == (q.value or ONE).to_integral_value()
    digits = part.amount.plain and len(t.word[part.first]) == 2
    spelled = part.amount.words and part.value is not None and 10 <= part.value < _HUNDREDTHS
    ends = t.kind[part.last] == SYMBOL or (part.first == q.last and t.low[part.last] in lex.words("stop"))
    if not whole or not (digits or spelled) or not ends or q.amount.scale != ONE or part.form != "number":
        return q
    value = (q.value or ONE) + (part.value or ONE) / _HUNDREDTHS
    return Quantity(q.first, part.last, q.amount, value, unit=q.unit, number_end=q.number_end)


def join_parts(t: Tokens, lex: Lexicon, q: Quantity) -> Quantity:
    """Return money stated in two parts as one amount: "three dollars and 50 cents", or q itself."""
    if q.unit is None or not q.money or q.value is None or q.unit.unit.code in lex.money_parts or q.unit.per:
        return q
    j = q.last + 1 if t.low[q.last] in lex.words("and") else q.last
    part = read_quantity(t, lex, j) if t.kind[j] in NUMERIC else None
    if part is None or part.value is None:
        return q
    if part.unit is None:
        return _bare_part(t, lex, q, part)
    if part.unit.unit.code not in lex.money_parts:
        return q
    if not 0 <= part.value < _HUNDREDTHS or part.form != "number" or part.unit.first < part.number_end:
        return q
    value = q.value + part.value / _HUNDREDTHS
    return Quantity(q.first, part.last, q.amount, value, unit=q.unit, number_end=q.number_end)


def read_rank(t: Tokens, lex: Lexicon, i: int) -> Quantity | None:
    """Read "the second of Mosul's five": value is the rank, high the size of the set."""
    if t.low[i + 1] not in lex.words("of") or t.low[i] in lex.words("parts"):
        return None
    if t.low[i - 1] in lex.words("article") or t.kind[i - 1] in NUMERIC or t.low[i - 1] in DASHES:
        return None
    for k in range(i + 2, min(i + 3 + _RANK_REACH, t.size)):
        if t.kind[k] in (NUM, SMALL, TENS):
            return _rank(t, lex, i, k)
        if t.low[k] not in lex.words("determiner") and not (t.capital(k) or t.low[k].endswith(lex.possessive)):
            return None
    return None


def _rank(t: Tokens, lex: Lexicon, i: int, k: int) -> Quantity | None:
    """Return the rank at token i within the number at token k."""
    total, rank = read_quantity(t, lex, k), lex.values[t.low[i]]
    if total is None or total.value is None or total.unit is not None or not 1 <= rank <= total.value:
        return None
    if total.amount.plain and total.value >= _FIRST_YEAR:
        return None
    return Quantity(i, total.last, total.amount, rank, None, total.value, form="rank", number_end=total.last)
