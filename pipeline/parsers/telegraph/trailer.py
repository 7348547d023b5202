"""When a message was sent, as its last line says: `AP-ES-03-06-17 1015EST<`, `16:35ET 31-10-14`, `061015 GMT MAR 17`.

A year in two digits belongs to the hundred years that end in 2069. Where day and month can be exchanged and no agency's
sign says which comes first, the date is left out: a wrong day is worse than none.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Final

from pipeline.parsers.reading import Draft
from pipeline.parsers.zones import in_zone, zone_offset

_NUMERIC = re.compile(r"(?<!\d)(?<!\d-)(?P<a>\d{1,2})-(?P<b>\d{1,2})-(?P<year>\d{2}(?:\d\d)?)(?![\d-])")
_CLOCK = re.compile(
    r"(?<![\d-])(?P<hour>[0-2]\d):?(?P<minute>[0-5]\d)(?::?[0-5]\d)? ?(?P<zone>[A-Za-z]{1,4})?(?![\d-])"
)
_GROUP = re.compile(
    r"(?<!\d)(?P<day>[0-3]\d)(?P<hour>[0-2]\d)(?P<minute>[0-5]\d) ?(?P<zone>[A-Z]{1,4}\b)? ?"
    r"(?P<month>[^\W\d_]{3,9})\.? ?(?P<year>\d{2}(?:\d\d)?)(?!\d)"
)
_SIGN = re.compile(r"[A-Z]{2,4}-(?:[A-Z]{2}-)?\d{1,2}-\d{1,2}-\d{2}")
_LINE = re.compile(r"\W{0,3}[A-Z]{2,4}-(?:[A-Z]{2}-)?\d{1,2}-\d{1,2}-\d{2,4}\b.{0,24}")
_PIVOT: Final = 70


@dataclass(frozen=True, slots=True)
class Sent:
    """When a message was sent: local time as written, its zone where one is named; None where it cannot be told."""

    at: datetime | None
    zone: str | None = None
    warning: str | None = None
    whole_day: bool = False


def is_trailer(line: str) -> bool:
    """Tell an agency's closing line from a paragraph."""
    return len(line) < 60 and _LINE.fullmatch(line) is not None


def read_trailer(line: str) -> Sent:
    """Return when a message was sent. An impossible or ambiguous date gives none, and a warning."""
    line = " ".join(line.split())[:120]
    try:
        if group := _GROUP.search(line):
            return _from_group(group)
        if date := _NUMERIC.search(line):
            return _from_numbers(line, date)
    except ValueError:
        return Sent(None, warning=f"sent: the date {line[:40]!r} is impossible")
    return Sent(None)


def set_sent(draft: Draft, sent: Sent) -> None:
    """Set the time of publication; without a zone it is read as UTC, with a warning."""
    if sent.warning:
        draft.warnings.append(sent.warning)
    if sent.at is None:
        return
    if sent.whole_day:
        draft.published_at, draft.published_accuracy = sent.at.replace(tzinfo=UTC), "day"
    elif sent.zone and zone_offset(sent.zone, sent.at) is not None:
        draft.published_at = in_zone(sent.at, sent.zone).astimezone(UTC)
    else:
        draft.published_at = sent.at.replace(tzinfo=UTC)
        named = f"the zone {sent.zone!r}, which is unknown" if sent.zone else "no zone"
        draft.warnings.append(f"published: the time {sent.at:%Y-%m-%d %H:%M} has {named}; read as UTC")


def _from_group(group: re.Match[str]) -> Sent:
    month = _months().get(group["month"].casefold())
    if month is None:
        return Sent(None, warning=f"sent: the month {group['month'][:10]!r} is unknown")
    at = datetime(_year(group["year"]), month, int(group["day"]), int(group["hour"]), int(group["minute"]))  # noqa: DTZ001 - the zone comes later
    return Sent(at, group["zone"])


def _from_numbers(line: str, date: re.Match[str]) -> Sent:
    first, second = int(date["a"]), int(date["b"])
    if second > 12 or _SIGN.search(line) or first == second:
        month, day = first, second
    elif first > 12:
        day, month = first, second
    else:
        return Sent(None, warning=f"sent: the date {date[0]!r} can be read in two ways; left out")
    clock = _CLOCK.search(line, date.end()) or _CLOCK.search(line[: date.start()])
    if clock is None:
        return Sent(datetime(_year(date["year"]), month, day), whole_day=True)  # noqa: DTZ001 - the zone comes later
    at = datetime(_year(date["year"]), month, day, int(clock["hour"]), int(clock["minute"]))  # noqa: DTZ001 - the same
    return Sent(at, clock["zone"])


def _year(digits: str) -> int:
    number = int(digits)
    return number if len(digits) == 4 else number + (2000 if number < _PIVOT else 1900)


@cache
def _months() -> dict[str, int]:
    path = Path(__file__).parents[1] / "data" / "months.txt"
    lines = [line.split() for line in path.read_text("utf-8").splitlines() if line and not line.startswith("#")]
    return {name: int(number) for number, *names in lines for name in names}
