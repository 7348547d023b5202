"""The trained tagger among the rules: the model decides what is a name, the rules what they know of it.

The rules go first. What they found is a hint to the model; where the model sees the same name, their entry of the
lexicon and their role stay with it. Names of the alias tables are known for certain: the model may find them inside a
longer name, but not call them something else.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator
from typing import Final

from pipeline.stages.entities.candidate import Candidate
from pipeline.stages.entities.grammar import seat_end
from pipeline.stages.entities.hints import is_settled
from pipeline.stages.entities.layout import Lines
from pipeline.stages.entities.lexicon import Entry, Lexicon
from pipeline.stages.entities.model import Labelled
from pipeline.stages.entities.persons import persons_by_word
from pipeline.stages.entities.scan import opens_sentence, words_of
from schemas.entity import EntityType

TYPES: Final[dict[str, EntityType]] = {
    "PER": "person",
    "ORG": "organization",
    "LOC": "place",
    "FAC": "facility",
    "NORP": "group",
    "EVENT": "event",
    "PRODUCT": "product",
    "MISC": "other",
}
"""The model's labels as types of entities."""

_LABELS: Final = {kind: label for label, kind in TYPES.items()}
_OWNED: Final = re.compile(r"['’]s (?=[^\W_a-z])")
_LOOSE: Final = frozenset({"place", "facility"})
_ALONE: Final = {"PER": 0.9, "LOC": 0.9, "FAC": 0.9, "MISC": 0.9}
_ALONE_OTHERWISE: Final = 0.7
"""Confidence that the model must have in a name where the rules see nothing; found on documents kept from training."""

_EVIDENT: Final = 0.5
"""Confidence from which on the words around a name speak more clearly than a model that is not certain."""

_OF: Final = " of "
_AFTER_LABEL: Final = frozenset(":-–—")
_TOLD: Final = 0.65
"""Confidence of the rules in a facility that a noun beside it names: "the bridge, al-Hurriya"."""

_CERTAIN: Final = 0.98
"""The model is certain from here on."""

_SURE: Final = 0.9
"""The model is sure of a type from here on; below, the same name elsewhere in the text may change it."""

_REASON: Final = 0.7
_REMEMBERED: Final = 0.75
"""Confidence of a person known by a longer name elsewhere in the text."""


def relabel(text: str, found: list[Candidate], names: list[Labelled], lexicon: Lexicon) -> list[Candidate]:
    """Return the names of a text as a model sees them; `found` is what the rules made of it."""
    by_span = {(one.start, one.end): one for one in found}
    by_end = {one.end: one for one in found}
    result = []
    touched = _touched(names, found)
    taken = _touched(names, [one for one in found if one.fixed])
    lines = Lines(text)
    for name in _apart(text, names, by_span, lexicon):
        trimmed = _trimmed(text, name, lexicon)
        if trimmed is None or name.start in taken:
            continue
        if name.start not in touched and (
            name.confidence < _ALONE.get(name.label, _ALONE_OTHERWISE)
            or text[slice(*trimmed)] in lexicon.cues["directions"]
            or lines.in_headline(name.start)
        ):
            continue
        start, end = trimmed
        if (start, head := _without_country(text, end, by_end)) in by_span:
            end = head
        one = by_span.get((start, end)) or _candidate(text, start, end, lexicon)
        _settle(one, name, by_end.get(end))
        result.append(one)
    result = sorted([*result, *_overlooked(found, result)], key=lambda one: one.start)
    result = [one for one in result if not _is_label(text, one, lexicon)]
    _remember(result)
    _agree(result)
    return result


