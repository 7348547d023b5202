"""What a word looks like by its ending: plural, verb form, adverb, its singular. The endings are data.

Words come back all the time, so the answer for each is kept while there is room.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

_MAX_SHAPES: Final = 50_000  # words remembered; more than a year of news brings back


@dataclass(frozen=True, slots=True)
class Shape:
    """How a lower-case word may be used, as far as its form tells."""

    plural: bool
    singular: str
    verbal: bool  # "killed", "living", "say"
    nominal: bool  # can go on with a noun phrase: no function word, verb form or adverb
    adverb: bool


@dataclass(frozen=True, slots=True)
class Ending:
    """A plural ending with the singular one that takes its place."""

    plural: str
    singular: str
    letters: int  # fewest letters of such a plural
    never: tuple[str, ...]  # endings that are no plurals
    words: frozenset[str]  # words that are no plurals

    def fits(self, word: str) -> bool:
        """Tell whether a word has the ending and is none of the exceptions."""
        if len(word) < self.letters or not word.endswith(self.plural):
            return False
        return not word.endswith(self.never) and word not in self.words


def ending(entry: Mapping[str, Any]) -> Ending:
    """Read one `[[ending]]` of a language's nouns."""
    return Ending(
        entry["plural"],
        entry["singular"],
        entry["letters"],
        tuple(entry.get("never", "").split()),
        frozenset(entry.get("words", "").split()),
    )


@dataclass(slots=True)
class Rules:
    """The forms of a language: its plural endings in the order they are tried, and the endings of other words."""

    endings: Sequence[Ending] = ()
    irregular: Mapping[str, str] | None = None
    verbs: Collection[str] = ()
    verb_endings: tuple[str, ...] = ()
    verb_exceptions: Collection[str] = ()
    adverb_endings: tuple[str, ...] = ()
    adverb_exceptions: Collection[str] = ()
    stop: Collection[str] = ()
    letters: int = 5
    """Fewest letters of a verb form or adverb that is known by its ending."""


class Shapes(dict[str, Shape]):
    """The shape of every lower-case word."""

    def __init__(self, rules: Rules) -> None:
        super().__init__()
        self._rules = rules

    def __missing__(self, word: str) -> Shape:
        """Work out the shape of a word, and note it while there is room."""
        shape = self._shape(word)
        if len(self) < _MAX_SHAPES:
            self[word] = shape
        return shape

    def _shape(self, word: str) -> Shape:
        rules = self._rules
        long = len(word) >= rules.letters
        ended = long and word.endswith(rules.verb_endings) and word not in rules.verb_exceptions
        adverb = long and word.endswith(rules.adverb_endings) and word not in rules.adverb_exceptions
        verbal = ended or word in rules.verbs
        plural, singular = self._number(word)
        return Shape(plural, singular, verbal, not (verbal or adverb or word in rules.stop), adverb)

    def _number(self, word: str) -> tuple[bool, str]:
        irregular = (self._rules.irregular or {}).get(word)
        if irregular is not None:
            return True, irregular
        for one in self._rules.endings:
            if one.fits(word):
                return word not in self._rules.verbs, word.removesuffix(one.plural) + one.singular
        return False, word
