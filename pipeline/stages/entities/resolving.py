"""Resolving: candidates without a type get one from acronyms, surnames, context and the rest of the text."""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise
from typing import Final

from pipeline.stages.entities.candidate import Candidate
from pipeline.stages.entities.context import FIRM_PREPOSITION, Evidence, evidence, role_before, speaks
from pipeline.stages.entities.grammar import is_common
from pipeline.stages.entities.lexicon import Lexicon
from pipeline.stages.entities.persons import persons_by_word
from schemas.entity import EntityType

_ARTICLES: Final = frozenset({"El", "La", "Le", "Les", "Los", "Las", "Der", "Die", "Das", "Il"})
_SINGULAR_VERB: Final = re.compile(r"['’]s\b| (?:is|was|has)\b")
_VERB: Final = re.compile(
    r"['’]s\b| (?:is|was|has|had|will|would|[a-z]{3,}ed|[a-z]{2,}s|did|took|came|won|made|told|left|got|met|lost)\b"
)
_ABSTRACT: Final = ("ing", "ly", "ed", "tion", "ism", "ness")
_HINT: Final = 0.75
"""Highest confidence of a type that context alone gives."""

_LONGEST: Final = 4
"""Most words of a personal name that nothing but its capitals speaks for."""

_FIRM: Final = 0.6
"""Evidence below this is a hint: it decides only where nothing contradicts it."""


def resolve_types(
    text: str, found: list[Candidate], acronyms: dict[str, Candidate], lexicon: Lexicon
) -> list[Candidate]:
    """Return the candidates that are names, each with a type."""
    for long_name in acronyms.values():
        long_name.fixed = True
    for one in found:
        if one.name in acronyms:
            one.entry = None if acronyms[one.name].entry is None else one.entry
            become(one, acronyms[one.name].type or "organization", 0.85)
            one.fixed = True
        elif len(one.words) > 1 and (one.type is None or one.confidence <= 0.5):
            _ask_context(text, one, lexicon)
    _read_lists(text, found)
    for one in found:
        if one.type is None and len(one.words) > 1:
            _default_phrase(one, lexicon)
    _resolve_words(text, found, acronyms, lexicon)
    _read_lists(text, found)
    _agree(found)
    for one in found:
        if one.type is None and len(one.words) == 1:
            _default_word(text, one, lexicon)
        if one.type == "person" and one.role is None:
            one.role = role_before(text, one.start, lexicon)
    return [one for one in found if one.type is not None]


def _resolve_words(text: str, found: list[Candidate], acronyms: dict[str, Candidate], lexicon: Lexicon) -> None:
    """Resolve names of one word, which often repeat a part of a longer one."""
    surnames, short = persons_by_word(found), short_forms(found, lexicon)
    for one in found:
        if len(one.words) > 1 or one.name in acronyms:
            continue
        if one.name in surnames and _may_be_person(one):
            one.entry = None
            become(one, "person", 0.75)
        elif one.name in short:
            become(one, short[one.name].type or "organization", 0.75)
        elif one.type is None or one.confidence <= 0.5:
            _ask_context(text, one, lexicon)
            if one.name in lexicon.surnames and one.confidence < _FIRM and (one.entry is None or one.entry.weak):
                one.entry = None
                become(one, "person", 0.6)
        elif one.type == "place" and speaks(text, one.end, lexicon):
            # "Washington said": a government; the place is kept, as what is certain, but with doubt.
            one.confidence = min(one.confidence, _FIRM)


def short_forms(found: list[Candidate], lexicon: Lexicon) -> dict[str, Candidate]:
    """Return the words by which a company or a storm may be named again: "Acme" of "Acme Foods", "Odelia"."""
    known: dict[str, Candidate] = {}
    for one in found:
        if one.entry is not None or not 2 <= len(one.words) <= 4:
            continue
        if one.type == "organization":
            word = one.words[0]
        elif one.type == "event" and one.words[0] in lexicon.cues["event_openers"]:
            word = one.words[-1]
        else:
            continue
        if word not in lexicon.entries and word not in lexicon.given_names and not _has_other_use(word, lexicon):
            known.setdefault(word, one)
    return known


