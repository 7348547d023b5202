"""Mailboxes: each message of an mbox file is an item.

A message begins at a line that starts with "From " after an empty one (RFC 4155); ">From " within a message is what
the writer of the mailbox made of such a line, and is turned back.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO, Final

from pipeline.errors import ItemTooLarge
from pipeline.intake.items import Origin, Placed, Rejected
from pipeline.limits import MAX_ITEM_BYTES

MEDIA_TYPE: Final = "message/rfc822"
_OPENS = re.compile(rb"From \S+[^\n]*\d{4}[^\n]*\r?\n(?:[A-Za-z][A-Za-z0-9-]{0,60}:|>From )")
_QUOTED = re.compile(rb"^>(>*From )")
_LINE_BYTES: Final = 64 * 1024
_HEAD_BYTES: Final = 512
"""Room for a separator and the name of a header."""


def is_mbox(head: bytes) -> bool:
    """Tell a mailbox by its first two lines: the separator with a date, and a header."""
    return _OPENS.match(head[:_HEAD_BYTES]) is not None


def read_mbox(stream: BinaryIO, head: bytes, origin: Origin) -> Iterator[Placed | Rejected]:
    """Yield the messages of a mailbox, in order.

    Args:
        stream: goes on where the head ends.
        head: whole lines that were already read.
        origin: of the mailbox.
    """
    for number, message in enumerate(_messages(stream, head), start=1):
        where = f"{origin.where}, message {number}"
        if message is None:
            yield Rejected(
                where, ItemTooLarge(f"the message has more than {MAX_ITEM_BYTES} bytes, which is the limit.")
            )
        else:
            yield origin.place(message, where, media_type=MEDIA_TYPE)


def _messages(stream: BinaryIO, head: bytes) -> Iterator[bytes | None]:
    """Yield each message, None for one over the cap, whose rest is passed over."""
    parts: list[bytes] = []
    size, empty, begun = 0, True, False
    for line in _lines(stream, head):
        if empty and line.startswith(b"From "):
            if begun:
                yield b"".join(parts) if size <= MAX_ITEM_BYTES else None
            parts, size, begun = [], 0, True
        else:
            size += len(line)
            if size <= MAX_ITEM_BYTES:
                parts.append(_QUOTED.sub(rb"\1", line))
            else:
                parts.clear()
        empty = not line.strip()
    if begun:
        yield b"".join(parts) if size <= MAX_ITEM_BYTES else None


def _lines(stream: BinaryIO, head: bytes) -> Iterator[bytes]:
    yield from head.splitlines(keepends=True)
    yield from iter(lambda: stream.readline(_LINE_BYTES), b"")
