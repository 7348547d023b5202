"""Intake: files, directories and streams in, raw items out; for `enrich`, `feed` and `replay`. No clock, no Kafka.

One item per line of JSON Lines, one per object of a JSON list, else one per file. Identity never depends on the
machine: the wire's own id first; then, for a file, its path below a root that the caller names; for a line or a
stream without an id, its content, because a line's number changes as files grow and rotate.
"""

from __future__ import annotations

import contextlib
import gzip
import io
import os
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from pathlib import Path
from typing import BinaryIO, Final
from urllib.parse import quote

import orjson

from pipeline.errors import EmptyItem, InputError, ItemTooLarge, MalformedItem
from pipeline.limits import MAX_ITEM_BYTES, MAX_LINE_BYTES
from pipeline.parsers import Reading, detect, json_fields
from pipeline.parsers.decoding import refuse_binary
from pipeline.parsers.raw_record import is_raw_record, read_raw_record
from pipeline.stages.normalize import normalize
from schemas.ids import article_id
from schemas.raw import Hints, RawItem

SNIFF_BYTES: Final = 64 * 1024
"""How far into an input is looked for a line that makes it JSON Lines; a longer line decides by its first byte."""

MAX_INFLATION: Final = 250
"""Highest ratio of decoded to compressed bytes, once more than one item's worth is decoded. News in gzip stays
under ten, the same line over and over reaches a hundred or two, a bomb a thousand."""

_LINE_SUFFIXES: Final = (".jsonl", ".ndjson", ".jsonlines")
_NO_HINTS: Final = Hints()
_JSON: Final = "application/json"


@dataclass(frozen=True, slots=True)
class Rejected:
    """An input that is no item: where it stands ("FILE" or "FILE:LINE") and what is wrong with it."""

    where: str
    error: InputError


def raw_item(
    body: bytes,
    *,
    source: str,
    received_at: datetime,
    uri: str | None = None,
    media_type: str | None = None,
    hints: Hints = _NO_HINTS,
) -> RawItem:
    """Return the raw item of some bytes, under the id that its article will have.

    Bytes that are a RawItem record already come back as that record, unchanged.

    Raises:
        InputError: the bytes are empty, binary, too large, in no known charset, or break their own format.
    """
    if len(body) > MAX_ITEM_BYTES:
        raise ItemTooLarge(f"the item has {len(body)} bytes; the limit is {MAX_ITEM_BYTES}.")
    return _item(Reading(body, media_type, uri), source, received_at, uri=uri, media_type=media_type, hints=hints)


def _item(
    reading: Reading,
    source: str,
    received_at: datetime,
    *,
    uri: str | None,
    media_type: str | None,
    hints: Hints = _NO_HINTS,
) -> RawItem:
    refuse_binary(reading.body)
    if is_raw_record(reading):
        return read_raw_record(reading)
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


def read_items(
    path_or_stream: str | Path | BinaryIO, *, source: str, received_at: datetime, root: Path | None = None
) -> Iterator[RawItem | Rejected]:
    """Yield the items of a file, a directory or a binary stream, and what is no item, in order. Memory is bounded.

    A directory is walked in sorted order; hidden files, `README*` and `*.md` are skipped. gzip is decoded by its
    content. An input is JSON Lines when it is named so (`.jsonl`, `.ndjson`), when its first line is a JSON object, or
    when another line near its head is; a list of JSON objects gives one item per object, re-encoded; everything else
    is one item. A line that is a RawItem record passes unchanged, with its own source and time.

    Args:
        path_or_stream: what to read; a stream is read to its end and not closed.
        source: name of the wire or archive.
        received_at: stamped on every item that has no time of its own.
        root: what the uri of a file is relative to; a directory is its own root, a file's is its folder.
    """
    if not isinstance(path_or_stream, (str, Path)):
        name = getattr(path_or_stream, "name", None)
        where = name if isinstance(name, str) and name != "<stdin>" else "-"
        yield from _Input(path_or_stream, where, None, source, received_at).items()
        return
    top = Path(path_or_stream)
    base = root or (top if top.is_dir() else top.parent)
    for path in input_files(top):
        try:
            with path.open("rb") as stream:
                yield from _Input(stream, str(path), _uri(path, base), source, received_at).items()
        except OSError as error:
            yield Rejected(str(path), MalformedItem(f"the file cannot be read: {error.strerror or error}."))


def input_files(top: Path) -> Iterator[Path]:
    """Yield a file itself, or the files below a folder in order, without what is hidden or explains the archive."""
    if not top.is_dir():
        yield top
        return
    for folder, folders, names in os.walk(top):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            skipped = name.startswith((".", "README")) or name.lower().endswith(".md")
            if not skipped and (path := Path(folder, name)).is_file():
                yield path


def _uri(path: Path, root: Path) -> str:
    """Return `file:` and the path below the root; only the name where the file lies elsewhere."""
    try:
        relative = path.resolve().relative_to(root.resolve())
    except ValueError:
        relative = Path(path.name)
    return "file:" + quote(os.fsencode(relative.as_posix()))


