"""The gate: scores of the entity stage on the gold sets never drop without somebody saying so."""

from __future__ import annotations

import json

import pytest

from tests.eval.entities.gate import PINNED
from tests.eval.entities.gold import GoldSet, gold_digest, read_gold
from tests.eval.entities.marked import read_marked
from tests.eval.entities.scoring import score

_PINNED = json.loads(PINNED.read_text(encoding="utf-8"))
_SETS = {gold.name: gold for gold in read_gold()}


def test_gold_sets_are_the_pinned_ones():
    """A score is worth something only beside the names it was measured on: changing either is said with --pin."""
    assert gold_digest() == _PINNED["digest"]
    assert _SETS.keys() == _PINNED["scores"].keys()


@pytest.mark.parametrize("name", _SETS)
def test_no_score_is_below_its_pin(name: str):
    """No kind of name gets worse unnoticed, and none leaves the gate by being forgotten."""
    scores, pinned = score(_SETS[name]), _PINNED["scores"][name]
    assert scores.keys() == pinned.keys()
    assert {what: (value, scores[what]) for what, value in pinned.items() if scores[what] < value} == {}


@pytest.mark.parametrize("name", _SETS)
def test_gold_sets_are_large_and_their_names_are_slices(name: str):
    """At least 40 texts with names; names stand in order and do not overlap."""
    texts = _SETS[name].texts
    assert sum(bool(text.names) for text in texts) >= 40
    for text in texts:
        ends = [0, *(one.end for one in text.names)]
        assert all(end <= one.start < one.end for end, one in zip(ends, text.names, strict=False))


def test_score_notices_a_missing_name():
    """The gate can fail: take a name out of a text and the scores drop."""
    text = next(text for text in _SETS["articles"].texts if text.names)
    name = text.names[0]
    blanked = text.text[: name.start] + " " * (name.end - name.start) + text.text[name.end :]
    assert score(GoldSet("one", [text._replace(text=blanked)], joined=False))["span"] < 100


def test_score_notices_names_that_do_not_meet(tmp_path):
    """Joining and links are scored by what the marks say: here that one man is two, and that Ghana is Gabon."""
    marked = "[[Kofi Ampadzu|person 1]] spoke in [[Ghana|place 2 = {}]]. “No,” [[Ampadzu|person {}]] said."
    scores = []
    for number, (title, thing) in enumerate((("Ghana", 1), ("Gabon", 3))):
        folder = tmp_path / str(number)
        folder.mkdir()
        (folder / "one.txt").write_text(marked.format(title, thing), encoding="utf-8")
        scores.append(score(GoldSet("one", read_marked(folder), joined=True)))
    assert [scores[0][what] for what in ("joined", "links_right", "links_found")] == [100, 100, 100]
    assert [scores[1][what] for what in ("joined", "links_right", "links_found")] == [0, 0, 0]


@pytest.mark.parametrize(
    ("item", "problem"),
    [
        ("[[Ghana|country 1]]", "no type of the contract"),
        ("[[Ghana|place]]", "badly written"),
        ("[[Ghana|place 1]] and [[Ghanaian|group 1]]", "two types"),
        ("[[Ghana|place 1 = Ghana]] and [[it|place 1 = Gabon]]", "two titles"),
    ],
)
def test_a_wrong_mark_is_refused(tmp_path, item: str, problem: str):
    """A slip of the annotator's pen is no silent change of the gold."""
    (tmp_path / "one.txt").write_text(item, encoding="utf-8")
    with pytest.raises(ValueError, match=problem):
        read_marked(tmp_path)
