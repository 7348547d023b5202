"""Sentences and tokens: one pass over the text, everything after it works on token numbers.

A sentence is cut into parallel lists (text, lower-case text, kind, start, end); offsets are code points of the
whole text. Only sentences that hold a number word or a digit are cut at all.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from operator import eq
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pipeline.stages.figures.lexicon import Lexicon

WORD: Final = 0
NUM: Final = 1  # digits: 40,000 or 3.2
SMALL: Final = 2  # zero to nineteen
TENS: Final = 3  # twenty to ninety
HUNDRED: Final = 4
SCALE: Final = 5  # thousand, lakh, million …
SET: Final = 6  # dozen
ORDINAL: Final = 7  # third, fifths, quarter
VAGUE: Final = 8  # dozens, thousands
FRACTION: Final = 9  # ½
HALF: Final = 10
SYMBOL: Final = 11

NUMERIC: Final = frozenset({NUM, SMALL, TENS, HUNDRED, SCALE, SET, ORDINAL, VAGUE, FRACTION, HALF})

_ONE: Final = b"\x01"
_NUMERIC_TABLE: Final = bytes(kind in NUMERIC for kind in range(256))

MAX_SENTENCE_CHARS: Final = 2_000
"""Longest stretch that is read as one sentence; the longest real ones have 600. It bounds the work per figure."""

DASHES: Final = frozenset("-–—‐‑‒−")
VULGAR: Final = frozenset("¼½¾⅐⅑⅒⅓⅔⅕⅖⅗⅘⅙⅚⅛⅜⅝⅞")

_LETTER = r"[^\W\d_¼½¾⅐-⅞]"  # a fraction sign is alphanumeric to a regular expression
_TOKEN = re.compile(
    r"[a-zA-Z]+(?=[ ,;)])|[a-zA-Z]{2,}(?=\.\s|\.\Z)"  # most words; the rest of the pattern is for the others
    rf"|(?:https?://|www\.|[@#]{_LETTER})\S*"  # addresses and handles hold no figures
    rf"|(?:{_LETTER}\.)+{_LETTER}\b\.?"  # p.m. U.S.
    rf"|{_LETTER}+(?:['’]{_LETTER}+)*"
    r"|\d+(?:[.,]\d+)*(?:[eE][+-]?\d+(?!\w))?"
    r"|\.\d+"
    r"|\S"
)
_PADDING = 16  # farther than any rule looks past the end of a sentence
_EMPTY = [""] * _PADDING
_SYMBOLS = [SYMBOL] * _PADDING
_LOOSE = [False] * _PADDING
_PARAGRAPH = 2  # line ends between paragraphs
_MAX_KINDS = 50_000  # kinds remembered; more than the words of a year of news that come back
_BREAK = re.compile(r"[.!?…][\"”’')\]]*\s+(?=[\"“‘'(\[]?[^\W_a-z])|\n[^\S\n]*\n\s*")
_LAST_WORD = re.compile(r"[\w.]+\Z")
_SPACE = re.compile(r"\s+")


class Kinds(dict[str, int]):
    """The kind of every lower-case token: the words of a language, and what the texts so far have shown."""

    def __missing__(self, low: str) -> int:
        """Return the kind of a token that is no number word, and note it while there is room."""
        kind = WORD if low.isalpha() else _kind(low)
        if len(self) < _MAX_KINDS:
            self[low] = kind
        return kind


def _kind(low: str) -> int:
    """Return the kind of a lower-case token that is not all letters."""
    first = low[:1]
    if first.isdecimal() or (first == "." and len(low) > 1):
        return NUM
    if first.isalpha() and "/" not in low:
        return WORD
    return FRACTION if first in VULGAR else SYMBOL


class Tokens:
    """The tokens of one sentence, as parallel lists.

    Behind the last token the lists hold `_PADDING` empty symbols, so that a look past either end (an index below
    zero wraps round) finds nothing instead of failing.
    """

    __slots__ = (
        "_numeric",
        "begin",
        "end",
        "finish",
        "glued",
        "kind",
        "kinds",
        "low",
        "seen",
        "size",
        "start",
        "text",
        "word",
    )

    def __init__(self, text: str, begin: int, finish: int, lexicon: Lexicon) -> None:
        self.text = text
        self.begin = begin
        self.finish = finish
        word: list[str] = _TOKEN.findall(text, begin, finish)
        # Finding each token anew costs less than a match object for each: they stand in order, so nothing is skipped.
        find, position = text.find, begin
        start: list[int] = []
        end: list[int] = []
        for one in word:
            left = find(one, position)
            position = left + len(one)
            start.append(left)
            end.append(position)
        self.size = len(word)
        # One call for all: no token holds a space, and lower() may change lengths but adds none.
        low = " ".join(word).lower().replace("’", "'").split(" ")
        for name, spelling in lexicon.spellings:
            if name in word:
                low = [spelling if one == name else lower for one, lower in zip(word, low, strict=True)]
        kind = list(map(lexicon.kinds.__getitem__, low))
        self.glued = [False, *map(eq, start[1:], end), *_LOOSE]
        self.seen = frozenset(low)
        self.kinds = frozenset(kind)
        self._numeric = bytes(kind).translate(_NUMERIC_TABLE)
        word += _EMPTY
        low += _EMPTY
        kind += _SYMBOLS
        self.word, self.low, self.kind, self.start, self.end = word, low, kind, start, end

    def where(self, words: frozenset[str]) -> list[int]:
        """Return where words of a list stand in the sentence, in order; most sentences hold few of them."""
        known = self.seen & words
        return [i for i, low in enumerate(self.low) if low in known] if known else []

    def next_number(self, i: int) -> int:
        """Return the first token from i on that is of a numeric kind, or -1."""
        return self._numeric.find(_ONE, i)

    def phrase(self, i: int, j: int) -> str:
        """Return the lower-case tokens i to j with single spaces."""
        return " ".join(self.low[i:j])

    def slice(self, i: int, j: int) -> str:
        """Return the text of tokens i to j as written."""
        return self.text[self.start[i] : self.end[j - 1]]

    def capital(self, i: int) -> bool:
        """Tell whether token i starts with a capital letter."""
        return self.word[i][:1].isupper()


def _abbreviated(text: str, start: int, end: int, abbreviations: frozenset[str]) -> bool:
    """Tell whether the point at an offset ends an abbreviation and not its sentence; a paragraph ends both."""
    if text[start] != "." or text.count("\n", start, end) >= _PARAGRAPH:
        return False
    before = _LAST_WORD.search(text, max(0, start - 12), start)
    word = before.group().lower() if before else ""
    return word in abbreviations or (len(word) == 1 and word.isalpha())


def _short(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Cut an overlong stretch at white space; a run of characters that has none is no prose and left out."""
    while end - start > MAX_SENTENCE_CHARS:
        cut = start + MAX_SENTENCE_CHARS
        spaces = [match.start() for match in _SPACE.finditer(text, start, cut)]
        if spaces and spaces[-1] > start:
            yield start, spaces[-1]
            start = spaces[-1]
            continue
        gap = _SPACE.search(text, cut, end)
        if gap is None:
            return
        start = gap.end()
    yield start, end


def sentences(text: str, abbreviations: frozenset[str]) -> Iterator[tuple[int, int]]:
    """Yield the bounds of the sentences of a text, in order, without the white space between them."""
    start = 0
    for match in _BREAK.finditer(text):
        stop, after = match.span()
        if _abbreviated(text, stop, after, abbreviations):
            continue
        end = stop if text[stop].isspace() else stop + 1
        if end - start <= MAX_SENTENCE_CHARS:
            yield start, end
        else:
            yield from _short(text, start, end)
        start = after
    if start < len(text):
        yield from _short(text, start, len(text))
