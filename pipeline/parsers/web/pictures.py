"""Pictures of a page with their captions: figures, caption boxes of content systems, image objects of JSON-LD."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import Final

from pipeline.parsers.canonical import fold
from pipeline.parsers.caption import MAX_CREDIT_CHARS, find_caption, read_caption
from pipeline.parsers.markup import Element, block_texts
from pipeline.parsers.web.linked_data import LinkedData, line
from pipeline.parsers.web.marks import marks
from pipeline.parsers.web.outline import Outline
from schemas.article import Media

MAX_PICTURES: Final = 50
"""Most pictures that are kept of one page."""

MIN_ALT_WORDS: Final = 4
"""Fewest words of an alternative text that says what a picture shows; "logo" and "ferry" do not."""

BOX_LEVELS: Final = 3
"""How far above a caption its picture's box may stand."""

MAX_CAPTION_CHARS: Final = 300
"""Longest text in a box for a picture that is its caption without being marked as one."""

MAX_BOX_CHARS: Final = 1_000
"""Longest text in an element with a picture that is taken for the picture's: more is a story with a picture in it."""

MAX_TEXTS: Final = 30
"""Most pieces of text in such a box."""

MAX_MARKED: Final = 200
"""Most figures and captions of a page that are looked into; nested ones would cost their square."""

_IMAGES: Final = ("img", "amp-img", "amp-video", "amp-anim")
_SOURCES: Final = ("data-src", "data-original", "data-lazy-src", "src")
_SETS: Final = ("data-srcset", "srcset")
_TEXTS: Final = ("table", "blockquote", "pre")
_WHOLE: Final = frozenset({"html", "body", "main", "article", "section"})


@dataclass(frozen=True, slots=True)
class Box:
    """The element of a picture, and the one of its caption where there is one."""

    element: Element
    caption: Element | None


def boxes_of(outline: Outline) -> list[Box]:
    """Return the boxes of a page's pictures in order: figures, and what surrounds an element marked as a caption.

    A figure that holds a table or a quotation is text, and so is its caption.
    """
    found: dict[Element, Box] = {}
    for element in _marked(outline)[:MAX_MARKED]:
        above = next(element.iterancestors("figure"), None)
        if _holds_text(element) or (above is not None and _holds_text(above)):
            continue
        if element.tag == "figcaption" or (element.tag != "figure" and _image(element) is None):
            box = _box(outline, element, above)
            if box is not element or element.tag == "figcaption" or _is_caption(element):
                found[box] = found[box] if box in found and found[box].caption is not None else Box(box, element)
        elif _is_alone(outline, element) and found.keys().isdisjoint(element.iterancestors()):
            found.setdefault(element, Box(element, element if element.tag != "figure" and _is_small(element) else None))
    return list(found.values())


def _is_alone(outline: Outline, element: Element) -> bool:
    """Tell whether an element holds one picture, and neither the boxes of others nor a story."""
    if _image(element) is None or outline.size(element) > MAX_BOX_CHARS:
        return False
    return element.find(".//figure") is None and (element.tag == "figure" or element.find(".//figcaption") is None)


def _is_caption(element: Element) -> bool:
    """Tell whether an element that is marked as a caption is one: an image stands before it, or it ends as they do."""
    before = element.getprevious()
    if before is not None and _image(before) is not None:
        return True
    return find_caption(fold("".join(islice(element.itertext(), MAX_TEXTS)))) is not None


def _marked(outline: Outline) -> list[Element]:
    """Return the figures, captions and boxes for pictures of a page in order."""
    found = set(islice(outline.body.iter("figure", "figcaption"), MAX_MARKED))
    boxes = (one for one in outline.marked("caption", "picture") if one.tag not in _WHOLE and one.tag != "caption")
    for element in islice(boxes, MAX_MARKED):
        if "caption" in outline.marks_of(element) or _is_small(element):
            found.add(element)
    for credit in islice(outline.marked("credit"), MAX_MARKED):
        above = (one for one in islice(credit.iterancestors(), BOX_LEVELS) if one.tag not in _WHOLE)
        found.update(islice(filter(_is_small, above), 1))
    return sorted(found, key=lambda one: outline.spans[one][0])


def _is_small(element: Element) -> bool:
    """Tell whether a box for a picture holds a picture and at most a caption."""
    texts = [len(text.strip()) for text in islice(element.itertext(), MAX_TEXTS)]
    return len(texts) < MAX_TEXTS and 0 < sum(texts) <= MAX_CAPTION_CHARS and _image(element) is not None


def _holds_text(element: Element) -> bool:
    return element.tag == "figure" and next(element.iter(*_TEXTS), None) is not None


def _image(element: Element) -> Element | None:
    """Return the picture in an element; the choices of a `picture` only where no plain image is among them."""
    found = next(element.iter(*_IMAGES), None)
    return found if found is not None else next(element.iter("picture", "video"), None)


