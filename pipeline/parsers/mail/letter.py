"""E-mail as a dialect: subject, sender, date and Message-ID from the header, the story from its parts."""

from __future__ import annotations

import re
from email.message import Message
from email.utils import parseaddr
from typing import Any, Final

from pipeline.errors import NoArticle
from pipeline.parsers.canonical import fold, is_boilerplate
from pipeline.parsers.drafting import set_times
from pipeline.parsers.language import language_tag
from pipeline.parsers.mail import release
from pipeline.parsers.mail.tree import header, open_mail, paragraphs_in, read_parts
from pipeline.parsers.notices import is_embargo
from pipeline.parsers.plain_text import date_by_dateline, take_byline
from pipeline.parsers.reading import Draft, Reading

NAME: Final = "e-mail"
VERSION: Final = "1"
MEDIA_TYPES: Final = frozenset({"message/rfc822", "message/global"})
SUFFIXES: Final = (".eml", ".mail")

_MESSAGE_ID = re.compile(r"<?\s*([^<>\s]{3,250})\s*>?")
_ADDRESS = re.compile(r"<(https?://[^<>\s]+)>")


def recognizes(reading: Reading) -> bool:
    """Tell by the fields of the header."""
    return reading.mail


def wire_id(reading: Reading) -> str | None:
    """Return the Message-ID: replies and superseded mails are other mails."""
    return _message_id(_open(reading))


def parse(reading: Reading) -> list[Draft]:
    """Return the one draft of a mail.

    Raises:
        NoArticle: no part of it has words.
        UnsafeItem: it has too many parts, or too deep ones.
    """
    message = _open(reading)
    parts = read_parts(message)
    draft = Draft(wire_id=_message_id(message), warnings=parts.warnings[:20])
    draft.headline = _subject(header(message, "subject"))
    lines, sender, sent = _unforwarded(message, parts.lines, draft)
    _set_story(draft, paragraphs_in(parts, release.without_signature(lines)))
    set_times(draft, [("date", sent)])
    draft.byline = draft.byline or _person(sender)
    draft.language = language_tag(header(message, "content-language"))
    draft.keywords = [word.strip() for word in (header(message, "keywords") or "").split(",") if word.strip()]
    archived = _ADDRESS.search(header(message, "archived-at") or "")
    draft.uri = archived[1] if archived else None
    date_by_dateline(draft)
    return [draft]


def _unforwarded(
    message: Message[Any, Any], lines: list[str], draft: Draft
) -> tuple[list[str], str | None, str | None]:
    """Return the lines of the story, its sender and its date: of the forwarded mail, where one was forwarded."""
    sender, sent = header(message, "from"), header(message, "date")
    forwarded = release.split_forwarded(lines)
    if forwarded is None:
        return lines, sender, sent
    draft.headline = _subject(forwarded.headings.get("subject")) or draft.headline
    draft.warnings.append("this mail was forwarded; sender, subject and date are those of the forwarded one")
    if forwarded.note:
        draft.warnings.append(f"a note of {len(forwarded.note)} characters above the forwarded mail was left out")
    return forwarded.lines, forwarded.headings.get("from", sender), forwarded.headings.get("date", sent)


def _open(reading: Reading) -> Message[Any, Any]:
    body = reading.body.lstrip(b"\xef\xbb\xbf")
    first, newline, rest = body.partition(b"\n")
    # What mailboxes put before a mail is no field, and would end the header at once.
    return open_mail(rest if newline and first.lstrip(b">").startswith(b"From ") else body)


def _set_story(draft: Draft, paragraphs: list[str]) -> None:
    kept, marks = release.take_marks([line for line in paragraphs if not is_boilerplate(line)])
    embargoes = [line for line in kept[:4] if is_embargo(line)] if len(kept) > 1 else []
    kept = [line for line in kept if line not in embargoes]
    draft.notes += [*marks, *embargoes]
    headline = (draft.headline or "").casefold()
    if len(kept) > 1 and kept[0].casefold() == headline:
        del kept[0]
    draft.paragraphs = kept
    take_byline(draft)
    if not any(letter.isalpha() for line in draft.paragraphs for letter in line):
        raise NoArticle("this mail holds no article text: no text or HTML part of it has words.")


def _subject(value: str | None) -> str | None:
    return release.clean_subject(fold(value)) or None if value else None


def _person(sender: str | None) -> str | None:
    name = fold(parseaddr(sender or "")[0] or (sender or "").partition("<")[0]).strip("\"'* ")
    if "," in name:
        last, _, first = name.partition(",")
        name = f"{first.strip()} {last.strip()}"
    return name if name and release.is_person(name) else None


def _message_id(message: Message[Any, Any]) -> str | None:
    found = _MESSAGE_ID.fullmatch(header(message, "message-id") or "")
    return found[1] if found else None
