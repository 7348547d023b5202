"""IPTC 7901: the wires of Europe and much of the world.

SOH bkn014 4 pl 171 … CR LF             source and number, priority, category, words
Norland/Flood CR LF                     keywords; more lines may follow
STX Flood displaces thousands=          headline, perhaps over two lines
By Ida Holm =                           byline
Harbour City (Tern) - The river rose …
ETX CR LF 061015 GMT MAR 17 CR LF EOT   day, time, month, year
"""

from __future__ import annotations

import re
from typing import Final

from pipeline.errors import NoArticle
from pipeline.parsers.canonical import fold, paragraphs_from
from pipeline.parsers.dateline import read_dateline
from pipeline.parsers.plain_text import date_by_dateline, headline_of, take_byline
from pipeline.parsers.reading import Draft, Reading
from pipeline.parsers.telegraph import wire
from pipeline.parsers.telegraph.framing import Message
from pipeline.parsers.telegraph.slugs import Slug, read_slug
from pipeline.parsers.telegraph.trailer import Sent, read_trailer, set_sent
from pipeline.parsers.telegraph.typography import lines_of, plain

NAME: Final = "iptc-7901"
VERSION: Final = "1"
MEDIA_TYPES: Final = frozenset({"text/vnd.iptc.7901", "application/vnd.iptc.7901"})
SUFFIXES: Final = (".iptc", ".7901")

_HEAD = re.compile(
    r"(?P<source>[A-Za-z]{1,6}) ?(?P<number>\d{2,6}) (?P<priority>[0-9]) (?P<category>[A-Za-z]{1,4})"
    r"(?: (?P<words>\d{1,5}))?(?: (?P<rest>\S.{0,200}))?"
)
_OWN_ID = re.compile(r"(?P<id>\d{6}-\d{1,3}-\d{3,8})#(?P<version>\d{1,3})")
_CONTROLS = re.compile(r"[\x00-\x09\x0b-\x20\x7f]+")
_BYLINE = re.compile(r"(?:by|par|von|por|da|door)\s+(?P<name>[^\W\d_][^!?:;=]{1,88})", re.IGNORECASE)
_OFFICE = re.compile(r",\s*(?:dpa|AFP|KNA|epd|AP|Reuters|APA|sid)(?:[-/\w]{0,12})$")
_SIGNATURE = re.compile(
    r"(?:[a-z]{2,4}(?:[-/][a-z]{2,5})?|[A-Z]{2,5})(?:[ /](?:[a-z]{1,3}\d?|[a-z]\d[a-z]?\d?|[\d.]{4,8})){1,6}"
)
_VERSION = re.compile(
    r"\((?:\d\. ?)?(?:Zusammenfassung|Gesamtzusammenfassung|Lead|LEAD|Neufassung|Neu|Ergänzung|Korrektur|Berichtigung"
    r"|Update|UPDATE|Actualisation|Synthèse|LEVER|Wiederholung)\b"
)
# "Askeby (bno) Die …", "Askeby (bno). Die …": the church agencies of Germany set no dash.
_BARE_DATELINE = re.compile(
    r"(?!(?:Der|Die|Das|Ein|Eine|Im|In|Bei|Nach|The|A) )(?P<place>[^\W\d_][^()\n]{1,60}?) "
    r"\((?P<agency>[A-Za-z]{2,10})\)\.? (?=[„»«“\"]?[A-ZÄÖÜÉ])"
)
_END = re.compile(r"(?:#|\*|=|\+|\(MORE\)|\(END\)|-30-|END|MORE|ENDS)+")

MAX_HEADLINE_LINES: Final = 3
"""Most lines before the `=` that ends a headline."""


def recognizes(reading: Reading) -> bool:
    """Tell by a frame whose header gives the priority as a digit."""
    if not reading.framed:
        return False
    head = reading.text[reading.text.find("\x01") + 1 : reading.text.find("\x02")]
    return _read_head(head)[0] is not None


def wire_id(reading: Reading) -> str | None:
    """Return the wire's own id or slug and day of the one message; None where there are several."""
    found = wire.messages(reading)
    return _draft(found[0]).wire_id if len(found) == 1 else None


def parse(reading: Reading) -> list[Draft]:
    """Return a draft for each message.

    Raises:
        NoArticle: a message has no words.
    """
    found = wire.messages(reading)
    return wire.one_by_one(found, [_draft(message) for message in found])


