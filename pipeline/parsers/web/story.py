"""The paragraphs of a page's story: trafilatura and JSON-LD say which blocks belong to it, our walk writes them.

trafilatura is the better judge of what is furniture, and now and then leaves out a list item, a standfirst or a short
last line. Our own walk loses nothing and knows table rows and breaks. So the words are always those of our walk:

1. Elements that are furniture by name, role or class go (see `furniture`).
2. A block is *vouched for* when trafilatura, or the articleBody of JSON-LD, holds its words.
3. Blocks between the first and the last of these belong to the story as well, unless they are links, bylines,
   dates or a site's own notices; so does a standfirst under the headline and what follows in the same element.
4. A page of which nothing is vouched for is read by the element that holds most of its text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Final

from pipeline.parsers.canonical import is_boilerplate
from pipeline.parsers.dates import find_date
from pipeline.parsers.markup import Block, Element, blocks
from pipeline.parsers.web.access import is_notice
from pipeline.parsers.web.extractor import story_lines
from pipeline.parsers.web.furniture import marks
from pipeline.parsers.web.metadata import Metadata
from pipeline.parsers.web.outline import Outline

MAX_STORIES: Final = 20
"""Most elements that are compared; a page with more articles is an index, and nested ones would cost their square."""

SHINGLE_WORDS: Final = 3
"""Words in a row that are compared. Three are rarely the same by chance within one page."""

VOUCHED_SHARE: Final = 0.6
"""Share of a block's shingles that a witness must hold; it may cut notes and links out of a paragraph."""

MAX_META_CHARS: Final = 120
"""Longest line of author, date or section above a story."""

LINKED_SHARE: Final = 0.7
"""A block with more of its text in links is a way to other pages, unless somebody vouches for it."""

STANDFIRST_WORDS: Final = 6
"""Fewest words of a standfirst that ends like no sentence: shorter lines are sections and labels."""

SENTENCE_WORDS: Final = 8
"""Fewest words of a sentence that stays although all of it is a link; titles of pages seldom end in a full stop."""

LABEL_WORDS: Final = 4
"""Most words of the label above a list of links."""

DATED_SHARE: Final = 0.5
"""A short line with more of it in a date and a time of day is a date line."""

MAX_STANDFIRST: Final = 8
"""Most lines of a standfirst: some wires put the news into five bullets above the story."""

OWN_SHARE: Final = 0.35
"""With less of the text of the page's own article element, trafilatura has missed the story."""

HOME_SHARE: Final = 0.6
"""An article element with so much of what is vouched for is the story's; what follows it is not."""

STATED_SHARE: Final = 1.5
"""An articleBody so much longer than what the page shows is the whole of a story that the page shows in part."""

META_LEVELS: Final = 2
"""How far above a line its marks may stand: label and value of a field have a wrapper each."""

_WHOLE: Final = frozenset({"html", "body", "main", "article"})
_CLOCK = re.compile(r"\d{1,2}[:.h]\d\d")
_ENDS_SENTENCE = re.compile(r"[.!?…؟。:]['\"”’»)\]]*$")
_TABULAR: Final = frozenset({"tr", "pre"})
_SPEAKING: Final = frozenset({"h2", "h3", "h4", "li", "tr", "pre"})
BYLINE = re.compile(
    r"(?i:(?:(?:posted|written|text|story)\s+)?(?:by|von|par|por|di|door|av|af))\s+(?=[^\W\d_])(?![a-z])"
)
_TOKEN = re.compile(r"\w+")
_LETTERS = re.compile(r"[^\W_]+")


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


