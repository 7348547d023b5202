"""Waiting with a deadline: for records, and for anything that becomes true."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from typing import TypeVar

from tests.conformance.clients import Client, Consumer, Record

DEADLINE = 20.0
T = TypeVar("T")


def eventually(look: Callable[[], T], deadline: float = DEADLINE, every: float = 0.05) -> T:
    """The first truthy answer of `look`; fails when there is none in time."""
    end = time.monotonic() + deadline
    while not (answer := look()):
        assert time.monotonic() < end, f"still {answer!r} after {deadline:.0f} s"
        time.sleep(every)
    return answer


def read(consumer: Consumer, count: int, deadline: float = DEADLINE) -> list[Record]:
    """Exactly the next `count` records."""
    records: list[Record] = []
    end = time.monotonic() + deadline
    while len(records) < count and time.monotonic() < end:
        records += consumer.poll(0.2)
    assert len(records) == count, f"{len(records)} of {count} records in {deadline:.0f} s"
    return records


def contents(client: Client, topic: str, partitions: Iterable[int] = (0,)) -> list[Record]:
    """Every record of some partitions, from the first offset to the end as it is now."""
    with client.consumer() as consumer:
        places = [(topic, partition) for partition in partitions]
        ends = {place: consumer.end(place) for place in places}
        open_ends = {place for place in places if ends[place] > consumer.begin(place)}
        if not open_ends:
            return []
        consumer.assign(dict.fromkeys(places))
        records: list[Record] = []
        end = time.monotonic() + DEADLINE
        while open_ends and time.monotonic() < end:
            records += (polled := consumer.poll(0.2))
            open_ends -= {(r.topic, r.partition) for r in polled if r.offset == ends[r.topic, r.partition] - 1}
        assert not open_ends, f"not read to their end: {sorted(open_ends)}"
        return records
