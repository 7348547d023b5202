"""The grammar of numbers."""

from __future__ import annotations

import pytest

from tests.figures.reading import one, read, values


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("It has 40,000 members.", "40000"),
        ("It has 1,234,567 members.", "1234567"),
        ("It has 12,34,567 members.", "1234567"),
        ("It has 40 000 members.", "40000"),
        ("It has 1\u202f234\u202f567 members.", "1234567"),
        ("It has 3.2 million members.", "3200000"),
        ("It has 2.14 lakh members.", "214000"),
        ("It has 1.5 crore members.", "15000000"),
        ("It has 40k members.", "40000"),
        ("It has 4.5bn members.", "4500000000"),
        ("It has 35m of its devices in homes.", "35000000"),
        ("It has twenty-one members.", "21"),
        ("It has three hundred and thirty-one members.", "331"),
        ("It has two hundred thousand members.", "200000"),
        ("It has three lakh crore members.", "3000000000000"),
        ("It has a hundred members.", "100"),
        ("It has a dozen members.", "12"),
        ("It has two dozen members.", "24"),
        ("It has half a million members.", "500000"),
        ("It has a quarter of a million members.", "250000"),
        ("It has two and a half million members.", "2500000"),
        ("It has a million and a half members.", "1500000"),
        ("It lasted 10 1/2 hours.", "10.5"),
        ("It lasted 3½ hours.", "3.5"),
        ("It lasted two point five hours.", "2.5"),
        ("About two-thirds of members agree.", "0.666666666666667"),
        ("About three quarters of members agree.", "0.75"),
        ("One in five members agrees.", "0.2"),
        ("Two out of three members agree.", "0.666666666666667"),
        ("It weighs 1.3x10^6 kg.", "1300000"),
        ("It fell to -1.3%.", "-1.3"),
        ("The number is 1.111,11 exactly.", "1111.11"),
    ],
)
def test_a_number_has_the_value_that_its_words_state(text: str, value: str):
    """Digits in any grouping, words, fractions, scales and mixtures are read as what they state."""
    assert values(text) == [value]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Between 15 and 17 percent agree.", "15..17"),
        ("Some 40 to 50 members agree.", "40..50"),
        ("It costs $3 billion to $5 billion.", "3000000000..5000000000"),
        ("It costs 33-35 billion euros.", "33000000000..35000000000"),
        ("It costs from $200 to $4 million.", "200..4000000"),
        ("It goes from 0-to-60 mph.", "0..60"),
        ("It took five or six days.", "5..6"),
        ("Dozens of members agree.", "12..120"),
        ("Hundreds of thousands of members agree.", "100000..1000000"),
        ("Tens of millions of members agree.", "10000000..100000000"),
        ("Several thousand members agree.", "2000..10000"),
        ("A few hundred members agree.", "200..1000"),
        ("The Bears won 2-0 at home.", "0..2"),
    ],
)
def test_a_range_has_its_bounds_and_no_value(text: str, expected: str):
    """Ranges, vague plurals and scores give low and high, never an invented middle."""
    assert values(text) == [expected]


def test_a_rank_gives_its_place_and_the_size_of_the_set():
    """A rank is one figure: the second of five is rank 2, of 5."""
    figure = one("They took the second of Mosul’s five bridges.")
    assert (figure.kind, figure.value, figure.high, figure.unit) == ("ordinal", 2, 5, "bridge")


def test_a_change_to_a_new_level_is_two_figures():
    """A change and its level are two figures, "from 5% to 20%" is one range."""
    assert values("Sales rose 5% to 20% of the total.") == ["5", "20"]
    assert values("Sales range from 5% to 20%.") == ["5..20"]


@pytest.mark.parametrize("digits", ["1" * 16, "9" * 400, "1," * 300 + "000", "1e99", "0." + "1" * 20])
def test_a_number_beyond_a_record_is_no_figure(digits: str):
    """More than 15 significant digits, or 10^24 and more, are left out and break nothing."""
    assert values(f"It has {digits} parts.") == []


def test_two_parts_of_money_are_one_amount():
    """Dollars and cents stated together are one amount in dollars."""
    figure = one("It cost three dollars and 50 cents.")
    assert (str(figure.value), figure.unit) == ("3.5", "USD")


def test_other_digits_than_ascii_are_read():
    """Digits of other scripts state the same numbers."""
    assert values("It has ٤٠ members.") == ["40"]


def test_figures_come_in_the_order_of_the_text():
    """Figures are sorted by where they start, and their text is the slice they point at."""
    text = "At least 12 people died, 30 were hurt and $5m was lost in 2019, about 7% of output."
    figures = read(text)
    assert [figure.start for figure in figures] == sorted(figure.start for figure in figures)
    assert [figure.text for figure in figures] == ["12", "30", "$5m", "7%"]
    assert all(text[figure.start : figure.end] == figure.text for figure in figures)
