"""One sentence for each mechanism: candidates, roles, context, memory, layout."""

from __future__ import annotations

import pytest

from pipeline.stages.entities import tag_entities
from schemas.entity import Entity


def named(text: str, **options: str) -> dict[str, Entity]:
    """Return the entities of a text by each of their mentions."""
    return {mention.text: entity for entity in tag_entities(text, **options) for mention in entity.mentions}


def types(text: str) -> dict[str, str]:
    """Return the type of each mention."""
    return {name: entity.type for name, entity in named(text).items()}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("They met Wanjiku Otieno in Kisumu.", {"Wanjiku Otieno": "person", "Kisumu": "place"}),
        ("The prize went to Nguyen Van Thanh and Maria del Carmen Ruiz.", {"Nguyen Van Thanh": "person"}),
        ("A deal with Kim Jong-un was near.", {"Kim Jong-un": "person"}),
        ("She works at the University of Nairobi.", {"University of Nairobi": "organization"}),
        ("It is up to the Ministry of Health and Population.", {"Ministry of Health and Population": "organization"}),
        ("He joined Acme Holdings Ltd. last year.", {"Acme Holdings Ltd.": "organization"}),
        ("Flights from Kotoka Airport were late.", {"Kotoka Airport": "facility"}),
        ("The Battle of Adwa ended it.", {"Battle of Adwa": "event"}),
        ("Boats crossed Lake Kariba by night.", {"Lake Kariba": "place"}),
        ("Iraqi-led troops met US-backed fighters.", {"Iraqi": "group", "US": "place"}),
        ("Fans of the Boston Bruins cheered.", {"Boston Bruins": "organization"}),
        ("Talks with Theresa May ended in May.", {"Theresa May": "person"}),
        ("A party of Kurdish Peshmerga left.", {"Kurdish": "group", "Peshmerga": "organization"}),
        ("Aid came from the Indonesian Red Cross.", {"Indonesian Red Cross": "organization"}),
        ("The village of Umm Qarn burned.", {"Umm Qarn": "place"}),
        ("They reached the Hamadi bridge at dawn.", {"Hamadi": "facility"}),
        ("Workers at Zentrix, a maker of pumps, struck.", {"Zentrix": "organization"}),
        ("Rain fell in Calgary and Moncton.", {"Calgary": "place", "Moncton": "place"}),
        ("The plant near Varlova, Bulgaria, closed.", {"Varlova": "place", "Bulgaria": "place"}),
    ],
)
def test_types(text: str, expected: dict[str, str]) -> None:
    """A name is cut whole and typed by its own words or by the words around it."""
    found = types(text)
    assert expected.items() <= found.items()


@pytest.mark.parametrize(
    ("text", "name", "role"),
    [
        ("Prime Minister Abiy Ahmed arrived.", "Abiy Ahmed", "Prime Minister"),
        ("It was Interior Minister Lucía Vargas.", "Lucía Vargas", "Interior Minister"),
        ("Chief Executive Officer Henrik Dahl left.", "Henrik Dahl", "Chief Executive Officer"),
        ("The suit names Dr. Amina Yusuf.", "Amina Yusuf", "Dr."),
        ("He blamed Mr. Boateng for it.", "Boateng", None),
        ("They met Secretary of State Antony Blinken.", "Antony Blinken", "Secretary of State"),
        ("In court former prime minister Imran Khan smiled.", "Imran Khan", "former prime minister"),
        ("It was what spokeswoman Grace Mwangi said.", "Grace Mwangi", "spokeswoman"),
        ("Coast Guard Commodore Emmanuel Cruz spoke.", "Emmanuel Cruz", "Coast Guard Commodore"),
    ],
)
def test_roles(text: str, name: str, role: str | None) -> None:
    """Titles and roles before a name make a person and stay out of the mention; courtesy titles are no role."""
    person = named(text)[name]
    assert (person.type, person.role) == ("person", role)


@pytest.mark.parametrize(
    "text",
    [
        "However, nothing happened. The rain stopped. Officials declined to comment.",
        "Smoke rose on Monday, Oct. 17. Thousands fled. Running was hard.",
        "It used 300 MW in January at 9 a.m. GMT.",
        "I'm here. I've seen it. We're done.",
    ],
)
def test_ordinary_capitals_are_no_names(text: str) -> None:
    """Sentence openers, dates and units are not entities."""
    assert tag_entities(text) == ()


def test_acronym_takes_the_words_it_abbreviates() -> None:
    """The initials of a bracketed acronym decide how far its long name reaches; both are one entity."""
    found = named("The Union of Food and Store Workers (UFSW) struck. A UFSW leader spoke.")
    assert found["Union of Food and Store Workers"] is found["UFSW"]
    assert [m.text for m in found["UFSW"].mentions] == ["Union of Food and Store Workers", "UFSW", "UFSW"]


def test_definition_in_the_text_beats_the_alias_table() -> None:
    """An acronym that the text defines means what the text says, not what the alias table says."""
    found = named("The Army of Conservation (IS) met. The IS voted.")
    assert found["IS"] is found["Army of Conservation"]
    assert found["IS"].links == {}


