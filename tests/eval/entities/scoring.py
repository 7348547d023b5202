"""Scores of the entity stage on a gold set.

A name counts when its span is exact, and typed when its type is too. `strict` is the measure of public sets: persons,
organizations and places with facilities, exact span and type.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import combinations
from typing import Final, NamedTuple

from pipeline.stages.entities import tag_entities
from tests.eval.entities.gold import GoldSet
from tests.eval.entities.marked import GoldText, Name

Out = Callable[[str], object]

_STRICT: Final = {"person": "person", "organization": "organization", "place": "place", "facility": "place"}
_KINDS: Final = ("person", "organization", "place", "facility", "group", "event", "product")


class _Read(NamedTuple):
    """What the stage made of a text: names as in the gold, numbered by entity."""

    gold: GoldText
    found: tuple[Name, ...]


def score(gold: GoldSet, *, report: Out | None = None) -> dict[str, float]:
    """Return F1 in percent of spans, of spans with types, of the strict measure, and of each type; and how names join.

    Where the marks know it: `joined`, F1 of the pairs of differently written names that mean one thing, among names
    found; `links_right`, the share of our titles that the gold confirms, and `links_found`, the share of its titles.
    """
    read = [_read(text) for text in gold.texts]
    theirs, ours = (
        _keys((one.gold.article, one.gold.names) for one in read),
        _keys((o.gold.article, o.found) for o in read),
    )
    result = {"span": _f1({key[:3] for key in theirs}, {key[:3] for key in ours}), "typed": _f1(theirs, ours)}
    result["strict"] = _f1(_strict(theirs), _strict(ours))
    for kind in _KINDS:
        if kinds := {key for key in theirs if key[3] == kind}:
            result[kind] = _f1(kinds, {key for key in ours if key[3] == kind})
    if gold.joined:
        result |= _joined(read) | _links(read)
    if report is not None:
        for one in read:
            _tell(one, joined=gold.joined, report=report)
    return result


_Key = tuple[str, int, int, str]


def _read(text: GoldText) -> _Read:
    found = [
        Name(mention.start, mention.end, entity.type, number, entity.links.get("wikipedia", ""))
        for number, entity in enumerate(tag_entities(text.text), 1)
        for mention in entity.mentions
    ]
    return _Read(text, tuple(sorted(found)))


def _keys(names: Iterator[tuple[str, tuple[Name, ...]]]) -> set[_Key]:
    return {(article, name.start, name.end, name.type) for article, many in names for name in many}


def _strict(keys: set[_Key]) -> set[_Key]:
    return {(*key[:3], _STRICT[key[3]]) for key in keys if key[3] in _STRICT}


def _joined(read: list[_Read]) -> dict[str, float]:
    """Score joining alone: only names that both sides cut alike, and only pairs that are spelled differently."""
    together: list[set[tuple[object, ...]]] = [set(), set()]
    for one in read:
        text = one.gold.text
        theirs, ours = ({name[:2]: name.thing for name in side} for side in (one.gold.names, one.found))
        shared = sorted(theirs.keys() & ours.keys())
        for (a, b), (c, d) in combinations(shared, 2):
            if text[a:b].casefold() != text[c:d].casefold():
                for side, pairs in zip((theirs, ours), together, strict=True):
                    if side[a, b] == side[c, d]:
                        pairs.add((one.gold.article, a, c))
    return {"joined": _f1(*together)}


def _links(read: list[_Read]) -> dict[str, float]:
    right = given = titled = 0
    for one in read:
        ours = {name[:2]: name.title for name in one.found}
        for name in one.gold.names:
            title = ours.get(name[:2], "")
            given += bool(title)
            titled += bool(name.title)
            right += bool(title) and title == name.title
    return {"links_right": _percent(right, given), "links_found": _percent(right, titled)}


def _tell(one: _Read, *, joined: bool, report: Out) -> None:
    """Report every difference of a text."""
    text, article = one.gold.text, one.gold.article
    theirs, ours = ({name[:3]: name for name in side} for side in (one.gold.names, one.found))
    for start, end, kind in sorted(theirs.keys() ^ ours.keys()):
        what = "missed" if (start, end, kind) in theirs else "extra "
        near = f"{text[max(0, start - 30) : start]}[{text[start:end]}]{text[end : end + 20]}".replace("\n", " / ")
        report(f"{what} {article}: {near} ({kind})\n")
    if joined:
        for key in sorted(theirs.keys() & ours.keys()):
            gold, title = theirs[key].title, ours[key].title
            if gold != title:
                what = "unlinked" if not title else "linked  "
                report(f"{what} {article}: {text[key[0] : key[1]]}: {title or '-'}, gold {gold or '-'}\n")


def _f1(gold: set[tuple[object, ...]] | set[_Key], found: set[tuple[object, ...]] | set[_Key]) -> float:
    return _percent(2 * len(gold & found), len(gold) + len(found))


def _percent(part: int, whole: int) -> float:
    return round(100 * part / max(1, whole), 1)
