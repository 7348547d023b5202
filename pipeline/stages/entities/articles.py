"""Articles: names that are the title of one article of the English Wikipedia, or lead to one.

`articles.marisa` holds millions of such titles, folded, of names that few others bear; `known_as.marisa` other names of
persons, each with what its title has before the surname (`tools/build_articles.py`).
"""

from __future__ import annotations

import unicodedata
from functools import cache
from importlib.resources import as_file
from typing import Any, Final

import marisa_trie

from pipeline.stages.entities.candidate import Candidate
from pipeline.stages.entities.lexicon import DATA, Lexicon
from schemas.entity import EntityType

ARTICLES: Final = "articles.marisa"
KNOWN_AS: Final = "known_as.marisa"

_LONGEST: Final = 3
"""Words of the longest titles in the file."""

_LETTERS: Final = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "ı": "i", "æ": "ae", "œ": "oe", "ß": "ss", "þ": "th", "ə": "a"}
)
"""Letters that are no letter with an accent to Unicode."""


def folded(name: str) -> str:
    """Return a name in small letters without accents, as the file spells it."""
    plain = name.lower()
    if plain.isascii():
        return plain
    letters = unicodedata.normalize("NFD", plain.translate(_LETTERS))
    return "".join(c for c in letters if not unicodedata.combining(c))


@cache
def _titles() -> marisa_trie.Trie:
    """Return the titles."""
    return _mapped(marisa_trie.Trie(), ARTICLES)


@cache
def _known_as() -> marisa_trie.BytesTrie:
    """Return the other names of persons."""
    return _mapped(marisa_trie.BytesTrie(), KNOWN_AS)


def _mapped(names: Any, file: str) -> Any:
    """Map a file into memory, which processes share."""
    with as_file(DATA / file) as path:
        names.mmap(str(path))
    return names


def article_of(one: Candidate, kind: EntityType, lexicon: Lexicon) -> str | None:
    """Return the title of the article that a name has to itself; None where that is not certain.

    Args:
        one: the name.
        kind: its type. A people is no title; a place is one only with a word like "River" in its name.
        lexicon: what words are ordinary: "National Museum" is a title, but every nation has one.
    """
    name = one.spelling
    blanks = name.count(" ")
    if kind == "group" or name.isupper() or blanks >= _LONGEST or not name.isprintable():
        return None
    if kind == "person":
        return name if blanks and folded(name) in _titles() else _renamed(name)
    if kind == "place" and blanks and one.words[-1] not in lexicon.cues["place_heads"]:
        return None
    if all(_is_ordinary(word, lexicon) for word in one.words):
        return None
    return name if folded(name) in _titles() else None


def _renamed(name: str) -> str | None:
    """Return the title of a person by another name: a surname that is enough, another given name."""
    forenames = _known_as().get(folded(name))
    return None if forenames is None else f"{forenames[0].decode()} {name.rpartition(' ')[2]}"


def _is_ordinary(word: str, lexicon: Lexicon) -> bool:
    plain = word.lower()
    return plain in lexicon.common_words or plain in lexicon.nouns or word in lexicon.cues["directions"]
