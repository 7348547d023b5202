"""An endpoint in the test's own process, on a port of its own, with a broker that does what the test says."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import aiohttp
from aiohttp import web

from pipeline.feeds.push.endpoint import Endpoint, House
from pipeline.feeds.push.serving import runner_of
from pipeline.feeds.push.websub import Subscriber
from pipeline.sources import Ledger
from pipeline.sources.metrics import Metrics
from schemas import RawItem
from tests.apache.properties import free_ports

DEADLINE = 30.0
Subscribe = Callable[[House, Endpoint, str], Subscriber]
"""House, endpoint and its address in, a subscriber out."""


@dataclass
class Broker:
    """Stands in for `Deliveries`: remembers what it acknowledged; fails, or holds back, as it is told."""

    fails: Exception | None = None
    taken: list[RawItem] = field(default_factory=list)
    open: threading.Event = field(default_factory=threading.Event)
    waiting: int = 0
    failing: bool = False

    def __post_init__(self) -> None:
        self.open.set()

    def deliver(self, items: Sequence[RawItem]) -> None:
        """Acknowledge once the test lets it."""
        self.waiting += 1
        assert self.open.wait(DEADLINE)
        if self.fails is not None:
            self.failing = True
            raise self.fails
        self.failing = False
        self.taken += items


@dataclass
class Desk:
    """The endpoint under test."""

    url: str
    port: int
    client: aiohttp.ClientSession
    broker: Broker
    house: House
    said: list[str]
    endpoint: Endpoint
    runner: web.AppRunner

    async def post(self, path: str, body: Any, **headers: str) -> tuple[int, dict[str, Any], Any]:
        """Post a body; return status, the answer's JSON and its headers."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        async with self.client.post(self.url + path, data=body, headers=named) as answer:
            return answer.status, await answer.json(), answer.headers

    async def get(self, path: str, **query: str) -> tuple[int, str]:
        """Return status and text."""
        async with self.client.get(self.url + path, params=query) as answer:
            return answer.status, await answer.text()


@asynccontextmanager
async def desk(
    state: Path,
    *,
    secret: str | None = None,
    broker: Broker | None = None,
    subscribe: Subscribe | None = None,
    head_seconds: float = 15,
    body_seconds: float = 15,
) -> AsyncIterator[Desk]:
    """Yield a running endpoint."""
    broker, said = broker or Broker(), []
    with Ledger(state, "http", said.append) as ledger:
        metrics = Metrics(ledger, lambda: datetime.now(UTC))
        house = House("wire", secret, broker, ledger, metrics, lambda: datetime.now(UTC), said.append, body_seconds)  # type: ignore[arg-type] # all it asks for
        endpoint = Endpoint(house)
        port = free_ports(1)[0]
        subscriber = subscribe(house, endpoint, f"http://127.0.0.1:{port}") if subscribe else None
        runner = runner_of(endpoint, subscriber, grace=DEADLINE, head_seconds=head_seconds)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", port).start()
        keeping = asyncio.create_task(subscriber.run()) if subscriber else None
        try:
            async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=DEADLINE)) as client:
                yield Desk(f"http://127.0.0.1:{port}", port, client, broker, house, said, endpoint, runner)
        finally:
            if keeping is not None:
                keeping.cancel()
            await runner.cleanup()
            endpoint.close()


async def until(condition: Callable[[], bool], what: str) -> None:
    """Wait until something has come about, or fail."""
    ends = time.monotonic() + DEADLINE
    while not condition():
        assert time.monotonic() < ends, f"in vain: {what}"
        await asyncio.sleep(0.02)


def run(work: Callable[[], Awaitable[None]]) -> None:
    """Run a test's coroutine."""

    async def bounded() -> None:
        async with asyncio.timeout(2 * DEADLINE):
            await work()

    asyncio.run(bounded())
