"""Date lines at the head of a page or text: "Published: March 6, 2017", "Monday 6 March 2017 10:15 GMT".

Such a line is the page's own word on its date, no part of the story. It is one only where nothing stands on it but a
label, a whole date and perhaps a time.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Final

from pipeline.parsers.canonical import fold
from pipeline.parsers.dates import find_date, read_instant
from pipeline.parsers.reading import Draft
from pipeline.parsers.zones import zone_names

HEAD_LINES: Final = 10
"""How many filled lines at the head of a text may be date lines, or stand above one."""

MAX_CHARS: Final = 80

_YEAR = re.compile(r"\d{4}")
_LABEL = re.compile(
    r"(?P<label>(?:first )?(?:published|posted|issued|released)|date|(?:last )?(?:updated|modified))?"
    r"\s?(?:on|at)?\s?[:|-]?\s*",
    re.IGNORECASE,
)
_WEEKDAY = re.compile(r"(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?\b[,.]?\s*", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_][\w.]*")


def take_stamps(lines: list[str], draft: Draft) -> list[str]:
    """Read the date lines at the head of a text into a draft; return the lines with blank ones in their place."""
    kept = list(lines)
    filled = 0
    for number, line in enumerate(lines[: 4 * HEAD_LINES]):
        filled += bool(line.strip())
        if filled > HEAD_LINES:
            break
        if len(line) <= MAX_CHARS and _YEAR.search(line) and _is_stamp(fold(line), draft):
            kept[number] = ""
    return kept


def _is_stamp(line: str, draft: Draft) -> bool:
    """Tell a date line, and set the time that it gives."""
    label = _LABEL.match(line)
    rest = line[label.end() :] if label else line
    rest = _WEEKDAY.sub("", rest, count=1)
    day = find_date(rest)
    if day is None or day.iso is None or day.day is None or day.start > 12 or not _only_time(rest):
        return False
    moment = read_instant(rest.replace("|", " "))
    if moment.at is None:
        return False
    if label and label["label"] and label["label"].lower().endswith(("updated", "modified")):
        draft.updated_at = draft.updated_at or moment.at
    elif draft.published_at is None:
        draft.published_at, draft.published_accuracy = moment.at, moment.accuracy
        draft.warnings += [f"published_at: {moment.warning}"] if moment.warning else []
    return True


def _only_time(words: str) -> bool:
    return all(word.casefold() in _time_words() or word.upper() in zone_names() for word in _WORD.findall(words))


@cache
def _time_words() -> frozenset[str]:
    lines = (Path(__file__).parent / "data" / "stamp_words.txt").read_text("utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())
