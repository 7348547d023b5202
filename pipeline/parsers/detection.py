"""Which dialect an item is written in: its content decides, then its media type, then its file name.

A new dialect is a new module with the five names of `Dialect`, and one entry in `DIALECTS`.
"""

from __future__ import annotations

import re
from typing import Final, Protocol, cast

from pipeline.errors import NoArticle, UnsafeItem
from pipeline.parsers import json_article, page_dump, plain_text
from pipeline.parsers.iptc import newsml_1, newsml_g2, ninjs, nitf
from pipeline.parsers.mail import letter
from pipeline.parsers.reading import Draft, Reading
from pipeline.parsers.syndication import atom, json_feed, rss, wordpress
from pipeline.parsers.telegraph import anpa, iptc7901
from pipeline.parsers.web import page as web_page


class Dialect(Protocol):
    """What a module that reads one dialect offers. All of it is pure."""

    NAME: str
    """Goes into the provenance of an article."""
    VERSION: str
    """Changes whenever the same bytes may give another article."""
    MEDIA_TYPES: frozenset[str]
    SUFFIXES: tuple[str, ...]

    def recognizes(self, reading: Reading) -> bool:
        """Tell by the content alone, and cheaply."""

    def wire_id(self, reading: Reading) -> str | None:
        """Return the wire's own id of the one article in the item, cheaply; None where there is none, or several."""

    def parse(self, reading: Reading) -> list[Draft]:
        """Return a draft for each article, at least one.

        Raises:
            InputError: there is none; the message is one sentence.
        """


DIALECTS: Final = tuple(
    cast("Dialect", module)
    for module in (
        *(iptc7901, anpa, letter, newsml_g2, newsml_1, nitf, wordpress, rss, atom),
        *(json_feed, ninjs, json_article, web_page, page_dump, plain_text),
    )
)
"""In the order in which they are asked; plain text comes last, because it takes everything."""


_PIECES_OF_PAGES: Final = frozenset(
    {"p", "div", "section", "span", "h1", "h2", "h3", "h4", "blockquote", "figure"}
    | {"ul", "ol", "table", "b", "strong", "em", "i", "a"}
)
"""First tags of a story that was cut out of a page."""


def detect(reading: Reading) -> Dialect:
    """Return the dialect of an item.

    Raises:
        UnsafeItem: it is markup that brings a DTD of its own, which no dialect may read.
        NoArticle: it is XML of a kind that nobody here reads.
        InputError: the bytes are no text at all.
    """
    if reading.prolog is not None and reading.prolog.subset:
        raise UnsafeItem("this brings a DTD of its own, which is refused; send it without the document type.")
    *specific, plain = DIALECTS
    for dialect in specific:
        if dialect.recognizes(reading):
            return dialect
    for dialect in specific:
        if reading.media_type in dialect.MEDIA_TYPES:
            return dialect
    if reading.media_type not in plain.MEDIA_TYPES:
        for dialect in specific:
            if reading.name.endswith(dialect.SUFFIXES):
                return dialect
    return _markup(reading) or plain


def _markup(reading: Reading) -> Dialect | None:
    """Return the reader of web pages for a piece of one; None for text that happens to begin with a bracket.

    Raises:
        NoArticle: it is XML of a kind that nobody here reads; as plain text its tags would be words.
    """
    root = reading.prolog.root if reading.prolog is not None else ""
    if not root:
        return None
    if root.lower() in _PIECES_OF_PAGES:
        return cast("Dialect", web_page)
    text = reading.text.rstrip()
    if text.startswith(("<?xml", "\ufeff<?xml")) or re.search(rf"</(?:[\w.-]+:)?{re.escape(root)}\s*>\Z", text[-300:]):
        raise NoArticle(f"this is XML, but {root[:60]!r} is the root of no format that is read.")
    return None


def wire_id(reading: Reading) -> str | None:
    """Return the wire's own id of an item; None where it has none.

    Raises:
        InputError: the item is not even well formed.
    """
    return detect(reading).wire_id(reading)
