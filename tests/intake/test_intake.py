"""Files, directories and streams become items; what is no item is rejected by itself, and the rest goes on."""

from __future__ import annotations

import gzip
import io
import os
import threading
import tracemalloc
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.errors import BinaryItem, EmptyItem, InputError, InvalidEncoding, ItemTooLarge, MalformedItem
from pipeline.intake import Rejected, published_hint, raw_item, read_items
from pipeline.limits import MAX_ITEM_BYTES, MAX_LINE_BYTES
from pipeline.stages.normalize import normalize
from schemas import Hints, RawItem
from schemas.ids import article_id

RECEIVED = datetime(2025, 1, 1, tzinfo=UTC)


def line(number: int, **fields: object) -> bytes:
    return orjson.dumps({"uri": f"urn:x:{number}", "text": f"Item {number} has some words.", **fields}) + b"\n"


def read(data: bytes | str | Path, root: Path | None = None) -> list[RawItem | Rejected]:
    where = io.BytesIO(data) if isinstance(data, bytes) else data
    return list(read_items(where, source="s", received_at=RECEIVED, root=root))


def outcome(found: list[RawItem | Rejected]) -> list[object]:
    """Item ids' inputs in brief: "ok", or where and by which error an input was rejected."""
    return [(item.where, type(item.error)) if isinstance(item, Rejected) else "ok" for item in found]


def test_bad_lines_do_not_stop_the_good_ones() -> None:
    """Each bad line is rejected with its number and its reason, and every good line is read."""
    data = line(1) + b'{"broken\n' + b"42\n\n" + b"<html><body>x</body></html>\n" + b'{"a": "\xff\xfd"}\n' + line(2)
    found = read(data)
    assert outcome(found) == [
        "ok",
        ("-:2", MalformedItem),
        ("-:3", MalformedItem),
        ("-:5", MalformedItem),
        ("-:6", InvalidEncoding),
        "ok",
    ]


def test_first_line_may_be_bad() -> None:
    """A stream of JSON lines is known as such even when its first line is broken."""
    assert outcome(read(b'{"broken"\n' + line(1))) == [("-:1", MalformedItem), "ok"]
    assert outcome(read(b"garbage\n" + line(1) + line(2))) == [("-:1", MalformedItem), "ok", "ok"]


def test_huge_line_is_passed_over_without_being_held() -> None:
    """A line of 50 MB is rejected, memory stays under the cap, and the lines around it are read."""

    class Pouring(io.RawIOBase):
        """A stream that is never in memory as a whole."""

        def __init__(self) -> None:
            huge = [b"x" * 65_536] * 800
            self.parts = iter([line(1), b'{"text": "', *huge, b'"}\n', line(2)])
            self.rest = b""

        def readable(self) -> bool:
            return True

        def readinto(self, buffer: memoryview) -> int:  # type: ignore[override] # the base class names a wider type
            self.rest = self.rest or next(self.parts, b"")
            piece, self.rest = self.rest[: len(buffer)], self.rest[len(buffer) :]
            buffer[: len(piece)] = piece
            return len(piece)

    tracemalloc.start()
    found = list(read_items(io.BufferedReader(Pouring()), source="s", received_at=RECEIVED))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert outcome(found) == ["ok", ("-:2", ItemTooLarge), "ok"]
    assert peak < 2.5 * MAX_LINE_BYTES


def test_huge_first_line() -> None:
    """A first line over the cap decides for JSON Lines by its first character."""
    data = b'{"text": "' + b"x" * (MAX_LINE_BYTES + 5) + b'"}\n' + line(1)
    assert outcome(read(data)) == [("-:1", ItemTooLarge), "ok"]


def test_line_between_the_caps() -> None:
    """A line that fits a line but no item is too large for an item."""
    assert outcome(read(line(1) + line(2, text="x" * MAX_ITEM_BYTES))) == ["ok", ("-:2", ItemTooLarge)]


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (b"", EmptyItem),
        (b" \n\n ", EmptyItem),
        (b"\x89PNG\r\n\x1a\n", BinaryItem),
        (b"words\0words", BinaryItem),
        (b"ab\xff\xfe\xfdcd\x81\x8d\x8f\x90", InvalidEncoding),
        (b"x" * (MAX_ITEM_BYTES + 1), ItemTooLarge),
        (b'{"text": \n "x" \n', MalformedItem),
        (gzip.compress(b"words " * 1000, mtime=0)[:40], MalformedItem),
        (b"\x1f\x8b\x08garbage", MalformedItem),
    ],
)
def test_unreadable_stream(data: bytes, error: type[InputError]) -> None:
    """A stream that is no item is rejected once."""
    assert outcome(read(data)) == [("-", error)]


