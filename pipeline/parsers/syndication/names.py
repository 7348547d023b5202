"""Names of feed elements: one spelling for each, whatever prefix, namespace address or case the feed gives it.

`content:encoded` is found under its usual prefix whether its namespace is declared, declared with another address that
feeds are known to use, or not declared at all.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import Final

from pipeline.parsers.xml import Element

OWN: Final = "urn:copytaster:entry"
"""Namespace of what `splitting` writes onto an entry that leaves its feed."""

ATOM: Final = "http://www.w3.org/2005/Atom"
XML: Final = "http://www.w3.org/XML/1998/namespace"

MAX_REPEATS: Final = 8
"""Most times that one entry may state; more is no feed but an attack on whoever compares them."""

_PREFIXES: Final = {
    "purl.org/rss/1.0": "",
    "purl.org/rss/1.0/modules/rss091": "",
    "my.netscape.com/rdf/simple/0.9": "",
    "channel.netscape.com/rdf/simple/0.9": "",
    "purl.org/net/rss1.1": "",
    "backend.userland.com/rss2": "",
    "backend.userland.com/rss": "",
    "blogs.law.harvard.edu/tech/rss": "",
    "cyber.law.harvard.edu/rss/rss.html": "",
    "www.w3.org/2005/atom": "atom",
    "purl.org/atom/ns": "atom",
    "purl.org/atom/app": "app",
    "purl.org/atompub/tombstones/1.0": "at",
    "www.w3.org/1999/02/22-rdf-syntax-ns": "rdf",
    "www.w3.org/1999/xhtml": "xhtml",
    "purl.org/dc/elements/1.1": "dc",
    "purl.org/dc/elements/1.0": "dc",
    "purl.org/dc/terms": "dcterms",
    "purl.org/rss/1.0/modules/content": "content",
    "purl.org/rss/1.0/modules/syndication": "sy",
    "search.yahoo.com/mrss": "media",
    "search.yahoo.com/searchmonkey-datatype/media": "media",
    "video.search.yahoo.com/mrss": "media",
    "tools.search.yahoo.com/mrss": "media",
    "www.itunes.com/dtds/podcast-1.0.dtd": "itunes",
    "rssnamespace.org/feedburner/ext/1.0": "feedburner",
    "news.yandex.ru": "yandex",
}
_WORDPRESS = re.compile(r"wordpress\.org/export/[\d.]+(?P<excerpt>/excerpt)?")


def _prefix(namespace: str) -> str | None:
    address = re.sub(r"^https?://", "", namespace.lower()).rstrip("/#")
    if found := _WORDPRESS.fullmatch(address):
        return "excerpt" if found["excerpt"] else "wp"
    return _PREFIXES.get(address)


def name_of(element: Element) -> str:
    """Return the name of an element: lower case, its usual prefix before a colon, none for RSS itself.

    A namespace that nobody knows is that of the feed where the root has it too; else its prefix is `?`.
    """
    namespace, _, local = str(element.tag).rpartition("}")
    local = local.lower()
    if not namespace:
        return local
    prefix = _prefix(namespace[1:])
    if prefix is None:
        home = str(element.getroottree().getroot().tag).startswith(namespace + "}")
        prefix = "" if home else "?"
    return f"{prefix}:{local}" if prefix else local


class Fields:
    """The children of an element by their names; the first name that has any wins."""

    def __init__(self, element: Element) -> None:
        self._found: dict[str, list[Element]] = {}
        for child in element:
            self._found.setdefault(name_of(child), []).append(child)

    def all(self, *names: str) -> Iterator[Element]:
        """Yield the children with these names, by name, then in order."""
        for name in names:
            yield from self._found.get(name, ())

    def first(self, *names: str) -> Element | None:
        """Return the first child with one of these names."""
        return next(self.all(*names), None)

    def text(self, *names: str) -> str | None:
        """Return the first text that is not blank, as it is written."""
        few = (child for name in names for child in islice(self._found.get(name, ()), MAX_REPEATS))
        return next((text for child in few if (text := text_of(child)).strip()), None)

    def named(self, *names: str) -> list[tuple[str, object]]:
        """Return the first texts with the names that people call them by, as `drafting.set_times` takes them."""
        pairs = ((name, child) for name in names for child in self._found.get(name, ()))
        return [(name.rpartition(":")[2], text_of(child).strip()) for name, child in islice(pairs, MAX_REPEATS)]


def text_of(element: Element) -> str:
    """Return all the text in an element, unfolded."""
    return "".join(map(str, element.itertext()))
