"""Fetches for tests: with 127.0.0.1 allowed, one event loop each, sockets counted."""

from __future__ import annotations

import asyncio
import socket
from dataclasses import dataclass, field
from typing import Any

from pipeline.fetching import Answer, Fetcher, Policy

LOCAL = Policy(allow=frozenset({"127.0.0.1"}), total=20, connect=5, read=5)


@dataclass
class Sockets:
    """Makes sockets and counts them."""

    opened: int = 0

    def __call__(self, *arguments: int) -> socket.socket:
        self.opened += 1
        return socket.socket(*arguments)


@dataclass
class Names:
    """A resolver that knows what a test tells it: each look-up of a host takes the next list, the last one for ever."""

    known: dict[str, list[list[str]]] = field(default_factory=dict)
    asked: int = 0

    async def __call__(self, host: str, port: int) -> list[str]:
        self.asked += 1
        if host not in self.known:
            raise socket.gaierror(socket.EAI_NONAME, f"{host}:{port} is not known")
        answers = self.known[host]
        return answers.pop(0) if len(answers) > 1 else answers[0]


def fetch(url: str, *, policy: Policy = LOCAL, more: dict[str, Any] | None = None, **options: Any) -> Answer:
    """Fetch once; `more` goes to the Fetcher, the rest to `fetch`."""

    async def run() -> Answer:
        async with Fetcher(policy, **(more or {})) as fetcher:
            return await fetcher.fetch(url, **options)

    return asyncio.run(run())
