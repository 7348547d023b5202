"""The data files are sound: small, unambiguous, credited, linked in known schemes."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from pipeline.stages.entities.lexicon import DATA
from pipeline.stages.entities.tables import lexicon, rows, title_rows

SCHEMES = {
    "geonames": r"\d+",
    "iso3166": r"[A-Z]{2}",
    "wikidata": r"Q\d+",
    "wikipedia": r"[^\s_|#<>\[\]{}][^_|#<>\[\]{}]*",
}


SOURCES = (
    "GeoNames",
    "Creative Commons Attribution 4.0",
    "Unicode License",
    "DBpedia",
    "Creative Commons Attribution-ShareAlike 3.0",
)


def test_gazetteer_is_small() -> None:
    """The gazetteer and all lists are each under a megabyte, the model under four, the titles of articles eleven."""
    sizes = {file.name: len(file.read_bytes()) for file in DATA.iterdir() if file.is_file()}
    assert sizes.pop("gazetteer.tsv.gz") < 1_000_000
    assert sizes.pop("tagger.crfsuite") < 4_200_000
    assert sizes.pop("articles.marisa") + sizes.pop("known_as.marisa") < 11_000_000
    assert sum(sizes.values()) < 1_000_000
    assert sum(len(file.read_bytes()) for file in (DATA / "titles").iterdir()) < 1_000_000


def test_sources_are_credited() -> None:
    """GeoNames, CLDR and DBpedia are named with their licences beside the data."""
    notice = (DATA / "NOTICE").read_text("utf-8")
    assert all(word in notice for word in SOURCES)


def test_links_are_well_formed() -> None:
    """Each link is an id of its scheme."""
    entries = lexicon().entries.values()
    wrong = [e for e in entries for scheme, number in e.links if not re.fullmatch(SCHEMES[scheme], number)]
    assert wrong == []


@pytest.mark.parametrize("name", ["aliases.tsv", "people.tsv", "places.tsv"])
def test_spellings_belong_to_one_row(name: str) -> None:
    """No spelling stands for two things."""
    spellings = Counter(
        spelling
        for row in rows(name)
        for spelling in {row[0], *(row[-1].split("|") if len(row) == (4 if name == "aliases.tsv" else 3) else ())}
        - {""}
    )
    assert [spelling for spelling, count in spellings.items() if count > 1] == []


def test_aliases_have_known_types() -> None:
    """Every row of the alias table has four columns and a type of the contract."""
    kinds = {"person", "organization", "place", "facility", "group", "event", "product", "other"}
    assert [row for row in rows("aliases.tsv") if len(row) < 3 or row[1] not in kinds] == []


def test_countries_are_complete() -> None:
    """Every country of ISO 3166 in the gazetteer can be found by at least one spelling."""
    codes = {number for e in lexicon().entries.values() for scheme, number in e.links if scheme == "iso3166"}
    assert len(codes) >= 245
    assert {"IQ", "SY", "US", "GB", "CD", "SS", "XK", "TW", "PS"} <= codes


TABLES = sorted(file.name for file in (DATA / "titles").iterdir())


@pytest.mark.parametrize("name", TABLES)
def test_titles_are_sound(name: str) -> None:
    """Rows of a title table have a type of the contract and a well-formed title, and no title has two rows."""
    kinds = {"person", "organization", "place", "facility", "group", "event", "product", "other"}
    table = list(rows(f"titles/{name}"))
    assert [row for row in table if len(row) not in {2, 3} or row[1] not in kinds] == []
    assert [row for row in table if not re.fullmatch(SCHEMES["wikipedia"], row[0])] == []
    assert [title for title, count in Counter(row[0] for row in table).items() if count > 1] == []


def test_institutions_have_well_formed_titles() -> None:
    """The titles of institutions of many countries can be titles."""
    assert [row for row in rows("institutions.tsv") if not re.fullmatch(SCHEMES["wikipedia"], row[1])] == []


def test_certain_spellings_have_one_title() -> None:
    """A spelling that is not marked as doubtful leads to one article, whichever table has it."""
    titles: dict[str, set[str]] = {}
    for one in title_rows():
        if not one.weak:
            titles.setdefault(one.spelling, set()).add(one.title)
    assert {spelling: found for spelling, found in titles.items() if len(found) > 1} == {}


def test_institutions_have_one_title_in_a_country() -> None:
    """A name of an institution and a country give one title."""
    pairs = Counter((row[0], spelling) for row in rows("institutions.tsv") for spelling in row[2].split("|"))
    assert [pair for pair, count in pairs.items() if count > 1] == []
