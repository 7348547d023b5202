"""Runs of capitalised words: the only parts of an English text that the rules look at.

A run is capitalised words joined by single blanks and, between them, the small words that names contain ("of",
"for the", "bin"). One regular expression finds the runs, so that lower-case text costs next to nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

_UPPER: Final = "".join(
    re.escape(c) for c in map(chr, (*range(0x41, 0x250), *range(0x370, 0x530), *range(0x1E00, 0x1F00))) if c.isupper()
)
_ABBREVIATION: Final = (
    r"(?:Mr|Mrs|Ms|Dr|Prof|Gens?|Lt|Col|Sgt|Capt|Cpl|Pvt|Maj|Brig|Adm|Cmdr|Supt|Sens?|Reps?|Gov|Rev|Fr|Hon|Ste?|Jr|Sr"
    r"|Ft|Mt|Bros|Dept|ST|Md|Kr|Mst|Smt|Sra?|Srta|Dra|Ing|Lic|Engr|Barr|Amb|Cde|Cllr|Insp|Const|Pte|Pfc|Spc|Msgr|Bro|Ven|Pres"
    r"|Atty|Det|Asst|Lieut|Rr|Ir)\.(?=[ ,'’]|\Z)"
)
_STATE: Final = (
    r"(?<=, )(?:Ala|Alta|Ariz|Ark|Calif|Colo|Conn|Del|Fla|Ga|Ill|Ind|Kan|Ky|La|Man|Mass|Mich|Minn|Miss|Mo|Mont|Neb|Nev"
    r"|Okla|Ont|Ore|Pa|Que|Sask|Tenn|Tex|Va|Vic|Vt|W\.Va|Wash|Wis|Wyo|Md)\.(?!\w)"
)
"""American states and Canadian provinces as the wires shorten them behind a town."""

_CLOSING: Final = r"(?:Inc|Corp|Co|Ltd)\.(?=[ ,'’]|\Z)"
_COMPOUND: Final = (
    "led run era held made born only like wide old day line term time up off in on out to the and type free "
    "rich wing area bred hit size win based backed style owned elect funded armed ruled linked shaped listed "
    "trade class age level bound focus inch year month week foot mile rated tax ray rays shirt shirts turn "
    "turns boat boats plan war peace deal talks pro anti wise ish heavy hour hours allied aged side bomb test "
    "goal point man woman wave bank bus car van city state party member nation part half mail site book sex "
    "shape set shot star built loving going hating minded aware ready proof zone block body head force fi tech "
    "end trained "
)
"""Second halves of English compounds ("Iraqi-led"), told from those of East Asian given names ("Jong-un")."""

_SYLLABLE: Final = rf"(?!(?:{'|'.join(_COMPOUND.split())}|[a-z]+ed)\b)(?:[a-z]{{2,6}}|u)\b"
_PARTICLE: Final = r"(?:al|el|ul|ez|de|la|le|sur|upon|ibn|bin|e|i|o|und|les|en|sous)(?=-)"
_JOINED: Final = rf"(?:[-‑](?:[{_UPPER}0-9]\w*|{_PARTICLE}|{_SYLLABLE})|['’](?!s\b)\w+|&[{_UPPER}]\w*|\.com\b|\+(?!\w))"
_PREFIX: Final = r"(?:al|el|an|ad|ar|as|ash|at|az|ul|neo|anti|d|l)[-’']"
_DOTTED: Final = (
    # the look-ahead spares most words the alternatives
    rf"(?=\w{{1,5}}\.)(?:(?:[A-Z]\.){{2,}}(?:[A-Z]\b)?|{_STATE}|{_ABBREVIATION}|{_CLOSING}"
    rf"|[{_UPPER}]\.(?=[ ][{_UPPER}]))"
)
_LONGEST_PREFIX: Final = 5
"""Small letters with which a word may begin before its capital: "al-" of "al-Shabaab", "wiki" of "wikiHow"."""

WORD: Final = rf"(?<![\w@#])(?:{_DOTTED}|(?:{_PREFIX})?[{_UPPER}]\w*{_JOINED}*|[a-z]{{1,{_LONGEST_PREFIX}}}[A-Z]\w+)"
_SMALL: Final = (
    r"(?:of|for|and|the|to|on|de|del|della|di|da|dos|das|des|do|du|la|le|van|der|den|von|zu|bin|ibn|bint|ben|al|el|ul|y|ter"
    r"|ten|af|ould|binti|et|e|&|['’]t|ap|wa|ole|arap|mac|[sd]/o|a/[lp])"
)
MAX_JOINS: Final = 24
"""Longest run, in joins; longer stretches of capitals are tables and are cut."""

_JOIN: Final = rf"(?:['’]s?)?[ \u00a0](?:(?:{_SMALL}[ \u00a0]){{1,2}})?{WORD}|[ ]\d{{1,3}}\b(?![.,:%]?\d)"
_ARTICLE: Final = "al "
"""The Arabic article as some wires write it: "al Qaeda"."""

_RUN: Final = re.compile(rf"(?:(?<![\w@#]){_ARTICLE}(?=[{_UPPER}]))?{WORD}(?:{_JOIN}){{0,{MAX_JOINS}}}(?:['’]s\b)?")
_CAPITAL: Final = re.compile(f"[{_UPPER}]")
_BEFORE: Final = re.compile(rf"(?<![\w@#])(?:{_PREFIX}|[a-z]+)\Z")
_TOKEN: Final = re.compile(rf"{WORD}|['’][st]\b|[^\s'’]+|['’]")
_OPENS: Final = re.compile(r"(?:^|[.!?…:•|\n]| [-–—] )[\"'“”‘’»«)\]\s*–—-]*$")
_ABBREVIATED: Final = re.compile(r"(?:\b[A-Z]|\b(?:Oct|Nov|Dec|Jan|Feb|Mar|Apr|Aug|Sept?|No|vs|v|St|Mr|Dr|Gen))\.\s$")

POSSESSIVE: Final = "'s"
APOSTROPHE: Final = "'"


@dataclass(slots=True)
class Run:
    """A run with its tokens: words with typewriter apostrophes, and their spans in the text."""

    words: list[str]
    starts: list[int]
    ends: list[int]
    opens: bool
    """True when the run stands at the start of a sentence, where a capital says nothing."""


def opens_sentence(text: str, start: int) -> bool:
    """Tell whether a sentence, a quotation or a line begins at `start`."""
    before = text[max(0, start - 12) : start]
    if before[-1:] == " " and before[-2:-1].isalnum():
        # the way most names stand, told without any search
        return False
    if start <= len(before) and not before.strip(" \"'“”‘’([-–—"):
        return True
    if before[-1:].isalpha() or before[-1:] == "," or before[-2:-1].isalnum() or before[-2:] == ", ":
        return False
    return _OPENS.search(before) is not None and _ABBREVIATED.search(before) is None


def words_of(name: str) -> tuple[str, ...]:
    """Return the words of a name as a run would hold them."""
    return tuple(word.replace("’", "'") for word in _TOKEN.findall(name))


def _matches(text: str) -> Iterator[re.Match[str]]:
    """Yield what `_RUN.finditer` would, in half the time: the search for a mere capital letter is a fast one."""
    at = 0
    while capital := _CAPITAL.search(text, at):
        start = capital.start()
        if start > at and (text[start - 1].islower() or text[start - 1] in "-’'"):
            before = _BEFORE.search(text, max(at, start - _LONGEST_PREFIX), start)
            start = start if before is None else before.start()
        elif start - len(_ARTICLE) >= at and text.startswith(_ARTICLE, start - len(_ARTICLE)):
            article = start - len(_ARTICLE)
            start = start if article and (text[article - 1].isalnum() or text[article - 1] in "_@#") else article
        found = _RUN.match(text, start)
        at = capital.end() if found is None else found.end()
        if found is not None:
            yield found


def runs(text: str) -> Iterator[Run]:
    """Yield the runs of a text from left to right."""
    for found in _matches(text):
        start, end = found.span()
        words, starts, ends = _tokens(text, found[0], start, end)
        yield Run(words, starts, ends, opens_sentence(text, start))


def _tokens(text: str, name: str, start: int, end: int) -> tuple[list[str], list[int], list[int]]:
    """Return the words of a run, where they start and where they end."""
    if name.isalpha():
        return [name], [start], [end]
    if name.replace(" ", "").isalpha():
        # Letters and blanks: the tokens are the words, and no second search is needed.
        words = name.split(" ")
        starts, ends, at = [], [], start
        for word in words:
            starts.append(at)
            at += len(word)
            ends.append(at)
            at += 1
        return words, starts, ends
    found = list(_TOKEN.finditer(text, start, end))
    return [one[0].replace("’", "'") for one in found], [one.start() for one in found], [one.end() for one in found]
