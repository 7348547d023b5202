"""Reader of the gold names: the texts are the gold articles of the figures, the names stand in `gold.tsv`."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from typing import NamedTuple

from tests.eval.figures.gold import read_gold as read_articles

TABLE = Path(__file__).parent / "gold.tsv"


class Name(NamedTuple):
    """One mention: code points into the text, end-exclusive, and the type of the contract."""

    start: int
    end: int
    type: str


class GoldText(NamedTuple):
    """An article with its names, left to right."""

    article: str
    text: str
    names: tuple[Name, ...]


def read_gold() -> list[GoldText]:
    """Return the annotated articles.

    Raises:
        ValueError: an article lacks its row, a row its article, or a name does not stand in its article.
    """
    rows = {}
    for line in TABLE.read_text("utf-8").splitlines():
        if not line.startswith("#"):
            article, *cells = line.split("\t")
            rows[article] = cells
    articles = {article.name: article.text for article in read_articles()}
    if rows.keys() != articles.keys():
        raise ValueError(f"table and articles differ: {sorted(rows.keys() ^ articles.keys())}")
    return [GoldText(name, text, _names(name, text, rows[name])) for name, text in articles.items()]


def _names(article: str, text: str, cells: list[str]) -> tuple[Name, ...]:
    """Return the mentions of a row's names: longer names first, so that no name is found inside another."""
    found: list[Name] = []
    pairs = sorted(zip(cells[::2], cells[1::2], strict=False), key=lambda pair: -len(pair[1]))
    for kind, name in pairs:
        spans = [match.span() for match in re.finditer(rf"(?<!\w){re.escape(name)}(?!\w)", text)]
        free = [span for span in spans if all(span[1] <= one.start or one.end <= span[0] for one in found)]
        if not free:
            raise ValueError(f"{article}: {name!r} does not stand in the text")
        found += [Name(*span, kind) for span in free]
    return tuple(sorted(found))


def gold_digest() -> str:
    """Return the digest of texts and names: a score belongs to exactly these."""
    digest = hashlib.blake2b(digest_size=16)
    for gold in read_gold():
        digest.update(repr(gold).encode())
    return digest.hexdigest()
