"""Web pages: the story as `story` chooses it, the fields as `metadata` reads them, the pictures beside the text.

The headline takes og:title and h1 first, because they are what the page shows.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import chain, islice
from typing import Final

from pipeline.errors import NoArticle
from pipeline.parsers.canonical import fold
from pipeline.parsers.drafting import set_times
from pipeline.parsers.language import language_tag
from pipeline.parsers.markup import Element, block_texts, first_of, tree_of
from pipeline.parsers.plain_text import date_by_dateline, take_byline
from pipeline.parsers.reading import Draft, Reading
from pipeline.parsers.web import story
from pipeline.parsers.web.access import mark_extent
from pipeline.parsers.web.candidates import BYLINE, candidates_of, is_byline
from pipeline.parsers.web.furniture import furniture, walls
from pipeline.parsers.web.linked_data import line
from pipeline.parsers.web.metadata import Metadata, read_metadata
from pipeline.parsers.web.outline import Outline
from pipeline.parsers.web.pictures import MAX_PICTURES, Box, boxes_of, picture, with_linked
from schemas.article import Correction, Media

NAME: Final = "web-page"
VERSION: Final = "2"
MEDIA_TYPES: Final = frozenset({"text/html", "application/xhtml+xml"})
SUFFIXES: Final = (".html", ".htm", ".xhtml")

MAX_TITLE_CHARS: Final = 500
"""Longest title that is searched for the site's name."""

_OPENS_PAGE = re.compile(
    rb"(?:<\?xml[^>]{0,200}\?>\s*)?(?:<!--(?>.{0,300}?-->)\s*)*<(?:!doctype\s+html|html|head|body|article|main|title|meta)\b",
    re.IGNORECASE | re.DOTALL,
)
MIN_HEAD_CHARS: Final = 12
"""Shortest lower heading that is taken for the headline when the title holds it."""

MAX_BYLINE_CHARS: Final = 90

MAX_MARKED: Final = 20
"""Most elements that are looked at for the author: the first ones stand above the story."""

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
        InputError: there is no story in the page, or more structure than any page has.
    """
    root = tree_of(reading.text)
    meta = read_metadata(root, reading.name)
    outline = Outline(next(root.iter("body"), root))
    draft = _stated(root, outline, meta)
    notices = _read_story(draft, root, outline, meta)
    if not draft.paragraphs:
        raise NoArticle("this page holds no article text: nothing in its article, main or body element.")
    take_byline(draft)
    mark_extent(draft, meta, notices)
    date_by_dateline(draft)
    return [draft]


def _stated(root: Element, outline: Outline, meta: Metadata) -> Draft:
    """Return a draft with what the page says about itself."""
    draft = Draft(headline=_headline(root, meta), uri=meta.address, keywords=meta.keywords, genre=meta.ld.genre)
    draft.language = next((tag for value in meta.languages if (tag := language_tag(value))), None)
    draft.byline = meta.byline or _byline(outline)
    draft.correction = _correction(meta)
    set_times(draft, meta.published, meta.updated)
    if meta.ld.broken:
        draft.warnings.append("JSON-LD: a script of the page is broken; passed over")
    return draft


def _read_story(draft: Draft, root: Element, outline: Outline, meta: Metadata) -> list[str]:
    """Fill the paragraphs and the pictures; return the lines that the page shows beside them. The tree is used up."""
    boxes, outside = boxes_of(outline), furniture(outline)
    draft.media = with_linked(_pictures(boxes, outside), meta.ld)
    skip = outside.union(box.element for box in boxes)
    found = candidates_of(outline, skip, _names_of(root, draft, meta))
    beside = [text for wall in walls(outline) for text in block_texts(wall)]
    beside += [candidate.block.text for candidate in found if candidate.barred and not candidate.linked]
    own = story.largest(outline, found)
    for element in skip:
        # Emptied, not taken out: lxml would write the text behind it anew, and refuses where that has odd characters.
        element.clear(keep_tail=True)
    draft.paragraphs = story.texts(story.choose(found, root, outline, meta), own, meta.body)
    signed = next((text for one in found[:MAX_MARKED] if is_byline(text := one.block.text)), None)
    draft.byline = draft.byline or (_name(signed) if signed else None)
    return beside


def _names_of(root: Element, draft: Draft, meta: Metadata) -> frozenset[str]:
    """Return what the page is called, case folded; a page without h1 has its headline in a lower heading."""
    heads = [_text(element) for element in islice(root.iter("h1"), 2)]
    titles = [
        title.casefold()
        for title in (draft.headline, meta.og_title, *map(_text, islice(root.iter("title"), 1)))
        if title
    ]
    first = [] if heads else [_text(element) for element in islice(root.iter("h2", "h3"), 1)]
    named = [
        head for head in first if len(head) >= MIN_HEAD_CHARS and any(head.casefold() in title for title in titles)
    ]
    return frozenset((*titles, *(head.casefold() for head in (*heads, *named))))


def _headline(root: Element, meta: Metadata) -> str | None:
    head = first_of(root, "h1")
    title = next(map(_text, root.iter("title")), None)
    shown = meta.og_title or (_text(head) if head is not None else None) or meta.ld_headline or title
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


def _byline(outline: Outline) -> str | None:
    """Return the first line that is marked as the author's."""
    by_rel = outline.body.iterfind(".//*[@rel='author']")
    for element in islice(chain(outline.marked("author"), by_rel), MAX_MARKED):
        name = _name(_text(element)) if outline.size(element) <= MAX_BYLINE_CHARS else ""
        if name and not any(map(str.isdigit, name)):
            return name
    return None


def _name(line: str) -> str:
    start = BYLINE.match(line)
    return line[start.end() :] if start else line


def _correction(meta: Metadata) -> Correction | None:
    """Return what the page's data say of a correction; notes in the prose are for all dialects alike."""
    given = meta.ld.article.get("correction")
    notes = [text for part in (given if isinstance(given, list) else [given]) if (text := line(part))]
    return Correction(kind="correction", note=" ".join(notes)) if notes else None


def _pictures(boxes: Iterable[Box], outside: frozenset[Element]) -> list[Media]:
    inside = (box for box in boxes if box.element not in outside and outside.isdisjoint(box.element.iterancestors()))
    return [media for box in islice(inside, MAX_PICTURES) if (media := picture(box))]


def _text(element: Element) -> str:
    return fold(" ".join(block_texts(element)))
