"""Web pages: the story from `article`, `main` or `body`; the rest from JSON-LD, OpenGraph, meta and time elements.

The order of trust for a field is JSON-LD NewsArticle, OpenGraph and article meta, then the visible page; the headline
takes og:title and h1 first, because they are what the page shows.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import islice
from typing import Final

from pipeline.errors import NoArticle
from pipeline.parsers.canonical import fold, is_boilerplate
from pipeline.parsers.caption import read_caption
from pipeline.parsers.dates import read_instant
from pipeline.parsers.language import language_tag
from pipeline.parsers.markup import Element, block_texts, tree_of
from pipeline.parsers.page_metadata import Metadata, read_metadata
from pipeline.parsers.plain_text import date_by_dateline, take_byline
from pipeline.parsers.reading import Draft, Reading
from schemas.article import Media

NAME: Final = "web-page"
VERSION: Final = "1"
MEDIA_TYPES: Final = frozenset({"text/html", "application/xhtml+xml"})
SUFFIXES: Final = (".html", ".htm", ".xhtml")

MAX_TITLE_CHARS: Final = 500
"""Longest title that is searched for the site's name."""

MAX_STORIES: Final = 20
"""Most article elements that are compared; a page with more is an index, and nested ones would cost their square."""

MAX_PICTURES: Final = 50
"""Most pictures that are kept of one page."""

_OPENS_PAGE = re.compile(
    rb"(?:<\?xml[^>]{0,200}\?>\s*)?(?:<!--(?>.{0,300}?-->)\s*)*<(?:!doctype\s+html|html|head|body|article|main|title|meta)\b",
    re.IGNORECASE | re.DOTALL,
)
_FURNITURE: Final = frozenset({"nav", "header", "footer", "aside", "form", "figure", "menu", "dialog"})
_ROLES: Final = frozenset({"navigation", "banner", "contentinfo", "complementary", "search", "dialog"})
_SEPARATORS = re.compile(r"\s+(?:[|»·•]|::|[-–—])\s+")


def recognizes(reading: Reading) -> bool:
    """Tell by the first tag; comments and an XML declaration may come before it."""
    opening = reading.opening
    if opening[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        opening = reading.text[:512].lstrip().encode("utf-8", "replace")
    return opening[:1] == b"<" and _OPENS_PAGE.match(opening) is not None


def wire_id(_reading: Reading) -> str | None:
    """A page carries no id but its address, which the feed knows better."""
    return None


def parse(reading: Reading) -> list[Draft]:
    """Return the one draft of a page.

    Raises:
        InputError: there is no story in the page.
    """
    root = tree_of(reading.text)
    meta = read_metadata(root)
    draft = Draft(headline=_headline(root, meta), byline=meta.byline, language=_language(root, meta), uri=meta.address)
    draft.keywords = meta.keywords
    _read_times(meta, draft)
    story = _story(root)
    figures = list(islice(story.iter("figure"), MAX_PICTURES))
    draft.media = [media for figure in figures if (media := _picture(figure))]
    draft.paragraphs = _paragraphs(story, draft) or meta.body
    if not draft.paragraphs:
        raise NoArticle("this page holds no article text: nothing in its article, main or body element.")
    take_byline(draft)
    date_by_dateline(draft)
    return [draft]


def _read_times(meta: Metadata, draft: Draft) -> None:
    for value in meta.published:
        moment = read_instant(value)
        if moment.warning and f"published: {moment.warning}" not in draft.warnings:
            draft.warnings.append(f"published: {moment.warning}")
        if moment.at is not None:
            draft.published_at, draft.published_accuracy = moment.at, moment.accuracy
            break
    updated = next((moment.at for value in meta.updated if (moment := read_instant(value)).at), None)
    draft.updated_at = updated if updated != draft.published_at else None


def _language(root: Element, meta: Metadata) -> str | None:
    stated = [meta.language, root.get("lang"), root.get("{http://www.w3.org/XML/1998/namespace}lang")]
    return next((tag for value in stated if (tag := language_tag(value))), None)


def _headline(root: Element, meta: Metadata) -> str | None:
    first_h1, title = (next(map(_text, root.iter(name)), None) for name in ("h1", "title"))
    shown = meta.og_title or first_h1 or meta.ld_headline or title
    return without_site(shown, meta.site) if shown else None


def without_site(title: str, site: str | None) -> str:
    """Cut the site's name, and sections before it, from the end of a title.

    A part behind a separator goes when it is the site's name, or when the separator is a bar and the part short.
    """
    if len(title) > MAX_TITLE_CHARS:
        return title
    for cut in reversed(list(_SEPARATORS.finditer(title))):
        part = title[cut.end() :]
        named = site is not None and part.casefold() == site.casefold()
        barred = cut[0].strip() in {"|", "»", "::"} and len(part.split()) <= 5
        if not (named or barred) or not title[: cut.start()].strip():
            break
        title = title[: cut.start()].strip()
    return title


def _story(root: Element) -> Element:
    """Return the element that holds most of the story: the longest article, else main, else body."""
    for found in (root.iter("article"), _mains(root), root.iter("body")):
        best = max(
            ((len(_text(element)), -number, element) for number, element in enumerate(islice(found, MAX_STORIES))),
            default=None,
        )
        if best is not None and best[0] > 0:
            return best[2]
    return root


def _mains(root: Element) -> Iterable[Element]:
    yield from root.iter("main")
    yield from (element for element in root.iter("div", "section") if element.get("role") == "main")


def _paragraphs(story: Element, draft: Draft) -> list[str]:
    skip = frozenset(
        element
        for element in story.iter()
        if element is not story
        and (
            element.tag in _FURNITURE
            or element.get("role") in _ROLES
            or element.get("hidden") is not None
            or element.tag == "h1"
        )
    )
    headline = (draft.headline or "").casefold()
    return [line for line in block_texts(story, skip) if not is_boilerplate(line) and line.casefold() != headline]


def _picture(figure: Element) -> Media | None:
    caption = next(map(_text, figure.iter("figcaption")), "")
    source = next((fold(element.get("src") or "") for element in figure.iter("img")), "")
    return read_caption(caption, media_id=source or None) if caption else Media(id=source) if source else None


def _text(element: Element) -> str:
    return fold(" ".join(block_texts(element)))
