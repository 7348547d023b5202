"""WARC files, gzipped or not: the pages that a crawler saved, each an item with the address it was found at.

Damaged records are rejected one by one: after damage the reading goes on at the next place where a record may begin.
Requests, redirects, pictures, scripts and whatever else is no text are passed over. The time of an item's receipt is
that of the crawl; when its article was published the page itself must say.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import BinaryIO, Final

from fastwarc.warc import ArchiveIterator, WarcRecord, WarcRecordType

from pipeline.errors import InputError, ItemTooLarge, MalformedItem, UnsafeItem
from pipeline.intake.items import Origin, Placed, Rejected, raw_item
from pipeline.intake.streams import GZIP
from pipeline.limits import MAX_BAD_RECORDS, MAX_ITEM_BYTES

MAGIC: Final = b"WARC/"
_MEMBER: Final = b"\x1f\x8b\x08"
_LINE: Final = b"\nWARC/1."
"""How a record begins in a file whose records are gzipped one by one, and in a plain one."""

_PIECE: Final = 1024 * 1024
_WANTED: Final = WarcRecordType.response | WarcRecordType.resource | WarcRecordType.conversion
_TEXTS: Final = (
    "text/html",
    "text/plain",
    "text/xml",
    "application/xhtml",
    "application/xml",
    "application/json",
    "application/ld+json",
    "application/feed+json",
    "application/rss",
    "application/atom",
    "application/rdf",
)
_STATEMENTS: Final = ("/robots.txt", "/favicon.ico", "/sitemap.xml", "/ads.txt")
"""Addresses of files about a site, which are no articles of it."""


def read_warc(stream: BinaryIO, origin: Origin) -> Iterator[Placed | Rejected]:
    """Yield the pages of a WARC file.

    Args:
        stream: seekable, at its start.
        origin: of the file.

    Raises:
        UnsafeItem: it is made of places that look like records and are none.
    """
    at: int | None = stream.tell()
    marker = _MEMBER if stream.read(2) == GZIP else _LINE
    number = 0
    while at is not None:
        stream.seek(at)
        try:
            for record in ArchiveIterator(stream, record_types=_WANTED, auto_decode="all"):
                number += 1
                at = record.stream_pos
                yield from _record(record, number, origin)
        except (OSError, ValueError) as error:
            number += 1
            reason = str(error).rstrip(".")[:120]
            yield Rejected(f"{origin.where}, record {number}", MalformedItem(f"this WARC record is damaged: {reason}."))
            at = _next_record(stream, marker, at + 1)
        else:
            return


def _next_record(stream: BinaryIO, marker: bytes, at: int) -> int | None:
    """Return where a record that can be entered begins next."""
    found = _next_marker(stream, marker, at)
    tries = 1
    while found is not None and not _opens(stream, found):
        if tries == MAX_BAD_RECORDS:
            raise UnsafeItem(f"{tries} places in a row look like a WARC record and are none; reading stopped there.")
        found, tries = _next_marker(stream, marker, found + 1), tries + 1
    return found


def _opens(stream: BinaryIO, at: int) -> bool:
    """Tell whether a record can be read at a place."""
    stream.seek(at)
    try:
        return next(iter(ArchiveIterator(stream, parse_http=False)), None) is not None
    except (OSError, ValueError):
        return False


def _next_marker(stream: BinaryIO, marker: bytes, at: int) -> int | None:
    tail, where = b"", at
    stream.seek(at)
    while piece := stream.read(_PIECE):
        found = (tail + piece).find(marker)
        if found >= 0:
            return where - len(tail) + found + marker.count(b"\n")
        where += len(piece)
        tail = piece[-len(marker) + 1 :]
    return None


def _record(record: WarcRecord, number: int, origin: Origin) -> Iterator[Placed | Rejected]:
    address = (record.headers.get("WARC-Target-URI") or "").strip("<> ")
    media_type = _media_type(record)
    if media_type is None or address.split("?")[0].endswith(_STATEMENTS):
        return
    where = f"{origin.where}, record {number}" + (f" ({address[:200]})" if address else "")
    try:
        body = record.reader.read(MAX_ITEM_BYTES + 1)
        if len(body) > MAX_ITEM_BYTES:
            raise ItemTooLarge(f"the record has more than {MAX_ITEM_BYTES} bytes, which is the limit.")
        item = raw_item(
            body,
            source=origin.source,
            received_at=_crawled_at(record) or origin.received_at,
            uri=address or None,
            media_type=media_type or None,
        )
    except InputError as error:
        yield Rejected(where, error)
        return
    yield Placed(where, item)


def _media_type(record: WarcRecord) -> str | None:
    """Return the media type of a record's text as it states it, empty where it states none, None where it is none."""
    stated = record.headers.get("Content-Type")
    if record.http_headers is not None:
        if record.http_headers.status_code != 200:
            return None
        stated = record.http_headers.get("Content-Type")
    elif record.record_type == WarcRecordType.response:
        return None  # an answer of DNS, FTP and the like
    stated = (stated or "").strip()
    return stated if not stated or stated.lower().startswith(_TEXTS) else None


def _crawled_at(record: WarcRecord) -> datetime | None:
    try:
        at = datetime.fromisoformat(record.headers.get("WARC-Date") or "")
    except ValueError:
        return None
    return at if at.tzinfo else at.replace(tzinfo=UTC)
