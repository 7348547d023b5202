"""What `feed rss` does with its options: lists read, rooms opened, an event loop until a signal."""

from __future__ import annotations

import asyncio
import signal
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from pipeline.bus.publisher import Publisher
from pipeline.cli.console import say
from pipeline.errors import ConfigError, InputError
from pipeline.feeds.syndication import Options, Pace, Polled, Poller, State, Subscription
from pipeline.feeds.syndication.clock import Clock
from pipeline.feeds.syndication.delivery import Delivery
from pipeline.feeds.syndication.hosts import host_of
from pipeline.feeds.syndication.opml import read_opml
from pipeline.fetching import Fetcher, Policy
from pipeline.limits import MAX_ITEM_BYTES
from pipeline.settings import Settings
from pipeline.sources import Ledger
from pipeline.sources.metrics import serve_metrics
from schemas.ids import stable_id


@dataclass(frozen=True, slots=True)
class Wanted:
    """The options of `feed rss`, as given."""

    urls: list[str]
    opml: list[Path]
    once: bool
    skip_existing: bool
    pages: bool
    min_interval: float
    max_interval: float
    pause: float
    allow: list[str]
    state: Path | None
    metrics: str | None


def poll(settings: Settings, wanted: Wanted) -> Polled:
    """Poll until a signal comes, or once; return what was done.

    Raises:
        ConfigError: no feed is named, an address or a list cannot be read, or the intervals contradict each other.
        DeliveryError: the broker acknowledges nothing.
    """
    feeds = _subscriptions(settings, wanted)
    if wanted.min_interval > wanted.max_interval:
        raise ConfigError("--min-interval is longer than --max-interval; give a smaller one")
    options = Options(
        pace=Pace(wanted.min_interval, wanted.max_interval),
        pause=wanted.pause,
        skip_existing=wanted.skip_existing,
        pages=wanted.pages,
    )
    policy = Policy(allow=frozenset(wanted.allow))
    with (
        State(wanted.state or _state_file(settings)) as state,
        Ledger(settings.state_dir, "rss", say) as ledger,
        serve_metrics(wanted.metrics, ledger, lambda: datetime.now(UTC)),
        closing(Delivery(lambda: Publisher(settings), ledger, say=say, clock=Clock())) as delivery,
    ):
        if not wanted.once:
            say(f"copytaster: polling {len(feeds):,} feeds for {settings.brokers}; Ctrl-C stops")
        return asyncio.run(_poll(feeds, policy, delivery, state, options, once=wanted.once))


async def _poll(
    feeds: list[Subscription], policy: Policy, delivery: Delivery, state: State, options: Options, *, once: bool
) -> Polled:
    stopping, loop = asyncio.Event(), asyncio.get_running_loop()

    def stop() -> None:
        stopping.set()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.remove_signal_handler(number)  # a second signal interrupts at once

    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop)
    async with Fetcher(policy) as fetcher:
        poller = Poller(feeds, fetcher=fetcher, delivery=delivery, state=state, say=say, options=options)
        await poller.run(stopping, once=once)
    return poller.done


def _subscriptions(settings: Settings, wanted: Wanted) -> list[Subscription]:
    urls = [*wanted.urls, *(url for path in wanted.opml for url in _listed(path))]
    if not urls:
        raise ConfigError("no feed is named; give addresses, or a list with --opml FILE")
    for url in urls:
        if not url.lower().startswith(("http://", "https://")) or not host_of(url):
            raise ConfigError(f"{url} is no address of a feed; it begins with http:// or https://")
    named = settings.source if "source" in settings.model_fields_set else None
    return [Subscription(url, named or host_of(url)) for url in urls]


def _listed(path: Path) -> list[str]:
    try:
        with path.open("rb") as stream:
            return read_opml(stream.read(MAX_ITEM_BYTES))
    except OSError as error:
        raise ConfigError(f"{path} cannot be read: {error.strerror}") from error
    except InputError as error:
        raise ConfigError(f"{path}: {error}") from error


def _state_file(settings: Settings) -> Path:
    """Return where is kept what was read: what one broker has, another may not have."""
    place = stable_id("feeds", settings.brokers, settings.prefix)[:16]
    return settings.state_dir.expanduser() / "feeds" / f"{place}.sqlite3"
