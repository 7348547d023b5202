"""The notes of conflict trackers and the flash updates of aid agencies: labels, tables, short forms."""

from __future__ import annotations

import pytest

from tests.figures.reading import entity, one, read, values


@pytest.mark.parametrize(
    ("text", "unit", "term"),
    [
        ("Fatalities: 3.", "person", "killed"),
        ("Fatalities coded as 3.", "person", "killed"),
        ("Deaths: 23.", "person", "killed"),
        ("Houses destroyed: 410.", "house", "destroyed"),
        ("Families displaced: 1,200.", "household", "displaced"),
        ("[size=around 50 ]", "person", None),
        ("Between 5 and 10 wounded.", "person", "injured"),
        ("15+ wounded.", "person", "injured"),
        ("Some 12,000 new IDPs arrived.", "person", None),
        ("It reached 911 HH.", "household", None),
        ("They recovered nine bodies.", "person", "killed"),
        ("The plane had a crew of three.", "person", None),
        ("The number of refugees rose to 571,000.", "person", None),
    ],
)
def test_a_note_says_what_it_counts(text: str, unit: str, term: str | None) -> None:
    """Labels, short forms and groups tell what is counted and what happened."""
    figure = one(text)
    assert figure.unit == unit
    assert term is None or figure.term == term


def test_no_report_is_no_figure() -> None:
    """A note that states no size and no toll gives none."""
    assert values("[size=no report] No fatalities. Event ID 4417, time precision 1.") == []


def test_a_count_takes_the_place_named_before_it() -> None:
    """A toll in a sentence of its own belongs to the one place that the note names."""
    text = "Bandits clashed with residents in Tamsa. Around 7 fatalities were reported."
    assert [place.name for place in one(text, [entity(text, "Tamsa")]).places] == ["Tamsa"]


def test_a_wider_count_leaves_the_place_before_it() -> None:
    """A national total behind a local one is not tied to the local place."""
    text = "Floods killed 12 people in Tamsa. Nationwide, 300 people have been killed."
    local, national = read(text, [entity(text, "Tamsa")])
    assert [place.name for place in local.places] == ["Tamsa"]
    assert national.places == ()


def test_a_currency_is_no_place() -> None:
    """The country in the name of a unit is not where anything happened."""
    text = "It costs 14 U.S. cents."
    figure = one(text, [entity(text, "U.S")])
    assert (figure.unit, figure.places) == ("cent", ())


def test_places_in_a_list_share_their_preposition() -> None:
    """Two places that "and" joins are both where it happened."""
    text = "Clashes in Elmar and Odun killed 10 people."
    assert [place.name for place in one(text, [entity(text, "Elmar"), entity(text, "Odun")]).places] == [
        "Elmar",
        "Odun",
    ]


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("Between 22 and 28 February 40 people died.", "2024-02-22", "2024-02-28"),
        ("On 2-3 March 40 people died.", "2024-03-02", "2024-03-03"),
        ("Some 40 people died between Monday and Tuesday.", "2024-03-11", "2024-03-12"),
        ("At least 40 people have died since 1 January.", "2024-01-01", "2024-03-13"),
    ],
)
def test_spans_of_days_are_resolved(text: str, start: str, end: str) -> None:
    """Days written the European way, spans of them and weekdays are dated."""
    period = one(text).period
    assert period is not None
    assert (period.start, period.end) == (start, end)


@pytest.mark.parametrize(
    ("text", "source"),
    [("WHO recorded 237 cases.", "WHO"), ("UNHCR has registered 700 people.", "UNHCR")],
)
def test_initials_speak(text: str, source: str) -> None:
    """An agency that writes itself like a pronoun is a source."""
    said = one(text).attribution
    assert said is not None
    assert said.text == source


@pytest.mark.parametrize("text", ["The Dow added 349 points.", "No casualties reported, 12 shells fell."])
def test_what_gains_or_is_reported_is_no_source(text: str) -> None:
    """A subject that gains a number, or that others report, says nothing."""
    assert one(text).attribution is None
