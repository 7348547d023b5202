"""The ledger as Prometheus sees it, in its text format."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Gauge, generate_latest, start_http_server
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.registry import Collector

from pipeline.errors import ConfigError
from pipeline.sources.ledger import Ledger, SourceState

CONTENT_TYPE: Final = CONTENT_TYPE_LATEST
_LABELS: Final = ("feed", "source")


class Metrics:
    """The metrics of one feed process.

    Args:
        ledger: what the sources have sent.
        now: the current time, asked for at each scrape.

    Attributes:
        answers: pushes by the status they were answered with.
        dropped: pushes of a WebSub hub whose signature is wrong.
        subscribed: 1 for each WebSub topic whose subscription stands, else 0.
    """

    def __init__(self, ledger: Ledger, now: Callable[[], datetime]) -> None:
        self.registry = CollectorRegistry()
        self.registry.register(_Sources(ledger, now))
        self.answers = Counter(
            "copytaster_push_answers", "Pushes by the status of their answer.", ["status"], registry=self.registry
        )
        self.dropped = Counter(
            "copytaster_websub_dropped", "Pushes of a hub whose signature is wrong.", ["topic"], registry=self.registry
        )
        self.subscribed = Gauge(
            "copytaster_websub_subscribed", "1 while a subscription stands.", ["topic"], registry=self.registry
        )

    def text(self) -> bytes:
        """Return everything in the text format; its media type is `CONTENT_TYPE`."""
        return generate_latest(self.registry)


@contextmanager
def serve_metrics(address: str | None, ledger: Ledger, now: Callable[[], datetime]) -> Iterator[None]:
    """Serve the metrics of a feed over HTTP, in a thread, while the block lasts; without an address do nothing.

    Raises:
        ConfigError: the address is not HOST:PORT, or taken.
    """
    if address is None:
        yield
        return
    host, colon, port = address.rpartition(":")
    if not (colon and port.isascii() and port.isdigit() and int(port) < 65536):
        raise ConfigError(f"--metrics {address} is no HOST:PORT; write 127.0.0.1:9100")
    try:
        server, thread = start_http_server(int(port), host.strip("[]") or "127.0.0.1", Metrics(ledger, now).registry)
    except OSError as error:
        raise ConfigError(f"--metrics {address} cannot be served: {error.strerror or error}") from error
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Sources(Collector):
    def __init__(self, ledger: Ledger, now: Callable[[], datetime]) -> None:
        self._ledger = ledger
        self._now = now

    def collect(self) -> Iterable[Metric]:
        states, now = self._ledger.states(), self._now()
        yield _counter("copytaster_items_published", "Items on the raw topic.", states, lambda state: state.items)
        yield _counter("copytaster_items_rejected", "Inputs that were no item.", states, lambda state: state.rejected)
        yield _counter("copytaster_bytes_published", "Bytes as received.", states, lambda state: state.size)
        last, usual, silent = (
            GaugeMetricFamily(f"copytaster_source_{name}", text, labels=_LABELS)
            for name, text in (
                ("last_item_timestamp_seconds", "When the latest item was published."),
                ("usual_gap_seconds", "Median of the gaps between arrivals."),
                ("silent", "1 while the source is quiet far beyond its habit."),
            )
        )
        for state in states:
            if state.last is None or (verdict := state.verdict(now)) is None:
                continue
            labels = (state.feed, state.source)
            last.add_metric(labels, state.last.timestamp())
            silent.add_metric(labels, float(verdict.silent))
            if verdict.usual is not None:
                usual.add_metric(labels, verdict.usual.total_seconds())
        yield from (last, usual, silent)


def _counter(name: str, text: str, states: list[SourceState], value: Callable[[SourceState], int]) -> Metric:
    family = CounterMetricFamily(name, text, labels=_LABELS)
    for state in states:
        family.add_metric((state.feed, state.source), value(state))
    return family
