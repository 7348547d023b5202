"""The given archive page through the whole line, on both brokers: its figures, its names, and the same bytes."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import orjson
import pytest

from pipeline.enrich import enrich_item
from pipeline.intake import read_items
from schemas import EnrichedArticle, RawItem
from tests.line import line_settings, publish, reading, topics, wait_until, workers

RECEIVED_AT = datetime(2026, 1, 1, tzinfo=UTC)

# value, approximation, unit, term, place, source: what a careful reader of the page writes down.
FIGURES = [
    (Decimal(2), "exact", "bridge", "seized", "Mosul", None),
    (Decimal(5), "exact", "bridge", "destroyed", "Mosul", None),
    (None, "several", "person", None, "Mosul", "Iraqi military"),
    (Decimal(750_000), "about", "person", None, "Mosul", "aid agencies"),
    (Decimal(100_000), "exact", "person", None, None, None),
    (Decimal(40_000), "more_than", "person", "displaced", None, "United Nations"),
    (Decimal(210_000), "less_than", "person", "displaced", None, "United Nations"),
    (Decimal(66_000), "about", "person", "displaced", "Syria", "OCHA"),
]

NAMES = {
    "person": {"Shaalan Ali Saleh"},
    "place": {"Mosul", "Raqqa", "Iraq", "Syria", "Tigris", "Euphrates", "Deir Ezzor"},
    "facility": {"al-Hurriya"},
    "organization": {
        "Islamic State", "United Nations", "Syrian Democratic Forces", "Peshmerga", "OCHA", "Reuters",
        "Rapid Response", "Interior Ministry", "Federal Police", "Syrian Observatory for Human Rights",
    },
}  # fmt: skip

ONE_ENTITY = [
    {"ISIS", "Islamic State"},
    {"UN", "United Nations"},
    {"SDF", "Syrian Democratic Forces"},
    {"YPG", "People’s Protection Units"},
]

LINKED = {
    "Mosul": "geonames:99072",
    "Raqqa": "geonames:172955",
    "Iraq": "iso3166:IQ",
    "Syria": "iso3166:SY",
    "Tigris": "wikipedia:Tigris",
    "Euphrates": "wikipedia:Euphrates",
    "Islamic State": "wikidata:Q2429253",
    "United Nations": "wikidata:Q1065",
    "Syrian Democratic Forces": "wikipedia:Syrian_Democratic_Forces",
    "People's Protection Units": "wikipedia:People's_Protection_Units",
}


@pytest.fixture(scope="module")
def item(given_seed: Path) -> RawItem:
    """The page as a raw item."""
    (found,) = read_items(given_seed, source="seeds", received_at=RECEIVED_AT)
    assert isinstance(found, RawItem)
    return found


@pytest.fixture(scope="module")
def article(item: RawItem) -> EnrichedArticle:
    """The page as the library enriches it."""
    (found,) = enrich_item(item)
    return found


def test_its_eight_figures(article: EnrichedArticle) -> None:
    """Each with value, approximation, unit, term, place and source; no date and no year among them."""
    found = [
        (
            figure.value,
            figure.approximation,
            figure.unit,
            figure.term,
            {place.name for place in figure.places},
            figure.attribution.text if figure.attribution else None,
        )
        for figure in article.figures
    ]
    assert len(found) == len(FIGURES)
    for got, wanted in zip(found, FIGURES, strict=True):
        assert got[:4] == wanted[:4]
        assert wanted[4] is None or wanted[4] in got[4]
        assert wanted[5] is None or (got[5] and wanted[5] in got[5]), f"{wanted}: source {got[5]}"


def test_its_names(article: EnrichedArticle) -> None:
    """The main names have their types, variants of one name are one entity, the officer has his role."""
    for kind, names in NAMES.items():
        found = {entity.name for entity in article.entities if entity.type == kind}
        assert names <= found, f"{kind}: {names - found} missing"
    for variants in ONE_ENTITY:
        holders = [entity for entity in article.entities if {mention.text for mention in entity.mentions} & variants]
        assert len(holders) == 1, variants
    (officer,) = (entity for entity in article.entities if entity.name == "Shaalan Ali Saleh")
    assert officer.role == "Federal Police Brigadier General"


def test_its_names_join_with_other_data(article: EnrichedArticle) -> None:
    """What is certain has an id one can join on; what is not, like the bridge, has none."""
    ids = {entity.name: entity.entity_id for entity in article.entities}
    assert {name: ids[name] for name in LINKED} == LINKED
    (bridge,) = (entity for entity in article.entities if entity.name == "al-Hurriya")
    assert bridge.links == {}


def test_the_line_gives_the_same_bytes(broker_address: str, item: RawItem, article: EnrichedArticle) -> None:
    """Through raw, worker and topics comes, timings aside, byte for byte what the library gives, on either broker."""
    settings = line_settings(broker_address)
    with topics(settings), workers(settings), reading(settings, "articles") as seen:
        publish(settings, [item])
        wait_until(lambda: len(seen) == 1, seconds=60, what=lambda: "the article did not come")
    alone, carried = (orjson.loads(data) for data in (article.to_json(), seen.events[0].value or b""))
    assert carried.pop("timings")
    alone.pop("timings")
    assert orjson.dumps(carried) == orjson.dumps(alone)
