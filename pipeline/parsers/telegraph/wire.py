"""What the two telegraph dialects share: messages of an item, codes, identity, status, what editors are told."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Final

from pipeline.errors import ItemTooLarge, MalformedItem
from pipeline.limits import MAX_MESSAGES, MAX_TEXT_CHARS
from pipeline.parsers.reading import Draft, Reading
from pipeline.parsers.telegraph.framing import Message, messages_of
from pipeline.parsers.telegraph.slugs import Slug
from schemas.article import Correction, Subject

_EDITORS = re.compile(
    r"(?:Eds?(?:itors)?|EDS?(?:ITORS)?|(?:ATTENTION|Attention|Attn|ATTN)(?: [\w/,& -]{1,40})?|ACHTUNG|Achtung)"
    r"\s?[:.,-](?:\s?\S|$)|"
    r"(?:For|FOR|Hold|HOLD|Not for|NOT FOR|Embargo|EMBARGO)\w{0,2} (?:for |FOR )?"
    r"(?:Release|RELEASE|release|publication|until|UNTIL)\b|"
    r"(?:With|Also|See|For use with|Also moving|With photos?|Photos?)[ :](?:BC|AM|PM|AP|graphic|photo)|"
    r"AP (?:Photos?|Graphic|Video|Audio)|"
    r"(?:SYMBOL|Code|CODE|Update|UPDATE|Photos?|Graphics?|Video|Audio):|code:"
)
MIN_COUNTED: Final = 40
"""Least word count that is held against the text: agencies count headings as well."""

_CUES: Final = {
    "bulletin",
    "urgent",
    "flash",
    "news alert",
    "ap newsalert",
    "newsalert",
    "alert",
    "advisory",
    "eil",
    "eilmeldung",
    "blitz",
}
_CORRECTS = re.compile(
    r"\b(?:correct(?:s|ing|ed)?|fixe?s|clarif(?:ies|ying)|refiles?|berichtigt|korrigiert)\b", re.IGNORECASE
)


def messages(reading: Reading) -> list[Message]:
    """Return the messages of an item; text under a telegraph's label that has lost its frame is one message.

    Raises:
        ItemTooLarge: the text of one is longer than that of any article may be.
        MalformedItem: there are more than `limits.MAX_MESSAGES`.
    """
    found = messages_of(reading.text)
    if not found:
        found = [Message("", reading.text, "", reading.text)]
    if len(found) > MAX_MESSAGES:
        raise MalformedItem(f"this item holds {len(found)} messages; split it into items of at most {MAX_MESSAGES}.")
    if any(len(message.text) > MAX_TEXT_CHARS for message in found):
        raise ItemTooLarge(f"the text of a message is longer than {MAX_TEXT_CHARS} characters, which is the limit.")
    return found


def check_whole(draft: Draft, message: Message, stated: int | None) -> None:
    """Say where a message seems to have lost a part of its text: no end, or half the words that its header counts."""
    if not message.ended:
        draft.warnings.append("text: the message has no end; what follows may be missing")
    words = sum(len(paragraph.split()) for paragraph in draft.paragraphs)
    if stated and stated >= MIN_COUNTED and 2 * words < stated:
        draft.warnings.append(f"text: {words} words, where the header counts {stated}; some may be missing")


def one_by_one(found: list[Message], drafts: list[Draft]) -> list[Draft]:
    """Give each draft of several the content of its own message."""
    if len(found) > 1:
        for message, draft in zip(found, drafts, strict=True):
            draft.content = message.whole.encode("utf-8", "replace")
    return drafts


def story_id(slug: Slug | None, day: str | None) -> str | None:
    """Return what all versions of a story share: slug and day; a piece of it has an id of its own."""
    if slug is None or not slug.name or day is None:
        return None
    return "|".join([slug.name.casefold(), day, *([slug.piece] if slug.piece else [])])


def subject(scheme: str, code: str) -> Subject:
    """Return the subject that a category code stands for; without a name where the code is not known."""
    return Subject(code=f"{scheme}:{code}", name=_codes().get((scheme, code.casefold())))


def urgency_of(priority: str) -> int | None:
    """Return the urgency of a priority letter, None where it is not known."""
    found = _codes().get(("priority", priority.casefold()))
    return int(found) if found else None


def is_for_editors(line: str) -> bool:
    """Tell a line that speaks to editors, or names pictures and stories that go with this one."""
    return _EDITORS.match(line) is not None


def is_cue(line: str) -> bool:
    """Tell a line that only says how urgent the story is."""
    return line.casefold().strip(" .:!-") in _CUES


def set_kind(draft: Draft, slug: Slug | None) -> None:
    """Set status and correction by what the keyword line says; the note is what editors are told about it."""
    if slug is None or slug.kind is None:
        return
    note = next((line for line in draft.notes if _CORRECTS.search(line)), None)
    if slug.kind in {"kill", "withdrawal"}:
        draft.status = "cancelled"
        note = next((line for line in [*draft.notes, *draft.paragraphs] if " " in line), None)
    draft.correction = Correction(kind=slug.kind, note=note)


@cache
def _codes() -> dict[tuple[str, str], str]:
    path = Path(__file__).parents[1] / "data" / "telegraph_codes.txt"
    lines = [line for line in path.read_text("utf-8").splitlines() if line and not line.startswith("#")]
    rows = [line.split(maxsplit=2) for line in lines]
    return {(scheme, code): meaning for scheme, code, meaning in rows}
