"""The outline of a page: how much text each element holds, and which elements lie in which, from one walk."""

from __future__ import annotations

from lxml import etree

from pipeline.parsers.markup import Element

_SILENT = frozenset({"script", "style", "noscript", "template"})


class Outline:
    """The elements of a body with their numbers in the order of the page and the characters of text in them."""

    def __init__(self, body: Element) -> None:
        self.body = body
        self.spans: dict[Element, tuple[int, int, int]] = {}
        starts: list[tuple[int, int]] = []
        number = size = 0
        for event, element in etree.iterwalk(body, events=("start", "end")):
            if event == "start":
                number += 1
                starts.append((number, size))
                size += len((element.text or "").strip()) if element.tag not in _SILENT else 0
            else:
                first, before = starts.pop()
                self.spans[element] = first, number, size - before
                size += len((element.tail or "").strip())

    def size(self, element: Element) -> int:
        """Return how many characters of text an element of the body holds."""
        return self.spans[element][2]

    def holds(self, outer: Element, inner: Element) -> bool:
        """Tell whether an element is another one of the body, or holds it."""
        first, last, _ = self.spans[outer]
        return first <= self.spans[inner][0] <= last
