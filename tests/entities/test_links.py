"""Links: titles and ids where they are certain, and none where the name alone leaves doubt."""

from __future__ import annotations

import pytest

from pipeline.stages.entities import tag_entities
from pipeline.stages.entities.tables import lexicon, read_links


def title(name: str) -> str | None:
    """Return the Wikipedia title that the lexicon gives a name."""
    return dict(lexicon().entries[name].links).get("wikipedia")


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Iraq", "Iraq"),
        ("U.S.", "United States"),
        ("DRC", "Democratic Republic of the Congo"),
        ("Houston", "Houston"),
        ("Fresno", "Fresno, California"),
        ("Texas", "Texas"),
        ("Kyiv", "Kyiv"),
        ("Kiev", "Kyiv"),
        ("Tigris", "Tigris"),
        ("UNHCR", "United Nations High Commissioner for Refugees"),
        ("Shell", "Shell plc"),
        ("Merkel", "Angela Merkel"),
        ("Dilma Rousseff", "Dilma Rousseff"),
        ("Gadhafi", "Muammar Gaddafi"),
        ("Sinai", "Sinai Peninsula"),
    ],
)
def test_titles(name: str, expected: str) -> None:
    """Countries, well-known cities, organisations and leaders carry the title of their article."""
    assert title(name) == expected


@pytest.mark.parametrize("name", ["Georgia", "Springfield", "Birmingham", "Red Cross", "Senate", "Labour Party"])
def test_no_title_where_the_name_is_shared(name: str) -> None:
    """No id is better than a wrong one."""
    assert title(name) is None


def test_a_surname_alone_takes_the_link_of_the_name_in_full() -> None:
    """All mentions of a person carry what one of them says."""
    text = "Chancellor Olaf Scholz met the press. Scholz smiled."
    (scholz,) = (entity for entity in tag_entities(text) if entity.type == "person")
    assert [mention.text for mention in scholz.mentions] == ["Olaf Scholz", "Scholz"]
    assert scholz.links == {"wikipedia": "Olaf Scholz"}
    assert scholz.entity_id == "wikipedia:Olaf_Scholz"


def test_links_are_read_from_a_column() -> None:
    """The sign = is the name itself, underscores are blanks, a dash is none."""
    assert read_links("-", "Acme") == ()
    assert read_links("wikidata:Q1 wikipedia:=", "Acme") == (("wikidata", "Q1"), ("wikipedia", "Acme"))
    assert read_links("wikipedia:Acme_(company)", "Acme") == (("wikipedia", "Acme (company)"),)


def linked(text: str) -> dict[str, str | None]:
    """Return the Wikipedia titles of a text by first mention."""
    return {entity.mentions[0].text: entity.links.get("wikipedia") for entity in tag_entities(text)}


@pytest.mark.parametrize(
    ("text", "name", "title"),
    [
        (
            "Kenya waited; the Turkish Foreign Ministry sent a note.",
            "Turkish Foreign Ministry",
            "Ministry of Foreign Affairs (Turkey)",
        ),
        ("Officials said India would appeal to the Supreme Court.", "Supreme Court", "Supreme Court of India"),
        (
            "Officials in Kenya said the Supreme Court of India ruled.",
            "Supreme Court",
            "Supreme Court of India",
        ),
        ("He spoke before the Senate voted.", "Senate", None),
        ("The United States Army moved in; the Senate voted.", "Senate", None),
        ("President Clinton arrived on Monday.", "Clinton", "Bill Clinton"),
        ("The plant near Portland, Maine, closed.", "Portland", "Portland, Maine"),
        ("The office in Houston, Texas, closed.", "Houston", "Houston"),
        ("Shares of Lehman Brothers fell.", "Lehman Brothers", "Lehman Brothers"),
        ("She teaches at the University of Copperton.", "University of Copperton", None),
        ("She teaches at Colorado State University.", "Colorado State University", "Colorado State University"),
    ],
)
def test_titles_in_texts(text: str, name: str, title: str | None) -> None:
    """A name that many countries have is linked by the country of the text; what is not known stays without."""
    assert linked(text)[name] == title


def test_two_entities_have_two_ids() -> None:
    """Readers join on ids: no two entities of one text share one."""
    text = (
        "Dow Chemical grew. Officials of Chelsea said Chelsea won in Chelsea, Massachusetts. Amazon grew in the Amazon."
    )
    ids = [entity.entity_id for entity in tag_entities(text)]
    assert len(ids) == len(set(ids))
