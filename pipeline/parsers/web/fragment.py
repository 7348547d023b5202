"""HTML bodies that other formats carry: feed entries, mails, JSON bodies. They hold one story and no site around it."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import islice

from pipeline.parsers.canonical import is_boilerplate
from pipeline.parsers.markup import block_texts, tree_of
from pipeline.parsers.web.furniture import furniture
from pipeline.parsers.web.outline import Outline
from pipeline.parsers.web.pictures import MAX_PICTURES, boxes_of, picture
from schemas.article import Media


@dataclass(slots=True)
class Fragment:
    """The paragraphs of a body, and its pictures, whose captions are no paragraphs."""

    paragraphs: list[str] = field(default_factory=list)
    media: list[Media] = field(default_factory=list)


def read_fragment(text: str) -> Fragment:
    """Return the paragraphs and pictures of a piece of HTML, or of a whole page taken as one story.

    Share buttons, newsletter boxes and the like go by their marks; nobody is asked what the story is, because all of
    it is. A body that is marked so as a whole is kept.

    Raises:
        InputError: there is no element in it, or far more structure than a body has.
    """
    root = tree_of(f"<div>{text}</div>")
    body = next(root.iter("body"), root)
    outline = Outline(body)
    boxes = boxes_of(outline)
    shown = frozenset(box.element for box in boxes)
    outside = furniture(outline)
    lines = block_texts(body, shown | outside) or block_texts(body, shown)
    return Fragment(
        [line for line in lines if not is_boilerplate(line)],
        [media for box in islice(boxes, MAX_PICTURES) if (media := picture(box))],
    )
