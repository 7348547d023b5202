"""Entries as raw items: the entry itself, or the page that it links to where that says more."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from pipeline.errors import InputError
from pipeline.fetching import Answer
from pipeline.intake import raw_item
from pipeline.parsers import Reading, detect
from pipeline.parsers.syndication import Channel, Entry, known_as
from schemas import RawItem

_PAGES: Final = frozenset({"text/html", "application/xhtml+xml"})


def entry_as_item(
    entry: Entry, channel: Channel, *, wire_id: str, version: str, source: str, received_at: datetime
) -> RawItem:
    """Return the raw item of an entry.

    Args:
        entry: as it stands in the feed.
        channel: what the feed says of all its entries.
        wire_id: what the entry is known as.
        version: of the entry.
        source: name of the wire.
        received_at: when it came.

    Raises:
        InputError: it cannot be an item: it is too large, for one.
    """
    return raw_item(
        known_as(entry, channel, wire_id),
        source=source,
        received_at=received_at,
        uri=entry.draft.uri,
        media_type=entry.media_type,
        hints=entry.hints.model_copy(update={"wire_id": wire_id, "version": version}),
    )


def page_as_item(entry: RawItem, page: Answer, words: int) -> RawItem | None:
    """Return the raw item of a page that an entry links to, None where the entry itself is better.

    Args:
        entry: the raw item of the entry; identity, version and hints are taken from it.
        page: what the link gave.
        words: characters of text that the entry has.
    """
    media_type = page.headers.get("content-type", "")
    if page.status != 200 or media_type.partition(";")[0].strip().lower() not in _PAGES:
        return None
    try:
        item = raw_item(
            page.body,
            source=entry.source,
            received_at=entry.received_at,
            uri=entry.uri,
            media_type=media_type,
            hints=entry.hints,
        )
        (draft,) = detect(Reading.of(item)).parse(Reading.of(item))
    except (InputError, ValueError):
        return None
    says_more = sum(map(len, draft.paragraphs)) >= words
    return item if says_more and item.item_id == entry.item_id else None
