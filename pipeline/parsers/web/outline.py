"""The outline of a page from one walk: how much text each element holds, which lie in which, how they are marked."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from lxml import etree

from pipeline.parsers.markup import Element
from pipeline.parsers.web.marks import marks

_SILENT = frozenset({"script", "style", "noscript", "template"})
_NONE: Final[frozenset[str]] = frozenset()


class Outline:
    """The elements of a body with their numbers in the order of the page and the characters of text in them."""

    def __init__(self, body: Element) -> None:
        self.body = body
        self.spans: dict[Element, tuple[int, int, int]] = {}
        self._marks: dict[Element, frozenset[str]] = {}
        self._linked: dict[Element, int] = {}
        starts: list[tuple[int, int, int]] = []
        number = size = linked = links = 0
        for event, element in etree.iterwalk(body, events=("start", "end")):
            text = element.text if event == "start" else element.tail
            if event == "start":
                number += 1
                starts.append((number, size, linked))
                links += element.tag == "a"
                if found := marks(element):
                    self._marks[element] = found
            else:
                links -= element.tag == "a"
                first, before, outside = starts.pop()
                self.spans[element] = first, number, size - before
                if element in self._marks:
                    self._linked[element] = linked - outside
            length = len(text.strip()) if text and (event == "end" or element.tag not in _SILENT) else 0
            size += length
            linked += length if links else 0

    def size(self, element: Element) -> int:
        """Return how many characters of text an element of the body holds."""
        return self.spans[element][2]

    def prose(self, element: Element) -> int:
        """Return how many characters of text a marked element holds that are in no link."""
        return self.size(element) - self._linked.get(element, 0)

    def marks_of(self, element: Element) -> frozenset[str]:
        """Return the lists of the table that an element of the body is on."""
        return self._marks.get(element, _NONE)

    def marked(self, *lists: str) -> Iterator[Element]:
        """Yield the elements that are on one of these lists, in the order of the page."""
        return (element for element, found in self._marks.items() if not found.isdisjoint(lists))
