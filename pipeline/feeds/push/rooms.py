"""How much a process holds of what is pushed to it: requests and bytes, both bounded."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from pipeline.errors import RequestRefused

RETRY_SECONDS = 1
"""What a sender is asked to wait when there is no room: the requests in flight take less."""


class Rooms:
    """Counts what is in flight; it lives in one event loop.

    Args:
        requests: most requests at a time.
        size: most bytes of bodies at a time, as received and decoded.
    """

    def __init__(self, requests: int, size: int) -> None:
        self._requests = requests
        self._size = size
        self.requests = 0
        self.size = 0

    @contextmanager
    def enter(self) -> Iterator[Room]:
        """Yield the room of one request.

        Raises:
            RequestRefused: there are too many; 503.
        """
        if self.requests >= self._requests:
            raise RequestRefused("too many requests are in flight; send it again", status=503, retry=RETRY_SECONDS)
        self.requests += 1
        room = Room(self)
        try:
            yield room
        finally:
            self.requests -= 1
            self.size -= room.size

    def take(self, size: int) -> None:
        """Count bytes that came in.

        Raises:
            RequestRefused: there are too many of all requests together; 503.
        """
        if self.size + size > self._size:
            raise RequestRefused("too much is in flight; send it again", status=503, retry=RETRY_SECONDS)
        self.size += size


class Room:
    """What one request holds."""

    def __init__(self, rooms: Rooms) -> None:
        self._rooms = rooms
        self.size = 0

    def take(self, size: int) -> None:
        """Count bytes that came in; see `Rooms.take`."""
        self._rooms.take(size)
        self.size += size
