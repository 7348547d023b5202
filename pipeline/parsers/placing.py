"""The dateline of a draft, out of what its fields state and what opens its text."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import date
from typing import Final

from pipeline.parsers.canonical import fold
from pipeline.parsers.dateline import read_dateline
from pipeline.parsers.plain_text import date_by_dateline
from pipeline.parsers.reading import Draft
from schemas.article import Dateline

_DATELINE_DAYS: Final = 45
"""How far a dateline's day may lie from the publication to take its year: archives are reissued within weeks."""

_AGENCY = re.compile(r"\s*\([^()]{1,40}\)$")
_DAY = re.compile(r"(\d{4})-?(\d\d)-?(\d\d)(?!\d)")


def state_dateline(draft: Draft, words: str | None, day: str | None = None) -> None:
    """Note the dateline that a field states, once; a day without a year takes that of publication, set before.

    Args:
        draft: its dateline is set where none was stated before.
        words: the place, and perhaps a day and an agency as a story would open with.
        day: the ISO date where a field of its own gives it.
    """
    line = fold(words or "").strip(" -–—:")
    if draft.dateline is not None or not (line or day):
        return
    found = read_dateline(f"{line} - x") or read_dateline(f"{line} (Wire) - x")
    if found is None:
        # In another language the day is not told from the place, but its digits are.
        names = [part for part in _AGENCY.sub("", line).split(",") if not any(map(str.isdigit, part))]
        place = fold(",".join(names))
        found = read_dateline(f"{place} (Wire) - x")
        draft.dateline = Dateline(place=found.dateline.place if found else place or None, date=day)
        return
    near = None
    if found.date and draft.published_at:
        near = found.date.nearest(draft.published_at, within_days=_DATELINE_DAYS)
    draft.dateline = Dateline(place=found.dateline.place, date=day or found.dateline.date or near)


def settle_dateline(draft: Draft) -> None:
    """Set the dateline: the text's own, completed by the stated one; a day without a year takes that of publication."""
    stated = draft.dateline or Dateline()
    opening = date_by_dateline(draft)
    own = opening.dateline if opening else Dateline()
    day = own.date
    if opening and opening.date and day is None and draft.published_at:
        day = opening.date.nearest(draft.published_at, within_days=_DATELINE_DAYS)
    settled = Dateline(place=own.place or stated.place, date=day or stated.date)
    draft.dateline = settled if settled != Dateline() else None


def day_of(value: str | None) -> str | None:
    """Return the ISO date that a date field begins with, extended or compact; None where there is none."""
    found = _DAY.match((value or "").strip())
    if found is None:
        return None
    with suppress(ValueError):
        return date(int(found[1]), int(found[2]), int(found[3])).isoformat()
    return None
