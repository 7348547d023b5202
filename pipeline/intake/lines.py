"""JSON Lines: one item per line; a line that is none is rejected by itself."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import Final

import orjson

from pipeline.errors import EmptyItem, InputError, ItemTooLarge, MalformedItem
from pipeline.intake.items import Origin, Placed, Rejected, item_of
from pipeline.intake.streams import SNIFF_BYTES, Unpacked
from pipeline.limits import MAX_LINE_BYTES
from pipeline.parsers import Reading
from pipeline.parsers.decoding import refuse_binary

_SUFFIXES: Final = (".jsonl", ".ndjson", ".jsonlines")
_JSON: Final = "application/json"


def read_head(unpacked: Unpacked) -> list[bytes]:
    """Read as many lines as it takes to tell JSON Lines: one, mostly, so that a live stream flows at once."""
    head: list[bytes] = []
    size = 0
    while size < SNIFF_BYTES and (line := unpacked.stream.readline(SNIFF_BYTES - size)):
        head.append(line)
        size += len(line)
        if _is_object(line):
            break
    return head


def is_lines(head: list[bytes], name: str) -> bool:
    """Tell JSON Lines by the file's name, by a first line that is an object, or by another near the head that is.

    Raises:
        InputError: it is named so, but is binary.
    """
    if name.endswith(_SUFFIXES):
        refuse_binary(head[0] if head else b"")
        return True
    if not head or not any(_is_object(line) for line in head):
        # A first line longer than the look decides by its first byte.
        return len(head) == 1 and len(head[0]) == SNIFF_BYTES and head[0][:1] == b"{"
    # One object and nothing else is the same either way; a list of lines is not.
    return not b"".join(head).lstrip().startswith((b"[", b"<"))


def read_lines(unpacked: Unpacked, head: list[bytes], origin: Origin) -> Iterator[Placed | Rejected]:
    """Yield the items of the lines; empty lines are passed over.

    Raises:
        EmptyItem: there is not one line with something in it.
        ItemTooLarge: it is a gzip bomb.
    """
    filled = False
    for number, line in enumerate(_capped(unpacked, head), start=1):
        where = f"{origin.where}:{number}"
        if line is None:
            yield Rejected(where, ItemTooLarge(f"the line is longer than {MAX_LINE_BYTES} bytes, which is the limit."))
        elif line and not line.isspace():
            yield read_object(line.rstrip(b"\r\n"), where, origin)
        else:
            continue
        filled = True
    if not filled:
        raise EmptyItem("the item is empty: it holds no bytes or only white space.")


def read_object(body: bytes, where: str, origin: Origin) -> Placed | Rejected:
    """Return the item that a JSON object is; it has no address, because a line's number changes as files grow."""
    reading = Reading(body, _JSON, None)
    try:
        if not isinstance(reading.json, (dict, list)):
            raise MalformedItem("the line is JSON, but no object.")
        item = item_of(reading, source=origin.source, received_at=origin.received_at, uri=None, media_type=_JSON)
    except InputError as error:
        return Rejected(where, error)
    return Placed(where, item)


def _capped(unpacked: Unpacked, head: list[bytes]) -> Iterator[bytes | None]:
    """Yield each line, None for one over the cap, which is passed over piece by piece."""
    stream, decoded = unpacked.stream, 0
    pending = b"" if not head or head[-1].endswith(b"\n") else head.pop()
    rest = iter(lambda: stream.readline(MAX_LINE_BYTES + 1), b"")
    first = [pending + stream.readline(MAX_LINE_BYTES + 1 - len(pending))] if pending else []
    for line in chain(head, first, rest):
        decoded += len(line)
        unpacked.refuse_bomb(decoded)
        if len(line) <= MAX_LINE_BYTES:
            yield line
            continue
        while line and not line.endswith(b"\n"):
            line = stream.readline(SNIFF_BYTES)  # noqa: PLW2901 - the pieces of one line are dropped one by one
            decoded += len(line)
            unpacked.refuse_bomb(decoded)
        yield None


def _is_object(line: bytes) -> bool:
    """Tell a whole JSON object that starts in the first column: no line of a pretty-printed document is one."""
    if line[:1] != b"{" or not line.rstrip().endswith(b"}"):
        return False
    try:
        return isinstance(orjson.loads(line), dict)
    except orjson.JSONDecodeError:
        return False
