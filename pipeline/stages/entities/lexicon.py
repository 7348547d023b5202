"""The lexicon: spellings of names with what they stand for, and the word classes of the rules."""

from __future__ import annotations

from dataclasses import dataclass, field
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Final, NamedTuple

from schemas.entity import EntityType

DATA: Traversable = files("pipeline.stages.entities") / "data"

MAX_ACRONYM = 3
"""Longer words in capitals may be ordinary words in a dateline or headline."""

MAX_WORD = 40
"""Longer words in capitals are no names."""


class Entry(NamedTuple):
    """What the lexicon says of one spelling."""

    name: str
    """The name of the thing itself; empty where the spelling is all that is known."""
    type: EntityType
    links: tuple[tuple[str, str], ...] = ()
    """Pairs of scheme and id, the one that names the entity first."""
    weak: bool = False
    """True when the spelling more often means something else: context has to speak for it."""


TOWN: Final = Entry("", "place", (), weak=True)
"""Any small town: one entry for tens of thousands of spellings."""


@dataclass(slots=True)
class Lexicon:
    """Spellings with their entries, and the word classes that the rules read."""

    entries: dict[str, Entry] = field(default_factory=dict)
    reach: dict[str, int] = field(default_factory=dict)
    """First word of a spelling, to the number of words of the longest spelling that begins with it."""
    local: dict[str, dict[str, str]] = field(default_factory=dict)
    """Language, to spelling, to the link of an entry."""
    by_link: dict[str, Entry] = field(default_factory=dict)
    towns: list[tuple[str, ...]] = field(default_factory=list)
    """Small towns, whose names are names of much else: GeoNames id, name, title; id and title where certain."""
    given_names: frozenset[str] = frozenset()
    surnames: frozenset[str] = frozenset()
    common_words: frozenset[str] = frozenset()
    cues: dict[str, frozenset[str]] = field(default_factory=dict)
    """The word classes by name."""
    heads: dict[str, EntityType] = field(default_factory=dict)
    """Last words of names, like "University" or "Bridge", with the type that they give."""
    prefixes: dict[str, EntityType] = field(default_factory=dict)
    """Words like "Ministry" or "Battle", with the type that they give to a name that goes on with "of"."""
    nouns: dict[str, EntityType] = field(default_factory=dict)
    """Nouns that stand before or after a name, with what they say it is."""

    def add(self, spelling: str, entry: Entry) -> None:
        """Enter a spelling, its possessive apart as in a run; a later one replaces an earlier."""
        spelling = with_possessive_apart(spelling)
        self.entries[spelling] = entry
        first, *others = spelling.split(" ")
        if self.reach.get(first, 0) <= len(others):
            self.reach[first] = len(others) + 1

    def longest(self, words: list[str], start: int, end: int) -> tuple[Entry, int] | None:
        """Return the entry of the longest spelling that begins at `words[start]`, and the index after it.

        Words in capitals, as in datelines and headlines, are looked up by their usual spelling too.
        """
        first = words[start]
        found = self._lookup(words, start, end) if first in self.reach else None
        if found is not None or not first.isupper() or not 1 < len(first) <= MAX_WORD:
            return found
        if len(first) <= MAX_ACRONYM and not (start + 1 < end and words[start + 1].isupper()):
            return None
        particles = self.cues["particles"]
        usual = [
            word if not word.isupper() else word.lower() if k and word.lower() in particles else word.title()
            for k, word in enumerate(words[start : min(end, start + 4)])
        ]
        found = self._lookup(usual, 0, len(usual))
        return (found[0], start + found[1]) if found and not found[0].weak else None

    def _lookup(self, words: list[str], start: int, end: int) -> tuple[Entry, int] | None:
        for stop in range(min(end, start + self.reach.get(words[start], 0)), start, -1):
            entry = self.entries.get(words[start] if stop == start + 1 else " ".join(words[start:stop]))
            if entry is not None:
                return entry, stop
        return None

    def canonical(self, entry: Entry) -> str:
        """Return the name of the thing itself; spellings from different files meet in their link."""
        if not entry.links:
            return entry.name
        return self.by_link.get(":".join(entry.links[0]), entry).name


def with_possessive_apart(spelling: str) -> str:
    """Return a spelling with its possessive as a word of its own, as a run has it."""
    return spelling.replace("'s", " 's").replace("s' ", "s ' ")
