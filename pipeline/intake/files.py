"""Files and folders on their way in: which are read, in which order, under which address."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import BinaryIO
from urllib.parse import quote

from pipeline.errors import MalformedItem
from pipeline.intake.inputs import read_stream
from pipeline.intake.items import Origin, Placed, Rejected
from schemas.raw import RawItem


def read_items(
    path_or_stream: str | Path | BinaryIO, *, source: str, received_at: datetime, root: Path | None = None
) -> Iterator[RawItem | Rejected]:
    """Yield the items of an input without their places; see `read_placed`."""
    for found in read_placed(path_or_stream, source=source, received_at=received_at, root=root):
        yield found.item if isinstance(found, Placed) else found


def read_placed(
    path_or_stream: str | Path | BinaryIO, *, source: str, received_at: datetime, root: Path | None = None
) -> Iterator[Placed | Rejected]:
    """Yield the items of a file, a directory or a binary stream, and what is no item, in order. Memory is bounded.

    A directory is walked in sorted order; hidden files, `README*` and `*.md` are skipped. What a file holds decides
    how it is read, whatever its name (see `inputs`); gzip is decoded by its content. A line that is a RawItem record
    passes unchanged, with its own source and time.

    Args:
        path_or_stream: what to read; a stream is read to its end and not closed.
        source: name of the wire or archive.
        received_at: stamped on every item that has no time of its own.
        root: what the uri of a file is relative to; a directory is its own root, a file's is its folder.
    """
    if not isinstance(path_or_stream, (str, Path)):
        name = getattr(path_or_stream, "name", None)
        where = name if isinstance(name, str) and name != "<stdin>" else "-"
        yield from read_stream(path_or_stream, Origin(source, received_at, where, None))
        return
    top = Path(path_or_stream)
    base = root or (top if top.is_dir() else top.parent)
    for path in input_files(top):
        try:
            with path.open("rb") as stream:
                yield from read_stream(stream, Origin(source, received_at, str(path), _uri(path, base)))
        except OSError as error:
            yield Rejected(str(path), MalformedItem(f"the file cannot be read: {error.strerror or error}."))


def input_files(top: Path) -> Iterator[Path]:
    """Yield a file itself, or the files below a folder in order, without what is hidden or explains the archive."""
    if not top.is_dir():
        yield top
        return
    for folder, folders, names in os.walk(top):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            skipped = name.startswith((".", "README")) or name.lower().endswith(".md")
            if not skipped and (path := Path(folder, name)).is_file():
                yield path


def _uri(path: Path, root: Path) -> str:
    """Return `file:` and the path below the root; only the name where the file lies elsewhere."""
    try:
        relative = path.resolve().relative_to(root.resolve())
    except ValueError:
        relative = Path(path.name)
    return "file:" + quote(os.fsencode(relative.as_posix()))
