"""Somebody who says what the story of a page is, compared with it by runs of words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

SHINGLE_WORDS: Final = 3
"""Words in a row that are compared. Three are rarely the same by chance within one page."""

VOUCHED_SHARE: Final = 0.6
"""Share of a block's shingles that a witness must hold; it may cut notes and links out of a paragraph."""

_TOKEN = re.compile(r"\w+")


class Witness:
    """The words of somebody who says what the story is."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._lines: set[str] = set()
        self._shingles: set[tuple[str, ...]] = set()
        for line in lines:
            tokens = _TOKEN.findall(line.casefold())
            self._lines.add("".join(tokens))
            self._shingles.update(_shingles(tokens))

    def vouches_for(self, text: str) -> bool:
        """Tell whether it holds the words of a block: the whole line, or most of its runs of words."""
        tokens = _TOKEN.findall(text.casefold())
        if not tokens:
            return False
        if "".join(tokens) in self._lines:
            return True
        runs = list(_shingles(tokens))
        return bool(runs) and sum(run in self._shingles for run in runs) >= VOUCHED_SHARE * len(runs)


def _shingles(tokens: list[str]) -> Iterator[tuple[str, ...]]:
    return zip(*(tokens[start:] for start in range(SHINGLE_WORDS)), strict=False)
