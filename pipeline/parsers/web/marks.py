"""Marks: what the words of class and id attributes say about an element, by the table in `data/furniture.txt`."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from pathlib import Path
from typing import Final

from pipeline.parsers.markup import Element

MAX_NAME_CHARS: Final = 400
"""How much of a class attribute is looked at; the longest of real templates stay below."""

_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|[^\W\d_]+")

LONGEST_ENTRY: Final = 3
"""Most words of an entry in the table."""


@cache
def _table() -> dict[str, frozenset[str]]:
    path = Path(__file__).parent / "data" / "furniture.txt"
    found: dict[str, set[str]] = {}
    kind = ""
    for line in path.read_text("utf-8").splitlines():
        if line.startswith("["):
            kind = line.strip("[]")
        elif line and not line.startswith("#"):
            found.setdefault(kind, set()).add(line)
    return {kind: frozenset(entries) for kind, entries in found.items()}


@cache
def _kinds() -> dict[str, frozenset[str]]:
    kinds: dict[str, set[str]] = {}
    for kind, entries in _table().items():
        for entry in entries:
            kinds.setdefault(entry, set()).add(kind)
    return {entry: frozenset(found) for entry, found in kinds.items()}


def marks(element: Element) -> frozenset[str]:
    """Return which lists of the table the class and id of an element are on: always, maybe, caption, credit, meta."""
    label = element.get("class") or ""
    if own := element.get("id"):
        label = f"{label} {own}"
    return _marks_of(label[:MAX_NAME_CHARS]) if label else frozenset()


@lru_cache(maxsize=4096)
def _marks_of(label: str) -> frozenset[str]:
    known = _kinds()
    found: set[str] = set()
    for name in label.split():
        words = [word.lower() for word in _WORD.findall(name)]
        for start in range(len(words)):
            for count in range(1, LONGEST_ENTRY + 1):
                found |= known.get(" ".join(words[start : start + count]), frozenset())
    return frozenset(found)
