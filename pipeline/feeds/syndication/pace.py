"""When to look again: from how often a feed has news, what it says of itself, and how often it failed. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from statistics import median
from typing import Final

from pipeline.parsers.syndication import Channel

ARRIVALS: Final = 20
"""How many of the last entries tell the rate: two working days of a small desk, half an hour of a large one."""

LOOKS_PER_ENTRY: Final = 2
"""Looks between two entries: news is then read after a quarter of the usual gap, on average."""

LOOKS_PER_SILENCE: Final = 10
"""Looks during a silence: after a quiet day a feed is asked every 2.4 hours, if the longest interval allows it."""

JITTER: Final = 0.1
"""How much of an interval is chance, so that feeds that began together do not stay together."""

FAILURE_SECONDS: Final = 60.0
"""First pause after a failure; each further one doubles it."""

_MAX_AGE = re.compile(r"(?:^|[,\s])(?:s-maxage|max-age)\s*=\s*\"?(\d{1,9})", re.IGNORECASE)
_HOUR: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Pace:
    """The shortest and the longest time between two looks at one feed, in seconds."""

    shortest: float
    longest: float

    def interval(self, arrivals: Sequence[float], now: float, asked: float | None, chance: float) -> float:
        """Return the seconds until the next look.

        Args:
            arrivals: when the last entries came out, seconds since the epoch, in any order.
            now: the same clock.
            asked: seconds that the feed or its server asks to be left alone; the longest interval bounds it.
            chance: from 0 to 1.
        """
        times = sorted(arrival for arrival in arrivals if arrival <= now)[-ARRIVALS:]
        gaps = [later - earlier for earlier, later in pairwise(times)]
        usual = median(gaps) / LOOKS_PER_ENTRY if gaps else self.longest
        silence = (now - times[-1]) / LOOKS_PER_SILENCE if times else self.longest
        wanted = max(usual, silence, asked or 0.0) * (1 + JITTER * (chance - 0.5))
        return min(max(wanted, self.shortest), self.longest)

    def after_failure(self, failures: int, asked: float | None, chance: float) -> float:
        """Return the seconds until the next look after so many failures in a row: doubled each time, half of it chance.

        What a Retry-After asks for is kept, even beyond the longest interval.
        """
        first = max(FAILURE_SECONDS, self.shortest)
        doubled = min(first * 2.0 ** min(failures - 1, 30), max(self.longest, first))
        return max(doubled * (0.5 + 0.5 * chance), asked or 0.0)


def asked_interval(channel: Channel, headers: Mapping[str, str]) -> float | None:
    """Return how long a feed wants to be left alone: its ttl or update period, or its answer's Cache-Control."""
    found = _MAX_AGE.search(headers.get("cache-control", ""))
    asked = max(channel.every or 0, int(found[1]) if found else 0)
    return float(asked) or None


def outside_skipped(due: float, channel: Channel) -> float:
    """Return the first moment from `due` on that lies in no hour (GMT) and on no day that a feed wants skipped."""
    if len(channel.skip_hours) > 23 or len(channel.skip_days) > 6:
        return due  # a feed that is never to be read was not meant so
    moment = datetime.fromtimestamp(due, UTC)
    while moment.hour in channel.skip_hours or moment.weekday() in channel.skip_days:
        moment = moment.replace(minute=0, second=0, microsecond=0) + _HOUR
    return moment.timestamp()
