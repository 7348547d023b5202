"""The word lists and tables."""

from __future__ import annotations

import tomllib
from decimal import Decimal
from importlib import resources

import pytest

from pipeline.stages.figures.tables import load

_DATA = resources.files("pipeline.stages.figures") / "data"


def _units() -> dict[str, str]:
    table = tomllib.loads((_DATA / "units.toml").read_text(encoding="utf-8"))["unit"]
    return {name: entry["ucum"] for name, entry in table.items()}


def test_every_unit_code_is_ucum():
    """The codes of the table are those of UCUM, by the word of a library that reads UCUM."""
    ucumvert = pytest.importorskip("ucumvert", reason="the UCUM reader is not installed")
    registry = ucumvert.PintUcumRegistry()
    for code in _units().values():
        registry.from_ucum(code)


def test_units_of_one_name_have_one_code():
    """No code stands for two units."""
    codes = list(_units().values())
    assert len(set(codes)) == len(codes)


def test_every_english_unit_has_a_form():
    """What the English file names exists in the shared table, and what it spells is read."""
    lexicon = load("en")
    names = {unit.code for unit in lexicon.forms.values()}
    assert {"m", "[mi_i]", "kg", "Cel", "USD", "GBP", "%"} <= names


def test_currency_codes_are_three_capitals():
    """ISO 4217 codes are three capital letters, and every symbol stands for one of them or a part."""
    lexicon = load("en")
    assert all(len(code) == 3 and code.isupper() for code in lexicon.currency_codes)
    stated = set(tomllib.loads((_DATA / "currencies.toml").read_text(encoding="utf-8"))["codes"].split())
    assert set(lexicon.currency_symbols.values()) <= stated | {"cent"}


def test_number_words_have_values():
    """Every number word has a value, and bounds of vague words are in order."""
    lexicon = load("en")
    assert all(isinstance(value, Decimal) for value in lexicon.values.values())
    assert all(low < high for low, high in lexicon.vague.values())
    assert all(low < high for low, high in lexicon.several.values())


def test_an_unknown_language_has_symbols_and_no_words():
    """A language without files gets the shared tables only; a path is no language."""
    for language in ("de", "zz", "../en", "en/../en"):
        lexicon = load(language)
        assert not lexicon.complete
        assert lexicon.symbols
        assert not lexicon.terms


def test_a_scale_of_every_language_is_clear():
    """No word is listed as a clear scale and as an unclear one, and each is a power of ten from a thousand on."""
    table = tomllib.loads((_DATA / "scales.toml").read_text(encoding="utf-8"))
    clear = {**table["scale"], **table["short"]}
    assert set(table["unclear"].split()).isdisjoint({*clear, *map(str.lower, table["scale"])})
    assert all(Decimal(value).log10() in range(3, 10) for value in clear.values())
    assert set(f"{table['short_spaced']} {table['short_spaced_money']}".split()) <= set(table["short"])
