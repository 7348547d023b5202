"""When the next item of a replay is due. The clock and the sleep come from outside, so a test needs no time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

SLICE_SECONDS = 0.5
"""Longest single sleep: a replay that waits a week for its next item still answers Ctrl-C at once."""

_TOO_SHORT = 0.002
_CATCH_UP = 0.05


class Pacer:
    """Holds items back to the original pace, to a rate, or to both; the slower one decides.

    Args:
        speed: 1 is the original pace, 10 ten times as fast; None holds nothing back.
        rate: most items a second; None is no cap.
        now: monotonic seconds.
        sleep: sleeps so many seconds; true when it was told to give up.
    """

    def __init__(
        self,
        *,
        speed: float | None,
        rate: float | None,
        now: Callable[[], float],
        sleep: Callable[[float], bool],
    ) -> None:
        self._speed = speed
        self._rate = rate
        self._now = now
        self._sleep = sleep
        self._origin: tuple[float, datetime] | None = None
        self._slot: float | None = None

    def restart(self) -> None:
        """Begin a new round: its first dated item is due at once."""
        self._origin = None

    def wait(self, published: datetime | None) -> bool:
        """Sleep until an item of that date is due; false when the sleep was told to give up.

        An item without a date is due at once: it follows the item before it.
        """
        due = max(self._by_date(published), self._by_rate())
        while (left := due - self._now()) > _TOO_SHORT:
            if self._sleep(min(left, SLICE_SECONDS)):
                return False
        return True

    def _by_date(self, published: datetime | None) -> float:
        now = self._now()
        if self._speed is None or published is None:
            return now
        if self._origin is None:
            self._origin = (now, published)
        began, first = self._origin
        return began + (published - first).total_seconds() / self._speed

    def _by_rate(self) -> float:
        now = self._now()
        if self._rate is None:
            return now
        # A slot that lies a little back lets short sleeps be made up for, without a burst after a long wait.
        self._slot = now if self._slot is None else max(self._slot + 1 / self._rate, now - _CATCH_UP)
        return self._slot