class _Counted(io.RawIOBase):
    """A stream that knows how many bytes were taken from it."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self.taken = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview, /) -> int:  # type: ignore[override]  # typeshed names the buffer protocol, which 3.11 lacks
        # `read1` gives what is there: a live pipe must not wait until a buffer is full.
        read = getattr(self._stream, "read1", self._stream.read)
        data = read(len(buffer))
        buffer[: len(data)] = data
        self.taken += len(data)
        return len(data)


class _Input:
    """One stream on its way to items."""

    def __init__(self, stream: BinaryIO, where: str, uri: str | None, source: str, received_at: datetime) -> None:
        self._counted = _Counted(stream)
        self._stream: BinaryIO = io.BufferedReader(self._counted, SNIFF_BYTES)
        self._packed = False
        self._where, self._uri, self._source, self._received_at = where, uri, source, received_at
        self._name = where.lower().removesuffix(".gz")

    def items(self) -> Iterator[RawItem | Rejected]:
        try:
            self._unpack()
            head = self._head()
            if self._is_lines(head):
                yield from self._lines(head)
            else:
                yield from self._whole(head)
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            yield Rejected(self._where, MalformedItem(f"the gzip data is damaged: {error}."))
        except InputError as error:
            yield Rejected(self._where, error)

    def _unpack(self) -> None:
        if self._stream.peek(2)[:2] == b"\x1f\x8b":  # type: ignore[attr-defined]  # a BufferedReader, which BinaryIO hides
            self._stream = io.BufferedReader(gzip.GzipFile(fileobj=self._stream), SNIFF_BYTES)
            self._packed = True

    def _head(self) -> list[bytes]:
        """Read as many lines as it takes to tell JSON Lines: one, mostly, so that a live stream flows at once."""
        head: list[bytes] = []
        size = 0
        while size < SNIFF_BYTES and (line := self._stream.readline(SNIFF_BYTES - size)):
            head.append(line)
            size += len(line)
            if _is_object(line):
                break
        return head

    def _is_lines(self, head: list[bytes]) -> bool:
        if self._name.endswith(_LINE_SUFFIXES):
            refuse_binary(head[0] if head else b"")
            return True
        if not head or not any(_is_object(line) for line in head):
            return len(head) == 1 and len(head[0]) == SNIFF_BYTES and head[0][:1] == b"{"
        # One object and nothing else is the same either way; a list of lines is not.
        return not b"".join(head).lstrip().startswith((b"[", b"<"))

    def _whole(self, head: list[bytes]) -> Iterator[RawItem | Rejected]:
        start = b"".join(head)
        body = start + self._stream.read(MAX_ITEM_BYTES + 1 - len(start))
        if len(body) > MAX_ITEM_BYTES:
            raise ItemTooLarge(f"the item has more than {MAX_ITEM_BYTES} bytes, which is the limit.")
        reading = Reading(body, None, self._uri)
        if reading.opening[:1] == b"[" and (several := _objects(reading)):
            for number, item in enumerate(several, start=1):
                yield self._one(orjson.dumps(item), f"{self._where}[{number}]")
        else:
            yield _item(reading, self._source, self._received_at, uri=self._uri, media_type=None)

    def _lines(self, head: list[bytes]) -> Iterator[RawItem | Rejected]:
        filled = False
        for number, line in enumerate(self._capped_lines(head), start=1):
            where = f"{self._where}:{number}"
            if line is None:
                yield Rejected(
                    where, ItemTooLarge(f"the line is longer than {MAX_LINE_BYTES} bytes, which is the limit.")
                )
            elif line and not line.isspace():
                yield self._one(line, where)
            else:
                continue
            filled = True
        if not filled:
            raise EmptyItem("the item is empty: it holds no bytes or only white space.")

    def _one(self, line: bytes, where: str) -> RawItem | Rejected:
        body = line.rstrip(b"\r\n")
        reading = Reading(body, _JSON, None)
        try:
            if not isinstance(reading.json, (dict, list)):
                raise MalformedItem("the line is JSON, but no object.")
            if not is_raw_record(reading) and len(body) > MAX_ITEM_BYTES:
                raise ItemTooLarge(f"the item has {len(body)} bytes; the limit is {MAX_ITEM_BYTES}.")
            return _item(reading, self._source, self._received_at, uri=None, media_type=_JSON)
        except InputError as error:
            return Rejected(where, error)

    def _capped_lines(self, head: list[bytes]) -> Iterator[bytes | None]:
        """Yield each line, None for one over the cap, which is passed over piece by piece."""
        decoded = 0
        pending = b"" if not head or head[-1].endswith(b"\n") else head.pop()
        rest = iter(lambda: self._stream.readline(MAX_LINE_BYTES + 1), b"")
        first = [pending + self._stream.readline(MAX_LINE_BYTES + 1 - len(pending))] if pending else []
        for line in chain(head, first, rest):
            decoded += len(line)
            self._refuse_bomb(decoded)
            if len(line) <= MAX_LINE_BYTES:
                yield line
                continue
            while line and not line.endswith(b"\n"):
                line = self._stream.readline(SNIFF_BYTES)  # noqa: PLW2901 - the pieces of one line are dropped one by one
                decoded += len(line)
                self._refuse_bomb(decoded)
            yield None

    def _refuse_bomb(self, decoded: int) -> None:
        if self._packed and decoded > MAX_ITEM_BYTES and decoded > MAX_INFLATION * self._counted.taken:
            raise ItemTooLarge(f"the gzip data inflates more than {MAX_INFLATION} times; reading stopped.")


def _is_object(line: bytes) -> bool:
    """Tell a whole JSON object that starts in the first column: no line of a pretty-printed document is one."""
    if line[:1] != b"{" or not line.rstrip().endswith(b"}"):
        return False
    try:
        return isinstance(orjson.loads(line), dict)
    except orjson.JSONDecodeError:
        return False


def _objects(reading: Reading) -> list[object]:
    """Return the objects of a JSON list, nothing where it is no list of objects."""
    with contextlib.suppress(MalformedItem):
        value = reading.json
        if isinstance(value, list) and len(value) > 1 and all(isinstance(item, dict) for item in value):
            return value
    return []
