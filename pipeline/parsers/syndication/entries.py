"""A feed and its entries: opened whatever stands before the root, each entry once, each able to leave alone."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable, Collection, Iterable
from copy import deepcopy
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from lxml import etree

from pipeline.errors import NoArticle
from pipeline.parsers.reading import Draft, Reading
from pipeline.parsers.syndication.channel import Channel, language_of
from pipeline.parsers.syndication.entry import identifier, identity_without_id
from pipeline.parsers.syndication.links import base_of, canonical_link, has_relative
from pipeline.parsers.syndication.names import ATOM, OWN, XML
from pipeline.parsers.xml import Document, Element, local_name, parse_xml, read_prolog
from schemas.raw import Hints

HEAD_CHARS: Final = 8_192
"""How far into an item is looked for a feed: warnings of a broken site's own may stand before it."""


MAX_ENTRIES: Final = 10_000
"""Most entries of one feed that are read; a feed that a site serves has 10 to 500."""

_LIKELY = re.compile(rb"<(?:\w{1,20}:)?(?:rss|rdf|feed|channel|item|entry|deleted-entry)\b", re.IGNORECASE)
_BURIED = re.compile(
    r"<\?xml[^<>]{0,300}\?>\s{0,100}<(?:\w{1,20}:)?(?P<root>rss|RDF|feed)\b|<(?P<bare>rss)\s[^<>]{0,2000}version"
)
_DECLARED = re.compile(r"<(?:\w{1,20}:)?(?P<root>rss|RDF|feed)\b")
_NAMED = re.compile(r"<!DOCTYPE\s{1,20}(?:\w{1,20}:)?(?P<root>rss|RDF|feed)\b")
_END = re.compile(r"</(?:\w{1,20}:)?(?:rss|rdf|feed|channel)\s*>", re.IGNORECASE)
_OWN_ID: Final = f"{{{OWN}}}id"


@dataclass(slots=True)
class Entry:
    """One entry: its bytes, which stand alone, and what they say."""

    body: bytes
    media_type: str
    draft: Draft
    element: Element | None = None

    @property
    def hints(self) -> Hints:
        """What a reader of the entry's page should know."""
        draft = self.draft
        return Hints(
            wire_id=draft.wire_id,
            headline=draft.headline,
            byline=draft.byline,
            language=draft.language,
            published_at=draft.published_at,
            updated_at=draft.updated_at,
            keywords=tuple(draft.keywords),
        )


@dataclass(slots=True)
class Feed:
    """A feed: its own fields, its entries as they stand in it, whether its end is there, and the entry it ends in."""

    channel: Channel
    entries: list[Entry]
    whole: bool = True
    cut: Entry | None = None
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Opening:
    """How an item begins: the root's name in lower case, where it starts, and the characters from there on."""

    root: str
    start: int
    head: str


def opening_of(reading: Reading) -> Opening | None:
    """Return how an item begins that may be a feed of XML or an entry of one, None for anything else. Cheap."""
    utf16 = reading.opening[:2] in {b"\xff\xfe", b"\xfe\xff"}
    if not utf16 and not _LIKELY.search(reading.body, 0, HEAD_CHARS):
        return None
    head = reading.text[:HEAD_CHARS] if utf16 else reading.body[:HEAD_CHARS].decode("latin-1").removeprefix("ï»¿")
    return _opening(head)


def _opening(head: str) -> Opening | None:
    prolog = read_prolog(head) if head.lstrip("\ufeff \t\r\n").startswith("<") else None
    if prolog is not None and prolog.root.lower() in {
        "rss",
        "rdf",
        "feed",
        "channel",
        "item",
        "entry",
        "deleted-entry",
    }:
        return Opening(prolog.root.lower(), 0, head[prolog.start :])
    # A feed that brings declarations is a feed all the same: that it is refused is said where it is parsed.
    declared = _DECLARED.search(head) or _NAMED.search(head) if prolog is not None and prolog.subset else None
    if declared is not None:
        return Opening(declared["root"].lower(), 0, head)
    found = _BURIED.search(head)
    return Opening((found["root"] or found["bare"]).lower(), found.start(), head[found.start() :]) if found else None


def document_of(reading: Reading) -> Document:
    """Return the tree of a feed, without what stands before it.

    Raises:
        InputError: it cannot be read, or must not be.
    """
    opening = _opening(reading.text[:HEAD_CHARS])
    if opening is None or opening.start == 0:
        return reading.xml
    document = parse_xml(reading.text[opening.start :])
    return Document(document.root, ("what stands before the feed was left out", *document.warnings))


def is_whole(reading: Reading) -> bool:
    """Tell whether the end of a feed is there."""
    return _END.search(reading.text, max(0, len(reading.text) - HEAD_CHARS)) is not None


def elements_of(root: Element, *names: str) -> list[Element]:
    """Return the entries of a feed by their local names; in a damaged feed one may stand in another."""
    found = (element for element in root.iter() if local_name(element).lower() in names)
    return [element for element in found if element is not root and _is_level(element, names)]


