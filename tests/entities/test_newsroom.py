"""What newspapers and wires do with names: slugs, bylines, headlines, nicknames, ordinals, ships, sports."""

from __future__ import annotations

import pytest

from pipeline.stages.entities import tag_entities
from pipeline.stages.entities.layout import headlines, without_slugs
from pipeline.stages.entities.tables import lexicon


def spans(text: str) -> set[tuple[str, str]]:
    """Return the mentions of a text with their types."""
    return {(mention.text, entity.type) for entity in tag_entities(text) for mention in entity.mentions}


@pytest.mark.parametrize(
    ("text", "name", "kind"),
    [
        ("Tennis-Jelena Kasparyan saves four match points", "Jelena Kasparyan", "person"),
        ("(Reporting by Fanta Maiga; Writing by Peter Lowe; Editing by Ingrid Haas)", "Ingrid Haas", "person"),
        ("By Caitlin Mayhew and Jonathan Adeyemi-Ross", "Jonathan Adeyemi-Ross", "person"),
        (
            'Police held Adalberto "Betinho" dos Santos Nogueira on Monday.',
            'Adalberto "Betinho" dos Santos Nogueira',
            "person",
        ),
        ("The general led the 22nd Infantry Division until May.", "22nd Infantry Division", "organization"),
        ("The carrier USS Theodore Roosevelt left port.", "USS Theodore Roosevelt", "product"),
        ("Tankers burned on the RN7 near the town.", "RN7", "facility"),
        ("It ordered the Boeing 747-400 in March.", "Boeing 747-400", "product"),
        ("He moved from Tulsa, Okla., to Oslo.", "Okla.", "place"),
        ("Members of al Qaeda were held.", "al Qaeda", "organization"),
        ("A resident, Alhaji Sanusi Maidaji, said so.", "Sanusi Maidaji", "person"),
        ("The jurist Annelies van 't Hof found them.", "Annelies van 't Hof", "person"),
        ("Shares of Banco de Montalvo fell.", "Banco de Montalvo", "organization"),
    ],
)
def test_a_name_as_the_wires_write_it(text: str, name: str, kind: str) -> None:
    """The span is the whole name and nothing more, and the type is right."""
    assert (name, kind) in spans(text)


def test_a_headline_takes_its_names_from_the_text() -> None:
    """A surname among the capitals of a headline is the person of the text, and no capital else is a name."""
    text = "Ojukwa Wins Third Term in Landslide\n\nChidera Ojukwa was elected on Sunday. Ojukwa thanked the voters."
    (person,) = (entity for entity in tag_entities(text) if entity.type == "person")
    assert [mention.text for mention in person.mentions] == ["Ojukwa", "Chidera Ojukwa", "Ojukwa"]
    assert person.mentions[0].start == 0


def test_a_city_is_its_club_in_sport_alone() -> None:
    """In a sports report the model may take a city for its club; elsewhere it is the city."""
    sport = "Striker Ivo Brandt scored twice as Verona beat Cagliari 3-1 in the league match this season."
    assert ("Verona", "organization") in spans(sport)
    assert ("Verona", "place") in spans("Floods closed three roads in Verona on Sunday, the mayor said.")


@pytest.mark.parametrize(
    ("full", "again"),
    [
        ("Omar al-Masri", "Masri"),
        ("Rosmery Mamani Choque", "Mamani"),
        ("Giulio Ferraresi", "G. Ferraresi"),
        ("Epifanio Zúñiga", "Zuniga"),
        ("Elkanah Ouma Jr.", "Ouma"),
    ],
)
def test_a_person_is_known_by_a_shorter_name(full: str, again: str) -> None:
    """The second mention joins the first."""
    text = f"The judge freed {full} on Monday. Later the lawyer of {again} said that {again} was ill."
    (person,) = (entity for entity in tag_entities(text) if entity.type == "person")
    assert {mention.text for mention in person.mentions} == {full, again}


def test_slugs_keep_every_position() -> None:
    """What is read has the length of the text, and hyphens of names stay."""
    text = "UPDATE 2-Soccer-Obi wins\nGuinea-Bissau votes"
    assert without_slugs(text, lexicon()) == "UPDATE 2-Soccer:Obi wins\nGuinea-Bissau votes"


@pytest.mark.parametrize(
    ("line", "is_one"),
    [
        ("Parliament Passes Budget After Long Debate", True),
        ("Parliament passes budget after long debate", False),
        ("By Caitlin Mayhew and Jonathan Adeyemi-Ross", False),
        ("136 Rory Malone 70 66, Dean van Rensburg (South Africa) 67 69", False),
        ("Keisha Round and Malik Brown at Grand Central Terminal on Wednesday. Credit Tomas Abella", False),
    ],
)
def test_what_reads_as_a_headline(line: str, is_one: bool) -> None:
    """Title case is a headline; sentences, bylines, tables and captions are not."""
    assert bool(headlines(line)) is is_one
