"""Resolving: candidates without a type get one from acronyms, surnames, context and the rest of the text."""

from __future__ import annotations

import re
from collections import Counter
from typing import Final

from pipeline.stages.entities.candidate import Candidate
from pipeline.stages.entities.context import evidence
from pipeline.stages.entities.grammar import is_common
from pipeline.stages.entities.lexicon import Lexicon
from schemas.entity import EntityType

_ARTICLES: Final = frozenset({"El", "La", "Le", "Les", "Los", "Las", "Der", "Die", "Das", "Il"})
_SINGULAR_VERB: Final = re.compile(r"['’]s\b| (?:is|was|has)\b")
_VERB: Final = re.compile(
    r"['’]s\b| (?:is|was|has|had|will|would|[a-z]{3,}ed|[a-z]{2,}s|did|took|came|won|made|told|left|got|met|lost)\b"
)
_ABSTRACT: Final = ("ing", "ly", "ed", "tion", "ism", "ness")
_FIRM: Final = 0.6
"""Evidence below this is a hint: it decides only where nothing contradicts it."""


def resolve_types(
    text: str, found: list[Candidate], acronyms: dict[str, Candidate], lexicon: Lexicon
) -> list[Candidate]:
    """Return the candidates that are names, each with a type."""
    surnames = persons_by_word(found)
    for one in found:
        if one.name in acronyms:
            one.entry = None if acronyms[one.name].entry is None else one.entry
            become(one, acronyms[one.name].type or "organization", 0.85)
        elif len(one.words) == 1 and one.words[0] in surnames and _may_be_person(one):
            one.entry = None
            become(one, "person", 0.75)
        elif one.type is None or one.confidence <= 0.5:
            _ask_context(text, one, lexicon)
    _read_lists(text, found)
    _agree(found)
    for one in found:
        if one.type is None:
            _default(text, one, lexicon)
    return [one for one in found if one.type is not None]


def persons_by_word(found: list[Candidate]) -> dict[str, Candidate]:
    """Return the words by which a person named in full may be named again."""
    known: dict[str, Candidate] = {}
    for one in found:
        if one.type == "person" and len(one.words) > 1:
            known.setdefault(one.words[-1], one)
            known.setdefault(one.words[0], one)
    return known


def become(one: Candidate, kind: EntityType, confidence: float, role: str | None = None) -> None:
    """Give a candidate a type."""
    one.type, one.confidence = kind, confidence
    one.role = one.role or role


def _may_be_person(one: Candidate) -> bool:
    return one.entry is None or one.entry.weak or one.entry.type == "place"


def _ask_context(text: str, one: Candidate, lexicon: Lexicon) -> None:
    heard = evidence(text, one.start, one.end, lexicon)
    if one.entry is not None:
        if one.entry.weak and (heard is None or heard.type != "place"):
            one.type = None
        return
    if heard is None:
        return
    if heard.type == "place" and heard.confidence < _FIRM and not _may_be_place(one, lexicon):
        return
    if all(is_common(word, lexicon) for word in one.words) and (one.opens or heard.confidence <= _FIRM):
        return
    become(one, heard.type, heard.confidence, heard.role)


def _may_be_place(one: Candidate, lexicon: Lexicon) -> bool:
    ordinary = any(is_common(word, lexicon) for word in one.words)
    return one.type != "organization" and one.words[0] not in lexicon.given_names and not ordinary


def _read_lists(text: str, found: list[Candidate]) -> None:
    """Let a name take the type of its neighbour in a list: "in Calgary and Moncton", "Plano, Texas"."""
    for one, following in zip(found, found[1:], strict=False):
        between = text[one.end : following.start]
        if between not in {", ", " and ", ", and ", " or "}:
            continue
        if following.type is None and one.type == "place" and len(following.words) == 1 and not following.opens:
            become(following, "place", 0.5)
        elif one.type is None and following.type == "place" and between == ", " and len(one.words) < 4:
            become(one, "place", 0.7)


def _agree(found: list[Candidate]) -> None:
    """Give an undecided name the type it has elsewhere in the text."""
    votes: dict[str, Counter[EntityType]] = {}
    for one in found:
        if one.type is not None:
            votes.setdefault(one.name, Counter())[one.type] += 1
    for one in found:
        if one.type is None and one.name in votes:
            become(one, votes[one.name].most_common(1)[0][0], 0.6)


def _default(text: str, one: Candidate, lexicon: Lexicon) -> None:
    """Type a name for which nothing speaks but its capitals, or leave it."""
    if len(one.words) == 1:
        word = one.words[0]
        ordinary = is_common(word, lexicon) or word in lexicon.cues["openers"] or not word[1:].islower()
        if ordinary or len(word) < 3:
            return
        if one.opens and word not in lexicon.given_names and not _acts(text, one):
            return
        become(one, "person", 0.35)
    elif any(is_common(word, lexicon) for word in one.words):
        if not one.opens:
            become(one, "other", 0.35)
    elif len(one.words) <= 4:
        subject = any(
            (w.isupper() and w.isalpha() and len(w) > 1) or w in lexicon.cues["policy_nouns"] for w in one.words
        )
        become(one, "organization" if subject or one.words[0] in _ARTICLES else "person", 0.45)


def _acts(text: str, one: Candidate) -> bool:
    """Tell whether a word that opens a sentence reads as a name: singular, a verb or possessive behind it."""
    word = one.words[0]
    if word.endswith(_ABSTRACT):
        return False
    plural = word.endswith("s") and not word.endswith(("ss", "is", "us", "as", "os"))
    return (_SINGULAR_VERB if plural else _VERB).match(text, one.end) is not None
