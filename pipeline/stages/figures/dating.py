"""Dates from the words of a period: each rule resolves what a pattern matched against the article's date."""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Literal

Accuracy = Literal["day", "week", "month", "year"]
Resolved = tuple[date | None, date | None, Accuracy | None]

UNKNOWN: Final[Resolved] = (None, None, None)
_HALF_YEAR: Final = timedelta(days=183)
_ACCURACY: Final[dict[str, Accuracy]] = {
    "hour": "day", "day": "day", "week": "day", "fortnight": "day", "month": "day", "quarter": "month", "year": "month",
    "decade": "year",
}  # fmt: skip


def _back(day: date, unit: str, count: int) -> date:
    """Return the day that lies a number of units before another."""
    if unit in ("hour", "day"):
        return day - timedelta(days=count if unit == "day" else (count + 23) // 24)
    if unit in ("week", "fortnight"):
        return day - timedelta(weeks=count * (2 if unit == "fortnight" else 1))
    months = count * {"month": 1, "quarter": 3, "year": 12, "decade": 120}[unit]
    index = day.year * 12 + day.month - 1 - months
    year, month = divmod(index, 12)
    if year < 1:
        return date.min
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def _month_span(year: int, month: int) -> tuple[date, date]:
    return date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1])


@dataclass(frozen=True, slots=True)
class Calendar:
    """What the words of a language for times stand for."""

    units: Mapping[str, str]
    """The unit of time of each word for one, as this module names it: day, week, fortnight, month …"""
    counts: Mapping[str, int]
    months: Mapping[str, int]
    weekdays: Mapping[str, int]
    """Monday is 1."""
    seasons: Mapping[str, tuple[int, int]]
    """First and last month."""


class Stretch:
    """The groups of one period, read against the article's date."""

    __slots__ = ("calendar", "groups", "now")

    def __init__(self, groups: dict[str, str | None], now: date | None, calendar: Calendar) -> None:
        self.groups, self.now, self.calendar = groups, now, calendar

    def get(self, name: str) -> str | None:
        """Return what a group of the pattern matched."""
        return self.groups.get(name)

    def month(self, name: str = "month") -> int:
        """Return the number of a month."""
        return self.calendar.months.get((self.get(name) or "").lower(), 1)

    def day(self, name: str = "day") -> int:
        """Return the day of the month: "17", "21st"."""
        return int(re.sub(r"\D", "", self.get(name) or "1"))

    def year(self, month: int, day: int = 1) -> int | None:
        """Return the year stated, else the last one in which the date is not after the article's."""
        stated = self.get("year")
        if stated:
            return int(stated)
        if self.now is None:
            return None
        return self.now.year - ((month, day) > (self.now.month, self.now.day))

    def unit(self) -> str:
        """Return the unit of time, singular."""
        return self.calendar.units.get((self.get("unit") or "").lower(), "day")

    def count(self) -> int:
        """Return how many units are meant; one where the text states no number."""
        word = (self.get("count") or "1").lower()
        return int(word) if word.isdecimal() else self.calendar.counts.get(word, 1)

    def date(self, month: str = "month", day: str = "day") -> date | None:
        """Return the date of a month and a day, or nothing where the year is unknown or lacks that day."""
        m, d = self.month(month), self.day(day)
        y = self.year(m, d)
        try:
            return date(y, m, d) if y else None
        except ValueError:
            return None


def _rolling(m: Stretch) -> Resolved:
    if m.now is None:
        return UNKNOWN
    return _back(m.now, m.unit(), m.count()), m.now, _ACCURACY[m.unit()]


def _ago(m: Stretch) -> Resolved:
    if m.now is None or m.get("earlier"):  # "a day earlier" counts from another date
        return UNKNOWN
    day, unit = _back(m.now, m.unit(), m.count()), m.unit()
    accuracy: Accuracy = "day" if unit in ("hour", "day") else "week" if unit in ("week", "fortnight") else "month"
    return day, day, accuracy if unit != "year" else "year"


def _between_days(m: Stretch) -> Resolved:
    if m.get("month2") is None or m.get("month") is None:
        month = m.get("month") or m.get("month2")
        m.groups["month"], m.groups["month2"] = month, month
    start = m.date()
    end = m.date("month2", "day2")
    return (start, end, "day") if start and end and start <= end else UNKNOWN


def _between_years(m: Stretch) -> Resolved:
    return date(int(m.get("year") or 1), 1, 1), date(int(m.get("year2") or 1), 12, 31), "year"


def _between_months(m: Stretch) -> Resolved:
    if m.get("year") is None:
        m.groups["year"] = m.get("year2")
    end_year = int(m.get("year2") or 0) or m.year(m.month("month2"))
    start_year = m.year(m.month())
    if not start_year or not end_year:
        return UNKNOWN
    start, end = _month_span(start_year, m.month())[0], _month_span(end_year, m.month("month2"))[1]
    return (start, end, "month") if start <= end else UNKNOWN


