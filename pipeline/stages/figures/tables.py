"""Reads the words of a language from the data files beside this module, once.

A new language is a new folder under `data/`, named by the primary tag of BCP 47, with the files that it has words for:
`numbers.toml` at least; a file or table that is missing says that the language has none of these. A language without a
folder gets the shared units, currencies and scales only: then digits count where a unit or a currency says what they
are.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from decimal import Decimal
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Any

from pipeline.stages.figures import tokens as kind
from pipeline.stages.figures.digits import Digits
from pipeline.stages.figures.lexicon import Lexicon, Term, Unit
from pipeline.stages.figures.prepositions import read_roles
from pipeline.stages.figures.wordforms import Ending, Rules, Shapes, ending

_TOKEN = re.compile(r"[^\W\d_]+|.")
_MARKS = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~“”‘’–—…£€°"
_DATA = resources.files("pipeline.stages.figures") / "data"
LANGUAGES: Traversable = _DATA
"""Where the folders of the languages are."""
_NUMBERS = "numbers.toml"
_LISTS = ("words", "nouns", "labels", "sources", "grammar")
_UNKNOWN = "und"
_DEFAULT = "en"  # what a text of no known language is read as
_Table = dict[str, Any]

_CENT = "cent"  # the part of a currency whose sign names no country
_PERCENT_POINT = Unit("percentage point", "percent", "percentage point")
_BASIS_POINT = Unit("basis point", "percent", "basis point")


def _toml(file: Traversable) -> _Table:
    return tomllib.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}


def _word_lists(lexicon: Lexicon, data: Mapping[str, Any]) -> None:
    """Add the lists at the top of a file: words with spaces between, or phrases one by one."""
    for name, value in data.items():
        if isinstance(value, str):
            lexicon.sets[name] = frozenset(value.split())
        elif isinstance(value, list) and all(isinstance(one, str) for one in value):
            lexicon.sets[name] = frozenset(value)
        elif isinstance(value, dict) and set(value) == {"words"}:
            lexicon.sets[name] = frozenset(value["words"].split())


def _plural(form: str, rules: _Table) -> str:
    """Return the plural of a unit by the rules of its language: invariant endings, then ending and what it takes."""
    if form.endswith(tuple(rules.get("invariant", "").split())):
        return form
    added: str = next((taken for last, taken in rules.get("takes", ()) if form.endswith(last)), "")
    return form + added


def _last_tokens(marks: Iterable[str]) -> frozenset[str]:
    """Return the last token of each mark: "US$" ends with "$", "Rs." with "."."""
    return frozenset(_TOKEN.findall(mark)[-1] for mark in marks)


def _shared(lexicon: Lexicon) -> dict[str, Unit]:
    """Add the units and currencies that every language writes alike; return the units by name."""
    by_name: dict[str, Unit] = {}
    starts: set[str] = set()
    wide: set[str] = {"°", "º"}  # "° C" is printed too
    for name, entry in _toml(_DATA / "units.toml")["unit"].items():
        unit = Unit(entry["ucum"], "percent" if entry["ucum"] == "%" else "measure", name)
        by_name[name] = unit
        for symbol in entry["symbols"]:
            lexicon.symbols[symbol.replace(" ", "")] = unit
            starts.add(_TOKEN.findall(symbol)[0])
            if " " in symbol:
                wide.add(symbol.split()[0])
    lexicon.symbol_starts, lexicon.wide_symbols = frozenset(starts), frozenset(wide)
    money = _toml(_DATA / "currencies.toml")
    lexicon.currency_symbols = dict(money["symbols"])
    lexicon.currency_suffixes = dict(money["suffixes"])
    lexicon.currency_prefixes = frozenset(mark.strip("$.=") for mark in lexicon.currency_symbols if mark[0].isalpha())
    lexicon.money_ends = _last_tokens(lexicon.currency_symbols) | frozenset(money["codes"].split())
    lexicon.currency_codes = frozenset(money["codes"].split()) - frozenset(money["words"].split())
    lexicon.scaled_codes = {f"M{code}": code for code in sorted(lexicon.currency_codes)}
    return by_name


def _numbers(lexicon: Lexicon, data: _Table) -> None:
    _word_lists(lexicon, data)
    style = data.get("digits", {})
    lexicon.digits = Digits(style.get("decimal", "."), style.get("group", ","), sure=True)
    for table, number_kind in (
        ("small", kind.SMALL),
        ("tens", kind.TENS),
        ("hundred", kind.HUNDRED),
        ("scale", kind.SCALE),
        ("sets", kind.SET),
        ("ordinal", kind.ORDINAL),
    ):
        for word, value in data.get(table, {}).items():
            lexicon.kinds[word] = number_kind
            lexicon.values[word] = Decimal(value)
    for word, value in data.get("parts", {}).items():
        lexicon.kinds[word] = kind.ORDINAL
        lexicon.values[word] = lexicon.values[value]
    lexicon.sets["parts"] = frozenset(data.get("parts", {}))
    for word, (low, high) in data.get("vague", {}).items():
        lexicon.kinds[word] = kind.VAGUE
        lexicon.vague[word] = (Decimal(low), Decimal(high))
    vague_sets = [word for word in data.get("sets", {}) if word in lexicon.vague]
    lexicon.sets["vague_sets"] = lexicon.words("set_abbreviated").union(vague_sets)
    lexicon.several = {word: (Decimal(low), Decimal(high)) for word, (low, high) in data.get("several", {}).items()}
    lexicon.short = {word: Decimal(value) for word, value in data.get("short", {}).items()}
    for word in data.get("half", ()):
        lexicon.kinds[word] = kind.HALF


def _units(lexicon: Lexicon, data: _Table, by_name: dict[str, Unit]) -> None:
    _word_lists(lexicon, data)
    for name, forms in data.get("forms", {}).items():
        for form in _spaced(forms):
            lexicon.forms[form] = by_name[name]
            lexicon.forms[_plural(form, data.get("plural", {}))] = by_name[name]
    for table in ("money", "part"):
        for code, forms in data.get(table, {}).items():
            for form in _spaced(forms):
                lexicon.forms[form] = Unit(code, "money", code)
    lexicon.money_parts = frozenset(data.get("part", ())) | {_CENT}
    shares = (("percent", by_name["percent"]), ("percent_points", _PERCENT_POINT), ("basis_points", _BASIS_POINT))
    for table, unit in shares:
        for form in data.get(table, ()):
            lexicon.forms[form] = unit
    lexicon.implied = dict(data.get("implied", {}))
    lexicon.otherwise = {symbol: by_name[name] for symbol, name in data.get("otherwise", {}).items()}
    _both(lexicon, data.get("pounds", {}), by_name)


def _both(lexicon: Lexicon, data: _Table, by_name: dict[str, Unit]) -> None:
    """Add the words that are a measure and money: which of them, and the words around that tell."""
    if data:
        measure, code = by_name[data["measure"]], data["currency"]
        lexicon.pounds = dict.fromkeys(data["words"].split(), (measure, Unit(code, "money", code)))
        for name in ("weight", "money", "signs"):
            lexicon.sets[f"pounds_{name}"] = frozenset(data.get(name, "").split())


def _spaced(forms: str) -> list[str]:
    return [form.replace("_", " ") for form in forms.split()]


def _split(text: str) -> list[str]:
    return [phrase.strip() for phrase in text.replace("\n", "").split("|") if phrase.strip()]


def _cues(lexicon: Lexicon, data: _Table) -> None:
    for name, target in (("before", lexicon.before), ("after", lexicon.after)):
        for approximation, phrases in data.get(name, {}).items():
            for phrase in _split(phrases):
                target[phrase] = approximation
    lexicon.sets["after_starts"] = frozenset(phrase.split()[0] for phrase in lexicon.after)
    sizes: dict[str, set[int]] = {}
    for phrase in lexicon.before:
        words = phrase.split()
        sizes.setdefault(words[-1], set()).add(len(words))
    lexicon.cue_sizes = {last: tuple(sorted(found, reverse=True)) for last, found in sizes.items()}
    lexicon.sets["between_cue"] = frozenset(data.get("between", {}).get("words", "").split())


def _terms(lexicon: Lexicon, data: _Table) -> None:
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


def _lists(lexicon: Lexicon, files: Iterable[_Table]) -> None:
    """Add the word lists, and what the forms of words tell."""
    endings: list[Ending] = []
    roles: _Table = {}
    for data in files:
        _word_lists(lexicon, data)
        endings += [ending(entry) for entry in data.get("ending", ())]
        lexicon.irregular |= data.get("irregular", {})
        lexicon.spellings += tuple(data.get("spellings", {}).items())
        roles |= data.get("places", {})
    lexicon.person_endings = _tuple(lexicon, "person_endings")
    lexicon.nationality_endings = _tuple(lexicon, "nationality_endings")
    lexicon.possessive = _tuple(lexicon, "possessive")
    lexicon.participles = _tuple(lexicon, "participles")
    lexicon.unnamed_endings = lexicon.possessive + _tuple(lexicon, "verb_endings")
    lexicon.roles = read_roles(roles, lexicon.possessive)
    lexicon.shapes = Shapes(
        Rules(
            endings,
            lexicon.irregular,
            lexicon.words("verbs"),
            _tuple(lexicon, "verb_endings"),
            lexicon.words("no_verbs"),
            _tuple(lexicon, "adverb_endings"),
            lexicon.words("no_adverbs"),
            lexicon.words("stop"),
        )
    )


def _tuple(lexicon: Lexicon, name: str) -> tuple[str, ...]:
    return tuple(sorted(lexicon.words(name)))


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


def _joints(lexicon: Lexicon) -> None:
    """Collect what may stand right before or behind a number, so that most tries end at one look."""
    marks = ("label", "name", "months", "clock", "era", "of", "formation", "minus")
    lexicon.label_marks = frozenset().union(*(lexicon.words(name) for name in marks))
    lexicon.short_marks = frozenset(lexicon.short) | lexicon.scaled_codes.keys()
    lexicon.number_joints = lexicon.words("and") | {"x", "×", "^", "/", "⁄"}
    joints = ("to", "of", "or", "and", "up", "in", "out", "over")
    lexicon.joints = kind.DASHES.union({"~"}, *(lexicon.words(name) for name in joints))
    lexicon.form_starts = frozenset(form.split()[0] for form in lexicon.forms)
    lexicon.sets["before_first"] = frozenset(phrase.split()[0] for phrase in lexicon.words("before"))
    words = re.findall(r"\w+", " ".join(lexicon.words("idioms")))
    lexicon.idiom_numbers = frozenset(word for word in words if word in lexicon.kinds)


def _read(lexicon: Lexicon, folder: Traversable, by_name: dict[str, Unit]) -> None:
    """Add all that the files of a language say."""
    _numbers(lexicon, _toml(folder / _NUMBERS))
    _units(lexicon, _toml(folder / "units.toml"), by_name)
    _cues(lexicon, _toml(folder / "cues.toml"))
    _terms(lexicon, _toml(folder / "terms.toml"))
    _lists(lexicon, [_toml(folder / f"{name}.toml") for name in _LISTS])
    lexicon.time = _toml(folder / "time.toml")
    for name in ("months", "weekdays"):
        lexicon.sets[name] = frozenset(lexicon.time.get(name, ()))
    lexicon.anchor = _anchor(lexicon)
    _joints(lexicon)
    lexicon.complete = True


def _scales(lexicon: Lexicon, data: _Table) -> None:
    """Add the scale words that any language may have, for one that has no tables: an amount needs its scale."""
    _word_lists(lexicon, data)
    for word, value in data["scale"].items():
        lexicon.kinds[word], lexicon.values[word] = kind.SCALE, Decimal(value)
    lexicon.short = {word: Decimal(value) for word, value in data["short"].items()}
    lexicon.short_marks = frozenset(lexicon.short) | lexicon.scaled_codes.keys()


@cache
def load(language: str) -> Lexicon:
    """Return the lexicon of a BCP 47 language tag; "und" is read as English."""
    base = language.lower().replace("_", "-").split("-", 1)[0]
    lexicon = Lexicon()
    lexicon.kinds.update(dict.fromkeys(_MARKS, kind.SYMBOL))
    by_name = _shared(lexicon)
    folder = LANGUAGES / (_DEFAULT if base == _UNKNOWN else base)
    if base.isalpha() and (folder / _NUMBERS).is_file():
        _read(lexicon, folder, by_name)
    else:
        _scales(lexicon, _toml(_DATA / "scales.toml"))
    _unit_starts(lexicon)
    return lexicon
