"""Tables: the data files read into the one lexicon, on first use."""

from __future__ import annotations

import gzip
import re
import tomllib
from collections.abc import Iterator
from copy import copy
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Final, NamedTuple, cast, get_args

from pipeline.errors import ConfigError
from pipeline.stages.entities.lexicon import DATA, TOWN, Entry, Lexicon, with_possessive_apart
from schemas.entity import EntityType

_Typed = tuple[tuple[str, EntityType], ...]
_HEADS: Final[_Typed] = (
    ("event_heads", "event"),
    ("facility_heads", "facility"),
    ("org_heads", "organization"),
    ("place_heads", "place"),
)
_PREFIXES: Final[_Typed] = (
    ("org_prefixes", "organization"),
    ("event_prefixes", "event"),
    ("place_prefixes", "place"),
    ("facility_heads", "facility"),
)
_NOUNS: Final[_Typed] = (
    ("person_nouns", "person"),
    ("org_nouns", "organization"),
    ("facility_nouns", "facility"),
    ("place_nouns", "place"),
)
_LINKS: Final = re.compile(r"-|[a-z0-9]+:\S+(?: [a-z0-9]+:\S+)*")

WELL_KNOWN: Final = 100
"""Thousands of inhabitants below which a one-word name of a city needs context: it is a surname as often."""

_SHORT: Final = 5
"""Letters below which a single word is an acronym or a name that others have too."""


def rows(name: str) -> Iterator[list[str]]:
    """Yield the columns of a tab separated data file without its comments."""
    for line in (DATA / name).read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            yield line.split("\t")


class Spelling(NamedTuple):
    """A spelling of something that has an article of its own in the English Wikipedia."""

    spelling: str
    title: str
    """The title of the article, with the bracket that tells namesakes apart."""
    type: EntityType
    weak: bool
    """True when other things are called so too: it is no link, and context has to speak for the type."""


def title_rows() -> Iterator[Spelling]:
    """Yield the spellings of the title tables: title, type, spellings separated by "|", with "~" before weak ones.

    The title itself, without its bracket, is a spelling too, unless the row has it as a weak one.
    """
    for file in sorted((DATA / "titles").iterdir(), key=lambda file: file.name):
        for title, kind, *others in rows(f"titles/{file.name}"):
            spellings = [one for one in others[0].split("|") if one] if others else []
            name = title.partition(" (")[0]
            if f"~{name}" not in spellings:
                spellings.insert(0, name)
            for spelling in spellings:
                weak = spelling.startswith("~")
                yield Spelling(with_possessive_apart(spelling.removeprefix("~")), title, cast(EntityType, kind), weak)


def read_links(column: str, name: str = "") -> tuple[tuple[str, str], ...]:
    """Read `scheme:id` pairs separated by blanks; "-" is none.

    An id "=" is the name itself: the Wikipedia article of that title. Underscores in a title stand for blanks.
    """
    if column == "-":
        return ()
    pairs = (link.partition(":") for link in column.split())
    return tuple((scheme, name if number == "=" else number.replace("_", " ")) for scheme, _, number in pairs)


def _titled(links: tuple[tuple[str, str], ...], title: str, name: str) -> tuple[tuple[str, str], ...]:
    """Add the Wikipedia title of a row of the gazetteer: "=" is the name, "" none."""
    return (*links, ("wikipedia", name if title == "=" else title)) if title else links


def _read_gazetteer(lexicon: Lexicon) -> None:
    text = gzip.decompress((DATA / "gazetteer.tsv.gz").read_bytes()).decode("utf-8")
    weak, add = lexicon.cues["weak_places"], lexicon.add
    countries = []
    regions: dict[str, Entry] = {}
    for line in text.splitlines():
        kind, *columns = line.split("\t")
        if kind == "city":
            geonames, name, thousands, title = columns
            doubtful = " " not in name and (
                int(thousands) < WELL_KNOWN or name in lexicon.given_names or name.lower() in lexicon.common_words
            )
            links = _titled((("geonames", geonames),), title, name) if geonames else ()
            entry = Entry(name, "place", links, doubtful or name in weak)
            add(name, entry)
            lexicon.by_link[f"geonames:{geonames}"] = entry
        elif kind == "town":
            lexicon.towns.append(tuple(columns))
        elif kind == "country":
            countries.append(columns)
        elif kind == "region":
            geonames, name, title = columns
            regions[name] = Entry(name, "place", _titled((("geonames", geonames),), title, name))
            add(name, regions[name])
        else:
            language, name, link = columns
            lexicon.local.setdefault(language, {})[name] = link
    for iso, geonames, name, spellings, title in countries:
        entry = Entry(name, "place", _titled((("iso3166", iso), ("geonames", geonames)), title, name))
        lexicon.by_link[f"iso3166:{iso}"] = entry
        for spelling in (name, *filter(None, spellings.split("|"))):
            add(spelling, entry)
    _add_states(lexicon, regions)


def _add_states(lexicon: Lexicon, regions: dict[str, Entry]) -> None:
    """Enter the states by their abbreviations: "Calif."."""
    for _, name, *others in rows("states.tsv"):
        for spelling in others[0].split("|") if others else ():
            if spelling.endswith("."):
                lexicon.add(spelling, regions.get(name, Entry(name, "place")))


