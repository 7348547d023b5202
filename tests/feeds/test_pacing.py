"""Pacing, on a clock that only sleeping moves."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.feeds.pacing import SLICE_SECONDS, Pacer

BEGIN = datetime(2020, 1, 1, tzinfo=UTC)


class Clock:
    """Time that passes only while somebody sleeps."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.longest = 0.0
        self.gives_up_after = float("inf")

    def read(self) -> float:
        """Return the time."""
        return self.now

    def sleep(self, seconds: float) -> bool:
        """Let time pass."""
        self.now += seconds
        self.longest = max(self.longest, seconds)
        return self.now >= self.gives_up_after


def pacer(clock: Clock, *, speed: float | None = None, rate: float | None = None) -> Pacer:
    return Pacer(speed=speed, rate=rate, now=clock.read, sleep=clock.sleep)


def after(hours: float) -> datetime:
    return BEGIN + timedelta(hours=hours)


@pytest.mark.parametrize(("speed", "seconds"), [(1.0, 7200.0), (10.0, 720.0), (0.5, 14400.0)])
def test_items_are_as_far_apart_as_they_were(speed: float, seconds: float) -> None:
    """The original pace is kept, times the speed."""
    clock = Clock()
    paced = pacer(clock, speed=speed)
    assert paced.wait(after(5))
    assert clock.now == 1000.0
    assert paced.wait(after(7))
    assert clock.now - 1000.0 == pytest.approx(seconds, abs=0.01)


def test_the_pace_does_not_drift() -> None:
    """A slow publisher is caught up with: what is due counts from the first item, not from the last one."""
    clock = Clock()
    paced = pacer(clock, speed=3600.0)
    for hour in range(50):
        assert paced.wait(after(hour))
        clock.now += 0.25
    assert clock.now - 1000.0 == pytest.approx(49 + 0.25, abs=0.01)


def test_an_item_without_a_date_is_due_at_once() -> None:
    """Items that cannot be dated follow the item before them."""
    clock = Clock()
    paced = pacer(clock, speed=1.0)
    assert paced.wait(after(0))
    assert paced.wait(None)
    assert clock.now == 1000.0


def test_a_new_round_begins_at_once() -> None:
    """A loop does not wait for the years between the last item and the first."""
    clock = Clock()
    paced = pacer(clock, speed=1.0)
    assert paced.wait(after(100))
    paced.restart()
    assert paced.wait(after(0))
    assert paced.wait(after(1))
    assert clock.now - 1000.0 == pytest.approx(3600, abs=0.01)


@given(
    rate=st.floats(0.1, 100_000),
    works=st.lists(st.floats(0, 3), min_size=2, max_size=200),
)
def test_a_rate_is_never_exceeded(rate: float, works: list[float]) -> None:
    """However long each item takes to publish, no stretch of items beats the cap by more than a short catch-up."""
    clock = Clock()
    paced = pacer(clock, rate=rate)
    times = []
    for work in works:
        assert paced.wait(None)
        times.append(clock.now)
        clock.now += work
    for first in range(len(times)):
        least = (len(times) - 1 - first) / rate
        assert times[-1] - times[first] >= least - 0.06


def test_a_rate_is_reached() -> None:
    """The cap does not slow down more than it says, even where an item is due sooner than a sleep can be."""
    clock = Clock()
    paced = pacer(clock, rate=10_000)
    for _ in range(20_000):
        assert paced.wait(None)
        clock.now += 1e-5
    assert clock.now - 1000.0 == pytest.approx(2.0, rel=0.05)


def test_the_slower_of_pace_and_rate_decides() -> None:
    """Rate and speed hold together."""
    clock = Clock()
    paced = pacer(clock, speed=3600.0, rate=0.1)
    for hour in range(4):
        assert paced.wait(after(hour))
    assert clock.now - 1000.0 == pytest.approx(30, abs=0.1)


def test_a_long_wait_can_be_broken_off() -> None:
    """Ctrl-C is answered within half a second, however far away the next item is."""
    clock = Clock()
    clock.gives_up_after = 1010.0
    paced = pacer(clock, speed=1.0)
    assert paced.wait(after(0))
    assert not paced.wait(after(24 * 365))
    assert clock.longest <= SLICE_SECONDS
    assert clock.now <= 1010.0 + SLICE_SECONDS
