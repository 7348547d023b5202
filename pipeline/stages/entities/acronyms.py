"""Acronyms that a text explains.

It defines them in brackets after the name they stand for (after Schwartz and Hearst, 2003), or the initials of one of
its names spell them.
"""

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
_NAMEABLE: Final = frozenset({"organization", "facility", "event", None})
"""Types whose bracketed acronym need not be spelled by the initials: it may abbreviate the name in another language."""

_SPELLED: Final = 3
"""Fewest letters of an acronym that is known by nothing but initials."""

_WORD: Final = re.compile(r"[^\W_][\w'’-]*")


def define_acronyms(text: str, found: list[Candidate]) -> dict[str, Candidate]:
    """Return the acronyms a text defines, each with the candidate it stands for.

    Where the initials of the words before the bracket spell the acronym, those words become one candidate in `found`,
    in place of the pieces that the rules had cut.
    """
    defined: dict[str, Candidate] = {}
    merged: list[tuple[int, int, Candidate]] = []
    starts = [one.start for one in found]
    for match in _BRACKETS.finditer(text):
        acronym, end = match[1], match.start()
        last = bisect_left(starts, end) - 1
        if sum(c.isupper() for c in acronym) < 2 or acronym in defined or last < 0:
            continue
        long_name = found[last]
        if long_name.end != end or long_name.type == "person":
            continue
        start = _long_form_start(text, end, acronym)
        if start is not None and start < long_name.start:
            long_name = Candidate(start, end, words_of(text[start:end]), "organization", 0.85)
            merged.append((bisect_left(starts, start), last + 1, long_name))
        elif len(long_name.words) < 2 or (start is None and long_name.type not in _NAMEABLE):
            continue
        if long_name.type is None:
            long_name.type, long_name.confidence = "organization", 0.8
        defined[acronym] = long_name
    _replace(found, merged)
    return defined


def initialisms(found: list[Candidate]) -> dict[str, Candidate]:
    """Return the acronyms that the initials of one organization only spell: USI, "University of Southern Indiana"."""
    spelled: dict[str, dict[str, Candidate]] = {}
    for one in found:
        if one.type != "organization" or len(one.words) < _SPELLED:
            continue
        initials = "".join(word[0] for word in one.words if word[0].isupper())
        if len(initials) >= _SPELLED and initials != one.name:
            spelled.setdefault(initials, {}).setdefault(one.name, one)
    return {initials: next(iter(names.values())) for initials, names in spelled.items() if len(names) == 1}


def _replace(found: list[Candidate], merged: list[tuple[int, int, Candidate]]) -> None:
    """Put each merged candidate in place of the pieces [first, stop)."""
    result, done = [], 0
    for first, stop, one in merged:
        if first < done:
            continue
        result += [*found[done:first], one]
        done = stop
    found[:] = result + found[done:]


def _long_form_start(text: str, end: int, acronym: str) -> int | None:
    """Return where the words begin whose initials spell the acronym; None where they do not."""
    offset = max(0, end - _REACH)
    for mark in _CLAUSE_END.finditer(text, offset, end):
        offset = mark.end()
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
