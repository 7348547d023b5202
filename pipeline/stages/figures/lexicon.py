"""The words of a language, read once from the data files beside this module.

A new language is a new folder under `data/` with the same files. A language without a folder gets the shared
units and currencies only: then digits count where a unit or a currency says what they are.
"""

from __future__ import annotations

import re
import tomllib
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from importlib import resources
from typing import Any

from pipeline.stages.figures import tokens as kind
from pipeline.stages.figures.wordforms import Ending, Rules, Shapes, ending

_TOKEN = re.compile(r"[^\W\d_]+|.")
_MARKS = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~“”‘’–—…£€°"
_DATA = resources.files("pipeline.stages.figures") / "data"


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
    kinds: kind.Kinds = field(default_factory=kind.Kinds)
    values: dict[str, Decimal] = field(default_factory=dict)
    short: dict[str, Decimal] = field(default_factory=dict)
    vague: dict[str, tuple[Decimal, Decimal]] = field(default_factory=dict)
    several: dict[str, tuple[Decimal, Decimal]] = field(default_factory=dict)
    symbols: dict[str, Unit] = field(default_factory=dict)
    currency_symbols: dict[str, str] = field(default_factory=dict)
    currency_codes: frozenset[str] = frozenset()
    scaled_codes: dict[str, str] = field(default_factory=dict)
    currency_prefixes: frozenset[str] = frozenset()
    money_parts: frozenset[str] = frozenset()
    forms: dict[str, Unit] = field(default_factory=dict)
    sets: defaultdict[str, frozenset[str]] = field(default_factory=lambda: defaultdict(frozenset))
    irregular: dict[str, str] = field(default_factory=dict)
    shapes: Shapes = field(default_factory=lambda: Shapes(Rules()))
    person_endings: tuple[str, ...] = ()
    nationality_endings: tuple[str, ...] = ()
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


def _toml(*path: str) -> dict[str, Any]:
    return tomllib.loads(_DATA.joinpath(*path).read_text(encoding="utf-8"))


def _plural(form: str, rules: dict[str, Any]) -> str:
    """Return the plural of a unit by the rules of its language: invariant endings, then ending and what it takes."""
    if form.endswith(tuple(rules["invariant"].split())):
        return form
    added: str = next(taken for last, taken in rules["takes"] if form.endswith(last))
    return form + added


def _last_tokens(marks: Iterable[str]) -> frozenset[str]:
    """Return the last token of each mark: "US$" ends with "$", "Rs." with "."."""
    return frozenset(_TOKEN.findall(mark)[-1] for mark in marks)


def _shared(lexicon: Lexicon) -> dict[str, Unit]:
    """Add the units and currencies that every language writes alike; return the units by name."""
    by_name: dict[str, Unit] = {}
    starts: set[str] = set()
    wide: set[str] = {"°", "º"}  # "° C" is printed too
    for name, entry in _toml("units.toml")["unit"].items():
        unit = Unit(entry["ucum"], "percent" if entry["ucum"] == "%" else "measure", name)
        by_name[name] = unit
        for symbol in entry["symbols"]:
            lexicon.symbols[symbol.replace(" ", "")] = unit
            starts.add(_TOKEN.findall(symbol)[0])
            if " " in symbol:
                wide.add(symbol.split()[0])
    lexicon.symbol_starts, lexicon.wide_symbols = frozenset(starts), frozenset(wide)
    money = _toml("currencies.toml")
    lexicon.currency_symbols = dict(money["symbols"])
    lexicon.currency_prefixes = frozenset(mark.strip("$.=") for mark in lexicon.currency_symbols if mark[0].isalpha())
    lexicon.money_ends = _last_tokens(lexicon.currency_symbols) | frozenset(money["codes"].split())
    lexicon.currency_codes = frozenset(money["codes"].split()) - frozenset(money["words"].split())
    lexicon.scaled_codes = {f"M{code}": code for code in sorted(lexicon.currency_codes)}
    return by_name


