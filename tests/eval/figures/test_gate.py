"""The gate: scores on the gold set never drop without somebody saying so."""

from __future__ import annotations

import json

from tests.eval.figures.__main__ import PINNED
from tests.eval.figures.gold import gold_digest, read_gold
from tests.eval.figures.scoring import score

_ARTICLES = 40
_PINNED = json.loads(PINNED.read_text(encoding="utf-8"))


def test_gold_set_is_the_pinned_one():
    """A score is worth something only beside the corpus it was measured on: changing either is said with --pin."""
    assert gold_digest() == _PINNED["digest"]


def test_no_score_is_below_its_pin():
    """No field of a figure gets worse unnoticed."""
    scores = score(read_gold())
    dropped = {name: (value, scores[name]) for name, value in _PINNED["scores"].items() if scores[name] < value}
    assert dropped == {}


def test_pinned_scores_name_every_field():
    """A field cannot leave the gate by being forgotten."""
    assert set(score(read_gold()[:1])) == set(_PINNED["scores"])


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
