"""Photo captions: the credit at the end, the place and the day before it."""

from __future__ import annotations

import re

from pipeline.parsers.dates import TextDate, find_date
from schemas.article import Media

MAX_CHARS = 700
"""Longest caption. Longer is a paragraph of the story."""

MAX_CREDIT_CHARS = 80

_NAME = r"[A-Z][\w.'’-]*"
# Each repetition below starts with a separator that its word cannot hold: no line can be split in two ways.
_NAMES = rf"{_NAME}(?: {_NAME}){{0,3}}"
_CREDIT = re.compile(
    rf"(?:^|(?<=[.!?”\"’)\]]) | (?=[(\[]))(?P<credit>"
    rf"[(\[]?{_NAMES} ?/ ?{_NAME}(?:[ /](?:{_NAME}|de|van|von|al|el|bin|da|di|via)){{0,5}}[)\]]?"
    rf"|[(\[]?(?i:photo|photograph|picture|image|credit|courtesy|file photo|foto)s?"
    rf"(?i: by| courtesy of| credit)?:? ?[A-Z][^.]{{1,60}}[)\]]?"
    rf"|[(\[]?(?:{_NAME} ){{0,3}}(?:Photo|PHOTO|Images|IMAGES|Pictures|PICTURES|via Getty Images)"
    rf"(?: ?/ ?[^.]{{1,50}})?[)\]]?"
    rf"|[(\[]{_NAMES}[)\]]"
    rf")\.?$"
)
_LABEL = re.compile(
    r"^(?:file )?(?:photo|photograph|picture|image|credit)s?(?: (?:by|credit|courtesy of))?:? ?(?<=[:y])\s*",
    re.IGNORECASE,
)
_LABELLED = re.compile(r"\b(?:photo|photograph|picture|image|credit)s?(?: by\b|:)", re.IGNORECASE)
_SEGMENT = re.compile(rf"(?:{_NAME}|of|the|al|and|de|del|la|du|el)(?: (?:{_NAME}|of|the|al|and|de|del|la|du|el))*")
_AFTER_PREPOSITION = re.compile(
    rf"\b(?:in|at|near|outside|from|off|of|on the outskirts of)\s+(?:the\s+)?"
    rf"(?P<place>{_NAME}(?: (?:{_NAME}|of|and|de|del|al))*)$"
)


def read_caption(line: str, *, media_id: str | None = None) -> Media:
    """Return the picture that a caption line describes; the caption keeps its place and date, the credit leaves it.

    A line longer than `MAX_CHARS` is a caption as a whole.
    """
    if len(line) > MAX_CHARS:
        return Media(id=media_id, caption=line)
    caption, credit = split_credit(line)
    day = find_date(caption, last=True)
    return Media(
        id=media_id,
        caption=caption or None,
        credit=credit,
        taken_on=day.iso if day else None,
        place=_place(caption, day) if day else None,
    )


def split_credit(line: str) -> tuple[str, str | None]:
    """Split a caption line into caption and credit, the credit without its brackets; None where there is none."""
    found = _CREDIT.search(line, max(0, len(line) - MAX_CREDIT_CHARS))
    if found is None:
        return line, None
    return line[: found.start()].strip(), _LABEL.sub("", found["credit"].strip("()[]. ")) or None


def find_caption(line: str, *, media_id: str | None = None) -> Media | None:
    """Return the picture where a line is a caption and no paragraph, else None.

    A caption is short and ends with a credit, and the credit has a label or an agency's slash, or a full date stands
    before it.
    """
    if len(line) > MAX_CHARS or split_credit(line)[1] is None:
        return None
    media = read_caption(line, media_id=media_id)
    if media.caption is None or media.credit is None:
        return None
    labelled = _LABELLED.search(line, len(media.caption))
    return media if "/" in media.credit or media.taken_on or labelled else None


def _place(caption: str, day: TextDate) -> str | None:
    """Return the names that stand directly before the date: "in Mosul, Iraq, March 6, 2017" gives "Mosul, Iraq"."""
    segments = [segment.strip() for segment in re.sub(r"(?:,|\bon)?\s*$", "", caption[: day.start]).split(",")]
    names: list[str] = []
    for segment in reversed(segments):
        if len(segments) > 1 and segment is not segments[0] and _SEGMENT.fullmatch(segment) and segment[:1].isupper():
            names.insert(0, segment)
            continue
        if found := _AFTER_PREPOSITION.search(segment):
            names.insert(0, found["place"])
        break
    return ", ".join(names[-3:]) or None
