"""Dates as wires write them: instants in fields, calendar dates in prose. Nothing here knows today's date."""

from __future__ import annotations

import contextlib
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime
from typing import Final

from pipeline.parsers.zones import find_time, in_zone, split_zone
from schemas.article import DateAccuracy

EARLIEST_YEAR: Final = 1600
LATEST_YEAR: Final = 2200
"""Years outside are typing errors: the first printed weekly dates from 1605."""

MAX_FIELD_CHARS: Final = 80
"""Longest value of a date field; RFC 5322 with a comment stays below."""

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan",
            "february feb",
            "march mar",
            "april apr",
            "may",
            "june jun",
            "july jul",
            "august aug",
            "september sept sep",
            "october oct",
            "november nov",
            "december dec",
        ),
        start=1,
    )
    for name in names.split()
}
_MONTH = r"(?P<month>" + "|".join(sorted(_MONTHS, key=len, reverse=True)) + r")\.?"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_YEAR = r"(?P<year>(?:16|17|18|19|20|21)\d\d)"
_TEXT_DATES = tuple(
    re.compile(rf"\b{form}\b(?!\d)", re.IGNORECASE)
    for form in (
        rf"{_MONTH}\s+{_DAY}(?:,?\s+{_YEAR})?",
        rf"{_DAY}\s+{_MONTH}(?:,?\s+{_YEAR})?",
        rf"{_YEAR}-(?P<month>0\d|1[0-2])-(?P<day>[0-3]\d)",
        rf"{_MONTH},?\s+{_YEAR}",
    )
)
_DIGITS = re.compile(r"\d+")
_REACH = 16
_YEAR_FIRST = re.compile(r"\d{4}(?:-|\d{4}|W)")
_DAY_ONLY = re.compile(r"\d{4}-?\d\d-?\d\d")
_EPOCH = re.compile(r"\d{9,13}")
_MONTH_ONLY = re.compile(r"(\d{4})-(\d\d)")
_RFC_5322 = re.compile(r"(?:[A-Za-z]{3,9},?\s*)?\d{1,2}[\s-][A-Za-z]{3}[\s-]\d{2,4}\s+\d{1,2}:")
_MILLISECONDS_FROM = 10**11
"""Epoch numbers from here on count milliseconds: as seconds they would lie beyond the year 5000."""


@dataclass(frozen=True, slots=True)
class Moment:
    """An instant in UTC as a field gives it; `accuracy` is None where the second is known, `warning` what was off."""

    at: datetime | None
    accuracy: DateAccuracy | None = None
    warning: str | None = None


@dataclass(frozen=True, slots=True)
class TextDate:
    """A calendar date found in prose at `start:end`; the parts that the prose does not give are None."""

    year: int | None
    month: int
    day: int | None
    start: int
    end: int

    def nearest(self, moment: datetime, *, within_days: int) -> str | None:
        """Return the ISO date of this day in the year that puts it nearest to a moment, None where that is too far."""
        found = []
        for year in (moment.year - 1, moment.year, moment.year + 1):
            with contextlib.suppress(ValueError):
                found.append(date(year, self.month, self.day or 1))
        best = min(found, key=lambda day: abs(day - moment.date()), default=None)
        return best.isoformat() if best and abs((best - moment.date()).days) <= within_days else None

    @property
    def iso(self) -> str | None:
        """The date in ISO 8601, as complete as the text; None without a year, which ISO 8601 cannot write."""
        if self.year is None:
            return None
        month = f"{self.year:04}-{self.month:02}"
        return month if self.day is None else f"{month}-{self.day:02}"


def read_instant(value: object) -> Moment:
    """Read the value of a date field: ISO 8601, RFC 5322, prose, or an epoch number in seconds or milliseconds.

    A zone may be named, by one of the names of the zone table. An unreadable or impossible date gives no instant but a
    warning; a time without a zone is read as UTC, with a warning.
    """
    try:
        at, accuracy = _from_number(value) if isinstance(value, (int, float)) else _from_text(value)
        zoned = at.tzinfo is not None
        at = at.astimezone(UTC) if zoned else at.replace(tzinfo=UTC)
    except (ValueError, TypeError, OverflowError, OSError):
        return Moment(None, warning=f"the date {repr(value)[:60]} cannot be read")
    if not EARLIEST_YEAR <= at.year <= LATEST_YEAR:
        return Moment(None, warning=f"the date {repr(value)[:60]} is impossible")
    if zoned or accuracy:
        return Moment(at, accuracy)
    return Moment(at, warning=f"the time {repr(value)[:60]} has no zone; read as UTC")


