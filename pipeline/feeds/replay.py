"""Archives onto the raw topic, in original order and pace, from where an earlier run stopped.

A position counts items in replay order, over all rounds. It is saved only as far as the broker has acknowledged every
item before it: a run that dies repeats a few items, which readers drop, and skips none.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from pipeline.bus.publisher import Publisher
from pipeline.feeds.archive import Archive
from pipeline.feeds.pacing import Pacer
from pipeline.feeds.position import Position

_SAVE_SECONDS = 0.5
_ITEMS_BETWEEN_LOOKS = 64


@dataclass(slots=True)
class Progress:
    """Where a replay stands; items are counted over all rounds."""

    total: int
    sent: int = 0
    acknowledged: int = 0
    at: datetime | None = None


class Replay:
    """One run over an archive that has been indexed.

    Args:
        archive: what to send.
        publisher: open.
        speed: 1 is the original pace, 10 ten times as fast; None is as fast as possible.
        rate: most items a second; None is no cap.
        position: where to go on, and where to save; None remembers nothing.
        loops: rounds over the archive. A later round sends the same items under the same ids, and readers drop them.
        now: monotonic seconds.
        wait: waits so many seconds; true when it is time to stop.
        look: gets the progress about twice a second.
    """

    def __init__(
        self,
        archive: Archive,
        publisher: Publisher,
        *,
        position: Position | None,
        speed: float | None = None,
        rate: float | None = None,
        loops: int = 1,
        now: Callable[[], float],
        wait: Callable[[float], bool],
        look: Callable[[Progress], None],
    ) -> None:
        self._archive = archive
        self._publisher = publisher
        self._position = position
        self._loops = loops
        self._now = now
        self._wait = wait
        self._look = look
        self._pacer = Pacer(speed=speed, rate=rate, now=now, sleep=self._pause)
        self._looked_at = now()
        self.progress = Progress(archive.total * loops)

    def run(self) -> bool:
        """Send everything that is still to be sent; return whether that was done to the end.

        Raises:
            DeliveryError: the broker did not acknowledge; the position is saved.
        """
        progress = self.progress
        progress.sent = progress.acknowledged = self._position.load() if self._position else 0
        try:
            finished = all(self._round(number) for number in range(self._loops))
            self._publisher.flush()
        finally:
            self._note()
        if finished and self._position is not None:
            self._position.forget()
        return finished

    def _pause(self, seconds: float) -> bool:
        # What is acknowledged while the next item is not due yet is saved too.
        self._look_now_and_then()
        return self._wait(seconds)

    def _round(self, number: int) -> bool:
        already = self.progress.sent - number * self._archive.total
        if already >= self._archive.total:
            return True
        self._pacer.restart()
        for place, item in enumerate(self._archive):
            if place < already:
                continue
            if self._wait(0) or not self._pacer.wait(item.published):
                return False
            self.progress.sent += 1
            self.progress.at = item.published
            self._publisher.publish(item.raw, self.progress.sent)
            if self.progress.sent % _ITEMS_BETWEEN_LOOKS == 0:
                self._look_now_and_then()
        return True

    def _look_now_and_then(self) -> None:
        if self._now() - self._looked_at >= _SAVE_SECONDS:
            self._note()

    def _note(self) -> None:
        self._looked_at = self._now()
        if isinstance(self._publisher.last_token, int):
            self.progress.acknowledged = self._publisher.last_token
        if self._position is not None:
            self._position.save(self.progress.acknowledged)
        self._look(self.progress)
