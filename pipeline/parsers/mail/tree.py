"""The parts of a mail: which of them is the story, and what else came with it.

The standard library parses, under its older policy, which leaves header values alone: the newer one takes a minute for
a hostile content type. Of the newer one only single values are read, capped, with what damaged ones raise caught.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from email import policy
from email.message import Message
from email.parser import BytesParser
from typing import Any, Final

from pipeline.errors import InputError, MalformedItem, UnsafeItem
from pipeline.limits import MAX_MAIL_DEPTH, MAX_MAIL_LINES, MAX_MAIL_PARTS
from pipeline.parsers.canonical import fold, paragraphs_from
from pipeline.parsers.decoding import decode
from pipeline.parsers.mail.release import is_footer
from pipeline.parsers.markup import paragraphs_of_markup

MAX_VALUE_CHARS: Final = 2_000
"""Longest header value that is read; a longer one is cut."""

MAX_CONTAINERS: Final = 4 * MAX_MAIL_DEPTH
"""Most multipart containers: each line of a mail is compared with the boundaries of all that are open."""

STUB_CHARS: Final = 200
"""A plain part shorter than this gives way to an HTML part that says far more: it only says where to look."""

MAX_STRUCTURE_CHARS: Final = 8_000
"""Longest field that describes a part; the longest file names stay below a thousand."""

_STRUCTURE = re.compile(
    rb"^content-(?:type|disposition|transfer-encoding|id|description):[^\n]*+(?:\n[ \t][^\n]*+)*+",
    re.IGNORECASE | re.MULTILINE,
)
_DAMAGE: Final = (
    ValueError,
    IndexError,
    KeyError,
    AttributeError,
    TypeError,
    LookupError,
    NameError,  # the standard library forgets to set a variable on an empty literal of a message id
    AssertionError,
    RecursionError,
    OverflowError,
)


@dataclass(slots=True)
class Parts:
    """The lines or paragraphs of the story, and warnings about the rest."""

    lines: list[str] = field(default_factory=list)
    paragraphs: list[str] | None = None
    warnings: list[str] = field(default_factory=list)


def open_mail(body: bytes) -> Message[Any, Any]:
    """Return the tree of a mail.

    Raises:
        UnsafeItem: it has more lines or parts, or deeper ones, than `limits` allow.
        MalformedItem: it cannot be read.
    """
    if body.count(b"\n--") > 4 * MAX_MAIL_PARTS or body.lower().count(b"boundary=") > MAX_CONTAINERS:
        raise UnsafeItem(f"this mail has more than {MAX_MAIL_PARTS} parts, which is the limit.")
    if body.count(b"\n") > MAX_MAIL_LINES:
        raise UnsafeItem(f"this mail has more than {MAX_MAIL_LINES} lines, which is the limit.")
    if any(len(found[0]) > MAX_STRUCTURE_CHARS for found in _STRUCTURE.finditer(body)):
        raise UnsafeItem(
            f"a content field of this mail is longer than {MAX_STRUCTURE_CHARS} characters, which is the limit."
        )
    if body.lower().count(b"message/rfc822") > MAX_CONTAINERS:
        raise UnsafeItem(f"this mail holds more than {MAX_MAIL_DEPTH} mails within mails, which is the limit.")
    try:
        return BytesParser(policy=policy.compat32).parsebytes(body)
    except _DAMAGE as error:
        raise MalformedItem("this mail cannot be read: its structure is damaged.") from error


def header(message: Message[Any, Any], name: str) -> str | None:
    """Return a header value with its encoded words decoded, folded; None where there is none."""
    raw = next((str(value) for key, value in message.raw_items() if key.lower() == name), None)
    if raw is None:
        return None
    raw = _mended(raw[:MAX_VALUE_CHARS])
    try:
        value = str(policy.default.header_factory(name, " ".join(raw.split())))
    except _DAMAGE:
        value = raw
    return fold(value) or None


def _mended(raw: str) -> str:
    """Read the bytes that a header must not hold: UTF-8, else windows-1252."""
    data = raw.encode("utf-8", "surrogateescape")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def read_parts(message: Message[Any, Any]) -> Parts:
    """Return the story of a mail, and a warning for each part that is not it.

    Raises:
        UnsafeItem: it has more parts, or deeper ones, than `limits` allow.
    """
    found = Parts()
    pieces = _pieces(message, 0, found)
    if any(piece.html for piece in pieces):
        found.paragraphs = [paragraph for piece in pieces for paragraph in piece.paragraphs()]
    else:
        found.lines = [line for piece in pieces for line in ("", *piece.lines)]
    return found


def paragraphs_in(parts: Parts, lines: list[str]) -> list[str]:
    """Return the paragraphs of the story, from HTML where that was chosen."""
    return parts.paragraphs if parts.paragraphs is not None else paragraphs_from(lines)


@dataclass(slots=True)
class _Piece:
    """One text part that is shown."""

    lines: list[str]
    html: list[str] | None = None

    def paragraphs(self) -> list[str]:
        return self.html if self.html is not None else paragraphs_from(self.lines)

    def chars(self) -> int:
        """How much it says, footers not counted."""
        return sum(len(line.strip()) for line in self.html or self.lines if not is_footer(line))


def _pieces(part: Message[Any, Any], depth: int, found: Parts) -> list[_Piece]:
    """Return the text parts that are shown, in order; say what else there is."""
    if depth > MAX_MAIL_DEPTH:
        raise UnsafeItem(f"this mail is nested deeper than {MAX_MAIL_DEPTH} parts, which is the limit.")
    # Of a part that is no container, even asking for its payload decodes it, and raises.
    payload = part.get_payload() if part.is_multipart() else None
    if part.get_content_maintype() == "multipart" and isinstance(payload, list):
        if len(payload) > MAX_MAIL_PARTS:
            raise UnsafeItem(f"this mail has more than {MAX_MAIL_PARTS} parts, which is the limit.")
        inner = [_pieces(child, depth + 1, found) for child in payload if isinstance(child, Message)]
        if part.get_content_subtype() == "alternative":
            return _chosen(inner)
        return [piece for pieces in inner for piece in pieces]
    return _leaf(part, found)


def _chosen(forms: list[list[_Piece]]) -> list[_Piece]:
    """Return one of several forms of the same words: the plain one, unless it is empty or a stub of the other."""
    plain = next((form for form in forms if form and not any(piece.html for piece in form)), [])
    html = next((form for form in reversed(forms) if any(piece.html for piece in form)), [])
    said, more = (sum(piece.chars() for piece in form) for form in (plain, html))
    return html if more and (said == 0 or (said < STUB_CHARS and more > 2 * said)) else plain


def _leaf(part: Message[Any, Any], found: Parts) -> list[_Piece]:
    kind, name = part.get_content_type(), _file_name(part)
    attached = (header(part, "content-disposition") or "").casefold().startswith("attachment") or name is not None
    if kind not in {"text/plain", "text/html"} or attached:
        what = f"{fold(name)[:60]!r}" if name else "without a name"
        found.warnings.append(f"attachment: {what} ({kind[:60]}) was not read")
        return []
    text = _text_of(part, found)
    if not text.strip():
        return []
    return [_Piece([], paragraphs_of_markup(text))] if kind == "text/html" else [_Piece(text.splitlines())]


def _file_name(part: Message[Any, Any]) -> str | None:
    try:
        return part.get_filename()
    except _DAMAGE:
        return "?"


def _text_of(part: Message[Any, Any], found: Parts) -> str:
    try:
        data = part.get_payload(decode=True)
        charset = part.get_content_charset()
    except _DAMAGE:
        data, charset = None, None
    if not isinstance(data, bytes) or not data.strip():
        return ""
    try:
        decoded = decode(data, charset)
    except InputError as error:
        found.warnings.append(f"charset: {str(error).rstrip('.')}; what is no ASCII was left out")
        return data.decode("ascii", "ignore")
    if decoded.warning:
        found.warnings.append(f"charset: {decoded.warning}")
    return decoded.text.replace("\r\n", "\n")
