"""A durable map for what is small and must survive: topics, producer ids, groups, committed offsets.

Every change is a framed JSON line appended to one file; the file is rewritten, atomically, when most of it is
outdated. A torn last frame is dropped at start.
"""

import json
import logging
import os
import struct
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pipeline.embedded.log import replace_file

logger = logging.getLogger(__name__)

Key = tuple[str, ...]
_FRAME = struct.Struct(">II")
# Rewriting is worth it from here on, and when the file is four times what a rewrite would leave.
_REWRITE_FROM_BYTES = 1024 * 1024


class Journal:
    """Keys are tuples of strings, values anything JSON knows; None deletes. `sync`: every change waits for the disk."""

    def __init__(self, path: Path, *, sync: bool) -> None:
        self.values: dict[Key, Any] = {}
        self._path = path
        self._sync_each = sync
        self._size = self._load()
        self._live_size = self._size
        self._file = path.open("ab", buffering=0)
        self._file.truncate(self._size)

    def put(self, changes: Mapping[Key, Any]) -> None:
        """Apply and store some changes: all of them or, after a crash, none."""
        frame = _framed([[list(key), value] for key, value in changes.items()])
        if self._file.write(frame) != len(frame):
            self._file.truncate(self._size)
            raise OSError(f"no room for a change in {self._path}")
        if self._sync_each:
            os.fsync(self._file.fileno())
        self._size += len(frame)
        self._apply(changes)
        if self._size > max(_REWRITE_FROM_BYTES, 4 * self._live_size):
            self._rewrite()

    def under(self, *prefix: str) -> dict[Key, Any]:
        """Return the entries whose key begins with `prefix`."""
        return {key: value for key, value in self.values.items() if key[: len(prefix)] == prefix}

    def sync(self) -> None:
        """Bring to disk what was put. Blocking; safe in a thread."""
        with self._path.open("rb") as file:
            os.fsync(file.fileno())

    def close(self) -> None:
        """Make everything durable and close the file."""
        self.sync()
        self._file.close()

    def _apply(self, changes: Mapping[Key, Any]) -> None:
        for key, value in changes.items():
            if value is None:
                self.values.pop(key, None)
            else:
                self.values[key] = value

    def _load(self) -> int:
        """Read the file into the map; return how many of its bytes are whole."""
        content = self._path.read_bytes() if self._path.exists() else b""
        position = 0
        while position + _FRAME.size <= len(content):
            length, crc = _FRAME.unpack_from(content, position)
            body = content[position + _FRAME.size : position + _FRAME.size + length]
            if len(body) != length or zlib.crc32(body) != crc:
                break
            self._apply({tuple(key): value for key, value in json.loads(body)})
            position += _FRAME.size + length
        if position < len(content):
            logger.warning("cut %d torn bytes off %s", len(content) - position, self._path)
        return position

    def _rewrite(self) -> None:
        frame = _framed([[list(key), value] for key, value in self.values.items()])
        replace_file(self._path, frame)
        self._file.close()
        self._file = self._path.open("ab", buffering=0)
        self._size = self._live_size = len(frame)


def _framed(content: list[list[Any]]) -> bytes:
    body = json.dumps(content, separators=(",", ":")).encode()
    return _FRAME.pack(len(body), zlib.crc32(body)) + body
