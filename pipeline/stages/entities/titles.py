"""Titles: Wikipedia articles of names, for links only; neither the rules nor the model see these tables.

`titles.tsv` has names that mean one thing wherever they stand. `institutions.tsv` has names that every country has -
"Supreme Court" - and whose article therefore depends on a country that the text names.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Final, NamedTuple

from pipeline.stages.entities.candidate import Candidate
from pipeline.stages.entities.lexicon import Lexicon, rows
from schemas.entity import EntityType

_LOOSE: Final = frozenset({"organization", "facility", "event", "product", "other"})
"""Types that a tagger may take for each other where one word stands alone; longer names say enough by themselves."""

_COMPANY: Final = re.compile(r" (?:Inc|Corp|Co|Ltd|plc|PLC|LLC|AG|SA|Corporation|Incorporated|Limited|Company)\.?\Z")
_LOCAL: Final = re.compile(r"(?:U\.S\.|US|UK|U\.K\.|United States) (?=\S+ \S)")
_VAGUE: Final = (
    "National|State|Open|Islamic|Technical|Medical|Catholic|American|Free|Christian|Local|Main|Normal|City|Public|Private"
    "|The|Women|Trinity|St\\.|Federal|Central"
)
_SELF_TITLED: Final = re.compile(
    rf"University of (?!the\b)[A-Z][a-z][\w.'-]+(?: [A-Z][a-z]+)?(?: at (?:[A-Z]\w+ ?)+)?"
    rf"|(?!(?:{_VAGUE}) University\Z)[A-Z][\w.'-]+(?: [A-Z][\w.'-]+| and | of )* ?University"
    r"|(?:[A-Z][\w.'-]+ )+International Airport"
    r"|(?:[A-Z][\w.'-]+ )+(?:Film Festival|Stock Exchange|Symphony Orchestra)"
)
"""Institutions whose full name is the title of their article wherever one exists."""

_OFFICE: Final = 2
"""Most words of an office before a surname: "Prime Minister"."""


class Title(NamedTuple):
    """A row of the table."""

    name: str
    """The title of the article."""
    type: EntityType


def plain(title: str) -> str:
    """Return a title without the bracket that tells namesakes apart."""
    return title.partition(" (")[0]


@cache
def titles() -> dict[str, Title]:
    """Return the spellings of `titles.tsv` with their titles; the first call reads the file."""
    found: dict[str, Title] = {}
    for name, kind, *others in rows("titles.tsv"):
        row = Title(name, kind)  # type: ignore[arg-type]
        for spelling in (plain(name), *(others[0].split("|") if others else ())):
            found[spelling.replace("'s", " 's").replace("s' ", "s ' ")] = row
    return found


def title_of(one: Candidate, kind: EntityType, canonical: str, lexicon: Lexicon) -> tuple[tuple[str, str], ...]:
    """Return the link of a name that means one thing wherever it stands; nothing where that is not certain.

    Args:
        one: the name.
        kind: its type.
        canonical: the name of the thing itself, where the lexicon knows it by another; all spellings get one link.
        lexicon: what else is known.
    """
    known = titles()
    name = one.name
    row = known.get(name) or known.get(canonical)
    if row is None and one.role and kind == "person":
        office = one.role.split()
        tries = (" ".join((*office[-n:], name)) for n in range(_OFFICE, 0, -1))
        row = next((known[spelling] for spelling in tries if spelling in known), None)
    if row is not None:
        fits = kind == row.type or len(one.words) > 1 or {kind, row.type} <= _LOOSE
        return (("wikipedia", row.name),) if fits else ()
    if kind not in _LOOSE:
        return ()
    core = _LOCAL.sub("", _COMPANY.sub("", name), count=1)
    if core != name:
        entry = lexicon.entries.get(core)
        if entry is not None and entry.type in _LOOSE and entry.links:
            return entry.links
        if (row := known.get(core)) is not None and row.type in _LOOSE:
            return (("wikipedia", row.name),)
    return (("wikipedia", one.spelling),) if _is_self_titled(one, lexicon) else ()


def _is_self_titled(one: Candidate, lexicon: Lexicon) -> bool:
    if not 2 <= len(one.words) <= 8 or not _SELF_TITLED.fullmatch(one.spelling):  # noqa: PLR2004
        return False
    # "Texas University" is no name that the university goes by.
    short = len(one.words) == 2 and one.words[0] in lexicon.entries  # noqa: PLR2004
    return not short or lexicon.entries[one.words[0]].type not in {"group", "place"}
