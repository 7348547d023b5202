"""The counted noun: the head of the noun phrase behind a number, and its modifiers.

No parser and no model: a phrase ends at a word of a closed class, a verb or a mark, and its head is the first
plural that no other plural follows.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from pipeline.stages.figures.lexicon import Lexicon
from pipeline.stages.figures.tokens import DASHES, NUM, NUMERIC, ORDINAL, SMALL, SYMBOL, WORD, Tokens

_MAX_WORDS: Final = 7  # longest noun phrase that is read


@dataclass(slots=True)
class Noun:
    """A counted noun phrase: tokens first to last (exclusive), its head token and the head's singular."""

    first: int
    last: int
    head: int
    unit: str
    word: str  # singular of the head as written


def _initials(lex: Lexicon, word: str) -> bool:
    """Tell whether a word is the plural of initials: "MPs", "IDPs", "NGOs"."""
    return len(word) > 2 and word[-1] in lex.words("initials_plural") and word[:-1].isupper()


def _nominal(t: Tokens, lex: Lexicon, j: int) -> bool:
    """Tell whether token j can go on with a noun phrase."""
    return t.kind[j] == WORD and lex.shapes[t.low[j]].nominal


def _closed(t: Tokens, lex: Lexicon, j: int) -> bool:
    """Tell whether the phrase ends before token j whatever came before."""
    kind = t.kind[j]
    if kind == ORDINAL or (kind == SMALL and t.low[j + 1] in DASHES):
        return not (t.kind[j + 1] == WORD or t.low[j + 1] in DASHES)
    if kind != WORD:
        return True
    low = t.low[j]
    return (
        low in lex.words("stop") and not (t.low[j + 1] in DASHES and t.glued[j + 1] and low not in lex.words("article"))
    ) or t.word[j] in lex.words("never_noun")


def _takes_modifier(t: Tokens, lex: Lexicon, j: int) -> bool:
    """Tell whether a verb form or adverb at the start of a phrase modifies a noun: "wounded soldiers"."""
    k = j + 1
    while k < min(j + 4, t.size) and t.low[k] in DASHES:
        k += 2
    return _nominal(t, lex, k) and (lex.shapes[t.low[k]].plural or _nominal(t, lex, k + 1))


def _hyphenated(t: Tokens, j: int) -> int:
    """Return the token behind a hyphenated word that starts at j: "asylum-seekers", "first-team"."""
    while t.low[j + 1] in DASHES and t.glued[j + 1] and t.glued[j + 2] and t.kind[j + 2] in (WORD, SMALL, ORDINAL):
        j += 2
    return j


def _past_model(t: Tokens, lex: Lexicon, j: int) -> int:
    """Return the token behind a model name that a counted plural follows: "A320neo jets", "Type 31 frigates"."""
    k = j + 2 if t.low[j + 1] in DASHES and t.glued[j + 1] and t.glued[j + 2] else j + 1
    if t.kind[j] != WORD or not t.capital(j) or t.kind[k] != NUM:
        return j
    k += 1
    if t.kind[k] == WORD and t.glued[k]:
        k += 1
    return k if t.kind[k] == WORD and not t.capital(k) and lex.shapes[t.low[k]].plural else j


def _scan(t: Tokens, lex: Lexicon, j: int, *, bare: bool, lone: bool) -> tuple[int | None, list[int]]:
    """Walk a noun phrase; return its plural head, if any, and the nominal tokens.

    With `bare` the first word is a noun although it may look like a verb; with `lone` the head is singular.
    """
    nominals: list[int] = []
    for _ in range(_MAX_WORDS):
        if j < t.size and nominals and t.low[j] in lex.words("and") and _joins_adjectives(t, lex, j):
            j += 1
        j = _past_model(t, lex, j)
        if j >= t.size or _closed(t, lex, j):
            break
        k = _hyphenated(t, j)
        low = t.low[k]
        shape = lex.shapes[low]
        other = k == j and (shape.verbal or shape.adverb) and (nominals or not bare)
        if other and not (low in lex.words("verbs") and t.low[k + 1] in lex.words("finite")):  # "the total vote was"
            if nominals or not _takes_modifier(t, lex, j):
                break
            j += 1
            continue
        owner = low.endswith(lex.possessive)
        if owner or (t.low[k + 1] in lex.words("possessive_plural") and t.glued[k + 1]):
            nominals.append(k)
            j = k + 1
            if not owner:
                break
            continue
        if lone and nominals and shape.plural:
            break  # behind a singular noun a form on -s is its verb: "one rover carries"
        nominals.append(k)
        if (shape.plural or _initials(lex, t.word[k])) and not (_nominal(t, lex, k + 1) and _attributive(t, lex, k)):
            return k, nominals
        j = k + 1
    return None, nominals


