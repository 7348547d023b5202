"""A folder as a wire: complete files are published, acknowledged, and only then put away.

A crash between the acknowledgement and the move publishes a file again. That repeat has the same ids, so readers
drop it; a file that was put away is never read again.
"""

from __future__ import annotations

import fcntl
import os
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from pipeline.bus.publisher import Publisher
from pipeline.errors import BrokerError, ConfigError, CopytasterError, DeliveryError
from pipeline.feeds.folder import Folder, Found
from pipeline.intake import Rejected, read_items
from pipeline.sources import Ledger

POLL_SECONDS = 0.25
RETRY_SECONDS = 2.0
"""How often a broker that is away is looked for."""

_FILES_PER_FLUSH = 200
_LOCK = ".copytaster.lock"


@dataclass(slots=True)
class Watched:
    """What a watch has done so far."""

    files: int = 0
    items: int = 0
    failed: int = 0


@dataclass(slots=True)
class _Read:
    """What was found in a file: items that were published, by source, and what was no item."""

    found: Found
    published: Counter[str] = field(default_factory=Counter)
    sizes: Counter[str] = field(default_factory=Counter)
    complaints: list[str] = field(default_factory=list)

    def reason(self) -> str | None:
        """Return why the file failed, in one sentence, or None."""
        if not self.complaints:
            return None if self.published else f"{self.found.path} holds no item"
        more = f"; {len(self.complaints) - 1} more were rejected" if len(self.complaints) > 1 else ""
        kept = f"; {self.published.total()} others were published" if self.published else ""
        return self.complaints[0] + more + kept


class Watch:
    """Publishes what appears in a folder.

    Args:
        folder: where to look.
        open_publisher: makes a publisher, now and after each outage; its deliveries decide when a file is put away.
        source: name of the wire.
        ledger: notes what each source sends.
        complain: gets one sentence for each file that failed, and for each outage.

    Raises:
        BrokerError: no broker answers now.
    """

    def __init__(
        self,
        folder: Folder,
        open_publisher: Callable[[], Publisher],
        *,
        source: str,
        ledger: Ledger,
        complain: Callable[[str], None],
    ) -> None:
        self._folder = folder
        self._open = open_publisher
        self._publisher = open_publisher()
        self._source = source
        self._ledger = ledger
        self._complain = complain
        self._outage = False
        self.done = Watched()

    def run(self, stopped: Callable[[float], bool], *, once: bool) -> None:
        """Look again and again until told to stop. While the broker is away the files stay, and it waits.

        Args:
            stopped: waits so many seconds; true when it is time to stop.
            once: leave when every file that is there now has been put away, or turned out to be still growing.

        Raises:
            DeliveryError: the broker acknowledges nothing, and it was to look once; the files stay where they are.
            BrokerError: the broker refuses us, or lacks the topic.
            ConfigError: the folder is gone, or nothing can be moved in it.
        """
        # Settling takes two looks: one to see the file, one to see that it is the same.
        began = time.monotonic()
        while True:
            try:
                self.look(stopped)
            except (DeliveryError, BrokerError) as error:
                if once or not error.retriable:
                    raise
                if not self._wait_for_broker(error, stopped):
                    return
            waiting = self._folder.names
            settled = time.monotonic() - began > self._folder.settle + 2 * POLL_SECONDS
            if once and (not waiting or settled):
                return
            if stopped(POLL_SECONDS):
                return

    def look(self, stopped: Callable[[float], bool]) -> None:
        """Publish what is complete now and put it away."""
        try:
            complete = self._folder.complete(time.monotonic(), time.time())
        except OSError as error:
            raise ConfigError(f"{self._folder.directory} cannot be watched any more: {error.strerror}") from error
        for start in range(0, len(complete), _FILES_PER_FLUSH):
            read = [self._read(found) for found in complete[start : start + _FILES_PER_FLUSH]]
            self._publisher.flush()
            self._note(read)
            for one in read:
                self._put_away(one)
            if stopped(0):
                return

    def close(self) -> None:
        """Close the publisher; every file that was put away is acknowledged already."""
        if not self._outage:
            self._publisher.close()

    def _read(self, found: Found) -> _Read:
        read, now = _Read(found), datetime.now(UTC)
        for item in read_items(found.path, source=self._source, received_at=now, root=self._folder.directory):
            if isinstance(item, Rejected):
                read.complaints.append(f"{item.where}: {item.error}")
            else:
                self._publisher.publish(item)
                read.published[item.source] += 1
                read.sizes[item.source] += len(item.body)
        return read

    def _note(self, read: list[_Read]) -> None:
        """Count what is acknowledged."""
        if self._outage:
            self._outage = False
            self._complain("copytaster: the broker acknowledges again")
        now = datetime.now(UTC)
        for one in read:
            self.done.items += one.published.total()
            for source, items in one.published.items():
                self._ledger.note(source, items=items, size=one.sizes[source], at=now)
            if one.complaints:
                self._ledger.note(self._source, rejected=len(one.complaints), at=now)

    def _put_away(self, read: _Read) -> None:
        if not self._folder.unchanged(read.found):
            return  # somebody wrote into it while it was read: it is a new version, and comes again
        reason = read.reason()
        try:
            self._folder.put_away(read.found, reason)
        except OSError as error:
            # To go on would be to publish it again at every look.
            raise ConfigError(f"{read.found.path} is published, but cannot be moved: {error.strerror}") from error
        self.done.files += 1
        if reason is not None:
            self.done.failed += 1
            self._complain(reason)

    def _wait_for_broker(self, error: CopytasterError, stopped: Callable[[float], bool]) -> bool:
        """Wait until a publisher can be opened again; false when told to stop. What was read is read again then."""
        if not self._outage:
            self._outage = True
            self._complain(f"copytaster: {error}; files stay where they are until the broker is back")
        self._publisher.abandon()
        while not stopped(RETRY_SECONDS):
            try:
                self._publisher = self._open()
            except BrokerError as still:
                if not still.retriable:
                    raise
            else:
                return True
        return False


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
