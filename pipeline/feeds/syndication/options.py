"""What a poller is told, and what it tells: feeds, how to poll them, what came of it."""

from __future__ import annotations

from dataclasses import dataclass, field

from pipeline.feeds.syndication.pace import Pace


@dataclass(frozen=True, slots=True)
class Subscription:
    """One feed: its address, and the name of the wire that its items belong to."""

    url: str
    source: str

    @property
    def key(self) -> str:
        """What the feed is remembered by: under another name of the wire its articles are others."""
        return f"{self.source}\n{self.url}"


@dataclass(frozen=True, slots=True)
class Options:
    """How to poll. Times are seconds.

    Attributes:
        pace: shortest and longest time between two looks.
        pause: between two requests to one host.
        at_once: most requests at a time.
        skip_existing: take what a feed has at the first look as read.
        pages: publish the pages that entries link to, where they say more.
        keep: how long entries are remembered after they left their feed.
    """

    pace: Pace
    pause: float = 1.0
    at_once: int = 16
    skip_existing: bool = False
    pages: bool = False
    keep: float = 30 * 86_400.0


@dataclass(slots=True)
class Polled:
    """What a poller has done so far; feeds by their addresses."""

    looks: int = 0
    new: int = 0
    edited: int = 0
    pages: int = 0
    rejected: int = 0
    failing: set[str] = field(default_factory=set)
    gone: set[str] = field(default_factory=set)
