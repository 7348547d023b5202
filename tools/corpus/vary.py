"""What happens to copy on its way: capitals, other quotes and dashes, lost accents. Lengths never change."""

from __future__ import annotations

import re
import unicodedata
from random import Random

from tools.corpus.records import Sentence, Span

CAPITALS = 0.05
CURLY = 0.5
FOLDED = 0.6
NO_STOP = 0.04
TITLE_CASE = 0.45
SMALL = frozenset(
    (
        "a",
        "an",
        "and",
        "as",
        "at",
        "but",
        "by",
        "for",
        "from",
        "in",
        "into",
        "of",
        "on",
        "or",
        "the",
        "to",
        "vs",
        "v",
        "with",
    )
)
_WORD = re.compile(r"[^\W\d_][\w'’]*")
_BARE = {"ı": "i", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "ø": "o", "Ø": "O"}


def vary(sentence: Sentence, rng: Random) -> Sentence:
    """Return the sentence as another desk might have filed it; the spans stay where they are."""
    text = _first_capital(sentence.text)
    if sentence.register.startswith("headline") and rng.random() < TITLE_CASE:
        text = _title(text, sentence.spans)
    if rng.random() < CAPITALS:
        text = "".join(upper if len(upper := char.upper()) == 1 else char for char in text)
    if rng.random() < FOLDED:
        text = "".join(_bare(char) for char in text)
    if rng.random() < CURLY:
        text = _curly(text)
    if rng.random() < NO_STOP and text.endswith("."):
        text = text[:-1]
    spans = tuple(span if span.end <= len(text) else Span(span.start, len(text), span.label) for span in sentence.spans)
    return Sentence(text, spans, sentence.register)


def _first_capital(text: str) -> str:
    return text[:1].upper() + text[1:] if len(text[:1].upper()) == 1 else text


def _title(text: str, spans: tuple[Span, ...]) -> str:
    def raised(match: re.Match[str]) -> str:
        word, at = match.group(), match.start()
        in_name = any(span.start <= at < span.end for span in spans)
        return word if in_name or (word in SMALL and at) else word[0].upper() + word[1:]

    return _WORD.sub(raised, text)


def _bare(char: str) -> str:
    if char in _BARE:
        return _BARE[char]
    base = unicodedata.normalize("NFD", char)[0]
    return base if base.isascii() and base.isalpha() else char


def _curly(text: str) -> str:
    text = re.sub(r'(^|[\s(\[—])"', r"\1“", text).replace('"', "”")
    return re.sub(r"(^|[\s(\[—“])'(?=\w)", r"\1‘", text).replace("'", "’")
