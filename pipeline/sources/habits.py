"""How often a source is heard, and whether its silence is out of the ordinary. Pure: the time comes in.

Time is cut into minutes; a minute in which something came is an *arrival*, so a burst of a hundred items counts once.
A habit is two things:

- the last gaps between arrivals, whose median is the usual gap and whose upper end is what patience is made of;
- for each hour of the day, on working days and at weekends, how many arrivals it brings (UTC). A desk that sleeps at
  night or rests on Sundays has hours in which nothing is missed. An hour that the source has never lived through
  counts as one of those, so the first night raises no alarm.

A source is silent when its quiet is far longer than nearly all of its gaps *and* several arrivals are missed by the
hours it keeps. Silence teaches nothing about the hours it covers, else a failure would become a habit.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Final

import orjson

GAPS_KEPT: Final = 64
"""Enough for a steady upper end, few enough to forget last month's pace."""

GAPS_NEEDED: Final = 8
"""With fewer the source is still being learned: a median of three says nothing."""

LONGEST_GAPS: Final = 0.9
"""The gap that nine of ten do not exceed."""

FAR_BEYOND: Final = 3
"""So many times that gap is far beyond the habit."""

LEAST_QUIET: Final = 10
"""Minutes that are never called a silence; restarts and slow polls take as long."""

MISSED_ARRIVALS: Final = 7.0
"""Chance alone leaves out so many expected arrivals once in a thousand times (e^-7): less than once in two years for
a desk that closes every evening, when a false alarm would last all night."""

SLOW: Final = 24 * 60
"""Minutes. A source whose usual gap is a day or more keeps no hours: its gaps alone decide."""

_NEWEST_HOUR: Final = 0.3
"""Weight of the newest hour against those before it at the same time of day."""

_HOURS_LEARNED: Final = 14 * 24
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_BINS: Final = 48


@dataclass(frozen=True, slots=True)
class Habit:
    """What is known of a source. Minutes and hours count from 1970.

    Attributes:
        last: the minute of its latest arrival.
        in_hour: arrivals in the hour of `last`, that one included.
        gaps: between the latest arrivals, oldest first, in minutes.
        rates: arrivals an hour, for each hour of a working day, then of a weekend; None where it was never lived.
    """

    last: int
    in_hour: int = 1
    gaps: tuple[int, ...] = ()
    rates: tuple[float | None, ...] = (None,) * _BINS

    def to_json(self) -> bytes:
        """Return the habit as it is kept."""
        return orjson.dumps([self.last, self.in_hour, self.gaps, self.rates])

    @classmethod
    def from_json(cls, data: bytes) -> Habit:
        """Read what `to_json` wrote."""
        last, in_hour, gaps, rates = orjson.loads(data)
        return cls(last, in_hour, tuple(gaps), tuple(rates))


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a source's silence amounts to.

    Attributes:
        quiet: since its latest arrival.
        usual: median of its gaps; None while there are too few.
        silent: its quiet is far beyond its habit.
    """

    quiet: timedelta
    usual: timedelta | None
    silent: bool


def minute_of(moment: datetime) -> int:
    """Return the minute of a moment."""
    return (moment - _EPOCH) // timedelta(minutes=1)


def heard(habit: Habit | None, moment: datetime) -> Habit:
    """Return the habit after an arrival. One that is not later than the latest changes nothing."""
    minute = minute_of(moment)
    if habit is None:
        return Habit(minute)
    if minute <= habit.last:
        return habit
    gaps = (*habit.gaps, minute - habit.last)[-GAPS_KEPT:]
    if minute // 60 == habit.last // 60:
        return replace(habit, last=minute, in_hour=habit.in_hour + 1, gaps=gaps)
    rates = list(_rates(habit))
    if not judge(habit, moment).silent:
        for hour in range(max(habit.last // 60 + 1, minute // 60 - _HOURS_LEARNED), minute // 60):
            _learn(rates, hour, 0)
    return Habit(minute, 1, gaps, tuple(rates))


def judge(habit: Habit, now: datetime) -> Verdict:
    """Return what the source's quiet amounts to at this moment."""
    quiet = max(minute_of(now) - habit.last, 0)
    if len(habit.gaps) < GAPS_NEEDED:
        return Verdict(timedelta(minutes=quiet), None, False)
    gaps = sorted(habit.gaps)
    usual = gaps[len(gaps) // 2]
    patience = max(LEAST_QUIET, FAR_BEYOND * gaps[int(LONGEST_GAPS * (len(gaps) - 1))])
    silent = quiet > patience and (usual >= SLOW or _missed(habit, quiet) >= MISSED_ARRIVALS)
    return Verdict(timedelta(minutes=quiet), timedelta(minutes=usual), silent)


def _missed(habit: Habit, quiet: int) -> float:
    """Return how many arrivals the hours since the latest one would have brought."""
    rates = _rates(habit)
    missed = 0.0
    for hour, minutes in _hours(habit.last + 1, habit.last + 1 + quiet):
        missed += (rates[_bin(hour)] or 0.0) * minutes / 60
        if missed >= MISSED_ARRIVALS:
            break
    return missed


def _rates(habit: Habit) -> tuple[float | None, ...]:
    """Return the rates with the hour of the latest arrival learned."""
    rates = list(habit.rates)
    _learn(rates, habit.last // 60, habit.in_hour)
    return tuple(rates)


def _learn(rates: list[float | None], hour: int, arrivals: int) -> None:
    place = _bin(hour)
    known = rates[place]
    rates[place] = float(arrivals) if known is None else known + _NEWEST_HOUR * (arrivals - known)


def _hours(start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield each hour between two minutes with how many of its minutes lie there."""
    while start < end:
        following = min((start // 60 + 1) * 60, end)
        yield start // 60, following - start
        start = following


def _bin(hour: int) -> int:
    # 1970 began on a Thursday.
    weekend = (hour // 24 + 3) % 7 >= 5
    return hour % 24 + 24 * weekend
