"""JSON-LD of schema.org: the article that a page says it is, read however broken the script around it."""

from __future__ import annotations

import json
import re
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from html import unescape
from typing import Any, Final

import orjson

from pipeline.parsers.canonical import fold
from pipeline.parsers.json_fields import words
from pipeline.parsers.markup import Element

Object = Mapping[str, Any]

MAX_DEPTH: Final = 8
"""How deep an article may lie in JSON-LD: @graph, mainEntity and lists; deeper is hostile."""

MAX_OBJECTS: Final = 2_000
"""Most objects of a page that are looked at; a graph of a news page has 20."""

_GENRES: Final = {
    "OpinionNewsArticle": "opinion",
    "AnalysisNewsArticle": "analysis",
    "BackgroundNewsArticle": "background",
    "ReviewNewsArticle": "review",
    "AskPublicNewsArticle": "call for contributions",
    "AdvertiserContentArticle": "advertiser content",
    "SatiricalArticle": "satire",
    "LiveBlogPosting": "live blog",
}
# In the order in which one is chosen where a page has several: what is news goes before what surrounds it.
_KINDS: Final = ("NewsArticle", "LiveBlogPosting", "Article", "BlogPosting", "Report")
_OPENINGS: Final = ("<![CDATA[", "<!--", "/*", "*/", "//")
_CLOSINGS: Final = ("]]>", "-->", "/*", "*/", "//", ";")
_CONTAINERS: Final = ("@graph", "mainEntity", "mainEntityOfPage", "@included")
_TRAILING_COMMA = re.compile(r",(\s*[}\]])")


@dataclass(slots=True)
class LinkedData:
    """The article object of a page, the objects it may refer to, and whether a script could not be read."""

    article: Object = field(default_factory=dict)
    by_id: dict[str, Object] = field(default_factory=dict)
    broken: bool = False

    def resolved(self, value: object) -> list[object]:
        """Return a value as a list, with references to other objects of the page replaced by these."""
        parts = value if isinstance(value, list) else [] if value is None else [value]
        return [self._target(part) for part in parts]

    def _target(self, part: object) -> object:
        name = part.get("@id") if isinstance(part, dict) and len(part) <= 2 else None
        return self.by_id.get(name, part) if isinstance(name, str) else part

    def names(self, key: str) -> list[str]:
        """Return the names of the people or organisations under a key, each once."""
        found: dict[str, None] = {}
        for part in self.resolved(self.article.get(key)):
            inner = part.get("name") if isinstance(part, dict) else None
            for value in inner if isinstance(inner, list) else [part]:
                if (name := line(value)) and "://" not in name:
                    found[name] = None
        return list(found)

    def first(self, *keys: str) -> str | None:
        """Return the words of the first key of the article that has any, as one line."""
        return next((found for key in keys if (found := line(self.article.get(key)))), None)

    @property
    def kinds(self) -> list[str]:
        """The types of the article."""
        return _kinds(self.article)

    @property
    def genre(self) -> str | None:
        """What the article says it is, or what its type says."""
        return self.first("genre") or next((_GENRES[kind] for kind in self.kinds if kind in _GENRES), None)


def read_linked_data(root: Element) -> LinkedData:
    """Return what the JSON-LD of a page says; the best article object, empty where there is none."""
    found = LinkedData()
    articles: list[Object] = []
    for script in root.iter("script"):
        if "ld+json" not in (script.get("type") or "").lower():
            continue
        value = loads(script.text or "")
        found.broken |= value is None and bool((script.text or "").strip())
        for item in _objects(value):
            if isinstance(name := item.get("@id"), str) and len(item) > 2:
                found.by_id.setdefault(name, item)
            if _rank(item) < len(_KINDS):
                articles.append(item)
    found.article = min(articles, key=_rank, default={})
    return found


def loads(text: str) -> object:
    """Return the value of a JSON script, None where it cannot be read.

    Comment marks around it, line feeds in strings, commas before brackets and escaped quotes are what pages get wrong.
    """
    bare = _unwrapped(text)
    try:
        return orjson.loads(bare)
    except orjson.JSONDecodeError:
        pass
    repaired = _TRAILING_COMMA.sub(r"\1", bare)
    for attempt in (bare, repaired, unescape(repaired)):
        try:
            return json.loads(attempt, strict=False)
        except (ValueError, RecursionError):
            continue
    return None


def _unwrapped(text: str) -> str:
    bare = text.strip()
    while start := next((mark for mark in _OPENINGS if bare.startswith(mark)), None):
        bare = bare[len(start) :].lstrip()
    while end := next((mark for mark in _CLOSINGS if bare.endswith(mark)), None):
        bare = bare[: -len(end)].rstrip()
    return bare


def _objects(value: object) -> Iterator[Object]:
    """Yield the objects in a value, outer ones first."""
    waiting: deque[tuple[object, int]] = deque([(value, 0)])
    seen = 0
    while waiting and seen < MAX_OBJECTS:
        part, depth = waiting.popleft()
        if depth > MAX_DEPTH:
            continue
        if isinstance(part, list):
            waiting += [(inner, depth + 1) for inner in part[:MAX_OBJECTS]]
        elif isinstance(part, dict):
            seen += 1
            yield part
            waiting += [(part[key], depth + 1) for key in _CONTAINERS if key in part]


def _kinds(item: Object) -> list[str]:
    kinds = item.get("@type")
    parts = kinds if isinstance(kinds, list) else [kinds]
    return [str(kind).rpartition("/")[2].rpartition(":")[2] for kind in parts if isinstance(kind, str)]


def _rank(item: Object) -> int:
    """Return how good an article an object is: its place in the list of types, its length where it is none."""
    names = _kinds(item)
    return next((rank for rank, kind in enumerate(_KINDS) if any(name.endswith(kind) for name in names)), len(_KINDS))


def line(value: object) -> str | None:
    """Return the words of a loose value as one line."""
    return (fold(unescape(found)) or None) if (found := words(value)) else None


def lines(values: Iterable[object]) -> list[str]:
    """Return the words of some loose values, each as one line, without the empty ones."""
    return [found for value in values if (found := line(value))]
