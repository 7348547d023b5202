"""When: the period a claim speaks of, resolved against the article's date where there is one."""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Final, Literal

from pipeline.stages.figures.claims import Claim
from pipeline.stages.figures.lexicon import Lexicon, load
from pipeline.stages.figures.tokens import NUM, Tokens
from schemas.figure import Period

Accuracy = Literal["day", "week", "month", "year"]
_Resolved = tuple[date | None, date | None, Accuracy | None]

_UNKNOWN: Final[_Resolved] = (None, None, None)
_HALF_YEAR: Final = timedelta(days=183)
_LEADING: Final = 3  # a period that starts this early stands before the whole sentence
_SPOKEN: Final = frozenset({"day", "weekday", "this_day", "last_day"})  # "said on Monday" dates the words
_SUPERLATIVE_REACH: Final = 8
_ACCURACY: Final[dict[str, Accuracy]] = {
    "hour": "day", "day": "day", "week": "day", "fortnight": "day", "month": "day", "quarter": "month", "year": "month",
    "decade": "year",
}  # fmt: skip
_SEASON_MONTHS: Final = {"spring": (3, 5), "summer": (6, 8), "autumn": (9, 11), "fall": (9, 11), "winter": (12, 2)}


_Pattern = tuple[str, re.Pattern[str]]
_DIGIT: Final = "{digit}"


@dataclass(frozen=True, slots=True)
class Times:
    """The period patterns of a language, compiled; `starts` gives the patterns that may begin with a word."""

    starts: dict[str, tuple[_Pattern, ...]]
    units: dict[str, str]
    counts: dict[str, int]
    comparison: frozenset[str]
    superlative: frozenset[str]
    shared: frozenset[str]


@dataclass(frozen=True, slots=True)
class Stated:
    """A period in a sentence: the token it starts at, its rule and its match."""

    token: int
    rule: str
    match: re.Match[str]


_WEEKDAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


def _classes(lex: Lexicon) -> dict[str, list[str]]:
    """Return the words that stand behind the placeholders of the patterns."""
    possessive = [f"{day}'s" for day in lex.words("weekdays")]
    return {
        "month": sorted(lex.words("months"), key=len, reverse=True),
        "weekday": sorted(lex.words("weekdays")) + possessive,
        "unit": sorted(lex.time["units"], key=len, reverse=True),
        "count": sorted(lex.time["counts"], key=len, reverse=True),
        "season": lex.time["seasons"].split(),
    }


@cache
def times(language: str) -> Times:
    """Compile the period patterns of a language."""
    lex = load(language)
    data, classes = lex.time, _classes(lex)
    choices = {name: "|".join(words) for name, words in classes.items()}
    choices["weekday"] = "|".join(sorted(lex.words("weekdays")))
    choices["count"] += r"|\d{1,3}"
    choices["day"] = r"(?:[12]\d|3[01]|0?[1-9])(?:st|nd|rd|th)?"
    choices["year"] = r"(?:1[5-9]|20)\d\d"
    starts: dict[str, list[_Pattern]] = {}
    for entry in data["pattern"]:
        text = entry["text"]
        for name, choice in choices.items():
            text = text.replace(f"{{{name}}}", f"(?:{choice})")
        pattern = (entry["rule"], re.compile(rf"(?:{text})(?![\w-])", re.IGNORECASE))
        for first in entry["first"].split():
            for word in classes.get(first.strip("{}"), [first]) if first != _DIGIT else [_DIGIT]:
                starts.setdefault(word, []).append(pattern)
    lists = (frozenset(data[name].split()) for name in ("comparison", "superlative", "shared"))
    return Times({word: tuple(found) for word, found in starts.items()}, data["units"], data["counts"], *lists)


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


class _Match:
    """The groups of one period, read against the article's date."""

    __slots__ = ("groups", "now", "times")

    def __init__(self, groups: dict[str, str | None], now: date | None, words: Times) -> None:
        self.groups, self.now, self.times = groups, now, words

    def get(self, name: str) -> str | None:
        return self.groups.get(name)

    def month(self, name: str = "month") -> int:
        return _MONTHS.index((self.get(name) or "jan")[:3].lower()) + 1

    def day(self, name: str = "day") -> int:
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
        return self.times.units.get((self.get("unit") or "day").lower(), "day")

    def count(self) -> int:
        word = (self.get("count") or "1").lower()
        return self.times.counts.get(word) or int(word) if word.isdecimal() or word in self.times.counts else 1

    def date(self, month: str = "month", day: str = "day") -> date | None:
        m, d = self.month(month), self.day(day)
        y = self.year(m, d)
        try:
            return date(y, m, d) if y else None
        except ValueError:
            return None


