"""Enriching many items on all cores, without a broker: in the order of the input, in constant memory.

The first items are enriched in this process, so that a small input is done before a pool would have started. A slow
input is not waited for: what has arrived goes on its way, whether it fills a chunk or not.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Generator, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from typing import Self
from urllib.parse import unquote

from pipeline.enrich import enrich_item
from pipeline.errors import CopytasterError
from pipeline.intake import Rejected
from pipeline.pool import Pool
from schemas import RawItem

_FIRST_ITEMS = 50
"""Enriched in this process: they take less than the start of a pool."""

_CHUNK_ITEMS = 16
_CHUNK_BYTES = 1024 * 1024
"""A chunk is some 100 ms of work, next to which its way to a process is nothing; one of large items is smaller."""

_CHUNKS_AHEAD = 4
"""Chunks per process that may be done before the one whose turn it is."""

_TICK = 0.005


@dataclass(frozen=True, slots=True)
class Placed:
    """An item and where it stands, for the sentence that is said if it fails."""

    where: str
    item: RawItem


@dataclass(frozen=True, slots=True)
class Enriched:
    """One item's articles, each as one line of JSON without its line feed."""

    lines: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class Failed:
    """An item without articles: where it stands, and why, in one sentence."""

    where: str
    reason: str


Outcome = Enriched | Failed


def placed(top: str, items: Iterable[RawItem | Rejected]) -> Iterator[Placed | Rejected]:
    """Give each item of one input its place: its file where it is a whole file, else its number in the input."""
    for number, item in enumerate(items, start=1):
        if isinstance(item, Rejected):
            yield item
            continue
        file = unquote(item.uri.removeprefix("file:")) if item.uri and item.uri.startswith("file:") else None
        where = f"{top}, item {number}" if file is None else top if top.endswith(file) else f"{top}/{file}"
        yield Placed(where, item)


def enrich_all(items: Iterable[Placed | Rejected], *, jobs: int) -> Generator[Outcome, None, None]:
    """Yield what becomes of each item, in order. The same items give the same lines, but for their timings.

    Close the generator when it is left early: that ends the processes.

    Args:
        items: from `placed`.
        jobs: processes to use; with 1 all is done in this one.

    Raises:
        WorkerDied: a process was killed from outside.
    """
    stream = iter(items)
    first = stream if jobs == 1 else islice(stream, _FIRST_ITEMS)
    yield from map(_outcome, first)
    if jobs > 1:
        yield from _parallel(stream, jobs)


def _outcome(item: Placed | Rejected) -> Outcome:
    if isinstance(item, Rejected):
        return Failed(item.where, str(item.error))
    try:
        articles = enrich_item(item.item, clock=_now)
        return Enriched(tuple(article.to_json() for article in articles))
    except CopytasterError as error:
        return Failed(item.where, str(error))


def work_off(chunk: list[Placed | Rejected]) -> list[Outcome]:
    """Return what becomes of each item of a chunk; what a process of the pool runs."""
    return [_outcome(item) for item in chunk]


def _now() -> datetime:
    return datetime.now(UTC)


def _parallel(stream: Iterator[Placed | Rejected], jobs: int) -> Iterator[Outcome]:
    """Hand chunks to idle processes as they come in, and results out in the order of the chunks."""
    head = next(stream, None)
    if head is None:
        return
    with _Arrivals(head, stream) as arrivals, Pool(jobs, work_off) as pool:
        done: dict[int, list[Outcome]] = {}
        sent = turn = 0
        while True:
            while pool.idle and sent - turn < jobs * _CHUNKS_AHEAD and (chunk := arrivals.take()):
                pool.send(sent, chunk)
                sent += 1
            if pool.busy:
                # With a process to spare, new arrivals must be seen soon too; else only a result changes anything.
                done.update(pool.results(_TICK if pool.idle and not arrivals.ended else None))
            elif arrivals.ended:
                return
            else:
                arrivals.wait()
            while turn in done:
                yield from done.pop(turn)
                turn += 1


class _Arrivals:
    """What a thread has read of the input and nobody has taken yet: at most a chunk."""

    def __init__(self, head: Placed | Rejected, stream: Iterator[Placed | Rejected]) -> None:
        self._stream = stream
        self._waiting = deque([head])
        self._bytes = _size(head)
        self._changed = threading.Condition()
        self._error: BaseException | None = None
        self._exhausted = self._closed = False
        # A daemon: it may hang in a read of a terminal or a pipe when everything else is over.
        threading.Thread(target=self._read, daemon=True, name="intake").start()

    def _read(self) -> None:
        try:
            for item in self._stream:
                if not self._put(item):
                    break
        except BaseException as error:  # noqa: BLE001 - handed to whoever takes
            self._error = error
        with self._changed:
            self._exhausted = True
            self._changed.notify_all()

    def _put(self, item: Placed | Rejected) -> bool:
        with self._changed:
            self._changed.wait_for(lambda: self._closed or self._room())
            self._waiting.append(item)
            self._bytes += _size(item)
            self._changed.notify_all()
            return not self._closed

    def _room(self) -> bool:
        return len(self._waiting) < _CHUNK_ITEMS and self._bytes < _CHUNK_BYTES

    @property
    def ended(self) -> bool:
        """Whether everything was read and taken."""
        with self._changed:
            return self._exhausted and not self._waiting

    def take(self) -> list[Placed | Rejected]:
        """Return what has arrived, empty where nothing has.

        Raises:
            Exception: whatever ended the reading.
        """
        with self._changed:
            chunk = list(self._waiting)
            self._waiting.clear()
            self._bytes = 0
            self._changed.notify_all()
            if not chunk and self._error is not None:
                raise self._error
            return chunk

    def wait(self) -> None:
        """Wait until something has arrived, or nothing more will."""
        with self._changed:
            self._changed.wait_for(lambda: self._waiting or self._exhausted)

    def __enter__(self) -> Self:
        """Return self."""
        return self

    def __exit__(self, *_: object) -> None:
        """Let the thread go."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()


def _size(item: Placed | Rejected) -> int:
    return len(item.item.body) if isinstance(item, Placed) else 0
