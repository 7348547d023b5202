"""Whether bytes are an e-mail: header fields from the first line on, with the names that only mail has."""

from __future__ import annotations

import re
from typing import Final

HEAD_BYTES: Final = 64 * 1024
"""How far the header is looked at; what relays and signatures add stays below."""

_FIELD = re.compile(rb"([!-9;-~]{1,76}):[ \t\r]?")
_MAILBOX_LINE = re.compile(rb">?From \S{1,320} ")
_STRONG: Final = frozenset(
    {b"message-id", b"mime-version", b"received", b"return-path", b"delivered-to", b"dkim-signature"}
)
_WEAK: Final = frozenset({b"subject", b"date", b"to"})


def is_mail(body: bytes) -> bool:
    """Tell by the header. A text whose first line is no field is left at once."""
    if _FIELD.match(body) is None and _MAILBOX_LINE.match(body) is None:
        return False
    head = body[:HEAD_BYTES]
    names, addressed, ended = set(), False, len(body) > HEAD_BYTES
    for number, raw in enumerate(head.split(b"\n")):
        line = raw.rstrip(b"\r")
        if not line:
            ended = True
            break
        if line[:1] in b" \t" or (number == 0 and _MAILBOX_LINE.match(line)):
            continue
        found = _FIELD.match(line + b" ")
        if found is None:
            return False
        name = found[1].lower()
        names.add(name)
        addressed |= name == b"from" and b"@" in line
    return (
        ended
        and (len(names & _STRONG) + len(names & {b"from", *_WEAK}) >= 2)
        and (bool(names & _STRONG) or (addressed and bool(names & _WEAK)))
    )
