"""Politeness: one request at a time to each host, a pause between two, and none while the host asks for quiet."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from typing import Final, Protocol
from urllib.parse import urlsplit

from pipeline.feeds.syndication.clock import Clock
from pipeline.fetching import Answer

NEAR_SECONDS: Final = 60.0
"""A host that asks for quiet for longer than this is not waited for: who asks comes again when it is over."""


class LeftAlone(Exception):
    """A host wants to be left alone for so long that waiting for it would only hold others up."""

    def __init__(self, until: float) -> None:
        super().__init__("its host asks to be left alone")
        self.until = until


class Fetches(Protocol):
    """What `pipeline.fetching.Fetcher` does for a poller."""

    async def fetch(self, url: str, *, etag: str | None = None, last_modified: str | None = None) -> Answer:
        """Fetch an address."""


class Hosts:
    """Fetches host by host.

    Args:
        fetcher: open.
        clock: tells when a host was asked last.
        pause: seconds between the end of one request to a host and the next.
        at_once: most requests to all hosts together.
    """

    def __init__(self, fetcher: Fetches, clock: Clock, *, pause: float, at_once: int) -> None:
        self._fetcher = fetcher
        self._clock = clock
        self._pause = pause
        self._slots = asyncio.Semaphore(at_once)
        self._turns: dict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._free: dict[str, float] = {}

    def quiet_until(self, url: str) -> float:
        """Return the moment until which the host of an address is to be left alone; 0 where it may be asked."""
        return self._free.get(host_of(url), 0.0)

    async def fetch(self, url: str, *, etag: str | None = None, last_modified: str | None = None) -> Answer:
        """Fetch an address when it is its turn.

        Raises:
            FetchError: see `Fetcher.fetch`.
            LeftAlone: it would not be its turn for long.
        """
        host = host_of(url)
        async with self._turns[host]:
            wait = self._free.get(host, 0.0) - self._clock.now()
            if wait > max(NEAR_SECONDS, self._pause):
                raise LeftAlone(self._free[host])
            if wait > 0:
                await self._clock.sleep(wait)
            try:
                async with self._slots:
                    answer = await self._fetcher.fetch(url, etag=etag, last_modified=last_modified)
            finally:
                self._free[host] = self._clock.now() + self._pause
            if answer.retry_after and answer.status in {429, 503}:
                self._free[host] = self._clock.now() + max(answer.retry_after, self._pause)
            return answer


def host_of(url: str) -> str:
    """Return the host of an address with its port, in lower case."""
    try:
        return urlsplit(url).netloc.rpartition("@")[2].lower()
    except ValueError:
        return ""
