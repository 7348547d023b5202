"""A spaCy pipeline of one's own as the tagger: `pip install 'copytaster[spacy]'` and a pipeline that finds names."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any, Final

from pipeline.errors import ConfigError
from pipeline.stages.entities.candidate import Candidate
from pipeline.stages.entities.model import Labelled

DEFAULT_MODEL: Final = "en_core_web_sm"
CONFIDENCE: Final = 0.8
"""spaCy's names carry no probability."""

LABELS: Final = {
    "PERSON": "PER", "PER": "PER", "ORG": "ORG", "ORGANIZATION": "ORG", "GPE": "LOC", "LOC": "LOC", "LOCATION": "LOC",
    "FAC": "FAC", "FACILITY": "FAC", "NORP": "NORP", "EVENT": "EVENT", "PRODUCT": "PRODUCT", "MISC": "MISC",
    "WORK_OF_ART": "MISC", "LAW": "MISC",
}  # fmt: skip
"""Labels of OntoNotes and of Wikipedia-trained pipelines as ours; dates, numbers and the like are no names."""


def load_spacy(name: str = "") -> Callable[[str, list[Candidate]], list[Labelled]]:
    """Return a labeller that runs a spaCy pipeline.

    Args:
        name: an installed package or a folder; `DEFAULT_MODEL` where it is empty.

    Raises:
        ConfigError: spaCy or the pipeline is not installed.
    """
    name = name or DEFAULT_MODEL
    try:
        spacy: Any = import_module("spacy")
    except ImportError as error:
        raise ConfigError("the tagger spacy needs spaCy: pip install 'copytaster[spacy]'") from error
    try:
        pipeline = spacy.load(name)
    except (OSError, ValueError) as error:
        raise ConfigError(
            f"spaCy has no pipeline {name!r}: install one (python -m spacy download {DEFAULT_MODEL}) or set"
            " tagger_model to a package or folder"
        ) from error
    return labeller(pipeline)


def labeller(pipeline: Any) -> Callable[[str, list[Candidate]], list[Labelled]]:
    """Return a labeller that runs a loaded pipeline; what the rules found is not asked."""

    def label(text: str, found: list[Candidate]) -> list[Labelled]:  # noqa: ARG001 - the signature is the seam's
        # A longer text than spaCy takes at once is cut; its own limit guards its memory.
        size = int(pipeline.max_length)
        names = []
        for start in range(0, len(text), size):
            for entity in pipeline(text[start : start + size]).ents:
                kind = LABELS.get(entity.label_)
                if kind is not None:
                    names.append(Labelled(start + entity.start_char, start + entity.end_char, kind, CONFIDENCE))
        return names

    return label
