"""What has arrived of an input: read by a thread of its own, so that nobody waits for more than is there."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterator
from typing import Self

from pipeline.intake import Placed, Rejected

_CHUNK_ITEMS = 16
_CHUNK_BYTES = 1024 * 1024
"""A chunk is some 100 ms of work, next to which its way to a process is nothing; one of large items is smaller."""


class Arrivals:
    """What a thread has read of the input and nobody has taken yet: at most a chunk."""

    def __init__(self, head: Placed | Rejected, stream: Iterator[Placed | Rejected]) -> None:
        self._stream = stream
        self._waiting = deque([head])
        self._bytes = _size(head)
        self._changed = threading.Condition()
        self._error: BaseException | None = None
        self._exhausted = self._closed = False
        # A daemon: it may hang in a read of a terminal or a pipe when everything else is over.
        threading.Thread(target=self._read, daemon=True, name="intake").start()

    def _read(self) -> None:
        try:
            for item in self._stream:
                if not self._put(item):
                    break
        except BaseException as error:  # noqa: BLE001 - handed to whoever takes
            self._error = error
        with self._changed:
            self._exhausted = True
            self._changed.notify_all()

    def _put(self, item: Placed | Rejected) -> bool:
        with self._changed:
            self._changed.wait_for(lambda: self._closed or self._room())
            self._waiting.append(item)
            self._bytes += _size(item)
            self._changed.notify_all()
            return not self._closed

    def _room(self) -> bool:
        return len(self._waiting) < _CHUNK_ITEMS and self._bytes < _CHUNK_BYTES

    @property
    def ended(self) -> bool:
        """Whether everything was read and taken."""
        with self._changed:
            return self._exhausted and not self._waiting

    def take(self) -> list[Placed | Rejected]:
        """Return what has arrived, empty where nothing has.

        Raises:
            Exception: whatever ended the reading.
        """
        with self._changed:
            chunk = list(self._waiting)
            self._waiting.clear()
            self._bytes = 0
            self._changed.notify_all()
            if not chunk and self._error is not None:
                raise self._error
            return chunk

    def wait(self) -> None:
        """Wait until something has arrived, or nothing more will."""
        with self._changed:
            self._changed.wait_for(lambda: self._waiting or self._exhausted)

    def __enter__(self) -> Self:
        """Return self."""
        return self

    def __exit__(self, *_: object) -> None:
        """Let the thread go."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()


def _size(item: Placed | Rejected) -> int:
    return len(item.item.body) if isinstance(item, Placed) else 0
