"""Recall: names that a headline writes among capitals are known from the running text below it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from pipeline.stages.entities.candidate import Candidate
from pipeline.stages.entities.grammar import is_common
from pipeline.stages.entities.layout import headlines
from pipeline.stages.entities.lexicon import Lexicon
from pipeline.stages.entities.persons import persons_by_word
from pipeline.stages.entities.scan import words_of
from schemas.entity import EntityType

_RECALLED: Final = frozenset({"person", "organization", "place", "facility"})
_CONFIDENCE: Final = 0.75
_SHORTEST: Final = 3
_LONGEST: Final = 5
_WORD: Final = re.compile(r"[\w.]+(?:[-’'][\w.]+)*(?<!['’]s)(?<!\.)")


def recalled(text: str, names: list[Candidate], lexicon: Lexicon) -> list[Candidate]:
    """Return the names of a text, in order, with those of its running text that its headlines repeat."""
    lines = headlines(text)
    if not lines or not names:
        return names
    known = _known(lines, names, lexicon)
    if not known:
        return names
    capitals = {spelling.upper(): kind for spelling, kind in known.items()}
    taken = {i for one in names for i in range(one.start, one.end)}
    found = list(names)
    for start, end in lines:
        for first, stop in _stretches(text, start, end):
            spelling = text[first:stop]
            kind = known.get(spelling) or capitals.get(spelling)
            if kind is not None and taken.isdisjoint(range(first, stop)):
                found.append(Candidate(first, stop, words_of(spelling), kind, _CONFIDENCE))
                taken.update(range(first, stop))
    return sorted(found, key=lambda one: one.start)


def _stretches(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the spans of one to `_LONGEST` words of a line, longer ones first."""
    words = [word.span() for word in _WORD.finditer(text, start, end)]
    for count in range(min(_LONGEST, len(words)), 0, -1):
        for k in range(len(words) - count + 1):
            yield words[k][0], words[k + count - 1][1]


def _known(lines: list[tuple[int, int]], names: list[Candidate], lexicon: Lexicon) -> dict[str, EntityType]:
    """Return the spellings of the names outside the headlines, with the surnames of persons."""
    outside = [one for one in names if not any(start <= one.start < end for start, end in lines)]
    spellings: dict[str, EntityType] = {}
    for spelling, kind in _spellings(outside, names):
        ordinary = " " not in spelling and (is_common(spelling, lexicon) or len(spelling) < _SHORTEST)
        if not ordinary and spelling[0].isupper():
            spellings.setdefault(spelling, kind)
    return spellings


def _spellings(outside: list[Candidate], names: list[Candidate]) -> Iterator[tuple[str, EntityType]]:
    for one in outside:
        if one.type in _RECALLED:
            yield one.spelling, one.type
    for surname in persons_by_word(names):
        yield surname.title() if surname.isupper() else surname, "person"