def _apart(
    text: str, names: list[Labelled], by_span: dict[tuple[int, int], Candidate], lexicon: Lexicon
) -> Iterator[Labelled]:
    """Yield the names of the model, divided where a possessive or a people stands before a name of its own.

    "NASA's Perseverance" is two names, and "Dane Mads Berg" one of a people and one of a person.
    """
    for name in names:
        head = _head(text, name, by_span)
        if head is None or text[name.start : name.end] in lexicon.entries:
            yield name
            continue
        owner = by_span[name.start, head]
        yield Labelled(name.start, head, _LABELS[owner.type or "other"], name.confidence)
        rest = head + (len("'s ") if text[head] in "'’" else 1)
        beside = by_span.get((rest, name.end))
        label = name.label if beside is None or beside.type is None else _LABELS[beside.type]
        yield Labelled(rest, name.end, label, name.confidence)


def _head(text: str, name: Labelled, by_span: dict[tuple[int, int], Candidate]) -> int | None:
    """Return where the part ends that is a known name of its own; None where a name is one."""
    end = text.find(" ", name.start, name.end)
    if end < 0:
        return None
    possessive = _OWNED.search(text, name.start, name.end)
    end = end if possessive is None else possessive.start()
    owner = by_span.get((name.start, end))
    if owner is None or owner.entry is None or owner.entry.weak:
        return None
    if possessive is None:
        return end if owner.type == "group" and name.label == "PER" else None
    return end if owner.type in {"place", "organization"} else None


def _without_country(text: str, end: int, by_end: dict[int, Candidate]) -> int:
    """Return where a name ends that "of" and its country follow: "Lakeside United of Kenya"."""
    last = by_end.get(end)
    country = last is not None and last.type == "place" and is_settled(last)
    if last is None or not country or text[last.start - len(_OF) : last.start] != _OF:
        return end
    return last.start - len(_OF)


def _is_label(text: str, one: Candidate, lexicon: Lexicon) -> bool:
    """Tell what a wire sets before a headline, in capitals: "FLASH:", "UPDATE 2-", "CORRECTED-"."""
    surface = text[one.start : one.end]
    if not surface.isupper() or surface.title() not in lexicon.cues["labels"]:
        return False
    after = text[one.end : one.end + 2].lstrip()[:1]
    return after in _AFTER_LABEL or after.isdigit()


def _touched(names: list[Labelled], found: list[Candidate]) -> set[int]:
    """Return the starts of the names that share text with something the rules found."""
    ends = [one.end for one in found]
    touched = set()
    for name in names:
        k = bisect_right(ends, name.start)
        if k < len(found) and found[k].start < name.end:
            touched.add(name.start)
    return touched


def _trimmed(text: str, name: Labelled, lexicon: Lexicon) -> tuple[int, int] | None:
    """Return the span of a name without "the" before it, the possessive and punctuation behind it."""
    start, end = name.start, name.end
    if text[start : start + 4] in {"The ", "the "} and text[start:end] not in lexicon.entries:
        start += 4
    if text[end - 1] == "." and words_of(text[start:end])[-1] == ".":
        end -= 1
    if text[max(start, end - 2) : end] in {"'s", "’s"} and " ".join(words_of(text[start:end])) not in lexicon.entries:
        end -= 2
    while (blank := text.rfind(" ", start, end)) > start and text[blank + 1 : end] in lexicon.nouns:
        if text[start:end] in lexicon.entries:
            break
        end = blank
    first, stop = _named(text[start:end].split(" "), name.label, lexicon)
    start, end = start + first, min(end, start + stop)
    while end > start and text[end - 1] in " '’,;:-–—|$":
        end -= 1
    said = text[start].isalnum() or any(c.isalnum() for c in text[start:end])
    return (start, end) if end > start and said else None


def _named(words: list[str], label: str, lexicon: Lexicon) -> tuple[int, int]:
    """Return the characters of a name's words that are the name: no trade, no office, no word that opens a sentence."""
    first, stop = 0, len(" ".join(words))
    while label == "PER" and len(words) > 1 and _is_calling(words[0], lexicon):
        first += len(words.pop(0)) + 1
    if len(words) > 1 and words[0] in lexicon.cues["sentence_openers"]:
        first += len(words.pop(0)) + 1
    if (seat := seat_end(words, 0, len(words), lexicon)) is not None:
        stop = first + len(" ".join(words[:seat]))
    elif label == "ORG" and len(words) > 1 and words[-1] in lexicon.cues["titles"] and words[-2] != "the":
        stop -= len(words[-1]) + 1
    return first, stop