def _since_day(m: Stretch) -> Resolved:
    start = m.date()
    return (start, m.now, "day") if start else UNKNOWN


def _since_month(m: Stretch) -> Resolved:
    year = m.year(m.month())
    return (date(year, m.month(), 1), m.now, "month") if year else UNKNOWN


def _since_year(m: Stretch) -> Resolved:
    return date(int(m.get("year") or 1), 1, 1), m.now, "year"


def _last_weekday(m: Stretch, name: str = "weekday", until: date | None = None) -> date | None:
    """Return the latest such weekday up to a date, the article's where none is given."""
    until = until or m.now
    if until is None:
        return None
    back = (until.weekday() + 1 - m.calendar.weekdays.get((m.get(name) or "").lower(), 1)) % 7
    return until - timedelta(days=back)


def _between_weekdays(m: Stretch) -> Resolved:
    end = _last_weekday(m, "weekday2")
    return (_last_weekday(m, "weekday", end), end, "day") if end else UNKNOWN


def _since_weekday(m: Stretch) -> Resolved:
    start = _last_weekday(m)
    return (start, m.now, "day") if start else UNKNOWN


def _weekday(m: Stretch) -> Resolved:
    day = _last_weekday(m)
    return (day, day, "day") if day else UNKNOWN


def _day(m: Stretch) -> Resolved:
    """Return a day without a year as the one nearest to the article's date."""
    day = m.date()
    if day is not None and m.now is not None and m.get("year") is None and m.now - day > _HALF_YEAR:
        day = day.replace(year=day.year + 1)
    return (day, day, "day") if day else UNKNOWN


def _this_day(m: Stretch) -> Resolved:
    return (m.now, m.now, "day") if m.now else UNKNOWN


def _last_day(m: Stretch) -> Resolved:
    return (m.now - timedelta(days=1), m.now - timedelta(days=1), "day") if m.now else UNKNOWN


def _whole(day: date, unit: str) -> Resolved:
    """Return the calendar week, month, quarter or year that a day lies in."""
    if unit == "week":
        monday = day - timedelta(days=day.weekday())
        return monday, monday + timedelta(days=6), "week"
    if unit == "month":
        return (*_month_span(day.year, day.month), "month")
    if unit == "quarter":
        first = (day.month - 1) // 3 * 3 + 1
        return date(day.year, first, 1), _month_span(day.year, first + 2)[1], "month"
    return date(day.year, 1, 1), date(day.year, 12, 31), "year"


def _last_unit(m: Stretch) -> Resolved:
    return _whole(_back(m.now, m.unit(), 1), m.unit()) if m.now else UNKNOWN


def _this_unit(m: Stretch) -> Resolved:
    if m.now is None:
        return UNKNOWN
    start, _, accuracy = _whole(m.now, m.unit())
    return start, m.now, accuracy


def _since_last(m: Stretch) -> Resolved:
    if m.now is None:
        return UNKNOWN
    start, _, accuracy = _whole(_back(m.now, m.unit(), 1), m.unit())
    return start, m.now, accuracy


def _month(m: Stretch) -> Resolved:
    year = m.year(m.month())
    return (*_month_span(year, m.month()), "month") if year else UNKNOWN


def _year(m: Stretch) -> Resolved:
    year = int(m.get("year") or 1)
    return date(year, 1, 1), date(year, 12, 31), "year"


def _by_year(m: Stretch) -> Resolved:
    return None, date(int(m.get("year") or 1), 12, 31), "year"


def _season(m: Stretch) -> Resolved:
    months, stated = m.calendar.seasons.get((m.get("season") or "").lower()), m.get("year")
    if stated is None or months is None:
        return UNKNOWN
    year, (first, last) = int(stated), months
    return date(year, first, 1), _month_span(year + (last < first), last)[1], "month"


def _event(_: Stretch) -> Resolved:
    return UNKNOWN


RESOLVERS: Final[dict[str, Callable[[Stretch], Resolved]]] = {
    "rolling": _rolling, "between_days": _between_days, "between_years": _between_years,
    "between_months": _between_months,
    "between_weekdays": _between_weekdays, "since_day": _since_day, "since_month": _since_month,
    "since_year": _since_year,
    "since_weekday": _since_weekday, "since_last": _since_last, "since_event": _event, "day": _day, "weekday": _weekday,
    "this_day": _this_day, "last_day": _last_day, "last_unit": _last_unit, "this_unit": _this_unit,
    "last_month": _month, "month": _month, "by_year": _by_year, "year": _year, "season": _season, "ago": _ago,
    "event": _event,
}  # fmt: skip
