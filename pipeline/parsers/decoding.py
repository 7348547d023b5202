"""Bytes to text: what is binary, which charset it is, and when to give up rather than guess.

Telegraph messages and e-mail know their charsets themselves and are asked first. Else the order is: a byte order mark;
then UTF-8, when every byte of it is valid, whatever the label says; then the charset
that the label states; then windows-1252, but only where the bytes look like Western text (see `_plausible_cp1252`).
Anything else is refused: a wrong guess would put wrong letters into names and figures, and nobody would notice.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from pipeline.errors import BinaryItem, EmptyItem, InvalidEncoding
from pipeline.parsers.mail.envelope import is_mail
from pipeline.parsers.telegraph.charsets import decode_wire
from pipeline.parsers.telegraph.framing import is_framed, is_noise

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_BOM_STARTS = frozenset(bom[:1] for bom, _ in _BOMS)
_MAGIC = (
    (b"\x89PNG", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"GIF8", "a GIF picture"),
    (b"%PDF-", "a PDF document"),
    (b"PK\x03\x04", "a ZIP archive or an office document"),
    (b"\x1f\x8b", "gzip data"),
    (b"BZh9", "bzip2 data"),
    (b"\xfd7zXZ", "xz data"),
    (b"7z\xbc\xaf", "a 7z archive"),
    (b"\x28\xb5\x2f\xfd", "zstandard data"),
    (b"RIFF", "a RIFF sound or video"),
    (b"OggS", "an Ogg sound or video"),
    (b"ID3", "an MP3 sound"),
    (b"\x7fELF", "a program"),
    (b"\xd0\xcf\x11\xe0", "an old office document"),
    (b"{\\rtf", "an RTF document"),
)
_STARTS = tuple(magic for magic, _ in _MAGIC)
# Only charsets that map bytes to letters: Python's registry also holds "hex", "idna" and other transformations.
_CHARSETS = re.compile(
    r"(?:iso[-_]?8859[-_]?\d{1,2}|latin[-_]?1|(?:windows|cp)[-_]?\d{3,4}|koi8[-_][ru]|mac[-_]?roman|us[-_]?ascii|ascii"
    r"|utf[-_]?(?:8|16|32)(?:[-_]?[lb]e)?|shift[-_]jis|euc[-_](?:jp|kr)|iso-2022-jp|gb2312|gbk|gb18030|big5)",
    re.IGNORECASE,
)
_STATED = re.compile(
    rb"""charset\s*=\s*["']?\s*([\w-]{2,20})|<\?xml[^>]{0,80}encoding\s*=\s*["']([\w-]{2,20})""", re.IGNORECASE
)
_CONTROLS = bytes(byte for byte in range(32) if byte not in b"\t\n\r\f\x1a\x1b")
_UTF8_SEQUENCE = re.compile(rb"[\xc3-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_ASCII_LETTER = re.compile(rb"[A-Za-z]")
_HIGH_RUN = re.compile(rb"[\x80-\xff]{3,}")
_CP1252_MARKS = frozenset(b"\x80\x82\x84\x85\x91\x92\x93\x94\x95\x96\x97\xa0\xa3\xa7\xa9\xab\xae\xb0\xb7\xba\xbb\xbd")


@dataclass(frozen=True, slots=True)
class Decoded:
    """Text, and a warning where its charset was guessed."""

    text: str
    warning: str | None = None


def refuse_binary(body: bytes) -> None:
    """Refuse bytes that hold nothing, or that are plainly no text.

    Raises:
        EmptyItem: no bytes, or only white space.
        BinaryItem: the bytes start like a known binary file, hold NUL bytes, or are mostly control characters; those
            that frame and pad a telegraph message are none of these.
    """
    if not body or body.isspace():
        raise EmptyItem("the item is empty: it holds no bytes or only white space.")
    if body.startswith(_STARTS):
        what = next(what for magic, what in _MAGIC if body.startswith(magic))
        raise BinaryItem(f"this is {what}, not the text of an article.")
    if is_framed(body):
        if is_noise(body):
            raise BinaryItem("this is a binary file: its frame is a telegraph's, but most of it is no text.")
    elif _bom(body) is None and not is_mail(body):
        if b"\0" in body:
            raise BinaryItem("this is a binary file: it holds NUL bytes.")
        head = body[:1024]
        if (len(head) - len(head.translate(None, _CONTROLS))) * 10 > len(head):
            raise BinaryItem("this is a binary file: more than a tenth of it is control characters.")


def decode(body: bytes, stated: str | None = None) -> Decoded:
    """Return the text of some bytes.

    Args:
        body: the bytes.
        stated: the charset that a label outside the bytes states; a label inside (HTML, XML) is looked for here.

    Raises:
        InputError: the bytes are empty, binary, or in no charset that is stated or can be told.
    """
    refuse_binary(body)
    if is_framed(body):
        return Decoded(*decode_wire(body))
    if is_mail(body):
        # Each part of a mail has a charset of its own: its bytes pass through unharmed until the part is read.
        return Decoded(body.decode("ascii", "surrogateescape"))
    if (mark := _bom(body)) is not None:
        return _marked(body, *mark)
    try:
        return Decoded(body.decode("utf-8"))
    except UnicodeDecodeError as error:
        position = error.start
    for charset in (stated, _inner_charset(body)):
        if charset and (text := _as_stated(body, charset)) is not None:
            return Decoded(text)
    if _plausible_cp1252(body):
        return Decoded(body.decode("cp1252"), "the text is not UTF-8 and states no charset; read as windows-1252")
    raise InvalidEncoding(f"the bytes are not UTF-8 (byte {position} is wrong) and state no other charset that fits.")


def _bom(body: bytes) -> tuple[bytes, str] | None:
    if body[:1] not in _BOM_STARTS:
        return None
    return next(((bom, charset) for bom, charset in _BOMS if body.startswith(bom)), None)


def _marked(body: bytes, bom: bytes, charset: str) -> Decoded:
    try:
        return Decoded(body[len(bom) :].decode(charset))
    except UnicodeDecodeError as error:
        raise InvalidEncoding(f"the byte order mark says {charset}, but the bytes are not {charset}.") from error


def _inner_charset(body: bytes) -> str | None:
    found = _STATED.search(body[:2048])
    return (found[1] or found[2]).decode("ascii") if found else None


def _as_stated(body: bytes, charset: str) -> str | None:
    """Decode as stated, or return None where the statement is unknown or untrue."""
    if not _CHARSETS.fullmatch(charset):
        return None
    # Pages that say ISO-8859-1 mean windows-1252: the WHATWG encoding standard makes it so.
    candidates = (
        ("cp1252", charset)
        if re.fullmatch(r"(?i)iso[-_]?8859[-_]?1|latin[-_]?1|(us[-_]?)?ascii", charset)
        else (charset,)
    )
    for name in candidates:
        try:
            return body.decode(name)
        except (UnicodeDecodeError, LookupError):
            continue
    return None


def _plausible_cp1252(body: bytes) -> bool:
    """Tell Western text in windows-1252 from noise and from damaged UTF-8.

    Few high bytes (a tenth at most, no run of three), none of them a valid UTF-8 sequence, and each either a
    typographic mark or a letter beside an ASCII letter.
    """
    high = len(body) - len(body.translate(None, bytes(range(128, 256))))
    if high * 10 > len(body) or _HIGH_RUN.search(body) or _UTF8_SEQUENCE.search(body):
        return False
    for found in re.finditer(rb"[\x80-\xff]", body):
        at, byte = found.start(), found[0][0]
        around = body[max(0, at - 1) : at] + body[at + 1 : at + 2]
        if byte not in _CP1252_MARKS and not (byte >= 0xC0 and _ASCII_LETTER.search(around)):
            return False
    return True
