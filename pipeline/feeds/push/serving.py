"""The endpoint as a process: it listens, serves until it is told to stop, and acknowledges what it has taken."""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import logging
import os
import secrets
import threading
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from aiohttp import web

from pipeline.errors import ConfigError
from pipeline.feeds.push.deliveries import Deliveries
from pipeline.feeds.push.endpoint import Endpoint, House
from pipeline.feeds.push.websub import Subscriber
from pipeline.fetching import Fetcher, Policy
from pipeline.limits import HEAD_SECONDS, MAX_HEADER_BYTES, MAX_HEADERS
from pipeline.settings import Settings
from pipeline.sources import Ledger
from pipeline.sources.metrics import Metrics

Say = Callable[[str], None]

LINGER_SECONDS = 2.0
"""How long a refused body is read on, so that its sender sees the answer and not a reset."""

# aiohttp logs a traceback for every request that is no HTTP; what strangers send is no fault to look into.
_STRANGERS = logging.getLogger("pipeline.feeds.push.strangers")
_STRANGERS.setLevel(logging.CRITICAL)


@dataclass(frozen=True, slots=True)
class Hub:
    """A WebSub hub, the topics wanted from it, and our address as it reaches it."""

    url: str
    topics: tuple[str, ...]
    callback: str


@dataclass(frozen=True, slots=True)
class Listening:
    """Where to listen, and how long to wait for the broker.

    Raises:
        ConfigError: see `checked`.
    """

    host: str
    port: int
    patience: float
    hub: Hub | None = None

    def checked(self, settings: Settings) -> None:
        """Raise unless this may be served.

        Raises:
            ConfigError: strangers could push unsigned items.
        """
        if settings.push_secret is None and not _is_loopback(self.host):
            raise ConfigError(
                f"--host {self.host} can be reached from outside, so pushes have to be signed: set "
                "COPYTASTER_PUSH_SECRET, or push_secret in copytaster.toml"
            )


def serve(settings: Settings, listening: Listening, stopping: threading.Event, say: Say) -> int:
    """Serve until `stopping` is set; return how many items were published.

    Raises:
        ConfigError: the address is taken, or may not be served without a secret.
        BrokerError: no broker answers at the start.
    """
    listening.checked(settings)
    deliveries = Deliveries(settings, listening.patience)
    try:
        with Ledger(settings.state_dir, "http", say) as ledger:
            secret = settings.push_secret.get_secret_value() if settings.push_secret else None
            house = House(settings.source, secret, deliveries, ledger, Metrics(ledger, _now), _now, say)
            asyncio.run(_serve(house, settings, listening, stopping))
            return sum(state.items for state in ledger.states())
    finally:
        deliveries.close()


async def _serve(house: House, settings: Settings, listening: Listening, stopping: threading.Event) -> None:
    endpoint = Endpoint(house)
    try:
        async with _subscriber(house, endpoint, settings, listening.hub) as subscriber:
            runner = runner_of(endpoint, subscriber, grace=listening.patience + 5)
            await runner.setup()
            try:
                await _listen(runner, listening, house.say)
                await _until(stopping, subscriber)
            finally:
                await runner.cleanup()
    finally:
        endpoint.close()


def runner_of(
    endpoint: Endpoint, subscriber: Subscriber | None, *, grace: float, head_seconds: float = HEAD_SECONDS
) -> web.AppRunner:
    """Return the server.

    Args:
        endpoint: takes pushes.
        subscriber: takes what a hub pushes.
        grace: seconds that requests in flight get when it is told to stop.
        head_seconds: longest time for the head of a request.
    """
    app = web.Application()
    app.add_routes(endpoint.routes() + (subscriber.routes() if subscriber else []))
    return web.AppRunner(
        app,
        access_log=None,
        logger=_STRANGERS,
        auto_decompress=False,  # a body is decoded under a cap of ours
        keepalive_timeout=head_seconds,
        max_line_size=MAX_HEADER_BYTES,
        max_field_size=MAX_HEADER_BYTES,
        max_headers=MAX_HEADERS,
        lingering_time=LINGER_SECONDS,
        shutdown_timeout=grace,
    )


async def _listen(runner: web.AppRunner, listening: Listening, say: Say) -> None:
    try:
        await web.TCPSite(runner, listening.host, listening.port).start()
    except OSError as error:
        where = f"{listening.host}:{listening.port}"
        raise ConfigError(f"{where} cannot be listened at ({error.strerror or error}); give another --port") from error
    host, port = runner.addresses[0][:2]
    say(f"copytaster: listening at http://{f'[{host}]' if ':' in host else host}:{port}/items; Ctrl-C stops")


async def _until(stopping: threading.Event, subscriber: Subscriber | None) -> None:
    keeping = asyncio.create_task(subscriber.run()) if subscriber else None
    while not stopping.is_set():
        await asyncio.sleep(0.1)
        if keeping is not None and keeping.done():
            await keeping  # it never ends by itself: what it raised is a fault of ours
    if keeping is not None:
        keeping.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await keeping


@contextlib.asynccontextmanager
async def _subscriber(
    house: House, endpoint: Endpoint, settings: Settings, hub: Hub | None
) -> AsyncIterator[Subscriber | None]:
    if hub is None:
        yield None
        return
    async with Fetcher(Policy(allow=settings.allowed)) as fetcher:
        yield Subscriber(
            house,
            endpoint,
            hub=hub.url,
            topics=hub.topics,
            callback=hub.callback,
            key=_key(settings),
            fetcher=fetcher,
        )


def _key(settings: Settings) -> bytes:
    """Return what callback paths and hub secrets are derived from: the secret that is set, else one that is kept."""
    if settings.push_secret is not None:
        return settings.push_secret.get_secret_value().encode()
    path = settings.state_dir.expanduser() / "websub.key"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with contextlib.suppress(FileExistsError):
            _write_key(path)
        key = path.read_bytes()
    except OSError as error:
        raise ConfigError(f"{path} cannot be kept: {error.strerror}; set COPYTASTER_PUSH_SECRET instead") from error
    if len(key) < 32:
        raise ConfigError(f"{path} is damaged; remove it, or set COPYTASTER_PUSH_SECRET")
    return key


def _write_key(path: Path) -> None:
    # It appears under its name only when it is complete, and only once.
    fresh = path.with_name(f"{path.name}.{os.getpid()}")
    fresh.touch(mode=0o600)
    try:
        fresh.write_bytes(secrets.token_bytes(32))
        os.link(fresh, path)
    finally:
        fresh.unlink()


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost"


def _now() -> datetime:
    return datetime.now(UTC)
