"""Feeds and exports: each entry is an item that stands for itself, whatever the size of the file or the damage."""

from __future__ import annotations

import gzip
import io
import tracemalloc
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from pipeline.errors import InputError, ItemTooLarge, NoArticle
from pipeline.intake import Placed, Rejected, read_placed
from pipeline.limits import MAX_ITEM_BYTES
from pipeline.parsers.xml import descendants, parse_xml, words_of
from pipeline.stages.normalize import normalize

RECEIVED = datetime(2025, 1, 1, tzinfo=UTC)
OPENS_RSS = '<?xml version="1.0"?>\n<rss version="2.0" xmlns:c="u:c"><channel><title>T</title><language>fr</language>'
RSS = OPENS_RSS + "{}</channel></rss>"
OPENS_RDF = '<rdf:RDF xmlns="http://purl.org/rss/1.0/" xmlns:rdf="u:rdf"><channel rdf:about="x"><items/></channel>'
RDF = OPENS_RDF + "{}</rdf:RDF>"
ATOM = '<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="fr"><title>T</title>{}</feed>'
PREFIXED = '<a:feed xmlns:a="http://www.w3.org/2005/Atom"><a:title>T</a:title>{}</a:feed>'


def entries(tag: str, count: int, words: str = "Words of story {}.") -> str:
    return "".join(f"<{tag}><title>Story {n}</title><x>{words.format(n)}</x></{tag}>\n" for n in range(count))


def read(data: bytes) -> list[Placed | Rejected]:
    return list(read_placed(io.BytesIO(data), source="s", received_at=RECEIVED))


def errors(found: list[Placed | Rejected]) -> list[type[InputError]]:
    return [type(one.error) for one in found if isinstance(one, Rejected)]


def bodies(found: list[Placed | Rejected]) -> list[bytes]:
    return [one.item.body for one in found if isinstance(one, Placed)]


@pytest.mark.parametrize(
    ("frame", "tag"),
    [(RSS, "item"), (RDF, "item"), (ATOM, "entry"), (PREFIXED, "a:entry")],
    ids=["rss", "rdf", "atom", "prefix"],
)
@pytest.mark.parametrize("packed", [False, True], ids=["plain", "gzip"])
def test_each_entry_is_an_item(frame: str, tag: str, packed: bool) -> None:
    """An item is the feed with one entry: well formed, with the feed's language, title and namespaces."""
    data = frame.format(entries(tag, 3)).encode()
    found = read(gzip.compress(data) if packed else data)
    assert errors(found) == []
    assert [one.where for one in found] == ["-[1]", "-[2]", "-[3]"]
    for number, body in enumerate(bodies(found)):
        document = parse_xml(body.decode())
        assert not document.warnings
        titles = [words_of(title) for title in descendants(document.root, "title")]
        assert titles[-1] == f"Story {number}"
        assert body.startswith(frame[:60].encode())


def test_marks_within_cdata_and_comments_are_words() -> None:
    """What looks like an entry within CDATA or a comment cuts nothing."""
    inner = "<![CDATA[<item>no</item> ]]> <!-- </item><item> --> end"
    found = read(RSS.format(entries("item", 2, inner)).encode())
    assert len(bodies(found)) == 2
    assert all(b"end</x></item>" in body for body in bodies(found))


@pytest.mark.parametrize(
    "damage",
    [
        lambda data: data.replace(b"</item>", b"", 1),
        lambda data: data[: data.rindex(b"<x>") + 9],
        lambda data: data.replace(b"Story 0</title>", b"Story 0 <b> & </titel>", 1),
        lambda data: data.replace(b"</channel></rss>", b""),
    ],
    ids=["no end tag", "torn", "ill formed", "open"],
)
def test_damage_harms_no_other_entry(damage: object) -> None:
    """A missing end tag, a tear, wrong markup in one entry: the others are whole, and none is lost."""
    assert callable(damage)
    found = read(damage(RSS.format(entries("item", 4)).encode()))
    assert errors(found) == []
    assert [b"Story %d" % number in body for number, body in enumerate(bodies(found))] == [True] * 4


