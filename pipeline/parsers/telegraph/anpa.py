"""ANPA 1312: the wires of North America.

SYN SYN SOH a0123 US ----- CR LF        service letter, story number, selector
r i DC3 DC1 BC-Norland-Flood 1stLd-Writethru a0101 03-06 0450 CR LF
                                        priority, category, format; keyword, version, reference, day, words
STX ^BC-Norland-Flood, 1st Ld-Writethru,0450<
^Flood displaces thousands in Norland<  headline
^Eds: ADDS details.<                    to editors
^By IDA HOLM=                           byline
TAB HARBOUR CITY, Norland (AP) _ The river rose …
^AP-ES-03-06-17 1015EST<                when it was sent
ETX CR LF … EOT
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from pipeline.errors import NoArticle
from pipeline.parsers.dateline import read_dateline
from pipeline.parsers.plain_text import date_by_dateline
from pipeline.parsers.reading import Draft, Reading
from pipeline.parsers.telegraph import wire
from pipeline.parsers.telegraph.framing import Message
from pipeline.parsers.telegraph.slugs import Slug, is_keyword_line, read_slug
from pipeline.parsers.telegraph.trailer import Sent, is_trailer, read_trailer, set_sent
from pipeline.parsers.telegraph.typography import Line, lines_of, plain

NAME: Final = "anpa-1312"
VERSION: Final = "1"
MEDIA_TYPES: Final = frozenset({"text/vnd.iptc.anpa", "application/vnd.iptc.anpa"})
SUFFIXES: Final = (".anpa", ".anp")

MAX_HEAD_LINES: Final = 40
"""Most lines above a story; agencies send at most a dozen."""

_HEADER = re.compile(
    r"(?P<service>[A-Za-z]{0,3}) ?(?P<number>\d{1,5})(?: (?P<selector>[\w-]{1,15}))?? "
    r"(?P<priority>[A-Za-z]) (?P<category>[A-Za-z])(?: (?P<rest>\S.{0,300}))?"
)
_CONTROLS = re.compile(r"[\x00-\x20\x7f]+")
_TABULAR = re.compile("[\x13\x14]\x12")
_DAY = re.compile(r"\d{1,2}-\d{1,2}")
_BYLINE = re.compile(r"(?:by|par|von|por)\s+(?P<name>[^\W\d_][^!?:;]{1,88})", re.IGNORECASE)
_LABELLED = re.compile(r"(?P<label>HL|INDEX|Headline|HEADLINE):\s?(?P<value>.+)")
_OFFICE = re.compile(
    r"(?:The )?[A-Z][\w .&'’-]{1,50}"
    r"(?:Writers?|Staff|Correspondent|Reporter|Editor|Columnist|Press|News|Service|Analyst)\.?"
    r"|THE [A-Z ]{4,40}|(?:AP|UPI|CP|AFP|Reuters|dpa)"
)
_END = re.compile(r"\(?(?:MORE|END|end adv.{0,30}|End Adv.{0,30}|more)\)?|-?30-?|#{1,5}|___|--")


@dataclass(frozen=True, slots=True)
class _Header:
    priority: str
    category: str
    slug: Slug | None
    day: str | None
    tabular: bool


def recognizes(reading: Reading) -> bool:
    """Tell by a frame whose header gives priority and category as letters."""
    if not reading.framed:
        return False
    head = reading.text[reading.text.find("\x01") + 1 : reading.text.find("\x02")]
    return _read_header(head) is not None


def wire_id(reading: Reading) -> str | None:
    """Return slug and day of the one message; None where there are several, or they are not known."""
    found = wire.messages(reading)
    return _draft(found[0]).wire_id if len(found) == 1 else None


def parse(reading: Reading) -> list[Draft]:
    """Return a draft for each message.

    Raises:
        NoArticle: a message has no words.
    """
    found = wire.messages(reading)
    return wire.one_by_one(found, [_draft(message) for message in found])


def _read_header(header: str) -> _Header | None:
    flat = _CONTROLS.sub(" ", header).strip()
    found = _HEADER.fullmatch(flat)
    if found is None:
        return None
    words = (found["rest"] or "").split()
    count = words.pop() if words and re.fullmatch(r"\d{3,5}", words[-1]) else None
    day = words.pop() if words and _DAY.fullmatch(words[-1]) else None
    slug = read_slug(",".join([*words, *([count] if count else [])])) if words else None
    return _Header(found["priority"], found["category"], slug, day, _TABULAR.search(header) is not None)


def _draft(message: Message) -> Draft:
    header = _read_header(message.header)
    lines = lines_of(plain(message.text), tabular=header is not None and header.tabular)
    draft = Draft()
    slug = header.slug if header else None
    if header is None:
        draft.warnings.append("header: missing or damaged; priority, category and day are unknown")
    else:
        draft.urgency = wire.urgency_of(header.priority)
        draft.subjects = [wire.subject("anpa", header.category)]
    sent = _take_sent(lines, message)
    slug = _take_head(lines, draft, slug)
    draft.paragraphs = [line.text for line in lines if not _END.fullmatch(line.text)]
    _as_flash(draft)
    if slug is not None:
        draft.slug, draft.version = slug.name, slug.label
        draft.keywords = draft.keywords or slug.keywords
    wire.check_whole(draft, message, slug.words if slug else None)
    set_sent(draft, sent)
    draft.wire_id = wire.story_id(slug, _day(header, sent))
    wire.set_kind(draft, slug)
    date_by_dateline(draft)
    return draft


def _take_sent(lines: list[Line], message: Message) -> Sent:
    """Take the closing line out of the text; it stands at its end or behind it."""
    for number in range(len(lines) - 1, max(-1, len(lines) - 4), -1):
        if is_trailer(lines[number].text):
            return read_trailer(lines.pop(number).text)
    return read_trailer(message.trailer)


def _take_head(lines: list[Line], draft: Draft, slug: Slug | None) -> Slug | None:
    """Move the lines above the story into the draft; what is none of the known lines stays in the text."""
    taken = 0
    kept: list[Line] = []
    for line in lines[:MAX_HEAD_LINES]:
        known = line.marked or is_keyword_line(line.text) or wire.is_for_editors(line.text)
        labelled = _LABELLED.fullmatch(line.text)
        if not known:
            break
        if is_keyword_line(line.text) or (slug and line.text.startswith(slug.name)):
            slug = _joined(slug, read_slug(line.text))
        elif wire.is_for_editors(line.text):
            draft.notes.append(line.text)
        elif byline := _BYLINE.fullmatch(line.text):
            draft.byline = draft.byline or byline["name"].strip()
        elif labelled and labelled["label"] == "INDEX":
            draft.keywords = [part.strip() for part in labelled["value"].split(",")]
        elif wire.is_cue(line.text) or (draft.byline and _OFFICE.fullmatch(line.text)):
            pass
        elif not labelled and read_dateline(line.text):
            break
        elif draft.headline is None:
            draft.headline = labelled["value"] if labelled else line.text
        else:
            kept.append(line)
        taken += 1
    lines[:taken] = kept
    return slug


def _joined(header: Slug | None, text: Slug) -> Slug:
    """Return the keyword line of the text, filled up from the header's."""
    if header is None:
        return text
    return Slug(
        header.name or text.name,
        text.version or header.version,
        text.piece or header.piece,
        text.kind or header.kind,
        text.words or header.words,
    )


def _as_flash(draft: Draft) -> None:
    """A flash is one line: headline and text in one."""
    if not draft.paragraphs and draft.headline:
        draft.paragraphs = [draft.headline]
    elif not draft.paragraphs and draft.notes:
        draft.paragraphs = list(draft.notes)
    if not any(letter.isalpha() for line in draft.paragraphs for letter in line):
        raise NoArticle("this telegraph message holds no words.")


def _day(header: _Header | None, sent: Sent) -> str | None:
    """Return the day of filing with the year of sending; the header's day alone where no year is known."""
    if header is not None and header.day:
        return f"{header.day}-{sent.at:%y}" if sent.at else header.day
    return f"{sent.at:%m-%d-%y}" if sent.at else None
