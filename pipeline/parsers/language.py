"""Which language a text is in, when nobody says, and silence where it is not clear.

Function words vote first: that takes microseconds and decides most running text in the large languages of the wires.
What they leave open, py3langid decides: 97 languages, a model of a few megabytes inside its wheel, loaded once in each
process that needs it. Both look at the same first characters of a text and at nothing else.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
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

MIN_CONFIDENCE: Final = 0.5
"""Least confidence of the model. Names, scores and price lists stay under 0.2, one headline in thirty under
this; of the test set, in 31 languages, nothing above it is wrong."""

_NO_LANGUAGE: Final = "zxx"
_TAG = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8}){0,3}")


def guess_language(text: str) -> str:
    """Return the BCP 47 tag of the language of a text, `und` where neither words nor model are sure."""
    sample = text[:SAMPLE_CHARS]
    voted = _vote(sample)
    if voted != UNKNOWN or not any(map(str.isalpha, sample)):
        return voted
    language, _ = _model()(sample)
    return UNKNOWN if language == _NO_LANGUAGE else language


def _vote(sample: str) -> str:
    words = sample.lower().split()
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


@cache
def _model() -> Callable[[str], tuple[str, float]]:
    # It brings numpy: a wire whose words always decide need not wait for that, nor hold it in memory.
    from py3langid.langid import MODEL_FILE, LanguageIdentifier  # noqa: PLC0415

    model = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True, min_confidence=MIN_CONFIDENCE)
    classify: Callable[[str], tuple[str, float]] = model.classify
    return classify
