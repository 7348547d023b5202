"""XML: the only place that parses it. Nothing outside the bytes is ever read, and no declaration of theirs is obeyed.

A document type that only names a DTD elsewhere, as NITF and NewsML 1 files do, is cut out before the parser sees it
and said in a warning: what it names is never fetched. One that brings declarations of its own is refused: they are
what entity bombs and local file reads are made of.

Wires choose namespace prefixes freely, so elements and attributes are found by their local names.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html.entities import html5
from typing import Final, TypeAlias

from lxml import etree

from pipeline.errors import MalformedItem, UnsafeItem
from pipeline.limits import MAX_XML_DEPTH, MAX_XML_ELEMENTS
from pipeline.parsers.canonical import fold

Element: TypeAlias = etree._Element  # noqa: SLF001 - lxml gives its element type no public name

_NAME = re.compile(r"[^\s<>/\[\]\"'=]{1,200}")
_EXTERNAL = re.compile(r"\s+(?:SYSTEM|PUBLIC)\s[^\[<]*|\s*", re.IGNORECASE)
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_NAMED_ENTITY = re.compile(r"&([A-Za-z][A-Za-z0-9]{1,30};)")
_OWN_ENTITIES: Final = frozenset({"amp;", "lt;", "gt;", "quot;", "apos;"})
_STRAY = re.compile(
    r"(?P<cdata><!\[CDATA\[.*?(?:\]\]>|\Z))|(?P<void><(?:br|hr|img)(?:\s[^<>]{0,2000})?(?<!/)>)"
    r"|&(?!#\d{1,7};|#[xX][0-9a-fA-F]{1,6};|[A-Za-z]{2,31};)|<(?![A-Za-z_/!?])|\]\]>",
    re.DOTALL,
)
_WRITTEN: Final = {"&": "&amp;", "<": "&lt;", "]]>": "]]&gt;"}


@dataclass(frozen=True, slots=True)
class Document:
    """The root element of an item, and what had to be passed over to get it."""

    root: Element
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Prolog:
    """What stands before the root element: where the root begins, its name, the document type."""

    root: str
    start: int
    doctype: bool = False
    subset: bool = False


def read_prolog(text: str) -> Prolog | None:
    """Return what stands before the root element of a text that starts like markup, None where it does not.

    Declaration, processing instructions, comments and a document type are passed over; no byte is looked at twice.
    """
    at, doctype, subset = 0, False, False
    while True:
        while at < len(text) and (text[at].isspace() or text[at] == "\ufeff"):
            at += 1
        if text.startswith("<?", at):
            end = text.find("?>", at)
        elif text.startswith("<!--", at):
            end = text.find("-->", at)
        elif text[at : at + 9].upper() == "<!DOCTYPE":
            doctype = True
            declared = _declared(text, at + 9)
            if declared is None:
                return None
            end, subset = declared
            if subset:
                return Prolog("", at, doctype, subset)
        else:
            name = _NAME.match(text, at + 1) if text.startswith("<", at) else None
            return Prolog(name[0].rpartition(":")[2], at, doctype) if name else None
        if end < 0:
            return None
        at = text.find(">", end) + 1


def _declared(text: str, at: int) -> tuple[int, bool] | None:
    """Return where a document type ends, and whether it brings declarations; None where it is no document type."""
    name = _NAME.match(text, at + len(text[at : at + 4096]) - len(text[at : at + 4096].lstrip()))
    if name is None:
        return None
    after = _EXTERNAL.match(text, name.end(), name.end() + 4096)
    end = after.end() if after else name.end()
    if text.startswith("[", end):
        return end, True
    closing = text.rfind(">", name.end(), end + 1)
    return (closing, False) if closing >= 0 else None


def parse_xml(text: str) -> Document:
    """Return the tree of an XML text, damaged or not, with a warning for all that was passed over.

    Entities that HTML names and XML does not are taken as HTML means them.

    Raises:
        UnsafeItem: it declares a document type of its own, or is nested or split beyond `limits`.
        MalformedItem: there is no element in it.
    """
    prolog = read_prolog(text)
    if prolog is None:
        raise MalformedItem("this cannot be read as XML: no element begins it.")
    if prolog.subset:
        raise UnsafeItem("this XML brings a DTD of its own, which is refused; send it without the document type.")
    body = text[prolog.start :]
    if body.count("<") > MAX_XML_ELEMENTS:
        raise UnsafeItem(f"this XML has more than {MAX_XML_ELEMENTS} tags, which is the limit.")
    warnings = ["the DTD that the document type names was not read"] if prolog.doctype else []
    clean = _FORBIDDEN.sub("", body)
    if len(clean) != len(body):
        warnings.append("characters that XML forbids were left out")
    data = _NAMED_ENTITY.sub(_as_character, clean).encode("utf-8")
    try:
        root = etree.fromstring(data, _parser(recover=False))
    except etree.XMLSyntaxError as error:
        root = _recovered(data, error)
        line = error.position[0]
        warnings.append(f"the XML is damaged near line {line}; what could be read was read")
    return Document(root, tuple(warnings))


def _recovered(data: bytes, error: etree.XMLSyntaxError) -> Element:
    if "xcessive depth" in str(error):
        raise UnsafeItem(f"this XML is nested deeper than {MAX_XML_DEPTH} elements, which is the limit.") from error
    if "huge" in str(error).lower():
        raise UnsafeItem("this XML holds a single value of more than 10 MB, which is the limit.") from error
    try:
        root = etree.fromstring(_STRAY.sub(_mended, data.decode("utf-8")).encode("utf-8"), _parser(recover=True))
    except etree.XMLSyntaxError as worse:
        raise MalformedItem("this cannot be read as XML.") from worse
    if root is None:
        raise MalformedItem("this cannot be read as XML: there is no element in it.") from error
    return root


def _mended(found: re.Match[str]) -> str:
    """Escape a mark that nobody escaped, close what has no end: libxml2 would lose the words around it."""
    if found["cdata"]:
        return found[0] if found[0].endswith("]]>") else f"{found[0]}]]>"
    return f"{found[0][:-1]}/>" if found["void"] else _WRITTEN[found[0]]


def _parser(*, recover: bool) -> etree.XMLParser:
    # A parser of one's own each time: libxml2 keeps a dictionary per parser that grows with hostile names.
    return etree.XMLParser(
        recover=recover,
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )


def _as_character(found: re.Match[str]) -> str:
    if found[1] in _OWN_ENTITIES:
        return found[0]
    value = html5.get(found[1])
    # What nobody declares stays as it is written: libxml2 would lose the text around it.
    return f"&amp;{found[1]}" if value is None or "<" in value or "&" in value else value


def local_name(element: Element) -> str:
    """Return the name of an element without its namespace."""
    return str(element.tag).rpartition("}")[2]


def children(element: Element | None, name: str) -> list[Element]:
    """Return the child elements of a local name, in order; no element has none."""
    return [] if element is None else list(element.iterchildren(f"{{*}}{name}"))


def child(element: Element | None, *path: str) -> Element | None:
    """Return the first element at the end of a path of local names, None where there is none."""
    for name in path:
        if element is None:
            return None
        element = next(element.iterchildren(f"{{*}}{name}"), None)
    return element


def descendants(element: Element, name: str) -> Iterator[Element]:
    """Yield the elements of a local name below an element, in order."""
    return (found for found in element.iter(f"{{*}}{name}") if found is not element)


def section(element: Element | None, name: str) -> Element | None:
    """Return the child of a local name; where damage has shifted the nesting, the first one anywhere below."""
    if element is None:
        return None
    found = child(element, name)
    return found if found is not None else next(descendants(element, name), None)


def attribute(element: Element | None, name: str) -> str | None:
    """Return an attribute by its local name, folded; None where it is absent or empty."""
    if element is None:
        return None
    value: str | bytes | None = element.get(name)
    if value is None:
        value = next((text for key, text in element.items() if str(key).rpartition("}")[2] == name), "")
    return fold(str(value)) or None


def words_of(element: Element | None) -> str | None:
    """Return all the text in an element as one folded line; None where there is none."""
    return None if element is None else fold(" ".join("".join(map(str, element.itertext())).split())) or None


def outermost(element: Element, *names: str) -> list[Element]:
    """Return the elements of these local names below an element that no other of them holds, in order."""
    walker = etree.iterwalk(element, events=("start",))
    found = []
    for _, inner in walker:
        if inner is not element and local_name(inner) in names:
            found.append(inner)
            walker.skip_subtree()
    return found


def unnest(root: Element, names: frozenset[str]) -> None:
    """Move elements of these local names that damage has put into one another behind the outermost of them."""
    around: list[Element] = []
    nested: list[tuple[Element, Element]] = []
    for event, element in etree.iterwalk(root, events=("start", "end")):
        if local_name(element) not in names:
            continue
        if event == "end":
            around.pop()
            continue
        if around:
            nested.append((around[0], element))
        around.append(element)
    for outer, inner in reversed(nested):
        inner.tail = None
        outer.addnext(inner)


def bytes_of(element: Element) -> bytes:
    """Return an element alone as bytes, with the namespaces it needs."""
    return etree.tostring(element, with_tail=False)
