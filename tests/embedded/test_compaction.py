"""Compaction: the last record of each key stays, at its offset."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest
from kafka.record import MemoryRecords

from pipeline.embedded import compaction
from pipeline.embedded.compaction import Horizon
from pipeline.embedded.errors import Code, RequestError
from pipeline.embedded.log import PartitionLog

NOW = 1_700_000_000_000
SETTINGS = {"cleanup.policy": "compact", "segment.bytes": "4096", "min.cleanable.dirty.ratio": "0"}

Row = tuple[int, bytes | None, bytes | None]
OpenLog = Callable[..., PartitionLog]


def _rows(log: PartitionLog) -> list[Row]:
    """Everything a reader gets."""
    rows: list[Row] = []
    offset = log.start
    while (part := log.read(offset, 100_000)) is not None:
        records = MemoryRecords(part.read())
        while (batch := records.next_batch()) is not None:
            assert batch.validate_crc()
            rows += [(record.offset, record.key, record.value) for record in batch]
            offset = batch.base_offset + batch.last_offset_delta + 1
    return rows


def _compact(log: PartitionLog, horizon: Horizon | None = None, now: int = NOW, max_keys: int = 1000) -> None:
    """One round, as maintenance does it."""
    horizon = horizon or Horizon([])
    sealed = compaction.eligible(log, now)
    for one in compaction.compact(log, sealed, horizon, now, max_keys) if sealed else []:
        log.swap(one.old, one.new, one.written)
        log.cleaned_to = one.cleaned_to
    horizon.mark(log.cleaned_to, now, log.config.delete_retention_ms)


def _sealed_end(log: PartitionLog) -> int:
    return log.segments[-1].base_offset


@pytest.mark.parametrize("compression", [0, 1])
@pytest.mark.parametrize("seed", range(5))
def test_the_last_of_each_key_stays(
    open_log: OpenLog, batch: Callable[..., bytes], seed: int, compression: int
) -> None:
    """Whatever came in, the sealed part keeps just the last record of each key, at its offset; the rest is whole."""
    chance = random.Random(seed)
    log = open_log(**SETTINGS)
    rows: list[Row] = []
    for _ in range(150):
        records = [(b"k%d" % chance.randrange(30), b"v" * chance.randrange(200)) for _ in range(chance.randrange(1, 5))]
        rows += [(len(rows) + number, key, value) for number, (key, value) in enumerate(records)]
        log.append(batch(records, compression=compression), NOW)
    end = _sealed_end(log)
    last = {key: offset for offset, key, _ in rows if offset < end}
    expected = [row for row in rows if row[0] >= end or last[row[1]] == row[0]]
    before = log.size
    _compact(log)
    assert _rows(log) == expected
    assert log.size < before
    _compact(log)
    assert _rows(open_log(clean=False, **SETTINGS)) == expected


def test_few_keys_at_a_time_converge(open_log: OpenLog, batch: Callable[..., bytes]) -> None:
    """With room for two keys only, repeated rounds reach the same result."""
    log = open_log(**SETTINGS)
    for number in range(120):
        log.append(batch([(b"k%d" % (number % 6), b"%d" % number * 50)]), NOW)
    end = _sealed_end(log)
    for _ in range(100):
        _compact(log, max_keys=2)
    kept = [key for offset, key, _ in _rows(log) if offset < end]
    assert sorted(kept) == sorted({b"k%d" % number for number in range(6)})


def test_a_tombstone_goes_after_its_time(open_log: OpenLog, batch: Callable[..., bytes]) -> None:
    """A tombstone removes the values before it at once, stays `delete.retention.ms` from its first round, then goes."""
    log = open_log(**SETTINGS, **{"delete.retention.ms": "1000"})
    log.append(batch([(b"gone", b"value"), (b"stays", b"value")], timestamp=1), NOW)
    log.append(batch([(b"gone", None)], timestamp=1), NOW)
    log.append(batch([(b"pad", b"x" * 4000)]), NOW)
    log.append(batch([(b"pad2", b"x" * 4000)]), NOW)
    horizon = Horizon([])
    _compact(log, horizon, NOW)
    assert [(o, k, v) for o, k, v in _rows(log) if k == b"gone"] == [(2, b"gone", None)]
    for round_number in (1, 2):
        log.append(batch([(b"more%d" % round_number, b"x" * 4000)]), NOW)
        _compact(log, horizon, NOW + 900 * round_number)
        present = any(key == b"gone" for _, key, _ in _rows(log))
        assert present is (round_number == 1)
    assert (1, b"stays", b"value") in _rows(log)


def test_young_segments_wait(open_log: OpenLog, batch: Callable[..., bytes]) -> None:
    """Within `min.compaction.lag.ms` nothing is removed."""
    log = open_log(**SETTINGS, **{"min.compaction.lag.ms": "5000"})
    for _ in range(100):
        log.append(batch([(b"k", b"v" * 200)]), NOW)
    _compact(log, now=NOW + 4000)
    assert len(_rows(log)) == 100
    _compact(log, now=NOW + 6000)
    assert len(_rows(log)) < 100


def test_a_reader_in_the_middle_is_not_disturbed(open_log: OpenLog, batch: Callable[..., bytes]) -> None:
    """A slice handed out before a round is readable after it, and an offset that was removed leads to the next one."""
    log = open_log(**SETTINGS)
    for _ in range(100):
        log.append(batch([(b"k", b"v" * 200)]), NOW)
    promised = log.read(3, 1)
    assert promised is not None
    _compact(log)
    assert MemoryRecords(promised.read()).next_batch().base_offset == 3
    following = log.read(3, 1)
    assert following is not None
    assert MemoryRecords(following.read()).next_batch().base_offset == _sealed_end(log) - 1


def test_a_record_without_key_is_refused(open_log: OpenLog, batch: Callable[..., bytes]) -> None:
    """A compacted topic takes keyed records only."""
    log = open_log(**SETTINGS)
    with pytest.raises(RequestError) as refused:
        log.append(batch([(b"k", b"v"), (None, b"v")]), NOW)
    assert refused.value.code is Code.INVALID_RECORD
    assert log.end == 0


def test_a_closed_log_ends_the_round(open_log: OpenLog, batch: Callable[..., bytes]) -> None:
    """A round stops when its topic is deleted or the broker stops, and the next start finds everything as it was."""
    log = open_log(**SETTINGS)
    for _ in range(100):
        log.append(batch([(b"k", b"v" * 200)]), NOW)
    sealed = compaction.eligible(log, NOW)
    log.close()
    with pytest.raises(compaction.AbandonedError):
        compaction.compact(log, sealed, Horizon([]), NOW, 1000)
    assert len(_rows(open_log(clean=False, **SETTINGS))) == 100


def test_a_bomb_is_refused(open_log: OpenLog, batch: Callable[..., bytes]) -> None:
    """A small batch that unpacks to more than any honest one is not unpacked."""
    log = open_log(**SETTINGS)
    bomb = batch([(b"k", bytes(40_000_000))], compression=1)
    assert len(bomb) < 1_000_000
    with pytest.raises(RequestError) as refused:
        log.append(bomb, NOW)
    assert refused.value.code is Code.CORRUPT_MESSAGE