def _rolling(m: _Match) -> _Resolved:
    if m.now is None:
        return _UNKNOWN
    return _back(m.now, m.unit(), m.count()), m.now, _ACCURACY[m.unit()]


def _ago(m: _Match) -> _Resolved:
    if m.now is None or m.get("earlier"):  # "a day earlier" counts from another date
        return _UNKNOWN
    day, unit = _back(m.now, m.unit(), m.count()), m.unit()
    accuracy: Accuracy = "day" if unit in ("hour", "day") else "week" if unit in ("week", "fortnight") else "month"
    return day, day, accuracy if unit != "year" else "year"


def _between_days(m: _Match) -> _Resolved:
    start = m.date()
    if m.get("month2") is None:
        m.groups["month2"] = m.get("month")
    end = m.date("month2", "day2")
    return (start, end, "day") if start and end and start <= end else _UNKNOWN


def _between_years(m: _Match) -> _Resolved:
    return date(int(m.get("year") or 1), 1, 1), date(int(m.get("year2") or 1), 12, 31), "year"


def _between_months(m: _Match) -> _Resolved:
    if m.get("year") is None:
        m.groups["year"] = m.get("year2")
    end_year = int(m.get("year2") or 0) or m.year(m.month("month2"))
    start_year = m.year(m.month())
    if not start_year or not end_year:
        return _UNKNOWN
    start, end = _month_span(start_year, m.month())[0], _month_span(end_year, m.month("month2"))[1]
    return (start, end, "month") if start <= end else _UNKNOWN


def _since_day(m: _Match) -> _Resolved:
    start = m.date()
    return (start, m.now, "day") if start else _UNKNOWN


def _since_month(m: _Match) -> _Resolved:
    year = m.year(m.month())
    return (date(year, m.month(), 1), m.now, "month") if year else _UNKNOWN


def _since_year(m: _Match) -> _Resolved:
    return date(int(m.get("year") or 1), 1, 1), m.now, "year"


def _last_weekday(m: _Match) -> date | None:
    """Return the latest such weekday up to the article's date."""
    if m.now is None:
        return None
    back = (m.now.weekday() - _WEEKDAYS.index((m.get("weekday") or "monday").lower())) % 7
    return m.now - timedelta(days=back)


def _since_weekday(m: _Match) -> _Resolved:
    start = _last_weekday(m)
    return (start, m.now, "day") if start else _UNKNOWN


def _weekday(m: _Match) -> _Resolved:
    day = _last_weekday(m)
    return (day, day, "day") if day else _UNKNOWN


def _day(m: _Match) -> _Resolved:
    """Return a day without a year as the one nearest to the article's date."""
    day = m.date()
    if day is not None and m.now is not None and m.get("year") is None and m.now - day > _HALF_YEAR:
        day = day.replace(year=day.year + 1)
    return (day, day, "day") if day else _UNKNOWN


def _this_day(m: _Match) -> _Resolved:
    return (m.now, m.now, "day") if m.now else _UNKNOWN


def _last_day(m: _Match) -> _Resolved:
    return (m.now - timedelta(days=1), m.now - timedelta(days=1), "day") if m.now else _UNKNOWN


def _whole(day: date, unit: str) -> _Resolved:
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


def _last_unit(m: _Match) -> _Resolved:
    return _whole(_back(m.now, m.unit(), 1), m.unit()) if m.now else _UNKNOWN


def _this_unit(m: _Match) -> _Resolved:
    if m.now is None:
        return _UNKNOWN
    start, _, accuracy = _whole(m.now, m.unit())
    return start, m.now, accuracy


def _since_last(m: _Match) -> _Resolved:
    if m.now is None:
        return _UNKNOWN
    start, _, accuracy = _whole(_back(m.now, m.unit(), 1), m.unit())
    return start, m.now, accuracy


def _month(m: _Match) -> _Resolved:
    year = m.year(m.month())
    return (*_month_span(year, m.month()), "month") if year else _UNKNOWN


def _year(m: _Match) -> _Resolved:
    year = int(m.get("year") or 1)
    return date(year, 1, 1), date(year, 12, 31), "year"


def _by_year(m: _Match) -> _Resolved:
    return None, date(int(m.get("year") or 1), 12, 31), "year"


