"""Examples: texts become windows of features with their labels, by the code that reads texts at run time."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from copy import copy
from zlib import crc32

from pipeline.stages.entities.candidate import Candidate
from pipeline.stages.entities.lexicon import Entry, Lexicon
from pipeline.stages.entities.model import OUTSIDE, Reader
from pipeline.stages.entities.tables import lexicon
from pipeline.stages.entities.tagger import ruled
from pipeline.stages.entities.tokens import Tokens
from tools.train.texts import Span, Text

Example = tuple[list[list[bytes]], list[str]]
"""The features of a window's tokens, and their labels."""

_HIDDEN = 4
_SPECIAL = {"group": "NORP", "event": "EVENT", "product": "PRODUCT"}


def examples(texts: Iterable[Text]) -> Iterator[Example]:
    """Yield the windows of texts.

    Every other text is read with a smaller lexicon: the names of the corpora are mostly known, those of news are not,
    and the model must not learn that what it is not told is no name.
    """
    lexicons = (lexicon(), thinned(lexicon()))
    readers = [Reader(known) for known in lexicons]
    for number, text in enumerate(texts):
        known, reader = lexicons[number % 2], readers[number % 2]
        found = ruled(text.text, known)
        tokens, _, windows = reader.read(text.text, found)
        labels = token_labels(tokens, refine(text, found))
        for first, stop, features in windows:
            yield features, labels[first:stop]


def thinned(known: Lexicon) -> Lexicon:
    """Return a lexicon without one name of `_HIDDEN`; peoples and countries stay."""
    thin = copy(known)
    thin.entries = {
        name: entry for name, entry in known.entries.items() if _is_common(entry) or crc32(name.encode()) % _HIDDEN
    }
    return thin


def _is_common(entry: Entry) -> bool:
    return entry.type == "group" or (bool(entry.links) and entry.links[0][0] == "iso3166")


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
