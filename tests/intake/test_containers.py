"""Archives: every page, message and file in them is an item; what is damaged costs itself and nothing else."""

from __future__ import annotations

import gzip
import io
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import pytest

from pipeline.errors import BinaryItem, InputError, ItemTooLarge, MalformedItem, UnsafeItem
from pipeline.intake import Placed, Rejected, read_items, read_placed
from pipeline.limits import MAX_ITEM_BYTES, MAX_ZIP_DEPTH
from schemas import RawItem

RECEIVED = datetime(2025, 1, 1, tzinfo=UTC)
STORY = b"Some words of story %d that nobody has read before."


def placed(data: bytes | Path) -> list[Placed | Rejected]:
    where = io.BytesIO(data) if isinstance(data, bytes) else data
    return list(read_placed(where, source="s", received_at=RECEIVED))


def bodies(found: list[Placed | Rejected]) -> list[bytes]:
    return [one.item.body for one in found if isinstance(one, Placed)]


def errors(found: list[Placed | Rejected]) -> list[type[InputError]]:
    for one in found:
        assert isinstance(one, Placed) or (str(one.error).endswith(".") and "\n" not in str(one.error))
    return [type(one.error) for one in found if isinstance(one, Rejected)]


def zipped(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in files.items():
            archive.writestr(name, body)
    return out.getvalue()


def record(number: int, *, status: str = "200 OK", kind: str = "text/html; charset=utf-8", head: str = "") -> bytes:
    """One WARC record of a page."""
    body = b"<html><body><article><p>" + STORY % number + b"</p></article></body></html>"
    answer = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\n{head}\r\n".encode() + body
    lines = (
        "WARC/1.0",
        "WARC-Type: response",
        f"WARC-Target-URI: https://news.example/{number}",
        "WARC-Date: 2024-05-06T07:08:09Z",
        f"WARC-Record-ID: <urn:uuid:00000000-0000-0000-0000-{number:012}>",
        "Content-Type: application/http; msgtype=response",
        f"Content-Length: {len(answer)}",
    )
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + answer + b"\r\n\r\n"


def packed(records: list[bytes]) -> bytes:
    return b"".join(gzip.compress(one, mtime=0) for one in records)


PACKINGS = pytest.mark.parametrize("pack", [b"".join, packed], ids=["plain", "gzip"])
Pack = Callable[[list[bytes]], bytes]


@PACKINGS
def test_a_warc_gives_its_pages(pack: Pack) -> None:
    """Each page is an item with its address, its media type and the time of the crawl; the rest is passed over."""
    info = b"WARC/1.0\r\nWARC-Type: warcinfo\r\nContent-Length: 3\r\n\r\nx:y\r\n\r\n"
    others = [record(7, status="404 Not Found"), record(8, kind="image/png"), record(9, kind="text/css")]
    found = placed(pack([info, record(1), *others, record(2, kind="application/xhtml+xml")]))
    assert errors(found) == []
    items = [one.item for one in found if isinstance(one, Placed)]
    assert [(item.uri, item.media_type) for item in items] == [
        ("https://news.example/1", "text/html; charset=utf-8"),
        ("https://news.example/2", "application/xhtml+xml"),
    ]
    assert {item.received_at for item in items} == {datetime(2024, 5, 6, 7, 8, 9, tzinfo=UTC)}
    assert STORY % 1 in items[0].body
    assert found[0].where == "-, record 1 (https://news.example/1)"


@PACKINGS
@pytest.mark.parametrize(
    "damage",
    [
        lambda good: good[: len(good) // 2],
        lambda good: b"junk between records\r\n" * 5 + good,
        lambda good: good[:30] + b"\xff" * 60 + good[90:],
        lambda good: good.replace(b"Content-Length", b"Content-L\xc3ngth") if good[:4] == b"WARC" else good[:-9],
    ],
    ids=["torn", "junk", "garbled", "header"],
)
def test_a_bad_record_costs_itself(pack: Pack, damage: Callable[[bytes], bytes]) -> None:
    """What comes before and well after a damaged record is read; the damage is counted."""
    parts = [pack([record(number)]) for number in range(6)]
    parts[2] = damage(parts[2])
    found = placed(b"".join(parts))
    read = b"".join(bodies(found))
    assert [number for number in (0, 1, 4, 5) if STORY % number not in read] == []
    assert len(bodies(found)) <= 6


@PACKINGS
def test_a_damaged_record_is_counted(pack: Pack) -> None:
    """A record that cannot be entered is one rejection, with its number."""
    junk = b"no record at all\r\n" * 9 if pack is not packed else b"\x1f\x8b\x08" + b"\xff" * 99
    found = placed(pack([record(0)]) + junk + pack([record(1)]) + junk + pack([record(2)]))
    assert len(bodies(found)) == 3
    assert errors(found) == [MalformedItem] * 2
    assert "record" in found[1].where


def test_a_packed_answer_is_unpacked_and_a_bomb_is_not() -> None:
    """Chunked and compressed answers arrive decoded, up to the size of an item."""
    plain = b"<html><body><p>" + STORY % 1
    for body, wanted in ((plain, []), (b"<html>" + b" " * (MAX_ITEM_BYTES + 9), [ItemTooLarge])):
        answer = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: gzip\r\n\r\n" + gzip.compress(body)
        head = b"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: https://x.example/\r\n"
        data = (
            head + b"Content-Type: application/http\r\nContent-Length: %d\r\n\r\n" % len(answer) + answer + b"\r\n\r\n"
        )
        found = placed(data)
        assert errors(found) == wanted
        assert wanted or bodies(found) == [plain]


def test_any_damage_to_a_warc_is_survived() -> None:
    """Cuts, flips and insertions anywhere end in pages and rejections, never in an error, never without end."""
    chance = Random(5)
    for pack in (b"".join, packed):
        good = pack([record(number) for number in range(4)])
        for _ in range(400):
            data = bytearray(good)
            for _ in range(chance.randint(1, 5)):
                at = chance.randrange(len(data))
                data[at : at + chance.choice((0, 1, 40))] = chance.choice(
                    (b"", b"\xff", b"WARC/1.0\r\n", b"\x1f\x8b\x08")
                )
            found = placed(b"WARC/" + bytes(data[5:]) if pack is not packed else bytes(data))
            errors(found)
            assert len(found) < 60


def test_a_file_of_false_records_is_given_up() -> None:
    """A million false beginnings do not cost a million looks."""
    found = placed(record(1) + b"junk\r\n" + b"\nWARC/1." * 100_000)
    assert len(bodies(found)) == 1
    assert errors(found) == [MalformedItem, UnsafeItem]


def test_a_zip_is_read_like_its_folder(tmp_path: Path) -> None:
    """Members are read by what they hold, under the archive's address; notes to people are skipped; zips may nest."""
    inner = zipped({"deep.txt": STORY % 3})
    lines = b'{"uri": "urn:x:1", "text": "Words."}\n' * 2
    data = zipped(
        {
            "b/wire.jsonl": lines,
            "a.txt": STORY % 1,
            "c d.warc": record(2),
            "in.zip": inner,
            "README.md": b"x",
            "__MACOSX/z": b"y",
        }
    )
    path = tmp_path / "day.zip"
    path.write_bytes(data)
    found = placed(path)
    assert errors(found) == []
    assert [one.where.removeprefix(str(path)) for one in found] == [
        "/a.txt",
        "/b/wire.jsonl:1",
        "/b/wire.jsonl:2",
        "/c d.warc, record 1 (https://news.example/2)",
        "/in.zip/deep.txt",
    ]
    items = [one.item for one in found if isinstance(one, Placed)]
    assert items[0].uri == "file:day.zip/a.txt"
    assert items[-1].uri == "file:day.zip/in.zip/deep.txt"


def test_a_zip_from_a_pipe_is_read() -> None:
    """What cannot be entered in the middle is put on disk first."""

    class Pipe(io.BytesIO):
        def seekable(self) -> bool:
            return False

    (item,) = read_items(Pipe(zipped({"a.txt": STORY % 1})), source="s", received_at=RECEIVED)
    assert isinstance(item, RawItem)
    assert (item.body, item.uri) == (STORY % 1, "file:-/a.txt")


def test_bad_members_cost_themselves() -> None:
    """An encrypted, a damaged and a binary member are rejected by name; the others are read."""
    good = bytearray(
        zipped({"a.txt": STORY % 1, "b.txt": STORY % 2 * 50, "c.png": b"\x89PNG\r\n\x1a\n", "d.txt": STORY % 4})
    )
    at = good.index(b"b.txt") + 12
    good[at : at + 8] = bytes(8)
    found = placed(bytes(good))
    assert bodies(found) == [STORY % 1, STORY % 4]
    assert errors(found) == [MalformedItem, BinaryItem]
    encrypted = bytearray(zipped({"a.txt": STORY % 1}))
    encrypted[6] |= 1
    encrypted[encrypted.index(b"PK\x01\x02") + 8] |= 1
    (refused,) = placed(bytes(encrypted))
    assert isinstance(refused, Rejected)
    assert "encrypted" in str(refused.error)


def nested(depth: int) -> bytes:
    return zipped({"in.zip": nested(depth - 1)}) if depth else zipped({"a.txt": STORY % 1})


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (zipped({"[Content_Types].xml": b"<x/>", "word/document.xml": b"<x/>"}), BinaryItem),
        (zipped({"mimetype": b"application/epub+zip", "a.xhtml": b"<html/>"}), BinaryItem),
        (zipped({"a.txt": b"0" * 50_000_000}), ItemTooLarge),
        (zipped({"a.txt": STORY % 1})[:-30], MalformedItem),
        (b"PK\x03\x04garbage", MalformedItem),
        (nested(MAX_ZIP_DEPTH), UnsafeItem),
    ],
    ids=["office", "book", "bomb", "torn", "garbage", "nested"],
)
def test_what_is_no_archive_of_news_is_refused(data: bytes, error: type[InputError]) -> None:
    """Office documents, bombs, torn and endlessly nested archives are one sentence each."""
    assert errors(placed(data)) == [error]


