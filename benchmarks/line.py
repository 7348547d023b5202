"""Throughput and latency of the whole line: raw topic, worker, downstream topics, reader.

    python -m benchmarks.line                                  # the embedded broker
    python -m benchmarks.line --broker apache                  # Apache Kafka, started on loopback
    python -m benchmarks.line --broker embedded --broker apache --rounds 3   # both in turn, with their ratio

Throughput: articles that lie ready on the raw topic, from the first to the last that a reader of `news.articles` is
handed. Latency: articles at a gentle pace, from the time stamp of the raw record to the moment when the reader has
the enriched article. Machines differ and are noisy: compare medians of one run, and ratios.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

from benchmarks.newsgen import items
from pipeline.settings import Settings
from schemas import EnrichedArticle, RawItem
from tests.apache.cluster import ApacheKafka
from tests.embedded_broker import EmbeddedKafka
from tests.line import Count, line_settings, publish, raw_item, reading, topics, wait_until, workers

PACE = 0.05
"""Seconds between two articles while latency is measured."""

DEADLINE = 900.0


@dataclass(frozen=True)
class Figures:
    """What one round measured; latencies in milliseconds, CPU of the workers in milliseconds per article."""

    broker: str
    articles_per_second: float
    megabytes_per_second: float
    worker_cpu_ms: float
    latency_p50: float
    latency_p95: float

    def line(self) -> str:
        """Return the figures as one row."""
        return (
            f"{self.broker:10} {self.articles_per_second:8.0f} articles/s {self.megabytes_per_second:6.2f} MB/s text "
            f"{self.worker_cpu_ms:7.2f} ms CPU/article   "
            f"latency p50 {self.latency_p50:6.1f} ms  p95 {self.latency_p95:6.1f} ms"
        )


@contextmanager
def broker(kind: str) -> Iterator[str]:
    """Yield the address of a fresh broker of that kind, or the address that was given."""
    if kind == "embedded":
        with tempfile.TemporaryDirectory() as directory, EmbeddedKafka(Path(directory)) as kafka:
            yield kafka.address
    elif kind == "apache":
        with ApacheKafka() as cluster:
            yield cluster.address
    else:
        yield kind


def measure(kind: str, address: str, articles: int, processes: int, paced: int) -> Figures:
    """Run one round on one broker."""
    settings = line_settings(address, partitions=6)
    raw = [raw_item(item.line, wire_id=item.uri) for item in items(articles, seed=1)]
    with topics(settings), reading(settings, "articles") as seen:
        publish(settings, raw)
        with workers(settings, processes) as row:
            row.wait_ready(60)
            before = _cpu(row.pids())
            _arrived(seen, articles)
            cpu = _cpu(row.pids()) - before
            seconds = (seen.times[-1] - seen.times[0]) or 1e-9
            text = sum(len(record.text) for event in seen.events if isinstance(record := event.record, EnrichedArticle))
            latencies = _latencies(settings, seen, paced)
    share = (articles - 1) / articles
    return Figures(
        kind,
        articles * share / seconds,
        text / 1e6 * share / seconds,
        1000 * cpu / articles,
        statistics.median(latencies),
        statistics.quantiles(latencies, n=20)[-1],
    )


def _latencies(settings: Settings, seen: Count, count: int) -> list[float]:
    first = len(seen)
    paced: list[RawItem] = [raw_item(item.line, wire_id=item.uri) for item in items(count, seed=2)]
    publish(settings, _at_pace(paced))
    _arrived(seen, first + count)
    pairs = zip(seen.events[first:], seen.wall[first:], strict=True)
    return [
        1000 * (moment - record.timings.published.timestamp())
        for event, moment in pairs
        if isinstance(record := event.record, EnrichedArticle) and record.timings.published
    ]


def _at_pace(raw: list[RawItem]) -> Iterator[RawItem]:
    for item in raw:
        time.sleep(PACE)
        yield item


def _arrived(seen: Count, wanted: int) -> None:
    wait_until(lambda: len(seen) >= wanted, seconds=DEADLINE, what=lambda: f"{len(seen)} of {wanted} articles")


def _cpu(pids: list[int]) -> float:
    times = [psutil.Process(pid).cpu_times() for pid in pids]
    return sum(used.user + used.system for used in times)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--broker", action="append", help="embedded, apache, or HOST:PORT; may be repeated")
    parser.add_argument("--articles", type=int, default=3000, help="articles per round (default 3000)")
    parser.add_argument("--paced", type=int, default=100, help="articles for the latency (default 100)")
    parser.add_argument("--workers", type=int, default=1, help="worker processes (default 1)")
    parser.add_argument("--rounds", type=int, default=1, help="rounds on each broker, in turn (default 1)")
    wanted = parser.parse_args()
    rows: dict[str, list[Figures]] = {}
    for _ in range(wanted.rounds):
        for kind in wanted.broker or ["embedded"]:
            with broker(kind) as address:
                figures = measure(kind, address, wanted.articles, wanted.workers, wanted.paced)
            rows.setdefault(kind, []).append(figures)
            print(figures.line(), flush=True)
    medians = {kind: statistics.median(row.articles_per_second for row in found) for kind, found in rows.items()}
    if len(medians) > 1:
        (first, a), (second, b), *_ = medians.items()
        print(f"median throughput {first}/{second}: {a / b:.2f}")
    sys.exit(0)


if __name__ == "__main__":
    main()
