"""The log of a partition: order, recovery, retention, lookup."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from kafka.record import MemoryRecords

from pipeline.embedded.errors import Code, RequestError
from pipeline.embedded.log import Found, PartitionLog

NOW = 1_700_000_000_000

Batches = Callable[..., bytes]
OpenLog = Callable[..., PartitionLog]


def _read(log: PartitionLog, offset: int = 0) -> list[tuple[int, bytes | None]]:
    """All records from an offset on, as a client would get them."""
    found = []
    while (part := log.read(offset, 1_000_000)) is not None:
        records = MemoryRecords(part.read())
        while (batch := records.next_batch()) is not None:
            found += [(record.offset, record.value) for record in batch if record.offset >= offset]
            last = batch.base_offset + batch.last_offset_delta
        offset = last + 1
    return found


def _fill(log: PartitionLog, batch: Batches, count: int, size: int = 100) -> None:
    for number in range(count):
        log.append(batch([(b"k%d" % number, b"%d" % number * size)], timestamp=NOW + number), NOW)


def test_records_keep_their_order_across_segments(open_log: OpenLog, batch: Batches) -> None:
    """What is appended is read back in order, whatever file it went to, also after a restart."""
    log = open_log(**{"segment.bytes": "2000"})
    _fill(log, batch, 50)
    assert len(log.segments) > 3
    expected = [(number, b"%d" % number * 100) for number in range(50)]
    assert _read(log) == expected
    assert _read(open_log(**{"segment.bytes": "2000"})) == expected
    assert _read(log, 37) == expected[37:]


def test_a_torn_tail_of_any_length_is_cut(open_log: OpenLog, batch: Batches) -> None:
    """However much of the last batch is missing, exactly that batch is gone and the log goes on."""
    log = open_log()
    _fill(log, batch, 3)
    path = log.segments[0].path
    whole = path.read_bytes()
    kept = len(whole) - len(batch([(b"k2", b"2" * 100)]))
    for length in range(kept, len(whole)):
        path.write_bytes(whole[:length])
        again = open_log(clean=False)
        assert [offset for offset, _ in _read(again)] == [0, 1]
        assert path.stat().st_size == kept
        again.append(batch([(b"k", b"new")]), NOW)
        assert _read(again)[2:] == [(2, b"new")]


@pytest.mark.parametrize("damage", [b"\0" * 40, b"\xff" * 40])
def test_a_tail_that_was_never_written_is_cut(open_log: OpenLog, batch: Batches, damage: bytes) -> None:
    """Blocks of zeros or rubbish in the last batch, as a power loss leaves them, fail its checksum."""
    log = open_log()
    _fill(log, batch, 3)
    path = log.segments[0].path
    path.write_bytes(path.read_bytes()[: -len(damage)] + damage)
    assert [offset for offset, _ in _read(open_log(clean=False))] == [0, 1]


def test_an_empty_log_keeps_its_place(open_log: OpenLog, batch: Batches) -> None:
    """Offsets go on after everything expired and the broker was restarted."""
    log = open_log(**{"retention.ms": "1000"})
    _fill(log, batch, 5)
    log.retain(NOW + 10_000)
    assert (log.start, log.end, _read(log, 5)) == (5, 5, [])
    again = open_log()
    assert (again.start, again.end) == (5, 5)


def test_retention_by_size_keeps_at_least_that_much(open_log: OpenLog, batch: Batches) -> None:
    """Whole old segments go as long as the rest still holds `retention.bytes`."""
    log = open_log(**{"segment.bytes": "2000", "retention.bytes": "5000"})
    _fill(log, batch, 100)
    log.retain(NOW)
    assert 5000 <= log.size < 7000
    assert _read(log, log.start)[0][0] == log.start > 0


def test_a_slice_outlives_its_segment(open_log: OpenLog, batch: Batches) -> None:
    """What was promised to a reader can be sent although retention has deleted it meanwhile."""
    log = open_log(**{"segment.bytes": "2000", "retention.bytes": "0"})
    _fill(log, batch, 30)
    part = log.read(0, 500)
    assert part is not None
    log.retain(NOW)
    assert log.start > 10
    assert not part.segment.path.exists()
    assert MemoryRecords(part.read()).next_batch().base_offset == 0


def test_trimming_survives_a_restart(open_log: OpenLog, batch: Batches) -> None:
    """Records deleted on request stay deleted; offsets outside the log are refused."""
    log = open_log(**{"segment.bytes": "2000"})
    _fill(log, batch, 50)
    assert log.delete_records(42) == 42
    again = open_log()
    assert (again.start, again.end) == (42, 50)
    for offset in (41, 51):
        with pytest.raises(RequestError) as refused:
            again.read(offset, 100)
        assert refused.value.code is Code.OFFSET_OUT_OF_RANGE


@pytest.mark.parametrize("compression", [0, 1])
def test_lookup_by_time(open_log: OpenLog, batch: Batches, compression: int) -> None:
    """The first record at or after a time is found, inside a batch too; nothing after the last."""
    log = open_log(**{"segment.bytes": "1024"})
    for number in range(40):
        log.append(batch([(b"k", b"v" * 50)] * 3, timestamp=NOW + number * 10, compression=compression), NOW)
    assert log.at_time(NOW + 95) == Found(30, NOW + 100)
    assert log.at_time(0) == Found(0, NOW)
    assert log.at_time(NOW + 391) == Found(-1, -1)
    assert log.latest_stamped() == Found(117, NOW + 390)


def test_the_broker_stamps_when_asked(open_log: OpenLog, batch: Batches) -> None:
    """With LogAppendTime the batch carries the broker's time and a checksum that holds."""
    log = open_log(**{"message.timestamp.type": "LogAppendTime"})
    assert log.append(batch([(b"k", b"v")], timestamp=1), NOW).append_time == NOW
    part = log.read(0, 1000)
    assert part is not None
    stored = MemoryRecords(part.read()).next_batch()
    assert stored.validate_crc()
    assert [record.timestamp for record in stored] == [NOW]


