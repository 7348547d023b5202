"""One stream in, its items out, by what it holds: an archive, a mailbox, lines, a list, or one item.

| what it holds | told by | gives |
|---|---|---|
| a ZIP archive | its first bytes | what each member holds |
| a WARC file | its first bytes, within gzip too | one item per page |
| a mailbox | its first two lines | one item per message |
| a feed or an export (RSS, RDF, Atom, WXR) | its root element | one item per entry |
| JSON Lines | its name, or a line that is a JSON object | one item per line |
| a list of JSON objects | its first byte | one item per object, re-encoded |
| anything else | | one item |

Identity never depends on the machine: the wire's own id first; then, for a file, its path below a root that the caller
names; for a part without an id, its content, because its number changes as files grow and rotate.
"""

from __future__ import annotations

import contextlib
import gzip
import zlib
from collections.abc import Iterator
from typing import BinaryIO

import orjson

from pipeline.errors import InputError, ItemTooLarge, MalformedItem
from pipeline.intake import entries, mbox, warc, zips
from pipeline.intake.items import Origin, Placed, Rejected, item_of
from pipeline.intake.lines import is_lines, read_head, read_lines, read_object
from pipeline.intake.streams import Unpacked
from pipeline.limits import MAX_ITEM_BYTES
from pipeline.parsers import Reading


def read_stream(stream: BinaryIO, origin: Origin, depth: int = 0) -> Iterator[Placed | Rejected]:
    """Yield the items of a stream, and what is none, in order; never raises an InputError.

    Args:
        stream: read to its end, not closed; it need not be seekable.
        origin: what its items share.
        depth: how many archives it lies in.
    """
    try:
        yield from _items(Unpacked(stream), origin, depth)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        yield Rejected(origin.where, MalformedItem(f"the gzip data is damaged: {error}."))
    except InputError as error:
        yield Rejected(origin.where, error)


def _items(unpacked: Unpacked, origin: Origin, depth: int) -> Iterator[Placed | Rejected]:
    if unpacked.starts_with(warc.MAGIC):
        with unpacked.seekable() as archive:
            yield from warc.read_warc(archive, origin)
    elif not unpacked.packed and unpacked.starts_with(zips.MAGIC):
        with unpacked.seekable() as archive:
            yield from zips.read_zip(archive, origin, depth, read_stream)
    else:
        head = read_head(unpacked)
        if is_lines(head, origin.where.lower().removesuffix(".gz")):
            yield from read_lines(unpacked, head, origin)
        elif mbox.is_mbox(start := b"".join(head)):
            yield from mbox.read_mbox(unpacked.stream, start, origin)
        elif entries.is_feed(start := unpacked.fill(start)):
            yield from entries.read_entries(unpacked, start, origin)
        else:
            yield from _whole(unpacked, start, origin)


def _whole(unpacked: Unpacked, start: bytes, origin: Origin) -> Iterator[Placed | Rejected]:
    body = start + unpacked.stream.read(MAX_ITEM_BYTES + 1 - len(start))
    if len(body) > MAX_ITEM_BYTES:
        raise ItemTooLarge(f"the item has more than {MAX_ITEM_BYTES} bytes, which is the limit.")
    reading = Reading(body, None, origin.uri)
    if reading.opening[:1] == b"[" and (several := _objects(reading)):
        for number, item in enumerate(several, start=1):
            yield read_object(orjson.dumps(item), f"{origin.where}[{number}]", origin)
        return
    item = item_of(reading, source=origin.source, received_at=origin.received_at, uri=origin.uri, media_type=None)
    yield Placed(origin.where, item)


def _objects(reading: Reading) -> list[object]:
    """Return the objects of a JSON list, nothing where it is no list of objects."""
    with contextlib.suppress(MalformedItem):
        value = reading.json
        if isinstance(value, list) and len(value) > 1 and all(isinstance(item, dict) for item in value):
            return value
    return []
