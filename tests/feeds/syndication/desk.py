"""A desk that polls the test's own web server: feeds made of stories, a clock that only the test moves."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from html import escape
from pathlib import Path
from typing import Any

from pipeline.errors import BrokerAbsent
from pipeline.feeds.syndication import Options, Pace, Polled, Poller, State, Subscription
from pipeline.feeds.syndication.clock import Clock
from pipeline.feeds.syndication.delivery import Delivery
from pipeline.fetching import Fetcher, Policy
from schemas import RawItem
from tests.feeds.archives import MemoryPublisher

NOON = 1_741_003_200.0
"""3 March 2025, 12:00 UTC, a Monday."""


@dataclass(frozen=True)
class Story:
    """One entry of a feed."""

    number: int
    title: str = ""
    guid: str | None = ""
    link: str | None = ""
    text: str = ""
    hour: int = 8

    def item(self) -> str:
        """Return it as RSS; what is empty has a value of its own, what is None is left out."""
        title = self.title or f"Story {self.number}"
        guid = f"guid-{self.number}" if self.guid == "" else self.guid
        link = f"https://wire.example/story-{self.number}" if self.link == "" else self.link
        parts = [f"<title>{escape(title)}</title>"]
        parts += [f'<guid isPermaLink="false">{guid}</guid>'] if guid else []
        parts += [f"<link>{escape(link)}</link>"] if link else []
        parts.append(f"<pubDate>Mon, 03 Mar 2025 {self.hour:02}:{self.number % 60:02}:00 GMT</pubDate>")
        parts.append(f"<description>{self.text or f'Story {self.number} has some words.'}</description>")
        return f"<item>{''.join(parts)}</item>"


def feed(*stories: Story, head: str = "") -> bytes:
    """Return a feed of RSS."""
    channel = f"<title>Desk</title><link>https://wire.example/</link>{head}"
    inner = "".join(story.item() for story in stories)
    return f'<?xml version="1.0"?><rss version="2.0"><channel>{channel}{inner}</channel></rss>'.encode()


def stories(*numbers: int) -> tuple[Story, ...]:
    """Return stories that differ in their numbers."""
    return tuple(Story(number) for number in numbers)


def edited(story: Story) -> Story:
    """Return a story with other words."""
    return replace(story, text=f"Story {story.number} was edited.")


@dataclass
class Time:
    """A clock that moves when somebody waits, and notes for how long."""

    at: float = NOON
    waits: list[float] = field(default_factory=list)
    stop_after: int | None = None
    stopping: asyncio.Event | None = None

    async def sleep(self, seconds: float) -> None:
        """Let the time pass."""
        self.waits.append(seconds)
        self.at += seconds
        if self.stopping is not None and self.stop_after is not None and len(self.waits) >= self.stop_after:
            self.stopping.set()
        await asyncio.sleep(0)

    def clock(self) -> Clock:
        """Return the clock of a poller; its chance is always one half."""
        return Clock(lambda: self.at, self.sleep, lambda: 0.5)


@dataclass
class Desk:
    """Polls with a memory in a folder; each `poll` is a process that starts anew."""

    folder: Path
    publisher: Any = field(default_factory=MemoryPublisher)
    time: Time = field(default_factory=Time)
    said: list[str] = field(default_factory=list)
    noted: list[tuple[str, int, int, int, float]] = field(default_factory=list)
    options: Options = field(default_factory=lambda: Options(Pace(60.0, 3600.0), pause=0.0))
    policy: Policy = field(default_factory=lambda: Policy(allow=frozenset({"127.0.0.1"}), total=20, connect=5, read=5))

    def poll(self, *urls: str, looks: int | None = None) -> Polled:
        """Look at each feed once, or let the poller wait so many times before it is told to stop."""
        return asyncio.run(self._poll(urls, looks))

    async def _poll(self, urls: tuple[str, ...], looks: int | None) -> Polled:
        stopping = asyncio.Event()
        self.time.stopping, self.time.stop_after = stopping, len(self.time.waits) + looks if looks else None
        with State(self.folder / "state.sqlite3") as state:
            async with Fetcher(self.policy) as fetcher:
                poller = Poller(
                    [Subscription(url, "desk") for url in urls],
                    fetcher=fetcher,
                    delivery=Delivery(self.opened, self, say=self.said.append, clock=self.time.clock()),
                    state=state,
                    say=self.said.append,
                    options=self.options,
                    clock=self.time.clock(),
                )
                await poller.run(stopping, once=looks is None)
        return poller.done

    def opened(self) -> Any:
        """Return the publisher, or the next of several; none is left: no broker answers."""
        if not isinstance(self.publisher, list):
            return self.publisher
        if not self.publisher:
            raise BrokerAbsent("no broker answers")
        return self.publisher.pop(0)

    def note(self, source: str, *, items: int = 0, rejected: int = 0, size: int = 0, at: datetime) -> None:
        """Be the ledger too: remember what was acknowledged."""
        self.noted.append((source, items, rejected, size, at.timestamp()))

    @property
    def sent(self) -> list[RawItem]:
        """What was published."""
        return list(self.publisher.sent)

    def news(self, poll: Callable[[], object]) -> list[RawItem]:
        """Return what is published while something is done."""
        before = len(self.publisher.sent)
        poll()
        return list(self.publisher.sent[before:])

    def memory(self) -> tuple[int, int, int]:
        """Return how many entries, names and articles are remembered."""
        with State(self.folder / "state.sqlite3") as state:
            return state.size()
