"""Runs: found by a quick search for capitals, and the same as by the one expression that says what a run is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.stages.entities import scan
from pipeline.stages.entities.tables import rows

PIECES = st.sampled_from(
    ["al-", "neo-", "d’", "l'", "el", "e", "Bay", "OS", "x", "É", "Бо", "İ", "A.", "Mr.", "Corp.", "of ", "the ",
     "and ", "'s", "’", "'", "-", "‑", "-led", "+", ".com", "&", "@", "#", "_", "7", " ", "\u00a0", "\n", ".", ","]
)  # fmt: skip


@given(st.lists(PIECES, min_size=9, max_size=30).map("".join))
def test_the_quick_search_finds_every_run(text: str) -> None:
    """Looking for a capital first leaves out no run, adds none and cuts none."""
    assert [found.span() for found in scan._matches(text)] == [found.span() for found in scan._RUN.finditer(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("the siege of al-Hasakah ended", ["al-Hasakah"]),
        ("eBay sells the iPhone of Apple", ["eBay", "iPhone of Apple"]),
        ("sold by l'Oréal of France", ["l'Oréal of France"]),
        ("lower case only, user@Example and #Tag", []),
    ],
)
def test_runs(text: str, expected: list[str]) -> None:
    """A run may begin with the small letters of its first word."""
    assert [text[run.starts[0] : run.ends[-1]] for run in scan.runs(text)] == expected


def test_every_state_of_the_table_is_a_word() -> None:
    """An abbreviation that the lexicon knows behind a town keeps its full stop."""
    short = [
        spelling
        for _, _, *others in rows("states.tsv")
        for spelling in "|".join(others).split("|")
        if spelling.endswith(".")
    ]
    assert len(short) > 40
    assert [one for one in short if [one] not in [run.words for run in scan.runs(f"in Arden, {one} on")]] == []
