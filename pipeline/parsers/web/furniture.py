"""What on a page is no part of its story: told by element, role, style, and the words of class and id attributes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import chain, islice
from typing import Final

from pipeline.parsers.markup import Element
from pipeline.parsers.web.marks import MAX_NAME_CHARS
from pipeline.parsers.web.outline import Outline

_NAMES: Final = frozenset({"nav", "aside", "form", "menu", "dialog", "amp-sidebar", "amp-ad"})
_EDGES: Final = frozenset({"header", "footer"})
_ROLES: Final = frozenset({"navigation", "banner", "contentinfo", "complementary", "search", "dialog", "alertdialog"})
_NEVER: Final = frozenset({"html", "body", "head", "h1"})
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)

MAX_TEASER_CHARS: Final = 500
"""Longest teaser of another story: a headline and a paragraph."""

MAX_DOUBTFUL_CHARS: Final = 600
"""Most prose in what a doubtful word of its class makes furniture; trafilatura judges the rest."""

MAX_HEADS: Final = 20
"""Most headlines that are looked for; a page with more is an index."""

MAX_WALLS: Final = 20


def is_hidden(element: Element) -> bool:
    """Tell whether a page does not show an element."""
    if element.get("hidden") is not None or element.get("aria-hidden") == "true":
        return True
    style = element.get("style")
    return style is not None and _HIDDEN.search(style[:MAX_NAME_CHARS]) is not None


def furniture(outline: Outline) -> frozenset[Element]:
    """Return the elements of a page that are no part of its story.

    What holds the headline stays. What holds half of the page or the story's own element needs a clear word.
    """
    body = outline.body
    total = outline.size(body)
    heads = set(_with_all_above(body.iter("h1"), MAX_HEADS))
    around = {one for name in ("article", "main") for one in _with_all_above(body.iter(name), 1)}
    found = set()
    for element, (_, _, size) in outline.spans.items():
        if element in heads or element.tag in _NEVER or size * 10 > total * 9:
            continue
        large = size * 2 > total or element in around or _may_be_story(outline, element, size)
        teaser = element.tag == "article" and not large and size <= MAX_TEASER_CHARS and _is_teaser(element)
        if teaser or _is_furniture(element, outline.marks_of(element), large=large):
            found.add(element)
    return frozenset(found)


def _may_be_story(outline: Outline, element: Element, size: int) -> bool:
    """Tell an element with paragraphs enough for a story, which a doubtful word in its class does not condemn."""
    return (
        size > MAX_DOUBTFUL_CHARS
        and "maybe" in outline.marks_of(element)
        and element.tag not in _NAMES
        and len(list(islice(element.iter("p"), 3))) == 3
        and outline.prose(element) > MAX_DOUBTFUL_CHARS
    )


def _with_all_above(elements: Iterable[Element], count: int) -> Iterator[Element]:
    return chain.from_iterable((one, *one.iterancestors()) for one in islice(elements, count))


def walls(outline: Outline) -> list[Element]:
    """Return the elements that a page shows to readers who have not paid."""
    return list(islice((one for one in outline.marked("wall") if not is_hidden(one)), MAX_WALLS))


def _is_furniture(element: Element, found: frozenset[str], *, large: bool) -> bool:
    if "always" in found and element.tag not in {"main", "article"}:
        return True
    if large or element.tag == "main":
        return False
    return (
        element.tag in _NAMES
        or (element.tag in _EDGES and not _is_quoted(element))
        or element.get("role") in _ROLES
        or "maybe" in found
        or is_hidden(element)
    )


def _is_teaser(article: Element) -> bool:
    """Tell a short article whose heading is a link to another page; links within the page are those of live blogs."""
    heading = next(article.iter("h2", "h3", "h4"), None)
    link = next(heading.iter("a"), None) if heading is not None else None
    if heading is None or link is None or (link.get("href") or "#").startswith("#"):
        return False
    return sum(map(len, link.itertext())) * 2 > sum(map(len, heading.itertext()))


def _is_quoted(element: Element) -> bool:
    """Tell the footer of a quotation, which says whose words it holds."""
    parent = element.getparent()
    return parent is not None and parent.tag == "blockquote"
