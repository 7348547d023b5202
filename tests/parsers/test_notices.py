"""Notices in prose: every real form is found, and no news about kills, embargoes or corrections is taken for one."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from pipeline.parsers import Draft
from pipeline.parsers.notices import apply_notices
from schemas.article import Dateline

RECEIVED = datetime(2017, 3, 6, 12, tzinfo=UTC)
STORY = [
    "HARBOUR CITY, Norland (Tern) - The river Aske rose by two metres on Monday.",
    "Some 40,000 people left their homes, the civil defence agency said.",
    "The army sent 300 soldiers to Askeby.",
    "It was the third flood in ten years.",
    "Rain is expected until Thursday.",
]


def rows(name: str, columns: int) -> list[tuple[str, ...]]:
    lines = (Path(__file__).parent / name).read_text("utf-8").splitlines()
    return [tuple(line.split(" | ", columns - 1)) for line in lines if line and not line.startswith("#")]


POSITIVE = rows("notices_positive.txt", 3)
NEGATIVE = rows("notices_negative.txt", 2)


def noticed(where: str, words: str, *, at: int = 0, received_at: datetime = RECEIVED) -> Draft:
    """A story that bears some words as its headline, or as a paragraph at a place."""
    draft = Draft(headline=words if where == "headline" else "River rises in Norland", paragraphs=list(STORY))
    if where == "line":
        draft.paragraphs.insert(at, words)
    apply_notices(draft, received_at)
    return draft


def outcome(draft: Draft) -> str:
    if draft.embargoed_until:
        return f"embargo {draft.embargoed_until:%Y-%m-%dT%H:%M:%SZ}"
    if draft.status == "withheld":
        return "hold" if draft.correction else "embargo withheld"
    return draft.correction.kind if draft.correction else "none"


@pytest.mark.parametrize(("expected", "where", "words"), POSITIVE)
def test_notices_are_found(expected: str, where: str, words: str) -> None:
    """A notice in a form of the agencies sets status, correction or embargo, and a warning says from which words."""
    draft = noticed(where, words)
    assert outcome(draft) == expected
    assert draft.status == {"kill": "cancelled", "withdrawal": "cancelled", "hold": "withheld"}.get(
        expected, "withheld" if expected == "embargo withheld" else "usable"
    )
    assert any(words[:20] in warning for warning in draft.warnings)


@pytest.mark.parametrize(("where", "words"), NEGATIVE)
def test_news_is_no_notice(where: str, words: str) -> None:
    """News that speaks of kills, embargoes, corrections and withdrawals stays as usable as any other."""
    for at in (0, 2, len(STORY)):
        draft = noticed(where, words, at=at)
        assert (outcome(draft), draft.status, draft.warnings) == ("none", "usable", [])


def test_the_lists_are_long_enough() -> None:
    """Sixty forms of notices and sixty of news hold the rules in place."""
    assert len(POSITIVE) >= 60
    assert len(NEGATIVE) >= 60


@pytest.mark.parametrize("words", [words for _, where, words in POSITIVE if where == "line"])
def test_the_middle_of_a_story_is_no_place_for_notices(words: str) -> None:
    """Between head and foot the same words are a quotation, not a notice."""
    draft = Draft(headline="River rises", paragraphs=[*STORY, words, *STORY])
    apply_notices(draft, RECEIVED)
    assert (outcome(draft), draft.status) == ("none", "usable")


def test_a_withdrawn_cue_counts_where_the_text_takes_itself_back() -> None:
    """The cue "WITHDRAWN:" over a text that says so of itself cancels; over a story it is only a word."""
    draft = Draft(headline="WITHDRAWN: Flood toll", paragraphs=["The story on the flood was sent in error."])
    apply_notices(draft, RECEIVED)
    assert draft.status == "cancelled"


def test_the_wire_wins() -> None:
    """What the wire's fields say is never overwritten by what prose says."""
    draft = Draft(headline="CORRECTED-River rises", paragraphs=["EMBARGOED UNTIL 0001 GMT MARCH 7", *STORY])
    draft.embargoed_until = RECEIVED
    draft.dateline = Dateline(place="Askeby")
    apply_notices(draft, RECEIVED)
    assert draft.embargoed_until == RECEIVED
    assert draft.correction is not None
    killed = Draft(status="cancelled", paragraphs=["EMBARGOED UNTIL 0001 GMT MARCH 7"])
    apply_notices(killed, RECEIVED)
    assert (killed.status, killed.embargoed_until) == ("cancelled", None)
