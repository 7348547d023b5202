"""Streams on their way in: counted, unpacked, put on disk where a format must be entered in the middle."""

from __future__ import annotations

import gzip
import io
import shutil
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO, Final, cast

from pipeline.errors import ItemTooLarge
from pipeline.limits import MAX_INFLATION, MAX_ITEM_BYTES

SNIFF_BYTES: Final = 64 * 1024
"""How far into an input is looked to tell what it is."""

GZIP: Final = b"\x1f\x8b"
_COPY_BYTES: Final = 1024 * 1024


class Counted(io.RawIOBase):
    """A stream that knows how many bytes were taken from it."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self.taken = 0

    def readable(self) -> bool:
        """Return true."""
        return True

    def readinto(self, buffer: bytearray | memoryview, /) -> int:  # type: ignore[override]  # typeshed names the buffer protocol, which 3.11 lacks
        """Fill a buffer with what is there: a live pipe must not wait until the buffer is full."""
        read = getattr(self._stream, "read1", self._stream.read)
        data = read(len(buffer))
        buffer[: len(data)] = data
        self.taken += len(data)
        return len(data)


class Unpacked:
    """A stream without its gzip, which is told by its content, and a watch over how far it inflates.

    Args:
        stream: read from where it stands, not closed.
    """

    def __init__(self, stream: BinaryIO) -> None:
        self._given = stream
        self._start = stream.tell() if stream.seekable() else None
        self._counted = Counted(stream)
        self._buffered = io.BufferedReader(cast("io.RawIOBase", self._counted), SNIFF_BYTES)
        self.packed = self._buffered.peek(2)[:2] == GZIP
        self.stream = self._buffered
        if self.packed:
            self.stream = io.BufferedReader(cast("io.RawIOBase", gzip.GzipFile(fileobj=self._buffered)), SNIFF_BYTES)

    def starts_with(self, magic: bytes) -> bool:
        """Tell how the stream starts once it is unpacked, as far as one look shows, without taking anything."""
        head = self._buffered.peek(SNIFF_BYTES)
        if not self.packed:
            return head.startswith(magic)
        try:
            return zlib.decompressobj(31).decompress(head, len(magic)).startswith(magic)
        except zlib.error:
            return False

    def fill(self, start: bytes) -> bytes:
        """Return a start that is as long as the look, or the whole stream, where it is markup; else as it is."""
        if start.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"<" and len(start) < SNIFF_BYTES:
            return start + self.stream.read(SNIFF_BYTES - len(start))
        return start

    def refuse_bomb(self, decoded: int) -> None:
        """Stop where so many decoded bytes came out of so few.

        Raises:
            ItemTooLarge: the gzip data is a bomb.
        """
        if self.packed and decoded > MAX_ITEM_BYTES and decoded > MAX_INFLATION * self._counted.taken:
            raise ItemTooLarge(f"the gzip data inflates more than {MAX_INFLATION} times; reading stopped.")

    @contextmanager
    def seekable(self) -> Iterator[BinaryIO]:
        """Yield the stream as it was given, gzip and all, from its start; what comes from a pipe is on disk then."""
        if self._start is not None:
            self._given.seek(self._start)
            yield self._given
            return
        with tempfile.TemporaryFile(prefix="copytaster-intake-") as copy:
            shutil.copyfileobj(self._buffered, copy, _COPY_BYTES)
            copy.seek(0)
            yield cast("BinaryIO", copy)
