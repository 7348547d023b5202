"""Joining: typed candidates of one text become entities - acronyms, surnames and spellings meet in one."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from math import log1p
from typing import Any

from pipeline.stages.entities.acronyms import initialisms
from pipeline.stages.entities.articles import folded
from pipeline.stages.entities.candidate import Candidate
from pipeline.stages.entities.lexicon import Entry, Lexicon
from pipeline.stages.entities.linking import Linker
from pipeline.stages.entities.persons import persons_by_word
from pipeline.stages.entities.resolving import short_forms
from pipeline.stages.entities.titles import without_form
from schemas.entity import Entity, EntityType, Method
from schemas.ids import entity_id


@dataclass(slots=True)
class _Group:
    """The candidates of one entity."""

    type: EntityType
    name: str
    links: tuple[tuple[str, str], ...] = ()
    members: list[Candidate] = field(default_factory=list)


def join(
    text: str, found: list[Candidate], acronyms: dict[str, Candidate], lexicon: Lexicon, method: Method
) -> tuple[Entity, ...]:
    """Return the entities of typed candidates, by first mention."""
    groups: dict[str, _Group] = {}
    persons, short = persons_by_word(found), {**_storms(found, lexicon), **short_forms(found, lexicon)}
    spelled = initialisms(found)
    linker = Linker(text, found, lexicon)
    # The links of a name depend on nothing but these four, and most names stand in a text more than once.
    known_as: dict[tuple[str, EntityType | None, str | None, Entry | None], tuple[str, _Group]] = {}
    for one in found:
        # What the text itself spells goes before the table: RSF are the Rapid Support Forces, not the reporters.
        meant = acronyms.get(one.name) or spelled.get(one.name) or short.get(one.name)
        if meant is None or meant.type != one.type:
            meant = one
        if one.type == "person":
            meant = persons.get(one.name, one)
        alike = meant.name, meant.type, meant.role, meant.entry
        made = known_as.get(alike)
        if made is None:
            made = known_as[alike] = _group_of(meant, lexicon, linker)
        key, group = made
        if key in groups and groups[key].type != group.type:
            # Two types are two entities, and two entities have two ids.
            key, group = f"{group.type} {group.name.casefold()}", _Group(group.type, group.name)
        known = groups.setdefault(key, group)
        known.members.append(one)
        if known.name.isupper() and not group.name.isupper():
            known.name = group.name
    return _entities(text, list(groups.values()), method)


def _storms(found: list[Candidate], lexicon: Lexicon) -> dict[str, Candidate]:
    """Return storms and operations by the last word of a longer name: "Odelia" of "Tropical Storm Odelia"."""
    openers = lexicon.cues["event_openers"]
    return {one.words[-1]: one for one in found if one.type == "event" and not openers.isdisjoint(one.words[1:-1])}


def _group_of(one: Candidate, lexicon: Lexicon, linker: Linker) -> tuple[str, _Group]:
    """Return the key under which a candidate meets its namesakes, and a new group for it."""
    kind: EntityType = one.type or "other"
    entry: Entry | None = one.entry or lexicon.entries.get(one.name)
    if entry is not None and entry.type != kind:
        entry = None
    name = (lexicon.canonical(entry) if entry is not None else "") or one.spelling
    links = linker.links(one, kind, entry)
    if not links and kind == "organization" and (core := without_form(one.name)) not in {one.name, ""}:
        # "Acme Plc" has the links of Acme.
        known = lexicon.entries.get(core)
        links = linker.links(replace(one, words=tuple(core.split(" "))), kind, known)
    key = ":".join(links[0]) if links else f"{kind} {_plain(name, kind)}"
    return key, _Group(kind, name, links)


def _plain(name: str, kind: EntityType) -> str:
    """Return a name as its other spellings share it: without a company's form, the plural of a people, accents."""
    plain = folded(name)
    if kind == "organization":
        return without_form(plain)
    return plain.removesuffix("s") if kind == "group" else plain


def _entities(text: str, groups: list[_Group], method: Method) -> tuple[Entity, ...]:
    """Build the records. Salience grows with the mentions and falls with the way to the first, to half at the end."""
    length = max(1, len(text))
    weights = [log1p(len(g.members)) * (1.0 - 0.5 * g.members[0].start / length) for g in groups]
    top = max(weights, default=1.0)
    return tuple(_entity(text, group, weight / top, method) for group, weight in zip(groups, weights, strict=True))


def _entity(text: str, group: _Group, salience: float, method: Method) -> Entity:
    members = group.members
    # Plain data, validated in one go: a record of its own for each mention costs several times as much.
    plain: dict[str, Any] = {
        "entity_id": ":".join(group.links[0]).replace(" ", "_") if group.links else entity_id(group.type, group.name),
        "type": group.type,
        "name": group.name,
        "mentions": tuple([{"start": m.start, "end": m.end, "text": text[m.start : m.end]} for m in members]),
        "links": dict(group.links),
        "role": next((m.role for m in members if m.role), None),
        "salience": round(salience, 4),
        "confidence": round(max([m.confidence for m in members]), 4),
        "method": method,
    }
    return Entity.model_validate(plain)
