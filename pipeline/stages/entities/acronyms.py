"""Acronyms that a text defines in brackets after the name they stand for (after Schwartz and Hearst, 2003)."""

from __future__ import annotations

import re
from bisect import bisect_left
from typing import Final

from pipeline.stages.entities.candidate import Candidate
from pipeline.stages.entities.scan import words_of

_BRACKETS: Final = re.compile(r" \((?:the )?([^\W\d_][^\W_]{1,9})\)")
_REACH: Final = 140
"""Characters before the bracket in which the long name may begin."""

_CLAUSE_END: Final = re.compile(r"[.;:!?\n()“”\"]")
_WORD: Final = re.compile(r"[^\W_][\w'’-]*")


def define_acronyms(text: str, found: list[Candidate]) -> dict[str, Candidate]:
    """Return the acronyms a text defines, each with the candidate it stands for.

    Where the initials of the words before the bracket spell the acronym, those words become one candidate in place of
    the pieces that the rules had cut.
    """
    defined: dict[str, Candidate] = {}
    starts = [one.start for one in found]
    for match in _BRACKETS.finditer(text):
        acronym = match[1]
        if sum(c.isupper() for c in acronym) < 2 or acronym in defined:
            continue
        last = bisect_left(starts, match.start()) - 1
        if last < 0 or found[last].end != match.start() or found[last].type == "person":
            continue
        start = _long_form_start(text, match.start(), acronym)
        if start is not None and start < found[last].start:
            first = bisect_left(starts, start)
            words = words_of(text[start : match.start()])
            found[first : last + 1] = [Candidate(start, match.start(), words, "organization", 0.85)]
            starts[first : last + 1] = [start]
            last = first
        elif len(found[last].words) < 2:
            continue
        if found[last].type is None:
            found[last].type, found[last].confidence = "organization", 0.8
        defined[acronym] = found[last]
    return defined


def _long_form_start(text: str, end: int, acronym: str) -> int | None:
    """Return where the words begin whose initials spell the acronym; None where they do not."""
    clause = text[max(0, end - _REACH) : end]
    offset = end - len(clause)
    for mark in _CLAUSE_END.finditer(clause):
        offset, clause = end - len(clause) + mark.end(), clause
    words = [(m.start(), m.group()) for m in _WORD.finditer(text, offset, end)]
    letters = [c for c in acronym.upper() if c.isalpha()]
    while words and letters:
        start, word = words.pop()
        if word[0].upper() == letters[-1] and (word[0].isupper() or len(letters) < len(acronym)):
            letters.pop()
            if not letters:
                return start if word[0].isupper() else None
        elif word[0].isupper():
            return None
    return None
