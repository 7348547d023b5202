"""Other languages: gazetteer only, and nothing where the gazetteer knows nothing."""

from __future__ import annotations

import pytest

from pipeline.stages.entities import tag_entities


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("fr", "Le ministre est en Syrie depuis lundi.", {"Syrie": "iso3166:SY"}),
        ("es", "Viajó a los Estados Unidos y a Alemania.", {"Estados Unidos": "iso3166:US", "Alemania": "iso3166:DE"}),
        ("ar", "وصل الوزير إلى العراق وسوريا", {"العراق": "iso3166:IQ", "سوريا": "iso3166:SY"}),
        ("ar", "من بغداد", {"بغداد": "geonames:98182"}),
        ("es-MX", "Llegó a Londres.", {"Londres": "geonames:2643743"}),
    ],
)
def test_places(language: str, text: str, expected: dict[str, str]) -> None:
    """Countries and great cities are found under their names in the language, with the ids of the English ones."""
    found = {m.text: entity.entity_id for entity in tag_entities(text, language=language) for m in entity.mentions}
    assert found == expected


@pytest.mark.parametrize("language", ["tlh", "", "zz"])
def test_unknown_language(language: str) -> None:
    """A language without a gazetteer yields nothing rather than English guesses."""
    assert tag_entities("Kofi Annan in Geneva", language=language) == ()
