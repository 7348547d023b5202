"""JSON Feed 1.0 and 1.1, as a feed or as one item that stands alone."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

import orjson

from pipeline.errors import InputError, MalformedItem
from pipeline.parsers.dates import read_instant
from pipeline.parsers.drafting import sole_id
from pipeline.parsers.language import language_tag
from pipeline.parsers.reading import Draft, Reading
from pipeline.parsers.syndication.body import Body, line_of, markup_body, plain_body
from pipeline.parsers.syndication.channel import MAX_AUTHORS, Channel
from pipeline.parsers.syndication.entries import MAX_ENTRIES, Entry, Feed, drafts_of, once_each
from pipeline.parsers.syndication.entry import add_topic, finish, identifier, people, person, refuse_silent
from pipeline.parsers.syndication.links import has_relative, whole
from pipeline.parsers.syndication.media import picture
from pipeline.parsers.syndication.times import plain, set_entry_times, version_of

NAME: Final = "json-feed"
VERSION: Final = "1"
MEDIA_TYPES: Final = frozenset({"application/feed+json"})
SUFFIXES: Final = (".jsonfeed",)

OWN: Final = "_copytaster"
"""Where an item carries what it was given when it left its feed; the format reserves names that begin so."""

Object = Mapping[str, Any]

_VERSION = re.compile(rb'"version"\s*:\s*"https?:\\?/\\?/(?:www\.)?jsonfeed\.org')
_CONTENT: Final = (b'"content_html"', b'"content_text"')
_KIND = re.compile(r"(?:image|audio|video)/", re.IGNORECASE)


def recognizes(reading: Reading) -> bool:
    """Tell by the address of the version, or by an id beside one of the two contents; JSON under its own label too."""
    if reading.opening[:1] != b"{":
        return False
    stated = _VERSION.search(reading.body) is not None
    if not (stated or any(name in reading.body for name in _CONTENT) or reading.media_type in MEDIA_TYPES):
        return False
    try:
        value = reading.json
    except InputError:
        return False
    if not isinstance(value, dict):
        return False
    listed = isinstance(value.get("items"), list)
    return (listed if stated and "version" in value else False) or _is_item(
        value, labelled=reading.media_type in MEDIA_TYPES
    )


def _is_item(value: Object, *, labelled: bool) -> bool:
    return "id" in value and "items" not in value and (labelled or "content_html" in value or "content_text" in value)


def wire_id(reading: Reading) -> str | None:
    """Return the id of the one item, None where there are several."""
    return sole_id(parse, reading)


def parse(reading: Reading) -> list[Draft]:
    """Return a draft for each item.

    Raises:
        InputError: it is no JSON Feed, or no item says anything.
    """
    value = reading.json
    if isinstance(value, dict) and not isinstance(value.get("items"), list):
        return [refuse_silent(_draft(value, Channel()))]
    return drafts_of(split(reading))


def split(reading: Reading) -> Feed:
    """Return a feed with its items.

    Raises:
        InputError: it is no JSON Feed.
    """
    value = reading.json
    if not isinstance(value, dict) or not isinstance(value.get("items"), list):
        raise MalformedItem("this JSON Feed has no list of items.")
    link = whole(_text(value, "home_page_url"))
    channel = Channel(
        title=line_of(_text(value, "title")),
        language=language_tag(value.get("language")),
        link=link,
        base=link or whole(_text(value, "feed_url")),
        authors=tuple(_authors(value)[:MAX_AUTHORS]),
    )
    items = [item for item in value["items"] if isinstance(item, dict)]
    entries = [
        Entry(item_bytes(item, channel), "application/feed+json", _draft(item, channel)) for item in items[:MAX_ENTRIES]
    ]
    return Feed(channel, once_each(entries))


def item_bytes(item: Object, channel: Channel, wire_id: str | None = None) -> bytes:
    """Return an item that stands alone: its feed's language, authors and address go with it (see `entry_item`)."""
    alone = dict(item)
    if channel.language:
        alone.setdefault("language", channel.language)
    if channel.authors and not _authors(item):
        alone["authors"] = [{"name": name} for name in channel.authors]
    base = channel.base if has_relative(orjson.dumps(alone)) else None
    own = {"base": base, "id": wire_id}
    if given := {name: value for name, value in own.items() if value}:
        alone[OWN] = given
    return orjson.dumps(alone)


def _draft(item: Object, channel: Channel) -> Draft:
    given = item.get(OWN)
    own: Object = given if isinstance(given, dict) else {}
    base = whole(_text(own, "base")) or channel.base
    draft = Draft(headline=line_of(_text(item, "title")))
    draft.uri = whole(_text(item, "url"), base) or whole(_text(item, "external_url"), base)
    draft.wire_id = identifier(_text(own, "id")) or identifier(_text(item, "id"))
    draft.byline = people(_authors(item) or channel.authors)
    draft.language = language_tag(item.get("language")) or channel.language
    for tag in item["tags"] if isinstance(item.get("tags"), list) else ():
        add_topic(draft, tag.strip() or None if isinstance(tag, str) else None)
    updated = item.get("date_modified")
    set_entry_times(draft, [("date_published", item.get("date_published"))], [("date_modified", updated)])
    draft.version = version_of(read_instant(plain(updated)).at) if isinstance(updated, str) else None
    html, text = _text(item, "content_html"), _text(item, "content_text")
    full = (markup_body(html, base) if html else Body()) or (plain_body(text) if text else Body())
    summary = plain_body(_text(item, "summary") or "")
    pictures = [picture(_text(item, name), None, base) for name in ("image", "banner_image")]
    attachments = item["attachments"] if isinstance(item.get("attachments"), list) else []
    beside = [picture(_text(one, "url"), line_of(_text(one, "title")), base) for one in attachments if _is_medium(one)]
    return finish(draft, full=full, summary=summary, beside=[*pictures, *beside])


def _is_medium(attachment: object) -> bool:
    return isinstance(attachment, dict) and _KIND.match(_text(attachment, "mime_type") or "") is not None


def _authors(value: Object) -> list[str]:
    """Return the names of `authors`, or of the one `author` of version 1.0."""
    given = value.get("authors") if isinstance(value.get("authors"), list) else [value.get("author")]
    return [name for one in given or () if isinstance(one, dict) and (name := person(_text(one, "name")))]


def _text(value: Object, name: str) -> str | None:
    """Return a field as text; ids are numbers in some feeds, and anything else counts as absent."""
    found = value.get(name)
    if isinstance(found, int) and not isinstance(found, bool):
        return str(found)
    return found if isinstance(found, str) and found.strip() else None
