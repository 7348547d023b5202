"""Times of day and named time zones in prose and in fields: "0001 GMT", "10 p.m. ET", "noon EST", "18h00 CET"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from functools import cache
from pathlib import Path
from typing import Final

_SUMMER: Final = timedelta(hours=1)
_HALVES: Final = {"a": 0, "p": 12}


@dataclass(frozen=True, slots=True)
class ClockTime:
    """A time of day at `start:end` of a text; `zone` is a name of the zone table, or None."""

    at: time
    zone: str | None
    start: int
    end: int


def zone_offset(name: str, moment: datetime) -> timedelta | None:
    """Return how far a named zone is ahead of UTC at a local time, None where the name is not known."""
    entry = _zones().get(name.upper())
    if entry is None:
        return None
    minutes, rule = entry
    summer = rule == "us" and _us_summer(moment)
    return timedelta(minutes=minutes) + (_SUMMER if summer else timedelta(0))


def in_zone(moment: datetime, name: str) -> datetime:
    """Return a local time with the offset of its named zone.

    Raises:
        ValueError: the name is not known.
    """
    offset = zone_offset(name, moment)
    if offset is None:
        raise ValueError(name)
    return moment.replace(tzinfo=timezone(offset))


def find_time(text: str) -> ClockTime | None:
    """Return the first time of day in a text, with the zone that is named beside it; None where there is none."""
    for found in _clock().finditer(text):
        if at := _time_of(found):
            return ClockTime(at, found["zone"].upper() if found["zone"] else None, found.start(), found.end())
    return None


def split_zone(text: str) -> tuple[str, str | None]:
    """Split a named zone from the end of a field: "2017-03-06 10:15 EST" gives "2017-03-06 10:15" and "EST"."""
    head, _, name = text.rpartition(" ")
    name = name.strip("()")
    return (head.rstrip(" ("), name.upper()) if head and name.upper() in _zones() else (text, None)


@cache
def zone_names() -> frozenset[str]:
    """Return the names of the zone table, in capitals."""
    return frozenset(_zones())


def _time_of(found: re.Match[str]) -> time | None:
    parts = found.groupdict()
    if word := parts["word"]:
        return time(12 if word.lower() in {"noon", "midday"} else 0)
    digits = parts["four"]
    hour = int(digits[:2] if digits else parts["hour"] or parts["bare"])
    minute = int(digits[2:] if digits else parts["minute"] or 0)
    if half := (parts["half"] or "").lower()[:1]:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + _HALVES[half]
    return time(hour, minute) if hour < 24 and minute < 60 else None


@cache
def _clock() -> re.Pattern[str]:
    names = "|".join(sorted(_zones(), key=len, reverse=True))
    # Digits alone, or parted by a point, are a time only beside a zone, "hrs", "Uhr" or a half of the day: "2017" is a
    # year, "3.25" a share.
    return re.compile(
        rf"(?<![\d.,:-])(?:"
        rf"(?P<hour>[0-2]?\d)"
        rf"(?:[:h]|\.(?=[0-5]\d\s?(?:[ap]\.?m\b|Uhr\b|hrs\b|h\b|(?:{names})\b)))"
        rf"(?P<minute>[0-5]\d)(?::[0-5]\d)?"
        rf"|(?P<four>[0-2]\d[0-5]\d)(?=\s?(?:hrs\b|hours\b|h\b|Uhr\b|(?:{names})\b))"
        rf"|(?P<bare>[0-2]?\d)(?=\s?(?:[ap]\.?m\b|Uhr\b))"
        rf"|\b(?P<word>noon|midday|midnight)\b)(?!\d)"
        rf"(?:\s?(?P<half>[ap]\.?m)\b\.?)?"
        rf"(?:\s?(?:hrs|hours|h|Uhr)\b\.?)?(?:,?\s{{0,2}}\(?(?P<zone>{names})\b\)?)?",
        re.IGNORECASE,
    )


def _us_summer(moment: datetime) -> bool:
    """Tell whether the United States have summer time: since 2007, and by the rule of 1987 before that."""
    year = moment.year
    if year >= 2007:
        first, last = _sunday(year, 3, 2), _sunday(year, 11, 1)
    else:
        first, last = _sunday(year, 4, 1), _last_sunday(year, 10)
    return first <= moment.date() < last


def _sunday(year: int, month: int, number: int) -> date:
    first = date(year, month, 1)
    return first + timedelta(days=(6 - first.weekday()) % 7 + 7 * (number - 1))


def _last_sunday(year: int, month: int) -> date:
    last = date(year, month, 31)
    return last - timedelta(days=(last.weekday() + 1) % 7)


@cache
def _zones() -> dict[str, tuple[int, str]]:
    path = Path(__file__).parent / "data" / "zones.txt"
    lines = [line.split() for line in path.read_text("utf-8").splitlines() if line and not line.startswith("#")]
    return {name: (int(minutes), rule[0] if rule else "") for name, minutes, *rule in lines}