def _read_head(header: str) -> tuple[re.Match[str] | None, list[str]]:
    """Return the first line of a header taken apart, and its other lines."""
    lines = [line for raw in header.split("\n") if (line := _CONTROLS.sub(" ", raw).strip())]
    return (_HEAD.fullmatch(lines[0]), lines[1:]) if lines else (None, [])


def _draft(message: Message) -> Draft:
    draft = Draft()
    head, lines = _read_head(message.header)
    if head is None:
        draft.warnings.append("header: missing or damaged; priority and category are unknown")
    else:
        draft.urgency = int(head["priority"]) or None
        draft.subjects = [wire.subject("iptc", head["category"])]
    slug = _slug(lines, draft)
    _read_text(message.text, draft)
    sent = read_trailer(message.trailer)
    set_sent(draft, sent)
    wire.check_whole(draft, message, int(head["words"]) if head and head["words"] else None)
    _identify(draft, head, slug, sent)
    wire.set_kind(draft, slug)
    if date_by_dateline(draft) is None and (bare := _BARE_DATELINE.match(draft.paragraphs[0])):
        opening = read_dateline(f"{bare['place']} ({bare['agency']}) - x")
        draft.dateline = opening.dateline if opening else None
    return draft


def _slug(lines: list[str], draft: Draft) -> Slug | None:
    """Take keywords and notes out of the header's further lines."""
    named = [line for line in lines if not (line.startswith("(") or wire.is_for_editors(line))]
    draft.notes += [line for line in lines if line not in named]
    if not named:
        return None
    slug = read_slug(named[0].rstrip("= /"))
    draft.slug = slug.name
    draft.keywords = [part for line in [slug.name, *named[1:]] for part in Slug(line).keywords]
    draft.version = slug.label or next((note.strip("()") for note in draft.notes if _VERSION.match(note)), None)
    return slug


def _read_text(text: str, draft: Draft) -> None:
    lines = plain(text).replace("\r\n", "\n").replace("\r", "\n").split("\n")
    lines = _take_headings(lines, draft)
    if any("\t" in line or "   " in line.strip() for line in lines):
        paragraphs = [line.text for line in lines_of("\n".join(lines))]
    else:
        paragraphs = paragraphs_from(lines)
    while paragraphs and (_END.fullmatch(paragraphs[-1]) or _SIGNATURE.fullmatch(paragraphs[-1])):
        paragraphs.pop()
    draft.paragraphs = paragraphs
    take_byline(draft)
    if not draft.paragraphs and draft.headline:
        draft.paragraphs = [draft.headline]
    if not any(letter.isalpha() for line in draft.paragraphs for letter in line):
        raise NoArticle("this telegraph message holds no words.")


def _take_headings(lines: list[str], draft: Draft) -> list[str]:
    """Take what ends with `=` off the head of a text: the headline, then a byline, then headings and notes."""
    while block := _heading(lines):
        words, lines = fold(" ".join(block)).rstrip("= ").strip(), lines[len(block) :]
        if byline := _BYLINE.fullmatch(words):
            draft.byline = draft.byline or _OFFICE.sub("", byline["name"].strip())
        elif wire.is_for_editors(words) or (words.startswith("(") and words.endswith(")")):
            draft.notes.append(words)
        elif wire.is_cue(words) or not words:
            continue
        elif draft.headline is None:
            draft.headline = words
        else:
            lines = [words, "", *lines]
            break
    if draft.headline is None and (found := headline_of(lines)):
        draft.headline, number = found
        draft.warnings.append("headline: taken from the first line, which is short, alone and ends like no sentence")
        lines = lines[number + 1 :]
    return lines


def _heading(lines: list[str]) -> list[str]:
    """Return the lines at the head of a text that end with `=`, with blank ones before them."""
    block: list[str] = []
    filled = 0
    for line in lines:
        block.append(line)
        filled += bool(line.strip())
        if line.rstrip().endswith("="):
            return block
        if filled >= MAX_HEADLINE_LINES:
            break
    return []


def _identify(draft: Draft, head: re.Match[str] | None, slug: Slug | None, sent: Sent) -> None:
    own = _OWN_ID.search(head["rest"] or "") if head else None
    if own:
        draft.wire_id, draft.version = own["id"], own["version"]
        return
    source = head["source"].casefold() if head else None
    day = f"{sent.at:%Y-%m-%d}" if sent.at else None
    found = wire.story_id(slug, day)
    draft.wire_id = f"{source}|{found}" if found and source else found
