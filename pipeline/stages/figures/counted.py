"""What a number counts: unit, object and kind of each claim, written or implied."""

from __future__ import annotations

from typing import Final

from pipeline.stages.figures.claims import AGE, Claim
from pipeline.stages.figures.dates import is_multiple
from pipeline.stages.figures.lexicon import Lexicon
from pipeline.stages.figures.nouns import Noun, counted_noun, noun_between, unit_of
from pipeline.stages.figures.places import Named
from pipeline.stages.figures.quantities import Quantity, read_quantity
from pipeline.stages.figures.tokens import DASHES, NUMERIC, SYMBOL, WORD, Tokens
from pipeline.stages.figures.units import rate_behind

_AGES: Final = (1, 120)
_AGE_REACH: Final = 4  # tokens from "aged" to its number
_AGE_ENDS: Final = frozenset({",", ".", ";", ")", "!", "”", '"', ""})
_ADULT: Final = 16  # below it a number right behind a name is rather part of it: "Mate 9"
_YEAR: Final = "a"
_SPANS: Final = frozenset({"a", "mo", "wk", "d"})  # units of time that an age is given in
_SHARES: Final = frozenset({"fraction", "ratio"})


def _age_of_person(t: Tokens, lex: Lexicon, q: Quantity) -> bool:
    """Tell whether commas set a bare number off as an age: "Maddon, 66, has"."""
    i, j = q.first, q.last
    if not q.amount.plain or q.value is None or not _AGES[0] <= q.value <= _AGES[1]:
        return False
    k = i - 2 if t.low[i - 1] in lex.words("age_now") else i - 1
    named = t.capital(k - 1) or (t.low[k - 1] in lex.words("person") and not lex.shapes[t.low[k - 1]].plural)
    return t.low[k] == "," and named and t.low[j] in _AGE_ENDS and t.kind[j + 1] not in NUMERIC


def _aged(t: Tokens, lex: Lexicon, q: Quantity) -> bool:
    """Tell whether a bare number is an age by the words before it: "aged 35", "children under 5"."""
    if not (q.amount.plain or q.amount.words) or (q.value or q.high or 0) > _AGES[1]:
        return False
    k = q.first - 1
    if _said_of(t, lex, q):
        return True
    who = t.low[k - 1]
    if t.low[k] in lex.words("of") and who in lex.words("aged_nouns"):
        return t.kind[q.last] != WORD or not lex.shapes[t.low[q.last]].nominal
    if t.low[k] in lex.words("age_bounds") and (
        unit_of(lex.shapes[who].singular, lex) == "person"
        or (who in lex.words("age_of") and t.low[k] in lex.words("age_sure"))
    ):
        return t.kind[q.last] != WORD or t.low[q.last] in lex.words("stop")
    while t.low[k] in lex.words("between_age"):
        k -= 1
    return t.low[k] in lex.words("age_before") and q.first - k <= _AGE_REACH


def _said_of(t: Tokens, lex: Lexicon, q: Quantity) -> bool:
    """Tell whether a pronoun has the number as its age: "when she was six", "At just 20, he"."""
    i, j = q.first, q.last
    ends = t.low[j] in _AGE_ENDS or (
        t.kind[j] == WORD and t.low[j] in lex.words("stop") and t.low[j] not in lex.words("of")
    )
    if t.low[i - 1] in lex.words("age_direct"):
        return ends and t.low[j] not in lex.words("in")
    if t.low[i - 1] in lex.words("age_verbs") and t.low[i - 2] in lex.words("age_subjects"):
        return ends and t.low[j] not in DASHES and t.low[j] not in lex.words("in")
    k = i - 2 if t.low[i - 1] in lex.words("only") else i - 1
    return k <= 1 and t.low[k] in lex.words("at") and t.low[j] == "," and t.low[j + 1] in lex.words("age_subjects")


def _strong(t: Tokens, lex: Lexicon, q: Quantity) -> str | None:
    """Return the unit that "-strong" implies."""
    return lex.implied.get(t.low[q.last + 1]) if t.low[q.last] in DASHES else None


def _object_noun(t: Tokens, lex: Lexicon, q: Quantity) -> Noun | None:
    """Return the noun behind an amount with a unit: "5% of its workforce", "a $48 million contract"."""
    j = q.last
    if t.low[j] in lex.words("of"):
        k = j + 1
        while t.low[k] in lex.words("determiner") or t.low[k] in lex.words("article"):
            k += 1
        return counted_noun(t, lex, k, one=True, ratio=True) if t.kind[k] == WORD else None
    return counted_noun(t, lex, j, one=True)


def _behind_measure(t: Tokens, lex: Lexicon, q: Quantity) -> Noun | None:
    """Return the noun behind a measure that describes it: "eight million 250ml bottles"."""
    measure = read_quantity(t, lex, q.last)
    if measure is None or (measure.unit is None and t.low[measure.last] not in DASHES):
        return None
    j = measure.last
    if measure.unit is None:  # "two four-bedroom houses"
        j += 2
    noun = counted_noun(t, lex, j, one=q.value == 1)
    return noun if noun is not None and t.low[noun.head] != noun.word else None


