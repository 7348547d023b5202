"""Which files of a watched folder are complete, and where they go afterwards.

The folder is polled. Notifications of the kernel differ on every platform and never come from network shares, which
is where wires drop their files; one `scandir` of a few thousand names takes milliseconds.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

DONE = ".done"
FAILED = ".failed"
REASON = ".reason"
"""A file that failed stands beside one of its name with this ending, which holds the sentence."""

_UNFINISHED = (".tmp", ".part")


@dataclass(frozen=True, slots=True)
class Shape:
    """What changes when somebody writes into a file."""

    inode: int
    size: int
    modified_ns: int

    @classmethod
    def of(cls, status: os.stat_result) -> Shape:
        """Return the shape that a stat shows."""
        return cls(status.st_ino, status.st_size, status.st_mtime_ns)


@dataclass(frozen=True, slots=True)
class Found:
    """A file that is there, and what it looked like."""

    path: Path
    shape: Shape


class Folder:
    """A folder into which others drop files.

    A file is complete when its size and modification time have not changed for `settle` seconds, or when it got
    its name by a rename inside the folder from a name that is ignored. Names with a leading dot, `*.tmp` and `*.part`
    are ignored, and so are folders and links.

    Args:
        directory: the folder; what lies deeper is left alone.
        settle: seconds.
    """

    def __init__(self, directory: Path, settle: float) -> None:
        self.directory = directory
        self.settle = settle
        self._since: dict[str, tuple[Shape, float]] = {}
        self._hidden: set[int] = set()

    def complete(self, now: float, wall: float) -> list[Found]:
        """Look once and return the complete files, the oldest first.

        Args:
            now: monotonic seconds, for how long a file has been as it is.
            wall: seconds since the epoch, for how long ago somebody wrote into a file that was not seen before.
        """
        seen: dict[str, tuple[Shape, float]] = {}
        hidden: set[int] = set()
        for name, shape in self._files():
            if _ignored(name):
                hidden.add(shape.inode)
                continue
            known, since = self._since.get(name, (None, now))
            if known != shape:
                finished = known is None and (shape.inode in self._hidden or self._old(shape, wall))
                since = now - self.settle if finished else now
            seen[name] = (shape, since)
        self._since, self._hidden = seen, hidden
        ready = [(shape, name) for name, (shape, since) in seen.items() if now - since >= self.settle]
        return [
            Found(self.directory / name, shape)
            for shape, name in sorted(ready, key=lambda one: (one[0].modified_ns, one[1]))
        ]

    @property
    def names(self) -> frozenset[str]:
        """The files seen by the last look, complete or not."""
        return frozenset(self._since)

    def _old(self, shape: Shape, wall: float) -> bool:
        return wall - shape.modified_ns / 1e9 >= self.settle

    def _files(self) -> Iterator[tuple[str, Shape]]:
        with os.scandir(self.directory) as entries:
            for entry in entries:
                try:
                    if entry.is_file(follow_symlinks=False):
                        yield entry.name, Shape.of(entry.stat(follow_symlinks=False))
                except FileNotFoundError:
                    continue  # taken away between the listing and the look

    def unchanged(self, found: Found) -> bool:
        """Return whether a file still is what it was when it was found."""
        try:
            return Shape.of(found.path.lstat()) == found.shape
        except FileNotFoundError:
            return False

    def put_away(self, found: Found, reason: str | None) -> Path:
        """Move a file to `.done`, or to `.failed` beside its reason, never over another; return where it is now."""
        home = self.directory / (DONE if reason is None else FAILED)
        home.mkdir(exist_ok=True)
        target = _free(home, found.path.name)
        if reason is not None:
            target.with_name(target.name + REASON).write_text(reason + "\n", encoding="utf-8")
        found.path.rename(target)
        self._since.pop(found.path.name, None)
        return target


def _ignored(name: str) -> bool:
    return name.startswith(".") or name.endswith(_UNFINISHED)


def _free(home: Path, name: str) -> Path:
    target, number = home / name, 0
    while target.exists() or target.with_name(target.name + REASON).exists():
        number += 1
        target = home / f"{name}.{number}"
    return target
