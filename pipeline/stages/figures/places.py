"""Where: the places of the article that a claim is tied to, with their role."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from pipeline.stages.figures.claims import Claim, Source
from pipeline.stages.figures.lexicon import Lexicon
from pipeline.stages.figures.tokens import Tokens
from schemas.entity import Entity, Mention
from schemas.figure import PlaceRole

Role = Literal["in", "from", "to"]

_PLACES: Final = frozenset({"place", "facility"})
_PEOPLE: Final = frozenset({"person", "household"})
_SCENE_CHARS: Final = 600  # two paragraphs of a wire story
_POSSESSIVE: Final = 3  # characters from a place to the number it owns: "'s "
_MAX_PLACES: Final = 3
_ROW_LOOK: Final = 12  # characters before the place of a row in which the row begins
_LOOK_BACK: Final = 48  # characters before a place in which its preposition stands
_ROW = re.compile(r"[\s:(]+")  # between the place of a row and its number: "Coast: 114"


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


def role_of(lex: Lexicon, text: str, begin: int, start: int) -> Role | None:
    """Return the role that the words before a place give it, or nothing where no preposition stands there."""
    found = lex.roles.before.match(text, max(begin, start - _LOOK_BACK), start)
    if found is None:
        return None
    return "from" if found["from"] else "to" if found["to"] else "in"


@dataclass(slots=True)
class _Place:
    """A mention of a place in a sentence, with its role where a preposition gives one."""

    start: int
    end: int
    role: Role | None
    entity: Entity
    made: PlaceRole | None = None

    def record(self) -> PlaceRole:
        if self.made is None:
            self.made = PlaceRole(entity_id=self.entity.entity_id, name=self.entity.name, role=self.role or "in")
        return self.made


def _candidates(
    t: Tokens, lex: Lexicon, claims: list[Claim], named: list[Named], sources: list[Source]
) -> list[_Place]:
    """Return the places of a sentence that are part neither of a source's name nor of a unit: "14 U.S. cents"."""
    spans = [(t.start[source.name[0]], t.end[source.name[1] - 1]) for source in sources]
    units = [claim.quantity.unit for claim in claims if claim.quantity.unit is not None]
    spans += [(t.start[unit.first], t.end[unit.last - 1]) for unit in units if unit.last > unit.first]
    places: list[_Place] = []
    for one in named:
        start, end = one.mention.start, one.mention.end
        nested = any(o.mention.start <= start and end <= o.mention.end and o is not one for o in named)
        if one.entity.type not in _PLACES or nested or any(a <= start < b for a, b in spans):
            continue
        role = role_of(lex, t.text, t.begin, start)
        if role is None and t.text.startswith(lex.roles.owners, end):
            role = "in"
        if role is None and places and places[-1].role and lex.roles.link.fullmatch(t.text, places[-1].end, start):
            role = places[-1].role  # "in Elmar and Odun"
        places.append(_Place(start, end, role, one.entity))
    return places


def _row(t: Tokens, lex: Lexicon, place: _Place, start: int) -> bool:
    """Tell whether a place heads a row with the number: "; Eastern District 2,905"."""
    if place.role is not None or not _ROW.fullmatch(t.text, place.end, start):
        return False
    return (
        place.start == t.begin
        or lex.roles.row.match(t.text, max(t.begin, place.start - _ROW_LOOK), place.start) is not None
    )


def _nearest(  # noqa: PLR0917 - two spans
    t: Tokens, lex: Lexicon, places: list[_Place], left: int, start: int, end: int, right: int
) -> list[_Place]:
    """Return the places of one claim: those behind it, else before it, up to its neighbours, else any."""
    owner = [place for place in places if 0 < start - place.end <= _POSSESSIVE]
    if owner and (owner[-1].role == "in" or _row(t, lex, owner[-1], start)):
        return owner[-1:]  # "Mosul's five bridges over the Tigris"
    sited = [place for place in places if place.role]
    chosen = [place for place in sited if start <= place.start < right]
    chosen = chosen or [place for place in sited if left <= place.start < end]
    chosen = chosen or [place for place in sited if place.start < start][:1] or sited
    if not chosen and len({place.entity.entity_id for place in places}) == 1:
        return places[:1]
    return chosen


