"""Ids are the same whenever and however they are made."""

from __future__ import annotations

from decimal import Decimal

import pytest

from schemas.figure import Figure
from schemas.ids import figure_id, figure_ids, stable_id


def test_a_part_ends_where_it_ends() -> None:
    """The same letters in other parts are another id."""
    assert stable_id("ab", "c") != stable_id("a", "bc")


@pytest.mark.parametrize("claim", [("a",), ("a", "b"), ("", ""), ("ä\udc80", "x")])
def test_ids_of_one_article_are_the_ids_of_figures(claim: tuple[str, ...]) -> None:
    """Hashing once what the ids of an article share gives the very same ids, whatever was named before."""
    name = figure_ids("article")
    name("something", "else")
    assert name(*claim) == figure_id("article", *claim) == stable_id("figure", "article", *claim)


@pytest.mark.parametrize(
    ("given", "canonical"),
    [
        ("40000", "40000"),
        ("4E+4", "40000"),
        ("3.20", "3.2"),
        ("-5.0", "-5"),
        ("0.0", "0"),
        ("100", "100"),
        ("0.5", "0.5"),
    ],
)
def test_numbers_have_one_form(given: str, canonical: str) -> None:
    """A Decimal, its text and its JSON number become the same number, without exponent or idle zeros."""
    for value in (Decimal(given), given):
        figure = Figure.model_validate(
            {
                "figure_id": "a", "value": value, "kind": "count", "start": 0, "end": 1, "text": "x",
                "sentence": {"start": 0, "end": 1}, "confidence": 1,
            }
        )  # fmt: skip
        assert str(figure.value) == canonical
