"""The gold sets of names: the gold articles of the figures, and news written and marked for this alone.

`articles` has its texts from `tests/eval/figures/gold` and its names in `gold.tsv`. `world` (newspapers and conflict
notes), `agency` (wires and American papers) and `blind` (both kinds) carry their marks in the text (`marked.py`); their
authors knew nothing of the code. The errors in `world` and `agency` were read and rules made in answer; those in
`blind` never were, so that it tells what a new text may expect. Nobody should look at it.
"""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from typing import NamedTuple

from tests.eval.entities.marked import GoldText, Name, read_marked
from tests.eval.figures.gold import read_gold as read_articles

HERE = Path(__file__).parent
TABLE = HERE / "gold.tsv"


class GoldSet(NamedTuple):
    """Texts with their names."""

    name: str
    texts: list[GoldText]
    joined: bool
    """Whether the marks say which names mean one thing, and what its article is."""


def read_gold() -> list[GoldSet]:
    """Return the sets.

    Raises:
        ValueError: an article lacks its row, a row its article, a name does not stand in its article, or a mark is
            badly written.
    """
    marked = (GoldSet(name, read_marked(HERE / name), joined=True) for name in ("world", "agency", "blind"))
    return [GoldSet("articles", _articles(), joined=False), *marked]


def _articles() -> list[GoldText]:
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
