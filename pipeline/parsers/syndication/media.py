"""Pictures, sounds and films that come beside an entry: Media RSS, enclosures, podcast covers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Final

from pipeline.parsers.caption import read_caption
from pipeline.parsers.syndication.body import MAX_PICTURES, line_of
from pipeline.parsers.syndication.links import whole
from pipeline.parsers.syndication.names import Fields
from pipeline.parsers.xml import Element, attribute
from schemas.article import Media

_KINDS = re.compile(r"(?:image|video|audio)(?:/|$)", re.IGNORECASE)
_SUFFIX = re.compile(r"\.(?:jpe?g|png|gif|webp|avif|svg|mp[34]|m4[av]|webm|mov|ogg|wav)(?:[?#]|$)", re.IGNORECASE)
_CREDIT_ROLES: Final = (
    "photographer",
    "photography",
    "copyright holder",
    "owner",
    "author",
    "producer",
    "distribution company",
)


def media_of(element: Element, base: str | None) -> list[Media]:
    """Return the media beside an entry, each address once; of a group, which holds renditions of one, the best."""
    fields = Fields(element)
    found: list[Media | None] = [
        _group(group, fields, base) for group in islice(fields.all("media:group"), MAX_PICTURES)
    ]
    found += [_content(content, [fields], base) for content in islice(fields.all("media:content"), MAX_PICTURES)]
    for enclosure in fields.all("enclosure"):
        found.append(_enclosure(attribute(enclosure, "url"), attribute(enclosure, "type"), base))
    for link in fields.all("atom:link", "link"):
        if attribute(link, "rel") == "enclosure":
            found.append(_enclosure(attribute(link, "href"), attribute(link, "type"), base, attribute(link, "title")))
    if not any(found):
        thumbnails = islice(fields.all("media:thumbnail", "itunes:image"), MAX_PICTURES)
        found += [_told(whole(attribute(one, "url") or attribute(one, "href"), base), [fields]) for one in thumbnails]
    return distinct(found)


def distinct(found: Iterable[Media | None]) -> list[Media]:
    """Return media by address, each once and with the fullest caption; at most `MAX_PICTURES`."""
    kept: dict[str, Media] = {}
    for media in found:
        if media is None:
            continue
        key = media.id or media.caption or ""
        if key not in kept or (media.caption and not kept[key].caption):
            kept[key] = media
    return list(kept.values())[:MAX_PICTURES]


def picture(address: str | None, caption: str | None, base: str | None) -> Media | None:
    """Return the picture at an address with what is said of it; None where there is no address."""
    link = whole(address, base)
    if link is None:
        return None
    return read_caption(caption, media_id=link) if caption else Media(id=link)


def _group(group: Element, around: Fields, base: str | None) -> Media | None:
    inner = Fields(group)
    contents = sorted(islice(inner.all("media:content"), MAX_PICTURES), key=_rank, reverse=True)
    return next((media for one in contents if (media := _content(one, [inner, around], base))), None)


def _rank(content: Element) -> tuple[bool, int]:
    width = attribute(content, "width") or ""
    return attribute(content, "isDefault") == "true", int(width) if width.isdecimal() and len(width) < 7 else 0


def _content(content: Element, around: list[Fields], base: str | None) -> Media | None:
    kind = attribute(content, "medium") or attribute(content, "type") or "image"
    if not _KINDS.match(kind):
        return None
    return _told(whole(attribute(content, "url"), base), [Fields(content), *around])


def _told(link: str | None, fields: list[Fields]) -> Media | None:
    """Return the medium at an address; the nearest element that says something of it has the word."""
    if link is None:
        return None
    caption = next((words for one in fields if (words := line_of(one.text("media:description")))), None)
    credit = next((name for one in fields if (name := _credit(one))), None)
    media = read_caption(caption, media_id=link) if caption else Media(id=link)
    return media.model_copy(update={"credit": credit}) if credit else media


def _credit(fields: Fields) -> str | None:
    given = list(_credits(fields))
    named = next((name for role in _CREDIT_ROLES for found, name in given if found == role), None)
    plain = next((name for found, name in given if not found), None)
    return named or plain or (given[0][1] if given else None) or line_of(fields.text("media:copyright"))


def _credits(fields: Fields) -> Iterator[tuple[str, str]]:
    for element in islice(fields.all("media:credit"), MAX_PICTURES):
        if name := line_of("".join(map(str, element.itertext()))):
            yield (attribute(element, "role") or "").lower(), name


def _enclosure(link: str | None, kind: str | None, base: str | None, title: str | None = None) -> Media | None:
    seen = _KINDS.match(kind) if kind and "/" in kind else _SUFFIX.search(link or "")
    return picture(link, title, base) if seen else None
