"""RawItem: what came off a wire, byte for byte, with the envelope it came in."""

from __future__ import annotations

from pydantic import Field

from schemas.base import Identifier, Instant, Payload, Record


class Hints(Record):
    """What the feed already knew about an item; used where the item itself is silent."""

    wire_id: str | None = Field(None, description="The wire's own id of the item (guid, NewsItemId, …).")
    version: str | None = Field(None, description="The wire's own version or revision of the item.")
    headline: str | None = None
    byline: str | None = None
    language: str | None = Field(None, description="BCP 47 tag.")
    published_at: Instant | None = None
    updated_at: Instant | None = None
    keywords: tuple[str, ...] = ()


class RawItem(Record):
    """One wire item as received. Key of `news.raw`: `item_id`, the same for all versions of the item."""

    item_id: Identifier
    source: str = Field(min_length=1, description="Name of the wire or archive.")
    uri: str | None = Field(None, description="Address of the item, or its file name inside the archive.")
    media_type: str | None = Field(None, description="Media type as the source states it, e.g. text/html.")
    body: Payload
    received_at: Instant
    hints: Hints = Hints()