def test_whole_items() -> None:
    """A text, a page, a pretty-printed object and a minified one are one item each."""
    pretty = orjson.dumps({"text": "Words.", "media": [{}, {"id": "1"}]}, option=orjson.OPT_INDENT_2)
    for data in (b"Some words.\n\nMore words.", b"<html><p>Words</p>\n{}\n</html>", pretty, line(1), line(1).rstrip()):
        (item,) = read(data)
        assert isinstance(item, RawItem)
        assert item.body.rstrip() == data.rstrip()


def test_list_gives_one_item_per_object() -> None:
    """The objects of a JSON list travel alone, so that each has the key of its own article."""
    data = b"[" + line(1).strip() + b",\n " + line(2).strip() + b"]"
    assert [item.item_id for item in read(data)] == [item.item_id for item in read(line(1) + line(2))]


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """A directory with items, and with what is none."""
    root = tmp_path / "archive"
    (root / "b" / ".git").mkdir(parents=True)
    (root / "a.txt").write_bytes(b"First words of the first item.")
    (root / "b" / "lines.jsonl").write_bytes(line(1) + b"no json\n" + line(2))
    (root / "b" / "packed.jsonl.gz").write_bytes(gzip.compress(line(3) + line(4), mtime=0))
    (root / "b" / "page.html.gz").write_bytes(
        gzip.compress(b"<html><body><p>Words of a page.</p></body></html>", mtime=0)
    )
    (root / "c d.txt").write_bytes(b"Words under a name with a space.")
    (root / "e.jpg").write_bytes(b"\xff\xd8\xff\xe0")
    (root / "f.txt").touch()
    for skipped in ("README", "README.txt", "notes.md", ".hidden.txt", "b/.git/config"):
        (root / skipped).write_bytes(b"Words that are no item.")
    return root


def test_directory(archive: Path) -> None:
    """A directory is walked in order; hidden files and notes to people are skipped, what is no item is rejected."""
    found = read(archive)
    assert outcome(found) == [
        "ok",
        "ok",
        (str(archive / "e.jpg"), BinaryItem),
        (str(archive / "f.txt"), EmptyItem),
        "ok",
        (f"{archive / 'b' / 'lines.jsonl'}:2", MalformedItem),
        *["ok"] * 4,
    ]
    uris = [item.uri for item in found if isinstance(item, RawItem)]
    assert uris == ["file:a.txt", "file:c%20d.txt", None, None, None, None, "file:b/page.html.gz"]


def test_ids_do_not_depend_on_the_place(archive: Path, tmp_path: Path) -> None:
    """The same archive under another path, or read file by file under its root, gives the same ids."""
    ids = [item.item_id for item in read(archive) if isinstance(item, RawItem)]
    moved = archive.rename(tmp_path / "elsewhere")
    assert [item.item_id for item in read(moved) if isinstance(item, RawItem)] == ids
    (alone,) = read(moved / "c d.txt", root=moved)
    assert isinstance(alone, RawItem)
    assert alone.item_id == ids[1]
    (page,) = read(str(moved / "b" / "page.html.gz"))
    assert isinstance(page, RawItem)
    assert page.uri == "file:page.html.gz"


def test_lines_without_id_are_known_by_content() -> None:
    """A line that names no id keeps its identity wherever it stands in a file."""
    one, two = b'{"text": "First words."}\n', b'{"text": "Second words."}\n'
    assert {item.item_id for item in read(one + two)} == {item.item_id for item in read(two + b"\n" + one)}


def test_missing_file(tmp_path: Path) -> None:
    """A file that is not there, or may not be read, is rejected in one sentence."""
    (found,) = read(tmp_path / "nothing.txt")
    assert isinstance(found, Rejected)
    assert str(found.error) == "the file cannot be read: No such file or directory."


