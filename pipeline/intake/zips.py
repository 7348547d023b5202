"""ZIP archives: each member is read like a file of that name; encrypted, damaged and inflated ones are rejected."""

from __future__ import annotations

import lzma
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from typing import BinaryIO, Final
from urllib.parse import quote

from pipeline.errors import BinaryItem, InputError, ItemTooLarge, MalformedItem, UnsafeItem
from pipeline.intake.items import Origin, Placed, Rejected
from pipeline.limits import MAX_INFLATION, MAX_ITEM_BYTES, MAX_ZIP_DEPTH, MAX_ZIP_MEMBERS

MAGIC: Final = b"PK\x03\x04"
_EMPTY_MAGIC: Final = b"PK\x05\x06"
_OFFICE: Final = frozenset({"[content_types].xml", "mimetype"})
_SKIPPED_FOLDERS: Final = ("__macosx/",)
_UNREADABLE: Final = (
    *(zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error),
    *(NotImplementedError, RuntimeError, EOFError, OSError, ValueError, LookupError, OverflowError),
)
"""What zipfile raises on damaged, encrypted or oddly compressed archives."""

ReadStream = Callable[[BinaryIO, Origin, int], Iterator[Placed | Rejected]]


def read_zip(stream: BinaryIO, origin: Origin, depth: int, read: ReadStream) -> Iterator[Placed | Rejected]:
    """Yield what the members of an archive hold, in the order of their names.

    Args:
        stream: seekable.
        origin: of the archive.
        depth: how many archives this one lies in.
        read: reads a member.

    Raises:
        InputError: it is no archive, one within too many, or an office document.
    """
    if depth >= MAX_ZIP_DEPTH:
        raise UnsafeItem(f"this ZIP archive lies in {depth} others, which is the limit; unpack the outer ones.")
    try:
        archive = zipfile.ZipFile(stream)
    except _UNREADABLE as error:
        raise MalformedItem(f"this ZIP archive is damaged: {_reason(error)}.") from error
    with archive:
        members = sorted((info for info in archive.infolist() if _is_wanted(info)), key=lambda info: info.filename)
        if any(info.filename.lower() in _OFFICE for info in members):
            raise BinaryItem("this is an office document or an e-book, not the text of an article.")
        if len(members) > MAX_ZIP_MEMBERS:
            raise UnsafeItem(f"this ZIP archive has {len(members)} files; the limit is {MAX_ZIP_MEMBERS}.")
        _refuse_bomb(stream, members)
        for info in members:
            inner = Origin(origin.source, origin.received_at, f"{origin.where}/{info.filename}", _uri(origin, info))
            yield from _member(archive, info, inner, depth, read)


def _member(
    archive: zipfile.ZipFile, info: zipfile.ZipInfo, inner: Origin, depth: int, read: ReadStream
) -> Iterator[Placed | Rejected]:
    try:
        with archive.open(info) as member:
            yield from read(member, inner, depth + 1)  # type: ignore[arg-type]  # zipfile calls its streams IO[bytes]
    except InputError as error:
        yield Rejected(inner.where, error)
    except _UNREADABLE as error:
        yield Rejected(inner.where, MalformedItem(f"this file of the ZIP archive cannot be read: {_reason(error)}."))


def _is_wanted(info: zipfile.ZipInfo) -> bool:
    name = info.filename.rpartition("/")[2]
    explains = name.startswith((".", "README")) or name.lower().endswith(".md")
    return name != "" and not explains and not info.filename.lower().startswith(_SKIPPED_FOLDERS)


def _refuse_bomb(stream: BinaryIO, members: list[zipfile.ZipInfo]) -> None:
    """Refuse an archive whose files overlap or claim to inflate beyond all news; zipfile holds them to their claim."""
    here = stream.tell()
    size = stream.seek(0, 2)
    stream.seek(here)
    if sum(info.compress_size for info in members) > size:
        raise UnsafeItem("the files of this ZIP archive overlap, as those of a bomb do.")
    claimed = sum(info.file_size for info in members)
    if claimed > MAX_ITEM_BYTES and claimed > MAX_INFLATION * size:
        raise ItemTooLarge(f"this ZIP archive inflates more than {MAX_INFLATION} times; it was not read.")


def _uri(origin: Origin, info: zipfile.ZipInfo) -> str:
    base = origin.uri or "file:-"
    return f"{base}/{quote(info.filename)}"


def _reason(error: BaseException) -> str:
    words = " ".join(str(error).split()).rstrip(".")
    return "it is encrypted" if "encrypted" in words else words[:120] or type(error).__name__
