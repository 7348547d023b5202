"""HTML: the only place that parses it. A tree for the web page reader, paragraphs for bodies that hold markup.

libxml2 repairs what is broken and is told to fetch nothing. Every walk is a loop, so depth costs no stack.
Tags are counted before anything is parsed, and a page that is nested too deep is refused: libxml2 would leave out
the rest of it without a word.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import TypeAlias

from lxml import etree, html

from pipeline.errors import MalformedItem, UnsafeItem
from pipeline.limits import MAX_HTML_ATTRIBUTES, MAX_HTML_TAGS
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
_INDENTED = re.compile(r"\t|  ")
_MARKUP = re.compile(
    r"</?(?:p|br|div|span|a|strong|em|b|i|h[1-6]|ul|ol|li|blockquote|pre|table|hedline|block)\b[^<>]{0,500}>",
    re.IGNORECASE,
)
_STARTS = {**dict.fromkeys(_BLOCKS | _CELLS, "open"), "a": "link"}
_ENDS = {**dict.fromkeys(_BLOCKS | _CELLS, "close"), "a": "unlink", "br": "break"}
_LINKS = {"link": 1, "unlink": -1}
_LAYOUT = frozenset({"table", "h1", "h2", "h3", "article", "section", "nav"})

MAX_ROW_CHARS = 400
"""Longest row of a table that is kept as one line. Longer ones lay out a page, or hold paragraphs."""

MAX_STORIES = 20
"""Most article elements that are looked into for one thing; nested ones would cost their square."""

MIN_ITEMS = 3
"""Fewest lines, parted by single breaks, that make a list: results, prices, an address."""

MAX_ITEM_CHARS = 80
"""Longest of these lines."""

MAX_TABLE_LINES = 20_000
"""Most lines of a table in `pre`; more are one paragraph, as each line costs as much as one."""

MAX_ROW_ELEMENTS = 200
"""Most elements of such a row: a league table has 20."""

_XML_DECLARATION = re.compile(r"^\s*<\?xml[^>]{0,200}\?>")
# What XML forbids, lxml would not write anew; `fold` takes the same characters for nothing, or for white space.
_FORBIDDEN = re.compile("[\x00-\x08\x0e-\x1b\ufffe\uffff\ud800-\udfff]")
_SPACES = re.compile("[\x0b\x0c\x1c-\x1f]")
# A quote that nothing closes is a letter; the possessive repetitions never look at a character twice.
_TAG = re.compile(r"""<[A-Za-z](?:[^>"']++|"[^"]*+"|'[^']*+'|["'])*+""")
_QUOTED = re.compile(r"""="[^"]*+"|='[^']*+'""")
_PARTS = re.compile(r"[^\s/=]+")
# Not a line feed, which is white space in HTML; `_SPACES` keeps this character out of every page.
_BREAK = "\v"
_COLUMNS = re.compile(r"\S(?: {2,}|\t)\s*\S")


@dataclass(frozen=True, slots=True)
class Block:
    """One folded paragraph of markup, the block element that it stands in, and how much of it is link text."""

    text: str
    element: Element
    linked: int


def tree_of(text: str) -> Element:
    """Return the tree of a page or of a piece of one.

    Raises:
        MalformedItem: there is not one element in it.
        UnsafeItem: it has more tags or attributes than `limits` allow, or is nested deeper than 2,048 elements.
    """
    if text.count("<") > MAX_HTML_TAGS:
        raise UnsafeItem(f"this HTML has more than {MAX_HTML_TAGS} tags, which is the limit.")
    if any(map(_has_crowd, filter(_is_long, _TAG.finditer(text)))):
        raise UnsafeItem(f"this HTML has a tag with more than {MAX_HTML_ATTRIBUTES} attributes, which is the limit.")
    # A parser of one's own each time: libxml2 keeps a dictionary per parser that grows with hostile names.
    # Pages with unclosed tags nest deeper than the 256 elements that libxml2 follows by itself.
    parser = html.HTMLParser(
        encoding="utf-8", no_network=True, recover=True, remove_comments=True, remove_pis=True, huge_tree=True
    )
    data = _SPACES.sub(" ", _FORBIDDEN.sub("", _XML_DECLARATION.sub("", text))).encode("utf-8", "replace")
    try:
        root = etree.fromstring(data, parser)
    except (etree.LxmlError, ValueError, AssertionError) as error:
        raise MalformedItem("this cannot be read as HTML.") from error
    if root is None:
        raise MalformedItem("this cannot be read as HTML: there is no element in it.")
    last = parser.error_log.last_error
    if last is not None and "xcessive depth" in last.message:
        raise UnsafeItem("this HTML is nested deeper than any page, so that its end cannot be read.")
    return root


def has_markup(text: str) -> bool:
    """Tell whether a text holds tags that bodies are written with; "a < b" holds none."""
    return "<" in text and _MARKUP.search(text) is not None


def _is_long(tag: re.Match[str]) -> bool:
    return tag.end() - tag.start() > 2 * MAX_HTML_ATTRIBUTES


