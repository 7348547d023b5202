"""The peers are read fairly."""

from __future__ import annotations

from tests.eval.figures.recognizers import merged


def test_the_more_specific_model_wins() -> None:
    """A number inside an amount of money is the amount, not a second figure."""
    found = merged([(3, 9, "5", "Dollar", "currency"), (3, 3, "5", None, "number"), (20, 21, "12", None, "number")])
    assert [(one["value"], one["unit"]) for one in found] == [(5.0, "dollar"), (12.0, "-")]


def test_ages_and_percents_have_their_names() -> None:
    """The units of the peer read as the scorers write them."""
    found = merged([(0, 9, "12", "Year", "age"), (20, 22, "5%", None, "percentage")])
    assert [one["unit"] for one in found] == ["year of age", "percent"]


def test_what_has_no_number_is_left_out() -> None:
    """A result without a value is no prediction."""
    assert merged([(0, 3, None, "Dollar", "currency"), (5, 8, "many", None, "number")]) == []
