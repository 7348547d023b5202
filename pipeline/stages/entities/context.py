"""Context: what the words around a candidate say of its type."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from pipeline.stages.entities.lexicon import Lexicon
from schemas.entity import EntityType

FIRM_PREPOSITION: Final = 0.55
"""Confidence of a place after "in" and the like; "to" and "from" stand before persons as often and give less."""

_REACH: Final = 64
"""Characters read on each side: a short clause."""

_WORDS: Final = re.compile(r"[\w'’-]+")
_AFTER: Final = re.compile(r"(['’]s)?(, )? ?((?:[\w'’-]+ ?){0,5})")
_NEXT: Final = re.compile(r" ([a-z]+)")
_PREVIOUS: Final = re.compile(r"\b((?:[a-z-]+ ){1,4})\Z")
_AGE: Final = re.compile(r",? \(?\d{1,2}(?:,|\)|\.|-year-old)|, who(?:se)?\b")
_TRADES: Final = re.compile(
    r" (?:rose|fell|gained|lost|slumped|jumped|surged|tumbled|plunged|climbed|dropped|slid|added|shed)"
    r"(?: by| more than| about| nearly| as much as)? \d[\d.]* ?(?:%|per ?cent)"
)
_WHO: Final = re.compile(r",(?: \d{1,3},)? an? ((?:[\w'’-]+ ){0,3}[\w'’-]+)")
_CLAUSE_END: Final = re.compile(r"[.;:!?\n]")
_DETERMINERS: Final = frozenset({"a", "an", "the", "its", "his", "her", "their", "another", "one"})


class Evidence(NamedTuple):
    """A type that the context speaks for, and how surely."""

    type: EntityType
    confidence: float


def role_before(text: str, start: int, lexicon: Lexicon) -> str | None:
    """Return the lower-case role right before a personal name: "spokeswoman Grace Mwangi"."""
    before = text[max(0, start - _REACH) : start]
    last = before[:-1].rpartition(" ")[2]
    if before[-1:] != " " or (last.isalpha() and last not in lexicon.cues["person_nouns"]):
        return None
    words = _PREVIOUS.findall(before)
    words = words[0].split() if words else []
    if not words or words[-1] not in lexicon.cues["person_nouns"]:
        return None
    first = len(words) - 1
    while first > 0 and words[first - 1].capitalize() in lexicon.cues["modifiers"]:
        first -= 1
    return " ".join(words[first:])


def is_private(text: str, start: int, end: int, lexicon: Lexicon) -> bool:
    """Tell whether a person is one whom chance brought into the news: "shopkeeper Joao Reis", "Joao Reis, a farmer"."""
    private = lexicon.cues["private_nouns"]
    before = _WORDS.findall(text, max(0, start - _REACH), start)
    if before and text[start - 1 : start] == " " and before[-1].lower() in private:
        return True
    after = _WHO.match(text, end)
    return after is not None and not private.isdisjoint(after[1].split(" "))


def speaks(text: str, end: int, lexicon: Lexicon) -> bool:
    """Tell whether a verb of speech follows."""
    found = _NEXT.match(text, end)
    return found is not None and found[1] in lexicon.cues["speech_verbs"]


def evidence_after(text: str, end: int, lexicon: Lexicon) -> Evidence | None:
    """Read what follows a name: an age, an apposition, a noun it modifies, a verb of speech."""
    aged = _AGE.match(text, end)
    if aged or _TRADES.match(text, end):
        return Evidence("person", 0.8) if aged else Evidence("organization", 0.7)
    found = _AFTER.match(text, end, end + _REACH)
    words = found[3].split() if found is not None else []
    if found is None or not words:
        return None
    kind = lexicon.nouns.get(words[0])
    if found[2]:
        return _apposition(words, lexicon)
    if found[1]:
        return Evidence("organization", 0.4) if kind == "person" else None
    if words[0] in lexicon.cues["speech_verbs"]:
        return Evidence("person", 0.6)
    return Evidence(kind, 0.7) if kind and kind != "person" else None


def _apposition(words: list[str], lexicon: Lexicon) -> Evidence | None:
    """Read ", the elite unit of …" and ", a spokesman for …": the first noun that says what the name is."""
    if words[0] not in _DETERMINERS and words[0] not in lexicon.nouns:
        return None
    kinds = (lexicon.nouns.get(word) for word in words[:4])
    kind = next((kind for kind in kinds if kind), None)
    return Evidence(kind, 0.75) if kind else None


def evidence_before(text: str, start: int, end: int, lexicon: Lexicon) -> Evidence | None:
    """Read what precedes a name: a title in lower case, a noun in apposition, a preposition of place."""
    if text[start - 1 : start] != " ":
        return None
    clause = _CLAUSE_END.split(text[max(0, start - _REACH) : start])[-1]
    words = _WORDS.findall(clause)
    if not words:
        return None
    gap = clause[clause.rfind(words[-1]) + len(words[-1]) :]
    if gap == " ":
        return _leading(words, lexicon)
    reach = 6 if text[end : end + 1] == "," else 3
    if gap == ", " and any(word in lexicon.cues["facility_nouns"] for word in words[-reach:]):
        return Evidence("facility", 0.65)
    return None


def _leading(words: list[str], lexicon: Lexicon) -> Evidence | None:
    """Read the words right before a name."""
    last, cues = words[-1], lexicon.cues
    kind = lexicon.nouns.get(last)
    if kind:
        return Evidence("person", 0.75) if kind == "person" else Evidence(kind, 0.7)
    if last == "of" and len(words) > 1 and words[-2] in cues["parts_of_places"]:
        return Evidence("place", 0.75)
    if last in cues["place_prepositions"]:
        return Evidence("place", FIRM_PREPOSITION)
    if last in cues["loose_prepositions"]:
        return Evidence("place", 0.52)
    return Evidence("person", 0.55) if last in cues["speech_verbs"] else None


def evidence(text: str, start: int, end: int, lexicon: Lexicon) -> Evidence | None:
    """Return the stronger evidence of both sides; None where neither side speaks."""
    before, after = evidence_before(text, start, end, lexicon), evidence_after(text, end, lexicon)
    if before is None or after is None:
        return before or after
    return before if before.confidence >= after.confidence else after
