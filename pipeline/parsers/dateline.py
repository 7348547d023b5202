"""Datelines: the place, date and agency that open a story, in the usual forms.

    MOSUL, Iraq (Reuters) - …        GENEVA, March 6 (AP) — …        BAGHDAD/MOSUL – …
    Geneva, 6 March 2017 (WHO) – …   London, Asharq Al-Awsat – …     RIYADH: …

The dateline stays in the text: spans count into what the wire wrote, and a reader of the text loses nothing. The
record carries it a second time, taken apart.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from pipeline.parsers.dates import TextDate, find_date
from schemas.article import Dateline

MAX_CHARS = 110
"""The longest opening that may be a dateline, with room for three places, a date and an agency."""

_SMALL_WORDS = (
    "al an and d da das de del della der di do dos du e el en et la las le les los of on the und upon van von y"
)
_PARTICLES = frozenset(_SMALL_WORDS.split())
_OPENING = re.compile(
    r"(?P<place>[^\W\d_][^()\[\]:;!?\"“”|]{0,78}?)?\s*"
    r"(?:\((?P<agency>[A-Za-z][^()]{1,40})\)\s*|/(?P<release>[A-Z][A-Za-z ]{1,30})/\s*)?"
    r"(?P<mark>--|[-–—―_]|:)\s+(?=\S)"
)
_INITIALS = re.compile(r"(?:[A-Z]\.){2,}|(?:ST|St|MT|Mt|FT|Ft)\.|[A-Z][a-z]{1,4}\.")


@dataclass(frozen=True, slots=True)
class Opening:
    """A dateline, the date as found, and where in the paragraph the story begins."""

    dateline: Dateline
    date: TextDate | None
    end: int


def read_dateline(paragraph: str) -> Opening | None:
    """Return the dateline that opens a paragraph, None where there is none.

    Without an agency in parentheses the place must be in capitals, or be followed by a date or a named paper: a
    sentence with a dash in it is no dateline.
    """
    if not (paragraph[:1].isupper() or paragraph[:1] in "(/"):
        return None
    found = _OPENING.match(paragraph[:MAX_CHARS])
    return _taken_apart(found) if found else None


def _taken_apart(found: re.Match[str]) -> Opening | None:
    agency = found["agency"] or found["release"]
    head = (found["place"] or "").strip(" ,")
    day = find_date(head, last=True)
    if day is not None and day.end == len(head):
        head = head[: day.start].strip(" ,")
    else:
        day = None
    if not head:
        return (
            Opening(Dateline(date=day.iso if day else None), day, found.end())
            if agency and (day or found.start() == 0)
            else None
        )
    if found["mark"] == ":" and (agency or day or not head.isupper()):
        return None
    segments = [segment.strip() for segment in head.split(",")]
    if not all(map(_is_name, segments)):
        return None
    capitals = _leading_capitals(segments[0])
    # "London, Asharq Al-Awsat –": the paper stands where an agency would stand in parentheses.
    paper = not (capitals or agency or day) and len(segments) == 2 and "-" in segments[1]
    if not (capitals or agency or day or paper):
        return None
    place = ", ".join(map(_in_mixed_case, segments[:1] if paper else segments))
    return Opening(Dateline(place=place, date=day.iso if day else None), day, found.end())


def _leading_capitals(segment: str) -> bool:
    letters = [letter for letter in segment if letter.isalpha()]
    return len(letters) >= 3 and all(not letter.islower() for letter in letters)


def _is_name(segment: str) -> bool:
    words = re.split(r"[\s/]+", segment)
    return (
        1 <= len(words) <= 5
        and all(
            (word[:1].isupper() and (not word.endswith(".") or _INITIALS.fullmatch(word))) or word.lower() in _PARTICLES
            for word in words
        )
        and segment[:1].isupper()
    )


def _in_mixed_case(segment: str) -> str:
    """Write NEW YORK as New York; what is not all capitals, and initials such as D.C. and U.N., stay."""
    if not _leading_capitals(segment) or re.fullmatch(r"(?:[A-Z]\.)+", segment):
        return segment
    words = segment.split(" ")
    return " ".join(
        word.lower() if number and word.lower() in _PARTICLES else _capitalized(word)
        for number, word in enumerate(words)
    )


def _capitalized(word: str) -> str:
    if re.fullmatch(r"(?:[A-Z]\.)+", word):
        return word
    return "".join(part if part in "-/" else part.capitalize() for part in re.split(r"([-/])", word) if part)
