"""The body of a push → items. Pure: `received_at` comes in."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from pipeline.errors import InputError, RequestRefused
from pipeline.intake import Rejected, raw_item, read_items
from pipeline.limits import MAX_PUSH_ITEMS, MAX_PUSHED_BYTES
from schemas import RawItem

_SOURCE: Final = re.compile(r"[\w][\w .:@-]{0,63}")
_LINES: Final = frozenset(
    {"application/x-ndjson", "application/ndjson", "application/jsonl", "application/x-jsonlines"}
)
_NO_TYPE: Final = frozenset({"", "application/octet-stream", "application/x-www-form-urlencoded"})
"""What clients state when nobody told them: it says nothing about the body."""


@dataclass(frozen=True, slots=True)
class Pushed:
    """What a body holds, in order."""

    items: tuple[RawItem, ...]
    rejected: tuple[Rejected, ...]

    @property
    def size(self) -> int:
        """Bytes of the items."""
        return sum(len(item.body) for item in self.items)


class _Named(io.BytesIO):
    """A stream with a name, which is what `read_items` calls it by."""

    def __init__(self, body: bytes, name: str) -> None:
        super().__init__(body)
        self.name = name


def read_push(body: bytes, *, source: str, content_type: str, received_at: datetime) -> Pushed:
    """Return the items of a body: RawItem records, JSON Lines, a list of objects, or one item of any dialect.

    Args:
        body: decoded.
        source: name of the wire for items that carry none.
        content_type: the header as it came; it is kept with an item that is the whole body.
        received_at: now.

    Raises:
        RequestRefused: there are too many of them, or they are too large together; 413.
    """
    media_type = content_type.partition(";")[0].strip().lower()
    name = "body.jsonl" if media_type in _LINES else "body"
    found: list[RawItem | Rejected] = []
    size = 0
    for item in read_items(_Named(body, name), source=source, received_at=received_at):
        found.append(item)
        size += len(item.body) if isinstance(item, RawItem) else 0
        if len(found) > MAX_PUSH_ITEMS or size > MAX_PUSHED_BYTES:
            raise RequestRefused(
                f"the body holds more than {MAX_PUSH_ITEMS} items, or {MAX_PUSHED_BYTES} bytes of them; send fewer",
                status=413,
            )
    items = tuple(item for item in found if isinstance(item, RawItem))
    rejected = tuple(item for item in found if isinstance(item, Rejected))
    if len(items) == 1 and not rejected and items[0].body == body and media_type not in _NO_TYPE:
        try:
            items = (raw_item(body, source=source, received_at=received_at, media_type=media_type),)
        except InputError as error:
            return Pushed((), (Rejected(name, error),))
    return Pushed(items, rejected)


def source_of(path: str | None, query: Mapping[str, str], default: str) -> str:
    """Return the name of the wire: that of the path `/items/NAME`, else `?source=NAME`, else the default.

    Raises:
        RequestRefused: the name is too long, or has characters that no name needs.
    """
    name = path or query.get("source") or default
    if name != default and not _SOURCE.fullmatch(name):
        raise RequestRefused("a source has at most 64 letters, digits and . : @ _ - or spaces", status=400)
    return name