def test_a_feed_larger_than_any_item_streams() -> None:
    """An export of 60 MB whose head lists authors without end is read entry by entry, in the memory of one."""
    head = "<generator>W</generator>" + "<wp:author><wp:name>A</wp:name></wp:author>" * 9_000
    story = entries("item", 1, "word " * 2_000).encode()

    class Pouring(io.RawIOBase):
        def __init__(self) -> None:
            self.parts: Iterator[bytes] = iter([OPENS_RSS.encode() + head.encode(), *[story] * 6_000])
            self.rest = b""

        def readable(self) -> bool:
            return True

        def readinto(self, buffer: memoryview) -> int:  # type: ignore[override] # the base class names a wider type
            self.rest = self.rest or next(self.parts, b"")
            piece, self.rest = self.rest[: len(buffer)], self.rest[len(buffer) :]
            buffer[: len(piece)] = piece
            return len(piece)

    tracemalloc.start()
    count = 0
    for found in read_placed(io.BufferedReader(Pouring()), source="s", received_at=RECEIVED):
        assert isinstance(found, Placed)
        assert len(found.item.body) < len(story) + 1_000
        assert b"<language>fr</language>" in found.item.body
        count += 1
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert count == 6_000
    assert peak < MAX_ITEM_BYTES


def test_pictures_and_menus_of_an_export_are_no_items() -> None:
    """Of a WordPress export only what may be an article comes out; the numbers are those of the file."""
    kinds = ("attachment", "post", "nav_menu_item", "revision", "story")
    posts = "".join(
        f"<item><title>{kind}</title><wp:post_type><![CDATA[{kind}]]></wp:post_type><x>Words.</x></item>"
        for kind in kinds
    )
    found = read(RSS.format(posts).encode())
    assert errors(found) == []
    assert [one.where for one in found] == ["-[2]", "-[5]"]


def test_a_withdrawal_in_a_feed_is_an_item() -> None:
    """A deleted entry of Atom kills its article, empty or with words in it, wherever it stands."""
    gone = '<at:deleted-entry ref="urn:x:{}" when="2025-03-05T11:00:00Z"{}'
    empty, told = "/>", "><at:comment>Wrong.</at:comment></at:deleted-entry>"
    inner = gone.format(1, empty) + entries("entry", 1) + gone.format(2, told) + gone.format(3, empty)
    spaces = '<feed xmlns:at="http://purl.org/atompub/tombstones/1.0" '
    found = read(ATOM.replace("<feed ", spaces).format(inner).encode())
    assert errors(found) == []
    status = [normalize(one.item)[0].status for one in found if isinstance(one, Placed)]
    assert status == ["cancelled", "usable", "cancelled", "cancelled"]


def test_an_entry_too_large_costs_itself() -> None:
    """An entry over the cap is rejected by its number, and the next one is read."""
    data = RSS.format(entries("item", 1) + entries("item", 1, "w" * (MAX_ITEM_BYTES + 9)) + entries("item", 1)).encode()
    found = read(data)
    assert [type(one) for one in found] == [Placed, Rejected, Placed]
    assert errors(found) == [ItemTooLarge]


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (RSS.format("").encode(), NoArticle),
        (RSS.format("<item>" + "w" * (5 * MAX_ITEM_BYTES)).encode(), ItemTooLarge),
        (gzip.compress(RSS.format(entries("item", 6_000, "w" * 9_000)).encode()), ItemTooLarge),
    ],
    ids=["no entries", "no end", "bomb"],
)
def test_what_gives_no_entry_is_refused(data: bytes, error: type[InputError]) -> None:
    """A feed without entries, without end, or out of a bomb is one sentence."""
    assert errors(read(data))[-1] == error
