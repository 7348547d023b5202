"""What the claims of a sentence share: parts of wholes, rows, comparisons, bounds."""

from __future__ import annotations

import pytest

from schemas.figure import Figure
from tests.figures.reading import entity, one, read, values


def _units(figures: tuple[Figure, ...]) -> list[tuple[str | None, bool]]:
    return [(figure.unit, figure.unit_derived) for figure in figures]


@pytest.mark.parametrize(
    "text",
    [
        "It closed three of its four clinics.",
        "It closed 27 of 34 clinics.",
        "It closed two of the city's five clinics.",
        "It closed seven of the last nine clinics.",
    ],
)
def test_a_part_is_of_the_kind_of_its_whole(text: str) -> None:
    """The number before "of" counts what the number behind it counts, and the record says that it is derived."""
    assert _units(read(text)) == [("clinic", True), ("clinic", False)]


def test_a_share_is_of_the_kind_of_its_whole() -> None:
    """A fraction of a counted group is a share of that group."""
    share = read("It reached one in six of its 480 shops.")[0]
    assert (share.kind, share.unit, share.unit_derived) == ("ratio", "shop", True)


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("It ordered 40 jets with options for 20 more.", "jet"),
        ("It found 17 cases, bringing the total to 203.", "case"),
        ("It closed 41 shops, up from 35.", "shop"),
        ("It costs 60 euros, against 25 in 2019.", "EUR"),
        ("Kunar has 1,200 tents; Laghman 430.", "tent"),
        ("Kunar (1,200 tents) and Laghman (430) were hit.", "tent"),
        ("The room is 30 x 40 feet.", "[ft_i]"),
    ],
)
def test_a_bare_number_takes_the_unit_of_its_neighbour(text: str, unit: str) -> None:
    """Additions, totals, comparisons, rows and sides share a unit; the one that is not written is marked."""
    assert sorted(_units(read(text))) == [(unit, False), (unit, True)]


def test_a_comparison_takes_no_unit_from_a_time() -> None:
    """What a number is compared with is a count, never the hours in which it was counted."""
    assert _units(read("It stopped 137 people in 24 hours, against 94 a day earlier.")) == [
        ("person", False),
        ("h", False),
        ("person", True),
    ]


def test_the_row_of_a_table_names_its_place() -> None:
    """In a table in prose the name before a number is where it holds, and the heading says what happened."""
    text = "Houses destroyed: Norte 212; Oriente 98."
    figures = read(text, [entity(text, "Norte"), entity(text, "Oriente")])
    assert [(f.value, f.unit, f.term, f.places[0].name) for f in figures] == [
        (212, "house", "destroyed", "Norte"),
        (98, "house", "destroyed", "Oriente"),
    ]


@pytest.mark.parametrize("text", ["It has more than 20 but fewer than 30 seats.", "It has over 20 and under 30 seats."])
def test_two_bounds_make_one_range(text: str) -> None:
    """A lower and an upper bound of one number are its range."""
    figure = one(text)
    assert (figure.low, figure.high, figure.approximation, figure.unit) == (20, 30, "range", "seat")


def test_bounds_of_two_things_stay_apart() -> None:
    """A comma parts what happened to some from what happened to others."""
    assert values("It killed at least 12, and up to 40 people are missing.") == ["12", "40"]


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("Some 300 families (1,400 people) fled.", ["displaced", "displaced"]),
        ("Twelve soldiers and three civilians were killed.", ["killed", "killed"]),
        ("It killed 37 people, including 12 women.", ["killed", "killed"]),
        ("It killed 37 people, of whom 12 were women.", ["killed", "killed"]),
        ("Some 500 children under five were vaccinated.", ["vaccinated", None]),
        ("They burned 30 houses and wounded two people.", ["destroyed", "injured"]),
        ("Four bridges and 23 km of road were damaged.", ["damaged", "damaged"]),
        ("They shot down 27 of 34 drones.", ["destroyed", None]),
        ("Police seized 1.4 kg of heroin and three handguns.", ["seized", "seized"]),
    ],
)
def test_a_term_holds_for_all_that_it_governs(text: str, terms: list[str | None]) -> None:
    """Brackets, lists, parts and ages stand between no count and its verb."""
    assert [figure.term for figure in read(text)] == terms


def test_the_dead_of_a_list_stay_dead() -> None:
    """A noun that names the dead governs the list behind its verb."""
    assert {figure.term for figure in read("The dead include 11 rebels, five soldiers and three civilians.")} == {
        "killed"
    }