def _box(outline: Outline, caption: Element, figure: Element | None) -> Element:
    """Return the box of a caption: its figure, else the nearest element that holds a picture too, else itself.

    What holds much text beside the caption is no box but the story.
    """
    most = outline.size(caption) + MAX_CAPTION_CHARS
    for above in [figure] if figure is not None else islice(caption.iterancestors(), BOX_LEVELS):
        if above.tag in _WHOLE or outline.size(above) > most:
            break
        if _image(above) is not None or above is figure:
            return above
    return caption


def picture(box: Box) -> Media | None:
    """Return the picture of a box; its alternative text stands in for a caption where it says something."""
    image = _image(box.element)
    before = box.element.getprevious() if image is None else None
    image = _image(before) if before is not None else image
    source = source_of(image) if image is not None else None
    credits_in = [] if box.caption is None else _credits(box)
    credit = next((text for one in credits_in if (text := _text(one))), None)
    shown = "" if box.caption is None else _text(box.caption, frozenset(credits_in))
    return media_of(source, shown or alternative(image), credit)


def _credits(box: Box) -> list[Element]:
    """Return the elements of a box that hold its credit beside the caption or within it."""
    marked = [one for one in islice(box.element.iter("*"), MAX_MARKED) if "credit" in marks(one)]
    last = _last_part(box.caption)
    return [one for one in (*marked, last) if one is not None and one is not box.caption]


def _last_part(caption: Element | None) -> Element | None:
    """Return the last of several spans of a caption, where it is a name behind a sentence."""
    parts = [] if caption is None else [one for one in caption if one.tag == "span"]
    if caption is None or len(parts) < 2 or len(parts) != len(caption) or len(_text(parts[-1])) > MAX_CREDIT_CHARS:
        return None
    return parts[-1] if _text(parts[-2]).endswith((".", "”", '"', ")")) else None


def media_of(source: str | None, caption: str | None, credit: str | None) -> Media | None:
    """Return a picture by what is stated of it, None where that is nothing; a stated credit beats the caption's."""
    read = read_caption(caption, media_id=source) if caption else Media(id=source)
    if credit:
        # read_caption knows the brackets and labels of a credit that stands behind a sentence.
        bare = read_caption(f"x. {credit}").credit or credit.strip("()[] ")
        read = read.model_copy(update={"credit": bare})
    return None if read == Media() else read


def alternative(image: Element | None) -> str | None:
    """Return the alternative text of an image where it is a sentence about it."""
    text = fold(image.get("alt") or "") if image is not None else ""
    return text if len(text.split()) >= MIN_ALT_WORDS else None


def source_of(image: Element) -> str | None:
    """Return the address of an image: that of the lazy loader first, the largest of a set last; never inline data."""
    for name in _SOURCES:
        value = fold(image.get(name) or "")
        if value and not value.startswith(("data:", "about:", "blob:")):
            return value
    sets = [one.get(name) for one in image.iter("*") for name in _SETS if one.get(name)]
    sizes = [part.split() for value in sets[:1] if value for part in value.split(", ") if part.strip()]
    best = max(sizes, key=_width, default=None)
    return fold(best[0].rstrip(",")) or None if best else None


def _width(parts: list[str]) -> float:
    number = parts[1].rstrip("wx,") if len(parts) > 1 else ""
    return float(number) if number.isascii() and number.replace(".", "", 1).isdigit() and len(number) < 9 else 0.0


def with_linked(pictures: list[Media], ld: LinkedData) -> list[Media]:
    """Return the pictures of a page with the captions and credits that its JSON-LD has for them, and its others."""
    found = list(pictures)
    for part in islice(ld.resolved(ld.article.get("image")), MAX_PICTURES):
        if not isinstance(part, dict) or not (caption := line(part.get("caption"))):
            continue
        source = line(part.get("contentUrl")) or line(part.get("url"))
        credit = line(part.get("creditText")) or line(part.get("creator"))
        stated = media_of(source, caption, credit)
        if stated is None:
            continue
        same = next((number for number, media in enumerate(found) if _is_same(media, stated)), None)
        if same is None:
            found.append(stated)
        else:
            known = found[same].model_dump(exclude_none=True)
            found[same] = Media.model_validate({**stated.model_dump(exclude_none=True), **known})
    return found[:MAX_PICTURES]


def _is_same(one: Media, other: Media) -> bool:
    if one.caption and other.caption and one.caption.rstrip(".") == other.caption.rstrip("."):
        return True
    return one.id is not None and other.id is not None and one.id.partition("?")[0] == other.id.partition("?")[0]


def _text(element: Element, skip: frozenset[Element] = frozenset()) -> str:
    return fold(" ".join(block_texts(element, skip)))
