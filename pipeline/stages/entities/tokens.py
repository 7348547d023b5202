"""Tokens and windows: the pieces of a text that the trained tagger looks at.

Names are capitalised, so only capitalised words are tagged: a window is those that stand together or nearly so, with
the numbers beside them. The tagger is trained on windows cut by this very code.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from itertools import pairwise
from typing import Final, NamedTuple

from pipeline.stages.entities.scan import POSSESSIVE, WORD

BRIDGE: Final = 2
"""Tokens without a capital between two capitalised ones that still are of one window: "Bank of the West"."""

_TOKEN: Final = re.compile(
    # Small words first, as many as stand together (a bound, because each costs memory): most of a text. The blank
    # behind a token is taken along: a search that begins at a blank tries everything in vain.
    rf"(?:([a-z]+(?: [a-z]+){{0,40}}(?![\w'’-]))|([^\w\s'’]|['’]s\b|['’]t(?= )|\d[\d.,]*(?<![.,]))|({WORD})"
    r"|((?:ex|mid|non|post|pre|pro)(?=-[^\W\d_a-z])|[^\W_]+(?:['’-][^\W_]+)*)|(\n+)|([^\w\s]|_)) ?"
)
_SMALL: Final = 1
_MARK: Final = 2
_CAPITALISED: Final = 3
_OTHER: Final = 4
_LINE_END: Final = 5

NO_HINT: Final = b"-"
"""The hint where the rules see no name."""

MAX_WINDOW: Final = 80
"""Tokens; longer stretches of capitals are tables, and are cut."""

LINE: Final = "\n"
"""The token of one or more line ends."""


OPENING: Final = frozenset({LINE, ".", "!", "?", '"', "“", "”", ":", "‘", "'", "-", "–", "—", "("})
"""Tokens after which a capital may merely open a sentence."""


class Tokens(NamedTuple):
    """The tokens of a text; typographic apostrophes became typewriter ones."""

    words: list[str]
    starts: list[int]
    capitals: list[int]
    """Indices of the tokens with a capital letter, and of the line ends: all that windows are laid by."""

    def end(self, i: int) -> int:
        """Return where a token ends that is no line end."""
        return self.starts[i] + len(self.words[i])


def tokenize(text: str) -> Tokens:
    """Cut a text into words, numbers, punctuation marks and line ends."""
    words: list[str] = []
    starts: list[int] = []
    capitals: list[int] = []
    for found in _TOKEN.finditer(text):
        kind, start = found.lastindex or _MARK, found.start()
        token = found[kind]
        if kind == _SMALL:
            for word in token.split(" "):
                words.append(word)
                starts.append(start)
                start += len(word) + 1
            continue
        if kind > _MARK:
            if kind == _CAPITALISED or (kind == _OTHER and token.lower() != token):
                capitals.append(len(words))
            elif kind == _LINE_END:
                capitals.append(len(words))
                token = LINE
        words.append(token.replace("’", "'") if "’" in token else token)
        starts.append(start)
    return Tokens(words, starts, capitals)


class Quiet(NamedTuple):
    """Words that are no part of a name when only small words stand beside them and the rules see none."""

    anywhere: AbstractSet[str] = frozenset()
    """ "The", "Monday"."""
    opening: AbstractSet[str] = frozenset()
    """At the start of a sentence: words that are mostly written without a capital, "Troops"."""


def windows(
    tokens: Tokens, hints: Sequence[bytes], quiet: Quiet, settled: AbstractSet[int] = frozenset()
) -> list[tuple[int, int]]:
    """Return the windows of a text as ranges of tokens, left to right; none crosses a line end.

    Args:
        tokens: the tokens of the text.
        hints: what the rules say of each token; `NO_HINT` is nothing.
        quiet: words around which no window is laid.
        settled: tokens about which nothing is left to ask.
    """
    words, last = tokens.words, len(tokens.words)
    found: list[tuple[int, int]] = []
    floor = first = stop = 0
    for i, following in pairwise((*tokens.capitals, last)):
        if words[i] == LINE:
            if stop:
                found.append((first, stop))
            floor, stop = i + 1, 0
            continue
        if i in settled or (hints[i] == NO_HINT and _is_quiet(words, i, following, quiet)):
            continue
        if stop and i - first >= MAX_WINDOW:
            found.append((first, stop))
            floor, stop = i, 0
        if stop and i - stop > BRIDGE:
            found.append((first, stop))
            stop = 0
        if not stop:
            first = i - 1 if i > floor and (words[i - 1][0].isdigit() or words[i - 1] == "al") else i
        stop = i + 2 if i + 1 < last and _goes_along(words[i + 1]) else i + 1
    if stop:
        found.append((first, stop))
    return found


def _goes_along(word: str) -> bool:
    """Tell whether a token after a capitalised one may be of its name: "Apollo 11", "McDonald's"."""
    return word[0].isdigit() or word == POSSESSIVE


def _is_quiet(words: list[str], i: int, following: int, quiet: Quiet) -> bool:
    """Tell whether the word at `i`, after which the next capital stands at `following`, says nothing by its capital."""
    if following == i + 1 < len(words) and words[following] != LINE:
        return False
    opens = i == 0 or words[i - 1] in OPENING
    return words[i] in quiet.anywhere or (opens and words[i] in quiet.opening)
