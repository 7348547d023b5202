"""Articles: a name that no table knows is linked by the title it spells, where that leaves no doubt."""

from __future__ import annotations

import pytest

from pipeline.stages.entities import tag_entities
from pipeline.stages.entities.articles import article_of, folded
from pipeline.stages.entities.candidate import Candidate
from pipeline.stages.entities.tables import lexicon
from schemas.entity import EntityType


def article(name: str, kind: EntityType) -> str | None:
    """Return the title for a name of this type."""
    return article_of(Candidate(0, len(name), tuple(name.split())), kind, lexicon())


def links(text: str, name: str) -> dict[str, str]:
    """Return the links of an entity of a text."""
    return next(entity.links for entity in tag_entities(text) if entity.name == name)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("Walker Evans", "person"),
        ("Gérald Darmanin", "person"),
        ("Saudi Gazette", "organization"),
        ("Sandia View Academy", "organization"),
        ("McMurdo Station", "facility"),
        ("Visayan Sea", "place"),
        ("LibriVox", "organization"),
    ],
)
def test_a_rare_name_is_its_title(name: str, kind: EntityType) -> None:
    """Names that hardly another article could bear carry it, as the text spells them."""
    assert article(name, kind) == name


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("James Jones", "person"),  # a page of namesakes
        ("John Smith", "person"),
        ("Walker", "person"),  # a surname alone
        ("WALKER EVANS", "person"),  # capitals hide how the title is written
        ("National Museum", "organization"),  # ordinary words: every nation has one
        ("Walker Evans", "group"),
        ("Kowloon West", "place"),  # no word says what kind of place
        ("Atlantis", "organization"),  # many things bear it
        ("Zxqvw Kjhgf", "person"),
        ("", "person"),
        ("A B C D", "organization"),
    ],
)
def test_doubt_is_no_link(name: str, kind: EntityType) -> None:
    """No id is better than a wrong one."""
    assert article(name, kind) is None


@pytest.mark.parametrize(
    ("name", "title"),
    [("Larry Lessig", "Lawrence Lessig"), ("Warhol", "Andy Warhol"), ("Clinton", None), ("Bob Walker", None)],
)
def test_another_name_leads_to_the_title(name: str, title: str | None) -> None:
    """A nickname, or the surname of somebody famous, is the person; where several are called so, nobody."""
    assert article(name, "person") == title


def test_letters_are_folded() -> None:
    """Accents and letters beyond ASCII meet the plain spelling of the file."""
    assert folded("Søren Łukasz Íñigo Strauß") == "soren lukasz inigo strauss"


def test_the_link_joins_all_mentions() -> None:
    """The surname alone is the same person, with the same id in every article."""
    text = "The photographer Walker Evans left Alabama. Evans never came back."
    (evans,) = (entity for entity in tag_entities(text) if entity.type == "person")
    assert [mention.text for mention in evans.mentions] == ["Walker Evans", "Evans"]
    assert evans.entity_id == "wikipedia:Walker_Evans"


@pytest.mark.parametrize(
    "text",
    [
        "The water came at night, said shopkeeper Walker Evans.",
        "“We ran,” said Walker Evans, 43, a retired schoolteacher.",
        "Walker Evans saw it. The witness Walker Evans told police.",
        "Resident Walker Evans fled.",
    ],
)
def test_private_persons_have_no_article(text: str) -> None:
    """Somebody whom chance brought into the news is not the one with the article."""
    assert links(text, "Walker Evans") == {}


def test_a_row_without_a_link_is_a_decision() -> None:
    """Where a table leaves a name unlinked, no article of that title takes its place."""
    unlinked = [name for name, entry in lexicon().entries.items() if entry.type == "place" and not entry.links]
    assert "Georgia" in unlinked
    assert links("He flew to Georgia.", "Georgia") == {}


def test_an_office_names_nobody() -> None:
    """In "Virginia Governor" stand a place and its office: no person, and no Virginia who is one later on."""
    found = tag_entities("Every Virginia Governor since the war was from Virginia, he said.")
    assert [(entity.name, entity.type) for entity in found] == [("Virginia", "place")]