def test_a_mailbox_gives_its_messages() -> None:
    """Each message is an item by its own id; a quoted From line is turned back."""
    first = (
        b"From a@x.example Mon Mar  6 10:00:00 2017\nMessage-ID: <1@x>\nSubject: One\n\nWords.\n>From the start.\n\n"
    )
    second = b"From b@x.example Mon Mar  6 11:00:00 2017\nMessage-ID: <2@x>\nSubject: Two\n\nMore words.\n"
    found = placed(first + second)
    assert errors(found) == []
    assert [one.where for one in found] == ["-, message 1", "-, message 2"]
    assert bodies(found)[0].endswith(b"Words.\nFrom the start.\n\n")
    assert {one.item.media_type for one in found if isinstance(one, Placed)} == {"message/rfc822"}
    assert bodies(placed(b"From the start of 2017 on\n\nwords were written.")) == [
        b"From the start of 2017 on\n\nwords were written."
    ]


def test_a_huge_message_is_passed_over() -> None:
    """A message over the cap is rejected without being held, and the next one is read."""
    head = b"From a@x.example Mon Mar  6 10:00:00 2017\nSubject: x\n\n"
    found = placed(head + b"words and words\n" * 600_000 + b"\n" + head + b"Words.\n")
    assert errors(found) == [ItemTooLarge]
    assert len(bodies(found)) == 1
