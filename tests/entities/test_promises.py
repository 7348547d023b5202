"""What holds for every text: spans are slices, the result is the same each time, nothing raises."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.stages.entities import tag_entities
from schemas.entity import Entity

PIECES = st.sampled_from(
    [
        "Mosul",
        "President",
        "Saleh",
        "Kofi Annan",
        "UN",
        "(UN)",
        "Ministry",
        "of",
        "for",
        "and",
        "the",
        "’s",
        "'s",
        "al-",
        "U.S.",
        ".",
        ",",
        " ",
        " ",
        " ",
        " ",
        "\n",
        "\xa0",
        "(",
        ")",
        "“",
        "”",
        "İ",
        "ß",
        "ﬁ",
        "É",
        "�",
        "\x00",
        "1",
        "Inc.",
        "said",
        "in",
        "Lake",
        "Bridge",
        "SDF",
        "iPhone",
        "-",
        "O'Brien",
        "bin",
        "بغداد",
        "北京",
        "😀",
        "&",
        " - ",
        "BAGHDAD",
        "People's",
        "Jong-un",
    ]
)
TEXTS = st.one_of(st.text(max_size=200), st.lists(PIECES, max_size=40).map("".join))
CAPITALS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
LANGUAGES = st.sampled_from(["en", "en-GB", "ar", "fr", "es", "tlh", "", "en_US"])


def check(text: str, entities: tuple[Entity, ...]) -> None:
    """Assert the promises that tie entities to their text."""
    spans = sorted((m.start, m.end) for e in entities for m in e.mentions)
    for entity in entities:
        assert all(text[m.start : m.end] == m.text for m in entity.mentions)
        assert list(entity.mentions) == sorted(entity.mentions, key=lambda m: m.start)
    assert all(end <= start for (_, end), (start, _) in itertools.pairwise(spans))
    assert all(start < end for start, end in spans)
    firsts = [e.mentions[0].start for e in entities]
    assert firsts == sorted(firsts)
    assert len({e.entity_id for e in entities}) == len(entities)


@settings(deadline=None, max_examples=max(400, settings.default.max_examples))
@given(TEXTS, LANGUAGES)
def test_any_text_is_tagged_with_true_spans(text: str, language: str) -> None:
    """Spans equal slices, never overlap, are in order; ids are unique; the same text gives the same entities."""
    entities = tag_entities(text, language=language)
    check(text, entities)
    assert tag_entities(text, language=language) == entities


@pytest.mark.timeout(60)
@pytest.mark.parametrize(
    "text",
    [
        "A" * 1_000_000,
        "a" * 1_000_000,
        "Ab " * 300_000,
        "A. " * 300_000,
        "A." * 500_000,
        "President " * 100_000,
        "University of " * 70_000,
        "al-" * 300_000,
        "Jong-un-" * 120_000,
        "O'" * 500_000,
        "Mosul’s " * 100_000,
        "bin Ali " * 100_000,
        "(UN) " * 200_000,
        "\n" * 1_000_000,
        "People's " * 100_000,
        "".join(f"the Union of {a}a{b}a{c}a (U{a}{b}{c}) " for a in CAPITALS for b in CAPITALS for c in CAPITALS),
    ],
    ids=lambda text: text[:12],
)
def test_long_monotonous_texts_end(text: str) -> None:
    """A megabyte of one pattern takes linear time: no pattern backtracks, no list is walked twice over."""
    check(text, tag_entities(text))