def _numbers(lexicon: Lexicon, data: dict[str, Any]) -> None:
    for table, number_kind in (
        ("small", kind.SMALL),
        ("tens", kind.TENS),
        ("hundred", kind.HUNDRED),
        ("scale", kind.SCALE),
        ("sets", kind.SET),
        ("ordinal", kind.ORDINAL),
    ):
        for word, value in data[table].items():
            lexicon.kinds[word] = number_kind
            lexicon.values[word] = Decimal(value)
    for word, value in data["ordinal"].items():
        lexicon.kinds[f"{word}s"] = kind.ORDINAL
        lexicon.values[f"{word}s"] = Decimal(value)
    for word, (low, high) in data["vague"].items():
        lexicon.kinds[word] = kind.VAGUE
        lexicon.vague[word] = (Decimal(low), Decimal(high))
    lexicon.several = {word: (Decimal(low), Decimal(high)) for word, (low, high) in data["several"].items()}
    lexicon.short = {word: Decimal(value) for word, value in data["short"].items()}
    for word in data["half"]:
        lexicon.kinds[word] = kind.HALF
    for name in ("and", "point", "minus", "article"):
        lexicon.sets[name] = frozenset(data[name])


def _units(lexicon: Lexicon, data: dict[str, Any], by_name: dict[str, Unit]) -> None:
    for name, forms in data["forms"].items():
        for form in _spaced(forms):
            lexicon.forms[form] = by_name[name]
            lexicon.forms[_plural(form, data["plural"])] = by_name[name]
    for table, unit_kind in (("money", "money"), ("part", "money")):
        for code, forms in data[table].items():
            for form in _spaced(forms):
                lexicon.forms[form] = Unit(code, unit_kind, code)
    lexicon.money_parts = frozenset(data["part"]) | {"cent"}
    for form in data["percent"]:
        lexicon.forms[form] = by_name["percent"]
    for form in data["percent_points"]:
        lexicon.forms[form] = Unit("percentage point", "percent", "percentage point")
    for form in data["basis_points"]:
        lexicon.forms[form] = Unit("basis point", "percent", "basis point")
    lexicon.sets["per"] = frozenset(data["per"])
    lexicon.sets["rate_bases"] = frozenset(data["rate_bases"].split())
    lexicon.sets["age"] = frozenset(data["age"])
    lexicon.sets["national"] = frozenset(data["national"]["words"].split())
    lexicon.sets["unit_before"] = frozenset(data["unit_before"].split())
    lexicon.sets["ago"] = frozenset(data["ago"].split())
    lexicon.sets["pounds_weight"] = frozenset(data["pounds"]["weight"].split())
    lexicon.sets["pounds_money"] = frozenset(data["pounds"]["money"].split())
    lexicon.implied = dict(data["implied"])


def _spaced(forms: str) -> list[str]:
    return [form.replace("_", " ") for form in forms.split()]


def _split(text: str) -> list[str]:
    return [phrase.strip() for phrase in text.replace("\n", "").split("|") if phrase.strip()]


def _cues(lexicon: Lexicon, data: dict[str, Any]) -> None:
    for name, target in (("before", lexicon.before), ("after", lexicon.after)):
        for approximation, phrases in data[name].items():
            for phrase in _split(phrases):
                target[phrase] = approximation
    lexicon.sets["after_starts"] = frozenset(phrase.split()[0] for phrase in lexicon.after)
    sizes: dict[str, set[int]] = {}
    for phrase in lexicon.before:
        words = phrase.split()
        sizes.setdefault(words[-1], set()).add(len(words))
    lexicon.cue_sizes = {last: tuple(sorted(found, reverse=True)) for last, found in sizes.items()}
    lexicon.sets["between_cue"] = frozenset(data["between"]["words"].split())


def _terms(lexicon: Lexicon, data: dict[str, Any]) -> None:
    table: dict[str, list[Term]] = {}
    for name, entry in data.items():
        people, things = bool(entry.get("people")), bool(entry.get("things"))
        label = name.replace("_", " ")
        lexicon.term_flags[label] = (people, things)
        for phrase in _split(entry["forms"]):
            words = tuple(phrase.split())
            table.setdefault(words[0], []).append(Term(words, label, people, things))
    lexicon.term_starts = frozenset(table)
    # Longest first, so that "lost their homes" is found before "lost".
    lexicon.terms = {word: tuple(sorted(found, key=lambda t: -len(t.words))) for word, found in table.items()}


