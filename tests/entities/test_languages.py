"""Other languages: gazetteer only, and nothing where the gazetteer knows nothing."""

from __future__ import annotations

from datetime import UTC, datetime

import orjson
import pytest

from pipeline.enrich import UNTAGGED, enrich_item
from pipeline.stages.entities import tag_entities
from schemas import RawItem


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
    """Countries and great cities are found under their names in the language, with the ids of the English."""
    found = {m.text: entity.entity_id for entity in tag_entities(text, language=language) for m in entity.mentions}
    assert found == expected


@pytest.mark.parametrize("language", ["tlh", "", "zz"])
def test_unknown_language(language: str) -> None:
    """A language without a gazetteer yields nothing rather than English guesses."""
    assert tag_entities("Kofi Annan in Geneva", language=language) == ()


@pytest.mark.parametrize(("language", "method"), [("en", "trained"), ("fr", "gazetteer"), ("es-MX", "gazetteer")])
def test_the_record_says_how_names_were_found(language: str, method: str) -> None:
    """Who reads an entity sees whether a tagger found it or only a list."""
    (entity,) = tag_entities("Madrid", language=language)
    assert entity.method == method


@pytest.mark.parametrize(("language", "warns"), [("en", False), ("und", False), ("fr", True), ("ar", True)])
def test_the_article_says_that_its_language_has_no_tagger(language: str, warns: bool) -> None:
    """That nothing was found means little where only listed names were looked for: the article says so."""
    body = {"headline": "Paris", "body_text": "Le ministre est en Syrie depuis lundi.", "language": language}
    raw = RawItem(
        item_id="1",
        source="test",
        media_type="application/json",
        body=orjson.dumps(body),
        received_at=datetime(2026, 1, 1, tzinfo=UTC),
    )
    (article,) = enrich_item(raw)
    assert (UNTAGGED in article.provenance.warnings) is warns
