"""Batches as a producer encodes them, logs in a temporary directory, and brokers in this process."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from kafka.record.default_records import DefaultRecordBatchBuilder

from pipeline.embedded.config import topic_config
from pipeline.embedded.log import PartitionLog
from pipeline.embedded.segment import OpenFiles

NOW = 1_700_000_000_000
"""The time the tests' records are stamped with, in ms."""

Record = tuple[bytes | None, bytes | None]


def encode(
    records: list[Record],
    *,
    timestamp: int = NOW,
    producer: int = -1,
    epoch: int = -1,
    sequence: int = -1,
    compression: int = 0,
) -> bytes:
    """One batch of (key, value) records."""
    builder = DefaultRecordBatchBuilder(
        magic=2,
        compression_type=compression,
        is_transactional=False,
        producer_id=producer,
        producer_epoch=epoch,
        base_sequence=sequence,
        batch_size=10_000_000,
    )
    for number, (key, value) in enumerate(records):
        builder.append(number, timestamp=timestamp, key=key, value=value, headers=[])
    return bytes(builder.build())


@pytest.fixture
def batch() -> Callable[..., bytes]:
    """The encoder above."""
    return encode


@pytest.fixture
def files() -> Iterator[OpenFiles]:
    """File handles, closed at the end."""
    handles = OpenFiles(8)
    yield handles
    handles.close()


@pytest.fixture
def open_log(tmp_path: Path, files: OpenFiles) -> Callable[..., PartitionLog]:
    """Opens the log in this test's directory: `open_log(clean=False, **{"segment.bytes": "2000"})`."""

    def make(*, clean: bool = True, **settings: str) -> PartitionLog:
        log = PartitionLog(tmp_path / "log", topic_config(settings), files)
        log.open(NOW, clean=clean)
        return log

    return make
