"""How exact, what happened, where, who says so, when."""

from __future__ import annotations

import pytest

from tests.figures.reading import entity, one, read


@pytest.mark.parametrize(
    ("text", "kind", "low", "high"),
    [
        ("It has 40 members.", "exact", None, None),
        ("It has about 40 members.", "about", None, None),
        ("It has some 40 members.", "about", None, None),
        ("It has an estimated 40 members.", "about", None, None),
        ("It has 40 members or so.", "about", None, None),
        ("It has more than 40 members.", "more_than", 40, None),
        ("It has over 40 members.", "more_than", 40, None),
        ("It has nearly 40 members.", "less_than", None, 40),
        ("It has almost 40 members.", "less_than", None, 40),
        ("It has fewer than 40 members.", "less_than", None, 40),
        ("It has at least 40 members.", "at_least", 40, None),
        ("It has 40 or more members.", "at_least", 40, None),
        ("It has up to 40 members.", "at_most", None, 40),
        ("It has as many as 40 members.", "at_most", None, 40),
    ],
)
def test_approximation_gives_bounds_on_the_right_side(text: str, kind: str, low: int | None, high: int | None):
    """A "nearly" is an upper bound, a "more than" a lower one; the value stays the stated number."""
    figure = one(text)
    assert (figure.approximation, figure.low, figure.high, figure.value) == (kind, low, high, 40)


def test_the_cue_of_an_approximation_is_pointed_at():
    """The span of the cue is where the text says it."""
    text = "It has nearly 210,000 members."
    cue = one(text).approximation_cue
    assert cue is not None
    assert text[cue.start : cue.end] == "nearly"


def test_over_a_time_is_a_stretch_and_not_a_bound():
    """The words "over 18 months" bound nothing; "for over 18 months" do."""
    assert read("It lost 35% over 18 months.")[1].approximation == "exact"
    assert one("It lasted for over 18 months.").approximation == "more_than"


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("The blast killed 12 people and injured 30.", ["killed", "injured"]),
        ("Some 12 people were killed and 30 wounded.", ["killed", "injured"]),
        ("They buried 12 dead and tended 30 wounded.", ["killed", "injured"]),
        ("It killed 12 soldiers and three civilians.", ["killed", "killed"]),
        ("The death toll rose to 35.", ["killed"]),
        ("More than 40,000 fled their homes.", ["displaced"]),
        ("The number of those displaced rose to nearly 210,000.", ["displaced"]),
        ("Floods destroyed 35 homes.", ["destroyed"]),
        ("Some 35 homes were destroyed and 115 damaged.", ["destroyed", "damaged"]),
        ("Dozens were killed in attacks on two mosques.", ["killed", None]),
        ("Police arrested nine suspects.", ["detained"]),
        ("The firm has nine offices.", [None]),
        ("Some 150,000 have returned to their homes.", ["returned"]),
    ],
)
def test_the_term_says_what_happened_to_what_is_counted(text: str, terms: list[str | None]):
    """Each figure gets the term that governs it, and things are never killed."""
    assert [figure.term for figure in read(text)] == terms


def test_places_have_roles():
    """Where, from where, and to where are told apart."""
    text = "Some 1,500 refugees crossed from Tessal into Adran."
    figure = one(text, [entity(text, "Tessal"), entity(text, "Adran")])
    assert [(place.name, place.role) for place in figure.places] == [("Tessal", "from"), ("Adran", "to")]


def test_the_nearest_preposition_decides_the_role():
    """Who "fled the fighting in Syria's north" fled in Syria."""
    text = "Around 66,000 people have fled the fighting in Syria’s north."
    assert [(p.name, p.role) for p in one(text, [entity(text, "Syria")]).places] == [("Syria", "in")]


def test_what_a_place_owns_is_in_it():
    """A place in the possessive right before the number comes before any other place."""
    text = "All of Mosul’s five bridges over the Tigris were destroyed."
    assert [p.name for p in one(text, [entity(text, "Mosul"), entity(text, "Tigris")]).places] == ["Mosul"]


