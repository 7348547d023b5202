"""When to look again: within bounds, as often as there is news, never when the feed asks for quiet."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.feeds.syndication.pace import JITTER, Pace, asked_interval, outside_skipped
from pipeline.parsers.syndication import Channel

PACE = Pace(60.0, 3600.0)
NOW = 1_741_003_200.0


@given(
    arrivals=st.lists(st.floats(NOW - 10**7, NOW + 10**5), max_size=40),
    asked=st.one_of(st.none(), st.floats(0, 10**9)),
    chance=st.floats(0, 1),
)
def test_the_interval_keeps_its_bounds(arrivals: list[float], asked: float | None, chance: float) -> None:
    """Whatever a feed is like, it is looked at no sooner than the shortest and no later than the longest interval."""
    wait = PACE.interval(arrivals, NOW, asked, chance)
    assert 60.0 <= wait <= 3600.0
    assert wait >= min((asked or 0) * (1 - JITTER), 3600.0)


def test_the_interval_follows_the_rate() -> None:
    """Twice between two entries; less often the longer nothing comes."""
    steady = [NOW - 600.0 * n for n in range(10)]
    assert PACE.interval(steady, NOW, None, 0.5) == 300.0
    assert PACE.interval(steady, NOW + 7200, None, 0.5) == 720.0
    assert PACE.interval([], NOW, None, 0.5) == 3600.0


def test_feeds_that_began_together_do_not_stay_together() -> None:
    """Chance moves an interval by a twentieth to either side."""
    steady = [NOW - 600.0 * n for n in range(10)]
    assert [round(PACE.interval(steady, NOW, None, chance)) for chance in (0.0, 1.0)] == [285, 315]


def test_a_failing_feed_is_left_alone_longer_and_longer() -> None:
    """Each failure doubles the pause, up to the longest; half of it is chance."""
    assert [PACE.after_failure(n, None, 1.0) for n in (1, 2, 3, 7, 1000)] == [60, 120, 240, 3600, 3600]
    assert PACE.after_failure(3, None, 0.0) == 120.0


def test_a_retry_after_is_kept_beyond_the_longest_interval() -> None:
    """What the server asks for is never undercut."""
    assert PACE.after_failure(1, 7200.0, 0.0) == 7200.0
    assert PACE.after_failure(5, 1.0, 1.0) == 960.0


@pytest.mark.parametrize(
    ("channel", "headers", "asked"),
    [
        (Channel(every=900), {}, 900.0),
        (Channel(every=900), {"cache-control": "public, max-age=1200"}, 1200.0),
        (Channel(), {"cache-control": 'max-age="600"'}, 600.0),
        (Channel(), {"cache-control": "no-cache, x-max-age=5"}, None),
        (Channel(), {}, None),
    ],
)
def test_a_feed_says_how_often_it_changes(channel: Channel, headers: dict[str, str], asked: float | None) -> None:
    """ttl, update period and Cache-Control: the longest of them counts."""
    assert asked_interval(channel, headers) == asked


@pytest.mark.parametrize(
    ("hours", "days", "expected"),
    [
        ({12, 13}, set(), "2025-03-03T14:00:00"),
        (set(), {0}, "2025-03-04T00:00:00"),
        ({12}, {0, 1}, "2025-03-05T00:00:00"),
        ({3}, {5, 6}, "2025-03-03T12:00:00"),
        (set(range(24)), set(), "2025-03-03T12:00:00"),
        (set(), set(range(7)), "2025-03-03T12:00:00"),
    ],
)
def test_skipped_hours_and_days_are_skipped(hours: set[int], days: set[int], expected: str) -> None:
    """SkipHours and skipDays count in GMT; a feed that is never to be read was not meant so."""
    channel = Channel(skip_hours=frozenset(hours), skip_days=frozenset(days))
    due = datetime.fromtimestamp(outside_skipped(NOW, channel), UTC)
    assert due.isoformat().removesuffix("+00:00") == expected
