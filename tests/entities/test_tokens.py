"""Tokens and windows: slices of the text, and around capitals only."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.stages.entities.features import shape
from pipeline.stages.entities.tokens import MAX_WINDOW, NO_HINT, Quiet, tokenize, windows


def cut(text: str, quiet: Quiet = Quiet()) -> list[list[str]]:
    """Return the words of each window."""
    tokens = tokenize(text)
    hints = [NO_HINT] * len(tokens.words)
    return [tokens.words[first:stop] for first, stop in windows(tokens, hints, quiet)]


@given(st.text(max_size=200))
def test_tokens_are_slices_in_order(text: str) -> None:
    """Tokens never overlap, stand in order, and together leave out nothing but blanks."""
    tokens = tokenize(text)
    at = 0
    for i, (word, start) in enumerate(zip(tokens.words, tokens.starts, strict=True)):
        end = tokens.end(i)
        assert at <= start < end
        assert not text[at:start].strip()
        assert word in {text[start:end].replace("’", "'"), "\n"}
        at = end
    assert not text[at:].strip()


@pytest.mark.parametrize("count", [1, 2, 40, 41, 42, 500])
def test_small_words_are_tokens_each(count: int) -> None:
    """However many small words stand together, each is a token of its own."""
    text = "rain " * count + "don't rain-soaked rain_"
    assert tokenize(text).words == ["rain"] * count + ["don't", "rain-soaked", "rain", "_"]


@given(st.text(alphabet="Ab. \n’s", max_size=200))
def test_windows_hold_every_capital_once(text: str) -> None:
    """No capital is looked at twice or not at all; no window crosses a line end."""
    tokens = tokenize(text)
    found = windows(tokens, [NO_HINT] * len(tokens.words), Quiet())
    seen = [i for first, stop in found for i in range(first, stop)]
    assert len(seen) == len(set(seen))
    assert {i for i in tokens.capitals if tokens.words[i] != "\n"} <= set(seen)
    assert all(tokens.words[i] != "\n" for i in seen)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("it rained in Oslo all day", [["Oslo"]]),
        ("he met Ada in Oslo", [["Ada", "in", "Oslo"]]),
        ("he met Ada far from the Oslo of 1990", [["Ada"], ["Oslo"]]),
        ("the Bank of the West's tower", [["Bank", "of", "the", "West", "'s"]]),
        ("the Apollo 11 crew, 99 Oslo men", [["Apollo", "11"], ["99", "Oslo"]]),
        ("Ada\nOslo", [["Ada"], ["Oslo"]]),
        ("nothing here", []),
        ("", []),
    ],
)
def test_windows(text: str, expected: list[list[str]]) -> None:
    """A window is capitals that stand together or nearly so, with the numbers beside them and the possessive."""
    assert cut(text) == expected


def test_quiet_words_open_no_window() -> None:
    """A word that merely opens a sentence costs nothing, unless a capital follows."""
    quiet = Quiet(anywhere=frozenset({"The"}), opening=frozenset({"Rain"}))
    assert cut("The rain", quiet) == []
    assert cut("The Hague", quiet) == [["The", "Hague"]]
    assert cut("Rain fell. Rain fell", quiet) == []
    assert cut("the Rain fell", quiet) == [["Rain"]]


def test_endless_capitals_are_cut() -> None:
    """A table in capitals is looked at piece by piece: memory and time stay bounded."""
    assert max(map(len, cut("Ab " * 1000))) <= MAX_WINDOW + 2


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("Oslo", "Aa"),
        ("UN", "AA"),
        ("UNICEF", "AAA"),
        ("U.S.", "A.A."),
        ("2,017", "0,0"),
        ("iPhone", "aAa"),
        ("A", "A"),
    ],
)
def test_shape(word: str, expected: str) -> None:
    """A shape tells capitals, digits and marks apart, and short from long acronyms."""
    assert shape(word) == expected
