"""What is no figure: dates, years, clock times, labels, model names, addresses, phone numbers, list marks, idioms.

Precision is decided here. Each rule looks at a few tokens around the number and says why the number is a name.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from pipeline.stages.figures.lexicon import Lexicon
from pipeline.stages.figures.nouns import plural
from pipeline.stages.figures.quantities import Quantity
from pipeline.stages.figures.tokens import NUM, NUMERIC, ORDINAL, SYMBOL, WORD, Tokens

_YEARS: Final = (Decimal(1000), Decimal(2100))
_RECENT: Final = (Decimal(1900), Decimal(2050))
_CENTURY: Final = Decimal(1800)
_DAY: Final = Decimal(31)
_ORDINAL_ENDS: Final = frozenset({"st", "nd", "rd", "th"})
_STREET_REACH: Final = 5
_APPROXIMATE: Final = frozenset({"about", "around", "some", "nearly", "almost", "than", "roughly", "least", "approximately", "over", "estimated"})


def _digit_start(t: Tokens, q: Quantity) -> bool:
    return t.kind[q.first] == NUM or (t.dash(q.first) and t.kind_at(q.first + 1) == NUM)


def _year(t: Tokens, lex: Lexicon, q: Quantity) -> bool:
    """A bare four-digit number that is a year, or a pair of them: "in 2019", "the 2014-15 season"."""
    value = q.value if q.value is not None else q.low
    if value is None or not q.amount.plain or len(t.word[q.amount.first]) != 4 or not _YEARS[0] <= abs(value) <= _YEARS[1]:
        return False
    if q.unit is not None:
        return q.unit.per is None and t.dash(q.unit.first - 1) and t.at(q.unit.last) == "old" and False
    i, j = q.amount.first, q.last
    before, after = t.at(i - 1), t.at(j)
    if t.dash(j) and t.glued(j) and t.kind_at(j + 1) == NUM:
        return True
    if before in _APPROXIMATE and not (before in ("around", "about") and _RECENT[0] <= abs(value) <= _RECENT[1]):
        return False
    counted = t.kind_at(j) == WORD and not t.capital(j) and after not in lex.words("stop") and _counts(t, lex, j)
    recent = _RECENT[0] <= abs(value) <= _RECENT[1]
    if before in lex.words("before_year") or before.endswith("'s"):
        return not (counted and before in ("the", "a", "to", "of", "and", "for", "his", "her", "its", "their") and not recent)
    if recent:
        return not (counted and plural(t.at(j), lex))
    return not counted and abs(value) >= _CENTURY and t.kind_at(i - 1) != SYMBOL


def _counts(t: Tokens, lex: Lexicon, j: int) -> bool:
    """Tell whether a plural noun stands at token j or right behind its modifier."""
    return plural(t.low[j], lex) or (t.kind_at(j + 1) == WORD and plural(t.at(j + 1), lex))


def _date(t: Tokens, lex: Lexicon, q: Quantity) -> bool:
    """Part of a date: "Oct. 17", "21 February", "the 17th of May", "5/17/2018", "2019-09-01"."""
    if not _digit_start(t, q) or q.money:
        return False
    i, j, months = q.amount.first, q.amount.last, lex.words("months")
    value = q.amount.value
    if value is None:
        return False
    k = i - 2 if t.at(i - 1) == "." else i - 1
    month_before = t.at(k) in months and (t.capital(k) or not t.capital(0)) and not (t.at(k) == "may" and not t.capital(k))
    if month_before and value <= _DAY and q.amount.plain and (q.unit is None or t.capital(k)):
        return True
    if value <= _DAY and t.at(j) in months and (t.at(j) != "may" or t.capital(j)) and q.amount.plain:
        return True
    if q.form == "range" and t.at(q.last) in months:
        return True
    slash = (t.at(j) in ("/", ".") and t.glued(j) and t.glued(j + 1) and t.kind_at(j + 1) == NUM) or (
        t.at(i - 1) in ("/", ".") and t.glued(i) and t.kind_at(i - 2) == NUM
    )
    if slash and q.form != "fraction":
        return True
    return t.at(i - 1) in ("'", "’") and t.glued(i)


def _pair_of_dashes(t: Tokens, q: Quantity) -> bool:
    """Three numbers with hyphens, or long ones: a date, a phone number, a code."""
    i, j = q.first, q.last
    left = t.dash(i - 1) and t.glued(i) and t.kind_at(i - 2) == NUM and t.glued(i - 1)
    right = t.dash(j) and t.glued(j) and t.glued(j + 1) and t.kind_at(j + 1) == NUM
    inner = q.form == "range" and t.dash(q.amount.last) and len(t.word[q.amount.first]) in (3, 4) and len(t.word[q.last - 1]) == 4
    phone = inner and q.unit is None and t.kind_at(q.last) == SYMBOL and t.word[q.amount.first][0] != "1"
    return left or right or phone or (t.at(i - 1) == "+" and t.glued(i) and (right or len(t.word[i]) > 7))


def _clock(t: Tokens, lex: Lexicon, q: Quantity) -> bool:
    """A time of day: "2 p.m.", "17:22", "0401 GMT", "at 1.56pm"."""
    if q.money or (q.unit is not None and q.unit.first == q.amount.last and q.unit.unit.kind != "measure"):
        return False
    i, j = q.amount.first, q.amount.last
    colon = (t.at(j) == ":" and t.glued(j) and t.glued(j + 1) and t.kind_at(j + 1) == NUM) or (
        t.at(i - 1) == ":" and t.glued(i) and t.kind_at(i - 2) == NUM and t.glued(i - 1)
    )
    if colon:
        return True
    for end in (j, q.last):
        if t.at(end) in lex.words("clock") and not (t.at(end) == "et" and not t.word[end].isupper()):
            return True
    return t.at(j) in lex.words("era") and t.word[j].isupper()


def _suffix(t: Tokens, lex: Lexicon, q: Quantity) -> bool:
    """Letters right behind digits that make an ordinal, a decade or a code: "27th", "1990s", "3D", "5G"."""
    j = q.last
    if q.form == "range" and q.unit is not None:
        return False
    k = q.amount.last if q.unit is None else j
    if t.kind_at(k) != WORD or not t.glued(k) or t.kind_at(k - 1) != NUM:
        return False
    return t.low[k] in _ORDINAL_ENDS or t.low[k] == "s" or q.unit is None or q.unit.first == k


def _glued_before(t: Tokens, q: Quantity) -> bool:
    """Letters right before digits: "MH370", "F-16", "COVID-19", "ID.3", "#3"."""
    i = q.first
    if q.money or not t.glued(i):
        return False
    previous = t.word[i - 1]
    if t.dash(i - 1) and t.glued(i - 1):
        return t.kind_at(i - 2) == WORD and t.low[i - 2] not in ("to", "mid", "a", "the") and t.kind_at(i) == NUM
    if previous == "." and t.glued(i - 1) and t.kind_at(i - 2) == WORD:
        return len(t.word[i - 2]) <= 2
    return previous[-1].isalpha() or previous[-1] in "_@#&"


def _label(t: Tokens, lex: Lexicon, q: Quantity) -> bool:
    """A number that names a thing: "Section 427", "iPhone 11", "Group 7", "Big 12", "No. 1"."""
    i = q.amount.first
    if q.money or q.form not in ("number", "range", "score"):
        return False
    word_value = t.kind[i] != NUM
    if not (q.amount.plain or (word_value and q.amount.last == i + 1)):
        return False
    k = i - 2 if t.at(i - 1) in (".", "-") else i - 1
    if k < 0 or t.kind_at(k) not in (WORD, SYMBOL):
        return False
    label = t.low[k]
    if label in ("#", "№"):
        return True
    if label in lex.words("label"):
        if t.capital(k) or (k > 0 and label not in lex.words("name")):
            return not _still_counts(t, lex, q, k)
        return False
    return label in lex.words("name") and t.capital(k) and not _still_counts(t, lex, q, k)


def _still_counts(t: Tokens, lex: Lexicon, q: Quantity, k: int) -> bool:
    """Tell whether a number behind a label word counts after all: "super 20 fans", "top 10 countries", "line 4 km long"."""
    if q.unit is not None and q.unit.unit.kind in ("percent", "measure") and not t.capital(k):
        return True
    j = q.last
    if t.low[k] in ("number", "no", "nos", "section", "article", "page", "chapter"):
        return False
    counted = t.kind_at(j) == WORD and not t.capital(j) and t.at(j) not in lex.words("stop") and _counts(t, lex, j)
    return counted and (not t.capital(k) or k == 0)


def _named(t: Tokens, lex: Lexicon, q: Quantity) -> bool:
    """A bare whole number right behind a capitalized word that is not the subject of a count: "Galaxy 9", "FTSE 100"."""
    i = q.amount.first
    if q.money or not q.amount.plain or q.form not in ("number",) or i == 0 or not t.capital(i - 1):
        return False
    word = t.low[i - 1]
    if t.kind_at(i - 1) != WORD or word in lex.words("stop") or word in lex.before or word in lex.several:
        return False
    if word.endswith(("'s", "ed", "ing")) or i == 1 or len(t.word[i]) > 4:
        return False
    if q.unit is not None and not t.dash(q.unit.first - 1):
        return False
    j = q.last
    if t.kind_at(j) == WORD and not t.capital(j) and t.at(j) not in lex.words("stop"):
        return False
    return not (t.kind_at(j) == WORD and t.low[j] in ("people", "percent"))


def _address(t: Tokens, lex: Lexicon, q: Quantity) -> bool:
    """A house number: "575 Wilbraham Road", "9 E 71st St"."""
    if not q.amount.plain or not t.capital(q.amount.last):
        return False
    j = q.amount.last
    for k in range(j, min(j + _STREET_REACH, len(t.word))):
        if t.low[k] in lex.words("street") and t.capital(k):
            return True
        if t.kind[k] not in (WORD, NUM, ORDINAL) or (t.kind[k] == WORD and not t.capital(k) and t.low[k] not in _ORDINAL_ENDS):
            return False
    return False


def _list_mark(t: Tokens, q: Quantity) -> bool:
    """A number that opens a list item: "1)", "(2)", "3. The" at the start of a line."""
    i, j = q.amount.first, q.amount.last
    if not q.amount.plain or q.unit is not None:
        return False
    if t.at(j) == ")" and (t.at(i - 1) == "(" or i == 0 or t.at(i - 1) != ")") and len(t.word[i]) <= 2:
        return t.at(i - 1) in ("(", ":", ";", ",", "") or t.kind_at(i - 1) == WORD and t.start[j] > t.end[j - 1]
    return i == 0 and t.at(j) == "." and len(t.word) > 2 and t.end[j] < t.finish


def _one(t: Tokens, lex: Lexicon, q: Quantity) -> bool:
    """The pronoun: "the one who", "no one", "one must"."""
    if q.value != 1 or t.low[q.amount.first] != "one" or q.amount.last != q.amount.first + 1 or q.unit is not None:
        return False
    i, j = q.amount.first, q.amount.last
    before, after = t.at(i - 1), t.at(j)
    if t.dash(j) and t.glued(j):
        return False
    if before in lex.words("one_before"):
        return True
    if after == "of" and t.at(j + 1) in ("us", "them", "you", "whom", "which"):
        return False
    if i == 0 and j >= len(t.word):
        return False
    if after in lex.words("one_after") or not after:
        return t.kind_at(i - 1) == WORD and not (after in (",", ".", ";") and before in ("minus", "is", "negative", "of"))
    return False


def _idiom(t: Tokens, lex: Lexicon, q: Quantity) -> bool:
    """A set phrase that counts nothing: "one another", "half-time", "net zero"."""
    idioms = lex.words("idioms")
    i, j = q.first, q.amount.last
    for a in (i - 2, i - 1, i):
        for b in (j, j + 1, j + 2):
            if a >= 0 and b <= len(t.word) and b - a > 1:
                phrase = t.phrase(a, b)
                if phrase in idioms or phrase.replace(" - ", "-") in idioms:
                    return True
    return False


def _half(t: Tokens, lex: Lexicon, q: Quantity) -> bool:
    """A stretch of play or time: "the second half", "first quarter", and halves that only join words."""
    i, j = q.amount.first, q.amount.last
    if q.form != "fraction" or t.kind[j - 1] not in (ORDINAL, 10):
        return False
    head = t.low[j - 1]
    if t.at(j - 2) in lex.words("half_before") or (j - 1 == i and t.at(i - 1) in lex.words("half_before")):
        return True
    if t.dash(j) and t.glued(j) and t.glued(j + 1):
        return t.kind_at(j + 1) == WORD and q.unit is None
    if head in ("half", "halves"):
        return False
    article = t.at(i) in lex.words("article")
    follows = t.at(j)
    if article and follows != "of":  # "a third man", "a quarter later"
        return t.kind_at(j) in NUMERIC or (t.kind_at(j) == WORD and follows not in ("more", "less", "fewer")) and not (
            follows in lex.words("stop") and follows not in ("time", "quarter")
        )
    return False


_RULES: Final = (_suffix, _year, _date, _clock, _label, _named, _address, _one, _idiom, _half)


def is_label(t: Tokens, lex: Lexicon, q: Quantity) -> bool:
    """Tell whether a number is part of a name, a date, a time or a phrase, and so no figure."""
    if _glued_before(t, q) or _pair_of_dashes(t, q) or _list_mark(t, q):
        return True
    return any(rule(t, lex, q) for rule in _RULES)
