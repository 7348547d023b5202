"""What `tail` and `replay` are told on the command line: where to begin, what to show, how fast."""

from __future__ import annotations

import contextlib
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.cli.replay import moment_of, speed_of
from pipeline.cli.tail import start_from
from pipeline.cli.where import Where
from pipeline.errors import ConfigError

NOW = datetime(2025, 2, 3, 12, tzinfo=UTC)
RECORD = {"figure": {"term": "killed", "value": 34, "places": []}, "empty": "", "zero": 0, "no": False}


@pytest.mark.parametrize(
    ("expression", "wanted"),
    [
        ("figure.term == 'killed'", True),
        ("figure.value > `100`", False),
        ("zero", True),
        ("empty", False),
        ("no", False),
        ("figure.places", False),
        ("missing", False),
        ("contains(figure.term, 'kill')", True),
        ("contains(missing, 'kill')", False),
    ],
)
def test_where_follows_the_truth_of_jmespath(expression: str, wanted: bool) -> None:
    """Empty, false and missing are untrue, 0 is true; a function that meets a missing field does not fail."""
    assert Where(expression)(RECORD) is wanted


@pytest.mark.parametrize("value", [None, [], 3, "text"])
def test_where_takes_any_json(value: Any) -> None:
    """A tombstone, or another writer's record, is no reason to fail."""
    assert not Where("figure.term == 'killed'")(value)


@pytest.mark.parametrize(
    ("expression", "place"),
    [("a b", 3), ("a ~ b", 3), ("a[?b", 5), ("a && nosuch(b)", 6), ("a ==", 5)],
)
def test_a_bad_expression_is_pointed_at(expression: str, place: int) -> None:
    """The sentence shows the expression with a mark under the place that is wrong."""
    with pytest.raises(ConfigError) as caught:
        Where(expression)
    sentence, shown, mark = str(caught.value).split("\n")
    assert sentence.endswith(f"at position {place}")
    assert shown == f"  {expression}"
    assert mark.index("^") == 2 + place - 1
    assert caught.value.exit_code == 2


@pytest.mark.parametrize("expression", ["", "length(a, b)"])
def test_other_mistakes_are_usage_errors_too(expression: str) -> None:
    """An empty expression, and a wrong number of arguments, stop at once."""
    with pytest.raises(ConfigError):
        Where(expression)(RECORD)


@given(st.text(max_size=30))
def test_no_expression_ends_in_a_traceback(expression: str) -> None:
    """Whatever is typed, it selects or it is a usage error."""
    with contextlib.suppress(ConfigError):
        assert Where(expression)(RECORD) in {True, False}


@pytest.mark.parametrize(
    ("text", "begin"),
    [
        ("earliest", "earliest"),
        ("latest", "latest"),
        ("-10m", NOW - timedelta(minutes=10)),
        ("-1.5h", NOW - timedelta(minutes=90)),
        ("-2d", NOW - timedelta(days=2)),
        ("2025-02-03T05:40Z", datetime(2025, 2, 3, 5, 40, tzinfo=UTC)),
        ("2025-02-03T05:40", datetime(2025, 2, 3, 5, 40, tzinfo=UTC)),
        ("2025-02-03T05:40+02:00", datetime(2025, 2, 3, 5, 40, tzinfo=timezone(timedelta(hours=2)))),
        ("2025-02-03", datetime(2025, 2, 3, tzinfo=UTC)),
    ],
)
def test_a_start_is_a_name_a_time_or_an_age(text: str, begin: object) -> None:
    """Each form of --from begins where it says; a time without a zone is UTC."""
    assert start_from(text, NOW) == begin


@given(st.text(max_size=20) | st.from_regex(r"-\d{1,40}[smhd]", fullmatch=True))
def test_no_start_ends_in_a_traceback(text: str) -> None:
    """Whatever is typed, it is a start or a usage error."""
    with contextlib.suppress(ConfigError):
        assert start_from(text, NOW) in {"earliest", "latest"} or isinstance(start_from(text, NOW), datetime)


@pytest.mark.parametrize(("text", "speed"), [("max", None), ("10", 10.0), ("0.5", 0.5), ("1e3", 1000.0)])
def test_a_speed_is_a_factor_or_max(text: str, speed: float | None) -> None:
    """--speed means what it says."""
    assert speed_of(text) == speed


@pytest.mark.parametrize("text", ["0", "-1", "nan", "inf", "fast", ""])
def test_no_other_speed_is_taken(text: str) -> None:
    """A speed that never moves, or is no number, stops before anything is sent."""
    with pytest.raises(ConfigError, match="--speed"):
        speed_of(text)


def test_a_date_alone_is_the_whole_day() -> None:
    """--since and --until with the same date select that day."""
    since, until = moment_of("--since", "2025-02-03"), moment_of("--until", "2025-02-03", end=True)
    assert since == datetime(2025, 2, 3, tzinfo=UTC)
    assert until == datetime(2025, 2, 3, 23, 59, 59, 999999, tzinfo=UTC)
    assert moment_of("--until", "2025-02-03T05:40Z", end=True) == datetime(2025, 2, 3, 5, 40, tzinfo=UTC)
    with pytest.raises(ConfigError, match="--until soon"):
        moment_of("--until", "soon", end=True)
