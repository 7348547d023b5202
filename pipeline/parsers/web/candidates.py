"""The blocks of a page that may be its story, and what speaks against each: links, bylines, dates, notices."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import islice
from typing import Final

from pipeline.parsers.canonical import is_boilerplate
from pipeline.parsers.dates import find_date
from pipeline.parsers.markup import Block, Element, blocks
from pipeline.parsers.web.access import is_notice
from pipeline.parsers.web.marks import marks
from pipeline.parsers.web.outline import Outline

MAX_META_CHARS: Final = 120
"""Longest line of author, date or section above a story."""

LINKED_SHARE: Final = 0.7
"""A block with more of its text in links is a way to other pages, unless somebody vouches for it."""

STANDFIRST_WORDS: Final = 6
"""Fewest words of a standfirst that ends like no sentence: shorter lines are sections and labels."""

SENTENCE_WORDS: Final = 8
"""Fewest words of a sentence that stays although all of it is a link; titles of pages seldom end in a full stop."""

DATED_SHARE: Final = 0.5
"""A short line with more of it in a date and a time of day is a date line."""

META_LEVELS: Final = 2
"""How far above a line its marks may stand: label and value of a field have a wrapper each."""

_WHOLE: Final = frozenset({"html", "body", "main", "article"})
_CLOCK = re.compile(r"\d{1,2}[:.h]\d\d")
ENDS_SENTENCE = re.compile(r"[.!?…؟。:]['\"”’»)\]]*$")
_TABULAR: Final = frozenset({"tr", "pre"})
_SPEAKING: Final = frozenset({"h2", "h3", "h4", "li", "tr", "pre"})
BYLINE = re.compile(
    r"(?i:(?:(?:posted|written|text|story)\s+)?(?:by|von|par|por|di|door|av|af))\s+(?=[^\W\d_])(?![a-z])"
)
LETTERS = re.compile(r"[^\W_]+")


@dataclass(slots=True)
class Candidate:
    """A block of the page and what is known of it."""

    block: Block
    vouched: bool
    barred: bool

    @property
    def linked(self) -> bool:
        """Whether it is little but links, and no sentence of some length with a link around it."""
        text, element = self.block.text, self.block.element
        if element.tag == "p" and text.endswith(".") and len(text.split()) >= SENTENCE_WORDS:
            return False
        return element.tag not in _TABULAR and self.block.linked >= LINKED_SHARE * len(text)

    @property
    def eligible(self) -> bool:
        """Whether it may be story without anybody's word for it."""
        return not (self.barred or self.linked)


def candidates_of(outline: Outline, skip: frozenset[Element], titles: frozenset[str]) -> list[Candidate]:
    """Return the blocks that may be story, in order, none of them vouched for yet.

    Args:
        outline: the page.
        skip: furniture and pictures.
        titles: what the page is called, case folded: the headline is no paragraph.
    """
    marked: dict[Element, bool] = {}
    return [
        Candidate(block, vouched=False, barred=is_barred(block, marked) or block.text.casefold() in titles)
        for block in blocks(outline.body, skip)
    ]


def says(candidate: Candidate) -> bool:
    """Tell a standfirst or the first heading of a story from a byline, a date or a section."""
    text = candidate.block.text
    words = len(LETTERS.findall(text))
    if is_byline(text):
        return False
    return words >= STANDFIRST_WORDS or bool(ENDS_SENTENCE.search(text)) or candidate.block.element.tag in _SPEAKING


def is_byline(text: str) -> bool:
    """Tell a line that says by whom a story is: a word for "by" and a name."""
    return len(text) <= MAX_META_CHARS and not ENDS_SENTENCE.search(text) and BYLINE.match(text) is not None


def is_barred(block: Block, marked: dict[Element, bool]) -> bool:
    """Tell whether a block is navigation, a byline or a date line, whoever vouches for it.

    Args:
        block: the block.
        marked: what is known already of elements; it grows.
    """
    text, element = block.text, block.element
    if element.tag == "h1":
        return True
    if element.tag not in _TABULAR:
        # What is all links and no sentence is out already; most lines of a page are, and need no other reason.
        if block.linked >= LINKED_SHARE * len(text) and not ENDS_SENTENCE.search(text):
            return True
        if is_notice(text):
            return True
    elif len(text) > MAX_META_CHARS:
        return False
    if is_boilerplate(text):
        return True
    return (
        element.tag not in _TABULAR
        and len(text) <= MAX_META_CHARS
        and not ENDS_SENTENCE.search(text)
        and _is_meta(block, marked)
    )


def _is_meta(block: Block, marked: dict[Element, bool]) -> bool:
    """Tell whether a short line is the author, date or section above a story, by its marks or its time element."""
    element = block.element
    if element not in marked:
        around = [element, *islice(element.iterancestors(), META_LEVELS)]
        marked[element] = any("meta" in marks(one) for one in around if one.tag not in _WHOLE)
    if marked[element]:
        return True
    if _is_date(block.text):
        return True
    shown = sum(len("".join(islice(time.itertext(), 9))) for time in islice(element.iter("time"), 2))
    return 2 * shown >= len(block.text)


def _is_date(text: str) -> bool:
    """Tell a line that is a date, or a date and a time of day, from a short line that has one in it."""
    day = find_date(text)
    if day is None:
        return False
    clock = _CLOCK.search(text)
    dated = day.end - day.start + (clock.end() - clock.start() if clock else 0)
    return dated >= DATED_SHARE * len(text)
