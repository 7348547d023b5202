"""Where: the places of the article that a claim is tied to, with their role."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from pipeline.stages.figures.claims import Claim
from pipeline.stages.figures.tokens import Tokens
from schemas.entity import Entity, Mention
from schemas.figure import PlaceRole

Role = Literal["in", "from", "to"]

_MAX_PLACES: Final = 3
_LOOK_BACK: Final = 48  # characters before a place in which its preposition stands
_ROLE = re.compile(
    r"(?s:.*)(?<!\w)(?:(?P<from>from|out of|fled|leaving|left)|(?P<to>to|into|toward|towards|onto|reached|entered)"
    r"|(?P<in>in|at|near|across|around|outside|throughout|within|inside|on|of|off|over|along|north|south|east|west))"
    r"(?:\s+the)?(?:\s+(?!and\b|or\b)[\w'’-]+){0,3}\s*\Z",
    re.IGNORECASE,
)


@dataclass(slots=True)
class Named:
    """A mention of an entity, in the order of the text."""

    mention: Mention
    entity: Entity


def mentions_of(entities: Sequence[Entity]) -> list[Named]:
    """Return every mention of the entities, sorted by where it stands."""
    found = [Named(mention, entity) for entity in entities for mention in entity.mentions]
    found.sort(key=lambda named: (named.mention.start, -named.mention.end))
    return found


def within(named: list[Named], starts: list[int], begin: int, end: int) -> list[Named]:
    """Return the mentions that start between two offsets."""
    return named[bisect_left(starts, begin) : bisect_left(starts, end)]


def role_of(text: str, begin: int, start: int) -> Role | None:
    """Return the role that the words before a place give it, or nothing where no preposition stands there."""
    found = _ROLE.match(text, max(begin, start - _LOOK_BACK), start)
    if found is None:
        return None
    return "from" if found["from"] else "to" if found["to"] else "in"


def _candidates(t: Tokens, named: list[Named], taken: set[int]) -> list[tuple[int, Role | None, Named]]:
    places = []
    for one in named:
        if one.entity.type not in ("place", "facility") or one.mention.start in taken:
            continue
        role = role_of(t.text, t.begin, one.mention.start)
        after = t.text[one.mention.end : one.mention.end + 2]
        if role is None and after in ("'s", "’s"):
            role = "in"
        places.append((one.mention.start, role, one))
    return places


def places_of(t: Tokens, claims: list[Claim], named: list[Named], taken: set[int]) -> list[tuple[PlaceRole, ...]]:
    """Return the places of each claim of a sentence.

    Args:
        t: the tokens of the sentence.
        claims: its claims, in order.
        named: the mentions in the sentence.
        taken: where mentions start that are a source, not a place.
    """
    places = _candidates(t, named, taken)
    if not places:
        return [()] * len(claims)
    spans = [(t.start[claim.first], t.end[claim.last - 1]) for claim in claims]
    result: list[tuple[PlaceRole, ...]] = []
    for n, (start, end) in enumerate(spans):
        left = spans[n - 1][1] if n else t.begin
        right = spans[n + 1][0] if n + 1 < len(spans) else t.finish
        chosen = [p for p in places if p[1] and (start <= p[0] < right)]
        chosen = chosen or [p for p in places if p[1] and left <= p[0] < end]
        chosen = (
            chosen or [p for p in places if p[1] and p[0] < start][:1] or [p for p in places if p[1] and p[0] >= end]
        )
        if not chosen and len({p[2].entity.entity_id for p in places}) == 1:
            chosen = places[:1]
        roles = {
            p[2].entity.entity_id: PlaceRole(entity_id=p[2].entity.entity_id, name=p[2].entity.name, role=p[1] or "in")
            for p in reversed(chosen)
        }
        result.append(tuple(roles[key] for key in reversed(roles))[:_MAX_PLACES])
    return result
