"""One raw item: made under the id that its article will have, or refused before anything is published."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from pipeline.errors import InputError, ItemTooLarge
from pipeline.limits import MAX_ITEM_BYTES
from pipeline.parsers import Reading, detect, json_fields
from pipeline.parsers.decoding import refuse_binary
from pipeline.parsers.raw_record import is_raw_record, read_raw_record
from pipeline.stages.normalize import normalize
from schemas.ids import article_id
from schemas.raw import Hints, RawItem

NO_HINTS: Final = Hints()


@dataclass(frozen=True, slots=True)
class Placed:
    """An item and where it stands ("FILE", "FILE:LINE", "ZIP/FILE"), for the sentence that is said if it fails."""

    where: str
    item: RawItem


@dataclass(frozen=True, slots=True)
class Rejected:
    """An input that is no item: where it stands, and what is wrong with it."""

    where: str
    error: InputError


@dataclass(frozen=True, slots=True)
class Origin:
    """What every item of one input shares.

    Args:
        source: name of the wire or archive.
        received_at: stamped on every item that has no time of its own.
        where: the input, as a person names it.
        uri: the address of an item that is the whole input.
    """

    source: str
    received_at: datetime
    where: str
    uri: str | None

    def place(self, body: bytes, where: str | None = None, *, media_type: str | None = None) -> Placed | Rejected:
        """Return a part of this input as an item, known by its own id or its content; rejected where it is none."""
        where = where or self.where
        try:
            item = raw_item(body, source=self.source, received_at=self.received_at, media_type=media_type)
        except InputError as error:
            return Rejected(where, error)
        return Placed(where, item)


def raw_item(
    body: bytes,
    *,
    source: str,
    received_at: datetime,
    uri: str | None = None,
    media_type: str | None = None,
    hints: Hints = NO_HINTS,
) -> RawItem:
    """Return the raw item of some bytes, under the id that its article will have.

    Bytes that are a RawItem record already come back as that record, unchanged.

    Raises:
        InputError: the bytes are empty, binary, too large, in no known charset, or break their own format.
    """
    reading = Reading(body, media_type, uri)
    return item_of(reading, source=source, received_at=received_at, uri=uri, media_type=media_type, hints=hints)


def item_of(
    reading: Reading,
    *,
    source: str,
    received_at: datetime,
    uri: str | None,
    media_type: str | None,
    hints: Hints = NO_HINTS,
) -> RawItem:
    """Return the raw item of bytes that somebody began to read; see `raw_item`."""
    refuse_binary(reading.body)
    if is_raw_record(reading):
        return read_raw_record(reading)
    if len(reading.body) > MAX_ITEM_BYTES:
        raise ItemTooLarge(f"the item has {len(reading.body)} bytes; the limit is {MAX_ITEM_BYTES}.")
    # Not left to the parser: an undecodable item is refused here, before anything is published.
    own = detect(reading).wire_id(reading) if reading.text else None
    return RawItem(
        item_id=article_id(source, wire_id=own or hints.wire_id, uri=uri, body=reading.body),
        source=source,
        uri=uri,
        media_type=media_type,
        body=reading.body,
        received_at=received_at,
        hints=hints,
    )


def published_hint(raw: RawItem) -> datetime | None:
    """Return when an item was first published, None where it does not say: the order and pace of a replay."""
    if raw.hints.published_at:
        return raw.hints.published_at
    reading = Reading.of(raw)
    with contextlib.suppress(InputError):
        plain = reading.opening[:1] == b"{" and isinstance(reading.json, dict) and not is_raw_record(reading)
        stated = json_fields.published_at(reading.json) if plain else None
        return stated or normalize(raw)[0].published_at
    return None
