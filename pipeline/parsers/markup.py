"""HTML: the only place that parses it. A tree for the web page reader, paragraphs for bodies that hold markup.

libxml2 repairs what is broken and is told to fetch nothing. Every walk is a loop, so depth costs no stack.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TypeAlias

from lxml import etree, html

from pipeline.errors import MalformedItem
from pipeline.parsers.canonical import fold
from pipeline.parsers.xml import Element as XmlElement

Element: TypeAlias = html.HtmlElement

_BLOCK_NAMES = (
    "address article aside blockquote body caption center dd details div dl dt fieldset figcaption figure "
    "footer form h1 h2 h3 h4 h5 h6 header hr html li main nav ol p pre section summary table tbody tfoot "
    "thead tr ul"
)
_NITF_BLOCK_NAMES = "abstract block body.content body.end body.head bq byline dateline hedline hl1 hl2 lh note tagline"
_BLOCKS = frozenset(f"{_BLOCK_NAMES} {_NITF_BLOCK_NAMES} media media-caption media-producer".split())
_SILENT_NAMES = "script style noscript template svg iframe button select input textarea object embed head math canvas"
_SILENT = frozenset(_SILENT_NAMES.split())
_CELLS = frozenset({"td", "th"})
_ROW = re.compile(r"\S(?: {2,}|\t+ *)\S")
_TAG = re.compile(
    r"</?(?:p|br|div|span|a|strong|em|b|i|h[1-6]|ul|ol|li|blockquote|pre|table|hedline|block)\b[^<>]{0,500}>",
    re.IGNORECASE,
)
_XML_DECLARATION = re.compile(r"^\s*<\?xml[^>]{0,200}\?>")


def tree_of(text: str) -> Element:
    """Return the tree of a page or of a piece of one.

    Raises:
        MalformedItem: there is not one element in it.
    """
    # A parser of one's own each time: libxml2 keeps a dictionary per parser that grows with hostile names.
    parser = html.HTMLParser(encoding="utf-8", no_network=True, recover=True, remove_comments=True, remove_pis=True)
    data = _XML_DECLARATION.sub("", text).replace("\0", "").encode("utf-8", "replace")
    try:
        root = etree.fromstring(data, parser)
    except (etree.LxmlError, ValueError, AssertionError) as error:
        raise MalformedItem("this cannot be read as HTML.") from error
    if root is None:
        raise MalformedItem("this cannot be read as HTML: there is no element in it.")
    return root


def has_markup(text: str) -> bool:
    """Tell whether a text holds tags that bodies are written with; "a < b" holds none."""
    return "<" in text and _TAG.search(text) is not None


def paragraphs_of_markup(text: str) -> list[str]:
    """Return the folded paragraphs of a body with markup; plain text without a tag is one paragraph."""
    return block_texts(tree_of(f"<div>{text}</div>"))


def block_texts(root: XmlElement, skip: frozenset[XmlElement] = frozenset()) -> list[str]:
    """Return the folded text of each block, in order; two breaks in a row also end a paragraph, a table row is one.

    So is each row of a table that is set with spaces in preformatted text, as wires do.

    Args:
        root: where to begin.
        skip: elements to leave out with all they hold.
    """
    paragraphs: list[str] = []
    piece: list[str] = []
    breaks = 0

    def flush() -> None:
        if folded := fold("".join(piece)):
            paragraphs.append(folded)
        piece.clear()

    for kind, value in _walk(root, skip):
        if kind == "text":
            piece.append(value)
            breaks = breaks if value.isspace() else 0
        elif kind == "cell":
            piece.append(" ")
        elif kind == "break" and breaks == 0:
            piece.append("\n")
            breaks = 1
        else:
            flush()
            breaks = 0
    flush()
    return paragraphs


def _walk(root: XmlElement, skip: frozenset[XmlElement]) -> Iterator[tuple[str, str]]:
    """Yield ("text", words), ("break", ""), ("cell", "") and ("block", "") in the order of the page."""
    walker = etree.iterwalk(root, events=("start", "end"))
    preformatted = 0
    for event, element in walker:
        # XHTML inside other XML has a namespace, and NITF writes the same names without one.
        name = element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""
        if event == "start":
            preformatted += name == "pre"
            if name in _SILENT or element in skip:
                walker.skip_subtree()
                continue
            if name in _BLOCKS:
                yield "block", ""
            if element.text:
                yield from _lines(element.text) if preformatted else (("text", element.text),)
            continue
        preformatted -= name == "pre"
        if name == "br":
            yield "break", ""
        elif name in _CELLS:
            yield "cell", ""
        elif name in _BLOCKS:
            yield "block", ""
        if element.tail and element is not root:
            yield from _lines(element.tail) if preformatted else (("text", element.tail),)


def _lines(text: str) -> Iterator[tuple[str, str]]:
    """Yield preformatted text: rows of a table stand alone, wrapped prose runs on to a blank or indented line."""
    table = False
    for number, line in enumerate(text.splitlines()):
        row = _ROW.search(line) is not None
        if row or (number and (table or not line.strip() or line.startswith(("  ", "\t")))):
            yield "block", ""
        yield "text", f"{line}\n"
        table = row
