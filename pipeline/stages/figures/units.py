"""Units behind and before a number: money, percent, physical units, rates and ages."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from pipeline.stages.figures.lexicon import Lexicon, Unit
from pipeline.stages.figures.tokens import DASHES, NUM, NUMERIC, SET, SYMBOL, WORD, Tokens

_MAX_FORM: Final = 4  # tokens of the longest unit: "pounds per square inch"
_MAX_PREFIX: Final = 4
_WIDE_ONLY: Final = frozenset({"m", "l", "g", "t", "s", "h", "J", "N", "A", "L", "in", "min", "V", "W", "C", "F", "R"})
_SPACED_LETTERS: Final = frozenset({"m", "g", "l", "L", "W", "V", "F", "R", "A"})
_DEGREES: Final = frozenset({"C", "F"})  # only where the sentence speaks of heat or cold
_AMBIGUOUS_CURRENCY: Final = frozenset({"R", "PS", "Rp", "Tk", "RM", "Y="})
_VERB_FLOOR: Final = Decimal(1000)  # below it "won" is the verb
_STERLING_FLOOR: Final = Decimal(1_000_000)  # from it on "pounds" are money
_SECOND: Final = "s"
_CONTEXT: Final = 12  # tokens on each side in which weight or money is looked for


@dataclass(slots=True)
class UnitMatch:
    """A unit in the text; `last` is the token behind it."""

    unit: Unit
    first: int
    last: int
    per: str | None = None
    age: bool = False

    @property
    def code(self) -> str:
        """Return the unit with its rate: USD/month, [bbl_us]/d."""
        return f"{self.unit.code}/{self.per}" if self.per else self.unit.code


def currency_before(t: Tokens, lex: Lexicon, i: int) -> tuple[str, int] | None:
    """Return the currency that stands before token i, and the token where it starts: "US $", "RM", "EUR"."""
    if t.word[i - 1] not in lex.money_ends:
        return None
    best: tuple[str, int] | None = None
    text = ""
    for k in range(i - 1, max(-1, i - 1 - _MAX_PREFIX), -1):
        if k < i - 1 and t.start[k + 1] - t.end[k] > 1:
            break
        text = t.word[k] + text
        code = lex.currency_symbols.get(text) or (text if text in lex.currency_codes else None)
        if code and not (text in _AMBIGUOUS_CURRENCY and not t.glued[i]) and t.start[i] - t.end[i - 1] <= 1:
            best = (code, k)
    if best is None or (t.glued[best[1]] and t.word[best[1] - 1][-1].isalnum()):
        return None
    if t.word[i - 1] == "R" and "," not in t.word[i] and t.kind[i + 1] == SYMBOL:
        return None
    return best


def rate_behind(t: Tokens, lex: Lexicon, j: int) -> tuple[str, int] | None:  # noqa: PLR0911 - one return a reading
    """Read the base of a rate: "per barrel", "a month", "/cm2", "-a-day"."""
    k = j + 1 if t.low[j] in DASHES and t.low[j + 1] in lex.words("article") and t.low[j + 2] in DASHES else j
    word = t.low[k]
    if word not in lex.words("per"):
        return None
    b = k + 2 if t.low[k + 1] in DASHES else k + 1
    if t.low[b + 1] in lex.words("ago") or (t.kind[b] not in (WORD, SET) and t.low[b] not in lex.words("rate_bases")):
        return None
    if word == "/":
        joined = t.word[b] + (t.word[b + 1] if t.glued[b + 1] and t.kind[b + 1] == NUM else "")
        for text, last in ((joined, b + 2), (t.word[b], b + 1)):
            if text in lex.symbols and (text != t.word[b] or last == b + 1):
                return lex.symbols[text].code, last
        return None
    base = t.low[b]
    if word not in lex.words("per_any") and base not in lex.words("rate_bases"):
        return None
    if base in lex.words("stop") and base not in lex.words("rate_bases"):
        return None
    unit = _form(t, lex, b)
    if unit is not None and unit[0].kind == "measure":
        return unit[0].code, unit[1]
    return lex.shapes[base].singular, b + 1


def _form(t: Tokens, lex: Lexicon, j: int) -> tuple[Unit, int] | None:
    """Match the longest unit written in words at token j."""
    found: tuple[Unit, int] | None = None
    if t.low[j] not in lex.form_starts:
        return None
    text, k = "", j
    for _ in range(_MAX_FORM):
        if t.kind[k] == SYMBOL and k < t.size and t.low[k] in DASHES and k > j and t.glued[k] and t.glued[k + 1]:
            k += 1
        if t.kind[k] == SYMBOL and t.low[k] != "°":
            break
        text = f"{text} {t.low[k]}" if text else t.low[k]
        k += 1
        if text in lex.forms:
            found = lex.forms[text], k
    return found


def _symbol(t: Tokens, lex: Lexicon, j: int) -> tuple[Unit, int] | None:
    """Match the longest symbol at token j; a single letter must stand right behind the digits or end its phrase."""
    if t.word[j] not in lex.symbol_starts:
        return None
    longer = t.glued[j + 1] or t.word[j] in lex.wide_symbols
    for size in (3, 2, 1) if longer else (1,):
        k = j + size
        if k > t.size or t.start[k - 1] - t.end[j] > 4:
            continue
        text = "".join(t.word[j:k])
        unit = lex.symbols.get(text)
        if unit is None or (size > 1 and t.kind[k - 1] == NUM and not t.glued[k - 1]):
            continue
        if size == 1 and not t.glued[j] and text in _WIDE_ONLY and not (text in _SPACED_LETTERS and _ends(t, lex, k)):
            continue
        if text in ("″", "′", '"') or not (t.glued[k] and t.kind[k] in (WORD, NUM)):
            return unit, k
    return None


def _ends(t: Tokens, lex: Lexicon, k: int) -> bool:
    """Tell whether a phrase ends before token k, or goes on with a new word that needs no number."""
    return t.kind[k] == SYMBOL or t.low[k] in lex.words("stop") or t.capital(k)


def _pounds(t: Tokens, lex: Lexicon, i: int, j: int, value: Decimal | None) -> Unit:
    """Decide between weight and money for a word that may be either: "pounds"."""
    weighed, paid = lex.pounds[t.low[j]]
    if t.low[j - 1] in DASHES:
        return weighed
    if value is not None and value >= _STERLING_FLOOR:
        return paid
    weight, money = lex.words("pounds_weight"), lex.words("pounds_money")
    around = [*t.low[max(0, i - _CONTEXT) : i], *t.low[j + 1 : j + _CONTEXT]]
    if not weight.isdisjoint(around) or t.low[j + 1] in lex.words("of"):
        return weighed
    signed = not lex.words("pounds_signs").isdisjoint(t.word)
    return paid if signed or not money.isdisjoint(around) else weighed


def _longer(a: tuple[Unit, int] | None, b: tuple[Unit, int] | None) -> tuple[Unit, int] | None:
    if a is None or b is None:
        return a or b
    return a if a[1] >= b[1] else b


def _money_mark(t: Tokens, lex: Lexicon, j: int) -> tuple[Unit, int] | None:
    """Match a currency code or sign behind a number: "500 EUR", "15€"; a sign glued to digits belongs to those."""
    word = t.word[j]
    if word in lex.scaled_codes:
        code = lex.scaled_codes[word]
        return Unit(code, "money", code), j + 1
    if word in lex.currency_codes and not (t.kind[j + 1] == NUM and t.glued[j + 1]):
        return Unit(word, "money", word), j + 1
    ahead = t.kind[j + 1] == NUM or (t.kind[j + 1] in NUMERIC and t.glued[j + 1])
    if t.kind[j] == SYMBOL and word in lex.currency_symbols and not ahead:
        code = lex.currency_symbols[word]
        return Unit(code, "money", code), j + 1
    return None


def _age(t: Tokens, lex: Lexicon, j: int) -> int:
    """Return the token behind "-old", "old", "of age" at token j, or j where no age follows."""
    k = j + 1 if t.low[j] in DASHES else j
    if t.low[k] in lex.words("age"):
        return k + 1
    return j + 2 if t.phrase(j, j + 2) in lex.words("age") else j


def _accepted(
    t: Tokens, lex: Lexicon, i: int, j: int, *, found: tuple[Unit, int], value: Decimal | None
) -> Unit | None:
    """Return the unit in its context, or nothing where the word is no unit here."""
    unit, word = found[0], t.low[j]
    whole = t.kind[j - 1] == NUM and t.word[j - 1].isdecimal() and t.glued[j]
    decade = whole and unit.code == t.word[j] == _SECOND and t.word[j - 1][-1] == "0"  # the 1960s
    if decade or (whole and len(word) == 1 and t.word[j].isupper() and t.capital(j - 2)):  # Launch Pad 39A
        return None
    if t.word[j] in _DEGREES and found[1] == j + 1 and lex.words("heat").isdisjoint(t.seen):
        return lex.otherwise.get(t.word[j])
    if word in lex.words("glued_parts") and not t.glued[j]:
        return None
    if word in lex.words("money_verbs") and (value is None or value < _VERB_FLOOR):
        return None
    if word in lex.pounds and found[1] == j + 1:
        return _pounds(t, lex, i, j, value)
    return unit


def _unit_start(t: Tokens, lex: Lexicon, last: int) -> int | None:
    """Return the token where a unit behind a number may begin, or nothing: most words behind numbers are no units."""
    j = last + 1 if t.low[last] in DASHES and t.glued[last] and t.glued[last + 1] else last
    if t.word[j] not in lex.unit_starts and t.low[j] not in lex.form_starts:
        national = t.low[j + 1] in lex.words("national") and t.capital(j)  # "60 million Japanese yen"
        return j + 1 if national else None
    tokenized = t.word[j] == "-" and not t.glued[j] and t.kind[j + 1] == WORD
    return j + 1 if tokenized and t.low[j + 1] in lex.words("rate_bases") else j  # "45 - acre"


def unit_behind(t: Tokens, lex: Lexicon, i: int, last: int, value: Decimal | None) -> UnitMatch | None:
    """Return the unit behind a number that covers tokens i to last."""
    j = _unit_start(t, lex, last)
    named = t.low[i - 1] in lex.words("unit_before")
    if named:  # "a magnitude 6.4 earthquake"
        return UnitMatch(lex.forms[t.low[i - 1]], i - 1, last)
    if j is None:
        return None
    found = _money_mark(t, lex, j) or _longer(_symbol(t, lex, j), _form(t, lex, j))
    if found is None:
        return None
    unit = _accepted(t, lex, i, j, found=found, value=value)
    if unit is None:
        return None
    match = UnitMatch(unit, j, found[1])
    if unit.kind == "measure":
        after = _age(t, lex, match.last)
        if after > match.last and unit.code in ("a", "mo", "wk", "d"):
            match.last, match.age = after, True
            return match
    rate = rate_behind(t, lex, match.last)
    if rate is not None:
        match.per, match.last = rate
        again = rate_behind(t, lex, match.last) if unit.kind == "measure" else None
        if again is not None:  # "nine litres per person per day"
            match.per, match.last = f"{match.per}/{again[0]}", again[1]
    return match
