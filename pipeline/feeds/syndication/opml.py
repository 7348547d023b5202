"""Lists of feeds in OPML 1.0 and 2.0: outlines in outlines, each with an address or only with others inside."""

from __future__ import annotations

from pipeline.errors import MalformedItem
from pipeline.parsers.reading import Reading
from pipeline.parsers.syndication.links import whole
from pipeline.parsers.xml import attribute, descendants, local_name


def read_opml(body: bytes) -> list[str]:
    """Return the addresses of the feeds in a list, each once, in order.

    Raises:
        InputError: it is no OPML, or no address of a feed is in it.
    """
    root = Reading(body, name="list.opml").xml.root
    if local_name(root).lower() != "opml":
        raise MalformedItem("this is no OPML: its root element is another.")
    outlines = [outline for outline in descendants(root, "outline") if (attribute(outline, "type") or "rss") != "link"]
    found = [whole(attribute(outline, "xmlUrl") or attribute(outline, "xmlurl")) for outline in outlines]
    if not any(found):
        raise MalformedItem("this OPML names no feed: no outline has an xmlUrl.")
    return list(dict.fromkeys(address for address in found if address))
