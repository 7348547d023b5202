"""Persons: the shorter and other forms by which a text names again whom it has named in full."""

from __future__ import annotations

import re
from typing import Final

from pipeline.stages.entities.articles import folded
from pipeline.stages.entities.candidate import Candidate
from pipeline.stages.entities.grammar import ORDINALS

_GENERATIONS: Final = ORDINALS | {"Jr", "Jnr", "Sr"}
_ARABIC: Final = re.compile(r"(?:[Aa]l|[Ee]l)[- ](?=[A-Z])")
_AFTER_ARTICLE: Final = frozenset("- ")
QUOTES: Final = '“”"'
_SHORTEST: Final = 3
"""Letters of a middle word that may be a surname."""


def persons_by_word(found: list[Candidate]) -> dict[str, Candidate]:
    """Return the parts of a name by which a person named in full may be named again, longest names first.

    News calls people by their surname, whatever stands last: "Warhol" is Andy, though a "Warhol Polaroid" was taken for
    a person too. Where names begin with the surname or carry two, a word inside may be it, and comes last.
    """
    known: dict[str, Candidate] = {}
    persons = [one for one in found if one.type == "person" and len(one.words) > 1]
    persons.sort(key=lambda one: -len(one.words))
    for one in persons:
        words = _without_generation(one.words)
        for first in range(1, len(words)):
            known.setdefault(" ".join(words[first:]), one)
    for one in persons:
        known.setdefault(one.words[0], one)
    for one in persons:
        _add_inner(known, one)
    _add_spellings(known)
    return known


def _without_generation(words: tuple[str, ...]) -> tuple[str, ...]:
    return words[:-1] if words[-1] in _GENERATIONS and len(words) > 1 else words


def _add_inner(known: dict[str, Candidate], one: Candidate) -> None:
    """Add a nickname, the name without it, the name with an initial, and words inside the name."""
    words = _without_generation(one.words)
    plain = [word for word in words if word[0] not in QUOTES]
    if len(plain) < len(words):
        known.setdefault(" ".join(plain), one)
    if len(plain) > 1 and plain[0][1:2].isalpha():
        known.setdefault(" ".join((f"{plain[0][0]}.", *plain[1:])), one)
    for word in words[1:-1]:
        bare = word.strip(QUOTES)
        if len(bare) >= _SHORTEST and bare[0].isupper() and not bare.endswith("."):
            known.setdefault(bare, one)


def _add_spellings(known: dict[str, Candidate]) -> None:
    """Add "Masri" to "al-Masri" and the reverse, "Van Dyk" to "van Dyk", "Zuniga" to "Zúñiga"."""
    for name, one in list(known.items()):
        if name[2:3] in _AFTER_ARTICLE and (article := _ARABIC.match(name)) is not None:
            bare = name[article.end() :]
            for spelling in (bare, f"al-{bare}", f"Al-{bare}"):
                known.setdefault(spelling, one)
        if name[0].islower():
            known.setdefault(name[0].upper() + name[1:], one)
        if not name.isascii():
            known.setdefault(" ".join(word[:1].upper() + word[1:] for word in folded(name).split(" ")), one)
