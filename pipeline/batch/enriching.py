"""Enriching many items on all cores, without a broker: in the order of the input, in constant memory.

The first items are enriched in this process, so that a small input is done before a pool would have started. A slow
input is not waited for: what has arrived goes on its way, whether it fills a chunk or not.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from itertools import islice

from pipeline.batch.arrivals import Arrivals
from pipeline.batch.pool import Pool
from pipeline.enrich import Tagging, enrich_item, set_tagging
from pipeline.errors import CopytasterError
from pipeline.intake import Placed, Rejected

_FIRST_ITEMS = 50
"""Enriched in this process: they take less than the start of a pool."""

_CHUNKS_AHEAD = 4
"""Chunks per process that may be done before the one whose turn it is."""

_TICK = 0.005


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


def enrich_all(
    items: Iterable[Placed | Rejected], *, jobs: int, tagging: Tagging | None = None
) -> Generator[Outcome, None, None]:
    """Yield what becomes of each item, in order. The same items give the same lines, but for their timings.

    Close the generator when it is left early: that ends the processes.

    Args:
        items: from `pipeline.intake.read_placed`.
        jobs: processes to use; with 1 all is done in this one.
        tagging: how entities are tagged; as usual without it.

    Raises:
        ConfigError: the tagger cannot be had.
        WorkerDied: a process was killed from outside.
    """
    tagging = tagging or Tagging()
    set_tagging(tagging)
    stream = iter(items)
    first = stream if jobs == 1 else islice(stream, _FIRST_ITEMS)
    yield from map(_outcome, first)
    if jobs > 1:
        yield from _parallel(stream, jobs, tagging)


def _outcome(item: Placed | Rejected) -> Outcome:
    if isinstance(item, Rejected):
        return Failed(item.where, str(item.error))
    try:
        articles = enrich_item(item.item, clock=_now)
        return Enriched(tuple(article.to_json() for article in articles))
    except CopytasterError as error:
        return Failed(item.where, str(error))


def work_off(chunk: list[Placed | Rejected], *, tagging: Tagging) -> list[Outcome]:
    """Return what becomes of each item of a chunk; what a process of the pool runs."""
    set_tagging(tagging)
    return [_outcome(item) for item in chunk]


def _now() -> datetime:
    return datetime.now(UTC)


def _parallel(stream: Iterator[Placed | Rejected], jobs: int, tagging: Tagging) -> Iterator[Outcome]:
    """Hand chunks to idle processes as they come in, and results out in the order of the chunks."""
    head = next(stream, None)
    if head is None:
        return
    with Arrivals(head, stream) as arrivals, Pool(jobs, partial(work_off, tagging=tagging)) as pool:
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
