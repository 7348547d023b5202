"""Atom 1.0 (RFC 4287) and 0.3, as a feed or as one `entry` that stands alone; deleted entries (RFC 6721) are kills."""

from __future__ import annotations

import binascii
from base64 import b64decode
from dataclasses import replace
from itertools import islice
from typing import Final

from pipeline.parsers.dates import read_instant
from pipeline.parsers.drafting import sole_id
from pipeline.parsers.language import language_tag
from pipeline.parsers.reading import Draft, Reading
from pipeline.parsers.syndication.body import Body, line_of, looks_like_markup, markup_body, plain_body, tree_body
from pipeline.parsers.syndication.channel import MAX_AUTHORS, Channel, channel_of, language_of
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
from schemas.article import Correction

NAME: Final = "atom"
VERSION: Final = "1"
MEDIA_TYPES: Final = frozenset({"application/atom+xml"})
SUFFIXES: Final = (".atom",)

_PUBLISHED: Final = ("atom:published", "published", "atom:issued", "issued", "atom:created", "created", "dc:date")
_UPDATED: Final = ("atom:updated", "updated", "atom:modified", "modified")
_NAMESPACES: Final = ("www.w3.org/2005/Atom", "purl.org/atom/")
_SIGNS: Final = ("<id", "<content", "<summary", "<updated", "<published")
_ENTRIES: Final = frozenset({"entry", "atom:entry", "at:deleted-entry", "deleted-entry"})


def recognizes(reading: Reading) -> bool:
    """Tell by the root, `feed` or `entry`, and Atom's namespace, or by Atom's fields where the namespace is missing."""
    opening = opening_of(reading)
    return opening is not None and _is_atom(opening)


def _is_atom(opening: Opening) -> bool:
    if opening.root not in {"feed", "entry", "deleted-entry"}:
        return False
    named = any(namespace in opening.head for namespace in (*_NAMESPACES, "purl.org/atompub/tombstones"))
    if named or opening.root != "entry":
        return named or (opening.root == "feed" and "<entry" in opening.head)
    return "<title" in opening.head and any(sign in opening.head for sign in _SIGNS)


def wire_id(reading: Reading) -> str | None:
    """Return the id of the one entry, None where there are several."""
    return sole_id(parse, reading)


def parse(reading: Reading) -> list[Draft]:
    """Return a draft for each entry.

    Raises:
        InputError: it cannot be read, must not be, or no entry says anything.
    """
    document = document_of(reading)
    if name_of(document.root) in _ENTRIES:
        return [alone(document, read_entry(document.root, Channel()))]
    return drafts_of(split(reading))


def split(reading: Reading) -> Feed:
    """Return a feed with its entries.

    Raises:
        InputError: it cannot be read, or must not be.
    """
    document = document_of(reading)
    channel, entries = _channel_and_entries(document.root)
    return split_xml(
        reading,
        channel,
        entries,
        read=read_entry,
        media_type="application/atom+xml;type=entry",
        warnings=document.warnings,
    )


def _channel_and_entries(root: Element) -> tuple[Channel, list[Element]]:
    channel = replace(channel_of(root, root), authors=tuple(_authors(Fields(root))[:MAX_AUTHORS]))
    return channel, elements_of(root, "entry", "deleted-entry")


def read_entry(entry: Element, channel: Channel) -> Draft:
    """Return the draft of an entry; fields that are missing stay empty."""
    if name_of(entry).endswith("deleted-entry"):
        return _deleted(entry)
    fields = Fields(entry)
    base = base_of(entry, channel.base)
    draft = Draft(headline=_headline(fields.first("atom:title", "title")), uri=_link(fields, base))
    draft.wire_id = own_id(entry) or identifier(fields.text("atom:id", "id"))
    source = fields.first("atom:source", "source")
    within = [fields, *([Fields(source)] if source is not None else [])]
    draft.byline = people(next((names for one in within if (names := _authors(one))), channel.authors))
    draft.language = language_tag(fields.text("dc:language")) or language_of(entry, channel)
    for category in islice(fields.all("atom:category", "category"), MAX_TOPICS):
        add_category(draft, category)
    for subject in islice(fields.all("dc:subject"), MAX_TOPICS):
        add_topic(draft, text_of(subject).strip())
    updated = fields.named(*_UPDATED)
    set_entry_times(draft, fields.named(*_PUBLISHED), updated)
    draft.version = next(
        (version for _, value in updated if (version := version_of(read_instant(plain(value)).at))), None
    )
    full = _construct(fields.first("atom:content", "content", "content:encoded"), base)
    summary = _construct(fields.first("atom:summary", "summary"), base)
    return finish(draft, full=full, summary=summary, beside=media_of(entry, base))


def _deleted(element: Element) -> Draft:
    """Return the kill that a deleted entry is."""
    draft = Draft(wire_id=own_id(element) or identifier(attribute(element, "ref")), status="cancelled")
    draft.updated_at = read_instant(plain(attribute(element, "when") or "")).at
    draft.version = version_of(draft.updated_at)
    note = line_of(Fields(element).text("at:comment", "comment"))
    draft.correction = Correction(kind="withdrawal", note=note)
    return draft


def _authors(fields: Fields) -> list[str]:
    names = [
        person(Fields(one).text("atom:name", "name") or text_of(one)) for one in fields.all("atom:author", "author")
    ]
    names = names or [person(text_of(one)) for one in fields.all("dc:creator")]
    return [name for name in names if name]


def _link(fields: Fields, base: str | None) -> str | None:
    links = [link for link in fields.all("atom:link", "link") if attribute(link, "rel") in {None, "alternate"}]
    pages = [link for link in links if "html" in (attribute(link, "type") or "html")]
    given = [
        fields.text("feedburner:origlink"),
        *(attribute(link, "href") or text_of(link) for link in (*pages, *links)),
    ]
    return next((link for value in given if (link := whole(value, base))), None)


def _kind(element: Element) -> str:
    """Return `text`, `html`, `xhtml`, or a media type; Atom 0.3 names media types and says how they are written."""
    kind = (attribute(element, "type") or "text").lower().partition(";")[0].strip()
    if attribute(element, "mode") == "base64":
        return "base64"
    if kind == "application/xhtml+xml" or len(element):
        return "xhtml"
    return {"text/html": "html", "text/plain": "text"}.get(kind, kind)


def _headline(element: Element | None) -> str | None:
    if element is None:
        return None
    if _kind(element) == "xhtml":
        return line_of(" ".join(tree_body(element).paragraphs).replace("&", "&amp;"))
    text = text_of(element)
    # Plain text keeps its angles; that it keeps its entities is never meant.
    return line_of(text) if _kind(element) == "html" else line_of(text.replace("<", "&lt;"))


def _construct(element: Element | None, base: str | None) -> Body:
    """Return the body of a text construct; content that lies elsewhere, or is no text, is none."""
    if element is None:
        return Body()
    here = base_of(element, base)
    kind, text = _kind(element), text_of(element)
    if kind == "xhtml":
        return tree_body(element, here)
    if kind == "base64" or not (kind in {"text", "html"} or kind.startswith("text/")):
        return _encoded(element, text, here)
    return markup_body(text, here) if kind == "html" or looks_like_markup(text) else plain_body(text)


def _encoded(element: Element, text: str, base: str | None) -> Body:
    if not (attribute(element, "type") or "").lower().startswith("text/"):
        return Body()
    try:
        return markup_body(b64decode("".join(text.split()), validate=True).decode("utf-8"), base)
    except (binascii.Error, UnicodeDecodeError):
        return Body()
