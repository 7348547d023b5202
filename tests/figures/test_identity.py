"""Ids that survive the updates of an article."""

from __future__ import annotations

import pytest

from pipeline.stages.figures import detect_figures
from tests.figures.reading import read


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("At least 12 people were killed in the blast.", "At least 35 people were killed in the blast."),
        ("More than 40,000 fled their homes.", "Nearly 55,000 fled their homes."),
        ("Shares rose 5% on Friday.", "Shares rose 6.5% on Friday."),
        ("It cost $3 million to build.", "It cost about $4.2bn to build."),
        ("Twelve people died, the army said.", "Officials said 14 people died."),
    ],
)
def test_an_id_stays_when_only_the_number_changes(before: str, after: str):
    """The id names the claim: number, approximation and source do not take part."""
    assert read(before)[0].figure_id == read(after)[0].figure_id


def test_different_claims_have_different_ids():
    """Killed and injured, rose and fell, here and there are different claims."""
    text = "The blast killed 12 people and injured 30. Shares rose 5%. Sales fell 3%."
    ids = [figure.figure_id for figure in read(text)]
    assert len(set(ids)) == len(ids) == 4


def test_equal_claims_are_numbered():
    """Two equal claims of one text have two ids, the same two each time."""
    text = "Some 12 people died. Later 12 people died."
    first, second = (figure.figure_id for figure in read(text))
    assert first != second
    assert [figure.figure_id for figure in read(text)] == [first, second]


def test_the_article_takes_part():
    """The same words in another article are another claim."""
    text = "Some 12 people died."
    assert detect_figures(text, scope="a")[0].figure_id != detect_figures(text, scope="b")[0].figure_id
