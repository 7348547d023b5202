"""An archive in its original order, without holding it in memory.

Order needs dates, so an archive is read twice. The first reading keeps a few numbers per file: its first date, how many
items it has, whether they are in order. The second merges the files by date. A file that is in order streams. One
that is not is copied once, item by item, to a temporary file, and read from there in order; so this works on whatever
`read_items` can read, also where it cannot be entered in the middle. Memory grows by two numbers an item there.

An item without a date keeps its place right after the item before it; what precedes every date comes first.
"""

from __future__ import annotations

import heapq
import tempfile
from array import array
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from pathlib import Path
from typing import BinaryIO

from pipeline.errors import ConfigError
from pipeline.intake import Rejected, input_files, published_hint, read_items
from schemas import RawItem

Complain = Callable[[str], None]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_NEVER = -(2**63)
"""Sorts before every date: the place of items that precede all dates."""


@dataclass(frozen=True, slots=True)
class Selection:
    """Which items are wanted; both ends belong to it. With either, items that no date can be told for are left out."""

    since: datetime | None = None
    until: datetime | None = None

    def takes(self, moment: int) -> bool:
        """Return whether an item of that moment is wanted."""
        if self.since is None and self.until is None:
            return True
        after = self.since is None or moment >= _microseconds(self.since)
        before = self.until is None or moment <= _microseconds(self.until)
        return moment != _NEVER and after and before


@dataclass(frozen=True, slots=True)
class Dated:
    """An item in its place. `published` is its own date or that of the item before it; None where there is neither."""

    published: datetime | None
    raw: RawItem


@dataclass(slots=True)
class _File:
    path: Path
    root: Path
    size: int
    before: int = _NEVER
    first: int = _NEVER
    items: int = 0
    in_order: bool = True


class Archive:
    """Files and folders of items.

    Args:
        paths: files, and folders that are searched to their ground; names with a leading dot are left out.
        source: name of the wire for items that carry none.
        received_at: stamped on every item.
        selection: which items are wanted.

    Raises:
        ConfigError: a path is not there.
    """

    def __init__(
        self, paths: Iterable[Path], *, source: str, received_at: datetime, selection: Selection | None = None
    ) -> None:
        self._files = [_File(path, root, path.stat().st_size) for path, root in _listed(paths)]
        self._source = source
        self._received_at = received_at
        self._selection = selection or Selection()
        self.total = 0
        self.rejected = 0
        self.last: datetime | None = None

    def digest(self) -> str:
        """Return what tells this archive and selection from another: paths, sizes, source, both ends."""
        digest = blake2b(digest_size=16)
        selection = self._selection
        parts = [self._source, str(selection.since), str(selection.until)]
        parts += [f"{file.path.resolve()}\0{file.size}" for file in self._files]
        for part in parts:
            digest.update(part.encode("utf-8", "surrogateescape") + b"\n")
        return digest.hexdigest()

    def index(self, complain: Complain, progress: Callable[[int], None] | None = None) -> None:
        """Read everything once: count, date, check the order, and say what cannot be read.

        Args:
            complain: gets one sentence for each item that is rejected.
            progress: gets the number of items found, after each file.
        """
        self.total = self.rejected = 0
        latest = moment = _NEVER
        for file in self._files:
            file.before, file.items, file.in_order = moment, 0, True
            earliest = previous = None
            for moment, _raw in self._dated(file, complain):
                file.in_order = file.in_order and (previous is None or moment >= previous)
                earliest = moment if earliest is None else min(earliest, moment)
                file.items, previous = file.items + 1, moment
                if self._selection.takes(moment):
                    self.total += 1
                    latest = max(latest, moment)
            file.first = _NEVER if earliest is None else earliest
            if progress is not None:
                progress(self.total)
        self.last = _moment(latest)

    def __iter__(self) -> Iterator[Dated]:
        """Yield the wanted items in order; `index` comes first."""
        with tempfile.TemporaryDirectory(prefix="copytaster-replay-") as scratch:
            for moment, raw in self._merged(Path(scratch)):
                if self._selection.takes(moment):
                    yield Dated(_moment(moment), raw)

    def _merged(self, scratch: Path) -> Iterator[tuple[int, RawItem]]:
        # A file is opened when its first date is due: archives of many thousand files need few of them at a time.
        heap: list[tuple[int, int, int, RawItem | None]] = [
            (file.first, place, -1, None) for place, file in enumerate(self._files)
        ]
        heapq.heapify(heap)
        streams: dict[int, Iterator[tuple[int, RawItem]]] = {}
        while heap:
            moment, place, number, raw = heapq.heappop(heap)
            if raw is None:
                streams[place] = self._stream(self._files[place], scratch)
            else:
                yield moment, raw
            following = next(streams[place], None)
            if following is None:
                del streams[place]
            else:
                heapq.heappush(heap, (following[0], place, number + 1, following[1]))

    def _stream(self, file: _File, scratch: Path) -> Iterator[tuple[int, RawItem]]:
        if file.items == 1:
            # To date a page means to parse it, which the index has done.
            return ((file.first, item) for item in self._items(file, None))
        items = self._dated(file, None)
        return items if file.in_order else _sorted(items, scratch)

    def _dated(self, file: _File, complain: Complain | None) -> Iterator[tuple[int, RawItem]]:
        moment = file.before
        for item in self._items(file, complain):
            published = published_hint(item)
            moment = moment if published is None else _microseconds(published)
            yield moment, item

    def _items(self, file: _File, complain: Complain | None) -> Iterator[RawItem]:
        for item in read_items(file.path, source=self._source, received_at=self._received_at, root=file.root):
            if not isinstance(item, Rejected):
                yield item
            elif complain is not None:
                self.rejected += 1
                complain(f"{item.where}: {item.error}")


def _sorted(items: Iterator[tuple[int, RawItem]], scratch: Path) -> Iterator[tuple[int, RawItem]]:
    """Yield a file's items by date, from a copy on disk; memory holds two numbers for each."""
    moments, starts = array("q"), array("q")
    with tempfile.TemporaryFile(dir=scratch) as copy:
        for moment, raw in items:
            moments.append(moment)
            starts.append(copy.tell())
            data = raw.to_json()
            copy.write(len(data).to_bytes(8, "big") + data)
        # The sort is stable: what has the same date, or none of its own, stays behind what it stood behind.
        for place in sorted(range(len(moments)), key=moments.__getitem__):
            yield moments[place], _copied(copy, starts[place])


def _copied(copy: BinaryIO, start: int) -> RawItem:
    copy.seek(start)
    return RawItem.from_json(copy.read(int.from_bytes(copy.read(8), "big")))


def _listed(paths: Iterable[Path]) -> Iterator[tuple[Path, Path]]:
    """Yield each file with the root that its name is relative to, in a fixed order."""
    for path in paths:
        if not path.exists():
            raise ConfigError(f"{path} is not there")
        root = path if path.is_dir() else path.parent
        yield from ((file, root) for file in input_files(path))


def _microseconds(moment: datetime) -> int:
    return (moment - _EPOCH) // _MICROSECOND


def _moment(microseconds: int) -> datetime | None:
    return None if microseconds == _NEVER else _EPOCH + microseconds * _MICROSECOND