def _has_other_use(word: str, lexicon: Lexicon) -> bool:
    classes = ("openers", "org_prefixes", "policy_nouns", "directions", "titles", "modifiers")
    return is_common(word, lexicon) or any(word in lexicon.cues[name] for name in classes)


def become(one: Candidate, kind: EntityType, confidence: float) -> None:
    """Give a candidate a type."""
    one.type, one.confidence = kind, confidence


def _may_be_person(one: Candidate) -> bool:
    return one.entry is None or one.entry.weak or one.entry.type == "place"


def _ask_context(text: str, one: Candidate, lexicon: Lexicon) -> None:
    heard = evidence(text, one.start, one.end, lexicon)
    if one.entry is not None:
        # A weak place is one only where the context says so; of another weak name the table gives the likeliest type.
        wanted = one.entry.type
        if one.entry.weak and (heard.type != wanted if heard is not None else wanted == "place"):
            one.type = None
        return
    if heard is None:
        return
    if one.type == "organization" and (heard.confidence < _FIRM or (heard.type == "person" and one.name.isupper())):
        return
    if heard.type == "place" and heard.confidence < _FIRM and not _may_be_place(one, heard, lexicon):
        return
    if all(is_common(word, lexicon) for word in one.words) and (one.opens or heard.confidence <= _FIRM):
        return
    become(one, heard.type, heard.confidence)


def _may_be_place(one: Candidate, heard: Evidence, lexicon: Lexicon) -> bool:
    """Tell whether a hint of a preposition holds: of "to" and "from" only for single words."""
    if len(one.words) > 1 and heard.confidence < FIRM_PREPOSITION:
        return False
    return one.words[0] not in lexicon.given_names and not any(is_common(word, lexicon) for word in one.words)


def _read_lists(text: str, found: list[Candidate]) -> None:
    """Let a name take the type of its neighbour in a list: "in Calgary and Moncton", "Plano, Texas"."""
    for one, following in pairwise(found):
        between = text[one.end : following.start]
        if between not in {", ", " and ", ", and ", " or "}:
            continue
        if following.type is None and one.type == "place" and len(following.words) == 1 and not following.opens:
            become(following, "place", 0.5)
        elif one.type is None and following.type == "place" and between == ", " and len(one.words) < 4:
            become(one, "place", 0.7)


def _agree(found: list[Candidate]) -> None:
    """Give a name of doubtful type the type that it has more surely elsewhere in the text."""
    keys = [one.name.casefold() for one in found]
    seen: dict[str, EntityType | None] = {}
    torn = {key for key, one in zip(keys, found, strict=True) if seen.setdefault(key, one.type) != one.type}
    if not torn:
        return
    votes: dict[str, Counter[EntityType]] = {}
    disputed = [(key, one) for key, one in zip(keys, found, strict=True) if key in torn]
    for key, one in disputed:
        if one.type is not None:
            votes.setdefault(key, Counter())[one.type] += round(100 * one.confidence)
    for key, one in disputed:
        vote = votes.get(key)
        if vote is None or one.entry is not None or (one.type is not None and one.confidence > _HINT):
            continue
        kind = vote.most_common(1)[0][0]
        if kind != one.type:
            become(one, kind, _HINT)


def _default_word(text: str, one: Candidate, lexicon: Lexicon) -> None:
    """Take a word for which nothing speaks but its capital as a person, or leave it."""
    word = one.words[0]
    ordinary = is_common(word, lexicon) or word in lexicon.cues["openers"] or not word[1:].islower()
    if ordinary or len(word) < 3 or word.endswith(("ology", "ography")):
        return
    if not one.opens or word in lexicon.given_names or _acts(text, one):
        become(one, "person", 0.35)


def _default_phrase(one: Candidate, lexicon: Lexicon) -> None:
    """Take words for which nothing speaks but their capitals as a person, an organization, a title, or leave them."""
    common = [is_common(word, lexicon) for word in one.words]
    if any(common):
        if not one.opens and not all(common):
            become(one, "other", 0.35)
    elif len(one.words) <= _LONGEST:
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
