"""What an entry says: markup out of headlines, paragraphs and pictures out of contents, whatever wraps them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import islice
from typing import Final

from pipeline.errors import MalformedItem
from pipeline.parsers.canonical import fold, is_boilerplate, paragraphs_from, paragraphs_of, unescape
from pipeline.parsers.caption import read_caption
from pipeline.parsers.markup import block_texts, tree_of
from pipeline.parsers.syndication.links import whole
from pipeline.parsers.xml import Element
from schemas.article import Media

MAX_PICTURES: Final = 50
"""Most pictures that are kept of one entry; a gallery has a page of its own."""

FULL_CHARS: Final = 1_200
FULL_PARAGRAPHS: Final = 3
"""A description this long, and in so many paragraphs, is the story: editors' summaries end far below."""

MAX_TEASER_CHARS: Final = 250
"""How far from the end of a summary the link to the whole story is looked for."""

_TAG = re.compile(
    r"</?(?:a|abbr|acronym|b|big|br|cite|code|del|em|font|h[1-6]|i|img|ins|mark|p|q|s|small|span|strong|sub|sup|tt|u|wbr)"
    r"(?:\s[^<>]{0,1000})?/?>",
    re.IGNORECASE,
)
_BLOCK = re.compile(r"<(?:p|br|div|li|h[1-6]|table|blockquote|section|article)\b", re.IGNORECASE)
_MARKUP = re.compile(
    r"</(?:p|a|div|b|i|em|strong|span|ul|ol|li|h[1-6]|blockquote|table|figure)\s*>|<br\s*/?>", re.IGNORECASE
)
_BLANK_LINE = re.compile(r"\r?\n[ \t]*\r?\n\s*")
_FURNITURE = re.compile(
    r"(?:^|\s)(?:feedflare|sharedaddy|jp-relatedposts|addtoany\S*|social-share\S*|newsletter-signup|mc4wp\S*)(?:\s|$)"
)
_PICTURE_CLASS = re.compile(r"(?:^|\s)(?:wp-caption|wp-block-image|image-caption)(?:\s|$)")
_CAPTION_CLASS = re.compile(r"(?:^|\s)(?:wp-caption-text|wp-element-caption|caption)(?:\s|$)")
_FEED_LINE = re.compile(
    r"The (?:post|article|story) .{1,400} (?:appeared first on|first appeared on|was originally published on) .{1,200}"
    r"|(?:Continue reading|Read more|Read the rest|Read the full (?:story|article)|Keep reading)\b.{0,200}",
    re.IGNORECASE,
)
_TEASER = re.compile(
    r"(?<=[….\]])\s+(?:continue reading|read more|read on|read the full (?:story|article))\b.{0,200}$",
    re.IGNORECASE,
)
_CUT = re.compile(
    r"(?:\[?(?:…|\.{3}|&hellip;)\]?|\b(?:continue reading|read more|read on)\b.{0,80})\W*$", re.IGNORECASE
)


@dataclass(slots=True)
class Body:
    """Paragraphs and pictures; `cut` where the words say themselves that there is more elsewhere."""

    paragraphs: list[str] = field(default_factory=list)
    media: list[Media] = field(default_factory=list)
    cut: bool = False

    def __bool__(self) -> bool:
        """Tell whether there are words."""
        return bool(self.paragraphs)

    @property
    def whole(self) -> bool:
        """Tell whether a description is long enough to be the story itself."""
        long = sum(map(len, self.paragraphs)) >= FULL_CHARS
        return long and len(self.paragraphs) >= FULL_PARAGRAPHS and not self.cut


def line_of(text: str | None) -> str | None:
    """Return a headline: HTML's tags out, entities decoded once, folded. An angle that opens no tag stays."""
    return fold(unescape(_TAG.sub(" " if text and "<br" in text.lower() else "", text or ""))) or None


def plain_body(text: str) -> Body:
    """Return the body of plain text: nothing in it is markup."""
    return _body(paragraphs_from(text.splitlines()), [])


def markup_body(text: str, base: str | None = None) -> Body:
    """Return the body of a text that may hold HTML; blank lines end paragraphs where no tag does."""
    if "<" not in text:
        return _body(paragraphs_of(text), [])
    text = text.replace("<![CDATA[", "").replace("]]>", "")
    if not _BLOCK.search(text):
        text = _BLANK_LINE.sub("<br><br>", text)
    try:
        return tree_body(tree_of(f"<div>{text}</div>"), base)
    except MalformedItem:
        return Body()


def looks_like_markup(text: str) -> bool:
    """Tell markup that is not declared as such."""
    return _MARKUP.search(text) is not None


def tree_body(root: Element, base: str | None = None) -> Body:
    """Return the body of a tree of HTML or XHTML; pictures with their captions leave the text."""
    skip: set[Element] = set()
    media: list[Media] = []
    pictures = 0
    for element in islice(root.iter(), 1, None):
        if _is_furniture(element):
            skip.add(element)
        elif pictures < MAX_PICTURES and _is_picture(element) and skip.isdisjoint(element.iterancestors()):
            skip.add(element)
            pictures += 1
            if picture := _picture(element, base):
                media.append(picture)
    return _body(block_texts(root, frozenset(skip)), media)


def _body(lines: list[str], media: list[Media]) -> Body:
    cut = bool(lines) and any(_CUT.search(line[-200:]) for line in lines[-2:])
    kept = [line for line in lines if not is_boilerplate(line) and not _FEED_LINE.fullmatch(line)]
    if kept and cut:
        kept[-1] = _without_teaser(kept[-1])
    return Body(kept, media, cut)


def _without_teaser(line: str) -> str:
    """Cut the words of a link to the rest of the story from the end of a line."""
    found = _TEASER.search(line, max(0, len(line) - MAX_TEASER_CHARS))
    return line[: found.start()] if found else line


def _local(element: Element) -> str:
    return str(element.tag).rpartition("}")[2].lower()


def _is_furniture(element: Element) -> bool:
    return _FURNITURE.search(element.get("class") or "") is not None


def _is_picture(element: Element) -> bool:
    return _local(element) == "figure" or _PICTURE_CLASS.search(element.get("class") or "") is not None


def _picture(element: Element, base: str | None) -> Media | None:
    source = next(
        (whole(inner.get("src"), base) for inner in element.iter() if _local(inner) in {"img", "video"}), None
    )
    caption = next((inner for inner in element.iter() if inner is not element and _is_caption(inner)), None)
    words = fold(" ".join(block_texts(caption))) if caption is not None else ""
    return read_caption(words, media_id=source) if words else Media(id=source) if source else None


def _is_caption(element: Element) -> bool:
    return _local(element) == "figcaption" or _CAPTION_CLASS.search(element.get("class") or "") is not None
