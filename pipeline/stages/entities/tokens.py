"""Tokens and windows: the pieces of a text that the trained tagger looks at.

Names are capitalised, so only the words around capitals are tagged: a window is a capitalised word with its
neighbours, windows that touch are one. The tagger is trained on windows cut by this very code.
"""

from __future__ import annotations

import re
from collections.abc import Sequence, Set
from typing import Final, NamedTuple

from pipeline.stages.entities.scan import WORD

REACH: Final = 1
"""Tokens that a window holds on each side of a capitalised one."""

_TOKEN: Final = re.compile(rf"{WORD}|['’]s\b|\d[\d.,]*(?<![.,])|[^\W_]+(?:['’-][^\W_]+)*|\n+|[^\w\s]|_")

NO_HINT: Final = "-"
"""The hint where the rules see no name."""

LINE: Final = "\n"
"""The token of one or more line ends."""


class Tokens(NamedTuple):
    """The tokens of a text with their spans; typographic apostrophes became typewriter ones."""

    words: list[str]
    starts: list[int]
    ends: list[int]


def tokenize(text: str) -> Tokens:
    """Cut a text into words, numbers, punctuation marks and line ends."""
    words, starts, ends = [], [], []
    for found in _TOKEN.finditer(text):
        word = found[0]
        if "’" in word:
            word = word.replace("’", "'")
        words.append(LINE if word[0] == LINE else word)
        starts.append(found.start())
        ends.append(found.end())
    return Tokens(words, starts, ends)


def has_capital(word: str) -> bool:
    """Tell whether a token is a word with a capital letter."""
    return not word.islower() and word[0].isalpha() and word.lower() != word


def windows(words: list[str], hints: Sequence[str], quiet: Set[str]) -> list[tuple[int, int]]:
    """Return the windows of a text as ranges of tokens, left to right; none crosses a line end.

    Args:
        words: the tokens of the text.
        hints: what the rules say of each token; `NO_HINT` is nothing.
        quiet: words that are no part of a name when only small words stand beside them: "The", "Monday".
    """
    found: list[tuple[int, int]] = []
    floor = first = stop = 0
    last = len(words) - 1
    for i, word in enumerate(words):
        if word == LINE:
            if stop:
                found.append((first, min(stop, i)))
            floor, stop = i + 1, 0
        elif has_capital(word):
            if word in quiet and hints[i] == NO_HINT and (i == last or not has_capital(words[i + 1])):
                continue
            if stop and i - REACH > stop:
                found.append((first, stop))
                stop = 0
            if not stop:
                first = max(floor, i - REACH)
            stop = i + REACH + 1
    if stop:
        found.append((first, min(stop, len(words))))
    return found
