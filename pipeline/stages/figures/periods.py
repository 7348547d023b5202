"""When: the period a claim speaks of, resolved against the article's date where there is one."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Final

from pipeline.stages.figures.claims import Claim
from pipeline.stages.figures.dating import RESOLVERS, UNKNOWN, Calendar, Stretch
from pipeline.stages.figures.lexicon import Lexicon
from pipeline.stages.figures.tables import load
from pipeline.stages.figures.tokens import NUM, Tokens
from schemas.figure import Period

_LEADING: Final = 3  # a period that starts this early stands before the whole sentence
_SPOKEN: Final = frozenset({"day", "weekday", "this_day", "last_day"})  # "said on Monday" dates the words
_SUPERLATIVE_REACH: Final = 8


_YEAR: Final = re.compile(r"(?:1[5-9]|20)\d\d")
_GROUP: Final = re.compile(r"\(\?P<\w+>")
_Pattern = tuple[str, re.Pattern[str]]
_DIGIT: Final = "{digit}"


@dataclass(frozen=True, slots=True)
class Times:
    """The period patterns of a language, compiled.

    `starts` gives the patterns that may begin with a word, behind one that matches where any of them does: most tries
    end there.
    """

    starts: dict[str, tuple[re.Pattern[str], tuple[_Pattern, ...]]]
    words: frozenset[str]
    calendar: Calendar
    comparison: frozenset[str]
    superlative: frozenset[str]
    shared: frozenset[str]
    no_superlative: frozenset[str]
    superlative_endings: tuple[str, ...]
    anchors: frozenset[str]


@dataclass(frozen=True, slots=True)
class Stated:
    """A period in a sentence: the token it starts at, its rule and its match."""

    token: int
    rule: str
    match: re.Match[str]


def _classes(lex: Lexicon) -> dict[str, list[str]]:
    """Return the words that stand behind the placeholders of the patterns."""
    weekdays = sorted(lex.words("weekdays"))
    possessive = [f"{day}{ending}" for day in weekdays for ending in lex.possessive]
    return {
        "month": sorted(lex.words("months"), key=len, reverse=True),
        "weekday": weekdays + possessive,
        "unit": sorted(lex.time.get("units", ()), key=len, reverse=True),
        "count": sorted(lex.time.get("counts", ()), key=len, reverse=True),
        "season": list(lex.time.get("seasons", ())),
    }


def _choices(classes: dict[str, list[str]], lex: Lexicon) -> dict[str, str]:
    """Return what the placeholders of the patterns match."""
    choices = {name: "|".join(words) for name, words in classes.items()}
    choices["weekday"] = "|".join(sorted(lex.words("weekdays")))
    choices["count"] = "|".join([*classes["count"], r"\d{1,3}"])
    suffix = "|".join(lex.time.get("day_suffixes", "").split())
    choices["day"] = rf"(?:[12]\d|3[01]|0?[1-9])(?:{suffix})?"
    choices["year"] = r"(?:1[5-9]|20)\d\d"
    return choices


def _whole(text: str) -> re.Pattern[str]:
    return re.compile(rf"(?:{text})(?![\w-])", re.IGNORECASE)


@cache
def times(language: str) -> Times:
    """Compile the period patterns of a language."""
    lex = load(language)
    data, classes = lex.time, _classes(lex)
    choices = _choices(classes, lex)
    starts: dict[str, list[tuple[str, str]]] = {}
    for entry in data.get("pattern", ()):
        text = entry["text"]
        for name, choice in choices.items():
            text = text.replace(f"{{{name}}}", f"(?:{choice})")
        for first in entry["first"].split():
            for word in classes.get(first.strip("{}"), [first]) if first != _DIGIT else [_DIGIT]:
                starts.setdefault(word, []).append((entry["rule"], text))
    tries = {
        word: (
            _whole("|".join(_GROUP.sub("(?:", text) for _, text in found)),
            tuple((rule, _whole(text)) for rule, text in found),
        )
        for word, found in starts.items()
    }
    anchors = frozenset(data.get("anchors", "").split())
    anchors = anchors.union(*(classes[name] for name in ("month", "weekday", "unit", "season")))
    return Times(
        tries,
        frozenset(tries),
        Calendar(
            data.get("units", {}),
            data.get("counts", {}),
            data.get("months", {}),
            data.get("weekdays", {}),
            {season: (first, last) for season, (first, last) in data.get("seasons", {}).items()},
        ),
        anchors=anchors.union(f"{word}{ending}" for word in anchors for ending in lex.possessive),
        superlative_endings=tuple(data.get("superlative_endings", "").split()),
        **{
            name: frozenset(data.get(name, "").split())
            for name in ("comparison", "superlative", "shared", "no_superlative")
        },
    )


def _period(stated: Stated, words: Times, now: date | None) -> Period:
    try:
        start, end, accuracy = RESOLVERS[stated.rule](Stretch(stated.match.groupdict(), now, words.calendar))
    except (ValueError, OverflowError):  # beyond the calendar
        start, end, accuracy = UNKNOWN
    return Period(
        text=stated.match.group(),
        start=start.isoformat() if start else None,
        end=end.isoformat() if end else None,
        accuracy=accuracy,
    )


def _compares(t: Tokens, lex: Lexicon, words: Times, k: int, rule: str) -> bool:
    """Tell whether the period at token k is what a figure is compared with, not when it holds."""
    if rule.startswith("between") or k == 0:
        return False
    if t.low[k - 1] in words.comparison or (rule in _SPOKEN and t.low[k - 1] in lex.words("saying")):
        return True
    before = t.low[max(0, k - _SUPERLATIVE_REACH) : k]
    return rule.startswith("since") and any(_superlative(words, low) for low in before)


def _superlative(words: Times, low: str) -> bool:
    return low in words.superlative or (low.endswith(words.superlative_endings) and low not in words.no_superlative)


def _found(t: Tokens, lex: Lexicon, words: Times) -> list[Stated]:
    """Return the periods of a sentence; only the patterns that may begin with a token are tried there."""
    found: list[Stated] = []
    after, starts, digits = 0, words.starts, words.starts.get(_DIGIT)
    kinds, text, finish = t.kind, t.text, t.finish
    known = t.seen & words.words
    for k in [k for k, low in enumerate(t.low) if low in known or kinds[k] == NUM]:
        if t.start[k] < after:
            continue
        tries = digits if kinds[k] == NUM else starts[t.low[k]]
        if tries is None:
            continue
        maybe, patterns = tries
        if maybe.match(text, t.start[k], finish) is None:
            continue
        for rule, pattern in patterns:
            match = pattern.match(text, t.start[k], finish)
            if match is not None:
                after = match.end()
                if not _compares(t, lex, words, k, rule):
                    found.append(Stated(k, rule, match))
                break
    return found


def _choose(t: Tokens, lex: Lexicon, words: Times, found: list[Stated], claim: Claim, *, right: int) -> Stated | None:
    """Return the first period behind a claim, else the nearest before it, else one further on in its clause.

    A year or a month holds for the nearest figure without a comma between; a day holds for the whole sentence.
    """
    before: Stated | None = None
    far: Stated | None = None
    for stated in found:
        if stated.match.end() <= t.start[claim.first]:
            between = t.low[stated.token : claim.first]
            if stated.rule in words.shared or stated.token <= _LEADING or "," not in between:
                before = stated
        elif stated.token >= claim.last:
            between = t.low[claim.last : stated.token]
            if stated.rule not in words.shared and "," in between:
                continue
            if stated.token < right:
                return stated
            far = far or (stated if stated.rule in words.shared else None)
    if before is not None or far is None:
        return before
    between = t.low[claim.last : far.token]
    other_clause = not (lex.words("relative").isdisjoint(between) and lex.words("clause_ends").isdisjoint(between))
    return None if other_clause else far


def periods_of(t: Tokens, lex: Lexicon, language: str, claims: list[Claim], now: date | None) -> list[Period | None]:
    """Return the period of each claim of a sentence; an age has none."""
    words = times(language)
    dated = not words.anchors.isdisjoint(t.seen) or _YEAR.search(t.text, t.begin, t.finish) is not None
    found = _found(t, lex, words) if dated else []
    if not found:
        return [None] * len(claims)
    result: list[Period | None] = []
    read: dict[int, Period] = {}
    for n, claim in enumerate(claims):
        right = claims[n + 1].first if n + 1 < len(claims) else t.size
        chosen = None if claim.age else _choose(t, lex, words, found, claim, right=right)
        if chosen is not None and chosen.token not in read:
            read[chosen.token] = _period(chosen, words, now)
        result.append(read[chosen.token] if chosen else None)
    return result
