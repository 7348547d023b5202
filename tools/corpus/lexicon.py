"""The names: read once from the files in `names/`.

names/LABEL/list.txt   one name a line, marked LABEL; " = " before its acronym; a name may hold slots itself
names/words/list.txt   the same without a mark: roles, numbers, dates (slots inside keep their marks)
names/people/*.txt     one culture a file: given, male, female, surname, and how they make a name
names/groups.txt       "org: company, agency": a slot that stands for one of several lists
names/countries.tsv    ISO 3166 code, name, adjective, people, capital, cultures, weight
names/cities.tsv       ISO 3166 code, name (GeoNames, CC BY 4.0; written by `build_places.py`)
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from tools.corpus.grammar import Node, parse
from tools.corpus.records import LABELS, PatternError

HERE = Path(__file__).resolve().parent
NAMES = HERE / "names"
PATTERNS = HERE / "patterns"
PEOPLE_KEYS = ("given", "male", "female", "surname", "grammar")
WELL_KNOWN = "known"
"""The list of people whom readers of the news know; it is no culture."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A name of a list: its pattern, and its acronym or "" where none is given."""

    nodes: tuple[Node, ...]
    short: str


@dataclass(frozen=True, slots=True)
class Country:
    """A row of `countries.tsv`."""

    iso: str
    name: str
    adj: str
    people: str
    capital: str
    cultures: tuple[str, ...]
    weight: int


@dataclass(frozen=True, slots=True)
class Culture:
    """How people are called: lists, and grammars such as `{g} *al-{s}*` with the short form between asterisks."""

    given: tuple[str, ...]
    male: tuple[str, ...]
    female: tuple[str, ...]
    surname: tuple[str, ...]
    grammar: tuple[str, ...]


@dataclass(frozen=True)
class Lexicon:
    """Every list, by the name of its slot."""

    lists: dict[str, tuple[Entry, ...]] = field(default_factory=dict)
    labels: dict[str, str] = field(default_factory=dict)
    groups: dict[str, tuple[str, ...]] = field(default_factory=dict)
    cultures: dict[str, Culture] = field(default_factory=dict)
    countries: tuple[Country, ...] = ()
    cities: dict[str, tuple[str, ...]] = field(default_factory=dict)


def lines(path: Path) -> Iterator[str]:
    """Yield the lines of a data file that are neither empty nor comments."""
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.strip() and not line.startswith("//"):
            yield line.strip()


def patterns() -> Iterator[tuple[str, str]]:
    """Yield (register, pattern) for every pattern, in the order of the files."""
    for path in sorted(PATTERNS.glob("*.txt")):
        for line in lines(path):
            yield path.stem, line


@cache
def homes(register: str) -> frozenset[str]:
    """Return the codes of the countries where a register's sentences play; none means all.

    A file says so in its first line: "//@ NG GH".
    """
    first = (PATTERNS / f"{register}.txt").read_text(encoding="utf-8").partition("\n")[0]
    return frozenset(first.removeprefix("//@").split()) if first.startswith("//@") else frozenset()


@cache
def load() -> Lexicon:
    """Return every list; raises `PatternError` where a file is written wrongly."""
    lexicon = Lexicon(countries=tuple(_countries()), cities=_cities(), groups=dict(_groups()))
    for folder in (*LABELS, "words"):
        for path in sorted((NAMES / folder).glob("*.txt")):
            if path.stem in lexicon.lists:
                raise PatternError(f"Two lists are called {path.stem}: rename one.")
            lexicon.lists[path.stem] = tuple(_entry(line) for line in lines(path))
            lexicon.labels[path.stem] = "" if folder == "words" else folder
    for path in sorted((NAMES / "people").glob("*.txt")):
        lexicon.cultures[path.stem] = _culture(path)
    return lexicon


def _entry(line: str) -> Entry:
    name, _, short = line.partition(" = ")
    return Entry(parse(name), short)


def _culture(path: Path) -> Culture:
    found: dict[str, list[str]] = {key: [] for key in PEOPLE_KEYS}
    for line in lines(path):
        key, _, values = line.partition(":")
        if key not in found:
            raise PatternError(f"{path.name}: unknown key {key}")
        found[key] += [value.strip() for value in values.split(";" if key == "grammar" else ",") if value.strip()]
    either = found["given"] + found["male"] + found["female"]
    male, female = found["male"] or either, found["female"] or either
    return Culture(*(tuple(names) for names in (either, male, female, found["surname"], found["grammar"])))


def _countries() -> Iterator[Country]:
    for line in lines(NAMES / "countries.tsv"):
        iso, name, adj, people, capital, cultures, weight = line.split("\t")
        yield Country(iso, name, adj, people, capital, tuple(cultures.split(",")), int(weight))


def _cities() -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = defaultdict(list)
    for line in lines(NAMES / "cities.tsv"):
        iso, name = line.split("\t")
        found[iso].append(name)
    return {iso: tuple(names) for iso, names in found.items()}


def _groups() -> Iterator[tuple[str, tuple[str, ...]]]:
    for line in lines(NAMES / "groups.txt"):
        name, _, members = line.partition(":")
        yield name, tuple(member.strip() for member in members.split(","))
