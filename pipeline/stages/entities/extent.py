"""Extent: names whose ends the words around them decide - nicknames, ordinals, particles, stray numbers and quotes."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from pipeline.stages.entities.candidate import Candidate
from pipeline.stages.entities.lexicon import Lexicon
from pipeline.stages.entities.persons import persons_by_word
from pipeline.stages.entities.scan import words_of

_NICKNAME: Final = re.compile(r" (?:“[^“”\n]{2,24}”|\"[^\"\n]{2,24}\") ((?:(?:bin|da|de|dos|van|von) )*)(?=[^\W\d_a-z])")
"""What stands between a given name and a surname: 'Ana "Nena" dos Reis'."""

_SURNAME: Final = re.compile(r"[^\W\d_a-z][^\W\d_]+(?:[-’'][^\W\d_]{2,})*")
_ORDINAL: Final = re.compile(r"(?<![\w.,])\d{1,4}(?:st|nd|rd|th) \Z")
_ORDINAL_LENGTH: Final = 7
_NUMBER: Final = re.compile(r"\d[\d.,]* (?=[^\W\d_a-z])")
_PARTICLES: Final = re.compile(r"(?<![\w-])(?:(?:al|ben|bin|da|de|del|den|der|di|dos|du|el|la|le|ter|van|von|zu) ){1,3}\Z")
_PARTICLES_LENGTH: Final = 12
_MODEL: Final = re.compile(
    r" (?!(?:19|20)\d\d\b)(?:\d{2,4}[A-Z]{0,3}|[A-Z][A-Za-z]{0,2}-?\d{1,4}[A-Z]{0,2})(?:-\d{1,4}\w{0,3})?(?: MAX| Max)?(?!\w|[.,]\d|-)"
    r"(?! (?:percent|per cent|million|billion|shares|jobs|workers|people|employees|cars|years|times|points)\b|%)"
)
"""The model behind its maker: "Boeing 747-400", "Sukhoi Su-35", "Peugeot 208"."""

_QUOTES: Final = "“”\""
_QUOTE: Final = re.compile(f"[{_QUOTES}]")


def fitted(text: str, names: list[Candidate], lexicon: Lexicon) -> list[Candidate]:
    """Return the names of a text, in order, with the ends that the words around them speak for."""
    persons: dict[str, Candidate] | None = None
    result: list[Candidate] = []
    at = 0
    for k, one in enumerate(names):
        if one.start < at:
            # A part of the name before.
            continue
        start, end = one.start, one.end
        if not text[start].isalpha() or _QUOTE.search(text, start, end):
            start, end = _bare(text, one, lexicon)
        if one.type == "person":
            end = _with_surname(text, end, names[k + 1 :])
            if start and text[start - 1] == " " and text[start - 2 : start - 1].islower():
                persons = persons_by_word(names) if persons is None else persons
                start = _with_particles(text, start, end, persons)
        elif one.type == "organization" and text[start - 2 : start] in {"t ", "d ", "h "}:
            start = _with_ordinal(text, one, start, lexicon)
        if one.type == "organization" and one.name in lexicon.cues["makers"]:
            model = _MODEL.match(text, end)
            if model is not None:
                one, end = replace(one, type="product", entry=None), model.end()  # noqa: PLW2901
        if (start, end) != (one.start, one.end):
            one = replace(one, start=start, end=end, words=words_of(text[start:end]))  # noqa: PLW2901
        result.append(one)
        at = end
    return result


def _bare(text: str, one: Candidate, lexicon: Lexicon) -> tuple[int, int]:
    """Return the span of a name without a count before it, and without one half of a pair of quotation marks."""
    start, end = one.start, one.end
    if one.entry is None and (number := _NUMBER.match(text, start, end)) and one.type in {"person", "group", "product"}:
        start = number.end()
    if len(_QUOTE.findall(text, start, end)) == 1:
        quote = _QUOTE.search(text, start, end)
        cut = start if quote is None else quote.start()
        start, end = (cut + 1, end) if cut == start else (start, cut - (text[cut - 1] == " "))
    return (start, end) if start < end and text[start:end] not in lexicon.entries else (one.start, one.end)


def _with_surname(text: str, end: int, following: list[Candidate]) -> int:
    """Return where a name ends whose given name and surname a nickname stands between."""
    if text[end - 1] in _QUOTES and text[end : end + 1] == " ":
        # The name has the nickname already.
        first = at = end + 1
    elif text[end : end + 2] in {" “", ' "'} and (nickname := _NICKNAME.match(text, end)) is not None:
        first, at = nickname.start(1), nickname.end()
    else:
        return end
    surname = next((one for one in following if one.start >= first), None)
    if surname is not None and surname.start <= at:
        return surname.end if surname.type == "person" else end
    word = _SURNAME.match(text, at)
    return end if word is None else word.end()


def _with_particles(text: str, start: int, end: int, persons: dict[str, Candidate]) -> int:
    """Return where a surname begins that the text gives with its particles elsewhere: "de Blasio" of Bill de Blasio."""
    particles = _PARTICLES.search(text, max(0, start - _PARTICLES_LENGTH), start)
    return particles.start() if particles and text[particles.start() : end] in persons else start


def _with_ordinal(text: str, one: Candidate, start: int, lexicon: Lexicon) -> int:
    """Return where a unit, court or ward begins that an ordinal is part of: "22nd Infantry Division"."""
    if lexicon.cues["numbered"].isdisjoint(one.words):
        return start
    ordinal = _ORDINAL.search(text, max(0, start - _ORDINAL_LENGTH), start)
    return start if ordinal is None else ordinal.start()