def test_surname_remembers_the_person_and_not_the_city() -> None:
    """A surname joins its person even where a city bears it."""
    found = named("Denzel Washington smiled. Washington then left. Mr. Washington waved.")
    assert len(found["Denzel Washington"].mentions) == 3
    assert "place" not in {entity.type for entity in found.values()}


def test_double_surname_remembers_the_person() -> None:
    """Two surnames without the given names join the person too."""
    found = named("Andrés Manuel López Obrador spoke. López Obrador smiled. Obrador left.")
    assert found["López Obrador"] is found["Obrador"] is found["Andrés Manuel López Obrador"]


def test_namesakes_stay_apart() -> None:
    """Two persons who share a given name or a surname are two entities."""
    found = named("Maria Lopez met Maria Okafor and Pedro Okafor.")
    assert len({entity.entity_id for entity in found.values()}) == 3


def test_short_form_of_a_company() -> None:
    """The first word of a company's name stands for the company, also after a preposition of place."""
    found = named("Maplehurst Foods grew. Jobs at Maplehurst are safe.")
    assert found["Maplehurst"] is found["Maplehurst Foods"]


def test_dateline() -> None:
    """A dateline names a place in capitals and an agency; the place joins its usual spelling."""
    found = named("TELUK SENARA, Indonesia, Feb 3 (Alderwire) — A quake shook Teluk Senara.")
    assert found["TELUK SENARA"] is found["Teluk Senara"]
    assert (found["TELUK SENARA"].type, found["TELUK SENARA"].name) == ("place", "Teluk Senara")
    assert found["Alderwire"].type == "organization"


def test_agency_in_a_dateline_is_no_acronym_of_the_place() -> None:
    """A bracket after a place defines nothing."""
    found = named("MEXICO CITY (AP) — The president spoke. The AP was there.")
    assert found["AP"].name == "Associated Press"
    assert found["MEXICO CITY"].name == "Mexico City"


def test_headline_capitals_say_nothing() -> None:
    """In a headline only names of the lexicon are taken."""
    text = "Drought Leaves Zambian Dam Dry, Cities Dark\n\nZambia rations power."
    assert types(text) == {"Zambian": "group", "Zambia": "place"}


def test_place_that_speaks_is_doubtful() -> None:
    """A capital that speaks may be a government: the place is kept with lower confidence."""
    speaks, lies = named("Beijing said no.")["Beijing"], named("It rained in Beijing.")["Beijing"]
    assert speaks.type == lies.type == "place"
    assert speaks.confidence < lies.confidence


def test_dateline_place_is_a_hint() -> None:
    """The place of a dateline outside the text types the same name within it."""
    text = "Vrstovo waited. Nobody left Vrstovo."
    assert named(text, dateline_place="Vrstovo, Serbia")["Vrstovo"].type == "place"


def test_ambiguous_names_have_no_link() -> None:
    """No id is better than a wrong one."""
    found = named("He flew from Georgia to Springfield.")
    assert found["Georgia"].links == {}
    assert found["Springfield"].links == {}


def test_salience_falls_with_position_and_grows_with_count() -> None:
    """What the story is about has salience 1; a late single mention has less."""
    found = named("Ghana voted. " + "Ghana waited. " * 5 + "Togo watched.")
    assert found["Ghana"].salience == 1.0
    assert 0 < found["Togo"].salience < 0.5


@pytest.mark.parametrize(
    "text",
    [
        "FLASH: Manchester City beat Real Madrid.",
        "UPDATE 2-Nigerian troops free hostages in Zamfara",
        "BREAKING: Quake hits Peru",
        "URGENT - Storm nears Cuba, UN says",
    ],
)
def test_labels_of_a_wire_are_no_names(text: str) -> None:
    """What stands in capitals before a headline names nobody; the names behind it are found."""
    names = {entity.name.upper() for entity in tag_entities(text, language="en")}
    assert names
    assert not names & {"FLASH", "UPDATE", "BREAKING", "URGENT"}


def test_the_form_of_a_company_keeps_its_slash() -> None:
    """The span of "Maersk A/S" ends behind the form."""
    found = tag_entities("Shares of Novo Nordisk A/S and Maersk A/S fell on Monday.", language="en")
    assert {mention.text for entity in found for mention in entity.mentions} == {"Novo Nordisk A/S", "Maersk A/S"}


def test_initials_of_a_name_in_the_text() -> None:
    """An acronym that no bracket defines is the organization whose initials it spells."""
    found = named("The Balkan Potash Exchange opened. The BPE is young, and traders liked it. BPE closed early.")
    assert found["BPE"].name == "Balkan Potash Exchange"
    assert [m.text for m in found["BPE"].mentions] == ["Balkan Potash Exchange", "BPE", "BPE"]


def test_initials_of_two_names_are_no_name() -> None:
    """Where two organizations spell the same letters, the acronym is itself."""
    found = named("The Balkan Potash Bank met the Bergen Popular Bank. The BPB closed.")
    assert found["BPB"].name == "BPB"


def test_a_surname_goes_before_a_first_word() -> None:
    """A single name is the person whose surname it is, though another's name begins with it."""
    found = named("Tom Marlow met Marlow Greene in Lagos. Marlow left early.")
    assert found["Tom Marlow"].mentions[-1].text == "Marlow"
