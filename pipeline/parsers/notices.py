"""Notices that only the prose gives: corrections, kills, withdrawals, holds and embargoes, for every dialect.

They stand where agencies put them and in the forms agencies use: at the beginning of a headline, in the first or last
paragraphs, in a line to editors. Anywhere else such words are news. What the wire's own fields say wins over them, and
a warning says what was inferred. A cancelled article loses its figures, so whatever is not plainly a notice is none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Final

from pipeline.parsers.dates import find_date
from pipeline.parsers.drafting import LAST_ZONE
from pipeline.parsers.reading import Draft
from pipeline.parsers.zones import find_time, in_zone, zone_names
from schemas.article import Correction

HEAD_PARAGRAPHS: Final = 4
TAIL_PARAGRAPHS: Final = 3
"""Where notices stand: above the story, or under it."""

MAX_LINE_CHARS: Final = 600
"""How much of a paragraph is looked at: notices begin it."""

MAX_EMBARGO_CHARS: Final = 160
"""Longest line that may be an embargo; the time stands at its beginning."""

MAX_VOID_CHARS: Final = 1_500
"""A text that takes a story back is short; under a longer one stands the story itself."""

_DAYS_AROUND: Final = 200
_SAID = re.compile(r"\b(?:said|says|say|told|according to|announced|reported|tweeted|sagte|selon)\b")
_VOID = re.compile(
    r"\b(?:this|the|our|that) "
    r"(?:story|article|report|item|release|dispatch|version|copy|alert|headline|meldung|dépêche)\b.{0,200}"
    r"\b(?:withdrawn|retracted|removed|erroneous|in error|cancelled|do not use|should not|no longer|zurückgezogen)"
    r"\b",
    re.IGNORECASE,
)
_RELEASE = re.compile(r"\W{0,3}for\b", re.IGNORECASE)
_BARE = re.compile(r"\W{0,3}(?:STRICTLY |NEWS )?EMBARGOED\b|\W{0,3}(?:UNDER|STRICT)\b|\W{0,3}(?:HOLD|SPERRFRIST|NOT)\b")
_ASKS_WHEN = re.compile(r"\b(?:UNTIL|TILL|BEFORE|PRIOR TO|RELEASE|PUBLICATION|HASTA|SPERRFRIST)$|[:–—-]$")
_WORD = re.compile(r"[^\W\d_][\w.]*")


@dataclass(frozen=True, slots=True)
class _Cue:
    kind: str
    where: str
    pattern: re.Pattern[str]
    weak: bool


@dataclass(frozen=True, slots=True)
class _Notice:
    kind: str
    line: str
    rest: str


def apply_notices(draft: Draft, received_at: datetime) -> None:
    """Set status, correction and embargo of a draft by the notices in its headline, notes, head and foot.

    Args:
        draft: what the dialect found.
        received_at: when the item came; gives an embargo without a year its year.
    """
    found = list(_notices(draft))
    for kind in ("kill", "withdrawal", "hold", "correction"):
        notice = next((notice for notice in found if notice.kind == kind), None)
        if notice is not None:
            _apply(draft, notice)
            break
    if draft.embargoed_until is None and draft.status == "usable":
        _set_embargo(draft, [notice for notice in found if notice.kind == "embargo"], received_at)


def is_embargo(line: str) -> bool:
    """Tell a line that holds a story back until a time, or without saying until when."""
    return any(_embargo_of(notice) is not None for notice in _in_line(line, "line") if notice.kind == "embargo")


def _apply(draft: Draft, notice: _Notice) -> None:
    said = f"inferred from the words {notice.line[:60]!r}"
    if notice.kind in {"kill", "withdrawal"}:
        if draft.status != "cancelled":
            draft.status = "cancelled"
            draft.warnings.append(f"status: cancelled, {said}")
        if draft.correction is None:
            kind = "kill" if notice.kind == "kill" else "withdrawal"
            draft.correction = Correction.model_validate({"kind": kind, "note": notice.line})
    elif notice.kind == "hold" and draft.status == "usable":
        draft.status = "withheld"
        draft.correction = draft.correction or Correction(kind="advisory", note=notice.line)
        draft.warnings.append(f"status: withheld, {said}")
    elif notice.kind == "correction" and draft.correction is None:
        draft.correction = Correction(kind="correction", note=notice.line)
        draft.warnings.append(f"correction: {said}")


def _notices(draft: Draft) -> Iterator[_Notice]:
    """Yield the notices of a draft; the most telling line of a kind first: one of the text before the headline."""
    head = draft.paragraphs[:HEAD_PARAGRAPHS]
    foot = draft.paragraphs[max(HEAD_PARAGRAPHS, len(draft.paragraphs) - TAIL_PARAGRAPHS) :]
    for line in [*draft.notes, *head]:
        yield from _in_line(line, "line")
    for line in foot:
        yield from (notice for notice in _in_line(line, "line") if notice.kind in {"correction", "kill", "withdrawal"})
    for notice in _in_line(draft.headline or "", "headline"):
        if notice.kind != "void" or _says_void(draft):
            yield _Notice("withdrawal", notice.line, notice.rest) if notice.kind == "void" else notice


def _says_void(draft: Draft) -> bool:
    text = " ".join(draft.paragraphs[:8])[: MAX_VOID_CHARS + 1]
    return len(text) <= MAX_VOID_CHARS and _VOID.search(text) is not None


def _in_line(line: str, where: str) -> Iterator[_Notice]:
    line = line[:MAX_LINE_CHARS].strip()
    if not _holds_stem(line):
        return
    for cue in _cues():
        if cue.where == "headline" and where != "headline":
            continue
        found = cue.pattern.fullmatch(line) if cue.where == "whole" else cue.pattern.match(line)
        if found is None or (cue.kind == "withdrawal" and cue.where == "line" and _SAID.search(line, found.start())):
            continue
        yield _Notice("void" if cue.weak else cue.kind, line, line[found.end() :])


def _holds_stem(text: str) -> bool:
    folded = text.casefold()
    for stem in _stems():  # noqa: SIM110 - a generator costs five times as much, on every line of every article
        if stem in folded:
            return True
    return False


def _set_embargo(draft: Draft, notices: list[_Notice], received_at: datetime) -> None:
    """Hold the article until the first time that can be read; where there is a notice but no time, without end."""
    lines = [(notice, when) for notice in notices if (when := _embargo_of(notice)) is not None]
    if not lines:
        return
    near = draft.published_at or received_at
    for notice, when in lines:
        if until := _until(when, near):
            draft.embargoed_until = until
            draft.warnings.append(f"embargo: inferred from the words {notice.line[:60]!r}")
            return
    draft.status = "withheld"
    draft.warnings.append(
        f"embargo: {lines[0][0].line[:60]!r} names no time that can be read; withheld until a version says more"
    )


def _embargo_of(notice: _Notice) -> str | None:
    """Return the words that say when; None where the line is no embargo after all.

    It is one when only words of time follow the cue, or when a cue in capitals asks for a time ("EMBARGOED UNTIL").
    """
    rest = notice.rest[:MAX_EMBARGO_CHARS]
    cue = notice.line[: len(notice.line) - len(notice.rest)].strip()
    capitals = cue.isupper()
    dated = find_date(rest[:80]) is not None or find_time(rest[:80]) is not None
    words = _WORD.findall(rest)
    only_time = len(notice.rest) <= MAX_EMBARGO_CHARS and all(map(_is_time_word, words))
    if _RELEASE.match(cue):
        # "For release" without a time says that the story may be used.
        return rest if dated and (only_time or capitals) else None
    if only_time:
        return rest if words or dated or (capitals and _BARE.match(cue)) else None
    return rest if capitals and _ASKS_WHEN.search(cue) and (dated or rest.isupper() or cue.endswith(":")) else None


def _is_time_word(word: str) -> bool:
    folded = word.casefold()
    return folded in _time_words() or folded.strip(".") in _time_words() or folded.upper() in zone_names()


def _until(words: str, near: datetime) -> datetime | None:
    """Return the moment that some words name; without a zone, the one when it has come everywhere."""
    day = find_date(words)
    iso = day and day.day and (day.iso or day.nearest(near, within_days=_DAYS_AROUND))
    if not iso:
        return None
    clock = find_time(words[: day.start] + " " * (day.end - day.start) + words[day.end :]) if day else None
    at = datetime.combine(date.fromisoformat(iso), clock.at if clock else datetime.min.time())
    if clock and clock.zone:
        return in_zone(at, clock.zone).astimezone(UTC)
    return at.replace(tzinfo=UTC) + LAST_ZONE


@cache
def _cues() -> tuple[_Cue, ...]:
    rows = [line.split(" | ", 2) for line in _lines("notices.txt")]
    return tuple(_Cue(kind.rstrip("?"), where, re.compile(text), kind.endswith("?")) for kind, where, text in rows)


@cache
def _stems() -> tuple[str, ...]:
    return tuple(_lines("notice_stems.txt"))


@cache
def _time_words() -> frozenset[str]:
    return frozenset(word for line in _lines("notice_times.txt") for word in line.split())


def _lines(name: str) -> list[str]:
    path = Path(__file__).parent / "data" / name
    return [line for line in path.read_text("utf-8").splitlines() if line and not line.startswith("#")]
