"""Languages told without a network: right or silent, in two dozen of them."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from pipeline.parsers.language import guess_language

_LINES = (Path(__file__).parent / "languages.txt").read_text("utf-8").splitlines()
ROWS = [tuple(line.split(" | ", 2)) for line in _LINES if line and not line.startswith("#")]


@pytest.mark.parametrize(("language", "kind", "text"), ROWS)
def test_no_language_is_wrong(language: str, kind: str, text: str) -> None:
    """A text is given its own language; a headline may stay undetermined, a paragraph may not."""
    assert guess_language(text) in ({language, "und"} if kind == "headline" else {language})


def test_most_headlines_are_told() -> None:
    """Of the headlines, nineteen in twenty are told: silence is no way to be right."""
    told = Counter(
        guess_language(text) != "und" for language, kind, text in ROWS if kind == "headline" and language != "und"
    )
    assert told[True] >= 19 * told[False]


def test_the_set_is_broad() -> None:
    """Twenty languages and more, each with headlines and a paragraph."""
    assert len({language for language, _, _ in ROWS}) > 20
    assert all(
        {kind for other, kind, _ in ROWS if other == language} == {"headline", "paragraph"} for language, _, _ in ROWS
    )


@pytest.mark.parametrize(
    "text", ["", "...", "12 13 14", "IBM MSFT", "Jon Ek, Ida Holm, Per Dahl", "a" * 10_000, "\U0001f600" * 50]
)
def test_what_is_no_prose_has_no_language(text: str) -> None:
    """Names, numbers and signs stay undetermined."""
    assert guess_language(text) == "und"
