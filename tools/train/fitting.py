"""Fitting: examples in, the bytes of a model out; and how good a model is on texts it has not seen."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final, NamedTuple

import pycrfsuite

from pipeline.stages.entities.model import Model
from pipeline.stages.entities.tables import lexicon
from pipeline.stages.entities.tagger import ruled
from pipeline.stages.entities.trained import relabel
from tools.train.examples import Example, examples
from tools.train.texts import Text

VARIANTS: Final[dict[str, tuple[str, dict[str, Any]]]] = {
    "CRF, L1 and L2": ("lbfgs", {"c1": 0.1, "c2": 0.05, "max_iterations": 90}),
    "CRF, L2 only": ("lbfgs", {"c1": 0.0, "c2": 0.3, "max_iterations": 90}),
    "averaged structured perceptron": ("ap", {"max_iterations": 15}),
    "passive-aggressive": ("pa", {"max_iterations": 15}),
}
"""Ways to fit the same features for the same decoder, so that all tag at the same speed."""

CHOSEN: Final = "CRF, L1 and L2"

_SCORED: Final = {"person": "PER", "organization": "ORG", "place": "LOC", "facility": "LOC"}


class Score(NamedTuple):
    """Precision, recall and F1 in percent."""

    precision: float
    recall: float
    f1: float


def fit(examples: Iterable[Example], variant: str = CHOSEN) -> bytes:
    """Return a model fitted to examples; the same examples in the same order give the same bytes."""
    algorithm, parameters = VARIANTS[variant]
    trainer = pycrfsuite.Trainer(algorithm, verbose=False)
    for features, labels in examples:
        trainer.append(features, labels)
    trainer.set_params({**parameters, "feature.possible_transitions": True})
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model"
        trainer.train(str(path))
        return path.read_bytes()


def fit_texts(texts: list[Text]) -> bytes:
    """Return a model fitted to texts, by the variant that is shipped."""
    return fit(examples(texts))


def score(content: bytes, texts: Iterable[Text]) -> dict[str, Score]:
    """Return the strict scores of a model, by type and over PER, ORG and LOC together."""
    known = lexicon()
    model = Model(content, known)
    gold: Counter[str] = Counter()
    found: Counter[str] = Counter()
    right: Counter[str] = Counter()
    for text in texts:
        names = ruled(text.text, known)
        named = relabel(text.text, names, model.label(text.text, names), known)
        ours = {(one.start, one.end, _SCORED[one.type]) for one in named if one.type in _SCORED}
        theirs = {(start, end, "LOC" if label == "FAC" else label) for start, end, label in text.spans}
        theirs = {span for span in theirs if span[2] in {"PER", "ORG", "LOC"}}
        for spans, counter in ((ours, found), (theirs, gold), (ours & theirs, right)):
            for _, _, label in spans:
                counter.update((label, "all"))
    return {label: _ratio(right[label], found[label], gold[label]) for label in ("PER", "ORG", "LOC", "all")}


def _ratio(right: int, found: int, gold: int) -> Score:
    precision, recall = right / max(1, found), right / max(1, gold)
    f1 = 2 * precision * recall / max(1e-9, precision + recall)
    return Score(*(round(100 * value, 1) for value in (precision, recall, f1)))
