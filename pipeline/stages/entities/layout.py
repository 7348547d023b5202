"""Layout: datelines, headlines, slugs and bylines, where capitals mean something else than in running text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Final

from pipeline.stages.entities.lexicon import Lexicon

_DATELINE: Final = re.compile(
    # PLACE, Country, Oct. 3 (Agency) - with a dash of any length
    r"^[ \t“\"]{0,3}(?P<place>[^\W\d_a-z][^\n\da-z(),–—:]{1,38}?)(?:, (?P<region>[^\n()–—]{2,40}?))?"
    r"(?:,? \((?P<agency>[^\n()]{2,30})\))? ?(?:[–—]|--?) ",
    re.MULTILINE,
)
_WORD: Final = re.compile(r"[^\W\d_][\w'’-]*")
_NUMBER: Final = re.compile(r"\d+(?:[.,:/-]\d+)*")
_SENTENCE_END: Final = re.compile(r"[a-z]{3}[.!?][”\"’]? [(“\"‘]?[A-Z]")
_CREDIT: Final = re.compile(
    r"[ (*–—-]{0,3}(?:By |(?:Additional |Further )?(?:[Rr]eport|[Ww]rit|[Ee]dit|[Cc]ompil|[Tt]ranslat)(?:ing|ed) by "
    r"|(?:[Pp]hotos?|[Pp]hotographs?|[Gg]raphics?|[Vv]ideo|[Ss]tory|[Tt]ext|Words) by )"
)
_FUNCTION_WORD: Final = re.compile(
    r"about|above|across|after|against|ahead|along|amid|among|around|before|behind|below|beneath|beside|between|beyond"
    r"|despite|down|during|except|from|into|like|near|off|onto|over|past|since|than|that|their|through|towards?|under"
    r"|until|upon|versus|what|when|where|which|while|with|within|without|your"
)
"""Longer words that titles write small: prepositions and the like; a verb written small is of a sentence."""

_MAX_HEADLINE: Final = 200
"""Characters; longer lines are paragraphs."""


@dataclass(frozen=True, slots=True)
class Dateline:
    """Spans of a dateline's parts; an agency may be absent."""

    place: tuple[int, int]
    agency: tuple[int, int] | None


def datelines(text: str) -> list[Dateline]:
    """Return the datelines of a text: lines that begin with a place in capitals and a dash."""
    found = []
    for match in _DATELINE.finditer(text):
        if match["place"].isupper() and len(match["place"].strip()) > 2:
            agency = match.span("agency") if match["agency"] else None
            found.append(Dateline(match.span("place"), agency))
    return found


class Lines:
    """Tells headlines from running text, line by line, for positions that only grow."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._end = -1
        self._headline = False

    def in_headline(self, position: int) -> bool:
        """Tell whether the line at `position` capitalises most of its words, as titles do."""
        if position > self._end:
            start = self._text.rfind("\n", 0, position) + 1
            end = self._text.find("\n", position)
            self._end = len(self._text) if end < 0 else end
            self._headline = self._end - start <= _MAX_HEADLINE and _is_headline(self._text[start : self._end])
        return self._headline


def headlines(text: str) -> list[tuple[int, int]]:
    """Return the spans of the lines that capitalise most of their words, as titles do."""
    found, start = [], 0
    for line in text.split("\n"):
        end = start + len(line)
        if start < end <= start + _MAX_HEADLINE and _is_headline(line):
            found.append((start, end))
        start = end + 1
    return found


def _is_headline(line: str) -> bool:
    """Tell whether a line reads as a title: most words with a capital, no sentence ends in it, and few numbers.

    A byline names persons, and a row of a table has as many numbers as names.
    """
    if line.rstrip(" \"”'’").endswith((".", "!", ",", ";", ":")) or _CREDIT.match(line) or _SENTENCE_END.search(line):
        return False
    words = [word for word in _WORD.findall(line) if len(word) > 3]
    small = [word for word in words if word[0].islower()]
    if len(words) < 4 or len(small) > 0.25 * len(words) or len(_NUMBER.findall(line)) >= len(words) / 2:
        return False
    return all(_FUNCTION_WORD.fullmatch(word) for word in small)


def without_slugs(text: str, lexicon: Lexicon) -> str:
    """Return a text of the same length in which slugs stand apart from the headline: "Tennis-Obi wins"."""
    return _slugs(lexicon.cues["slugs"]).sub(lambda slug: slug[0][:-1] + ":", text) if "-" in text else text


@cache
def _slugs(words: frozenset[str]) -> re.Pattern[str]:
    """Return the pattern of slugs at the start of a line, each with the hyphen behind it."""
    known = "|".join(re.escape(word) for word in sorted(words, key=lambda word: (-len(word), word)))
    return re.compile(rf"^(?:(?:{known})(?: \d+)?-)+(?=[^\W\d_]|[‘“'\"])", re.MULTILINE)
