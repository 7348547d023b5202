"""One report in our own words with the names that a war report carries: every mechanism at once."""

from __future__ import annotations

import pytest

from pipeline.stages.entities import tag_entities
from schemas.entity import Entity

REPORT = (
    "MOSUL, Iraq (Reuters) - Troops of the Interior Ministry's Rapid Response unit took a second bridge over the "
    "Tigris, al-Hurriya, on Monday, pushing ISIS back.\n\n"
    "“The way is open,” Federal Police Brigadier General Shaalan Ali Saleh told Reuters. Saleh gave no losses. "
    "Islamic State did not comment. Kurdish Peshmerga fighters held the north of Mosul.\n\n"
    "In Syria, the Syrian Democratic Forces (SDF) cut the road from Raqqa along the Euphrates to Deir Ezzor province, "
    "the Syrian Observatory for Human Rights said. The SDF is led by the Kurdish People’s Protection Units (YPG). "
    "A YPG spokesman confirmed it.\n\n"
    "Some 66,000 people fled, the United Nations said. The UN agency OCHA sent aid."
)


@pytest.fixture(scope="module")
def entities() -> dict[str, Entity]:
    return {mention.text: entity for entity in tag_entities(REPORT) for mention in entity.mentions}


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("Raqqa", "place"),
        ("Mosul", "place"),
        ("Syria", "place"),
        ("Iraq", "place"),
        ("Tigris", "place"),
        ("Euphrates", "place"),
        ("Deir Ezzor", "place"),
        ("al-Hurriya", "facility"),
        ("Peshmerga", "organization"),
        ("OCHA", "organization"),
        ("Reuters", "organization"),
        ("Rapid Response", "organization"),
        ("Interior Ministry", "organization"),
        ("Federal Police", "organization"),
        ("Syrian Observatory for Human Rights", "organization"),
        ("Kurdish", "group"),
        ("Shaalan Ali Saleh", "person"),
    ],
)
def test_type(entities: dict[str, Entity], name: str, kind: str) -> None:
    """Each name of a war report gets its type."""
    assert entities[name].type == kind


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ISIS", "Islamic State"),
        ("UN", "United Nations"),
        ("SDF", "Syrian Democratic Forces"),
        ("YPG", "People’s Protection Units"),
        ("Saleh", "Shaalan Ali Saleh"),
        ("MOSUL", "Mosul"),
    ],
)
def test_variants_are_one_entity(entities: dict[str, Entity], one: str, other: str) -> None:
    """Aliases, acronyms, surnames and datelines join the name they stand for."""
    assert entities[one] is entities[other]


def test_role(entities: dict[str, Entity]) -> None:
    """A person carries the title and the organisation before the name."""
    assert entities["Shaalan Ali Saleh"].role == "Federal Police Brigadier General"


def test_links(entities: dict[str, Entity]) -> None:
    """Links join with GeoNames, ISO 3166 and Wikidata, and what is not certain has none."""
    assert entities["Mosul"].entity_id == "geonames:99072"
    assert entities["Iraq"].links == {"iso3166": "IQ", "geonames": "99237", "wikipedia": "Iraq"}
    assert entities["UN"].links == {"wikidata": "Q1065", "wikipedia": "United Nations"}
    assert entities["YPG"].entity_id == "wikipedia:People's_Protection_Units"
    assert entities["al-Hurriya"].links == {}
