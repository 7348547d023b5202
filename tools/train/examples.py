"""Examples: texts become windows of features with their labels, by the code that reads texts at run time."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator

from pipeline.stages.entities.candidate import Candidate
from pipeline.stages.entities.model import OUTSIDE, Reader
from pipeline.stages.entities.tables import lexicon
from pipeline.stages.entities.tagger import ruled
from pipeline.stages.entities.tokens import Tokens
from tools.train.texts import Span, Text

Example = tuple[list[list[bytes]], list[str]]
"""The features of a window's tokens, and their labels."""

_SPECIAL = {"group": "NORP", "event": "EVENT", "product": "PRODUCT"}


def examples(texts: Iterable[Text]) -> Iterator[Example]:
    """Yield the windows of texts."""
    reader = Reader(lexicon())
    for text in texts:
        found = ruled(text.text, lexicon())
        tokens, _, windows = reader.read(text.text, found)
        labels = token_labels(tokens, refine(text, found))
        for first, stop, features in windows:
            yield features, labels[first:stop]


def token_labels(tokens: Tokens, spans: Iterable[Span]) -> list[str]:
    """Return the BIO label of each token; a token belongs to the name in which it begins."""
    labels = [OUTSIDE] * len(tokens.words)
    for start, end, label in spans:
        i = bisect_left(tokens.starts, start)
        begins = "B-"
        while i < len(labels) and tokens.starts[i] < end:
            labels[i] = begins + label
            begins = "I-"
            i += 1
    return labels


def refine(text: Text, found: list[Candidate]) -> Iterator[Span]:
    """Yield the names with the labels of our types: the corpora call peoples, events and products all MISC.

    What the lexicon calls a group, and the rules an event, a product or a facility, is labelled so.
    """
    kinds = {(one.start, one.end): one.type for one in found}
    for span in text.spans:
        start, end, label = span
        entry = lexicon().entries.get(text.text[start:end])
        kind = entry.type if entry is not None else kinds.get((start, end))
        if label == "MISC" and kind in _SPECIAL:
            yield Span(start, end, _SPECIAL[kind])
        elif label == "LOC" and kind == "facility":
            yield Span(start, end, "FAC")
        else:
            yield span
