"""Inputs made to exhaust: each must be refused, or read, within a second and without growing."""

from __future__ import annotations

import gzip
import io
import zipfile
from collections.abc import Callable, Mapping

from pipeline.limits import MAX_ITEM_BYTES

DEEP = 100_000
"""Nesting of the deep ones."""

_LAUGHS = (
    b'<?xml version="1.0"?><!DOCTYPE %s [<!ENTITY a "ha">'
    + b"".join(b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(9))
    + b"]>%s"
)
_OUTSIDE = b'<!DOCTYPE %s [<!ENTITY a SYSTEM "file:///etc/hostname">]>%s'


def _nested_zip(depth: int) -> bytes:
    body = b"words " * 1000
    for _ in range(depth):
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("in.zip", body)
        body = out.getvalue()
    return body


def _zipped(body: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.txt", body)
    return out.getvalue()


def _rss(inner: bytes) -> bytes:
    return b"<rss version='2.0'><channel><item><title>T</title>" + inner + b"</item></channel></rss>"


BOMBS: Mapping[str, Callable[[], bytes]] = {
    "billion laughs in RSS": lambda: _LAUGHS % (b"rss", _rss(b"<description>&j;</description>")),
    "billion laughs in NITF": lambda: (
        _LAUGHS % (b"nitf", b"<nitf><body><body.content><p>&j;</p></body.content></body></nitf>")
    ),
    "billion laughs in NewsML-G2": lambda: _LAUGHS % (b"newsItem", b"<newsItem guid='x'><p>&j;</p></newsItem>"),
    "billion laughs in NewsML 1.2": lambda: _LAUGHS % (b"NewsML", b"<NewsML><NewsItem>&j;</NewsItem></NewsML>"),
    "a file of the machine in NITF": lambda: _OUTSIDE % (b"nitf", b"<nitf><body>&a;</body></nitf>"),
    "a file of the machine in Atom": lambda: _OUTSIDE % (b"feed", b"<feed><entry><title>&a;</title></entry></feed>"),
    "deep NITF": lambda: b"<nitf>" + b"<block>" * DEEP + b"words",
    "deep NewsML-G2": lambda: b"<newsItem>" + b"<a>" * DEEP + b"words" + b"</a>" * DEEP + b"</newsItem>",
    "deep RSS": lambda: _rss(b"<a>" * DEEP + b"words" + b"</a>" * DEEP),
    "deep JSON lists": lambda: b'{"text": ' + b"[" * DEEP + b"]" * DEEP + b"}",
    "deep JSON objects": lambda: b'{"text": ' + b'{"a": ' * DEEP + b"1" + b"}" * DEEP + b"}",
    "deep HTML": lambda: b"<html><body>" + b"<div>" * DEEP + b"words",
    "wide HTML": lambda: b"<html><body>" + b"<p>a</p>" * 900_000,
    "50 MB of text": lambda: b"words and words " * 3_200_000,
    "50 MB of JSON": lambda: b'{"text": "' + b"words " * 8_500_000 + b'"}',
    "50 MB of NITF": lambda: b"<nitf><body><p>" + b"words " * 8_500_000 + b"</p></body></nitf>",
    "50 MB of HTML": lambda: b"<html><body><p>" + b"words " * 8_500_000 + b"</p></body></html>",
    "50 MB e-mail": lambda: b"From: a@x.example\r\nSubject: S\r\nMIME-Version: 1.0\r\n\r\n" + b"words " * 8_500_000,
    "gzip 1000:1": lambda: gzip.compress(bytes([32]) * 50_000_000 + b"x", mtime=0),
    "gzip 1000:1 of lines": lambda: gzip.compress(b'{"text": "x"}\n' + (b" " * 1000 + b"\n") * 60_000, mtime=0),
    "gzip in gzip": lambda: gzip.compress(gzip.compress(b" " * 50_000_000, mtime=0), mtime=0),
    "zip 1000:1": lambda: _zipped(b" " * 50_000_000),
    "zip in zip in zip": lambda: _nested_zip(12),
    "multipart without end": lambda: (
        b"MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=x\n\n" + b"--x\n\n" * 400_000
    ),
    "multipart within multipart": lambda: b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\nSubject: S\n\n--b%d\n" % (n, n) for n in range(20_000)
    ),
    "an item at the limit": lambda: (b"Words of a story that does not end. " * (MAX_ITEM_BYTES // 36))[:1_900_000],
}
