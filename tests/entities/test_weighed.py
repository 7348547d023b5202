"""Weighed features: what the tagger is told is all that can change its mind."""

from __future__ import annotations

import pycrfsuite
import pytest

from pipeline.stages.entities.lexicon import DATA
from pipeline.stages.entities.model import MODEL, Reader
from pipeline.stages.entities.tables import lexicon
from pipeline.stages.entities.tagger import ruled
from pipeline.stages.entities.weighed import weighed_features

CONTENT = (DATA / MODEL).read_bytes()
TEXT = "Grace Mwangi of Zorbalex Ltd met the mayor of Nairobi, said Qwyx Tarn. Apollo 11 flew in macrobiotic Velde."


@pytest.fixture(scope="module")
def tagger() -> pycrfsuite.Tagger:
    """Open the shipped model."""
    opened = pycrfsuite.Tagger()
    opened.open_inmemory(CONTENT)
    return opened


def test_features_are_those_that_the_library_reads(tagger: pycrfsuite.Tagger) -> None:
    """The names read from the file are the ones that CRFsuite itself finds in it."""
    assert weighed_features(CONTENT) == {name.encode() for name in tagger.info().attributes}


def test_features_without_a_weight_change_nothing(tagger: pycrfsuite.Tagger) -> None:
    """Labels and their probabilities are the same, though fewer features are made."""
    found = ruled(TEXT, lexicon())
    every = list(Reader(lexicon()).read(TEXT, found)[2])
    weighed = list(Reader(lexicon(), weighed_features(CONTENT)).read(TEXT, found)[2])
    assert sum(len(row) for one in weighed for row in one.features) < sum(
        len(row) for one in every for row in one.features
    )
    for one, other in zip(every, weighed, strict=True):
        labels = tagger.tag(one.features)
        probability = tagger.probability(labels)
        assert tagger.tag(other.features) == labels
        assert tagger.probability(labels) == probability


def test_another_file_is_refused() -> None:
    """A file that is no model is told from one, with what to do."""
    with pytest.raises(ValueError, match="make train"):
        weighed_features(b"something else" * 10)
