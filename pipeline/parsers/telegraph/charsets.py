"""Telegraph bytes to text: what the message announces, else what can be told with certainty, else a warning.

ISO 2022 escape sequences announce a character set: a national variant of ISO 646 for the 7-bit codes, ISO 8859 or
ISO 6937 for the upper half. High bytes that nothing announces are read as windows-1252 where they fit it, then as the
code page 850 of DOS where only that makes letters of them; what fits neither becomes U+FFFD and a warning.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Final
from unicodedata import normalize

from pipeline.errors import InvalidEncoding, UnsafeItem

_DATA: Final = Path(__file__).parents[1] / "data"
_ESCAPE = re.compile(rb"\x1b(?:%[@G]|[(),\-.*+/!\x22][!-~]|[\x20-\x2f]{0,3}+[0-~])")
_ASCII_FINALS: Final = b"B@"
_UPPER_CODECS: Final = {
    b"A": "iso8859-1", b"B": "iso8859-2", b"C": "iso8859-3", b"D": "iso8859-4", b"F": "iso8859-7", b"G": "iso8859-6",
    b"H": "iso8859-8", b"L": "iso8859-5", b"M": "iso8859-9", b"V": "iso8859-10", b"b": "iso8859-15",
    b"J": "iso6937", b"R": "iso6937",
}  # fmt: skip
_HIGH = re.compile(rb"[\x80-\xff]")
_MARKS_1252: Final = frozenset(
    b"\x80\x82\x84\x85\x91\x92\x93\x94\x95\x96\x97\xa0\xa1\xa3\xa7\xa9\xab\xae\xb0\xb2\xb3\xb4\xb5\xb7\xba\xbb\xbc\xbd\xbe\xbf"
)
_MARKS_850: Final = frozenset(b"\x9c\xa6\xa7\xa8\xab\xac\xad\xae\xaf\xb8\xbd\xcf\xf5\xf8\xfa\xff")
_BRACES_IN_WORD = re.compile(r"[a-z][{|}\[\]\\][a-z]")
_COMBINING: Final = {
    0xC1: "\u0300", 0xC2: "\u0301", 0xC3: "\u0302", 0xC4: "\u0303", 0xC5: "\u0304", 0xC6: "\u0306", 0xC7: "\u0307",
    0xC8: "\u0308", 0xC9: "\u0308", 0xCA: "\u030a", 0xCB: "\u0327", 0xCC: "\u0332", 0xCD: "\u030b", 0xCE: "\u0328",
    0xCF: "\u030c",
}  # fmt: skip

MAX_UNKNOWN_SHARE: Final = 100
"""One high byte in this many may be line noise; more of them are a charset that cannot be told."""


MAX_ESCAPES: Final = 20_000
"""Most escape sequences in one item: two in each of many messages. Each costs as much as a line of text."""


def decode_wire(body: bytes) -> tuple[str, str | None]:
    """Return the text of framed bytes, its control characters kept, and a warning where something was guessed.

    Raises:
        UnsafeItem: the charset changes more often than in any news.
        InvalidEncoding: many bytes are in a charset that is neither announced nor clear.
    """
    if b"\x1b" in body:
        return _announced(body)
    if body.isascii():
        text = body.decode("ascii")
        return text, _national_warning(text)
    try:
        return body.decode("utf-8"), None
    except UnicodeDecodeError:
        return _guessed(body)


def _national_warning(text: str) -> str | None:
    if _BRACES_IN_WORD.search(text):
        return (
            "charset: braces stand within words, as in a national 7-bit charset; none is announced, so they were left"
        )
    return None


def _guessed(body: bytes) -> tuple[str, str]:
    for codec, marks in (("cp1252", _MARKS_1252), ("cp850", _MARKS_850)):
        if _fits(body, codec, marks):
            return body.decode(codec), f"charset: no charset is announced; read as {codec}"
    high = len(body) - len(body.translate(None, bytes(range(128, 256))))
    if high * MAX_UNKNOWN_SHARE > len(body):
        raise InvalidEncoding("the message announces no charset, and its bytes over 127 fit none that can be told.")
    return body.decode("ascii", "replace"), f"charset: {high} bytes that are no ASCII could not be read"


def _fits(body: bytes, codec: str, marks: frozenset[int]) -> bool:
    """Tell whether every high byte is a typographic mark, or a letter beside one in the same case."""
    try:
        text = body.decode(codec)
    except UnicodeDecodeError:
        return False
    for found in _HIGH.finditer(body):
        at = found.start()
        if body[at] in marks:
            continue
        # Each byte is a character in these charsets, so both are counted alike.
        letter, before, after = text[at], text[at - 1 : at] if at else "", text[at + 1 : at + 2]
        if not letter.isalpha() or not (before.isalpha() or after.isalpha()):
            return False
        if letter.isupper() and before.islower():
            return False
    return True


def _announced(body: bytes) -> tuple[str, str | None]:
    if body.count(b"\x1b") > MAX_ESCAPES:
        raise UnsafeItem(f"this message changes its charset more than {MAX_ESCAPES} times, which is the limit.")
    lower, upper, shifted = b"B", b"", False
    pieces, unknown, at = [], 0, 0
    for found in [*_ESCAPE.finditer(body), None]:
        run = body[at : found.start() if found else len(body)]
        text, lost, shifted = _run(run, lower, upper, shifted=shifted)
        pieces.append(text)
        unknown += lost
        if found is None:
            break
        at = found.end()
        lower, upper = _designated(found[0], lower, upper)
    warning = f"charset: {unknown} characters could not be read by what the message announces" if unknown else None
    return "".join(pieces), warning


def _designated(escape: bytes, lower: bytes, upper: bytes) -> tuple[bytes, bytes]:
    if escape in {b"\x1b%G", b"\x1b%@"}:
        return (b"utf-8", upper) if escape.endswith(b"G") else (b"B", upper)
    kind, final = escape[1:2], escape[2:3]
    if len(escape) == 3 and kind == b"(":
        return final, upper
    # G1 and G2 are not told apart: no message in these formats designates both.
    if len(escape) == 3 and kind in b"-./":
        return lower, final
    return lower, upper


def _run(run: bytes, lower: bytes, upper: bytes, *, shifted: bool) -> tuple[str, int, bool]:
    """Return the text between two escape sequences, how many characters were lost, and whether it ends shifted."""
    if lower == b"utf-8":
        text = run.decode("utf-8", "replace")
        return text, text.count("\ufffd"), False
    if not upper or (b"\x0e" not in run and not shifted):
        text = _eight(run, lower, upper)
        return text, text.count("\ufffd"), False
    pieces = []
    for number, part in enumerate(run.split(b"\x0e")):
        high, mark, low = part.partition(b"\x0f") if number or shifted else (b"", b"\x0f", part)
        pieces.append(_eight(bytes(byte | 0x80 if byte > 32 else byte for byte in high), lower, upper))
        pieces.append(_eight(low, lower, upper))
        shifted = not mark
    text = "".join(pieces)
    return text, text.count("\ufffd"), shifted


def _eight(run: bytes, lower: bytes, upper: bytes) -> str:
    codec = _UPPER_CODECS.get(upper)
    text = _iso6937(run) if codec == "iso6937" else run.decode(codec or "ascii", "replace")
    return text.translate(table) if (table := _national().get(lower.decode("ascii"))) else text


def _iso6937(run: bytes) -> str:
    letters, pending = [], ""
    for byte in run:
        if byte in _COMBINING:
            pending = _COMBINING[byte]
            continue
        letters.append((_upper_6937().get(byte, "\ufffd") if byte > 127 else chr(byte)) + pending)
        pending = ""
    return normalize("NFC", "".join(letters))


@cache
def _upper_6937() -> dict[int, str]:
    lines = (_DATA / "iso6937.txt").read_text("utf-8").splitlines()
    pairs = [pair for line in lines if not line.startswith("#") for pair in line.split()]
    return {int(pair[:2], 16): pair[2:] for pair in pairs} | {0xA0: "\u00a0", 0xFF: "\u00ad"}


@cache
def _national() -> dict[str, dict[int, str]]:
    """Return the national variants of ISO 646 by the final byte of their escape sequence."""
    table = {}
    for line in (_DATA / "iso646.txt").read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            final, *pairs = line.split()
            table[final] = {ord(pair[0]): pair[1:] for pair in pairs}
    return table
