"""The log of one partition: segments in offset order, appended at the end, read anywhere, trimmed in front."""

import asyncio
import logging
import os
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from pipeline.embedded import batch as batches
from pipeline.embedded.batch import Batch, Record
from pipeline.embedded.config import TopicConfig
from pipeline.embedded.errors import Code, RequestError
from pipeline.embedded.producers import Producers
from pipeline.embedded.segment import OpenFiles, Segment, Slice

logger = logging.getLogger(__name__)


class Stored(NamedTuple):
    """Where a batch went. `append_time` is -1 unless the topic stamps records itself."""

    base_offset: int
    append_time: int


class Found(NamedTuple):
    """A record looked up by time; both -1 when there is none."""

    offset: int
    timestamp: int


class PartitionLog:
    """One partition. Appends and reads belong to the event loop; only compaction reads its files elsewhere."""

    def __init__(self, directory: Path, config: TopicConfig, files: OpenFiles) -> None:
        self.directory = directory
        self.config = config
        self.segments: list[Segment] = []
        self.start = 0
        self.cleaning = False
        self.cleaned_to = 0
        self.closed = False
        self._files = files
        self._producers = Producers()
        self._waiters: set[asyncio.Future[None]] = set()
        self._unsynced: set[Path] = set()

    @property
    def end(self) -> int:
        """The offset the next record gets; also the high watermark and the last stable offset."""
        return self.segments[-1].next_offset

    @property
    def size(self) -> int:
        """Bytes on disk."""
        return sum(segment.size for segment in self.segments)

    def open(self, now_ms: int, *, clean: bool) -> None:
        """Load what the directory holds, or begin an empty log.

        `clean`: the broker was stopped in order. If not, the end of the last segment is verified and cut
        where it is torn.
        """
        self.directory.mkdir(parents=True, exist_ok=True)
        finish_swaps(self.directory)
        for path in sorted(self.directory.glob("*.log")):
            self.segments.append(Segment(path, int(path.stem), self._files))
        for segment in self.segments[:-1]:
            self._load(segment, now_ms, verify=False)
        if self.segments:
            self._load_active(now_ms, clean=clean)
        else:
            self._add_segment(0)
        self.start = max(self.segments[0].base_offset, self._read_start())

    def _load_active(self, now_ms: int, *, clean: bool) -> None:
        active = self.segments[-1]
        self._load(active, now_ms, verify=not clean)
        torn = active.truncate()
        if torn:
            logger.warning("cut %d torn bytes off %s", torn, active.path)

    def _load(self, segment: Segment, now_ms: int, *, verify: bool) -> None:
        for batch in segment.load(verify=verify):
            self._producers.note(batch, batch.base_offset, now_ms)

    def _add_segment(self, base_offset: int) -> None:
        segment = Segment.at(self.directory, base_offset, self._files)
        segment.path.touch(mode=0o600)
        self.segments.append(segment)

    def append(self, data: bytes | memoryview, now_ms: int) -> Stored:
        """Store one batch; a batch already stored is answered with its first offset.

        Raises `RequestError` for a batch that is refused or a disk that does not take it.
        """
        batch = batches.checked(data, self.config.max_message_bytes)
        if self.config.compacted:
            _require_keys(batch, data)
        duplicate = self._producers.duplicate_of(batch)
        if duplicate is not None:
            return Stored(duplicate, -1)
        append_time = -1
        if self.config.message_timestamp_type == "LogAppendTime":
            append_time = now_ms
            batch, data = batches.with_append_time(batch, data, now_ms)
        batch = batch._replace(base_offset=self.end)
        try:
            self._roll_if_due(batch)
            self.segments[-1].append(batch, data)
        except OSError as error:
            logger.exception("cannot write to %s", self.directory)
            raise RequestError(Code.KAFKA_STORAGE_ERROR, str(error)) from error
        self._producers.note(batch, batch.base_offset, now_ms)
        self._unsynced.add(self.segments[-1].path)
        self._wake()
        return Stored(batch.base_offset, append_time)

    def _roll_if_due(self, batch: Batch) -> None:
        """Begin a new segment when this one is full, or spans `segment.ms` of record time, as Apache Kafka does."""
        active = self.segments[-1]
        full = active.size + batch.size > self.config.segment_bytes
        old = batch.max_timestamp - active.first_timestamp > self.config.segment_ms
        if active.size and (full or old):
            self.roll()

    def roll(self) -> None:
        """Seal the active segment and begin the next one."""
        self._add_segment(self.end)

    def read(self, offset: int, max_bytes: int) -> Slice | None:
        """Return what to send to a reader at `offset`, None at the end of the log; OFFSET_OUT_OF_RANGE beyond."""
        if not self.start <= offset <= self.end:
            raise RequestError(Code.OFFSET_OUT_OF_RANGE)
        first = max(0, bisect_right(self.segments, offset, key=_base) - 1)
        for segment in self.segments[first:]:
            found = segment.slice(offset, max_bytes) if offset < segment.next_offset else None
            if found is not None:
                return found
        return None

    def watch(self, waiter: asyncio.Future[None]) -> None:
        """Resolve `waiter` at the next append (or when the log is closed)."""
        self._waiters.add(waiter)

    def unwatch(self, waiter: asyncio.Future[None]) -> None:
        """Forget a waiter."""
        self._waiters.discard(waiter)

    def _wake(self) -> None:
        for waiter in self._waiters:
            if not waiter.done():
                waiter.set_result(None)
        self._waiters.clear()

    def at_time(self, timestamp: int) -> Found:
        """Return the first record stamped at or after `timestamp` (ms)."""
        for segment in self.segments:
            if segment.max_timestamp < timestamp:
                continue
            for record in _records_since(segment, timestamp):
                if record.timestamp >= timestamp and record.offset >= self.start:
                    return Found(record.offset, record.timestamp)
        return Found(-1, -1)

    def latest_stamped(self) -> Found:
        """Return the record with the highest timestamp."""
        newest = max(self.segments, key=lambda segment: segment.max_timestamp)
        return self.at_time(newest.max_timestamp) if newest.max_timestamp >= 0 else Found(-1, -1)

    def delete_records(self, before: int) -> int:
        """Drop everything before an offset (-1: all); return the new start. OFFSET_OUT_OF_RANGE beyond the end."""
        before = self.end if before == -1 else before
        if not 0 <= before <= self.end:
            raise RequestError(Code.OFFSET_OUT_OF_RANGE)
        if before > self.start:
            self.start = before
            replace_file(self.directory / "start", str(before).encode())
            self._drop_while(lambda following: following.base_offset <= self.start)
        return self.start

    def retain(self, now_ms: int) -> None:
        """Apply `retention.ms` and `retention.bytes`; whole segments go, oldest first."""
        self._producers.expire(now_ms)
        if "delete" not in self.config.cleanup_policy or self.cleaning:
            return
        active = self.segments[-1]
        if active.size and self._expired(active, now_ms):
            self.roll()
        self._drop_while(lambda _: self._expired(self.segments[0], now_ms) or self._oversized())
        self.start = max(self.start, self.segments[0].base_offset)

    def _expired(self, segment: Segment, now_ms: int) -> bool:
        keep = self.config.retention_ms
        return 0 <= keep < now_ms - segment.max_timestamp

    def _oversized(self) -> bool:
        keep = self.config.retention_bytes
        return 0 <= keep <= self.size - self.segments[0].size

    def _drop_while(self, droppable: Callable[[Segment], bool]) -> None:
        """Delete the oldest segment while the condition holds; it is asked about the one that would be first."""
        while not self.cleaning and len(self.segments) > 1 and droppable(self.segments[1]):
            self.segments.pop(0).retire()

    def swap(self, old: list[Segment], new: Segment, replacement: Path) -> None:
        """Put a compacted segment, written to `replacement`, where a run of sealed ones was."""
        at = self.segments.index(old[0])
        for segment in old:
            segment.retire()
        new.adopt(replacement, self._files)
        self.segments[at : at + len(old)] = [new]

    def take_unsynced(self) -> set[Path]:
        """Return the files written to since the last call."""
        paths, self._unsynced = self._unsynced, set()
        return paths

    def close(self) -> None:
        """Wake whoever waits; the log is not used afterwards."""
        self.closed = True
        self._wake()

    def _read_start(self) -> int:
        try:
            return int((self.directory / "start").read_text())
        except (OSError, ValueError):
            return 0


