"""Page dumps: an archive's article page saved as lines of text.

    World News | The Example Post                           the site's own line
    (blank)
    Headline of the Story | THE EXAMPLE POST Archive 2005   the headline with the site's suffix
    Select Page                                             navigation
    Media ID: 12345678                                      the picture
    (blank)
    Caption, Place, Country, March 6, 2017. AGENCY/Name     what it shows, where, when, by whom
    (blank)
    Paragraphs.

Pages without a picture, without the site's line or without navigation are read as well.
"""

from __future__ import annotations

import re
from itertools import islice
from typing import Final

from pipeline.errors import NoArticle
from pipeline.parsers.canonical import fold, is_boilerplate, lines_of, paragraphs_from
from pipeline.parsers.caption import find_caption
from pipeline.parsers.dates import to_instant
from pipeline.parsers.plain_text import MAX_HEADLINE_CHARS, date_by_dateline, take_byline
from pipeline.parsers.reading import Draft, Reading
from pipeline.parsers.stamp import take_stamps
from schemas.article import Media

NAME: Final = "page-dump"
VERSION: Final = "2"
MEDIA_TYPES: Final[frozenset[str]] = frozenset()
SUFFIXES: Final[tuple[str, ...]] = ("\0",)
"""No file name speaks for this dialect."""

HEADER_LINES: Final = 12
"""How far down the header of a page may reach, blank lines not counted."""

MIN_HEADLINE_WORDS: Final = 3
"""Fewest words of a headline without a suffix: sections and menus have one or two."""

_HEAD_CHARS: Final = 4_000
_MEDIA_ID = re.compile(r"media id:\s*(?P<id>[\w.-]{1,64})", re.IGNORECASE)
_FROM_THE_FILES = re.compile(r"\b(?:file|archive) (?:photo|picture|image)|\barchive\b", re.IGNORECASE)
_SENTENCE_END = re.compile(r"[^.]\.[\"'”’)]*$")
_SUFFIX = " | "


def recognizes(reading: Reading) -> bool:
    """Tell by a media id line, or by a short line with a site's suffix, at the head of the text."""
    lines = list(islice(filter(None, map(fold, lines_of(reading.text[:_HEAD_CHARS]))), HEADER_LINES))
    return any(map(_MEDIA_ID.fullmatch, lines)) or any(map(_has_suffix, lines[:4]))


def wire_id(_reading: Reading) -> str | None:
    """A page dump carries no id: the media id is the picture's."""
    return None


def parse(reading: Reading) -> list[Draft]:
    """Return the one draft of a page.

    Raises:
        InputError: there is no story under the page's header.
    """
    draft = Draft()
    unfolded = take_stamps(lines_of(reading.text), draft)
    lines = list(map(fold, unfolded))
    header, media_id, start = _header(lines)
    draft.headline = _headline(header)
    draft.media, start = _pictures(lines, start, media_id)
    if media_id and not draft.media:
        draft.media = [Media(id=media_id)]
        draft.warnings.append("media: the page names a picture but has no caption for it")
    rest = range(start, len(lines))
    draft.paragraphs = paragraphs_from([unfolded[number] for number in rest if not is_boilerplate(lines[number])])
    take_byline(draft)
    if not draft.paragraphs:
        raise NoArticle("this page has a header but no story under it.")
    _date(draft)
    return [draft]


def _date(draft: Draft) -> None:
    """Infer the day of publication: the dateline's date, else the day the picture was taken."""
    date_by_dateline(draft)
    fresh = [media for media in draft.media if not _FROM_THE_FILES.search(media.caption or "")]
    taken = next((media.taken_on for media in fresh if media.taken_on and len(media.taken_on) == 10), None)
    if draft.published_at is None and taken and (at := to_instant(taken)):
        draft.published_at, draft.published_accuracy = at, "day"
        draft.warnings.append("published_at: inferred from the date of the photo caption; the time of day is unknown")


def _has_suffix(line: str) -> bool:
    return _SUFFIX in line and len(line) <= 2 * MAX_HEADLINE_CHARS and not line.endswith(".")


def _header(lines: list[str]) -> tuple[list[str], str | None, int]:
    """Return the header's lines without navigation, the media id, and the number of the line after the header."""
    media_id, end = None, 0
    filled = ((number, line) for number, line in enumerate(lines) if line)
    for number, line in islice(filled, HEADER_LINES):
        found = _MEDIA_ID.fullmatch(line)
        if not found and _begins_body(line):
            break
        if found or _has_suffix(line) or is_boilerplate(line):
            end = number + 1
        media_id = media_id or (found["id"] if found else None)
    kept = [line for line in lines[:end] if line and not _MEDIA_ID.fullmatch(line) and not is_boilerplate(line)]
    return kept, media_id, end


def _begins_body(line: str) -> bool:
    """A caption, or a line that ends like a sentence and bears no site's suffix; share buttons may follow those."""
    if _has_suffix(line) or is_boilerplate(line):
        return False
    return len(line) > MAX_HEADLINE_CHARS or _SENTENCE_END.search(line) is not None or find_caption(line) is not None


def _headline(header: list[str]) -> str | None:
    """Return the headline of a header without the site's suffix.

    It is the last line with a suffix, where there are two; else the longest under a site's own line, and where that is
    no more than a word of navigation, the one line with a suffix. The header's first line often names the site; the
    suffix begins where that name does, so that a bar within the headline itself survives.
    """
    if not header:
        return None
    above, line = _split(header)
    names = {part.casefold().strip() for part in (above[0].split(_SUFFIX) if above else ())}
    parts = line.split(_SUFFIX)
    for number, part in enumerate(parts):
        if number and any(part.casefold().startswith(name) for name in names if name):
            return _SUFFIX.join(parts[:number]).strip() or None
    return (_SUFFIX.join(parts[:-1]) if len(parts) > 1 else line).strip() or None


def _split(header: list[str]) -> tuple[list[str], str]:
    """Return the lines above the headline, and the headline."""
    suffixed = [number for number, line in enumerate(header) if _has_suffix(line)]
    at = suffixed[-1] if suffixed else len(header) - 1
    if len(suffixed) == 1 and at == 0 and len(header) > 1:
        longest = max(range(1, len(header)), key=lambda number: (len(header[number]), number))
        at = longest if len(header[longest].split()) >= MIN_HEADLINE_WORDS else at
    return header[:at], header[at]


def _pictures(lines: list[str], start: int, media_id: str | None) -> tuple[list[Media], int]:
    """Return the pictures at the head of the body, and where they end: at most three stand above a story."""
    pictures: list[Media] = []
    for number in range(start, len(lines)):
        line = lines[number]
        if not line or is_boilerplate(line):
            continue
        picture = find_caption(line, media_id=None if pictures else media_id) if len(pictures) < 3 else None
        if picture is None:
            return pictures, number
        pictures.append(picture)
    return pictures, len(lines)
