"""Golden output: every seed through the stages, field by field. `--update-goldens` writes what comes out today.

A change of the goldens is a change of what desks receive: read the difference before you commit it.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson

from pipeline.enrich import enrich_item
from pipeline.intake import Rejected, read_items
from schemas import EnrichedArticle, RawItem

SEEDS = Path(__file__).parent.parent / "seeds"
GOLDEN = Path(__file__).parent / "goldens" / "seeds.jsonl"
RECEIVED_AT = datetime(2026, 1, 1, tzinfo=UTC)


def items(folder: Path) -> list[RawItem]:
    """Return the items of a folder; every one must be readable."""
    found = list(read_items(folder, source="seeds", received_at=RECEIVED_AT))
    assert not [entry for entry in found if isinstance(entry, Rejected)]
    return [entry for entry in found if isinstance(entry, RawItem)]


def enriched(folder: Path) -> Iterator[EnrichedArticle]:
    """Return the enriched articles of a folder."""
    for item in items(folder):
        yield from enrich_item(item)


def plain(article: EnrichedArticle) -> dict[str, Any]:
    """Return an article as its JSON reads, without the one field that differs between runs."""
    data: dict[str, Any] = orjson.loads(article.to_json())
    del data["timings"]
    return data


def test_seeds_give_their_golden_articles(update_goldens: bool) -> None:
    """Nothing that desks receive changes unnoticed."""
    articles = [plain(article) for article in enriched(SEEDS)]
    if update_goldens:
        GOLDEN.parent.mkdir(exist_ok=True)
        GOLDEN.write_bytes(b"".join(orjson.dumps(article) + b"\n" for article in articles))
    golden = [orjson.loads(line) for line in GOLDEN.read_bytes().splitlines()]
    assert [article["headline"] for article in articles] == [article["headline"] for article in golden]
    for article, wanted in zip(articles, golden, strict=True):
        for field in wanted.keys() | article.keys():
            assert article.get(field) == wanted.get(field), f"{wanted['headline']}: {field}"


def test_the_same_seed_gives_the_same_bytes() -> None:
    """Twice the same input, twice the same bytes: no order of sets, no clock, no address leaks into a record."""
    first, second = ([article.to_json() for article in enriched(SEEDS)] for _ in range(2))
    assert first == second


def test_every_span_is_its_slice() -> None:
    """Offsets are code points into the text, end-exclusive, always."""
    for article in enriched(SEEDS):
        for found in (*(mention for entity in article.entities for mention in entity.mentions), *article.figures):
            assert article.text[found.start : found.end] == found.text
        ids = [entity.entity_id for entity in article.entities]
        assert len(ids) == len(set(ids)), "one record per entity per article version"
        figures = [figure.figure_id for figure in article.figures]
        assert len(figures) == len(set(figures))