def _lists(lexicon: Lexicon, language: str) -> None:
    endings: list[Ending] = []
    for file in ("words", "nouns", "labels", "sources", "grammar"):
        for name, value in _toml(language, f"{file}.toml").items():
            if isinstance(value, str):
                lexicon.sets[name] = frozenset(value.split())
            elif name == "ending":
                endings = [ending(entry) for entry in value]
            elif isinstance(value, list):
                lexicon.sets[name] = frozenset(value)
            elif name == "irregular":
                lexicon.irregular = value
            else:
                lexicon.sets[name] = frozenset(value["words"].split())
    lexicon.person_endings = tuple(sorted(lexicon.words("person_endings")))
    lexicon.nationality_endings = tuple(sorted(lexicon.words("nationality_endings")))
    lexicon.shapes = Shapes(
        Rules(
            endings,
            lexicon.irregular,
            lexicon.words("verbs"),
            tuple(sorted(lexicon.words("verb_endings"))),
            lexicon.words("no_verbs"),
            tuple(sorted(lexicon.words("adverb_endings"))),
            lexicon.words("no_adverbs"),
            lexicon.words("stop"),
        )
    )


def _unit_starts(lexicon: Lexicon) -> None:
    """Collect every token that a unit may begin with: most words behind a number are none of them."""
    marks = (
        lexicon.currency_codes | lexicon.scaled_codes.keys() | lexicon.currency_symbols.keys() | lexicon.symbol_starts
    )
    lexicon.unit_starts = marks | lexicon.form_starts | kind.DASHES


def _trie(words: Iterable[str]) -> str:
    """Return a pattern that matches any of the words and fails on their first differing letter."""
    branches: dict[str, list[str]] = {}
    optional = False
    for word in words:
        if word:
            branches.setdefault(word[0], []).append(word[1:])
        else:
            optional = True
    if not branches:
        return ""
    inner = "|".join(re.escape(letter) + _trie(rest) for letter, rest in sorted(branches.items()))
    return f"(?:{inner})" + ("?" if optional else "")


def _anchor(lexicon: Lexicon) -> re.Pattern[str]:
    """Compile what every figure holds: a digit, a fraction sign or a number word."""
    numbers = [word for word in lexicon.kinds if word.isalpha()]
    words = {form for word in numbers for form in (word, word.capitalize(), word.upper())}
    return re.compile(rf"\d|[¼-¾⅐-⅞]|\b{_trie(words)}\b")


@cache
def load(language: str) -> Lexicon:
    """Return the lexicon of a BCP 47 language tag; "und" is read as English."""
    base = language.lower().replace("_", "-").split("-", 1)[0]
    lexicon = Lexicon()
    lexicon.kinds.update(dict.fromkeys(_MARKS, kind.SYMBOL))
    by_name = _shared(lexicon)
    folder = "en" if base == "und" else base
    _unit_starts(lexicon)
    if not folder.isalpha() or not (_DATA / folder / "numbers.toml").is_file():
        return lexicon
    _numbers(lexicon, _toml(folder, "numbers.toml"))
    _units(lexicon, _toml(folder, "units.toml"), by_name)
    _cues(lexicon, _toml(folder, "cues.toml"))
    _terms(lexicon, _toml(folder, "terms.toml"))
    _lists(lexicon, folder)
    lexicon.sets["before_first"] = frozenset(phrase.split()[0] for phrase in lexicon.words("before"))
    lexicon.time = _toml(folder, "time.toml")
    lexicon.anchor = _anchor(lexicon)
    marks = ("label", "name", "months", "clock", "era", "of", "formation", "minus")
    lexicon.label_marks = frozenset().union(*(lexicon.words(name) for name in marks))
    lexicon.short_marks = frozenset(lexicon.short) | lexicon.scaled_codes.keys()
    lexicon.number_joints = lexicon.words("and") | {"x", "×", "^", "/", "⁄"}
    joints = ("to", "of", "or", "and", "up", "in", "out", "over")
    lexicon.joints = kind.DASHES.union({"~"}, *(lexicon.words(name) for name in joints))
    lexicon.form_starts = frozenset(form.split()[0] for form in lexicon.forms)
    _unit_starts(lexicon)
    words = re.findall(r"\w+", " ".join(lexicon.words("idioms")))
    lexicon.idiom_numbers = frozenset(word for word in words if word in lexicon.kinds)
    lexicon.complete = True
    return lexicon