def _stands_for_age(t: Tokens, lex: Lexicon, q: Quantity) -> bool:
    """Tell whether a time is an age by the word before it: "aged 8-10 years", "at the age of four months"."""
    k = q.first - 1
    if t.low[k] in lex.words("of"):
        k -= 1
    return t.low[k] in lex.words("age_before") and t.low[k] not in lex.words("between_age")


def _fill_unit(t: Tokens, lex: Lexicon, claim: Claim) -> None:
    q = claim.quantity
    match = q.unit
    if match is None:
        return
    claim.unit, claim.kind = match.code, match.unit.kind
    claim.unit_text = (
        t.slice(match.first, match.last) if match.first >= q.number_end else t.slice(match.first, q.amount.first)
    )
    if match.age or (match.unit.code in _SPANS and not match.per and _stands_for_age(t, lex, q)):
        claim.object = AGE
        return
    claim.noun = _object_noun(t, lex, q)
    if claim.noun is None:
        return
    claim.object = t.slice(claim.noun.first, claim.noun.last)
    rate = rate_behind(t, lex, claim.noun.last) if claim.kind == "measure" and not match.per else None
    if rate is not None:  # "2.4 billion gallons of jet fuel a year"
        again = rate_behind(t, lex, rate[1])
        claim.unit = f"{match.unit.code}/{rate[0]}" + (f"/{again[0]}" if again else "")


def _fill_count(t: Tokens, lex: Lexicon, claim: Claim) -> None:
    q = claim.quantity
    if is_multiple(t, q):
        claim.unit, claim.unit_text, claim.kind = lex.implied.get("x"), t.word[q.last], "count"
        return
    implied = _strong(t, lex, q)
    if implied is not None:
        claim.unit, claim.derived, claim.kind = implied, True, "count"
        claim.noun = counted_noun(t, lex, q.last + 2, one=True)
    elif _age_of_person(t, lex, q) or _aged(t, lex, q):
        claim.unit, claim.derived, claim.kind, claim.object = _YEAR, True, "measure", AGE
        return
    else:
        claim.noun = (
            noun_between(t, lex, q.inner)
            if q.inner
            else counted_noun(t, lex, q.last, one=q.value == 1, ratio=q.form in _SHARES, share_of=q.form != "ratio")
        )
        if claim.noun is None and t.kind[q.last] in NUMERIC:
            claim.noun = _behind_measure(t, lex, q)
        measure = lex.forms.get(t.low[claim.noun.head]) if claim.noun else None
        if claim.noun is not None and measure is not None and measure.kind == "measure" and q.form == "number":
            claim.unit, claim.kind, claim.unit_text = measure.code, "measure", t.word[claim.noun.head]
        elif claim.noun is not None and (q.form != "score" or q.inner):
            claim.unit, claim.kind = claim.noun.unit, "count"
            claim.unit_text = t.word[claim.noun.head]
    if claim.noun is not None:
        claim.object = t.slice(claim.noun.first, claim.noun.last)
    if q.form in _SHARES or q.form == "score":
        claim.kind = "ratio"
    elif q.form == "rank":
        claim.kind = "ordinal"


def describe(t: Tokens, lex: Lexicon, claim: Claim) -> None:
    """Fill unit, object and kind of a claim from the words around its number."""
    if claim.quantity.unit is not None:
        _fill_unit(t, lex, claim)
    elif lex.complete:
        _fill_count(t, lex, claim)


def age_behind_name(t: Tokens, claim: Claim, named: list[Named]) -> bool:
    """Make a small number right behind a person's name an age: "Ali Khan, 44," or "Ali Khan (44)"."""
    q = claim.quantity
    if q.unit is not None or not q.amount.plain or q.value is None or not _AGES[0] <= q.value <= _AGES[1]:
        return False
    start, i, j = t.start[q.first], q.first, q.last
    if q.value < _ADULT and t.kind[j] == WORD:
        return False
    behind = any(one.entity.type == "person" and 0 < start - one.mention.end <= 2 for one in named)
    if (
        not behind
        or (t.glued[j] and t.kind[j] == WORD)
        or (t.low[i - 1] not in (",", "(") and (t.kind[j] in NUMERIC or t.kind[j] == SYMBOL))
    ):
        return False
    claim.unit, claim.derived, claim.kind, claim.object = _YEAR, True, "measure", AGE
    return True


def governed(t: Tokens, lex: Lexicon, claim: Claim) -> tuple[int, int] | None:
    """Return the noun phrase that a bare number says the size of: "the population, … to number 750,000"."""
    comma = None
    for k in range(claim.first - 1, max(-1, claim.first - 14), -1):
        if t.kind[k] in NUMERIC:
            return None
        if t.low[k] in lex.words("relative") and t.low[k - 1] == ",":
            comma = k - 1
            break
    if comma is None:
        return None
    first = comma
    while first > 0 and t.kind[first - 1] == WORD and t.low[first - 1] not in lex.words("stop"):
        first -= 1
    return (first, comma) if first < comma and t.kind[comma] == SYMBOL else None
