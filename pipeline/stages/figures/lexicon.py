"""What the stage knows of a language: its words, by what they do, and how it writes numbers.

The code of this room names what words do ("of", "parts", "possessive"); which words do it stands in the data files
that `tables` reads.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from pipeline.stages.figures import tokens as kind
from pipeline.stages.figures.digits import Digits
from pipeline.stages.figures.prepositions import Roles
from pipeline.stages.figures.wordforms import Rules, Shapes


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit of measure, money or share."""

    code: str  # UCUM, ISO 4217, % or a noun
    kind: str  # measure, money, percent
    name: str = ""


@dataclass(frozen=True, slots=True)
class Term:
    """A form of a term: the words and what they may count."""

    words: tuple[str, ...]
    name: str
    people: bool
    things: bool


@dataclass(slots=True)
class Lexicon:
    """All that the stage knows of one language."""

    complete: bool = False
    digits: Digits = field(default_factory=Digits)
    kinds: kind.Kinds = field(default_factory=kind.Kinds)
    values: dict[str, Decimal] = field(default_factory=dict)
    short: dict[str, Decimal] = field(default_factory=dict)
    vague: dict[str, tuple[Decimal, Decimal]] = field(default_factory=dict)
    several: dict[str, tuple[Decimal, Decimal]] = field(default_factory=dict)
    symbols: dict[str, Unit] = field(default_factory=dict)
    currency_symbols: dict[str, str] = field(default_factory=dict)
    currency_suffixes: dict[str, str] = field(default_factory=dict)
    currency_codes: frozenset[str] = frozenset()
    scaled_codes: dict[str, str] = field(default_factory=dict)
    currency_prefixes: frozenset[str] = frozenset()
    money_parts: frozenset[str] = frozenset()
    forms: dict[str, Unit] = field(default_factory=dict)
    pounds: dict[str, tuple[Unit, Unit]] = field(default_factory=dict)
    """Words for a measure that are money too: both, by word."""
    otherwise: dict[str, Unit] = field(default_factory=dict)
    """What a symbol of degrees stands for where nothing speaks of heat."""
    sets: defaultdict[str, frozenset[str]] = field(default_factory=lambda: defaultdict(frozenset))
    irregular: dict[str, str] = field(default_factory=dict)
    shapes: Shapes = field(default_factory=lambda: Shapes(Rules()))
    person_endings: tuple[str, ...] = ()
    nationality_endings: tuple[str, ...] = ()
    possessive: tuple[str, ...] = ()
    unnamed_endings: tuple[str, ...] = ()
    """Endings of capitalized words that begin no name with a number."""
    participles: tuple[str, ...] = ()
    spellings: tuple[tuple[str, str], ...] = ()
    """Names in capitals that would be words in small letters, and what they are read as."""
    roles: Roles = field(default_factory=Roles)
    implied: dict[str, str] = field(default_factory=dict)
    before: dict[str, str] = field(default_factory=dict)
    cue_sizes: dict[str, tuple[int, ...]] = field(default_factory=dict)
    after: dict[str, str] = field(default_factory=dict)
    terms: dict[str, tuple[Term, ...]] = field(default_factory=dict)
    term_starts: frozenset[str] = frozenset()
    term_flags: dict[str, tuple[bool, bool]] = field(default_factory=dict)
    time: dict[str, Any] = field(default_factory=dict)
    joints: frozenset[str] = frozenset()
    number_joints: frozenset[str] = frozenset()
    short_marks: frozenset[str] = frozenset()
    label_marks: frozenset[str] = frozenset()
    unit_starts: frozenset[str] = frozenset()
    symbol_starts: frozenset[str] = frozenset()
    wide_symbols: frozenset[str] = frozenset()
    money_ends: frozenset[str] = frozenset()
    form_starts: frozenset[str] = frozenset()
    idiom_numbers: frozenset[str] = frozenset()
    anchor: re.Pattern[str] = re.compile(r"\d")
    words: Callable[[str], frozenset[str]] = field(init=False)
    """Returns one of the word lists by its name; an empty one where the language has none."""

    def __post_init__(self) -> None:
        self.words = self.sets.__getitem__
