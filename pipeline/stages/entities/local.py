"""Languages beside English: names of the gazetteer only."""

from __future__ import annotations

import re
from typing import Final

from pipeline.stages.entities.candidate import Candidate
from pipeline.stages.entities.lexicon import Entry, Lexicon

_WORD: Final = re.compile(r"[^\W\d_]+(?:[-'’.][^\W\d_]+)*")
_MAX_WORDS: Final = 4
_MIN_SHARED: Final = 4
"""Letters; shorter names of cities are words in one language or another."""

_ARABIC_PREFIXES: Final = "وبلفك"
"""One-letter conjunctions and prepositions that Arabic writes in one word with the name."""


def recognize_local(text: str, language: str, lexicon: Lexicon) -> list[Candidate]:
    """Return the gazetteer's names in a text that is not English; none where the gazetteer lacks the language."""
    names = lexicon.local.get(language)
    if not names:
        return []
    tokens = [(m.group(), m.start(), m.end()) for m in _WORD.finditer(text)]
    found: list[Candidate] = []
    i = 0
    while i < len(tokens):
        taken = _longest(text, tokens, i, names, lexicon)
        if taken is None:
            i += 1
        else:
            candidate, i = taken
            found.append(candidate)
    return found


def _longest(
    text: str, tokens: list[tuple[str, int, int]], i: int, names: dict[str, str], lexicon: Lexicon
) -> tuple[Candidate, int] | None:
    word, start, _ = tokens[i]
    cased = word[0].isupper() or not word[0].islower()
    if not cased:
        return None
    offsets = (0, 1) if word[0] in _ARABIC_PREFIXES and len(word) > 3 else (0,)
    for offset in offsets:
        for j in range(min(len(tokens), i + _MAX_WORDS), i, -1):
            end = tokens[j - 1][2]
            surface = text[start + offset : end]
            entry = _entry(surface, names, lexicon)
            if entry is not None:
                return Candidate(start + offset, end, tuple(surface.split()), "place", 0.7, entry), j
    return None


def _entry(surface: str, names: dict[str, str], lexicon: Lexicon) -> Entry | None:
    """Return the place of a name: as the language writes it, else a city that all languages write alike."""
    name = surface.replace("’", "'")
    link = names.get(name)
    if link is not None:
        return lexicon.by_link.get(link)
    entry = lexicon.entries.get(name)
    certain = entry is not None and entry.type == "place" and not entry.weak and len(name) > _MIN_SHARED
    return entry if certain and entry is not None and entry.links and entry.links[0][0] == "geonames" else None
