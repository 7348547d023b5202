"""What the generator gives out: a sentence, and the names in it."""

from __future__ import annotations

from dataclasses import dataclass

LABELS = ("PER", "ORG", "LOC", "FAC", "NORP", "EVENT", "PRODUCT")
"""The fine types of names, as in OntoNotes."""


@dataclass(frozen=True, slots=True)
class Span:
    """A name: code points `start` to `end` (exclusive) of its text, and one of `LABELS`."""

    start: int
    end: int
    label: str


@dataclass(frozen=True, slots=True)
class Sentence:
    """One or a few sentences as a wire would print them; spans in order, none overlapping."""

    text: str
    spans: tuple[Span, ...]
    register: str
    """The file of patterns that it comes from, such as `sport`."""


class PatternError(ValueError):
    """A pattern or a list entry is written wrongly, or names a slot that no list fills."""
