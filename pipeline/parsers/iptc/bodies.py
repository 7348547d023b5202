"""The words inside a wire's envelope, into a draft: NITF, XHTML or plain text, as elements or escaped as text."""

from __future__ import annotations

from pipeline.errors import MalformedItem
from pipeline.parsers.canonical import paragraphs_from, paragraphs_of
from pipeline.parsers.iptc.nitf_body import has_nitf, tell_nitf
from pipeline.parsers.iptc.pictures import first_pictures, picture_of
from pipeline.parsers.markup import block_texts, has_markup, tree_of
from pipeline.parsers.reading import Draft
from pipeline.parsers.xml import Element, attribute, outermost, parse_xml, read_prolog
from schemas.article import Media


def tell(element: Element, draft: Draft) -> None:
    """Add the paragraphs and pictures of the element that holds a content, whatever is inside."""
    if len(element) == 0:
        tell_text(element.text or "", draft)
    elif has_nitf(element):
        tell_nitf(element, draft)
    else:
        tell_markup(element, draft)


def tell_text(text: str, draft: Draft, *, encoded: bool = False) -> None:
    """Add the paragraphs of a text; where it is markup that somebody escaped, what the markup says.

    Args:
        text: the words.
        draft: where they go.
        encoded: whether HTML entities in plain text are still to be decoded; XML that carried it has done so.

    Raises:
        UnsafeItem: the text is XML with declarations of its own.
    """
    stripped = text.strip()
    prolog = read_prolog(stripped) if stripped.startswith("<") else None
    if prolog is not None and (prolog.subset or prolog.root in {"nitf", "body.content", "block"}):
        try:
            document = parse_xml(stripped)
        except MalformedItem:
            draft.warnings.append("text: the NITF inside cannot be read as XML; its words were taken as HTML")
        else:
            draft.warnings += [line for line in document.warnings if line not in draft.warnings]
            tell_nitf(document.root, draft)
            return
    if prolog is not None or has_markup(stripped):
        tell_markup(tree_of(f"<div>{stripped}</div>"), draft)
    else:
        draft.paragraphs += paragraphs_of(stripped) if encoded else paragraphs_from(stripped.splitlines())


def tell_markup(root: Element, draft: Draft) -> None:
    """Add the paragraphs of XHTML or HTML; figures become pictures with their captions."""
    figures = outermost(root, "figure")
    draft.media += [media for figure in first_pictures(figures, draft) if (media := _figure(figure))]
    draft.paragraphs += block_texts(root, frozenset(figures))


def _figure(figure: Element) -> Media | None:
    caption = " ".join(text for part in outermost(figure, "figcaption", "caption") for text in block_texts(part))
    images = outermost(figure, "img", "video", "audio")
    address = next((found for image in images if (found := attribute(image, "src"))), None)
    credited = [part for part in outermost(figure, "div", "span", "cite") if _is_credit(part)]
    credit = " ".join(text for part in credited[:1] for text in block_texts(part))
    return picture_of(caption, address, credit)


def _is_credit(part: Element) -> bool:
    names = (attribute(part, "class") or "").casefold()
    return any(name in names for name in ("credit", "byline", "copyright"))
