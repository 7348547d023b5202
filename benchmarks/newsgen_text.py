"""The text of generated articles: templates of `newsgen_words.toml` filled with a cast and with figures."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from random import Random
from typing import Any, Final

MIN_BODY: Final = 500
MAX_BODY: Final = 8_000
"""Bytes of a body in UTF-8, inclusive. Lengths lean to the short end, with a mean of about 3 KB, as on wires."""

_LONGEST_PARAGRAPH: Final = 650
_HEDGES: Final = ("", "", "nearly ", "more than ", "at least ", "about ", "up to ", "some ", "almost ", "fewer than ")


@cache
def words() -> dict[str, Any]:
    """Return the vocabulary: word lists, common sentences and topics."""
    return tomllib.loads(Path(__file__).with_name("newsgen_words.toml").read_text(encoding="utf-8"))


class Text:
    """Fills templates: the cast of a story stays, figures are drawn anew for each slot."""

    def __init__(self, shape: Random, figures: Random) -> None:
        lists = words()
        place, country = shape.choice(lists["places"])
        org, acronym = shape.choice(lists["orgs"])
        self._shape = shape
        self._figures = figures
        self.cast: dict[str, str] = {
            "place": place,
            "country": country,
            "org": org,
            "acronym": acronym,
            "weekday": shape.choice(lists["weekdays"]),
            "month": shape.choice(lists["months"]),
            "unit_of_money": shape.choice(lists["currency_names"]),
        }
        self._people = [(shape.choice(lists["titles"]), self.name()) for _ in range(3)]

    def name(self) -> str:
        """Return a person's name."""
        return f"{self._shape.choice(words()['given'])} {self._shape.choice(words()['family'])}"

    def fill(self, template: str) -> str:
        """Return the sentence with its slots filled and its first letter capital."""
        sentence = template.format_map(self)
        return sentence[0].upper() + sentence[1:]

    def __getitem__(self, slot: str) -> str:
        """Return what `str.format_map` puts into a slot."""
        if slot in {"person", "official"}:
            title, name = self._shape.choice(self._people)
            return name if slot == "person" else f"{title} {name}"
        return self.cast.get(slot) or _FIGURES[slot](self._figures)


def _people(random: Random) -> str:
    return random.choice(_HEDGES) + f"{random.randrange(2, 900) * random.choice((50, 100, 1_000)):,}"


def _number(random: Random) -> str:
    return f"{random.randint(11, 4_800):,}"


def _count(random: Random) -> str:
    return random.choice(_HEDGES) + _number(random)


def _small(random: Random) -> str:
    return str(random.choice(words()["number_words"]))


def _range(random: Random) -> str:
    low = random.randrange(10, 900, 5)
    return f"{low} and {low + random.randrange(5, 300, 5)}"


def _money(random: Random) -> str:
    amount = f"{random.uniform(1.1, 980):.1f}"
    scale = random.choice(("million", "billion"))
    if random.random() < 0.5:
        return f"{random.choice(words()['currencies'])}{amount} {scale}"
    return f"{amount} {scale} {random.choice(words()['currency_names'])}"


def _percent(random: Random) -> str:
    return f"{random.uniform(0.4, 97):.1f}" + random.choice((" percent", "%", " per cent"))


def _ratio(random: Random) -> str:
    return random.choice(("one in three", "one in five", "a quarter", "two thirds", "nearly half", "four in ten"))


def _measured(units: str) -> Callable[[Random], str]:
    return lambda random: f"{random.uniform(1.2, 400):.1f} {random.choice(words()[units])}"


def _span(random: Random) -> str:
    return f"{_small(random)} {random.choice(('hours', 'days', 'weeks', 'months', 'years'))}"


def _ordinal(random: Random) -> str:
    return str(random.choice(words()["ordinals"]))


_FIGURES: Final[dict[str, Callable[[Random], str]]] = {
    "people": _people,
    "count": _count,
    "number": _number,
    "small": _small,
    "range": _range,
    "money": _money,
    "percent": _percent,
    "ratio": _ratio,
    "length": _measured("lengths"),
    "area": _measured("areas"),
    "stock": _measured("stocks"),
    "span": _span,
    "ordinal": _ordinal,
}


def body(text: Text, topic: dict[str, Any], shape: Random) -> str:
    """Return a body of `MIN_BODY` to `MAX_BODY` bytes: dateline, lead, then sentences of the topic."""
    target = shape.triangular(MIN_BODY, MAX_BODY - _LONGEST_PARAGRAPH, MIN_BODY)
    dateline = f"{text.cast['place'].upper()}, {text.cast['country']} — "
    paragraphs = [dateline + text.fill(shape.choice(topic["leads"]))]
    size = len(paragraphs[0].encode())
    sentences = _endless(topic["sentences"] + words()["common"], shape)
    while size < target:
        wanted = shape.randint(1, 3)
        paragraph = " ".join(text.fill(next(sentences)) for _ in range(wanted))
        paragraphs.append(paragraph)
        size += len(paragraph.encode()) + 2
    return "\n\n".join(paragraphs)


def _endless(sentences: list[str], shape: Random) -> Iterator[str]:
    while True:
        yield from shape.sample(sentences, len(sentences))