def _joins_adjectives(t: Tokens, lex: Lexicon, j: int) -> bool:
    """Tell whether "and" joins adjectives before one plural: "digital and physical sales"."""
    return _nominal(t, lex, j + 1) and not lex.shapes[t.low[j + 1]].plural and lex.shapes[t.low[j + 2]].plural


def _attributive(t: Tokens, lex: Lexicon, k: int) -> bool:
    """Tell whether a plural stands before its noun: "sports cars", "women ministers"."""
    low = t.low[k]
    return (low in lex.words("attributive") or lex.irregular.get(low) == low) and lex.shapes[t.low[k + 1]].plural


def counts_at(t: Tokens, lex: Lexicon, j: int) -> bool:
    """Tell whether a lower-case plural stands at token j or right behind its modifier."""
    if t.kind[j] != WORD or t.capital(j) or t.low[j] in lex.words("stop"):
        return False
    return lex.shapes[t.low[j]].plural or (t.kind[j + 1] == WORD and lex.shapes[t.low[j + 1]].plural)


def unit_of(word: str, lex: Lexicon, *, capital: bool = False) -> str:
    """Return the canonical unit of a singular noun: people are "person", families "household"."""
    if word in lex.words("person") or word.endswith(lex.person_endings):
        return "person"
    if capital and word.endswith(lex.nationality_endings):
        return "person"
    if word in lex.words("household"):
        return "household"
    return word


def _noun(t: Tokens, lex: Lexicon, first: int, head: int) -> Noun:
    word = t.low[head][:-1] if _initials(lex, t.word[head]) else lex.shapes[t.low[head]].singular
    return Noun(first, head + 1, head, unit_of(word, lex, capital=t.capital(head)), word)


def noun_between(t: Tokens, lex: Lexicon, span: tuple[int, int]) -> Noun:
    """Return the noun that fills a span of tokens."""
    return _noun(t, lex, span[0], span[1] - 1)


def _behind_cue(t: Tokens, lex: Lexicon, j: int) -> int:
    """Return the token behind a cue that trails its number: "1,400-plus witnesses", "100 or more points"."""
    if t.low[j] in DASHES and f"-{t.low[j + 1]}" in lex.after:
        return j + 2
    if t.low[j] in lex.words("after_starts"):
        return j + next((size for size in (3, 2) if t.phrase(j, j + size) in lex.after), 0)
    return j


def _lone(t: Tokens, lex: Lexicon, j: int, nominals: list[int], *, one: bool) -> Noun | None:
    """Return the noun of a phrase that holds no plural.

    "a 12 page document": the measure is the first noun; a lone word behind a number above one counts nothing.
    """
    if one:
        return _noun(t, lex, j, nominals[-1])
    if len(nominals) > 1 and t.kind[nominals[0]] == WORD and not t.capital(nominals[0]):
        return _noun(t, lex, j, nominals[0])
    mass = t.low[nominals[0]] in lex.words("person") and t.kind[nominals[0] + 1] == SYMBOL
    return _noun(t, lex, j, nominals[0]) if mass else None


def counted_noun(
    t: Tokens, lex: Lexicon, last: int, *, one: bool, ratio: bool = False, share_of: bool = True
) -> Noun | None:
    """Return the noun phrase that a number counts.

    Args:
        t: the tokens of the sentence.
        lex: the words of the language.
        last: the token behind the number.
        one: the number is one, so that the noun is singular.
        ratio: the number is a share, so that "of" leads to what it is a share of.
        share_of: the share may be one of a mass: "half the coal", not "one in ten coal".
    """
    j = last = _behind_cue(t, lex, last)
    dashed = t.low[j] in DASHES and t.glued[j] and t.glued[j + 1]
    if dashed or t.low[j] in lex.words("more") or (t.low[j] == "x" and t.kind[j + 1] == WORD):  # "7 x AK-47 rifles"
        j += 1
    partitive = t.low[j] in lex.words("of")
    if partitive:
        j += 1
        while t.low[j] in lex.words("determiner"):
            j += 1
    bare = dashed or t.low[j - 1] in lex.words("noun_follows") or t.low[last - 2] in DASHES
    head, nominals = _scan(t, lex, j, bare=bare, lone=one and not partitive and not ratio)
    if dashed and nominals and not (head is not None and nominals[0] == head):
        return _noun(t, lex, j, nominals[0]) if t.kind[nominals[0]] == WORD else None
    if head is not None:
        return _noun(t, lex, j, head)
    if not nominals or (partitive and not ratio) or (ratio and not partitive and not share_of):
        return None  # "one of the most popular", "nine in ten underestimate"
    behind = nominals[-1] + 1
    if ratio and (t.kind[behind] in NUMERIC or t.word[behind] in lex.currency_symbols):
        return None  # "two-thirds of the combined 4.3 million sales"
    return _lone(t, lex, j, nominals, one=one or ratio)
