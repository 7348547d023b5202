"""What is not a figure."""

from __future__ import annotations

import pytest

from tests.figures.reading import entity, one, read, values


@pytest.mark.parametrize(
    "text",
    [
        "He was born in 1984.",
        "The 2014-15 season was long.",
        "The 1960s were loud.",
        "It began on Oct. 17 and ended on 21 March 2019.",
        "They met on 5/17/2018.",
        "They met on 2019-09-01.",
        "They met at 2 p.m. on Monday.",
        "They met at 17:22 GMT.",
        "They met at 0401 GMT.",
        "Call 555-0142.",
        "He bought an iPhone 11.",
        "It breaks Section 427 of the code.",
        "Article 5 binds them.",
        "The 5G network is new.",
        "The Big 12 meets today.",
        "A Boeing 737 landed.",
        "Flight MH370 vanished.",
        "An F-16 crashed.",
        "COVID-19 spread.",
        "The S&P 500 fell.",
        "The FTSE 100 fell.",
        "She lives at 575 Wilbraham Road.",
        "He finished 27th.",
        "The twenty-first century is young.",
        "He scored in the second half.",
        "It rose in the third quarter.",
        "No one knows.",
        "The one who left is back.",
        "They helped one another.",
        "He cut it in two.",
        "The server is 192.168.1.2 now.",
        "See https://example.org/a?b=305 for more.",
        "Type 2 diabetes spreads.",
        "On day five they rested.",
        "Net zero is far away.",
        "He lives in Room 21B.",
        "The Five Eyes met in Rome.",
        "Scores fell in maths.",
    ],
)
def test_names_dates_times_and_phrases_are_no_figures(text: str):
    """Dates, years, clock times, models, labels, addresses, codes, pronouns and idioms are left alone."""
    assert values(text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Some 2000 people came.", ["2000"]),
        ("More than 1950 homes burned.", ["1950"]),
        ("The top 10 countries agreed.", ["10"]),
        ("One of the five bridges fell.", ["1", "5"]),
        ("In Mosul 40 civilians died.", ["40"]),
        ("It rained for two days in two towns.", ["2", "2"]),
        ("It can go 3200 times round.", ["3200"]),
        ("A third of them left.", ["0.333333333333333"]),
    ],
)
def test_a_rule_against_names_does_not_take_counts(text: str, expected: list[str]):
    """The same shapes with a counted noun are figures."""
    assert values(text) == expected


def test_a_list_mark_is_no_figure():
    """Numbers that open the items of a list are left out."""
    assert values("1) They left. \n\n2) They came back with 3 boats.") == ["3"]


def test_a_number_inside_a_known_name_is_no_figure():
    """The entities of the article protect the numbers in their names."""
    text = "The Club of 20 agreed on 14 measures."
    known = entity(text, "Club of 20", "organization")
    assert [figure.text for figure in read(text, [known])] == ["14"]


def test_a_number_behind_a_known_person_is_an_age():
    """A bare number behind the name of a known person says how old they are."""
    text = "Ali Khan 44 has left."
    figure = one(text, [entity(text, "Ali Khan", "person")])
    assert (figure.kind, figure.unit, figure.object, figure.unit_derived) == ("measure", "a", "age", True)
