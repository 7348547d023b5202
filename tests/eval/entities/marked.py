"""Texts with marks around their names: `[[Ada Obi|person 1]] of the [[NHS|organization 2 = National Health Service]]`.

Items are separated by a line `---`. A mark gives the type and a number that the mentions of one thing share inside an
item; one of them may give the title of the thing's article in the English Wikipedia. "work" is books, films and laws.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final, NamedTuple, get_args

from schemas.entity import EntityType

_MARK: Final = re.compile(r"\[\[([^|\[\]]+)\|(?:([a-z]+) (\d+)(?: = ([^\[\]]+))?)\]\]")
_BREAK: Final = re.compile(r"^---\s*$", re.MULTILINE)
_TYPES: Final = {kind: kind for kind in get_args(EntityType)} | {"work": "other"}


class Name(NamedTuple):
    """One mention: code points into the text, end-exclusive, and the type of the contract."""

    start: int
    end: int
    type: str
    thing: int = 0
    """The same for all mentions of one thing in a text; 0 where nobody said."""
    title: str = ""
    """The title of the article on the thing; empty where there is none, or nobody was sure."""


class GoldText(NamedTuple):
    """A text with its names, left to right."""

    article: str
    text: str
    names: tuple[Name, ...]


def read_marked(folder: Path) -> list[GoldText]:
    """Return the texts of a folder's files.

    Raises:
        ValueError: a mark is badly written, or a number stands for two types or two titles.
    """
    found = []
    for path in sorted(folder.glob("*.txt")):
        items = [item.strip() for item in _BREAK.split(path.read_text("utf-8"))]
        found += [_read(f"{path.stem} {number}", item) for number, item in enumerate(items, 1) if item]
    return found


def _read(article: str, item: str) -> GoldText:
    text, at = "", 0
    names: list[Name] = []
    for mark in _MARK.finditer(item):
        text += item[at : mark.start()]
        kind = _TYPES.get(mark[2])
        if kind is None:
            raise ValueError(f"{article}: {mark[0]} has no type of the contract")
        names.append(Name(len(text), len(text) + len(mark[1]), kind, int(mark[3]), mark[4] or ""))
        text += mark[1]
        at = mark.end()
    text += item[at:]
    if "[[" in text or "]]" in text:
        raise ValueError(f"{article}: a mark is badly written: {text[max(0, text.find('[[')) :][:80]!r}")
    return GoldText(article, text, _titled(article, names))


def _titled(article: str, names: list[Name]) -> tuple[Name, ...]:
    """Give every mention of a thing its title."""
    types: dict[int, str] = {}
    titles: dict[int, str] = {}
    for name in names:
        if types.setdefault(name.thing, name.type) != name.type:
            raise ValueError(f"{article}: number {name.thing} stands for two types")
        if name.title and titles.setdefault(name.thing, name.title) != name.title:
            raise ValueError(f"{article}: number {name.thing} has two titles")
    return tuple(name._replace(title=titles.get(name.thing, "")) for name in names)