def _from_number(value: float) -> tuple[datetime, DateAccuracy | None]:
    if isinstance(value, bool):
        raise TypeError
    return datetime.fromtimestamp(value / 1000 if abs(value) >= _MILLISECONDS_FROM else value, UTC), None


def _from_text(value: object) -> tuple[datetime, DateAccuracy | None]:
    """Return the date that a text gives, without a zone where it has none, and its accuracy where that is poor."""
    if not isinstance(value, str):
        raise TypeError
    text = value.strip()
    if len(text) > MAX_FIELD_CHARS:
        raise ValueError
    if month := _MONTH_ONLY.fullmatch(text):
        return datetime(int(month[1]), int(month[2]), 1, tzinfo=UTC), "month"
    if _DAY_ONLY.fullmatch(text):
        return datetime.fromisoformat(text).replace(tzinfo=UTC), "day"
    if _EPOCH.fullmatch(text):
        return _from_number(int(text))
    text, zone = split_zone(text)
    if _YEAR_FIRST.match(text):
        at, accuracy = datetime.fromisoformat(text), None
    else:
        at, accuracy = _from_words(text)
    return (at, accuracy) if zone is None or accuracy or at.tzinfo else (in_zone(at, zone), None)


def _from_words(text: str) -> tuple[datetime, DateAccuracy | None]:
    """Read RFC 5322, and dates and times as people write them."""
    spoken = find_date(text)
    if spoken and spoken.iso and spoken.end - spoken.start == len(text):
        return _midnight(spoken.iso), "day" if spoken.day else "month"
    if _RFC_5322.match(text):
        return parsedate_to_datetime(text), None
    clock = find_time(text)
    if spoken is None or spoken.iso is None or spoken.day is None or clock is None:
        return parsedate_to_datetime(text), None
    at = datetime.combine(date.fromisoformat(spoken.iso), clock.at)
    return (in_zone(at, clock.zone) if clock.zone else at), None


def find_date(text: str, *, last: bool = False) -> TextDate | None:
    """Return the first calendar date in prose, or the last: English month names or ISO.

    Impossible dates are passed over.
    """
    digits = [match.start() for match in _DIGITS.finditer(text)]
    if not digits:
        return None
    # No date lies further from a digit than a month's name: looking only there is what makes this cheap.
    around = max(0, digits[0] - _REACH), digits[-1] + _REACH
    found = [hit for form in _TEXT_DATES for match in form.finditer(text, *around) if (hit := _text_date(match))]
    if not found:
        return None
    # Of two readings that begin together the longer one is meant: "March 6, 2017", not "March 6".
    return (
        max(found, key=lambda hit: (hit.end, -hit.start)) if last else min(found, key=lambda hit: (hit.start, -hit.end))
    )


def _text_date(match: re.Match[str]) -> TextDate | None:
    parts = match.groupdict()
    month = _MONTHS.get(parts["month"].lower()) or int(parts["month"])
    day = int(parts["day"]) if parts.get("day") else None
    year = int(parts["year"]) if parts.get("year") else None
    try:
        # 2000 is a leap year: without a year, February 29 must pass.
        date(year or 2000, month, day or 1)
    except ValueError:
        return None
    return TextDate(year, month, day, match.start(), match.end())


def to_instant(iso: str) -> datetime | None:
    """Return midnight UTC of an ISO date or the first of an ISO month, None where it is neither."""
    try:
        return _midnight(iso)
    except ValueError:
        return None


def _midnight(iso: str) -> datetime:
    return datetime.fromisoformat(f"{iso}-01" if len(iso) == 7 else iso).replace(tzinfo=UTC)