def test_a_full_disk_refuses_and_loses_nothing(
    open_log: OpenLog, batch: Batches, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A write that fits only in part is refused and leaves no trace; the next one succeeds."""
    log = open_log()
    _fill(log, batch, 2)

    def part_of_it(handle: int, buffers: list[bytes]) -> int:
        return write(handle, bytes(buffers[0]) + bytes(buffers[1][:10]))

    with monkeypatch.context() as patched:
        from os import write

        patched.setattr("os.writev", part_of_it)
        with pytest.raises(RequestError) as refused:
            log.append(batch([(b"k", b"lost")]), NOW)
    assert refused.value.code is Code.KAFKA_STORAGE_ERROR
    log.append(batch([(b"k", b"kept")]), NOW)
    assert _read(log)[2:] == [(2, b"kept")]
    assert _read(open_log(clean=False)) == _read(log)


def test_an_append_wakes_who_waits(open_log: OpenLog, batch: Batches) -> None:
    """A long poll ends with the next append."""
    log = open_log()

    async def wait() -> bool:
        waiter = asyncio.get_running_loop().create_future()
        log.watch(waiter)
        log.append(batch([(b"k", b"v")]), NOW)
        return waiter.done()

    assert asyncio.run(wait())


@pytest.mark.parametrize("left", ["cleaned", "swap"])
def test_a_compaction_cut_short_is_finished_or_undone(
    open_log: OpenLog, batch: Batches, tmp_path: Path, left: str
) -> None:
    """A half-written rewrite is dropped; a finished one replaces the segments in its range."""
    log = open_log(**{"segment.bytes": "2000"})
    _fill(log, batch, 50)
    first, second, third = log.segments[:3]
    draft = tmp_path / "log" / (f"0-{third.base_offset}.swap" if left == "swap" else f"{0:020d}.cleaned")
    shutil.copy(first.path, draft)
    offsets = [offset for offset, _ in _read(open_log(**{"segment.bytes": "2000"}))]
    gone = range(second.base_offset, third.base_offset) if left == "swap" else ()
    assert offsets == [offset for offset in range(50) if offset not in gone]
    assert not draft.exists()