def _base(segment: Segment) -> int:
    return segment.base_offset


def _require_keys(batch: Batch, data: bytes | memoryview) -> None:
    if batches.readable(batch) and any(record.key is None for record in batches.records(batch, data)):
        raise RequestError(Code.INVALID_RECORD, "a compacted topic takes no record without a key")


def _records_since(segment: Segment, timestamp: int) -> Iterator[Record]:
    """Yield the records of each batch that reaches `timestamp`; one stands for all where the codec is missing."""
    found = segment.from_timestamp(timestamp)
    for position, batch in segment.batches(found[0]) if found else ():
        if batch.max_timestamp < timestamp:
            continue
        if batches.readable(batch):
            yield from batches.records(batch, segment.read(position, batch.size))
        else:
            yield Record(batch.base_offset, batch.max_timestamp, None, False, b"")


async def sync(logs: Iterable[PartitionLog]) -> None:
    """Bring to disk what was written to these logs, in a thread."""
    await asyncio.to_thread(_sync_files, [path for log in logs for path in log.take_unsynced()])


def _sync_files(paths: list[Path]) -> None:
    for path in paths:
        try:
            handle = os.open(path, os.O_RDONLY)
        except FileNotFoundError:
            continue  # retention was faster
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def finish_swaps(directory: Path) -> None:
    """Complete or undo what a compaction was doing when the broker died.

    A name ending in `.cleaned` was still being written; `BASE-END.swap` was complete and replaces the
    segments in that range.
    """
    for path in directory.glob("*.cleaned"):
        path.unlink()
    for path in directory.glob("*.swap"):
        base, end = (int(part) for part in path.stem.split("-"))
        for segment in directory.glob("*.log"):
            if base <= int(segment.stem) < end:
                segment.unlink()
        path.rename(directory / f"{base:020d}.log")


def replace_file(path: Path, content: bytes) -> None:
    """Write a small file so that a crash leaves either the old content or the new."""
    draft = path.with_name(path.name + ".draft")
    with draft.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    draft.rename(path)