def test_a_count_of_people_stays_where_the_story_is():
    """A count that names no place is tied to the one named just before, less surely."""
    text = "In Larkand 23 people were killed.\n\nAnother 61 were wounded."
    first, second = read(text, [entity(text, "Larkand")])
    assert [place.name for place in second.places] == ["Larkand"]
    assert second.confidence < first.confidence


@pytest.mark.parametrize(
    ("text", "source", "cue"),
    [
        ("Nearly 210,000 fled, according to the United Nations.", "United Nations", "according to"),
        ("Around 66,000 people fled, UN humanitarian agency OCHA said.", "UN humanitarian agency OCHA", "said"),
        ("The army believes several thousand militants are left.", "army", "believes"),
        ("“We have 40 beds,” said Rana Oz, a nurse.", "Rana Oz", "said"),
        ("Officials reported 12 deaths.", "Officials", "reported"),
        ("It has 12 rooms.", None, None),
    ],
)
def test_the_source_is_who_says_so(text: str, source: str | None, cue: str | None):
    """The source and the words that attribute are taken from either side of the claim."""
    said = one(text).attribution
    assert (said.text if said else None, said.cue if said else None) == (source, cue)


def test_a_known_source_is_linked():
    """A source that the article's entities know carries its id; of nested names the head counts."""
    text = "Around 66,000 people fled, UN humanitarian agency OCHA said."
    names = [entity(text, "UN", "organization"), entity(text, "OCHA", "organization")]
    said = one(text, names).attribution
    assert said is not None
    assert said.entity_id == "ocha"


def test_a_hedge_is_kept():
    """A hedge is kept in the words of the text."""
    said = one("The population, which agencies estimated to number 750,000, is trapped.").attribution
    assert said is not None
    assert said.hedge == "estimated"


def test_quotation_marks_are_noticed():
    """A figure inside quotation marks says so; one outside does not."""
    quoted, plain = read("“We lost 40 men,” he said. The army lost 12 tanks.")
    assert (quoted.quoted, plain.quoted) == (True, False)


@pytest.mark.parametrize(
    ("words", "start", "end", "accuracy"),
    [
        ("in the past week", "2024-03-06", "2024-03-13", "day"),
        ("over the last three months", "2023-12-13", "2024-03-13", "day"),
        ("since Oct. 17", "2023-10-17", "2024-03-13", "day"),
        ("since January 2021", "2021-01-01", "2024-03-13", "month"),
        ("since 2019", "2019-01-01", "2024-03-13", "year"),
        ("in 2016", "2016-01-01", "2016-12-31", "year"),
        ("between January and February", "2024-01-01", "2024-02-29", "month"),
        ("on Monday", "2024-03-11", "2024-03-11", "day"),
        ("last year", "2023-01-01", "2023-12-31", "year"),
        ("last month", "2024-02-01", "2024-02-29", "month"),
        ("this year", "2024-01-01", "2024-03-13", "year"),
        ("yesterday", "2024-03-12", "2024-03-12", "day"),
        ("by 2030", None, "2030-12-31", "year"),
        ("in recent days", None, None, None),
    ],
)
def test_a_period_is_resolved_against_the_date_of_the_article(
    words: str, start: str | None, end: str | None, accuracy: str | None
):
    """Relative and partial dates become ISO dates with their accuracy; vague words stay words."""
    period = read(f"Some 40 people died {words}.")[0].period
    assert period is not None
    assert (period.text, period.start, period.end, period.accuracy) == (words, start, end, accuracy)


def test_a_period_without_a_date_stays_unresolved():
    """Without the article's date nothing is invented."""
    from pipeline.stages.figures import detect_figures

    period = detect_figures("Some 40 people died in the past week.")[0].period
    assert period is not None
    assert (period.text, period.start, period.end) == ("in the past week", None, None)


@pytest.mark.parametrize(
    "text",
    [
        "Sales are up 14% from last year.",
        "It was its best result since 1980, with 118 seats.",
        "The army said on Monday 12 died.",
    ],
)
def test_what_a_figure_is_compared_with_is_not_its_period(text: str):
    """The base of a comparison, and the day on which something was said, are not when it happened."""
    assert read(text)[0].period is None
