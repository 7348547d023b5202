"""What is damaged: the goldens of each dialect, and archives made of them."""

from __future__ import annotations

import gzip
import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

from tests.parsers.goldens import INPUTS


def dialects() -> dict[str, list[bytes]]:
    """Return the golden items of each dialect."""
    found: dict[str, list[bytes]] = {}
    for path in INPUTS:
        found.setdefault(path.parent.name, []).append(path.read_bytes())
    return found


def archives() -> dict[str, list[bytes]]:
    """Return archives of the golden items, by kind."""
    return {
        "zip": [_zip(INPUTS[start : start + 6]) for start in range(0, len(INPUTS), 6)],
        "warc": [b"".join(_records()), b"".join(gzip.compress(record, mtime=0) for record in _records())],
        "mbox": [b"".join(_messages())],
        "json-lines": [b"\n".join(b'{"uri": "urn:x:%d", "text": "Words."}' % number for number in range(9))],
        "gzip": [gzip.compress(path.read_bytes(), mtime=0) for path in INPUTS[::7]],
    }


def _zip(paths: list[Path]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in paths:
            archive.writestr(zipfile.ZipInfo(path.name), path.read_bytes())
    return out.getvalue()


def _records() -> Iterator[bytes]:
    for number, path in enumerate(path for path in INPUTS if path.parent.name == "web-page"):
        answer = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + path.read_bytes()
        head = f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: https://x.example/{number}\r\n"
        kind = f"Content-Type: application/http\r\nContent-Length: {len(answer)}\r\n\r\n"
        yield (head + kind).encode() + answer + b"\r\n\r\n"


def _messages() -> Iterator[bytes]:
    for number in range(4):
        yield b"From a@x.example Mon Mar  6 10:00:00 2017\nMessage-ID: <%d@x>\nSubject: S\n\nWords.\n\n" % number
