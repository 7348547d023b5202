"""The corpus shares no wording with sets that results are measured on."""

from __future__ import annotations

import json
import re
from pathlib import Path

from tools.corpus.lexicon import patterns

RUN = 8
"""Words in a row that two writers hardly choose alike."""


def _runs(text: str) -> set[tuple[str, ...]]:
    words = re.findall(r"\w+", text.lower())
    return {tuple(words[i : i + RUN]) for i in range(len(words) - RUN + 1)}


def test_no_pattern_repeats_eight_words_of_an_evaluation_set(evaluation_sets: Path) -> None:
    """No run of eight fixed words of a pattern stands in a text of an evaluation set."""
    files = sorted(evaluation_sets.glob("*.jsonl"))
    assert files
    held = set[tuple[str, ...]]()
    for path in files:
        for line in path.read_text(encoding="utf-8").splitlines():
            held |= _runs(json.loads(line)["text"])
    assert held
    pieces = (piece for _, pattern in patterns() for piece in re.split(r"\{[^}]*\}|<[A-Z]+ [^<>]*>|[\[\]|]", pattern))
    assert [run for piece in pieces for run in _runs(piece) & held] == []
