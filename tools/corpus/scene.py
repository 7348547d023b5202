"""Where a sentence plays: one country gives most of its places and people, so that they go together."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

from tools.corpus.lexicon import WELL_KNOWN, Country, Culture, Lexicon
from tools.corpus.records import Span

AT_HOME = 0.75
"""How often a person or a city is of the country of the sentence."""

FAMOUS = 0.09
"""How often a person is one whom readers know."""

BIG_CITIES = 0.35
"""How often a city is one of the ten largest of its country."""

_PART = re.compile(r"\{([gmfsi])\}")


@dataclass(frozen=True, slots=True)
class Form:
    """A piece of text with the names in it."""

    text: str
    spans: tuple[Span, ...] = ()

    @classmethod
    def name(cls, text: str, label: str) -> Form:
        """Return a form that is one name; an article before it stays outside."""
        skip = 4 if text.startswith(("the ", "The ") if label == "ORG" else "the ") else 0
        return cls(text, (Span(skip, len(text), label),) if label else ())


@dataclass(slots=True)
class Scene:
    """One sentence's country, and the dice."""

    lexicon: Lexicon
    rng: Random
    home: Country
    seen: set[str] = field(default_factory=set)
    """What was already named: two slots for countries are two countries."""

    def person(self) -> dict[str, Form]:
        """Return a person's forms: "" in full, `last`, `first`."""
        lexicon, rng = self.lexicon, self.rng
        dice = rng.random()
        if dice < FAMOUS:
            culture = lexicon.cultures[WELL_KNOWN]
        elif dice < FAMOUS + AT_HOME:
            culture = lexicon.cultures[rng.choice(self.home.cultures)]
        else:
            culture = lexicon.cultures[rng.choice([name for name in lexicon.cultures if name != WELL_KNOWN])]
        return {form: Form.name(text, "PER") for form, text in _person(culture, rng).items()}

    def surname(self) -> dict[str, Form]:
        """Return a surname as a bare word, for names of companies and places."""
        return {"": Form(self.rng.choice(self.lexicon.cultures[self.rng.choice(self.home.cultures)].surname))}

    def given(self) -> dict[str, Form]:
        """Return a given name as a bare word."""
        return {"": Form(self.rng.choice(self.lexicon.cultures[self.rng.choice(self.home.cultures)].given))}

    def country(self) -> dict[str, Form]:
        """Return a country's forms: the home first, then others."""
        country = self.home if self.home.iso not in self.seen else self.abroad()
        self.seen.add(country.iso)
        forms = {"": (country.name, "LOC"), "capital": (country.capital, "LOC")}
        forms |= {"adj": (country.adj, "NORP"), "people": (country.people, "NORP")}
        forms["bare"] = (country.name.removeprefix("the "), "LOC")
        return {form: Form.name(text, label) for form, (text, label) in forms.items()}

    def abroad(self) -> Country:
        """Return a country that has not been named yet."""
        while True:
            country = pick_country(self.lexicon, self.rng)
            if country.iso not in self.seen:
                return country

    def city(self) -> dict[str, Form]:
        """Return a city, most often one at home."""
        while True:
            at_home = self.rng.random() < AT_HOME and self.home.iso in self.lexicon.cities
            iso = self.home.iso if at_home else pick_country(self.lexicon, self.rng).iso
            cities = self.lexicon.cities.get(iso, ())
            cities = cities[:10] if self.rng.random() < BIG_CITIES else cities
            if cities and (name := self.rng.choice(cities)) not in self.seen | {self.home.name}:
                self.seen.add(name)
                return {"": Form.name(name, "LOC")}
            if at_home and len(self.lexicon.cities[self.home.iso]) < 5:
                self.seen.discard(next(iter(cities), ""))


def pick_country(lexicon: Lexicon, rng: Random, among: frozenset[str] = frozenset()) -> Country:
    """Return a country, of those with the given codes if any are; those often in the news come more often."""
    countries = [country for country in lexicon.countries if not among or country.iso in among]
    return rng.choices(countries, [country.weight for country in countries])[0]


def _person(culture: Culture, rng: Random) -> dict[str, str]:
    if not culture.grammar:
        return _forms(rng.choice(culture.given))
    fillers: dict[str, Callable[[], str]] = {
        "g": lambda: rng.choice(culture.given),
        "m": lambda: rng.choice(culture.male),
        "f": lambda: rng.choice(culture.female),
        "s": lambda: rng.choice(culture.surname),
        "i": lambda: rng.choice("ABCDEFGHJKLMNPRSTVWYZ") + ".",
    }
    return _forms(_PART.sub(lambda match: fillers[match.group(1)](), rng.choice(culture.grammar)))


def _forms(marked: str) -> dict[str, str]:
    """Return the forms of a name in which asterisks enclose what it is called on second mention."""
    before, star, rest = marked.partition("*")
    last, _, after = rest.partition("*")
    if not star:
        last = marked.rpartition(" ")[2]
    full = marked.replace("*", "")
    first = (before.strip() or after.strip() or last).split(" ")[0]
    return {"": full, "last": last, "first": first}
