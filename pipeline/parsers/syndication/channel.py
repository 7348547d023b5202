"""What a feed says of itself, and of all its entries at once."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from pipeline.parsers.language import language_tag
from pipeline.parsers.syndication.body import line_of
from pipeline.parsers.syndication.links import base_of, whole
from pipeline.parsers.syndication.names import XML, Fields, text_of
from pipeline.parsers.xml import Element, attribute

MAX_AUTHORS: Final = 20
"""Most authors of a feed that its entries are given; each of them carries all."""

_PERIODS: Final = {"hourly": 3600, "daily": 86400, "weekly": 604800, "monthly": 2592000, "yearly": 31536000}
_DAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_NUMBER = re.compile(r"\d{1,6}")


@dataclass(frozen=True, slots=True)
class Channel:
    """A feed's own fields; `every` is how often it says that it changes, in seconds."""

    title: str | None = None
    language: str | None = None
    link: str | None = None
    base: str | None = None
    authors: tuple[str, ...] = ()
    every: int | None = None
    skip_hours: frozenset[int] = frozenset()
    skip_days: frozenset[int] = frozenset()


def channel_of(root: Element, channel: Element) -> Channel:
    """Return what a feed of XML says of itself.

    Args:
        root: the root element.
        channel: the element with the feed's own fields; Atom has them in the root.
    """
    fields = Fields(channel)
    base = base_of(channel, base_of(root, None)) if channel is not root else base_of(root, None)
    link = whole(_link(fields), base)
    stated = [fields.text("language", "dc:language"), *(one.get(f"{{{XML}}}lang") for one in (channel, root))]
    return Channel(
        title=line_of(fields.text("title", "atom:title")),
        language=next((tag for value in stated if (tag := language_tag(value))), None),
        link=link,
        base=base or link,
        every=_every(fields),
        skip_hours=frozenset(_numbers(fields.first("skiphours"))),
        skip_days=frozenset(_days(fields.first("skipdays"))),
    )


def language_of(entry: Element, channel: Channel) -> str | None:
    """Return the language of an entry: its own attribute, else the feed's."""
    return language_tag(entry.get(f"{{{XML}}}lang")) or channel.language


def _link(fields: Fields) -> str | None:
    """Return the address of the feed's site: RSS has it as text, Atom in an attribute."""
    links = list(fields.all("link", "atom:link"))
    for element in links:
        if attribute(element, "rel") in {None, "alternate"} and (found := attribute(element, "href")):
            return found
    return next((text for element in links if (text := text_of(element).strip())), None)


def _every(fields: Fields) -> int | None:
    """Read `ttl`, which counts minutes, or the syndication module's times per period."""
    ttl = _number(fields.text("ttl"))
    if ttl:
        return ttl * 60
    period = _PERIODS.get((fields.text("sy:updateperiod") or "").strip().lower())
    return period // max(1, _number(fields.text("sy:updatefrequency")) or 1) if period else None


def _number(text: str | None) -> int | None:
    found = _NUMBER.fullmatch((text or "").strip())
    return int(found[0]) if found else None


def _numbers(element: Element | None) -> set[int]:
    """Read `skipHours`; some feeds count to 24, which is midnight."""
    values = [_number(text_of(child)) for child in element] if element is not None else []
    return {value % 24 for value in values if value is not None and value <= 24}


def _days(element: Element | None) -> set[int]:
    names = [text_of(child).strip().lower() for child in element] if element is not None else []
    return {_DAYS.index(name) for name in names if name in _DAYS}
