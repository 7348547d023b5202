"""The trained tagger among the rules: the model decides what is a name, the rules what they know of it.

The rules go first. What they found is a hint to the model; where the model sees the same name, their entry of the
lexicon and their role stay with it.
"""

from __future__ import annotations

from typing import Final

from pipeline.stages.entities.candidate import Candidate
from pipeline.stages.entities.lexicon import Lexicon
from pipeline.stages.entities.model import Labelled
from pipeline.stages.entities.scan import POSSESSIVE, opens_sentence, words_of
from schemas.entity import EntityType

TYPES: Final[dict[str, EntityType]] = {
    "PER": "person",
    "ORG": "organization",
    "LOC": "place",
    "FAC": "facility",
    "NORP": "group",
    "EVENT": "event",
    "PRODUCT": "product",
    "MISC": "other",
}
"""The model's labels as types of entities."""

_LOOSE: Final = frozenset({"place", "facility"})


def relabel(text: str, found: list[Candidate], names: list[Labelled], lexicon: Lexicon) -> list[Candidate]:
    """Return the names of a text as a model sees them; `found` is what the rules made of it."""
    by_span = {(one.start, one.end): one for one in found}
    by_end = {one.end: one for one in found}
    result = []
    for name in names:
        trimmed = _trimmed(text, name, lexicon)
        if trimmed is None:
            continue
        start, end = trimmed
        ruled = by_span.get((start, end))
        one = ruled if ruled is not None else _candidate(text, start, end, lexicon)
        _settle(one, name, by_end.get(end))
        result.append(one)
    return result


def _trimmed(text: str, name: Labelled, lexicon: Lexicon) -> tuple[int, int] | None:
    """Return the span of a name without "the" before it, the possessive and punctuation behind it."""
    start, end = name.start, name.end
    if text[start : start + 4] in {"The ", "the "} and text[start:end] not in lexicon.entries:
        start += 4
    if text[max(start, end - 2) : end] in {"'s", "’s"} and " ".join(words_of(text[start:end])) not in lexicon.entries:
        end -= 2
    while end > start and text[end - 1] in " '’,;:-":
        end -= 1
    return (start, end) if end > start and any(c.isalnum() for c in text[start:end]) else None


def _candidate(text: str, start: int, end: int, lexicon: Lexicon) -> Candidate:
    words = words_of(text[start:end]) or (text[start:end],)
    one = Candidate(start, end, words, opens=opens_sentence(text, start))
    one.entry = lexicon.entries.get(one.name)
    return one


def _settle(one: Candidate, name: Labelled, ruled: Candidate | None) -> None:
    """Give a candidate the model's type, and what the rules know of the same name."""
    kind = TYPES[name.label]
    if kind == "other" and one.entry is not None:
        kind = one.entry.type
    elif kind in _LOOSE and ruled is not None and ruled.type in _LOOSE:
        kind = ruled.type
    if one.entry is not None and one.entry.type != kind:
        one.entry = None
    one.type, one.confidence = kind, round(name.confidence, 4)
    if kind == "person" and one.role is None and ruled is not None:
        one.role = ruled.role
