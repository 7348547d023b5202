"""Date lines of pages: read into the record where they are nothing else, left in the text where they are part of it."""

from __future__ import annotations

import pytest

from pipeline.parsers import Draft
from pipeline.parsers.stamp import take_stamps


@pytest.mark.parametrize(
    ("line", "published", "accuracy"),
    [
        ("Published: March 6, 2017", "2017-03-06T00:00:00+00:00", "day"),
        ("Posted on 6 March 2017", "2017-03-06T00:00:00+00:00", "day"),
        ("Monday 6 March 2017 10:15 GMT", "2017-03-06T10:15:00+00:00", None),
        ("Monday, March 6, 2017", "2017-03-06T00:00:00+00:00", "day"),
        ("March 6, 2017 | 10:15 a.m. EST", "2017-03-06T15:15:00+00:00", None),
        ("2017-03-06", "2017-03-06T00:00:00+00:00", "day"),
        ("Mon 6 Mar 2017 10.15 GMT", "2017-03-06T10:15:00+00:00", None),
    ],
)
def test_date_lines(line: str, published: str, accuracy: str | None) -> None:
    """A line of a date and a time alone gives the time of publication, with its accuracy, and leaves the text."""
    draft = Draft()
    assert take_stamps(["Headline", line, "", "Story."], draft) == ["Headline", "", "", "Story."]
    assert draft.published_at is not None
    assert (draft.published_at.isoformat(), draft.published_accuracy) == (published, accuracy)


def test_updates() -> None:
    """An update is no publication, and the first date line counts."""
    draft = Draft()
    take_stamps(["Updated: March 8, 2017", "Published: March 6, 2017", "Published: March 7, 2017"], draft)
    assert draft.published_at is not None
    assert draft.updated_at is not None
    assert (draft.published_at.day, draft.updated_at.day) == (6, 8)


@pytest.mark.parametrize(
    "line",
    [
        "On March 6, 2017, the river rose.",
        "March 6, 2017 was the day of the flood",
        "GENEVA, March 6, 2017 (Tern) -",
        "Not before March 6, 2017",
        "Smoke over Askeby, March 6, 2017",
        "March 6",
        "March 36, 2017",
        "2017",
        "Published by the council",
        "A" * 10_000 + " March 6, 2017",
    ],
)
def test_lines_of_the_story_stay(line: str) -> None:
    """A sentence, a dateline, a caption or half a date is no date line."""
    draft = Draft()
    assert take_stamps([line], draft) == [line]
    assert draft.published_at is None
