"""Messages between control characters: where header, text and trailer of each begin and end."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

MAX_PADDING: Final = 4096
"""Most fill characters before a message: receivers pad to blocks of up to four kilobytes."""

MAX_HEADER: Final = 1024
"""Longest header; those of the agencies stay below 200 characters."""

PADS: Final = b"\x00\x04\x16\x7f\xff\r\n "
"""Fill before, between and after messages: NUL, EOT, SYN, DEL and blank lines."""

_FRAMED = re.compile(
    rb"[\x00\x04\x16\x7f\xff\r\n ]{0,%d}+\x01[\x00\x16\x7f\r\n ]{0,16}+[A-Za-z]{0,6} ?[0-9]{1,5}"
    rb"[^\x01\x02\x03\x04]{2,%d}+\x02" % (MAX_PADDING, MAX_HEADER)
)
# Controls that no telegraph format uses in text. NUL is counted apart, since receivers pad lines with it.
_ALIEN = (
    bytes(byte for byte in range(32) if byte not in b"\x00\x01\x02\x03\x04\t\n\x0b\x0c\r\x0e\x0f\x08\x16\x18\x1b") + b""
)
_KNOWN_SHIFTS: Final = b"\x11\x12\x13\x14\x1c\x1d\x1e\x1f"
_STRANGE = _ALIEN.translate(None, _KNOWN_SHIFTS)


@dataclass(frozen=True, slots=True)
class Message:
    """One message without its control characters; `whole` has them, `ended` tells whether its end was received."""

    header: str
    text: str
    trailer: str
    whole: str
    ended: bool = True


def is_framed(body: bytes) -> bool:
    """Tell whether bytes begin with a header between SOH and STX, perhaps after padding."""
    return body[:1] in _STARTS and _FRAMED.match(body) is not None


_STARTS: Final = frozenset(bytes([byte]) for byte in PADS + b"\x01")


def is_noise(body: bytes) -> bool:
    """Tell whether framed bytes are no text after all: a tenth of them alien controls, or a quarter NUL."""
    inner = body.strip(PADS)
    strange = len(inner) - len(inner.translate(None, _STRANGE))
    return strange * 10 > len(inner) or inner.count(0) * 4 > len(inner)


def messages_of(text: str) -> list[Message]:
    """Return the messages in a decoded text, in order. What has no STX after its SOH is no message.

    A message without ETX ends where the next begins, or with the text.
    """
    found = []
    start = text.find("\x01")
    while start >= 0:
        following = text.find("\x01", start + 1)
        end = following if following >= 0 else len(text)
        begin = text.find("\x02", start, end)
        if begin >= 0:
            close = text.find("\x03", begin, end)
            body_end = close if close >= 0 else end
            trailer = text[body_end:end].partition("\x04")[0].strip("\x03")
            found.append(
                Message(text[start + 1 : begin], text[begin + 1 : body_end], trailer, text[start:end], close >= 0)
            )
        start = following
    return found
