"""Hints: what the rules and the gazetteer found, said token by token to the trained tagger."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Iterator, Sequence
from functools import cache
from typing import Final, NamedTuple

from pipeline.stages.entities.candidate import Candidate
from pipeline.stages.entities.tokens import NO_HINT, Tokens
from schemas.entity import EntityType

_SURE: Final = 0.7
_DOUBTFUL: Final = 0.5
_EVIDENT: Final = 0.8
_MAX_EVIDENT: Final = 3
"""Words of a personal name; in longer ones rules and model often differ."""

_NEAR: Final = 2
"""Tokens between which a small word may join two names: "Ministry of Iraq"."""


class Hints(NamedTuple):
    """What the rules say of the tokens of a text."""

    tokens: list[bytes]
    """For each token the type of the rules' name it belongs to, whether it begins it, and how sure that is: "Bor+"
    begins an organization of the rules, "Ipl*" goes on a place of the gazetteer."""
    settled: set[int]
    """Tokens of names that stand for one thing only, and stand alone: no model is asked about them."""
    evident: list[Candidate]
    """Names that stand alone and that a model sees as the rules do, but for a few in a hundred."""
    told: set[int]
    """The tokens of the evident names."""


def is_settled(one: Candidate) -> bool:
    """Tell whether a name stands for one thing only: a people, a country, a row of the alias tables."""
    entry = one.entry
    if one.fixed:
        return True
    if entry is None or entry.weak:
        return False
    return entry.type != "place" or (bool(entry.links) and entry.links[0][0] == "iso3166")


def _is_evident(one: Candidate, *, sport: bool) -> bool:
    """Tell whether a name is a given name with a surname, a title with a name, or a place of the gazetteer.

    In a sports report a city is as often its club.
    """
    if one.confidence < _EVIDENT or is_settled(one):
        return False
    if one.type == "person":
        return 2 <= len(one.words) <= _MAX_EVIDENT
    return one.type == "place" and one.entry is not None and not sport


@cache
def _words(kind: EntityType, sure: int, *, listed: bool) -> tuple[bytes, bytes]:
    """Return the hints for the first token of a name and for the others."""
    about = kind[:2] + ("?", "", "+")[sure] + ("*" if listed else "")
    return b"B" + about.encode(), b"I" + about.encode()


def token_hints(tokens: Tokens, found: Sequence[Candidate], *, sport: bool = False) -> Hints:
    """Return the hints for the tokens of a text, which may be a sports report; `found` is in order."""
    hints = [NO_HINT] * len(tokens.words)
    last = len(hints)
    settled: list[tuple[int, int]] = []
    evident: dict[tuple[int, int], Candidate] = {}
    for one in found:
        if one.type is None:
            continue
        sure = (one.confidence >= _DOUBTFUL) + (one.confidence >= _SURE)
        begins, inside = _words(one.type, sure, listed=one.entry is not None)
        first = i = bisect_left(tokens.starts, one.start)
        while i < last and tokens.starts[i] < one.end:
            hints[i] = begins
            begins = inside
            i += 1
        if is_settled(one):
            settled.append((first, i))
        elif _is_evident(one, sport=sport):
            evident[first, i] = one
    capitals = set(tokens.capitals)
    alone = {i for first, stop in _alone(capitals, settled) for i in range(first, stop)}
    lone = list(_alone(capitals, evident))
    told = {i for first, stop in lone for i in range(first, stop)}
    return Hints(hints, alone, [evident[span] for span in lone], told)


def _alone(capitals: set[int], names: Collection[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Yield the names that have no capital near but those of one another."""
    others = capitals.difference(i for first, stop in names for i in range(first, stop))
    for first, stop in names:
        if others.isdisjoint((*range(first - _NEAR, first), *range(stop, stop + _NEAR))):
            yield first, stop