class Witness:
    """The words of somebody who says what the story is."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._lines: set[str] = set()
        self._shingles: set[tuple[str, ...]] = set()
        for line in lines:
            tokens = _TOKEN.findall(line.casefold())
            self._lines.add("".join(tokens))
            self._shingles.update(_shingles(tokens))

    def vouches_for(self, text: str) -> bool:
        """Tell whether it holds the words of a block: the whole line, or most of its runs of words."""
        tokens = _TOKEN.findall(text.casefold())
        if not tokens:
            return False
        if "".join(tokens) in self._lines:
            return True
        runs = list(_shingles(tokens))
        return bool(runs) and sum(run in self._shingles for run in runs) >= VOUCHED_SHARE * len(runs)


def _shingles(tokens: list[str]) -> Iterator[tuple[str, ...]]:
    return zip(*(tokens[start:] for start in range(SHINGLE_WORDS)), strict=False)


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


def choose(found: list[Candidate], root: Element, outline: Outline, meta: Metadata) -> list[Candidate]:
    """Return the candidates that are the story, by what trafilatura finds in the page and by JSON-LD's articleBody.

    Args:
        found: all of the page, in order.
        root: the page without its furniture.
        outline: the body as it was.
        meta: what the page says about itself.
    """
    lines = story_lines(root)
    witnesses = [Witness(said) for said in (lines, meta.body) if said]
    for candidate in found:
        text = candidate.block.text
        # Links that are no sentence are titles of other pages, and trafilatura lets some of them pass.
        candidate.vouched = (not candidate.linked or _ENDS_SENTENCE.search(text) is not None) and any(
            witness.vouches_for(text) for witness in witnesses
        )
    sure = [number for number, candidate in enumerate(found) if candidate.vouched and not candidate.barred]
    while len(sure) > 1 and _is_label(found[sure[0]], found[sure[1]]):
        del sure[0]
    if not sure:
        return []
    first, last = sure[0], _last(found, sure, outline)
    inner = [
        candidate for number, candidate in enumerate(found[: last + 1]) if number >= first and _stays(found, number)
    ]
    return [*_standfirst(found, first), *inner, *_ending(found, last)]


def _last(found: list[Candidate], sure: list[int], outline: Outline) -> int:
    """Return the last sure block of the article element that holds most of them, of all where none does."""
    placed = [(number, outline.spans[found[number].block.element][0], len(found[number].block.text)) for number in sure]
    total = sum(length for _, _, length in placed)
    for article in islice(outline.body.iter("article"), MAX_STORIES):
        first, last, _ = outline.spans[article]
        inside = [(number, length) for number, place, length in placed if first <= place <= last]
        if sum(length for _, length in inside) >= HOME_SHARE * total:
            return inside[-1][0]
    return sure[-1]


def texts(chosen: list[Candidate], own: list[Candidate], stated: list[str]) -> list[str]:
    """Return the paragraphs of the story: those chosen, our own reading, or the articleBody that the page states.

    Args:
        chosen: what somebody vouched for, and what belongs to it.
        own: the largest element of the page.
        stated: the paragraphs of JSON-LD's articleBody; it counts where a script would show what the page does not.
    """
    if len(chosen) < len(own) and _length(chosen) < OWN_SHARE * _length(own):
        chosen = own
    if sum(map(len, stated)) > STATED_SHARE * _length(chosen):
        return stated
    return [candidate.block.text for candidate in chosen]


def _stays(found: list[Candidate], number: int) -> bool:
    """Tell whether a block within the story is kept: all but what is barred, and the label of a list of links."""
    candidate = found[number]
    if candidate.vouched or not candidate.eligible:
        return candidate.vouched and not candidate.barred
    following = found[number + 1] if number + 1 < len(found) else None
    label = len(_LETTERS.findall(candidate.block.text)) <= LABEL_WORDS and not _ENDS_SENTENCE.search(
        candidate.block.text.rstrip(":")
    )
    return not (label and following is not None and following.linked and not following.vouched)


def _standfirst(found: list[Candidate], first: int) -> list[Candidate]:
    """Return the lines between the headline and the first block of the story that say something."""
    head = next((number for number in range(first - 1, -1, -1) if found[number].block.element.tag == "h1"), None)
    if head is None:
        return []
    return [candidate for candidate in found[head + 1 : first] if candidate.eligible and _says(candidate)][
        -MAX_STANDFIRST:
    ]


def _says(candidate: Candidate) -> bool:
    """Tell a standfirst or the first heading of a story from a byline, a date or a section."""
    text = candidate.block.text
    words = len(_LETTERS.findall(text))
    if is_byline(text):
        return False
    return words >= STANDFIRST_WORDS or bool(_ENDS_SENTENCE.search(text)) or candidate.block.element.tag in _SPEAKING


def _is_label(first: Candidate, second: Candidate) -> bool:
    """Tell a byline or a section that stands apart from the paragraphs below it."""
    apart = first.block.element.getparent() is not second.block.element.getparent()
    return is_byline(first.block.text) or (apart and not _says(first))


def is_byline(text: str) -> bool:
    """Tell a line that says by whom a story is: a word for "by" and a name."""
    return len(text) <= MAX_META_CHARS and not _ENDS_SENTENCE.search(text) and BYLINE.match(text) is not None


def _ending(found: list[Candidate], last: int) -> list[Candidate]:
    """Return what follows the last block in the same element and in the same kind of block."""
    element = found[last].block.element
    parent = element.getparent()
    if parent is None or parent.tag == "body":
        return []
    return [
        candidate
        for candidate in found[last + 1 :]
        if candidate.eligible
        and candidate.block.element.getparent() is parent
        and candidate.block.element.tag == element.tag
    ]


def largest(outline: Outline, found: list[Candidate]) -> list[Candidate]:
    """Return the candidates of the element that holds most of a page: the longest article, else main, else body."""
    inside = [(outline.spans[candidate.block.element][0], candidate) for candidate in found if candidate.eligible]
    for elements in (outline.body.iter("article"), _mains(outline.body)):
        best: list[Candidate] = []
        for element in islice(elements, MAX_STORIES):
            first, last, _ = outline.spans[element]
            own = [candidate for number, candidate in inside if first <= number <= last]
            best = max(best, own, key=_length)
        if best:
            return best
    return [candidate for _, candidate in inside]


def _mains(body: Element) -> Iterator[Element]:
    yield from body.iter("main")
    yield from (element for element in body.iter("div", "section") if element.get("role") == "main")


def _length(found: list[Candidate]) -> int:
    return sum(len(candidate.block.text) for candidate in found if candidate.eligible)


def is_barred(block: Block, marked: dict[Element, bool]) -> bool:
    """Tell whether a block is navigation, a byline or a date line, whoever vouches for it.

    Args:
        block: the block.
        marked: what is known already of elements; it grows.
    """
    text, element = block.text, block.element
    if is_boilerplate(text) or element.tag == "h1":
        return True
    if element.tag in _TABULAR:
        return False
    if is_notice(text):
        return True
    return len(text) <= MAX_META_CHARS and not _ENDS_SENTENCE.search(text) and _is_meta(block, marked)


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