def _season(m: _Match) -> _Resolved:
    first, last = _SEASON_MONTHS[(m.get("season") or "summer").lower()]
    stated = m.get("year")
    if stated is None:
        return _UNKNOWN
    year = int(stated)
    return date(year, first, 1), _month_span(year + (last < first), last)[1], "month"


def _event(_: _Match) -> _Resolved:
    return _UNKNOWN


_RESOLVERS: Final[dict[str, Callable[[_Match], _Resolved]]] = {
    "rolling": _rolling, "between_days": _between_days, "between_years": _between_years,
    "between_months": _between_months, "since_day": _since_day, "since_month": _since_month, "since_year": _since_year,
    "since_weekday": _since_weekday, "since_last": _since_last, "since_event": _event, "day": _day, "weekday": _weekday,
    "this_day": _this_day, "last_day": _last_day, "last_unit": _last_unit, "this_unit": _this_unit,
    "last_month": _month, "month": _month, "by_year": _by_year, "year": _year, "season": _season, "ago": _ago,
    "event": _event,
}  # fmt: skip


def _period(stated: Stated, words: Times, now: date | None) -> Period:
    try:
        start, end, accuracy = _RESOLVERS[stated.rule](_Match(stated.match.groupdict(), now, words))
    except (ValueError, OverflowError):  # beyond the calendar
        start, end, accuracy = _UNKNOWN
    return Period(
        text=stated.match.group(),
        start=start.isoformat() if start else None,
        end=end.isoformat() if end else None,
        accuracy=accuracy,
    )


def _compares(t: Tokens, lex: Lexicon, words: Times, k: int, rule: str) -> bool:
    """Tell whether the period at token k is what a figure is compared with, not when it holds."""
    if rule.startswith("between") or k == 0:
        return False
    if t.low[k - 1] in words.comparison or (rule in _SPOKEN and t.low[k - 1] in lex.words("saying")):
        return True
    before = t.low[max(0, k - _SUPERLATIVE_REACH) : k]
    return rule.startswith("since") and any(low in words.superlative or low.endswith("est") for low in before)


def _found(t: Tokens, lex: Lexicon, words: Times) -> list[Stated]:
    """Return the periods of a sentence; only the patterns that may begin with a token are tried there."""
    found: list[Stated] = []
    after, starts, digits = 0, words.starts, words.starts.get(_DIGIT, ())
    for k in range(t.size):
        patterns = digits if t.kind[k] == NUM else starts.get(t.low[k])
        if not patterns or t.start[k] < after:
            continue
        for rule, pattern in patterns:
            match = pattern.match(t.text, t.start[k], t.finish)
            if match is not None:
                after = match.end()
                if not _compares(t, lex, words, k, rule):
                    found.append(Stated(k, rule, match))
                break
    return found


def _choose(t: Tokens, lex: Lexicon, words: Times, found: list[Stated], claim: Claim, *, right: int) -> Stated | None:
    """Return the first period behind a claim, else the nearest before it, else one further on in its clause.

    A year or a month holds for the nearest figure without a comma between; a day holds for the whole sentence.
    """
    before: Stated | None = None
    far: Stated | None = None
    for stated in found:
        if stated.match.end() <= t.start[claim.first]:
            between = t.low[stated.token : claim.first]
            if stated.rule in words.shared or stated.token <= _LEADING or "," not in between:
                before = stated
        elif stated.token >= claim.last:
            between = t.low[claim.last : stated.token]
            if stated.rule not in words.shared and "," in between:
                continue
            if stated.token < right:
                return stated
            far = far or (stated if stated.rule in words.shared else None)
    if before is not None or far is None:
        return before
    between = t.low[claim.last : far.token]
    other_clause = not (lex.words("relative").isdisjoint(between) and lex.words("clause_ends").isdisjoint(between))
    return None if other_clause else far


def periods_of(t: Tokens, lex: Lexicon, language: str, claims: list[Claim], now: date | None) -> list[Period | None]:
    """Return the period of each claim of a sentence; an age has none."""
    words = times(language)
    found = _found(t, lex, words)
    if not found:
        return [None] * len(claims)
    result: list[Period | None] = []
    for n, claim in enumerate(claims):
        right = claims[n + 1].first if n + 1 < len(claims) else t.size
        chosen = None if claim.age else _choose(t, lex, words, found, claim, right=right)
        result.append(_period(chosen, words, now) if chosen else None)
    return result
