"""The gate: scores on the gold set never drop without somebody saying so."""

from __future__ import annotations

import json

import pytest

from tests.eval.figures.__main__ import PINNED, SETS
from tests.eval.figures.gold import gold_digest, read_gold
from tests.eval.figures.scoring import score

_ARTICLES = 40
_PINNED = json.loads(PINNED.read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", SETS)
def test_set_is_the_pinned_one(name: str) -> None:
    """A score is worth something only beside the corpus it was measured on: changing either is said with --pin."""
    assert gold_digest(SETS[name]) == _PINNED[name]["digest"]


@pytest.mark.parametrize("name", SETS)
def test_no_score_is_below_its_pin(name: str) -> None:
    """No field of a figure gets worse unnoticed, on the gold set and on the blind ones."""
    scores = score(read_gold(SETS[name]))
    pinned = _PINNED[name]["scores"].items()
    assert {field: (value, scores[field]) for field, value in pinned if scores[field] < value} == {}


def test_pinned_scores_name_every_field() -> None:
    """A field cannot leave the gate by being forgotten."""
    fields = set(score(read_gold()[:1]))
    assert {name: set(pins["scores"]) for name, pins in _PINNED.items()} == dict.fromkeys(SETS, fields)


@pytest.mark.parametrize("name", ["blind-1", "blind-2"])
def test_blind_sets_are_large_and_varied(name: str) -> None:
    """Each holds at least 150 short texts in at least eight registers."""
    texts = read_gold(SETS[name])
    assert len(texts) >= 150
    assert len({text.register for text in texts}) >= 8


def test_gold_set_is_large_and_varied():
    """At least 40 articles in at least eight registers, all with figures."""
    articles = read_gold()
    assert len(articles) >= _ARTICLES
    assert len({article.register for article in articles}) >= 8
    assert all(article.figures for article in articles)


def test_gold_marks_stand_where_they_say():
    """The reader of the gold set keeps offsets: every marked stretch is text, in order, without overlap."""
    for article in read_gold():
        ends = [0] + [figure.end for figure in article.figures]
        assert all(end <= figure.start for end, figure in zip(ends, article.figures, strict=False))
        assert "[[" not in article.text


def test_score_notices_a_missing_figure():
    """The gate can fail: take a number out of the text and the scores drop."""
    article = read_gold()[0]
    first = article.figures[0]
    blanked = " " * (first.end - first.start)
    article.text = article.text[: first.start] + blanked + article.text[first.end :]
    assert score([article])["value"] < 100
