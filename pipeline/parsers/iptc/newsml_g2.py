"""NewsML-G2: one item, or a message with many. Every item with words is an article; pictures go to their story."""

from __future__ import annotations

from typing import Final

from pipeline.errors import MalformedItem, NoArticle
from pipeline.parsers.drafting import sole_id
from pipeline.parsers.iptc.g2_item import Item, catalog_of
from pipeline.parsers.iptc.settling import refuse_crowd
from pipeline.parsers.reading import Draft, Reading
from pipeline.parsers.xml import Element, attribute, bytes_of, children, local_name, unnest

NAME: Final = "newsml-g2"
VERSION: Final = "1"
MEDIA_TYPES: Final = frozenset(
    f"application/vnd.iptc.g2.{kind}+xml"
    for kind in (
        "newsmessage",
        "newsitem",
        "packageitem",
        "conceptitem",
        "knowledgeitem",
        "planningitem",
        "catalogitem",
    )
)
SUFFIXES: Final = (".newsml-g2", ".g2")

_MESSAGE: Final = "newsMessage"
_SILENT: Final = {
    "conceptItem": "a conceptItem, which explains a term of a vocabulary",
    "knowledgeItem": "a knowledgeItem, which is a vocabulary",
    "planningItem": "a planningItem, which announces coverage",
    "catalogItem": "a catalogItem, which lists vocabularies",
}
_KINDS: Final = frozenset({"newsItem", "packageItem", *_SILENT})


def recognizes(reading: Reading) -> bool:
    """Tell by the name of the root element."""
    return reading.prolog is not None and (reading.prolog.root == _MESSAGE or reading.prolog.root in _KINDS)


def wire_id(reading: Reading) -> str | None:
    """Return the guid of the one item; in a message with several, what comes of it decides."""
    items = _items(reading)
    return attribute(items[0], "guid") if len(items) == 1 else sole_id(parse, reading)


def parse(reading: Reading) -> list[Draft]:
    """Return a draft for each item that tells a story.

    Raises:
        MalformedItem: no NewsML-G2.
        NoArticle: no item has words of its own: packages, concepts, plans.
    """
    items = _items(reading)
    refuse_crowd(len(items), "newsMessage")
    drafts, skipped = ([_read(items[0]).draft], list[str]()) if len(items) == 1 else _read_all(items)
    for draft in drafts:
        draft.warnings[:0] = [*reading.xml.warnings, *skipped]
    return drafts


def _items(reading: Reading) -> list[Element]:
    root = reading.xml.root
    if not recognizes(reading):
        raise MalformedItem("this is no NewsML-G2: its root element is neither a newsMessage nor an item of it.")
    if local_name(root) != _MESSAGE:
        return [root]
    if reading.xml.warnings:
        unnest(root, _KINDS)
    return [item for group in children(root, "itemSet") for item in group if local_name(item) in _KINDS]


def _read(element: Element) -> Item:
    if silent := _SILENT.get(local_name(element)):
        raise NoArticle(f"this is {silent}; it tells no story.")
    item = Item(element, catalog_of(element))
    item.settle()
    return item


def _read_all(elements: list[Element]) -> tuple[list[Draft], list[str]]:
    """Return the drafts of a message, and a line on each item that gave none."""
    if not elements:
        raise NoArticle("this newsMessage holds no item.")
    found: list[Item] = []
    skipped: list[str] = []
    # A package beside its items repeats them; without any it is all there is.
    packages_only = all(local_name(element) != "newsItem" for element in elements)
    for number, element in enumerate(elements, start=1):
        if local_name(element) == "packageItem" and not packages_only:
            continue
        try:
            found.append(_read(element))
        except NoArticle as error:
            skipped.append(f"item {number} of {len(elements)}: {str(error).rstrip('.')}")
    if not found:
        raise NoArticle(f"none of the {len(elements)} items in this newsMessage tells a story.")
    drafts = [item.draft for item in _with_their_pictures(found)]
    if len(drafts) > 1:
        for item in found:
            item.draft.content = bytes_of(item.element)
    return drafts, skipped


def _with_their_pictures(items: list[Item]) -> list[Item]:
    """Return the items without the pictures that went to a story: the one that links to them, or the only one."""
    stories = [item for item in items if not item.is_picture]
    linked = {guid: story for story in stories for guid in story.links}
    kept: list[Item] = []
    for item in items:
        story = linked.get(item.draft.wire_id or "") or (stories[0] if len(stories) == 1 else None)
        if item.is_picture and item.draft.status == "usable" and story is not None:
            story.draft.media += item.draft.media
        else:
            kept.append(item)
    return kept
