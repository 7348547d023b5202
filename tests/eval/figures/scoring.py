"""Scores of the figures stage on the gold set: finding, and each field on its own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any

from pipeline.stages.figures import detect_figures
from schemas.figure import Figure
from tests.eval.figures.gold import GoldArticle, GoldFigure

Pair = tuple[GoldFigure, Figure]


def _numbers(figure: Figure) -> tuple[Any, ...]:
    if figure.kind == "ordinal":
        return (figure.value, figure.high)
    return (figure.value,) if figure.value is not None else (figure.low, figure.high)


def _same_value(gold: GoldFigure, figure: Figure) -> bool:
    found = _numbers(figure)
    return len(found) == len(gold.numbers) and all(
        b is not None and abs(a - b) <= abs(a) / 100_000 for a, b in zip(gold.numbers, found, strict=True)
    )


def match(gold: list[GoldFigure], figures: Iterable[Figure]) -> list[Pair]:
    """Pair gold and found figures one to one: spans that overlap and the same number."""
    free = list(figures)
    pairs = []
    for wanted in gold:
        for figure in free:
            if figure.start < wanted.end and wanted.start < figure.end and _same_value(wanted, figure):
                pairs.append((wanted, figure))
                free.remove(figure)
                break
    return pairs


def _places(figure: Figure) -> frozenset[tuple[str, str]]:
    return frozenset((place.role, place.name) for place in figure.places)


def _source(figure: Figure) -> tuple[str, str] | None:
    said = figure.attribution
    return ((said.text or "").removeprefix("the ").lower(), said.cue.lower()) if said else None


def _dates(figure: Figure) -> tuple[str, str] | None:
    when = figure.period
    return (when.start or "", when.end or "") if when and (when.start or when.end) else None


_FIELDS: dict[str, tuple[Callable[[GoldFigure], Any], Callable[[Figure], Any]]] = {
    "unit": (lambda g: (g.kind, g.unit), lambda f: (f.kind, f.unit)),
    "approximation": (lambda g: g.approximation, lambda f: f.approximation),
    "object": (lambda g: g.object.lower() if g.object else None, lambda f: f.object.lower() if f.object else None),
    "term": (lambda g: g.term, lambda f: f.term),
    "places": (lambda g: g.places or None, lambda f: _places(f) or None),
    "source": (lambda g: (g.source[0].lower(), g.source[1].lower()) if g.source else None, _source),
    "period": (lambda g: g.period.lower() if g.period else None, lambda f: f.period.text.lower() if f.period else None),
    "dates": (lambda g: g.dates, _dates),
    "derived": (lambda g: g.derived or None, lambda f: f.unit_derived or None),
    "quoted": (lambda g: g.quoted or None, lambda f: f.quoted or None),
}


def _f1(hits: int, wanted: int, found: int) -> float:
    return round(200 * hits / (wanted + found), 1) if wanted + found else 100.0


def score(articles: list[GoldArticle], report: Callable[[str], None] | None = None) -> dict[str, float]:
    """Return F1 in percent: `value` for finding, every field over all figures, found and wanted.

    A field that neither side gives does not count; `unit` and `approximation` are given by every figure. With
    `report`, each difference is passed to it as one line.
    """
    hits: Counter[str] = Counter()
    wanted: Counter[str] = Counter()
    found: Counter[str] = Counter()
    for article in articles:
        figures = detect_figures(article.text, article.entities, now=article.now, scope=article.name)
        pairs = match(article.figures, figures)
        hits["value"] += len(pairs)
        wanted["value"] += len(article.figures)
        found["value"] += len(figures)
        for name, (of_gold, of_figure) in _FIELDS.items():
            wanted[name] += sum(of_gold(gold) is not None for gold in article.figures)
            found[name] += sum(of_figure(figure) is not None for figure in figures)
            hits[name] += sum(of_gold(g) == of_figure(f) and of_gold(g) is not None for g, f in pairs)
        if report is not None:
            _differences(article, pairs, figures, report)
    return {name: _f1(hits[name], wanted[name], found[name]) for name in ("value", *_FIELDS)}


def _differences(
    article: GoldArticle, pairs: list[Pair], figures: Iterable[Figure], report: Callable[[str], None]
) -> None:
    """Pass on what is missed, what is too much, and every field that differs."""
    matched, used = [gold for gold, _ in pairs], [figure for _, figure in pairs]
    for gold in article.figures:
        if gold not in matched:
            report(f"{article.name}: missed {article.text[gold.start : gold.end]!r}")
    for figure in figures:
        if figure not in used:
            report(f"{article.name}: extra {figure.text!r} {figure.value} {figure.low} {figure.high}")
    for gold, figure in pairs:
        for name, (of_gold, of_figure) in _FIELDS.items():
            if of_gold(gold) != of_figure(figure):
                report(
                    f"{article.name}: {figure.text!r} {name}: {of_gold(gold)!r} is wanted, not {of_figure(figure)!r}"
                )