def test_records_pass_unchanged() -> None:
    """Exported raw items come back as they were: id, source, bytes, time and hints."""
    record = RawItem(
        item_id="kept",
        source="other",
        uri="https://x.example/1",
        body=b"caf\xe9 and more words",
        received_at=datetime(2020, 1, 1, tzinfo=UTC),
        hints=Hints(wire_id="w", published_at=datetime(2019, 12, 31, tzinfo=UTC)),
    )
    data = record.to_json() + b"\n" + b'{"item_id": "x", "source": "", "body": "x", "received_at": "now"}\n'
    assert read(data)[0] == record
    assert outcome(read(data))[1] == ("-:2", MalformedItem)
    assert raw_item(record.to_json(), source="s", received_at=RECEIVED) == record


def test_gzip_bomb_is_stopped() -> None:
    """Lines that inflate a thousand times end the reading of that input, not the process."""
    data = gzip.compress(b'{"text": "x"}\n' + (b" " * 1000 + b"\n") * 60_000, mtime=0)
    found = read(data)
    assert outcome(found)[-1] == ("-", ItemTooLarge)
    assert "inflates" in str(found[-1].error)


def test_live_stream_flows(tmp_path: Path) -> None:
    """The first line of a live pipe is read before the second one is written."""
    fifo = tmp_path / "pipe"
    os.mkfifo(fifo)
    first_read = threading.Event()

    def write() -> None:
        with fifo.open("wb", buffering=0) as pipe:
            pipe.write(line(1))
            first_read.wait(20)
            pipe.write(line(2))

    writer = threading.Thread(target=write)
    writer.start()
    with fifo.open("rb") as stream:
        items: Iterator[RawItem | Rejected] = read_items(stream, source="s", received_at=RECEIVED)
        next(items)
        waited = first_read.is_set()
        first_read.set()
        rest = list(items)
    writer.join(20)
    assert not waited
    assert outcome(rest) == ["ok"]


@pytest.mark.parametrize(
    ("body", "hints", "expected"),
    [
        (b'{"text": "x", "published": "2020-03-06T10:00:00Z"}', Hints(), "2020-03-06T10:00:00+00:00"),
        (b"x", Hints(published_at=datetime(2020, 1, 2, tzinfo=UTC)), "2020-01-02T00:00:00+00:00"),
        (b"GENEVA, March 6, 2017 (Tern) - Some words.", Hints(), "2017-03-06T00:00:00+00:00"),
        (b"Some words.", Hints(), None),
        (b'{"no": "article"}', Hints(), None),
    ],
)
def test_published_hint(body: bytes, hints: Hints, expected: str | None) -> None:
    """The time for a replay's order comes from the hints, the item's fields, or its prose; else there is none."""
    raw = RawItem(item_id="x", source="s", body=body, received_at=RECEIVED, hints=hints)
    found = published_hint(raw)
    assert (found.isoformat() if found else None) == expected


def test_hints_serve_where_the_item_is_silent() -> None:
    """A feed's id names an item that has none of its own; the item's own id wins."""
    hints = Hints(wire_id="guid-1")
    silent = raw_item(b"Some words.", source="s", received_at=RECEIVED, uri="file:a", hints=hints)
    assert silent.item_id == article_id("s", wire_id="guid-1", uri=None, body=b"")
    assert normalize(silent)[0].article_id == silent.item_id
    own = raw_item(line(1), source="s", received_at=RECEIVED, hints=hints)
    assert own.item_id == article_id("s", wire_id="urn:x:1", uri=None, body=b"")


@settings(max_examples=max(300, settings.default.max_examples), deadline=None)
@given(
    data=st.lists(
        st.one_of(st.binary(max_size=60), st.integers(0, 3).map(line), st.just(b"\n"), st.just(b"{")), max_size=6
    )
)
def test_any_stream(data: list[bytes]) -> None:
    """Whatever flows in, each piece is an item whose article bears its id, or a rejection in one sentence."""
    for found in read(b"".join(data)):
        if isinstance(found, Rejected):
            assert str(found.error).endswith(".")
            continue
        try:
            articles = normalize(found)
        except InputError:
            continue
        if len(articles) == 1:
            assert articles[0].article_id == found.item_id
