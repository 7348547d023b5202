"""A feed of any dialect, split into entries that stand alone: what a poller publishes."""

from __future__ import annotations

from typing import Final, Protocol, cast

import orjson

from pipeline.errors import InvalidEncoding, MalformedItem
from pipeline.parsers.reading import Reading
from pipeline.parsers.syndication import atom, json_feed, rss, wordpress
from pipeline.parsers.syndication.channel import Channel
from pipeline.parsers.syndication.entries import Entry, Feed, entry_item


class _Feeds(Protocol):
    """What a dialect of feeds offers beside what every dialect does."""

    def recognizes(self, reading: Reading) -> bool:
        """Tell by the content alone."""

    def split(self, reading: Reading) -> Feed:
        """Return the feed with its entries."""


_FEEDS: Final = tuple(cast("_Feeds", module) for module in (wordpress, rss, atom, json_feed))


def split_feed(reading: Reading) -> Feed:
    """Return a feed with its entries; a feed without any is no error.

    Letters in no charset cost only themselves here: one broken byte must not hide all that a feed has.

    Raises:
        InputError: it is no feed, cannot be read, or must not be.
    """
    reading = _readable(reading)
    dialect = next((dialect for dialect in _FEEDS if dialect.recognizes(reading)), None)
    if dialect is None:
        raise MalformedItem("this is no feed: neither RSS nor Atom nor JSON Feed.")
    return dialect.split(reading)


def known_as(entry: Entry, channel: Channel, wire_id: str) -> bytes:
    """Return the bytes of an entry under the id that it was first known by; see `entry_item`."""
    if entry.draft.wire_id == wire_id:
        return entry.body
    if entry.element is not None:
        return entry_item(entry.element, channel, wire_id)
    return json_feed.item_bytes(orjson.loads(entry.body), channel, wire_id)


def _readable(reading: Reading) -> Reading:
    """Return the reading without NUL bytes and with every byte a letter, U+FFFD where it was none."""
    body = reading.body
    if not body.startswith((b"\xff\xfe", b"\xfe\xff", b"\0\0\xfe\xff")) and b"\0" in body:
        body = body.replace(b"\0", b"")
    charset = f"{reading.media_type};charset={reading.charset}" if reading.charset else reading.media_type
    fresh = reading if body is reading.body else Reading(body, charset, reading.name)
    try:
        fresh.decoded  # noqa: B018 - cached: asked here, used below
    except InvalidEncoding:
        return Reading(body.decode("utf-8", "replace").encode("utf-8"), reading.media_type, reading.name)
    return fresh
