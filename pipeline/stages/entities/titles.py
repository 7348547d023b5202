"""Titles: Wikipedia articles of names.

The tables in `titles` have names that mean one thing wherever they stand; as far as they are no ordinary words, the
lexicon knows them too. `institutions.tsv` has names that every country has - "Supreme Court" - and whose article
therefore depends on a country that the text names.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Final, NamedTuple

from pipeline.stages.entities.candidate import Candidate
from pipeline.stages.entities.lexicon import Lexicon
from pipeline.stages.entities.tables import rows, title_rows
from schemas.entity import EntityType

_LOOSE: Final = frozenset({"organization", "facility", "event", "product", "other"})
"""Types that a tagger may take for each other where one word stands alone; longer names say enough by themselves."""

_FORM: Final = re.compile(
    r"(?i:,? (?:inc|corp|co|ltd|plc|llc|llp|lp|ag|sa|se|nv|bv|ab|asa|as|a/s|oyj|oy|spa|s\.p\.a|gmbh|kgaa|jsc|pjsc|ojsc"
    r"|pao|ao|tbk|bhd|berhad|sdn|pty|soc|psc|saog|qsc|kk|limited|corporation|incorporated|company)\.?)+\Z"
)
"""The forms of companies that news sets behind a name or leaves away."""

_LOCAL: Final = re.compile(r"(?:U\.S\.|US|UK|U\.K\.|United States) (?=\S+ \S)")
_PLACED: Final = re.compile(
    r"University of (?:(?:North|South|East|West|Northern|Southern|Eastern|Western|Central) )?(?P<seat>\w+(?: \w+)?)"
    r"|(?P<state>[A-Z]\w+(?: [A-Z]\w+)?) State University"
    r"|(?P<home>[A-Z]\w+(?: [A-Z]\w+)?) (?:International (?:Airport|Film Festival)|Stock Exchange|Symphony Orchestra)"
)
"""Institutions whose full name is the title of their article where the place in it has one."""

_OFFICE: Final = 2
"""Most words of an office before a surname: "Prime Minister"."""


Links = tuple[tuple[str, str], ...]
"""Pairs of scheme and id."""


class Title(NamedTuple):
    """A row of the table."""

    name: str
    """The title of the article."""
    type: EntityType


def without_form(name: str) -> str:
    """Return the name of a company without its form: "Acme" of "Acme Co Ltd"."""
    return _FORM.sub("", name)


@cache
def titles() -> dict[str, Title]:
    """Return the spellings of the title tables that mean one thing; the first call reads the files."""
    return {one.spelling: Title(one.title, one.type) for one in title_rows() if not one.weak}


@cache
def states() -> tuple[dict[str, tuple[str, str]], re.Pattern[str]]:
    """Return the states by all spellings with country and name, and the pattern of one behind a town."""
    found = {}
    for country, name, *others in rows("states.tsv"):
        for spelling in (name, *(others[0].split("|") if others else ())):
            found[spelling] = (country, name)
    longest = sorted(found, key=len, reverse=True)
    return found, re.compile(rf", ({'|'.join(map(re.escape, longest))})(?!\w)")


def links_of(title: str, lexicon: Lexicon) -> Links:
    """Return the links of a title: those of the alias tables where they know the same article."""
    entry = lexicon.entries.get(title)
    if entry is not None and ("wikipedia", title) in entry.links:
        return entry.links
    return (("wikipedia", title),)


def title_of(one: Candidate, kind: EntityType, canonical: str, lexicon: Lexicon) -> Links:
    """Return the links of a name that means one thing wherever it stands; nothing where that is not certain.

    Args:
        one: the name.
        kind: its type.
        canonical: the name of the thing itself, where the lexicon knows it by another; all spellings get one link.
        lexicon: what else is known.
    """
    known = titles()
    row = known.get(one.name) or known.get(canonical)
    if row is None and kind == "person":
        return _person(one, lexicon)
    if row is not None:
        fits = kind == row.type or len(one.words) > 1 or {kind, row.type} <= _LOOSE
        return links_of(row.name, lexicon) if fits else ()
    return _institution(one, lexicon) if kind in _LOOSE else ()


def _person(one: Candidate, lexicon: Lexicon) -> Links:
    """Link a person by the office before a surname: "President Clinton"."""
    if not one.role:
        return ()
    office = one.role.split()
    for n in range(_OFFICE, 0, -1):
        row = titles().get(" ".join((*office[-n:], one.name)))
        if row is not None:
            return links_of(row.name, lexicon)
    return ()


def _institution(one: Candidate, lexicon: Lexicon) -> Links:
    """Link "Acme Inc." as "Acme", "US National Park Service" without its country, and institutions by their form."""
    core = _LOCAL.sub("", without_form(one.name), count=1)
    if core != one.name:
        entry = lexicon.entries.get(core)
        if entry is not None and entry.type in _LOOSE and entry.links:
            return entry.links
        if (row := titles().get(core)) is not None and row.type in _LOOSE:
            return links_of(row.name, lexicon)
    return (("wikipedia", one.spelling),) if _is_placed(one.spelling, lexicon) else ()


def _is_placed(name: str, lexicon: Lexicon) -> bool:
    """Tell whether a name is built of a known place and the word for an institution."""
    found = _PLACED.fullmatch(name)
    if found is None:
        return False
    place = lexicon.entries.get(found["seat"] or found["state"] or found["home"])
    if place is None or place.type != "place":
        return False
    return (
        (found["state"] in states()[0]) if found["state"] else any(scheme == "wikipedia" for scheme, _ in place.links)
    )