def _is_level(element: Element, names: Collection[str]) -> bool:
    parent = element.getparent()
    return parent is not None and local_name(parent).lower() in {*names, "channel", "rss", "rdf", "feed", "items"}


def own_id(element: Element) -> str | None:
    """Return the id that an entry was given when it left its feed; it beats the one that the feed gives today."""
    return identifier(element.get(_OWN_ID))


def entry_item(element: Element, channel: Channel, wire_id: str | None = None) -> bytes:
    """Return an entry of a feed of XML as an item that stands alone: namespaces, language, base and authors go with it.

    Args:
        element: `item` or `entry`, in its tree.
        channel: what the feed says of all its entries.
        wire_id: the id under which the entry is known, where that is not the one it carries.
    """
    alone = _without_others(element)
    if language := language_of(element, channel):
        alone.set(f"{{{XML}}}lang", language)
    if wire_id is not None:
        alone.set(_OWN_ID, wire_id)
    if channel.authors and not any(str(child.tag).endswith("author") for child in alone):
        # A damaged namespace can be read but not written; then the authors stay with the feed.
        with contextlib.suppress(ValueError):
            _add_authors(alone, channel.authors)
    body = etree.tostring(alone, encoding="utf-8", with_tail=False)
    base = base_of(element, channel.base)
    # Only where it is needed: feeds of one site, whose own addresses differ, give the same bytes for the same entry.
    if base is None or not has_relative(body):
        return body
    alone.set(f"{{{XML}}}base", base)
    return etree.tostring(alone, encoding="utf-8", with_tail=False)


def _without_others(element: Element) -> Element:
    """Return a copy of an entry without the entries that damage has put into it; they leave the tree."""
    for other in [child for child in element if child.tag == element.tag]:
        element.remove(other)
    return deepcopy(element)


def _add_authors(entry: Element, names: Iterable[str]) -> None:
    """Write a feed's authors into an entry: RFC 4287 lets entries without an author take those of their feed."""
    for name in names:
        author = etree.SubElement(entry, f"{{{ATOM}}}author")
        etree.SubElement(author, f"{{{ATOM}}}name").text = name


def once_each(entries: list[Entry]) -> list[Entry]:
    """Return each entry once; entries that share an id but not a link are told apart by the link."""
    links: dict[str, set[str]] = {}
    for entry in entries:
        if entry.draft.wire_id and entry.draft.uri:
            links.setdefault(entry.draft.wire_id, set()).add(canonical_link(entry.draft.uri))
    kept: dict[str, Entry] = {}
    silent: list[Entry] = []
    for entry in entries:
        draft = entry.draft
        if draft.wire_id and len(links.get(draft.wire_id, ())) > 1:
            draft.warnings.append("id: the feed gives it to several entries; the link is taken instead")
            draft.wire_id = identity_without_id(draft)
        if draft.wire_id is None:
            silent.append(entry)
        elif draft.wire_id not in kept or _later(draft, kept[draft.wire_id].draft):
            kept[draft.wire_id] = entry
    chosen = {id(entry) for entry in (*kept.values(), *silent)}
    return [entry for entry in entries if id(entry) in chosen]


def _later(one: Draft, other: Draft) -> bool:
    first, second = one.updated_at or one.published_at, other.updated_at or other.published_at
    return isinstance(first, datetime) and isinstance(second, datetime) and first > second


def drafts_of(feed: Feed) -> list[Draft]:
    """Return the drafts of a feed that is one item; what is wrong with the feed stands on each.

    Raises:
        NoArticle: no entry says anything.
    """
    spoken = [entry for entry in feed.entries if entry.draft.paragraphs or entry.draft.status == "cancelled"]
    if not spoken:
        raise NoArticle("this feed holds no entry with text or headline.")
    for entry in spoken:
        entry.draft.warnings = [*feed.warnings, *entry.draft.warnings]
        if len(spoken) > 1 or entry.draft.wire_id:
            entry.draft.content = entry.body
    return [entry.draft for entry in spoken]


def split_xml(
    reading: Reading,
    channel: Channel,
    elements: list[Element],
    *,
    read: Callable[[Element, Channel], Draft],
    media_type: str,
    warnings: tuple[str, ...],
) -> Feed:
    """Return a feed of XML with its entries read one by one."""
    whole = is_whole(reading)
    entries = []
    for element in elements[:MAX_ENTRIES]:
        draft = read(element, channel)
        body = entry_item(element, channel)
        entries.append(Entry(body, media_type, draft, element))
    cut = entries[-1] if not whole and entries and _cut_inside(reading) else None
    if cut is not None:
        cut.draft.extent = "excerpt"
        cut.draft.warnings.append("text: the feed is cut off inside this entry")
    if len(elements) > MAX_ENTRIES:
        warnings = (*warnings, f"entries: the feed has {len(elements)}; the first {MAX_ENTRIES} were read")
    return Feed(channel, once_each(entries), whole, cut, warnings)


def _cut_inside(reading: Reading) -> bool:
    text = reading.text
    return max(text.rfind("<item"), text.rfind("<entry")) > max(text.rfind("</item"), text.rfind("</entry"))
