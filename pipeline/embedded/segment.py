"""Segments: the files a partition's log is made of, each with a sparse index of its batches in memory."""

import os
from array import array
from bisect import bisect_left, bisect_right
from collections import OrderedDict
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from pipeline.embedded.batch import HEADER_BYTES, Batch, checksum_holds, parse_header

INDEX_EVERY = 4096  # bytes of log per index entry: 24 bytes of memory for each 4 KiB on disk
_WINDOW = 16 * 1024  # bytes read at a time when walking headers
_CHUNK = 256 * 1024  # bytes read at a time when sending: what a reader that stalls costs in memory


class OpenFiles:
    """File handles of segments, opened when used; the longest unused is closed beyond `limit`."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._open: OrderedDict[Segment, int] = OrderedDict()

    def handle(self, segment: "Segment") -> int:
        """Return an open descriptor, good until the next call."""
        descriptor = self._open.get(segment)
        if descriptor is not None:
            self._open.move_to_end(segment)
            return descriptor
        if len(self._open) >= self._limit:
            os.close(self._open.popitem(last=False)[1])
        descriptor = os.open(segment.path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
        self._open[segment] = descriptor
        return descriptor

    def release(self, segment: "Segment") -> int | None:
        """Hand over the descriptor, if one is open, to the caller."""
        return self._open.pop(segment, None)

    def close(self) -> None:
        """Close all of them."""
        while self._open:
            os.close(self._open.popitem()[1])


class Slice(NamedTuple):
    """A run of bytes of one segment, to be read when it is sent."""

    segment: "Segment"
    position: int
    length: int

    def chunks(self) -> Iterator[bytes]:
        """Read the bytes piece by piece; works also after the segment was deleted."""
        end = self.position + self.length
        for position in range(self.position, end, _CHUNK):
            yield self.segment.read(position, min(_CHUNK, end - position))

    def read(self) -> bytes:
        """Return all bytes at once."""
        return b"".join(self.chunks())


class Segment:
    """One file of consecutive batches. `size` counts the valid bytes, `next_offset` follows the last record."""

    def __init__(self, path: Path, base_offset: int, files: OpenFiles) -> None:
        self.path = path
        self.base_offset = base_offset
        self.next_offset = base_offset
        self.size = 0
        self.first_timestamp = -1
        self.max_timestamp = -1
        self._files = files
        self._retired: int | None = None
        self._offsets, self._positions, self._stamps = array("q"), array("q"), array("q")

    @classmethod
    def at(cls, directory: Path, base_offset: int, files: OpenFiles) -> "Segment":
        """Name the segment that starts at `base_offset`, the way Apache Kafka names its files."""
        return cls(directory / f"{base_offset:020d}.log", base_offset, files)

    def _handle(self) -> int:
        return self._files.handle(self) if self._retired is None else self._retired

    def append(self, batch: Batch, data: bytes | memoryview) -> None:
        """Write one batch at the end, its header fields of offset and epoch taken from `batch`.

        `OSError` when the disk refuses; the file is then as it was before.
        """
        head = batch.base_offset.to_bytes(8, "big") + data[8:12] + b"\0\0\0\0"
        handle = self._handle()
        try:
            written = os.writev(handle, [head, data[16:]])
        except OSError:
            os.ftruncate(handle, self.size)
            raise
        if written != batch.size:
            os.ftruncate(handle, self.size)
            raise OSError(f"only {written} of {batch.size} bytes fitted into {self.path}")
        self.note(batch)

    def note(self, batch: Batch) -> None:
        """Take a batch that stands at the end of the file into the index."""
        if not self._positions or self.size - self._positions[-1] >= INDEX_EVERY:
            self._offsets.append(batch.base_offset)
            self._positions.append(self.size)
            self._stamps.append(self.max_timestamp)
        if self.first_timestamp < 0:
            self.first_timestamp = batch.max_timestamp
        self.max_timestamp = max(self.max_timestamp, batch.max_timestamp)
        self.size += batch.size
        self.next_offset = batch.last_offset + 1

    def load(self, *, verify: bool) -> Iterator[Batch]:
        """Index what the file holds, yielding each batch; stop at the first that is torn.

        `verify`: check the checksums too, not only that the headers follow one another.
        """
        end = os.fstat(self._handle()).st_size
        for position, batch in self.batches(0, end):
            if position + batch.size > end or batch.base_offset < self.next_offset:
                return
            if verify and not checksum_holds(batch, self.read(position, batch.size)):
                return
            self.note(batch)
            yield batch

    def truncate(self) -> int:
        """Cut off what follows the valid bytes; return how much that was."""
        torn = os.fstat(self._handle()).st_size - self.size
        if torn:
            os.ftruncate(self._handle(), self.size)
        return torn

    def read(self, position: int, length: int) -> bytes:
        """Return bytes of the file."""
        return os.pread(self._handle(), length, position)

    def batches(self, position: int = 0, end: int | None = None) -> Iterator[tuple[int, Batch]]:
        """Walk the batch headers from a batch boundary on; stop at `end` or at what is no header."""
        end = self.size if end is None else end
        window, start = b"", 0
        while position + HEADER_BYTES <= end:
            if position + HEADER_BYTES > start + len(window):
                window, start = self.read(position, _WINDOW), position
            if len(window) - (position - start) < HEADER_BYTES:
                return
            batch = parse_header(window, position - start)
            if batch.magic != 2 or batch.size < HEADER_BYTES:
                return
            yield position, batch
            position += batch.size

    def locate(self, offset: int) -> tuple[int, Batch] | None:
        """Return position and header of the first batch that reaches `offset`, or None."""
        entry = bisect_right(self._offsets, offset) - 1
        start = self._positions[entry] if entry >= 0 else 0
        for position, batch in self.batches(start):
            if batch.last_offset >= offset:
                return position, batch
        return None

    def slice(self, offset: int, max_bytes: int) -> Slice | None:
        """Return the run of batches from the one that reaches `offset`: at most `max_bytes`, at least one batch."""
        found = self.locate(offset)
        if found is None:
            return None
        start, first = found
        end = start + max(max_bytes, first.size)
        if end >= self.size:
            return Slice(self, start, self.size - start)
        whole = max(start, self._positions[bisect_right(self._positions, end) - 1])
        for position, batch in self.batches(whole):
            if position + batch.size > end:
                break
            whole = position + batch.size
        return Slice(self, start, whole - start)

    def from_timestamp(self, timestamp: int) -> tuple[int, Batch] | None:
        """Return position and header of the first batch with a record at or after `timestamp` (ms)."""
        # An entry's stamp is the highest before it, so batches before the last lower one cannot reach the time.
        entry = bisect_left(self._stamps, timestamp) - 1
        start = self._positions[entry] if entry >= 0 else 0
        for position, batch in self.batches(start):
            if batch.max_timestamp >= timestamp:
                return position, batch
        return None

    def adopt(self, written: Path, files: OpenFiles) -> None:
        """Move a segment that was written elsewhere to its own name, to be served through `files`."""
        written.rename(self.path)
        self._files = files

    def retire(self) -> None:
        """Delete the file; slices already handed out stay readable until they are dropped."""
        handle = self._files.release(self)
        self._retired = os.open(self.path, os.O_RDONLY) if handle is None else handle
        self.path.unlink()

    def __del__(self) -> None:
        if self._retired is not None:
            os.close(self._retired)
