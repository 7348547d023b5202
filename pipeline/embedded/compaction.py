"""Compaction: of each key only the last record stays, at its own offset; tombstones stay for a while.

The work runs in a thread over sealed segments, which nobody writes to. It reads through its own file handles
and leaves a finished file beside the log; the swap itself is a few renames in the event loop. A crash at any
point leaves either the old segments or the new one (`log.finish_swaps`).
"""

import hashlib
import os
import time
from bisect import bisect_right
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from pipeline.embedded import batch as batches
from pipeline.embedded.batch import Batch, Record
from pipeline.embedded.log import PartitionLog
from pipeline.embedded.segment import OpenFiles, Segment

_NEVER = 2**63 - 1


class AbandonedError(Exception):
    """The log was closed while it was being compacted; what was written so far is undone at the next start."""


class Round(NamedTuple):
    """One finished rewrite: these segments, that file, and the offset up to which keys are now unique."""

    old: list[Segment]
    new: Segment
    written: Path
    cleaned_to: int


class Horizon:
    """When each stretch of the log was first compacted, which starts the clock of its tombstones.

    Kept as (offset, ms): everything below the offset had been compacted at that time.
    """

    def __init__(self, marks: list[tuple[int, int]]) -> None:
        self.marks = marks

    def mark(self, offset: int, now_ms: int, keep_ms: int) -> None:
        """Note that compaction reached `offset`; marks whose tombstones are all due collapse into the last of them."""
        if not self.marks or offset > self.marks[-1][0]:
            self.marks.append((offset, now_ms))
        while len(self.marks) > 1 and self.marks[1][1] < now_ms - keep_ms:
            self.marks.pop(0)

    def due(self, offset: int, now_ms: int, keep_ms: int) -> bool:
        """Tell whether a tombstone at `offset` has been kept long enough."""
        at = bisect_right(self.marks, (offset, _NEVER))
        return at < len(self.marks) and self.marks[at][1] < now_ms - keep_ms


def eligible(log: PartitionLog, now_ms: int) -> list[Segment]:
    """Return the sealed segments a round may rewrite; empty when too little has changed since the last."""
    config = log.config
    sealed: list[Segment] = []
    for segment in log.segments[:-1]:
        if config.min_compaction_lag_ms and now_ms - segment.max_timestamp < config.min_compaction_lag_ms:
            break
        sealed.append(segment)
    dirty = [segment for segment in sealed if segment.next_offset > log.cleaned_to and segment.size]
    total = sum(segment.size for segment in sealed)
    if not dirty:
        return []
    overdue = now_ms - dirty[0].first_timestamp > config.max_compaction_lag_ms
    enough = sum(segment.size for segment in dirty) / total >= config.min_cleanable_dirty_ratio
    return sealed if enough or overdue else []


def compact(log: PartitionLog, sealed: list[Segment], horizon: Horizon, now_ms: int, max_keys: int) -> list[Round]:
    """Rewrite the sealed segments into as few files as `segment.bytes` allows. Blocking; call it in a thread."""
    files = OpenFiles(4)
    try:
        latest, reach = _latest_offsets(log, sealed, files, max_keys)
        keep_ms = log.config.delete_retention_ms

        def keeps(record: Record) -> bool:
            if record.key is None:
                return False
            if record.offset < latest.get(_digest(record.key), -1):
                return False
            return not (record.tombstone and horizon.due(record.offset, now_ms, keep_ms))

        rounds = []
        for group in _groups(sealed, log.config.segment_bytes):
            writer = _Writer(log.directory, group, files)
            for segment in group:
                for batch, data in _batches(log, segment, files):
                    writer.put(_reduced(batch, data, keeps))
            rounds.append(writer.finish(reach))
        return rounds
    finally:
        files.close()


def _digest(key: bytes) -> bytes:
    return hashlib.blake2b(key, digest_size=16).digest()


def _latest_offsets(
    log: PartitionLog, sealed: list[Segment], files: OpenFiles, max_keys: int
) -> tuple[dict[bytes, int], int]:
    """Return the last offset of each key in what is new since the last round, and where the look ended."""
    latest: dict[bytes, int] = {}
    for segment in sealed:
        if segment.next_offset <= log.cleaned_to:
            continue
        for batch, data in _batches(log, segment, files):
            if batch.last_offset < log.cleaned_to:
                continue
            if len(latest) >= max_keys:
                return latest, batch.base_offset
            if batches.readable(batch):
                for record in batches.records(batch, data):
                    if record.key is not None:
                        latest[_digest(record.key)] = record.offset
    return latest, sealed[-1].next_offset


def _batches(log: PartitionLog, segment: Segment, files: OpenFiles) -> Iterator[tuple[Batch, bytes]]:
    """Yield every batch of a sealed segment, letting the event loop run in between; end when the log is closed."""
    own = Segment(segment.path, segment.base_offset, files)
    for position, batch in own.batches(0, segment.size):
        if log.closed:
            raise AbandonedError(f"{log.directory} was closed")
        yield batch, own.read(position, batch.size)
        time.sleep(0)


def _reduced(batch: Batch, data: bytes, keeps: Callable[[Record], bool]) -> bytes:
    """Return what is left of a batch; a batch in a codec that is not installed is kept whole."""
    if not batches.readable(batch):
        return data
    kept = [record for record in batches.records(batch, data) if keeps(record)]
    if len(kept) == batch.record_count:
        return data
    return batches.with_records(batch, kept) if kept else b""


def _groups(sealed: list[Segment], limit: int) -> Iterator[list[Segment]]:
    """Split the segments into runs that fit one file each."""
    group: list[Segment] = []
    for segment in sealed:
        if group and sum(member.size for member in group) + segment.size > limit:
            yield group
            group = []
        group.append(segment)
    yield group


class _Writer:
    """Writes the replacement of one group of segments."""

    def __init__(self, directory: Path, group: list[Segment], files: OpenFiles) -> None:
        self._group = group
        self._segment = Segment.at(directory, group[0].base_offset, files)
        self._draft = self._segment.path.with_suffix(".cleaned")
        self._file = self._draft.open("wb")

    def put(self, data: bytes) -> None:
        """Write one batch, nothing when nothing is left of it."""
        if data:
            self._file.write(data)
            self._segment.note(batches.parse_header(data))

    def finish(self, reach: int) -> Round:
        """Make the file durable and give it the name that recovery completes."""
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()
        end = self._segment.next_offset = self._group[-1].next_offset
        written = self._draft.with_name(f"{self._segment.base_offset}-{end}.swap")
        self._draft.rename(written)
        return Round(self._group, self._segment, written, reach)
