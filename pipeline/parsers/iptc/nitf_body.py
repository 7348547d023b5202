"""The body of NITF: headline, byline, dateline, abstract, blocks, tables and media, alone or inside a NewsML."""

from __future__ import annotations

from pipeline.parsers.canonical import fold, paragraphs_from
from pipeline.parsers.iptc.pictures import first_pictures, picture_of
from pipeline.parsers.iptc.settling import byline_of
from pipeline.parsers.markup import block_texts
from pipeline.parsers.placing import day_of, state_dateline
from pipeline.parsers.reading import Draft
from pipeline.parsers.xml import Element, attribute, child, children, local_name, outermost, section, words_of
from schemas.article import Media


def has_nitf(element: Element) -> bool:
    """Tell whether an element is or directly holds NITF."""
    found = {local_name(element), *map(local_name, element)}
    if found & {"nitf", "body.content", "body.head"}:
        return True
    return any(child(body, "body.content") is not None for body in element)


def tell_nitf(element: Element, draft: Draft) -> list[str]:
    """Fill a draft from the body of NITF, and return its abstract; what the draft knows already stays.

    Args:
        element: the root `nitf`, or whatever holds its `body` or `body.content`.
        draft: its time of publication is set already, which gives a dateline without a year its year.
    """
    top = _body_of(element)
    head = section(top, "body.head")
    abstract = _tell_head(head, draft) if head is not None else []
    contents = children(top, "body.content") or outermost(top, "body.content") or ([top] if head is None else [])
    for content in contents:
        pictures = outermost(content, "media")
        draft.media += [media for picture in first_pictures(pictures, draft) if (media := read_media(picture))]
        if len(content) == 0:
            draft.paragraphs += paragraphs_from((content.text or "").splitlines())
        else:
            draft.paragraphs += block_texts(content, frozenset(pictures))
    return abstract


def _body_of(element: Element) -> Element:
    for path in (("nitf", "body"), ("body",)):
        if (found := child(element, *path)) is not None:
            return found
    return element


def _tell_head(head: Element, draft: Draft) -> list[str]:
    headlines = [words for hedline in children(head, "hedline") if (words := words_of(child(hedline, "hl1")))]
    headlines += filter(None, map(words_of, children(head, "hedline")))
    draft.headline = draft.headline or next(iter(headlines), None)
    draft.byline = draft.byline or byline_of(map(_byline, children(head, "byline")))
    if (dateline := child(head, "dateline")) is not None:
        _tell_dateline(dateline, draft)
    draft.notes += filter(None, [_note(head)])
    draft.media += [
        media for picture in first_pictures(outermost(head, "media"), draft) if (media := read_media(picture))
    ]
    return [text for part in children(head, "abstract") for text in block_texts(part)]


def _byline(byline: Element) -> str | None:
    """The names stand in the element or in `person`; `byttl` beside them is the desk."""
    title = child(byline, "byttl")
    names = " ".join(block_texts(byline, frozenset([title] if title is not None else [])))
    return names or words_of(title)


def _tell_dateline(dateline: Element, draft: Draft) -> None:
    """`location` and `story.date` say what the words of the whole element mix with the agency's name."""
    told = child(dateline, "story.date")
    day = day_of(attribute(told, "norm"))
    place = words_of(child(dateline, "location"))
    if place and told is not None and day is None:
        place = f"{place}, {words_of(told) or ''}"
    state_dateline(draft, place or words_of(dateline), day)


def _note(head: Element) -> str | None:
    notes = [part for part in children(head, "note") if attribute(part, "noteclass") in {"editorsnote", None}]
    return fold(" ".join(text for part in notes for text in block_texts(part))) or None


def read_media(media: Element) -> Media | None:
    """Return the picture, video or sound of a `media` element, None where nothing is said of it."""
    caption = " ".join(text for part in outermost(media, "media-caption") for text in block_texts(part))
    references = outermost(media, "media-reference")
    address = next((found for part in references if (found := _address(part))), None)
    credit = " ".join(text for part in outermost(media, "media-producer")[:1] for text in block_texts(part))
    return picture_of(caption, address, credit)


def _address(reference: Element) -> str | None:
    return next((found for name in ("source", "data-location", "name") if (found := attribute(reference, name))), None)
