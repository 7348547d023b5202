"""Endings are data: a language is a table, not code."""

from __future__ import annotations

import pytest

from pipeline.stages.figures.tables import load
from pipeline.stages.figures.wordforms import Rules, Shapes, ending

_SPANISH = Rules(
    endings=[
        ending({"plural": "ces", "singular": "z", "letters": 4}),
        ending({"plural": "ones", "singular": "ón", "letters": 5}),
        ending({"plural": "s", "singular": "", "letters": 4, "never": "is", "words": "lunes martes"}),
    ],
    irregular={"jóvenes": "joven"},
    verb_endings=("ando", "iendo"),
    stop={"los"},
)


@pytest.mark.parametrize(
    ("word", "plural", "singular"),
    [
        ("veces", True, "vez"),
        ("camiones", True, "camión"),
        ("casas", True, "casa"),
        ("jóvenes", True, "joven"),
        ("lunes", False, "lunes"),
        ("crisis", False, "crisis"),
    ],
)
def test_another_language_needs_only_its_table(word: str, plural: bool, singular: str) -> None:
    """The plurals of a second language follow from its endings, without a line of code."""
    shape = Shapes(_SPANISH)[word]
    assert (shape.plural, shape.singular) == (plural, singular)


@pytest.mark.parametrize(
    ("word", "singular"),
    [
        ("families", "family"),
        ("fishermen", "fisherman"),
        ("churches", "church"),
        ("boxes", "box"),
        ("people", "person"),
    ],
)
def test_english_plurals_follow_from_its_table(word: str, singular: str) -> None:
    """The English endings stand in the data files, tried in their order."""
    assert load("en").shapes[word].singular == singular


def test_a_verb_form_and_a_function_word_are_no_nouns() -> None:
    """What cannot go on with a noun phrase is told by ending or list."""
    shapes = load("en").shapes
    assert [shapes[word].nominal for word in ("houses", "arrested", "quickly", "the", "building")] == [
        True, False, False, False, True,
    ]  # fmt: skip


def test_what_is_remembered_changes_nothing() -> None:
    """A word has the same shape whether it was seen before or not."""
    fresh = Shapes(_SPANISH)
    assert fresh["casas"] == fresh["casas"] == Shapes(_SPANISH)["casas"]
