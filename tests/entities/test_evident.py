"""Evident names: found without asking the model, and only where nothing near them could change what they are."""

from __future__ import annotations

from itertools import pairwise

import pytest

from pipeline.stages.entities import tag_entities
from pipeline.stages.entities.model import Labelled, Reader, model
from pipeline.stages.entities.tables import lexicon
from pipeline.stages.entities.tagger import ruled


def asked(text: str, *, evident: bool) -> list[str]:
    """Return the tokens that lie in windows."""
    tokens, _, windows = Reader(lexicon()).read(text, ruled(text, lexicon()), evident=evident)
    return [word for one in windows for word in tokens.words[one.first : one.stop]]


@pytest.mark.parametrize(
    ("text", "name", "label"),
    [
        ("a letter from Daniel Harrop was read to all", "Daniel Harrop", "PER"),
        ("they had left for Chicago long before", "Chicago", "LOC"),
    ],
)
def test_an_evident_name_is_labelled_unasked(text: str, name: str, label: str) -> None:
    """A name that stands alone and is plain to the rules has its label, and lies in no window."""
    start = text.index(name)
    assert asked(text, evident=False) == []
    assert set(name.split()) <= set(asked(text, evident=True))
    (found,) = model().label(text, ruled(text, lexicon()))
    assert found == Labelled(start, start + len(name), label, found.confidence)


@pytest.mark.parametrize(
    "text", ["a letter from Daniel Harrop Ltd was read", "they left Chicago or Qwyxville by night"]
)
def test_a_capital_near_asks_the_model(text: str) -> None:
    """A name beside other capitals may be a part of a longer one."""
    assert asked(text, evident=False) == asked(text, evident=True) != []


def test_a_window_that_reaches_into_an_evident_name_does_not_double_it() -> None:
    """Mentions never overlap, though the model is asked about a neighbour and goes on into the name."""
    spans = sorted((m.start, m.end) for entity in tag_entities("A:Mosul Mosul") for m in entity.mentions)
    assert spans
    assert all(end <= start for (_, end), (start, _) in pairwise(spans))
