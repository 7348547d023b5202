"""Numbers as money pages, sport, courts and science write them, and names that hold numbers."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.figures.reading import entity, one, read, values


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("An estimated quarter of a million people came.", "250000"),
        ("It has three-and-a-half thousand members.", "3500"),
        ("He signed a four-and-a-half-year deal.", "4.5"),
        ("It paid 30 MUSD.", "30000000"),
        ("It paid 75 USD million.", "75000000"),
        ("It costs 15 dollars 50.", "15.5"),
        ("One patient in ten waits more.", "0.1"),
        ("Debt is 3.5x earnings.", "3.5"),
        ("It has 1,400-plus members.", "1400"),
        ("It fell to -5C at dawn.", "-5"),
    ],
)
def test_number_is_read(text: str, value: str) -> None:
    """Hyphened halves, money in two parts, scaled codes, shares around a noun, multiples, degrees."""
    assert one(text).value == Decimal(value)


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("The bill passed 217-213.", 213, 217),
        ("The motion passed by 84 votes to 31.", 31, 84),
        ("They voted 12 to 5 for it.", 5, 12),
        ("She beat the top seed 6-3.", 3, 6),
    ],
)
def test_sides_of_a_vote_or_game_are_a_score(text: str, low: int, high: int) -> None:
    """A score is a ratio with both sides, as large as a parliament and in words too."""
    figure = one(text)
    assert (figure.kind, figure.low, figure.high) == ("ratio", low, high)


@pytest.mark.parametrize(
    "text",
    [
        "The 3 Division moved on.",
        "A 737 MAX landed.",
        "Call 0800 555 111 now.",
        "The Group of 77 will meet.",
        "It broke down near kilometre 88 of the road.",
        "He was born on October 31, 1832, in a village.",
        "He lived in Launch Pad 39A.",
    ],
)
def test_names_and_codes_are_no_figures(text: str) -> None:
    """Formations, models, telephone numbers, bodies and milestones count nothing."""
    assert values(text) == []


@pytest.mark.parametrize(
    ("text", "unit", "obj"),
    [
        ("It ordered 40 A320neo jets.", "jet", "A320neo jets"),
        ("It ordered five Type 31 frigates.", "frigate", "Type 31 frigates"),
        ("It lost 7 x AK-47 rifles.", "rifle", "AK-47 rifles"),
        ("It needs 367 MPs.", "person", "MPs"),
        ("It took 38 percent of the total vote was.", "%", "total vote"),
    ],
)
def test_the_counted_noun_may_hold_a_model(text: str, unit: str, obj: str) -> None:
    """Model names, initials and words that may be verbs belong to the noun phrase."""
    figure = one(text)
    assert (figure.unit, figure.object) == (unit, obj)


@pytest.mark.parametrize(
    "text",
    [
        "She moved when she was six.",
        "At just 20, she leads the party.",
        "A woman of 83 won.",
        "The winger, 21, left.",
        "The champion, now 31, left.",
        "It is for children aged 8 years.",
    ],
)
def test_bare_ages_are_ages(text: str) -> None:
    """An age needs no unit where a pronoun, a person or a comma shows it."""
    figure = one(text)
    assert (figure.kind, figure.unit, figure.object) == ("measure", "a", "age")


def test_a_model_behind_a_name_is_no_age() -> None:
    """A small number behind a name that a noun follows is part of the name."""
    text = "The Mate 9 phones sold well."
    assert all(figure.object != "age" for figure in read(text, [entity(text, "Mate", "person")]))


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("They get nine litres per person per day.", "L/person/d"),
        ("They get nine litres of water per person per day.", "L/person/d"),
        ("It releases 500 cubic metres of water per second.", "m3/s"),
        ("It rose by a quarter of a percentage point.", "percentage point"),
        ("The charge was 5 F and rising.", "F"),
    ],
)
def test_rates_and_parts_of_units(text: str, unit: str) -> None:
    """A rate may have two bases and stand behind the noun; a fraction may be of a percentage point."""
    assert one(text).unit == unit


def test_an_age_and_a_sentence_are_no_range() -> None:
    """Two times make a range only where both are ages or neither is."""
    assert values("They sentenced the 34-year-old to 12 years.") == ["34", "12"]


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("They lost 60 million Japanese yen.", "JPY"),
        ("They paid half a dollar each.", "USD"),
        ("It takes 3 sq. ft of space.", "[ft_i]2"),
        ("Add 4 teaspoons.", "[tsp_us]"),
    ],
)
def test_units_in_other_words(text: str, unit: str) -> None:
    """Nationality before a currency, fractions of money, abbreviations with a point, kitchen measures."""
    assert one(text).unit == unit
