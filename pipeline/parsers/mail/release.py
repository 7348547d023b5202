"""What stands around the story in a mail: forwarding headings, signatures, list footers, the marks of a release."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Final

from pipeline.parsers.canonical import fold

MAX_FOOTER_CHARS: Final = 700
"""Longest paragraph that may be a footer; a longer one is part of the story, whatever it mentions."""

MAX_BANNER_CHARS: Final = 200
"""The same for a line over the story."""

MAX_NOTE_CHARS: Final = 1_000
"""Longest note above a forwarded mail; under more text than that the forwarded part is an appendix."""

_FORWARDED = re.compile(
    r"(?:-{2,}\s*)?(?:Forwarded message|Original Message|Begin forwarded message:|Weitergeleitete Nachricht|"
    r"Ursprüngliche Nachricht|Message transféré|Message d'origine|Mensaje reenviado)(?:\s*-{2,})?",
    re.IGNORECASE,
)
_HEADING = re.compile(
    r"\*?(From|Subject|Date|Sent|To|Cc|Reply-To|Von|Betreff|Datum|Gesendet|An|De|Objet|À)\s?:\*?\s*(.*)", re.IGNORECASE
)
_NAMES: Final = {
    "von": "from",
    "de": "from",
    "betreff": "subject",
    "objet": "subject",
    "sent": "date",
    "datum": "date",
    "gesendet": "date",
}
_SUBJECT_PREFIX = re.compile(
    r"(?:(?:re|fwd?|aw|wg|tr|rv|(?:news|press|media) release|for immediate release|pressemitteilung)\s?:"
    r"|\[[^\]]{1,40}\])\s*",
    re.IGNORECASE,
)
_RULE = re.compile(r"[_=*-]{10,}")
_RELEASE = re.compile(
    r"\W{0,3}(?:for immediate release|(?:news|press|media) release|press statement|communiqué(?: de presse)?|"
    r"pressemitteilung|comunicado de prensa|zur sofortigen veröffentlichung|pour diffusion immédiate)\W{0,3}",
    re.IGNORECASE,
)
_END_MARK = re.compile(r"\W{0,3}(?:#\s?#\s?#|-\s?30\s?-|\*\s?\*\s?\*|ends?|fin|ende)\W{0,3}|[#*]{3,}", re.IGNORECASE)
_SIGNATURE_LINES: Final = 20


@dataclass(slots=True)
class Forwarded:
    """The headings of a forwarded mail, by their English names, the lines under them, and the note above."""

    headings: dict[str, str] = field(default_factory=dict)
    lines: list[str] = field(default_factory=list)
    note: str = ""


def split_forwarded(lines: list[str]) -> Forwarded | None:
    """Return the forwarded mail in a mail; None where none is, or where it is an appendix to a story."""
    note_chars = 0
    for number, line in enumerate(lines):
        marker = len(line) < 80 and _FORWARDED.fullmatch(line.strip())
        if marker:
            found = _headings(lines[number + 1 :])
            found.note = fold(" ".join(lines[:number]))
            return found if found.headings else None
        note_chars += len(line.strip())
        if note_chars > MAX_NOTE_CHARS:
            return None
    return None


def _headings(lines: list[str]) -> Forwarded:
    found = Forwarded()
    for number, line in enumerate(lines):
        match = _HEADING.fullmatch(line.strip()[:400])
        if match:
            name = match[1].casefold()
            found.headings.setdefault(_NAMES.get(name, name), match[2].strip())
        elif line.strip() or found.headings:
            found.lines = lines[number:]
            break
    return found


def clean_subject(subject: str) -> str:
    """Return a subject without Re, Fwd and the name of a list."""
    while found := _SUBJECT_PREFIX.match(subject):
        if found.end() == len(subject):
            break
        subject = subject[found.end() :]
    return subject


def without_signature(lines: list[str]) -> list[str]:
    """Cut a signature ("-- " on a line of its own) and a list's footer under a rule from the foot of a mail."""
    for number in range(len(lines) - 1, max(-1, len(lines) - _SIGNATURE_LINES - 1), -1):
        line = lines[number].rstrip("\r\n")
        below = " ".join(lines[number + 1 :])
        if line in {"-- ", "--", "\u2014 "} or (_RULE.fullmatch(line.strip()) and is_footer(below)):
            return without_signature(lines[:number])
    return lines


def is_footer(paragraph: str) -> bool:
    """Tell what a list or a mail program put there from the story."""
    if not paragraph or len(paragraph) > MAX_FOOTER_CHARS:
        return False
    folded = paragraph.casefold()
    return any(phrase in folded for phrase in _footers())


def take_marks(paragraphs: list[str]) -> tuple[list[str], list[str]]:
    """Return the paragraphs of the story, and the headings of a release that stood above it."""
    start, end = 0, len(paragraphs)
    while end and is_footer(paragraphs[end - 1]):
        end -= 1
    while start < end and len(paragraphs[start]) < MAX_BANNER_CHARS and is_footer(paragraphs[start]):
        start += 1
    paragraphs = paragraphs[start:end]
    marks = [line for line in paragraphs[:6] if _RELEASE.fullmatch(line)]
    kept = [line for line in paragraphs if line not in marks and not _END_MARK.fullmatch(line)]
    return kept, marks


def is_person(name: str) -> bool:
    """Tell a person's name from that of an office: two to four capitalized words, none of an office's."""
    words = name.replace(",", " ").split()
    return (
        2 <= len(words) <= 4
        and all(word[:1].isupper() or word in {"van", "von", "de", "al", "bin", "da", "del", "der"} for word in words)
        and all(word.replace("-", "").replace(".", "").replace("'", "").replace("’", "").isalpha() for word in words)
        and not any(word.casefold().strip(".") in _office_words() for word in words)
        and not (name.isupper() and len(words) > 2)
    )


@cache
def _footers() -> tuple[str, ...]:
    return tuple(_words("mail_footers.txt"))


@cache
def _office_words() -> frozenset[str]:
    return frozenset(_words("office_words.txt"))


def _words(name: str) -> list[str]:
    path = Path(__file__).parents[1] / "data" / name
    return [line for line in path.read_text("utf-8").splitlines() if line and not line.startswith("#")]
