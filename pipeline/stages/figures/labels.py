"""What is no figure: labels, model names, addresses, list marks, pronouns and idioms; dates are in `dates`.

Precision is decided here. Each rule looks at a few tokens around the number and says why the number is a name.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from pipeline.stages.figures.dates import is_clock, is_code, is_date, is_suffixed, is_year
from pipeline.stages.figures.lexicon import Lexicon
from pipeline.stages.figures.nouns import counts_at
from pipeline.stages.figures.quantities import Quantity
from pipeline.stages.figures.tokens import DASHES, HALF, NUM, NUMERIC, ORDINAL, WORD, Tokens

_SURE: Final = frozenset({"money", "percent"})  # no name ends in a currency or a percent sign
_STREET_REACH: Final = 5
_YEAR_DIGITS: Final = 4
_ROW_STARTS: Final = frozenset({";", ":"})
_ROW_ENDS: Final = frozenset({";", ".", ",", ""})
_TITLE_WORDS: Final = 4
_TITLE_SHARE: Final = 0.7  # more capitals than that: a headline, where capitals say nothing


def _title_case(t: Tokens) -> bool:
    """Tell whether a sentence is set as a headline."""
    words = [word for word, kind in zip(t.word, t.kind, strict=True) if kind == WORD and len(word) > 2]
    return len(words) > _TITLE_WORDS and sum(word[0].isupper() for word in words) > _TITLE_SHARE * len(words)


def _glued_before(t: Tokens, lex: Lexicon, q: Quantity) -> bool:
    """Letters right before digits: "MH370", "F-16", "COVID-19", "ID.3"."""
    i = q.first
    if q.money or not t.glued[i]:
        return False
    previous = t.word[i - 1]
    if t.low[i - 1] in DASHES and t.glued[i - 1]:
        return t.kind[i - 2] == WORD and t.low[i - 2] not in lex.words("joining")
    if previous == "." and t.glued[i - 1] and t.kind[i - 2] == WORD:
        return len(t.word[i - 2]) <= 2
    return previous[-1].isalpha() or previous[-1] in "_@#&%="


def _bare_whole(t: Tokens, q: Quantity) -> bool:
    """Tell whether a number is one whole number without currency, in digits or one word."""
    i = q.amount.first
    one_word = t.kind[i] != NUM and q.amount.last == i + 1
    return not q.money and q.form in ("number", "range") and (q.amount.plain or one_word)


def _label(t: Tokens, lex: Lexicon, q: Quantity) -> bool:
    """A number that names a thing: "Section 427", "iPhone 11", "Group 7", "Big 12", "No. 1", "ID: 55"."""
    i = q.amount.first
    k = i - 2 if t.low[i - 1] in (".", "-", ":") else i - 1
    word = t.low[k]
    if k < 0 or not _bare_whole(t, q) or (t.low[i - 1] == ":" and word in lex.words("measured")):
        return False
    if word in ("#", "№"):
        return True
    capital = t.capital(k)
    named = capital and word in lex.words("name")
    spelled = t.kind[i] != NUM and k == i - 1  # "day five", "chapter one"
    labelled = word in lex.words("label") and (capital or spelled or word not in lex.words("name"))
    return (named or labelled) and not _still_counts(t, lex, q, k)


def _still_counts(t: Tokens, lex: Lexicon, q: Quantity, k: int) -> bool:
    """Tell whether a number behind a label word counts after all: "the top 10 countries", "a line 4 km long"."""
    if q.unit is not None:
        return q.unit.unit.kind == "percent" or not t.capital(k)
    return t.low[k] in lex.words("counts_too") and not t.capital(k) and counts_at(t, lex, q.last)


def _name_of(t: Tokens, lex: Lexicon, q: Quantity) -> bool:
    """A number that ends the name of a body: "the Group of 77", "the Committee of Five"."""
    i = q.amount.first
    return t.low[i - 1] in lex.words("of") and t.capital(i - 2) and t.low[i - 2] in lex.words("name_of")


def _model(t: Tokens, lex: Lexicon, q: Quantity) -> bool:
    """A number that opens a name: "a 737 MAX", "3 Division"; in a headline capitals say nothing."""
    i, j = q.amount.first, q.amount.last
    if not q.amount.plain or q.unit is not None or q.form != "number" or t.kind[j] != WORD or not t.capital(j):
        return False
    if t.low[j] in lex.words("formation"):
        return True
    return t.low[i - 1] in lex.words("article") and not counts_at(t, lex, j + 1) and not _title_case(t)


def _named(t: Tokens, lex: Lexicon, q: Quantity) -> bool:
    """A bare whole number behind a capitalized word that no count follows: "Galaxy 9", "FTSE 100", "the S&P 500"."""
    i = q.amount.first
    if not q.amount.plain or not _bare_whole(t, q) or q.form != "number" or len(t.word[i]) > 4:
        return False
    if not t.capital(i - 1) or t.kind[i - 1] != WORD or (q.unit is not None and t.low[q.unit.first - 1] not in DASHES):
        return False
    word = t.low[i - 1]
    if word in lex.words("stop") or word in lex.words("verbs") or word in lex.before or word in lex.several:
        return False
    if word.endswith(lex.unnamed_endings) or word in lex.terms or counts_at(t, lex, q.last):
        return False
    return not (_heads_row(t, q) or _title_case(t))


def _heads_row(t: Tokens, q: Quantity) -> bool:
    """Tell whether the name before a number is that of a row: "Houses destroyed: Norte 212; Oriente 98"."""
    k = q.first - 1
    while k >= 0 and t.kind[k] == WORD and t.capital(k):
        k -= 1
    return k >= 0 and t.low[k] in _ROW_STARTS and t.low[q.last] in _ROW_ENDS


def _named_word(t: Tokens, lex: Lexicon, q: Quantity) -> bool:  # noqa: ARG001 - every rule takes the same arguments
    """A capitalized number word inside a sentence: "the Big Ten", "Five Eyes", "Kick Six"."""
    i = q.amount.first
    if i == 0 or t.kind[i] == NUM or not t.capital(i) or not t.word[i][1:].islower() or q.unit is not None:
        return False
    neighbour = (t.capital(i - 1) and t.kind[i - 1] == WORD) or (t.capital(q.last) and t.kind[q.last] == WORD)
    return neighbour and q.amount.last == i + 1 and not _title_case(t)


def _address(t: Tokens, lex: Lexicon, q: Quantity) -> bool:
    """A house number: "575 Wilbraham Road", "9 E 71st St"."""
    j = q.amount.last
    if not q.amount.plain or not t.capital(j):
        return False
    for k in range(j, min(j + _STREET_REACH, t.size)):
        if t.low[k] in lex.words("street") and t.capital(k):
            return True
        if not t.capital(k) and t.kind[k] not in (NUM, ORDINAL) and t.low[k] not in lex.words("ordinal_ends"):
            return False
    return False


def _list_mark(t: Tokens, lex: Lexicon, q: Quantity) -> bool:  # noqa: ARG001 - every rule takes the same arguments
    """A number that opens a list item: "1)", "(2)", "3. The"."""
    i, j = q.amount.first, q.amount.last
    if not q.amount.plain or q.unit is not None or len(t.word[i]) > 2:
        return False
    if t.low[j] == ")":
        return i == 0 or t.low[i - 1] in ("(", ":", ";", ",") or t.start[j] > t.end[j - 1]
    return i == 0 and t.low[j] == "." and t.end[j] < t.finish


def _one(t: Tokens, lex: Lexicon, q: Quantity) -> bool:
    """The pronoun: "the one who", "no one", "after one fell"; "one of the five" and "one bridge" count."""
    i, j = q.amount.first, q.amount.last
    other = q.value not in (1, -1) or q.form != "number" or q.unit is not None
    if other or j != i + 1 or t.low[i] not in lex.words("one"):
        return False
    before, after = t.low[i - 1], t.low[j]
    if (t.low[j] in DASHES and t.glued[j]) or (before in lex.words("of") and t.low[i - 2] in lex.words("collectives")):
        return False
    if before in lex.words("one_before"):
        return True
    if after in lex.words("of"):
        return t.low[j + 1] in lex.words("pronoun_object")
    if t.kind[j] == WORD:
        return after in lex.words("stop") or after in lex.words("one_after") or lex.shapes[after].verbal
    alone = i == 0 and t.size <= 2
    return not alone and q.value == 1 and before not in lex.words("one_counts")


def _idiom(t: Tokens, lex: Lexicon, q: Quantity) -> bool:
    """A set phrase that counts nothing: "one another", "half-time", "net zero"."""
    if lex.idiom_numbers.isdisjoint(t.low[q.amount.first : q.amount.last]):
        return False
    idioms = lex.words("idioms")
    i, j = q.first, q.amount.last
    for a in range(max(0, i - 2), i + 1):
        for b in range(j, min(j + 2, t.size) + 1):
            phrase = t.phrase(a, b)
            if phrase in idioms or phrase.replace(" - ", "-") in idioms:
                return True
    return False


def _half(t: Tokens, lex: Lexicon, q: Quantity) -> bool:
    """A stretch of play or time ("the second half"), a word joined with half, an ordinal ("a third man")."""
    i, j = q.amount.first, q.amount.last
    if q.form != "fraction" or t.kind[j - 1] not in (ORDINAL, HALF):
        return False
    stretches = lex.words("half_before")
    if t.low[j - 2] in stretches or (j - 1 == i and t.low[i - 1] in stretches):
        return True
    if t.low[j] in DASHES and t.glued[j] and t.glued[j + 1]:
        return t.kind[j + 1] == WORD and q.unit is None
    if t.kind[j - 1] == HALF or t.low[i] not in lex.words("article") or t.low[j] in lex.words("of"):
        return False
    if t.kind[j] in NUMERIC:
        return True
    return t.kind[j] == WORD and (t.low[j] not in lex.words("stop") or t.low[j] in lex.words("ordinal_time"))


_Rule = Callable[[Tokens, Lexicon, Quantity], bool]
_OF_DIGITS: Final[tuple[_Rule, ...]] = (
    _glued_before, is_suffixed, is_year, is_date, is_clock, _list_mark, _label, _named, _model, _name_of, _address,
)  # fmt: skip
_OF_LARGE: Final[tuple[_Rule, ...]] = (_glued_before, is_suffixed, is_date, is_clock)
_OF_WORDS: Final[tuple[_Rule, ...]] = (_glued_before, is_clock, _label, _named_word, _name_of, _one, _idiom, _half)


def _clear(t: Tokens, lex: Lexicon, q: Quantity) -> bool:
    """Tell by its neighbours that no rule can apply: digits between two plain words that none of the rules knows."""
    i, j = q.first, q.last
    if (
        q.unit is not None
        or not q.amount.plain
        or j != i + 1
        or len(t.word[i]) == _YEAR_DIGITS
        or t.glued[i]
        or t.glued[j]
    ):
        return False
    if t.kind[j] != WORD or not t.word[j].islower() or t.low[j] in lex.label_marks:
        return False
    return i == 0 or (t.kind[i - 1] == WORD and t.word[i - 1].islower() and t.low[i - 1] not in lex.label_marks)


def is_label(t: Tokens, lex: Lexicon, q: Quantity) -> bool:
    """Tell whether a number is part of a name, a date, a time or a phrase, and so no figure."""
    if q.unit is not None and q.unit.unit.kind in _SURE:
        return False
    if _clear(t, lex, q):
        return False
    if is_code(t, q):
        return True
    rules = _OF_WORDS if t.kind[q.amount.first] != NUM else _OF_DIGITS if q.amount.plain else _OF_LARGE
    for rule in rules:  # noqa: SIM110 - a plain loop costs half of any() here
        if rule(t, lex, q):
            return True
    return False
