"""Candidates: the seam between finding names and joining them.

Whatever finds names - the rules here, a trained tagger - hands over candidates from left to right that do not
overlap; joining, linking and salience do not ask where they came from.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from pipeline.stages.entities.lexicon import Entry, Lexicon
from schemas.entity import EntityType


@dataclass(slots=True)
class Candidate:
    """A stretch of text that may be a name."""

    start: int
    end: int
    words: tuple[str, ...]
    """The words of the name, with typewriter apostrophes."""
    type: EntityType | None = None
    """None while nothing but a capital speaks for a name."""
    confidence: float = 0.5
    entry: Entry | None = None
    role: str | None = None
    opens: bool = False
    """True when it stands at the start of a sentence."""
    fixed: bool = False
    """True when the text itself says what it is - a dateline, an acronym it defines; no model may say otherwise."""

    name: str = field(init=False)
    """The words with single blanks, the possessive apart: the key of the lexicon."""

    def __post_init__(self) -> None:
        self.name = " ".join(self.words)

    @property
    def spelling(self) -> str:
        """The name as one writes it."""
        return self.name.replace(" '", "'").replace(" /", "/")


Recognizer = Callable[[str, Lexicon], list[Candidate]]
"""Finds the candidates of a text. Pure: the same text gives the same candidates."""