def _read_places(lexicon: Lexicon) -> None:
    for name, links, *spellings in rows("places.tsv"):
        read = read_links(links, name)
        first = ":".join(read[0]) if read else ""
        known = lexicon.by_link.get(first)
        if known:
            # The built entry knows further ids; the row's own title holds.
            read = tuple({**dict(known.links), **dict(read)}.items())
        entry = Entry(name, "place", read)
        if first.startswith(("iso3166", "geonames")):
            lexicon.by_link[first] = entry
        for spelling in (name, *(spellings[0].split("|") if spellings else ())):
            lexicon.add(spelling, entry)
    for spelling in lexicon.cues["ambiguous_places"]:
        if spelling in lexicon.entries:
            lexicon.add(spelling, Entry(spelling, "place"))


def _read_groups(lexicon: Lexicon) -> None:
    for _, spellings in rows("demonyms.tsv"):
        name, *others = spellings.split("|")
        for spelling in (name, *others):
            lexicon.add(spelling, Entry(name, "group"))


def _read_aliases(lexicon: Lexicon) -> None:
    people = ([name, "person", *rest] for name, *rest in rows("people.tsv"))
    for row in chain(people, rows("aliases.tsv")):
        _add_alias(lexicon, row)


def _add_alias(lexicon: Lexicon, row: list[str]) -> None:
    name, kind, links, *spellings = row
    entry = Entry(name, cast(EntityType, kind), read_links(links, name))
    for spelling in (name, *filter(None, spellings[0].split("|") if spellings else ())):
        lexicon.add(spelling, entry)


def _uses(lexicon: Lexicon) -> frozenset[str]:
    """Return the capitalised words that have another use than to name a town or company."""
    cues = (lexicon.cues[name] for name in ("titles", "modifiers", "openers", "calendar"))
    ordinary = (word.capitalize() for word in lexicon.common_words)
    return frozenset(chain(lexicon.given_names, lexicon.heads, ordinary, *cues))


def _read_titles(lexicon: Lexicon, uses: frozenset[str]) -> None:
    """Enter what has an article: as certain where one thing only is called so, else as doubtful."""
    for spelling, title, kind, weak in title_rows():
        if kind == "person" and spelling.partition(" ")[0] in lexicon.cues["titles"]:
            continue
        name = title.partition(" (")[0]
        doubtful = weak or (" " not in spelling and (kind == "person" or len(spelling) < _SHORT))
        known = lexicon.entries.get(spelling)
        if (known is None and spelling not in uses) or (known is not None and known.weak and not doubtful):
            lexicon.add(spelling, Entry(name, kind, () if weak else (("wikipedia", title),), doubtful))


def _read_towns(lexicon: Lexicon, uses: frozenset[str]) -> None:
    """Enter the small towns that no other name is spelled like."""
    for geonames, name, title in lexicon.towns:
        if name in lexicon.entries or name in uses or name in lexicon.surnames:
            continue
        links = _titled((("geonames", geonames),), title, name) if geonames else ()
        lexicon.add(name, Entry(name, "place", links, weak=True) if links else TOWN)


def extended(path: Path) -> Lexicon:
    """Return the lexicon with the rows of an alias table on top; the first three columns must be there.

    Raises:
        ConfigError: the table cannot be read, or a row is wrong; the sentence names it.
    """
    result = copy(lexicon())
    result.entries, result.reach = dict(result.entries), dict(result.reach)
    try:
        lines = path.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"the alias table {path} cannot be read: {error}") from error
    for number, line in enumerate(lines, 1):
        row = line.rstrip().split("\t")
        if not line.strip() or line.startswith("#"):
            continue
        if len(row) not in {3, 4} or row[1] not in get_args(EntityType) or not _LINKS.fullmatch(row[2]):
            raise ConfigError(
                f"line {number} of the alias table {path} is wrong: write name, type, links (scheme:id, or -) and"
                " spellings divided by |, with tabs between them"
            )
        _add_alias(result, row)
    return result


def _read_cues() -> dict[str, frozenset[str]]:
    sections = tomllib.loads((DATA / "cues.toml").read_text("utf-8"))
    return {name: frozenset(word.strip() for word in text.split(",")) - {""} for name, text in sections.items()}


def _typed(cues: dict[str, frozenset[str]], classes: _Typed) -> dict[str, EntityType]:
    """Return the words of classes with their types; a word of two classes has the type of the first."""
    return {word: kind for name, kind in reversed(classes) for word in cues[name]}


def _read_words(name: str) -> frozenset[str]:
    lines = (DATA / name).read_text("utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())


@cache
def lexicon() -> Lexicon:
    """Return the one lexicon; the first call reads the data files."""
    result = Lexicon(cues=_read_cues())
    result.given_names = _read_words("given_names.txt")
    result.surnames = _read_words("surnames.txt")
    result.common_words = _read_words("common_words.txt")
    result.heads, result.prefixes = _typed(result.cues, _HEADS), _typed(result.cues, _PREFIXES)
    result.nouns = _typed(result.cues, _NOUNS)
    _read_gazetteer(result)
    _read_places(result)
    _read_groups(result)
    _read_aliases(result)
    uses = _uses(result)
    _read_titles(result, uses)
    _read_towns(result, uses)
    return result