def _is_calling(word: str, lexicon: Lexicon) -> bool:
    """Tell whether a capitalised word only says what a person is: "Flyhalf Ruaidhri Hanlon", "Mr Hanlon"."""
    called = lexicon.nouns.get(word.lower()) == "person" or word in lexicon.cues["titles"]
    return called and word not in lexicon.given_names


def _candidate(text: str, start: int, end: int, lexicon: Lexicon) -> Candidate:
    surface = text[start:end]
    words = (words_of(surface) if "'" in surface or "’" in surface else tuple(surface.split())) or (surface,)
    one = Candidate(start, end, words, opens=opens_sentence(text, start))
    one.entry = lexicon.entries.get(one.name)
    return one


def _is_firm(entry: Entry | None) -> bool:
    """Tell whether an entry stands for one thing only; places share their names with persons and teams."""
    return entry is not None and not entry.weak and entry.type != "place"


def _settle(one: Candidate, name: Labelled, ruled: Candidate | None) -> None:
    """Give a candidate the model's type, and what the rules know of the same name."""
    kind = TYPES[name.label]
    if one.entry is not None and (kind == "other" or _is_firm(one.entry)):
        kind = one.entry.type
    elif kind in _LOOSE and ruled is not None and ruled.type in _LOOSE:
        kind = ruled.type
    elif one.type is not None and one.confidence >= _EVIDENT and name.confidence < _CERTAIN and not _is_club(one, name):
        kind = one.type
    if one.entry is not None and one.entry.type != kind:
        one.entry = None
    one.type, one.confidence = kind, round(name.confidence, 4)
    if kind == "person" and one.role is None and ruled is not None:
        one.role = ruled.role


def _is_club(one: Candidate, name: Labelled) -> bool:
    """Tell whether the model takes a city for its club, or for another organization, and has reason to."""
    return one.type == "place" and name.label == "ORG" and name.confidence >= _REASON


def _overlooked(found: list[Candidate], taken: list[Candidate]) -> Iterator[Candidate]:
    """Yield what stays a name where the model sees none.

    That is what is settled, organizations by their own words or capitals, and facilities that a noun beside them names.
    """
    starts = [one.start for one in taken]
    for one in found:
        told = one.type == "facility" and one.confidence >= _TOLD
        if not (told or is_settled(one) or one.type == "organization"):
            continue
        k = bisect_right(starts, one.start)
        before_ends = k == 0 or taken[k - 1].end <= one.start
        if before_ends and (k == len(taken) or one.end <= taken[k].start):
            yield one


def _remember(found: list[Candidate]) -> None:
    """Make single names persons where the text has the person's longer name."""
    persons = persons_by_word(found)
    for one in found:
        if one.fixed or len(one.words) > 1 or _is_firm(one.entry):
            continue
        if one.type != "person" and one.name in persons:
            if one.entry is not None and one.confidence >= _SURE:
                continue
            one.entry = None
            one.type, one.confidence = "person", _REMEMBERED


def _agree(found: list[Candidate]) -> None:
    """Give a name of doubtful type the type that it has more surely elsewhere in the text."""
    seen: dict[str, EntityType | None] = {}
    torn = {one.name for one in found if seen.setdefault(one.name, one.type) != one.type}
    if not torn:
        return
    votes: dict[str, Counter[EntityType]] = {}
    disputed = [one for one in found if one.name in torn]
    for one in disputed:
        if one.type is not None:
            votes.setdefault(one.name, Counter())[one.type] += round(100 * one.confidence)
    for one in disputed:
        kind = votes[one.name].most_common(1)[0][0]
        if (
            one.confidence < _SURE
            and not one.fixed
            and kind != one.type
            and (one.entry is None or one.entry.type == kind)
        ):
            one.type, one.confidence = kind, _REMEMBERED
