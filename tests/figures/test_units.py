"""Units: money, percent, physical units, rates, ages, counted nouns."""

from __future__ import annotations

import pytest

from tests.figures.reading import one, read


@pytest.mark.parametrize(
    ("text", "kind", "unit"),
    [
        ("It cost $3.2 million.", "money", "USD"),
        ("It cost US $7.2 billion.", "money", "USD"),
        ("It cost C$5.", "money", "CAD"),
        ("It cost HK$5.", "money", "HKD"),
        ("It cost €5.", "money", "EUR"),
        ("It cost 15€.", "money", "EUR"),
        ("It cost 500 EUR.", "money", "EUR"),
        ("It cost RM23.50.", "money", "MYR"),
        ("It cost Rs 45,000.", "money", "INR"),
        ("It cost 7.5 million Danish crowns.", "money", "DKK"),
        ("It cost 5 million pounds.", "money", "GBP"),
        ("He paid 40 pounds in tax.", "money", "GBP"),
        ("He weighs 208 pounds.", "measure", "[lb_av]"),
        ("A 500-pound bomb fell.", "measure", "[lb_av]"),
        ("It costs $10 per gram.", "money", "USD/g"),
        ("It costs $14.95 a month.", "money", "USD/mo"),
        ("It cost $1.17 billion a year earlier.", "money", "USD"),
        ("It fell by 5 per cent.", "percent", "%"),
        ("It fell by three percentage points.", "percent", "percentage point"),
        ("It fell by 50 basis points.", "percent", "basis point"),
        ("It is 35 miles long.", "measure", "[mi_i]"),
        ("It goes 135 kph.", "measure", "km/h"),
        ("It is 38°C.", "measure", "Cel"),
        ("It is 98.6 degrees Fahrenheit.", "measure", "[degF]"),
        ("It has 2 GW of power.", "measure", "GW"),
        ("It pumps 52,000 barrels a day.", "measure", "[bbl_us]/d"),
        ("It covers 1520 sq m.", "measure", "m2"),
        ("It has 7 litres per person.", "measure", "L/person"),
        ("It took half an hour.", "measure", "h"),
        ("It flows at 10 kV/cm.", "measure", "kV/cm"),
        ("A 15-year-old left.", "measure", "a"),
        ("A magnitude 6.4 quake hit.", "measure", "{magnitude}"),
    ],
)
def test_a_unit_has_its_international_code(text: str, kind: str, unit: str):
    """Money has ISO 4217 codes, physical units have UCUM codes, rates are written with a slash."""
    figure = one(text)
    assert (figure.kind, figure.unit) == (kind, unit)


@pytest.mark.parametrize(
    ("text", "unit", "object_"),
    [
        ("Camps hold 300 Syrian refugees.", "person", "Syrian refugees"),
        ("Fire hit 12 houses near it.", "house", "houses"),
        ("He owns two sports cars.", "car", "sports cars"),
        ("They met 17 first-team players.", "person", "first-team players"),
        ("They caught 60 commercial fishermen.", "person", "commercial fishermen"),
        ("They fed 9,500 families daily.", "household", "families"),
        ("They counted 4.3 million digital and physical sales.", "sale", "digital and physical sales"),
        ("They sold eight million 250ml bottles.", "bottle", "bottles"),
        ("It named two viruses.", "virus", "viruses"),
        ("They wrote a 12 page document.", "page", "page"),
        ("It has one particular demand that hurts.", "demand", "particular demand"),
    ],
)
def test_a_count_has_the_head_noun_and_keeps_its_modifiers(text: str, unit: str, object_: str):
    """The unit is the singular head; people are persons, families households; the phrase stays in the object."""
    figure = read(text)[0]
    assert (figure.kind, figure.unit, figure.object) == ("count", unit, object_)


def test_a_strong_force_counts_its_people():
    """The words "a 100,000-strong force" imply people without saying so."""
    figure = one("They face a 100,000-strong force of troops.")
    assert (figure.value, figure.unit, figure.unit_derived, figure.object) == (100000, "person", True, "force")


def test_a_verb_implies_people():
    """The words "40,000 fled" count people; the record says that this is derived."""
    figure = one("More than 40,000 fled their homes.")
    assert (figure.unit, figure.unit_derived, figure.unit_text) == ("person", True, None)


def test_an_antecedent_names_what_is_counted():
    """The size of a population counts people, also where the noun stands far before it."""
    figure = one("They hide among the civilian population, which aid agencies estimated to number 750,000.")
    assert (figure.unit, figure.unit_derived, figure.object) == ("person", True, "civilian population")


def test_a_share_names_the_whole():
    """What a share is a share of stands in the object."""
    figure = one("It spends 60 percent of its revenue.")
    assert (figure.unit, figure.object) == ("%", "revenue")


def test_another_language_gets_only_what_symbols_say():
    """Without word lists only digits with a currency or a unit count, and a doubtful separator is not guessed."""
    text = "Es kostet €40, wiegt 3 kg, 12 Menschen kamen, 1.234 km weit."
    figures = read(text, language="de")
    assert [(figure.text, figure.unit) for figure in figures] == [("€40", "EUR"), ("3 kg", "kg")]
    assert all(figure.term is None and figure.attribution is None for figure in figures)


def test_an_unstated_language_is_read_as_english():
    """The tag "und" and regional tags are English; case does not matter."""
    for language in ("und", "en-GB", "EN"):
        assert [figure.value for figure in read("Two dozen people left.", language=language)] == [24]
