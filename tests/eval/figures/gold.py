"""Reader of the gold set: news-like articles of our own with every figure annotated in place.

An article starts with `# name`; lines with `@` give its date (else that of the article
before) and its named entities. A figure is written as
`[[surface|value approximation kind unit|field|…]]`:

- value: a number, `low..high`, or `rank/total`; approximation: `=` exact, `~` about, `>` more than, `<` less than,
  `>=` at least, `<=` at most, `..` range, `*` several, an ordinal has `=`;
- unit: as in the record with `_` for a space; `!` behind it means derived; `-` means none;
- fields: `obj …`, `term …`, `in|from|to place`, `by source/cue`, `when words`, `dates start..end`, `q` for quoted.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

from schemas.entity import Entity, EntityType, Mention
from schemas.ids import content_digest, entity_id

FOLDER = Path(__file__).parent / "gold"
BLIND = Path(__file__).parent / "blind"

_MARK = re.compile(r"\[\[([^\]|]+)\|([^\n]+?)\]\](?!\])")
_APPROXIMATIONS = {
    "=": "exact", "~": "about", ">": "more_than", "<": "less_than", ">=": "at_least", "<=": "at_most", "..": "range",
    "*": "several",
}  # fmt: skip
_TYPES: dict[str, EntityType] = {"place": "place", "organization": "organization", "person": "person"}


@dataclass(slots=True)
class GoldFigure:
    """One annotated figure; `numbers` is the value, or low and high, or rank and total."""

    start: int
    end: int
    numbers: tuple[Decimal, ...]
    approximation: str
    kind: str
    unit: str | None
    derived: bool
    object: str | None = None
    term: str | None = None
    places: frozenset[tuple[str, str]] = frozenset()
    source: tuple[str, str] | None = None
    period: str | None = None
    dates: tuple[str, str] | None = None
    quoted: bool = False


@dataclass(slots=True)
class GoldArticle:
    """One annotated article."""

    name: str
    register: str
    text: str
    now: datetime
    entities: tuple[Entity, ...]
    figures: list[GoldFigure] = field(default_factory=list)


def _annotate(figure: GoldFigure, note: str) -> None:
    key, _, rest = note.partition(" ")
    if key == "obj":
        figure.object = rest
    elif key == "term":
        figure.term = rest
    elif key in ("in", "from", "to"):
        figure.places |= {(key, rest)}
    elif key == "by":
        source, _, cue = rest.partition("/")
        figure.source = (source, cue)
    elif key == "when":
        figure.period = rest
    elif key == "dates":
        start, _, end = rest.partition("..")
        figure.dates = (start, end)
    elif key == "q":
        figure.quoted = True
    else:
        raise ValueError(f"unknown field {note!r}")


def _figure(start: int, surface: str, notes: str) -> GoldFigure:
    head, *fields = re.split(r"\|(?=obj |term |in |from |to |by |when |dates |q\b)", notes)
    value, approximation, kind, *unit = head.split(" ", 3)
    numbers = tuple(Decimal(part) for part in re.split(r"\.\.|/", value))
    code = unit[0] if unit else "-"
    code = code if "[" in code else code.replace("_", " ")
    derived = code.endswith("!")
    code = code.rstrip("!")
    figure = GoldFigure(
        start,
        start + len(surface),
        numbers,
        _APPROXIMATIONS[approximation],
        kind,
        None if code == "-" else code,
        derived,
    )
    for note in fields:
        _annotate(figure, note)
    return figure


def _entities(text: str, names: dict[str, list[str]]) -> tuple[Entity, ...]:
    found = []
    for kind, listed in names.items():
        for name in listed:
            spots = re.finditer(rf"(?<!\w){re.escape(name)}(?!\w)", text)
            mentions = tuple(Mention(start=spot.start(), end=spot.end(), text=name) for spot in spots)
            if mentions:
                kind_ = _TYPES[kind]
                key = entity_id(kind_, name)
                found.append(
                    Entity(entity_id=key, type=kind_, name=name, mentions=mentions, salience=0.5, confidence=0.9)
                )
    return tuple(found)


def _article(name: str, register: str, body: str, date: str) -> GoldArticle:
    lines = body.strip().split("\n")
    header = [line[1:].partition(" ") for line in lines if line.startswith("@")]
    names = {key: value.split("; ") for key, _, value in header if key in _TYPES}
    date = next((value for key, _, value in header if key == "date"), date)
    marked = "\n".join(line for line in lines if not line.startswith("@"))
    text, figures, last = "", [], 0
    for match in _MARK.finditer(marked):
        text += marked[last : match.start()]
        figures.append(_figure(len(text), match[1], match[2]))
        text += match[1]
        last = match.end()
    text += marked[last:]
    return GoldArticle(
        name, register, text, datetime.fromisoformat(date).replace(tzinfo=UTC), _entities(text, names), figures
    )


def read_gold(folder: Path = FOLDER) -> list[GoldArticle]:
    """Return all gold articles in the order of their files."""
    articles: list[GoldArticle] = []
    for path in sorted(folder.glob("*.txt")):
        date = ""
        for part in re.split(r"^# ", path.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]:
            name, _, body = part.partition("\n")
            articles.append(_article(name.strip(), path.stem, body, date))
            date = articles[-1].now.date().isoformat()
    return articles


def gold_digest(folder: Path = FOLDER) -> str:
    """Return the digest of the gold set: file names and bytes."""
    parts = [path.name.encode() + b"\0" + path.read_bytes() for path in sorted(folder.glob("*.txt"))]
    return content_digest(b"\0".join(parts))
