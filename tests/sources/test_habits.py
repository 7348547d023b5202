"""A source that breaks its habit is told from one that keeps it; no clock is asked."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.sources.habits import GAPS_NEEDED, Habit, heard, judge

MONDAY = datetime(2026, 11, 2, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def learn(moments: Iterator[datetime] | list[datetime]) -> Habit:
    """Return the habit after these arrivals."""
    habit = None
    for moment in moments:
        habit = heard(habit, moment)
    assert habit is not None
    return habit


def every(gap: timedelta, count: int, start: datetime = MONDAY) -> list[datetime]:
    """Return arrivals at a steady pace."""
    return [start + gap * number for number in range(count)]


def wire(seed: int, days: int, hours: range, weekend: bool, an_hour: float) -> Iterator[datetime]:
    """Yield arrivals by chance in the hours of a desk, in bursts, as editors send them."""
    chance = random.Random(seed)
    moment = MONDAY
    while moment < MONDAY + days * DAY:
        moment += timedelta(hours=chance.expovariate(an_hour))
        if moment.hour in hours and (weekend or moment.weekday() < 5):
            yield from (moment + timedelta(seconds=second) for second in range(chance.randint(1, 4)))


def first_alarm(habit: Habit, within: timedelta) -> timedelta | None:
    """Return after how much quiet the source is called silent."""
    last = datetime.fromtimestamp(habit.last * 60, UTC)
    waits = (5 * MINUTE * number for number in range(int(within / (5 * MINUTE))))
    return next((wait for wait in waits if judge(habit, last + wait).silent), None)


@pytest.mark.parametrize("gap", [MINUTE, 10 * MINUTE, HOUR, 6 * HOUR, DAY, 7 * DAY])
def test_a_steady_source_is_silent_after_a_few_gaps(gap: timedelta) -> None:
    """Whatever its pace, a source that always kept it is missed after about seven gaps, a slow one after three."""
    moments = every(gap, max(30, 4 * DAY // gap))
    habit, last = learn(moments), moments[-1]
    assert not judge(habit, last + max(2.9 * gap, 9 * MINUTE)).silent
    assert judge(habit, last + max((3.1 if gap >= DAY else 8.1) * gap, 11 * MINUTE)).silent
    assert judge(habit, last).usual == gap


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize(
    ("hours", "weekend", "an_hour"),
    [(range(24), True, 20.0), (range(7, 19), True, 12.0), (range(8, 18), False, 6.0), (range(5, 23), True, 1.5)],
    ids=["round the clock", "by day", "working days", "slow"],
)
def test_nights_and_weekends_are_no_silence(seed: int, hours: range, weekend: bool, an_hour: float) -> None:
    """A desk that keeps its hours is hardly ever called silent in eight weeks, first night and weekend included."""
    habit, alarms, looks = None, 0, 0
    arrivals = iter(wire(seed, 60, hours, weekend, an_hour))
    following = next(arrivals)
    for look in every(10 * MINUTE, 6 * 24 * 55):
        while following <= look:
            habit = heard(habit, following)
            following = next(arrivals)
        alarms += habit is not None and judge(habit, look).silent
        looks += 1
    assert alarms / looks < 0.002


@pytest.mark.parametrize("seed", range(6))
def test_a_failure_in_office_hours_is_seen_within_hours(seed: int) -> None:
    """A wire with twelve arrivals an hour by day that stops is missed the same day; the night does not matter."""
    arrivals = [moment for moment in wire(seed, 21, range(7, 19), True, 12.0) if moment < MONDAY + 20 * DAY + 11 * HOUR]
    alarm = first_alarm(learn(arrivals), 3 * DAY)
    assert alarm is not None
    assert 10 * MINUTE < alarm < 4 * HOUR


def test_a_failure_at_night_is_seen_in_the_morning() -> None:
    """A desk that closes at seven and does not open again is missed in its first hours, not during the night."""
    habit = learn(wire(1, 21, range(7, 19), True, 12.0))
    last = datetime.fromtimestamp(habit.last * 60, UTC)
    morning = (last + DAY).replace(hour=7, minute=0)
    assert not judge(habit, morning).silent
    assert judge(habit, morning + 3 * HOUR).silent


def test_a_source_that_lived_three_hours_is_missed_the_next_day() -> None:
    """What was never lived through raises no alarm; the same hours of the next day do."""
    habit = learn(every(2 * MINUTE, 90, MONDAY + 9 * HOUR))
    assert not judge(habit, MONDAY + DAY + 8 * HOUR).silent
    assert judge(habit, MONDAY + DAY + 12 * HOUR).silent


def test_a_burst_is_one_arrival() -> None:
    """A thousand items in one minute make no pace."""
    habit = learn([MONDAY + timedelta(milliseconds=10 * number) for number in range(1000)])
    verdict = judge(habit, MONDAY + 30 * DAY)
    assert (habit.in_hour, verdict.usual, verdict.silent) == (1, None, False)


def test_a_source_is_learned_first() -> None:
    """Nobody is called silent after a handful of arrivals."""
    habit = learn(every(MINUTE, GAPS_NEEDED))
    assert judge(habit, MONDAY + 365 * DAY).usual is None
    assert not judge(habit, MONDAY + 365 * DAY).silent
    assert judge(heard(habit, MONDAY + HOUR), MONDAY + 2 * HOUR).usual == MINUTE


def test_an_outage_becomes_no_habit() -> None:
    """After three days of failure the same failure is seen as soon as before."""
    habit = learn(wire(2, 20, range(24), True, 10.0))
    before = first_alarm(habit, DAY)
    back = datetime.fromtimestamp(habit.last * 60, UTC) + 3 * DAY
    again = learn_more(habit, every(6 * MINUTE, 30, back))
    after = first_alarm(again, DAY)
    assert before is not None
    assert after is not None
    assert after <= 2 * before


def learn_more(habit: Habit, moments: list[datetime]) -> Habit:
    """Return the habit after more arrivals."""
    for moment in moments:
        habit = heard(habit, moment)
    return habit


@given(st.lists(st.integers(0, 60 * 24 * 60), min_size=1, max_size=80), st.integers(0, 10**7))
def test_any_order_of_arrivals_is_borne(minutes: list[int], later: int) -> None:
    """Late notes, repeats and long gaps break nothing; what is kept is what was learned."""
    habit = learn([MONDAY + number * MINUTE for number in minutes])
    assert Habit.from_json(habit.to_json()) == habit
    assert judge(habit, MONDAY + later * MINUTE).quiet >= timedelta(0)
    assert heard(habit, MONDAY - DAY) == habit
