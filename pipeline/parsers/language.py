"""Which language a text is in, when nobody says: a vote of function words, and silence where it is not clear."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Final

UNKNOWN: Final = "und"

SAMPLE_CHARS: Final = 800
"""How much of a text votes: some 130 words decide as well as all of them."""

MIN_VOTES: Final = 3
"""Fewer function words than this are chance: most headlines stay undetermined."""

MIN_SHARE: Final = 0.12
"""Least share of function words. Running text in these languages has 0.25 and more; name lists and tables do not."""

MIN_LEAD: Final = 1.4
"""How far the winner must be ahead of the second, so that a neighbour that is not in the table rarely wins."""

_TAG = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8}){0,3}")


def guess_language(text: str) -> str:
    """Return the BCP 47 tag of the language of a text, `und` where the vote is not clear."""
    words = text[:SAMPLE_CHARS].lower().split()
    votes = Counter(chain.from_iterable(filter(None, map(_votes().get, words))))
    ranked = votes.most_common(2)
    if not ranked or ranked[0][1] < max(MIN_VOTES, MIN_SHARE * len(words)):
        return UNKNOWN
    if len(ranked) > 1 and ranked[0][1] < MIN_LEAD * ranked[1][1]:
        return UNKNOWN
    return ranked[0][0]


def language_tag(value: object) -> str | None:
    """Return a stated language as a BCP 47 tag (`en_US` becomes `en-US`), None where it is none."""
    if not isinstance(value, str) or not _TAG.fullmatch(value.strip()):
        return None
    language, *rest = value.strip().replace("_", "-").split("-")
    return "-".join([language.lower(), *(part.upper() if len(part) == 2 else part for part in rest)])


@cache
def _votes() -> dict[str, tuple[str, ...]]:
    path = Path(__file__).parent / "data" / "function_words.txt"
    table: dict[str, tuple[str, ...]] = {}
    for line in path.read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            language, *words = line.split()
            for word in words:
                table[word] = (*table.get(word, ()), language)
    return table
