"""Scores of the entity stage on gold texts: a name counts when its span is exact, typed when its type is too."""

from __future__ import annotations

from collections.abc import Callable

from pipeline.stages.entities import tag_entities
from tests.eval.entities.gold import GoldText

_FIGURES = 1


def score(texts: list[GoldText], *, report: Callable[[str], object] | None = None) -> dict[str, float]:
    """Return F1 in percent of spans, of spans with types, and of spans by what the gold calls them."""
    gold, found = _pairs(texts)
    result = {"span": _f1({name[:3] for name in gold}, {name[:3] for name in found}), "typed": _f1(gold, found)}
    for kind in ("person", "organization", "place"):
        result[kind] = _f1({n for n in gold if n[3] == kind}, {n for n in found if n[3] == kind})
    if report is not None:
        for text in texts:
            for name in sorted((gold ^ found), key=lambda name: name[:3]):
                if name[0] == text.article:
                    found_or_not = "missed" if name in gold else "extra "
                    report(f"{found_or_not} {name[0]}: {text.text[name[1] : name[2]]} ({name[3]})\n")
    return result


_Key = tuple[str, int, int, str]


def _pairs(texts: list[GoldText]) -> tuple[set[_Key], set[_Key]]:
    gold: set[_Key] = set()
    found: set[_Key] = set()
    for text in texts:
        gold |= {(text.article, *name) for name in text.names}
        for entity in tag_entities(text.text):
            found |= {(text.article, mention.start, mention.end, entity.type) for mention in entity.mentions}
    return gold, found


def _f1(gold: set[tuple[object, ...]] | set[_Key], found: set[tuple[object, ...]] | set[_Key]) -> float:
    return round(200 * len(gold & found) / max(1, len(gold) + len(found)), _FIGURES)
