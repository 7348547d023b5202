"""A folder as a wire: complete files are published, acknowledged, and only then put away.

A crash between the acknowledgement and the move publishes a file again. That repeat has the same ids, so readers
drop it; a file that was put away is never read again.
"""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from pipeline.bus.publisher import Publisher
from pipeline.errors import ConfigError
from pipeline.feeds.folder import Folder, Found
from pipeline.intake import Rejected, read_items

POLL_SECONDS = 0.25
_FILES_PER_FLUSH = 200
_LOCK = ".copytaster.lock"


@dataclass(slots=True)
class Watched:
    """What a watch has done so far."""

    files: int = 0
    items: int = 0
    failed: int = 0


class Watch:
    """Publishes what appears in a folder.

    Args:
        folder: where to look.
        publisher: open; its deliveries decide when a file is put away.
        source: name of the wire.
        complain: gets one sentence for each file that failed.
    """

    def __init__(self, folder: Folder, publisher: Publisher, source: str, complain: Callable[[str], None]) -> None:
        self._folder = folder
        self._publisher = publisher
        self._source = source
        self._complain = complain
        self.done = Watched()

    def run(self, stopped: Callable[[float], bool], *, once: bool) -> None:
        """Look again and again until told to stop.

        Args:
            stopped: waits so many seconds; true when it is time to stop.
            once: leave when every file that is there now has been put away, or turned out to be still growing.

        Raises:
            DeliveryError: the broker acknowledges nothing; the files stay where they are.
        """
        # Settling takes two looks: one to see the file, one to see that it is the same.
        began = time.monotonic()
        while True:
            self.look(stopped)
            waiting = self._folder.names
            settled = time.monotonic() - began > self._folder.settle + 2 * POLL_SECONDS
            if once and (not waiting or settled):
                return
            if stopped(POLL_SECONDS):
                return

    def look(self, stopped: Callable[[float], bool]) -> None:
        """Publish what is complete now and put it away."""
        complete = self._folder.complete(time.monotonic(), time.time())
        for start in range(0, len(complete), _FILES_PER_FLUSH):
            read = [(found, self._read(found)) for found in complete[start : start + _FILES_PER_FLUSH]]
            self._publisher.flush()
            for found, reason in read:
                self._put_away(found, reason)
            if stopped(0):
                return

    def _read(self, found: Found) -> str | None:
        """Publish a file's items; return why it failed, in one sentence, or None."""
        published, complaints = 0, []
        now = datetime.now(UTC)
        for item in read_items(found.path, source=self._source, received_at=now, root=self._folder.directory):
            if isinstance(item, Rejected):
                complaints.append(f"{item.where}: {item.error}")
            else:
                self._publisher.publish(item)
                published += 1
        self.done.items += published
        if not complaints and not published:
            complaints.append(f"{found.path} holds no item")
        if not complaints:
            return None
        more = f"; {len(complaints) - 1} more were rejected" if len(complaints) > 1 else ""
        kept = f"; {published} others were published" if published else ""
        return complaints[0] + more + kept

    def _put_away(self, found: Found, reason: str | None) -> None:
        if not self._folder.unchanged(found):
            return  # somebody wrote into it while it was read: it is a new version, and comes again
        self._folder.put_away(found, reason)
        self.done.files += 1
        if reason is not None:
            self.done.failed += 1
            self._complain(reason)


@contextmanager
def alone_in(directory: Path) -> Iterator[None]:
    """Hold the folder for this process: two watchers would publish each file twice.

    Raises:
        ConfigError: the folder is not there, or somebody watches it already.
    """
    try:
        lock = os.open(directory / _LOCK, os.O_CREAT | os.O_RDWR, 0o644)
    except OSError as error:
        raise ConfigError(f"{directory} cannot be watched: {error.strerror}") from error
    try:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise ConfigError(f"{directory} is watched by another copytaster already") from error
        yield
    finally:
        os.close(lock)
