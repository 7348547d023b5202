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

from collections.abc import Iterator
from itertools import islice
from typing import Final

from pipeline.parsers.markup import Element
from pipeline.parsers.web.candidates import ENDS_SENTENCE, LETTERS, Candidate, is_byline, says
from pipeline.parsers.web.extractor import story_lines
from pipeline.parsers.web.metadata import Metadata
from pipeline.parsers.web.outline import Outline
from pipeline.parsers.web.witness import Witness

MAX_STORIES: Final = 20
"""Most elements that are compared; a page with more articles is an index, and nested ones would cost their square."""

LABEL_WORDS: Final = 4
"""Most words of the label above a list of links."""

MAX_STANDFIRST: Final = 8
"""Most lines of a standfirst: some wires put the news into five bullets above the story."""

OWN_SHARE: Final = 0.5
"""With less of the text of the page's own article element, trafilatura has missed the story."""

HOME_SHARE: Final = 0.6
"""Where article elements hold so much of what is vouched for, what follows them is no story."""

STATED_SHARE: Final = 1.5
"""An articleBody so much longer than what the page shows is the whole of a story that the page shows in part."""


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
        candidate.vouched = (not candidate.linked or ENDS_SENTENCE.search(text) is not None) and any(
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
    """Return the last sure block of the story: the last one in an article element, where these hold most of them."""
    articles = [outline.spans[one][:2] for one in islice(outline.body.iter("article"), MAX_STORIES)]
    placed = [(number, outline.spans[found[number].block.element][0]) for number in sure]
    inside = [number for number, place in placed if any(first <= place <= last for first, last in articles)]
    total, held = (sum(len(found[number].block.text) for number in some) for some in (sure, inside))
    return inside[-1] if inside and held >= HOME_SHARE * total else sure[-1]


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
    label = len(LETTERS.findall(candidate.block.text)) <= LABEL_WORDS and not ENDS_SENTENCE.search(
        candidate.block.text.rstrip(":")
    )
    return not (label and following is not None and following.linked and not following.vouched)


def _standfirst(found: list[Candidate], first: int) -> list[Candidate]:
    """Return the lines between the headline and the first block of the story that say something."""
    head = next((number for number in range(first - 1, -1, -1) if found[number].block.element.tag == "h1"), None)
    if head is None:
        return []
    return [candidate for candidate in found[head + 1 : first] if candidate.eligible and says(candidate)][
        -MAX_STANDFIRST:
    ]


def _is_label(first: Candidate, second: Candidate) -> bool:
    """Tell a byline or a section that stands apart from the paragraphs below it."""
    apart = first.block.element.getparent() is not second.block.element.getparent()
    return is_byline(first.block.text) or (apart and not says(first))


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