def is_wider(t: Tokens, lex: Lexicon, claims: list[Claim], n: int) -> bool:
    """Tell whether a word between a claim and its neighbours frees it of a place named before: "nationwide"."""
    wide = lex.words("wider") & t.seen
    if not wide:
        return False
    left = claims[n - 1].last if n else 0
    right = claims[n + 1].first if n + 1 < len(claims) else t.size
    return not wide.isdisjoint(t.low[left:right])


def places_of(
    t: Tokens, lex: Lexicon, claims: list[Claim], named: list[Named], sources: list[Source]
) -> list[tuple[PlaceRole, ...]]:
    """Return the places of each claim of a sentence.

    Args:
        t: the tokens of the sentence.
        lex: the words of the language.
        claims: its claims, in order.
        named: the mentions in the sentence.
        sources: who speaks in it; a place in a source's name is no place of the claim.
    """
    places = _candidates(t, lex, claims, named, sources)
    if not places:
        return [()] * len(claims)
    spans = [(t.start[claim.first], t.end[claim.last - 1]) for claim in claims]
    result: list[tuple[PlaceRole, ...]] = []
    for n, (start, end) in enumerate(spans):
        wider = is_wider(t, lex, claims, n)
        if claims[n].age:
            result.append(())
            continue
        left = spans[n - 1][1] if n else t.begin
        right = spans[n + 1][0] if n + 1 < len(spans) else t.finish
        records: dict[str, PlaceRole] = {}
        for place in _nearest(t, lex, places, left, start, end, right):
            if wider and not left <= place.start < right:
                continue
            records.setdefault(place.entity.entity_id, place.record())
        result.append(tuple(records.values())[:_MAX_PLACES])
    return result


class Scene:
    """The place where the story is: a count of people that names none is tied to the one named shortly before."""

    __slots__ = ("_lexicon", "_named", "_places", "_starts", "_until")

    def __init__(self, lexicon: Lexicon, named: list[Named], starts: list[int]) -> None:
        self._lexicon = lexicon
        self._named, self._starts = named, starts
        self._places: tuple[PlaceRole, ...] = ()
        self._until = 0

    def place(self, t: Tokens, claim: Claim, places: tuple[PlaceRole, ...], *, wider: bool) -> tuple[PlaceRole, ...]:
        """Note the places of a claim that names some; return those of the scene for a claim that names none."""
        if not places:
            return () if wider or claim.term is None or claim.unit not in _PEOPLE else self._carry(t)
        inside = tuple(place for place in places if place.role == "in")
        if inside:
            self._places, self._until = inside, t.finish
        return ()

    def _carry(self, t: Tokens) -> tuple[PlaceRole, ...]:
        """Return the places of the scene, unless another place came in between."""
        since = within(self._named, self._starts, max(self._until, t.begin - _SCENE_CHARS), t.finish)
        named = [one for one in since if one.entity.type in _PLACES]
        if self._places and t.begin - self._until <= _SCENE_CHARS:
            known = {place.entity_id for place in self._places}
            return () if any(one.entity.entity_id not in known for one in named) else self._places
        return self._named_once(t, named)

    def _named_once(self, t: Tokens, named: list[Named]) -> tuple[PlaceRole, ...]:
        """Return the one place that the text before the sentence says something happened in, if it is only one."""
        before = [one for one in named if one.mention.end <= t.begin]
        if not before or len({one.entity.entity_id for one in before}) > 1:
            return ()
        roles = {
            role_of(self._lexicon, t.text, max(0, one.mention.start - _LOOK_BACK), one.mention.start) for one in before
        }
        entity = before[0].entity
        return (PlaceRole(entity_id=entity.entity_id, name=entity.name, role="in"),) if "in" in roles else ()
