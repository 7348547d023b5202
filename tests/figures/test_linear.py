"""Work grows with the text, and no text makes it explode."""

from __future__ import annotations

import sys
from collections.abc import Callable

import pytest

from pipeline.stages.figures import detect_figures

_MEGABYTE = 1_000_000
_NEWS = (
    "More than 40,000 people fled the town in the past week, officials said, and nearly 210,000 were displaced. "
    "Between 15 and 17 percent of the 2,300 homes were destroyed, at a cost of $3.2 million. "
)


def _calls(work: Callable[[], object]) -> int:
    """Return how many calls, Python's and C's, a piece of work makes: a measure that no other load disturbs."""
    count = 0

    def tick(_frame: object, event: str, _argument: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    sys.setprofile(tick)
    try:
        work()
    finally:
        sys.setprofile(None)
    return count


@pytest.mark.parametrize(
    "piece",
    [
        _NEWS,
        _NEWS.replace(". ", "; "),  # one endless sentence
        "5 to 7 to ",
        "“5 ",
        "one hundred and ",
        "1,000 ",
        "a b c d e f g h ",
        "(((5 ",
        "half of a half of ",
    ],
)
def test_twice_the_text_is_at_most_twice_the_work(piece: str):
    """Doubling the input doubles the work, whatever it is made of."""
    detect_figures(piece)  # the word lists are read once
    small = piece * (20_000 // len(piece))
    single = _calls(lambda: detect_figures(small))
    double = _calls(lambda: detect_figures(small + small))
    assert double <= 2.05 * single + 2_000


@pytest.mark.parametrize(
    "text",
    [
        "9" * _MEGABYTE,
        "x" * _MEGABYTE,
        "5x" * (_MEGABYTE // 2),
        "1," * (_MEGABYTE // 2),
        "5." * (_MEGABYTE // 2),
        "(" * _MEGABYTE,
        "-" * _MEGABYTE,
        "“" * _MEGABYTE,
        "5" + " " * _MEGABYTE + "km",
        "½" * _MEGABYTE,
        "٣" * _MEGABYTE,
    ],
    ids=[
        "digits",
        "letters",
        "mixed",
        "commas",
        "points",
        "nesting",
        "dashes",
        "quotes",
        "spaces",
        "fractions",
        "script",
    ],
)
@pytest.mark.timeout(60)
def test_a_megabyte_without_sense_is_survived(text: str):
    """A megabyte of one thing gives few figures or none, soon."""
    assert len(detect_figures(text)) <= 2
