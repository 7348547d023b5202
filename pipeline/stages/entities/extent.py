"""Extent: names whose ends the words around them decide - nicknames, ordinals, particles, stray numbers and quotes."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from pipeline.stages.entities.candidate import Candidate
from pipeline.stages.entities.lexicon import Lexicon
from pipeline.stages.entities.persons import QUOTES, persons_by_word
from pipeline.stages.entities.scan import words_of

_NICKNAME: Final = re.compile(
    r" (?:“[^“”\n]{2,24}”|\"[^\"\n]{2,24}\") ((?:(?:bin|da|de|dos|van|von) )*)(?=[^\W\d_a-z])"
)
"""What stands between a given name and a surname: 'Ana "Nena" dos Reis'."""

_SURNAME: Final = re.compile(r"[^\W\d_a-z][^\W\d_]+(?:[-’'][^\W\d_]{2,})*")
_ORDINAL: Final = re.compile(r"(?<![\w.,])\d{1,4}(?:st|nd|rd|th) \Z")
_ORDINAL_LENGTH: Final = 7
_ORDINAL_ENDS: Final = frozenset({"t ", "d ", "h "})
_NUMBER: Final = re.compile(r"\d[\d.,]* (?=[^\W\d_a-z])")
_MODEL: Final = re.compile(
    r" (?!(?:19|20)\d\d\b)(?:\d{2,4}[A-Z]{0,3}|[A-Z][A-Za-z]{0,2}-?\d{1,4}[A-Z]{0,2})(?:-\d{1,4}\w{0,3})?(?: MAX| Max)?"
    r"(?!\w|[.,]\d|-)"
    r"(?! (?:percent|per cent|million|billion|shares|jobs|workers|people|employees|cars|years|times|points)\b|%)"
)
"""The model behind its maker: "Boeing 747-400", "Sukhoi Su-35", "Peugeot 208"."""

_VARIANT: Final = re.compile(r"(?<=\d)-\d{1,4}[A-Z]{0,3}(?!\w)")
"""The variant behind a model: "-400" of "Boeing 747-400"."""

_SLASHED: Final = re.compile(r" A/S\b|(?<= [A-Z])/[A-Z]\b")
"""The form of companies with a slash, or what of it is behind the name."""

_QUOTE: Final = re.compile(f"[{QUOTES}]")


def fitted(text: str, names: list[Candidate], lexicon: Lexicon) -> list[Candidate]:
    """Return the names of a text, in order, with the ends that the words around them speak for."""
    fitter = _Fitter(text, names, lexicon)
    result: list[Candidate] = []
    at = 0
    for k, one in enumerate(names):
        # A name that begins inside the one before is a part of it.
        if one.start >= at:
            result.append(fitter.fit(k))
            at = result[-1].end
    return result


class _Fitter:
    """Fits the names of one text."""

    def __init__(self, text: str, names: list[Candidate], lexicon: Lexicon) -> None:
        self._text, self._names, self._lexicon = text, names, lexicon
        self._persons: dict[str, Candidate] | None = None

    def fit(self, k: int) -> Candidate:
        """Return the name at index `k` as the text has it."""
        text, one = self._text, self._names[k]
        start, end = one.start, one.end
        if not text[start].isalpha() or _QUOTE.search(text, start, end):
            start, end = _bare(text, one, self._lexicon)
        if one.type == "person":
            end = _with_surname(text, end, self._names[k + 1 :])
            start = self._with_particles(start, end)
        elif one.type == "organization":
            if one.name in self._lexicon.cues["makers"] and (model := _MODEL.match(text, end)) is not None:
                words = words_of(text[start : model.end()])
                return replace(one, start=start, end=model.end(), words=words, type="product", entry=None)
            start, end = _with_ordinal(text, one, start, self._lexicon), _with_form(text, end)
        elif one.type == "product" and (variant := _VARIANT.match(text, end)) is not None:
            end = variant.end()
        if (start, end) == (one.start, one.end):
            return one
        return replace(one, start=start, end=end, words=words_of(text[start:end]))

    def _with_particles(self, start: int, end: int) -> int:
        """Return where a surname begins that has particles elsewhere: "de Blasio" of Bill de Blasio."""
        text, first = self._text, start
        while text[first - 1 : first] == " ":
            word = text.rfind(" ", 0, first - 1) + 1
            if text[word : first - 1] not in self._lexicon.cues["particles"]:
                break
            first = word
        if first == start:
            return start
        if self._persons is None:
            self._persons = persons_by_word(self._names)
        return first if text[first:end] in self._persons else start


def _bare(text: str, one: Candidate, lexicon: Lexicon) -> tuple[int, int]:
    """Return the span of a name without a count before it, and without one half of a pair of quotation marks."""
    start, end = one.start, one.end
    number = _NUMBER.match(text, start, end) if one.entry is None else None
    if number is not None and one.type in {"person", "group", "product"}:
        start = number.end()
    quotes = list(_QUOTE.finditer(text, start, end))
    if len(quotes) == 1:
        cut = quotes[0].start()
        start, end = (cut + 1, end) if cut == start else (start, cut - (text[cut - 1] == " "))
    return (start, end) if start < end and text[start:end] not in lexicon.entries else (one.start, one.end)


def _with_surname(text: str, end: int, following: list[Candidate]) -> int:
    """Return where a name ends whose given name and surname a nickname stands between."""
    if text[end - 1] in QUOTES and text[end : end + 1] == " ":
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


def _with_ordinal(text: str, one: Candidate, start: int, lexicon: Lexicon) -> int:
    """Return where a unit, court or ward begins that an ordinal is part of: "22nd Infantry Division"."""
    if text[max(0, start - 2) : start] not in _ORDINAL_ENDS or lexicon.cues["numbered"].isdisjoint(one.words):
        return start
    ordinal = _ORDINAL.search(text, max(0, start - _ORDINAL_LENGTH), start)
    return start if ordinal is None else ordinal.start()


def _with_form(text: str, end: int) -> int:
    """Return where a company ends: "Skagenvind A/S"."""
    form = _SLASHED.match(text, end)
    return end if form is None else form.end()
