"""Feeds and exports of content systems (RSS, RDF, Atom, WXR) as files of any size: one item per entry.

The text is cut before it is parsed. An item is the head of the feed with that one entry, byte for byte, so it stands
for itself; damage in one entry harms no other, and an export of gigabytes is read in bounded memory. What is cut is
told by tags outside of CDATA and comments.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from pipeline.errors import ItemTooLarge, NoArticle
from pipeline.intake.items import Origin, Placed, Rejected
from pipeline.intake.streams import SNIFF_BYTES, Unpacked
from pipeline.limits import MAX_ENTRY_GAP_BYTES, MAX_ITEM_BYTES
from pipeline.parsers.syndication.wordpress import tells_story
from pipeline.parsers.xml import read_prolog

_ENTRY_NAMES: Final = {"rss": "item", "RDF": "item", "feed": "entry"}
_MAX_HEAD_BYTES: Final = 8 * 1024
"""A head up to this goes with every entry as it is; of a longer one, which lists authors and tags, only what is said
of the feed itself."""

_LONGEST_MARK: Final = 80
"""Longer than any start or end tag that is looked for, with a prefix and white space."""

_SAID_OF_THE_FEED = re.compile(
    rb"<(title|link|language|dc:language|id|generator|wp:wxr_version|wp:base_site_url|wp:base_blog_url)\b[^<>]{0,2000}"
    rb"(?:/>|>[^<>]{0,2000}</\1\s*>)"
)
_CHANNEL = re.compile(rb"<(?:[\w.-]+:)?channel\b[^<>]{0,2000}(?<!/)>")
_CHANNEL_END = re.compile(rb"</(?:[\w.-]+:)?channel\s*>")
_ROOT = re.compile(rb"<((?:[\w.-]+:)?(?:rss|RDF|feed))\b[^<>]{0,8000}>")
_POST_TYPE = re.compile(rb"<wp:post_type>\s{0,9}(?:<!\[CDATA\[)?\s{0,9}([a-z_-]{1,40})")
_SPANS: Final = {b"<![CDATA[": b"]]>", b"<!--": b"-->"}


def is_feed(start: bytes) -> bool:
    """Tell a feed by its root element, as far as the start of an input shows; one with a DTD of its own is none."""
    if start[:1] not in {b"<", b"\xef", b" ", b"\n", b"\r", b"\t"}:
        return False
    prolog = read_prolog(start.decode("latin-1").removeprefix("ï»¿"))
    return prolog is not None and not prolog.subset and prolog.root in _ENTRY_NAMES and _ROOT.search(start) is not None


def read_entries(unpacked: Unpacked, start: bytes, origin: Origin) -> Iterator[Placed | Rejected]:
    """Yield the entries of a feed, in order.

    Args:
        unpacked: goes on where the start ends.
        start: what was already read, with the root's start tag in it.
        origin: of the feed.

    Raises:
        NoArticle: there is not one entry in it.
        ItemTooLarge: its head has no end, or it is a gzip bomb.
    """
    cutter = _Cutter(unpacked, start)
    head = cutter.up_to_entry()
    if head is None:
        raise NoArticle("this feed holds no entries.")
    frame = _Frame.around(head)
    number = 0
    while (entry := cutter.entry()) is not None:
        number += 1
        where = f"{origin.where}[{number}]"
        if not tells_story(_post_type(entry)):
            continue
        if len(entry) > MAX_ITEM_BYTES - _MAX_HEAD_BYTES:
            yield Rejected(where, ItemTooLarge(f"the entry has more than {MAX_ITEM_BYTES} bytes, which is the limit."))
        else:
            yield origin.place(frame.around_entry(entry), where, media_type="application/xml")


def _post_type(entry: bytes) -> str:
    """Return the kind of a post in a WordPress export: its pictures, menus and revisions are no items."""
    found = _POST_TYPE.search(entry)
    return found[1].decode() if found else ""


@dataclass(frozen=True, slots=True)
class _Frame:
    """What makes a feed of one entry."""

    head: bytes
    tail: bytes

    @classmethod
    def around(cls, head: bytes) -> _Frame:
        root = _ROOT.search(head)
        if root is None:
            raise NoArticle("this feed has no root element that could be read.")
        channel = _CHANNEL.search(head, root.end())
        opened = channel is not None and _CHANNEL_END.search(head, channel.end()) is None
        tail = b"</" + root[1] + b">"
        if channel is not None and opened:
            tail = b"</" + re.split(rb"[\s>]", channel[0][1:], maxsplit=1)[0] + b">" + tail
        if len(head) <= _MAX_HEAD_BYTES:
            return cls(head, tail)
        said = b"".join(match[0] for match in _SAID_OF_THE_FEED.finditer(head[root.end() :][:SNIFF_BYTES]))
        kept = head[: root.end()] + (channel[0] if channel is not None and opened else b"") + said
        return cls(kept[:SNIFF_BYTES], tail)

    def around_entry(self, entry: bytes) -> bytes:
        """Return the feed of one entry; a torn entry has nothing behind the tear."""
        return self.head + entry + (self.tail if entry.rstrip().endswith(b">") else b"")


@dataclass(frozen=True, slots=True)
class _Tag:
    """Where a tag of an entry stands in the buffer, and whether it is the end tag."""

    start: int
    end: int
    closes: bool


class _Cutter:
    """Cuts a stream before and after each entry."""

    def __init__(self, unpacked: Unpacked, start: bytes) -> None:
        root = _ROOT.search(start)
        prefix, _, name = (root[1] if root else b"rss").rpartition(b":")
        entry = _ENTRY_NAMES[name.decode()].encode()
        tag = rb"(?:[\w.-]+:)?" + entry
        if name == b"feed":
            # Of Atom's extensions only one stands for an entry: that an earlier one is withdrawn (RFC 6721).
            own = re.escape(prefix + b":" if prefix else b"") + entry
            tag = rb"(?:" + own + rb"|(?:[\w.-]+:)?deleted-entry)"
        self._mark = re.compile(rb"<!\[CDATA\[|<!--|<" + tag + rb"(?=[\s>/])|</" + tag + rb"\s*>")
        self._unpacked = unpacked
        self._buffer = bytearray(start)
        self._read = len(start)
        self._at = 0

    def up_to_entry(self) -> bytes | None:
        """Return all before the first entry; None where there is none."""
        opening = self._opening()
        return None if opening is None else self._take(opening.start)

    def entry(self) -> bytes | None:
        """Return the next entry up to its end tag, or to where the next begins or the feed ends; None where none is."""
        opening = self._opening()
        if opening is None:
            return None
        self._take(opening.start)
        self._at = opening.end - opening.start
        if (end := self._empty_until()) is not None:
            return self._take(end)
        closing = self._next()
        if closing is None:
            return self._take(len(self._buffer))
        return self._take(closing.end if closing.closes else closing.start)

    def _opening(self) -> _Tag | None:
        tag = self._next()
        while tag is not None and tag.closes:
            tag = self._next()
        return tag

    def _empty_until(self) -> int | None:
        """Return where the start tag ends, where it is the end tag too; None for an entry with something in it."""
        while (end := self._buffer.find(b">", self._at)) < 0:
            if not self._more():
                return None
        return end + 1 if self._buffer[end - 1 : end] == b"/" else None

    def _take(self, count: int) -> bytes:
        taken = bytes(self._buffer[:count])
        del self._buffer[:count]
        self._at = 0
        return taken

    def _next(self) -> _Tag | None:
        """Return the next tag of an entry, whatever CDATA and comments lie before it."""
        while True:
            found = self._mark.search(self._buffer, self._at)
            # A mark at the very end may be cut in two by the buffer.
            if found is None or found.end() > len(self._buffer) - _LONGEST_MARK:
                begin = found.start() if found else max(self._at, len(self._buffer) - _LONGEST_MARK)
                if self._more():
                    self._at = begin
                    continue
                if found is None:
                    return None
            if (close := _SPANS.get(found[0])) is None:
                self._at = found.end()
                return _Tag(found.start(), found.end(), found[0].startswith(b"</"))
            self._at = self._end_of(close, found.end())

    def _end_of(self, close: bytes, at: int) -> int:
        while (end := self._buffer.find(close, at)) < 0:
            at = max(at, len(self._buffer) - len(close))
            if not self._more():
                return len(self._buffer)
        return end + len(close)

    def _more(self) -> bool:
        piece = self._unpacked.stream.read(SNIFF_BYTES)
        self._read += len(piece)
        self._unpacked.refuse_bomb(self._read)
        self._buffer += piece
        if len(self._buffer) > MAX_ENTRY_GAP_BYTES:
            raise ItemTooLarge(f"an entry, or what lies between two, has more than {MAX_ENTRY_GAP_BYTES} bytes.")
        return bool(piece)
