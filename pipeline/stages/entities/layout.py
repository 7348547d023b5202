"""Layout: datelines and headlines, where capitals mean something else than in running text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

_DATELINE: Final = re.compile(
    # PLACE, Country, Oct. 3 (Agency) - with a dash of any length
    r"^[ \t“\"]{0,3}(?P<place>[^\W\d_a-z][^\n\da-z(),–—:]{1,38}?)(?:, (?P<region>[^\n()–—]{2,40}?))?"
    r"(?:,? \((?P<agency>[^\n()]{2,30})\))? ?(?:[–—]|--?) ",
    re.MULTILINE,
)
_WORD: Final = re.compile(r"[^\W\d_][\w'’-]*")
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


def _is_headline(line: str) -> bool:
    if line.rstrip(" \"”’'").endswith((".", "!", ",", ";", ":")):
        return False
    words = [word for word in _WORD.findall(line) if len(word) > 3]
    capitals = sum(word[0].isupper() for word in words)
    return len(words) >= 4 and capitals >= 0.75 * len(words)
