"""A second language is a new set of files."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.stages.figures.periods import times
from pipeline.stages.figures.tables import load
from schemas.figure import Figure
from tests.figures.reading import entity, read

_NUMBERS = """
and = ["y"]
tens_and = "y"
article = ["un", "una"]
half = ["medio", "media"]
stands_alone = "cien doscientos trescientos quinientos mil"
short_spaced = "M"

[digits]
decimal = ","
group = "."
[small]
uno = 1
dos = 2
tres = 3
siete = 7
doce = 12
[tens]
treinta = 30
[hundred]
cien = 100
doscientos = 200
trescientos = 300
quinientos = 500
[scale]
mil = "1e3"
"millón" = "1e6"
millones = "1e6"
[short]
M = "1e6"
[sets]
docena = 12
[vague]
miles = ["1000", "10000"]
"""
_GRAMMAR = """
of = "de"
to = "a"
between = "entre"
scale_of = "de"
determiner = "los las"
[places]
from = ["desde"]
to = ["hacia"]
in = ["en"]
"""
_NOUNS = """
person = "persona"
person_endings = "dor"
[[ending]]
plural = "ores"
singular = "or"
letters = 5
[[ending]]
plural = "s"
singular = ""
letters = 4
"""
_TIME = """
[months]
enero = 1
marzo = 3
[[pattern]]
rule = "since_month"
first = "desde"
text = "desde (?P<month>{month})(?: de (?P<year>{year}))?"
"""
_FILES = {
    "numbers.toml": _NUMBERS,
    "grammar.toml": _GRAMMAR,
    "nouns.toml": _NOUNS,
    "words.toml": 'stop = "en de la el los desde"\n',
    "units.toml": 'percent = ["por ciento"]\n[plural]\ntakes = [["", "s"]]\n[forms]\nmetre = "metro"\n'
    '[money]\nEUR = "euro euros"\nUSD = "dólar dólares"\n',
    "cues.toml": '[before]\nmore_than = "más de"\nless_than = "casi|menos de"\nabout = "unos|alrededor de"\n',
    "terms.toml": '[displaced]\npeople = true\nforms = "huyeron|desplazados"\n',
    "sources.toml": 'before = ["según"]\n',
    "time.toml": _TIME,
}


@pytest.fixture
def languages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Yield an empty folder of languages in place of ours."""
    monkeypatch.setattr("pipeline.stages.figures.tables.LANGUAGES", tmp_path)
    load.cache_clear()
    times.cache_clear()
    yield tmp_path
    load.cache_clear()
    times.cache_clear()


def _write(folder: Path, files: dict[str, str]) -> None:
    folder.mkdir()
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")


def _value(figure: Figure) -> str:
    return str(figure.value) if figure.value is not None else f"{figure.low}..{figure.high}"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Hay 3,5 millones de casas.", [("3500000", "casa")]),
        ("Hubo 1.234 muertos.", [("1234", "muerto")]),
        ("Hubo doscientos muertos.", [("200", "muerto")]),
        ("Hubo trescientos treinta y dos heridos.", [("332", "herido")]),
        ("Son dos mil quinientos trabajadores.", [("2500", "person")]),
        ("Son mil millones de euros.", [("1000000000", "EUR")]),
        ("Son dos millones y medio de dólares.", [("2500000", "USD")]),
        ("Cuesta medio millón de euros.", [("500000", "EUR")]),
        ("Cuesta 1.234,56 euros.", [("1234.56", "EUR")]),
        ("Cuesta 2,75 euros.", [("2.75", "EUR")]),
        ("Cuesta 4,5 M de euros.", [("4500000", "EUR")]),
        ("Mide 1,875 metros.", [("1.875", "m")]),
        ("Subió 3,5 por ciento.", [("3.5", "%")]),
        ("Vio una docena de barcos.", [("12", "barco")]),
        ("Hay miles de barcos.", [("1000..10000", "barco")]),
        ("Hay entre 15 a 17 barcos.", [("15..17", "barco")]),
    ],
)
def test_a_folder_of_tables_is_a_language(languages: Path, text: str, expected: list[tuple[str, str]]):
    """Numbers, number words, money, percent and nouns of a new language are read by its files alone."""
    _write(languages / "es", _FILES)
    figures = read(text, language="es-MX")
    assert [(_value(figure), figure.unit) for figure in figures] == expected


def test_claims_of_a_new_language_have_cue_term_place_source_and_period(languages: Path):
    """What surrounds a number comes from the tables as well: nothing of it is English."""
    _write(languages / "es", _FILES)
    text = "Más de 40.000 personas huyeron en Belmar desde marzo de 2023, según Cáritas."
    named = [entity(text, "Belmar"), entity(text, "Cáritas", "organization")]
    (figure,) = read(text, named, language="es")
    assert (figure.value, figure.approximation, figure.low, figure.unit) == (40000, "more_than", 40000, "person")
    assert figure.term == "displaced"
    assert [(place.name, place.role) for place in figure.places] == [("Belmar", "in")]
    assert figure.attribution is not None
    assert (figure.attribution.text, figure.attribution.cue) == ("Cáritas", "según")
    assert figure.period is not None
    assert (figure.period.text, figure.period.start) == ("desde marzo de 2023", "2023-03-01")


def test_a_language_may_lack_every_table_but_its_numbers(languages: Path):
    """A missing file says that the language has none of these words; nothing else fails."""
    _write(languages / "es", {"numbers.toml": _NUMBERS})
    text = "El 3 de mayo de 2019, a las 17:22, 1.234 casas y 4,5 kg (12%) de £3 pounds by US order in Belmar."
    figures = read(text, [entity(text, "Belmar")], language="es")
    assert {(_value(figure), figure.unit) for figure in figures} >= {
        ("1234", "casas"),
        ("4.5", "kg"),
        ("12", "%"),
        ("3", "GBP"),
    }


def test_english_words_mean_nothing_in_another_language(languages: Path):
    """A text in a new language is not read by the words of English."""
    _write(languages / "es", _FILES)
    assert read("Some two hundred thousand of the dozens, one by one.", language="es") == ()


def test_a_language_without_a_folder_reads_signs_only(languages: Path):
    """A language without tables keeps to digits with a unit or currency sign, and guesses no lone mark."""
    assert languages.is_dir()
    figures = read("Das kostet 1.234,50 € und 3,5 kg, 1.234 € nicht, dazu 40 Tote.", language="de")
    assert [(_value(figure), figure.unit) for figure in figures] == [("1234.5", "EUR"), ("3.5", "kg")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Cuesta $3,5 millones.", ["3500000"]),
        ("Kost €3,5 miljoen.", ["3500000"]),
        ("Es sind 3,5 Mrd € mehr.", ["3500000000"]),
        ("Стоит $3,5 млрд долларов.", ["3500000000"]),
        ("Es sind €5M heute.", ["5000000"]),
        ("Custa US$ 3,5 bilhões.", []),
        ("Custa US$ 3,5 mil.", []),
        ("가격은 $3.5억달러 이다.", []),
        ("Cuesta $50 por persona.", ["50"]),
        ("Es wiegt 5kg.", ["5"]),
    ],
)
def test_an_amount_is_never_stated_without_its_scale(text: str, expected: list[str]):
    """Without tables an amount takes a scale word that is the same number everywhere, or is left out: never 3.5."""
    assert [_value(figure) for figure in read(text, language="xx")] == expected
