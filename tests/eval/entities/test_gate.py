"""The gate: scores of the entity stage on the gold set never drop without somebody saying so."""

from __future__ import annotations

import json

from tests.eval.entities.gate import PINNED
from tests.eval.entities.gold import gold_digest, read_gold
from tests.eval.entities.scoring import score

_PINNED = json.loads(PINNED.read_text(encoding="utf-8"))


def test_gold_set_is_the_pinned_one():
    """A score is worth something only beside the names it was measured on: changing either is said with --pin."""
    assert gold_digest() == _PINNED["digest"]


def test_no_score_is_below_its_pin():
    """No kind of name gets worse unnoticed."""
    scores = score(read_gold())
    dropped = {name: (value, scores[name]) for name, value in _PINNED["scores"].items() if scores[name] < value}
    assert dropped == {}


def test_pinned_scores_name_every_kind():
    """A kind cannot leave the gate by being forgotten."""
    assert set(score(read_gold()[:1])) == set(_PINNED["scores"])


def test_gold_set_is_large_and_its_names_are_slices():
    """At least 40 articles with names; names stand in order and do not overlap."""
    texts = read_gold()
    assert sum(bool(text.names) for text in texts) >= 40
    for text in texts:
        ends = [0, *(name.end for name in text.names)]
        assert all(end <= name.start for end, name in zip(ends, text.names, strict=False))


def test_score_notices_a_missing_name():
    """The gate can fail: take a name out of the text and the scores drop."""
    text = next(text for text in read_gold() if text.names)
    name = text.names[0]
    blanked = text.text[: name.start] + " " * (name.end - name.start) + text.text[name.end :]
    assert score([text._replace(text=blanked)])["span"] < 100
