"""The same sentence as tokens with tags."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tools.corpus.records import Sentence

_TOKEN = re.compile(r"\w+|[^\w\s]")
COARSE = {"PER": "PER", "ORG": "ORG", "LOC": "LOC", "FAC": "LOC", "NORP": "MISC", "EVENT": "MISC", "PRODUCT": "MISC"}


def bio(sentence: Sentence, *, fine: bool = False) -> Iterator[tuple[str, str]]:
    """Yield (token, tag): words and single marks of punctuation, tagged O, B-… or I-….

    The tags are PER, ORG, LOC and MISC; with `fine`, the labels of the spans themselves.
    """
    spans = iter(sentence.spans)
    span = next(spans, None)
    for match in _TOKEN.finditer(sentence.text):
        while span is not None and match.start() >= span.end:
            span = next(spans, None)
        if span is None or match.end() <= span.start:
            yield match.group(), "O"
        else:
            label = span.label if fine else COARSE[span.label]
            yield match.group(), f"{'B' if match.start() <= span.start else 'I'}-{label}"
