"""Idempotent producing: a retried batch is stored once."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from pipeline.embedded.errors import Code, RequestError
from pipeline.embedded.log import PartitionLog

NOW = 1_700_000_000_000
LAST_SEQUENCE = 2**31 - 1

Send = Callable[..., int]
OpenLog = Callable[..., PartitionLog]


@pytest.fixture
def send(open_log: OpenLog, batch: Callable[..., bytes]) -> Send:
    """Appends a batch of one producer and returns its offset: `send(sequence, count=1, epoch=0)`."""
    log = open_log()

    def append(sequence: int, count: int = 1, epoch: int = 0, log: PartitionLog = log) -> int:
        data = batch([(b"k", b"v")] * count, producer=7, epoch=epoch, sequence=sequence)
        return log.append(data, NOW).base_offset

    return append


def _refusal(send: Send, *args: int, **kwargs: int) -> Code:
    with pytest.raises(RequestError) as refused:
        send(*args, **kwargs)
    return refused.value.code


def test_the_last_five_batches_are_recognised(send: Send) -> None:
    """Any of the five batches that can be in flight may come again and gets its old offset."""
    offsets = [send(sequence, count=2) for sequence in range(0, 14, 2)]
    assert [send(sequence, count=2) for sequence in range(4, 14, 2)] == offsets[2:]
    assert _refusal(send, 2, count=2) is Code.OUT_OF_ORDER_SEQUENCE_NUMBER


def test_a_gap_is_refused(send: Send) -> None:
    """A batch that follows a lost one is not stored before it."""
    send(0)
    assert _refusal(send, 2) is Code.OUT_OF_ORDER_SEQUENCE_NUMBER
    assert send(1) == 1


def test_a_new_epoch_starts_over_and_fences_the_old(send: Send) -> None:
    """After an epoch bump sequences begin at 0, and the old epoch is refused."""
    send(0)
    assert _refusal(send, 5, epoch=1) is Code.OUT_OF_ORDER_SEQUENCE_NUMBER
    assert send(0, epoch=1) == 1
    assert _refusal(send, 1, epoch=0) is Code.INVALID_PRODUCER_EPOCH


def test_sequences_wrap(send: Send) -> None:
    """After 2^31 - 1 comes 0."""
    send(LAST_SEQUENCE - 1, count=2)
    assert send(0) == 2


def test_the_memory_survives_a_restart(send: Send, open_log: OpenLog) -> None:
    """A batch acknowledged before a crash and sent again after it is stored once."""
    for sequence in range(3):
        send(sequence)
    again = open_log(clean=False)
    assert send(2, log=again) == 2
    assert again.end == 3
    assert send(3, log=again) == 3
