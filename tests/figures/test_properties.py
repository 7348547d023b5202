"""What holds for any text."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from pipeline.stages.figures import detect_figures
from schemas.figure import Figure

_FRAGMENTS = (
    "about nearly more than 12 40,000 3.2 million two hundred and a half dozen thousands of people were killed in 2019",
    "on Oct. 17 $ €5 % percent miles per hour 5-7 to between the second five bridges said “ ” . , ; - – ( ) 1/2 ½",
    "one in since last week 15-year-old Boeing 737 X9 9X ² ٣ İ km/h A'B ’s 0 00 1e9 10^6 or more -strong",
)
_WORDS = st.sampled_from([*" ".join(_FRAGMENTS).split(), "\n", "\n\n", " "])
_NEWSLIKE = st.lists(_WORDS, max_size=60).map(" ".join)
_GLUED = st.lists(_WORDS, max_size=40).map("".join)
_LANGUAGES = st.sampled_from(["en", "und", "de", "zh-Hans", "", "x-none", "../en"])
_DATES = st.one_of(st.none(), st.datetimes(timezones=st.just(UTC)))


@settings(
    max_examples=max(300, settings.default.max_examples), deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
@given(st.one_of(_NEWSLIKE, _GLUED, st.text(max_size=300)), _DATES, _LANGUAGES)
@example("0-$HALF", None, "en")
def test_any_text_gives_sound_figures(text: str, now: datetime | None, language: str):
    """Nothing raises; spans are slices, in order; ids are unique; a record survives its own JSON."""
    figures = detect_figures(text, now=now, language=language, scope="a")
    assert figures == detect_figures(text, now=now, language=language, scope="a")
    assert len({figure.figure_id for figure in figures}) == len(figures)
    last = 0
    for figure in figures:
        assert text[figure.start : figure.end] == figure.text
        assert last <= figure.start < figure.end
        last = figure.end
        assert figure.sentence.start <= figure.start
        assert figure.end <= figure.sentence.end
        assert figure.low is None or figure.high is None or figure.low <= figure.high
        assert figure.value is not None or (figure.low is not None and figure.high is not None)
        assert Figure.from_json(figure.to_json()) == figure


@settings(max_examples=max(100, settings.default.max_examples), deadline=None)
@given(st.integers(2, 99_999), st.integers(2, 99_999))
def test_ids_do_not_depend_on_the_number(first: int, second: int):
    """Two numbers in the same sentence frame have one id."""
    frame = "At least {:,} people were killed in the floods, officials said."
    ids = {detect_figures(frame.format(number), scope="a")[0].figure_id for number in (first, second)}
    assert len(ids) == 1


@settings(max_examples=max(100, settings.default.max_examples), deadline=None)
@given(st.integers(0, 10**15 - 1))
def test_grouped_digits_are_read_back(number: int):
    """Every whole number that fits a record is read back from its printed form."""
    figures = detect_figures(f"It has {number:,} parts.")
    assert [figure.value for figure in figures] == [number]


@pytest.mark.parametrize("text", ["", " ", "\n\n", ".", "\x00", "\ud800 5 km"])
def test_next_to_nothing_is_fine(text: str):
    """Empty and broken texts give what is in them."""
    assert len(detect_figures(text)) <= 1