def _has_crowd(tag: re.Match[str]) -> bool:
    """Tell whether a tag has too many attributes; its quoted values are none, however long."""
    return sum(1 for _ in islice(_PARTS.finditer(_QUOTED.sub(" ", tag[0])), MAX_HTML_ATTRIBUTES)) == MAX_HTML_ATTRIBUTES


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
    return [block.text for block in blocks(root, skip)]


def blocks(root: Element, skip: frozenset[Element] = frozenset()) -> Iterator[Block]:
    """Yield the blocks of `block_texts` with where they stand; the lines of a table in `pre` are one each."""
    writer = _Writer(root)
    for kind, value, element in _walk(root, skip):
        if kind == "text":
            writer.write(value)
        elif kind == "cell":
            writer.parts.append(" ")
        elif kind in _LINKS:
            writer.links += _LINKS[kind]
        elif kind == "break" and not writer.broken:
            writer.parts.append(_BREAK)
            writer.broken = True
        else:
            yield from writer.flush()
            if kind == "open":
                writer.inside.append(element)
            elif kind == "close":
                writer.inside.pop()
    yield from writer.flush()


class _Writer:
    """The block that is being written, and the elements around it."""

    def __init__(self, root: Element) -> None:
        self.parts: list[str] = []
        self.inside = [root]
        self.linked = self.links = 0
        self.broken = False

    def write(self, text: str) -> None:
        self.parts.append(text)
        self.broken = self.broken and not text.strip()
        if self.links:
            self.linked += len(text.strip())

    def flush(self) -> Iterator[Block]:
        text, linked, element = "".join(self.parts), self.linked, self.inside[-1]
        self.parts.clear()
        self.linked, self.broken = 0, False
        lines = _lines(text, element)
        if len(lines) > 1:
            yield from (Block(line, element, 0) for part in lines if (line := fold(part)))
        elif folded := fold(text):
            yield Block(folded, element, linked)


def _lines(text: str, element: Element) -> list[str]:
    """Return the lines of a block that is a table in `pre`, or a list whose items are parted by breaks; else one."""
    if str(element.tag).rpartition("}")[2] == "pre" and text.count("\n") <= MAX_TABLE_LINES:
        return _preformatted(text)
    lines = [line.strip() for line in text.split(_BREAK) if not line.isspace()] if _BREAK in text else []
    # Prose that was wrapped by breaks goes on in lower case somewhere.
    listed = len(lines) >= MIN_ITEMS and all(len(line) <= MAX_ITEM_CHARS and not line[:1].islower() for line in lines)
    return lines if listed else [text]


def _preformatted(text: str) -> list[str]:
    """Return the blocks of preformatted text: rows of a table stand alone, wrapped prose runs on to a blank line."""
    found: list[list[str]] = [[]]
    table = False
    for line in text.splitlines():
        row = _COLUMNS.search(line) is not None
        if row or table or not line.strip() or _INDENTED.match(line):
            found.append([])
        found[-1].append(line)
        table = row
    return ["\n".join(lines) for lines in found]


def _walk(root: Element, skip: frozenset[Element]) -> Iterator[tuple[str, str, Element]]:
    """Yield what a page does, in its order, and the element that does it.

    It is text (with its words), break, cell, open, close, between, link or unlink.
    """
    row: Element | None = None
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
            yield _kind(_STARTS.get(name, ""), in_row=row is not None), "", element
            if row is None and name == "tr" and _is_line(element):
                row = element
            yield "text", element.text or "", element
            continue
        row = None if row is element else row
        kind = _kind(_ENDS.get(name, ""), in_row=row is not None)
        yield ("between" if kind == "close" else "text") if element in skip else kind, "", element
        if element is not root and element.tail:
            yield "text", element.tail, element


def _kind(kind: str, *, in_row: bool) -> str:
    """Return what an element does; within a row that is one line, blocks only part words."""
    return "cell" if in_row and kind in {"open", "close", "break"} else kind or "text"


def first_of(root: Element, name: str) -> Element | None:
    """Return the first element of a name in the first article or main that has one, else in all of the page."""
    stories = islice(root.iter("article", "main"), MAX_STORIES)
    return next((found for one in (*stories, root) if (found := next(one.iter(name), None)) is not None), None)


def _is_line(row: Element) -> bool:
    """Tell a row of a table, which is one line whatever its cells are made of, from a row that lays out a page."""
    length = cells = 0
    for count, element in enumerate(row.iter("*")):
        name = element.tag.rpartition("}")[2]
        cells += name in _CELLS
        length += len((element.text or "").strip()) + len((element.tail or "").strip())
        if length > MAX_ROW_CHARS or count > MAX_ROW_ELEMENTS or name in _LAYOUT or _ends_paragraph(element, name):
            return False
    return cells > 1


def _ends_paragraph(element: Element, name: str) -> bool:
    """Tell the second of two breaks in a row."""
    before = element.getprevious() if name == "br" else None
    return before is not None and before.tag == element.tag and not (before.tail or "").strip()
