"""Joining: candidates of one text become entities - acronyms, surnames and spellings find what they stand for."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from math import log1p

from pipeline.stages.entities.candidate import Candidate
from pipeline.stages.entities.context import defined_acronym, evidence
from pipeline.stages.entities.lexicon import Entry, Lexicon
from schemas.entity import Entity, EntityType, Mention
from schemas.ids import entity_id

_ARTICLES = frozenset({"El", "La", "Le", "Les", "Los", "Las", "Der", "Die", "Das", "Il"})
_VERB = re.compile(
    r"['’]s\b| (?:is|was|has|had|will|would|[a-z]{3,}ed|[a-z]{2,}s|did|took|came|won|made|told|left|got|met|lost)\b"
)


@dataclass(slots=True)
class _Group:
    """The candidates of one entity."""

    type: EntityType
    name: str
    links: tuple[tuple[str, str], ...] = ()
    members: list[Candidate] = field(default_factory=list)


def resolve_types(text: str, found: list[Candidate], lexicon: Lexicon) -> list[Candidate]:
    """Return the candidates that are names, each with a type; context and the rest of the text decide."""
    acronyms = _define_acronyms(text, found)
    surnames = _surnames(found)
    for one in found:
        if one.entry is None and one.name in acronyms:
            _become(one, "organization", 0.85)
        elif len(one.words) == 1 and one.words[0] in surnames and not _is_firm(one):
            one.entry = None
            _become(one, "person", 0.75)
        elif one.type is None or (one.entry is not None and one.entry.weak) or one.confidence <= 0.5:
            _ask_context(text, one, lexicon)
    _agree(found)
    for one in found:
        if one.type is None:
            _default(text, one, lexicon)
    return [one for one in found if one.type is not None]


def _is_firm(one: Candidate) -> bool:
    return one.entry is not None and not one.entry.weak and one.entry.type != "place"


def _become(one: Candidate, kind: EntityType, confidence: float, role: str | None = None) -> None:
    one.type, one.confidence = kind, confidence
    if role and one.role is None:
        one.role = role


def _ask_context(text: str, one: Candidate, lexicon: Lexicon) -> None:
    heard = evidence(text, one.start, one.end, lexicon)
    if one.entry is not None:
        if heard is None or heard.type != "place":
            one.type = None
        return
    if heard is None:
        return
    if (
        heard.type == "place"
        and heard.confidence < 0.6
        and (one.type == "organization" or one.words[0] in lexicon.given_names)
    ):
        return
    _become(one, heard.type, heard.confidence, heard.role)


def _define_acronyms(text: str, found: list[Candidate]) -> dict[str, Candidate]:
    """Return the acronyms that the text defines in brackets, each with the long name it stands for."""
    defined: dict[str, Candidate] = {}
    for one in found:
        match = defined_acronym(text, one.end)
        if match is None or one.type == "person" or len(one.words) < 2 or not match[1].isupper():
            continue
        if one.type is None:
            _become(one, "organization", 0.8)
        defined.setdefault(match[1], one)
    return defined


def _surnames(found: list[Candidate]) -> dict[str, Candidate]:
    """Return the words by which a person named in full may be named again."""
    known: dict[str, Candidate] = {}
    for one in found:
        if one.type == "person" and len(one.words) > 1:
            known.setdefault(one.words[-1], one)
            known.setdefault(one.words[0], one)
    return known


def _agree(found: list[Candidate]) -> None:
    """Give an undecided name the type it has elsewhere in the text."""
    votes: dict[str, Counter[EntityType]] = {}
    for one in found:
        if one.type is not None:
            votes.setdefault(one.name, Counter())[one.type] += 1
    for one in found:
        if one.type is None and one.name in votes:
            _become(one, votes[one.name].most_common(1)[0][0], 0.6)


def _default(text: str, one: Candidate, lexicon: Lexicon) -> None:
    """Type a name for which nothing speaks but its capitals, or leave it."""
    common = [w for w in one.words if w.lower() in lexicon.common_words and w not in lexicon.given_names]
    if len(one.words) == 1:
        word = one.words[0]
        if common or word in lexicon.cues["openers"] or len(word) < 3 or not word[1:].islower():
            return
        if one.opens and word not in lexicon.given_names and not _acts(text, one):
            return
        _become(one, "person", 0.35)
    elif common:
        if not one.opens:
            _become(one, "other", 0.35)
    elif len(one.words) <= 4:
        organization = any(
            w.isupper() and w.isalpha() and len(w) > 1 or w in lexicon.cues["policy_nouns"] for w in one.words
        )
        _become(one, "organization" if organization or one.words[0] in _ARTICLES else "person", 0.45)


def _acts(text: str, one: Candidate) -> bool:
    """Tell whether a word at the start of a sentence reads as a name: singular, with a verb or possessive behind it."""
    word = one.words[0]
    if word.endswith(("ing", "ly", "ed", "tion", "ism", "ness")):
        return False
    return _VERB.match(text, one.end) is not None


def join(text: str, found: list[Candidate], lexicon: Lexicon) -> tuple[Entity, ...]:
    """Return the entities of typed candidates, by first mention."""
    acronyms = _define_acronyms(text, found)
    groups: dict[str, _Group] = {}
    persons = _surnames(found)
    for one in found:
        key, group = _group_of(one, acronyms, persons, lexicon)
        groups.setdefault(key, group).members.append(one)
    return _entities(text, list(groups.values()))


def _group_of(
    one: Candidate, acronyms: dict[str, Candidate], persons: dict[str, Candidate], lexicon: Lexicon
) -> tuple[str, _Group]:
    """Return the key under which a candidate meets its namesakes, and a new group for it."""
    long_form = acronyms.get(one.name) if one.type == "organization" else None
    if long_form is not None:
        one = long_form
    if one.type == "person" and len(one.words) == 1 and one.words[0] in persons:
        one = persons[one.words[0]]
    entry = one.entry or _entry_for(one, lexicon)
    kind: EntityType = one.type or "other"
    if entry is not None and (entry.type == kind):
        name = lexicon.canonical(entry)
        key = ":".join(entry.links[0]) if entry.links else f"{kind} {name.casefold()}"
        return key, _Group(kind, name, entry.links)
    return f"{kind} {one.name.casefold()}", _Group(kind, one.name.replace(" 's", "'s"))


def _entry_for(one: Candidate, lexicon: Lexicon) -> Entry | None:
    entry = lexicon.entries.get(one.name)
    return entry if entry is not None and entry.type == one.type else None


def _entities(text: str, groups: list[_Group]) -> tuple[Entity, ...]:
    length = max(1, len(text))
    weights = [log1p(len(g.members)) * (1.0 - 0.5 * g.members[0].start / length) for g in groups]
    top = max(weights, default=1.0)
    return tuple(_entity(text, group, weight / top) for group, weight in zip(groups, weights, strict=True))


def _entity(text: str, group: _Group, salience: float) -> Entity:
    members = group.members
    links = dict(group.links)
    key = ":".join(group.links[0]) if group.links else entity_id(group.type, group.name)
    return Entity(
        entity_id=key,
        type=group.type,
        name=group.name,
        mentions=tuple(Mention(start=m.start, end=m.end, text=text[m.start : m.end]) for m in members),
        links=links,
        role=next((m.role for m in members if m.role), None),
        salience=round(salience, 4),
        confidence=round(max(m.confidence for m in members), 4),
    )
