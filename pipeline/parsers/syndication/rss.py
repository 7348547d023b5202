"""RSS 0.9 to 2.0 and RSS 1.0 (RDF), as a feed or as one `item` that stands alone."""

from __future__ import annotations

from itertools import islice
from typing import Final

from pipeline.parsers.dates import read_instant
from pipeline.parsers.drafting import sole_id
from pipeline.parsers.language import language_tag
from pipeline.parsers.reading import Draft, Reading
from pipeline.parsers.syndication.body import Body, line_of, markup_body, tree_body
from pipeline.parsers.syndication.channel import Channel, channel_of, language_of
from pipeline.parsers.syndication.entries import (
    Feed,
    Opening,
    document_of,
    drafts_of,
    elements_of,
    opening_of,
    own_id,
    split_xml,
)
from pipeline.parsers.syndication.entry import (
    MAX_TOPICS,
    add_category,
    add_topic,
    alone,
    finish,
    identifier,
    people,
    person,
)
from pipeline.parsers.syndication.links import base_of, whole
from pipeline.parsers.syndication.media import media_of
from pipeline.parsers.syndication.names import Fields, name_of, text_of
from pipeline.parsers.syndication.times import plain, set_entry_times, version_of
from pipeline.parsers.xml import Element, attribute

NAME: Final = "rss"
VERSION: Final = "1"
MEDIA_TYPES: Final = frozenset({"application/rss+xml", "application/rdf+xml", "text/rss+xml", "text/rss"})
SUFFIXES: Final = (".rss", ".rdf")

_FULL: Final = ("content:encoded", "xhtml:body", "xhtml:div", "yandex:full-text", "fulltext", "content")
_SUMMARY: Final = ("description", "dc:description", "atom:summary", "summary", "itunes:summary", "media:description")
_PUBLISHED: Final = ("pubdate", "dc:date", "dcterms:issued", "dcterms:created", "atom:published", "published", "date")
_UPDATED: Final = ("atom:updated", "dcterms:modified", "updated", "lastmodified")
_SIGNS: Final = ("<title", "<link", "<guid", "<description", "purl.org/rss")


def recognizes(reading: Reading) -> bool:
    """Tell by the root: `rss`, an `RDF` of channel and items, or an `item` with fields of RSS."""
    opening = opening_of(reading)
    return opening is not None and _is_rss(opening)


def _is_rss(opening: Opening) -> bool:
    if opening.root in {"rss", "channel"}:
        return True
    if opening.root == "rdf":
        return "purl.org/rss/1.0" in opening.head or "netscape.com/rdf" in opening.head
    return opening.root == "item" and any(sign in opening.head for sign in _SIGNS)


def wire_id(reading: Reading) -> str | None:
    """Return the id of the one item, None where there are several."""
    return sole_id(parse, reading)


def parse(reading: Reading) -> list[Draft]:
    """Return a draft for each item.

    Raises:
        InputError: it cannot be read, must not be, or no item says anything.
    """
    document = document_of(reading)
    if name_of(document.root) == "item":
        return [alone(document, read_item(document.root, Channel()))]
    return drafts_of(split(reading))


def split(reading: Reading) -> Feed:
    """Return a feed with its items.

    Raises:
        InputError: it cannot be read, or must not be.
    """
    document = document_of(reading)
    channel, items = channel_and_items(document.root)
    return split_xml(
        reading, channel, items, read=read_item, media_type="application/rss+xml", warnings=document.warnings
    )


def channel_and_items(root: Element) -> tuple[Channel, list[Element]]:
    """Return what the feed says of itself, and its items: RSS 1.0 has them beside the channel, the others inside."""
    head = next((element for element in root.iter() if name_of(element) == "channel"), root)
    return channel_of(root, head), elements_of(root, "item")


def read_item(item: Element, channel: Channel) -> Draft:
    """Return the draft of an item; fields that are missing stay empty."""
    fields = Fields(item)
    base = base_of(item, channel.base)
    draft = Draft(headline=line_of(fields.text("title", "dc:title", "atom:title", "media:title")))
    draft.uri = _link(item, fields, base)
    draft.wire_id = own_id(item) or _id(item, fields)
    draft.byline = _byline(fields)
    draft.language = language_tag(fields.text("dc:language", "language")) or language_of(item, channel)
    _read_topics(fields, draft)
    updated = fields.named(*_UPDATED)
    set_entry_times(draft, fields.named(*_PUBLISHED), updated)
    draft.version = next(
        (version for _, value in updated if (version := version_of(read_instant(plain(value)).at))), None
    )
    full, summary = _body(fields, _FULL, base), _body(fields, _SUMMARY, base)
    return finish(draft, full=full, summary=summary, beside=media_of(item, base))


def _id(item: Element, fields: Fields) -> str | None:
    return identifier(fields.text("guid", "dc:identifier", "atom:id", "id")) or identifier(attribute(item, "about"))


def _link(item: Element, fields: Fields, base: str | None) -> str | None:
    """Return the address of the story; it may stand in a permanent guid, in Atom's way, or as what RDF is about."""
    plain_links = [fields.text("feedburner:origlink"), fields.text("link")]
    atoms = [
        attribute(link, "href")
        for link in fields.all("link", "atom:link")
        if attribute(link, "rel") in {None, "alternate"}
    ]
    guid = fields.first("guid")
    permanent = guid is not None and (attribute(guid, "isPermaLink") or "true").lower() == "true"
    # A guid is only an address when it looks like one: half the feeds that claim so do not mean it.
    rest = [
        text_of(guid) if guid is not None and permanent and "://" in text_of(guid) else None,
        attribute(item, "about"),
    ]
    return next((link for value in (*plain_links, *atoms, *rest) if (link := whole(value, base))), None)


def _byline(fields: Fields) -> str | None:
    for name in ("dc:creator", "author", "atom:author", "itunes:author", "dc:contributor"):
        names = [person(Fields(one).text("name", "atom:name") or text_of(one)) for one in fields.all(name)]
        if found := people(names):
            return found
    return None


def _read_topics(fields: Fields, draft: Draft) -> None:
    for category in islice(fields.all("category", "atom:category", "media:category"), MAX_TOPICS):
        add_category(draft, category)
    for subject in islice(fields.all("dc:subject"), MAX_TOPICS):
        add_topic(draft, text_of(subject).strip())
    if not draft.keywords:
        for word in (fields.text("media:keywords", "itunes:keywords", "keywords") or "").split(","):
            add_topic(draft, word.strip() or None)


def _body(fields: Fields, names: tuple[str, ...], base: str | None) -> Body:
    """Return the first body that has words; markup may be escaped, or stand in the feed as elements."""
    for element in fields.all(*names):
        body = tree_body(element, base) if len(element) else markup_body(text_of(element), base)
        if body:
            return body
    return Body()
