"""Plain text: paragraphs, perhaps under a headline.

The first paragraph is the headline when it stands on one line of its own, is at most `MAX_HEADLINE_CHARS` long, does
not end like a sentence, opens with no dateline, and more text follows. The article's warnings say so.
"""

from __future__ import annotations

import re
from itertools import islice
from typing import Final

from pipeline.errors import NoArticle
from pipeline.parsers.canonical import fold, is_boilerplate, lines_of, paragraphs_from
from pipeline.parsers.dateline import Opening, read_dateline
from pipeline.parsers.dates import to_instant
from pipeline.parsers.reading import Draft, Reading
from pipeline.parsers.stamp import take_stamps

NAME: Final = "plain-text"
VERSION: Final = "2"
MEDIA_TYPES: Final = frozenset({"text/plain"})
SUFFIXES: Final = (".txt", ".text")

MAX_HEADLINE_CHARS: Final = 150
"""Longest headline; wires cap theirs near 100."""

MAX_BYLINE_CHARS: Final = 90

_SENTENCE_END = re.compile(r"[.:;,…][\"'”’»)]*$")
_INITIALISM_END = re.compile(r"\b(?:[A-Z]\.){2,}$")
_BYLINE = re.compile(r"by\s+(?P<name>[^\W\d_][^.!?:;]+)", re.IGNORECASE)


def recognizes(_reading: Reading) -> bool:
    """Any text is plain text."""
    return True


def wire_id(_reading: Reading) -> str | None:
    """Plain text carries no id."""
    return None


def parse(reading: Reading) -> list[Draft]:
    """Return the one draft of a plain text.

    Raises:
        InputError: there is no text.
    """
    draft = Draft()
    lines = take_stamps(lines_of(reading.text), draft)
    if found := headline_of(lines):
        draft.headline, number = found
        draft.warnings.append("headline: taken from the first line, which is short, alone and ends like no sentence")
        lines = lines[number + 1 :]
    draft.paragraphs = [paragraph for paragraph in paragraphs_from(lines) if not is_boilerplate(paragraph)]
    take_byline(draft)
    if not any(letter.isalpha() for paragraph in draft.paragraphs for letter in paragraph):
        raise NoArticle("there is no article text in this plain text.")
    date_by_dateline(draft)
    return [draft]


def headline_of(lines: list[str]) -> tuple[str, int] | None:
    """Return the first line of a text and its number where it looks like a headline, else None."""
    filled = list(islice(((number, line) for number, line in enumerate(lines) if line.strip()), 2))
    if len(filled) < 2 or not _stands_alone(filled):
        return None
    first = fold(filled[0][1])
    if len(first) > MAX_HEADLINE_CHARS or not any(map(str.isalpha, first)):
        return None
    sentence = _SENTENCE_END.search(first) and not _INITIALISM_END.search(first)
    if sentence or read_dateline(first + " x"):
        return None
    return first, filled[0][0]


def _stands_alone(filled: list[tuple[int, str]]) -> bool:
    """A blank line follows, or the next line is so much longer that nobody wrapped the two together."""
    (number, first), (after, following) = filled[:2]
    return after > number + 1 or len(following) > max(len(first) + 30, 100)


def take_byline(draft: Draft) -> None:
    """Move a byline ("By Jane Roe, Staff Writer") from the head of the paragraphs into the draft."""
    if not draft.paragraphs or len(draft.paragraphs[0]) > MAX_BYLINE_CHARS:
        return
    found = _BYLINE.fullmatch(draft.paragraphs[0])
    if found and found["name"][:1].isupper() and len(draft.paragraphs) > 1:
        draft.byline = draft.byline or found["name"].strip()
        del draft.paragraphs[0]


def opening_of(draft: Draft) -> Opening | None:
    """Return the dateline of the first paragraph, or of the second under a note in parentheses ("(Corrects …)")."""
    paragraphs = draft.paragraphs[:2]
    if len(paragraphs) == 2 and paragraphs[0].startswith("(") and paragraphs[0].endswith(")"):
        del paragraphs[0]
    return read_dateline(paragraphs[0]) if paragraphs else None


def date_by_dateline(draft: Draft) -> Opening | None:
    """Fill the dateline from the text, and the time of publication from it when nothing else gave one; return it."""
    opening = opening_of(draft)
    if opening is None:
        return None
    draft.dateline = draft.dateline or opening.dateline
    if draft.published_at is None and opening.dateline.date and (at := to_instant(opening.dateline.date)):
        draft.published_at, draft.published_accuracy = at, "day" if len(opening.dateline.date) == 10 else "month"
        draft.warnings.append("published_at: inferred from the date in the dateline; the time of day is unknown")
    return opening
