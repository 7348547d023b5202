"""The trained model: labels for the tokens of windows, by a linear-chain CRF (python-crfsuite)."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from functools import cache
from typing import Final, NamedTuple

import pycrfsuite

from pipeline.stages.entities.candidate import Candidate
from pipeline.stages.entities.clusters import clusters
from pipeline.stages.entities.features import Features
from pipeline.stages.entities.hints import Hints, token_hints
from pipeline.stages.entities.lexicon import DATA, Lexicon
from pipeline.stages.entities.tables import lexicon
from pipeline.stages.entities.tokens import Quiet, Tokens, tokenize, windows
from pipeline.stages.entities.weighed import weighed_features

MODEL: Final = "tagger.crfsuite"
OUTSIDE: Final = "O"

_MOSTLY_SMALL: Final = frozenset({"-2", "-3", "-4", "-5", "-6"})
"""Words written without a capital seven times as often as with one, or more."""

_AGREED: Final = 0.97
"""Confidence of a name that model and rules see alike, where the rules are sure: measured on documents kept out, and
cheaper than asking the model for its probability."""

_CODES: Final = {
    "PER": b"Bpe+", "ORG": b"Bor+", "LOC": b"Bpl+", "FAC": b"Bfa+", "NORP": b"Bgr+", "EVENT": b"Bev+",
    "PRODUCT": b"Bpr+",
}  # fmt: skip
"""The hints of sure rules for each label."""

_EVIDENT: Final = {"person": "PER", "place": "LOC"}
"""The labels of evident names."""


class Labelled(NamedTuple):
    """A stretch of text that the model holds for a name."""

    start: int
    end: int
    label: str
    """PER, ORG, LOC, FAC, NORP, EVENT, PRODUCT or MISC."""
    confidence: float
    """Probability of the label of its first token."""


class Window(NamedTuple):
    """A stretch of tokens with their features."""

    first: int
    stop: int
    features: list[list[bytes]]


class Reader:
    """Turns a text and the rules' view of it into windows of features; the same for training and tagging."""

    def __init__(self, lexicon: Lexicon, weighed: frozenset[bytes] | None = None) -> None:
        """Take the word classes of a lexicon and, where there is a model already, the features that it weighs."""
        self.features = Features(lexicon, clusters(), weighed)
        names = lexicon.given_names | lexicon.surnames
        small = {word.capitalize() for word in lexicon.common_words}
        small |= {word for word, row in clusters().items() if row.capital in _MOSTLY_SMALL}
        self._quiet = Quiet((lexicon.cues["openers"] | lexicon.cues["calendar"]) - names, small - names)

    def read(
        self, text: str, found: list[Candidate], *, evident: bool = True
    ) -> tuple[Tokens, Hints, Iterator[Window]]:
        """Return the tokens of a text, the rules' hints for them, and its windows one by one.

        Args:
            text: the text.
            found: what the rules made of it.
            evident: whether evident names lie in windows too: the model learns from them, but need not be asked.
        """
        tokens = tokenize(text)
        lower = set(tokens.words)
        sport = self.features.is_sport(tokens.words, lower)
        hints = token_hints(tokens, found, sport=sport)
        cut = windows(tokens, hints.tokens, self._quiet, hints.settled if evident else hints.settled | hints.told)
        make = self.features.window
        told = tokens.words, hints.tokens, lower
        rows = (Window(first, stop, make(*told, first, stop, sport=sport)) for first, stop in cut)
        return tokens, hints, rows


class Model:
    """A reader with a trained tagger."""

    def __init__(self, content: bytes, lexicon: Lexicon) -> None:
        """Take the content of a model file."""
        self._reader = Reader(lexicon, weighed_features(content))
        self._content = content
        self._idle: list[pycrfsuite.Tagger] = []

    def label(self, text: str, found: list[Candidate]) -> list[Labelled]:
        """Return the names of a text, left to right; `found` is what the rules made of it."""
        # A tagger keeps state between calls: two threads must not share one.
        tagger = self._idle.pop() if self._idle else self._open()
        tokens, hints, rows = self._reader.read(text, found, evident=False)
        names: list[Labelled] = []
        for first, _, features in rows:
            labels = tagger.tag(features)
            if labels.count(OUTSIDE) != len(labels):
                names += _names(tagger, tokens, hints.tokens, labels, first)
        self._idle.append(tagger)
        return sorted([*names, *_untouched(hints.evident, names)])

    def _open(self) -> pycrfsuite.Tagger:
        tagger = pycrfsuite.Tagger()
        tagger.open_inmemory(self._content)
        return tagger


def _untouched(evident: list[Candidate], names: list[Labelled]) -> Iterator[Labelled]:
    """Yield the evident names, but for those into which a window reached and where the model saw another name."""
    starts = [name.start for name in names]
    for one in evident:
        k = bisect_left(starts, one.end)
        if k == 0 or names[k - 1].end <= one.start:
            yield Labelled(one.start, one.end, _EVIDENT[one.type or ""], _AGREED)


def _names(
    tagger: pycrfsuite.Tagger, tokens: Tokens, hints: list[bytes], labels: list[str], first: int
) -> list[Labelled]:
    """Read the names off the labels of a window: B- begins one, I- of the same type goes on."""
    names = []
    i, last = 0, len(labels)
    while i < last:
        label = labels[i]
        if label == OUTSIDE:
            i += 1
            continue
        j = i + 1
        inside = "I-" + label[2:]
        while j < last and labels[j] == inside:
            j += 1
        kind = label[2:]
        agreed = hints[first + i].startswith(_CODES.get(kind, b"?"))
        probability = _AGREED if agreed else tagger.marginal(label, i)
        names.append(Labelled(tokens.starts[first + i], tokens.end(first + j - 1), kind, probability))
        i = j
    return names


@cache
def model() -> Model:
    """Return the one model; the first call reads the file."""
    return Model((DATA / MODEL).read_bytes(), lexicon())
