"""Damage to items, deterministic by seed: what transmission, editors, crawlers and enemies do to bytes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from random import Random

MAX_BYTES = 2 * 1024 * 1024
"""Largest input that repetition makes: a quarter of the largest item."""

_AMPLIFIED = 0.002
"""Share of the inputs that grow large: they cost as much as hundreds of others."""

_PIECES: Sequence[bytes] = (
    *(
        b"<",
        b">",
        b"</",
        b"/>",
        b"&",
        b";",
        b'"',
        b"'",
        b"\\",
        b"{",
        b"}",
        b"[",
        b"]",
        b",",
        b":",
        b"\n",
        b"\r\n",
        b"\0",
    ),
    *(
        b"&#0;",
        b"&#x110000;",
        b"&lt;",
        b"&nbsp;",
        b"&own;",
        b"\xff",
        b"\xfe\xff",
        b"\xef\xbb\xbf",
        b"\xe2\x80",
        b"\xc0\x80",
    ),
    *(
        b"\x01",
        b"\x02",
        b"\x03",
        b"\x04",
        b"\x16\x16\x01",
        b"\x1b(B",
        b"\x7f",
        b"9" * 40,
        b"-1e999",
        b"null",
        b"true",
        b"\\ud800",
    ),
    *(
        b"<![CDATA[",
        b"]]>",
        b"<!--",
        b"-->",
        b"<?xml version='1.0' encoding='utf-16'?>",
        b"<!DOCTYPE x [",
        b"<!ENTITY a 'b'>",
    ),
    *(
        b"<div>" * 300,
        b"<p>",
        b"<table><tr><td>",
        b"<script>",
        b"<style>",
        b"<article>",
        b"xmlns='x'",
        b"xml:lang='zz'",
    ),
    *(
        b"charset=utf-7",
        b"=?utf-8?B?////?=",
        b"Content-Type: multipart/mixed; boundary=x\n",
        b"--x\n",
        b"Subject: ",
        b"=\n",
    ),
    *(b"2017-02-30T25:61:61Z", b"0000-00-00", b"99999999999999", b"20170306T", b"+99:99", b"Mon, 99 Foo 2017"),
    *(b"EMBARGOED UNTIL ", b"KILL", b"CORRECTED-", b"MANDATORY KILL", b"MOSUL, Iraq (X) - "),
    *(
        piece.encode()
        for piece in ("\u202e", "e\u0301", "\ufffe", "\u2028", "İ", "ﷺ", "Ã©â€™", "\U0001f4a3", "\u0301" * 50)
    ),
)


def mutated(chance: Random, body: bytes, others: Sequence[bytes]) -> bytes:
    """Return a damaged copy of an item.

    Args:
        chance: decides everything.
        body: the item.
        others: items from which pieces may be taken.
    """
    for _ in range(chance.choice((1, 1, 2, 3, 5, 8))):
        body = chance.choice(_DAMAGES)(chance, body, others)
    return _amplified(chance, body) if chance.random() < _AMPLIFIED else body


def random_bytes(chance: Random) -> bytes:
    """Return bytes that were never an item, some of them made of what items are made of."""
    if chance.random() < 0.5:
        return chance.randbytes(chance.randint(0, 300))
    return b"".join(chance.choice(_PIECES) for _ in range(chance.randint(1, 30)))


def _span(chance: Random, body: bytes, longest: int) -> tuple[int, int]:
    start = chance.randint(0, len(body))
    return start, min(len(body), start + chance.randint(0, longest))


def _flip(chance: Random, body: bytes, _others: Sequence[bytes]) -> bytes:
    start, end = _span(chance, body, 1)
    return body[:start] + bytes([chance.randrange(256)]) + body[end:]


def _insert(chance: Random, body: bytes, _others: Sequence[bytes]) -> bytes:
    start, end = _span(chance, body, 4)
    return body[:start] + chance.choice(_PIECES) + body[end if chance.random() < 0.5 else start :]


def _cut(chance: Random, body: bytes, _others: Sequence[bytes]) -> bytes:
    start, end = _span(chance, body, chance.choice((4, 40, 400)))
    return body[:start] + body[end:]


def _tear(chance: Random, body: bytes, _others: Sequence[bytes]) -> bytes:
    at = chance.randint(0, len(body))
    return body[:at] if chance.random() < 0.8 else body[at:]


def _repeat(chance: Random, body: bytes, _others: Sequence[bytes]) -> bytes:
    start, end = _span(chance, body, 80)
    return body[:end] + body[start:end] * chance.choice((1, 2, 20)) + body[end:]


def _swap(chance: Random, body: bytes, _others: Sequence[bytes]) -> bytes:
    start, end = _span(chance, body, 80)
    middle, after = _span(chance, body[end:], 80)
    rest = body[end:]
    return body[:start] + rest[middle:after] + rest[:middle] + body[start:end] + rest[after:]


def _splice(chance: Random, body: bytes, others: Sequence[bytes]) -> bytes:
    other = chance.choice(others)
    (start, end), at = _span(chance, other, 200), chance.randint(0, len(body))
    return body[:at] + other[start:end] + body[at:]


def _upper(chance: Random, body: bytes, _others: Sequence[bytes]) -> bytes:
    start, end = _span(chance, body, 400)
    return body[:start] + (body[start:end].upper() if chance.random() < 0.5 else body[start:end].lower()) + body[end:]


_Damage = Callable[[Random, bytes, Sequence[bytes]], bytes]
_DAMAGES: Sequence[_Damage] = (_flip, _insert, _insert, _cut, _tear, _repeat, _swap, _splice, _upper)


def _amplified(chance: Random, body: bytes) -> bytes:
    """Repeat a piece until the whole is large: what costs more than its length shows here."""
    start, end = _span(chance, body, chance.choice((1, 8, 60, 600)))
    piece = body[start:end] if chance.random() < 0.6 and end > start else chance.choice(_PIECES)
    size = int(10 ** chance.uniform(4.5, 6.3))
    return (body[:end] + piece * (size // len(piece)) + body[end:])[:MAX_BYTES]
