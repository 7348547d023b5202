"""Where periods are looked for: the short cut leaves none out."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pipeline.stages.figures import detect_figures, periods
from tests.eval.figures.__main__ import SETS
from tests.eval.figures.gold import read_gold


class _Everything(frozenset[str]):
    """A list of anchors that no sentence is without."""

    __slots__ = ()

    def isdisjoint(self, _: object) -> bool:
        """Find an anchor in every sentence."""
        return False


@pytest.mark.parametrize("name", SETS)
def test_no_period_stands_in_a_sentence_without_an_anchor(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Skipping the sentences that hold no word of time changes nothing."""
    articles = read_gold(SETS[name])
    short = [detect_figures(article.text, now=article.now) for article in articles]
    thorough = replace(periods.times("en"), anchors=_Everything())
    monkeypatch.setattr(periods, "times", lambda _language: thorough)
    assert [detect_figures(article.text, now=article.now) for article in articles] == short
