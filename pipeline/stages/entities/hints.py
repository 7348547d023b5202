"""Hints: what the rules and the gazetteer found, said token by token to the trained tagger."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from functools import cache
from typing import Final, NamedTuple

from pipeline.stages.entities.candidate import Candidate
from pipeline.stages.entities.tokens import NO_HINT, Tokens
from schemas.entity import EntityType

_SURE: Final = 0.7
_DOUBTFUL: Final = 0.5
_NEAR: Final = 2
"""Tokens between which a small word may join two names: "Ministry of Iraq"."""


class Hints(NamedTuple):
    """What the rules say of the tokens of a text."""

    tokens: list[bytes]
    """For each token the type of the rules' name it belongs to, whether it begins it, and how sure that is: "Bor+"
    begins an organization of the rules, "Ipl*" goes on a place of the gazetteer."""
    settled: set[int]
    """Tokens of names that stand for one thing only, and stand alone: no model is asked about them."""


def is_settled(one: Candidate) -> bool:
    """Tell whether a name stands for one thing only: a people, a country, a row of the alias tables."""
    entry = one.entry
    if one.fixed:
        return True
    if entry is None or entry.weak:
        return False
    return entry.type != "place" or (bool(entry.links) and entry.links[0][0] == "iso3166")


@cache
def _words(kind: EntityType, sure: int, *, listed: bool) -> tuple[bytes, bytes]:
    """Return the hints for the first token of a name and for the others."""
    about = kind[:2] + ("?", "", "+")[sure] + ("*" if listed else "")
    return b"B" + about.encode(), b"I" + about.encode()


def token_hints(tokens: Tokens, found: Sequence[Candidate]) -> Hints:
    """Return the hints for the tokens of a text; `found` is in order."""
    hints = [NO_HINT] * len(tokens.words)
    last = len(hints)
    settled: list[tuple[int, int]] = []
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
    return Hints(hints, _alone(tokens, settled))


def _alone(tokens: Tokens, settled: list[tuple[int, int]]) -> set[int]:
    """Return the tokens of settled names that have no other capital near."""
    inside = {i for first, stop in settled for i in range(first, stop)}
    others = set(tokens.capitals) - inside
    alone: set[int] = set()
    for first, stop in settled:
        if others.isdisjoint((*range(first - _NEAR, first), *range(stop, stop + _NEAR))):
            alone.update(range(first, stop))
    return alone
