"""One figure on its way from the tokens of a sentence to the record, and who states it."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.stages.figures.approximations import Approximate
from pipeline.stages.figures.nouns import Noun
from pipeline.stages.figures.quantities import Quantity

AGE = "age"
"""Object of a measure that says how old somebody or something is."""


@dataclass(slots=True)
class Claim:
    """A quantity with what was found around it; token numbers are those of its sentence."""

    quantity: Quantity
    noun: Noun | None
    approximate: Approximate
    unit: str | None = None
    unit_text: str | None = None
    derived: bool = False
    kind: str = "other"
    object: str | None = None
    term: str | None = None

    first: int = 0
    """The first token of the phrase, its leading cue included."""
    last: int = 0
    """The token behind the phrase, its noun and a trailing cue included."""

    def settle(self) -> None:
        """Set the bounds of the phrase once its noun and its cue are known."""
        q, noun, cue = self.quantity, self.noun, self.approximate.cue
        first, last = q.first, q.last
        if noun is not None and noun.last > last:
            last = noun.last
        if cue is not None:
            first, last = min(first, cue[0]), max(last, cue[1])
        self.first, self.last = first, last

    @property
    def age(self) -> bool:
        """Tell whether the claim is the age of somebody or something."""
        return self.object == AGE

    @property
    def bare(self) -> bool:
        """Tell whether the text states no unit at all."""
        return self.unit is None


@dataclass(slots=True)
class Source:
    """A source in the sentence: tokens of the cue and of the source (exclusive ends)."""

    cue: tuple[int, int]
    name: tuple[int, int]
    leading: bool  # the source stands before what it says: "aid agencies estimated …"
